"""Only what is in Telegram's own envelope is taken for Telegram's word."""

import json
from typing import Any

import httpx
import pytest
from telegram.error import Conflict, RetryAfter

from handlers.bot import ShopBot
from handlers.request import ForeignPage, ServerTrouble, TelegramRequest, TokenRefused
from tests.integration.updates import raw_text

TOKEN = "1:token"


@pytest.mark.parametrize(
    ("status", "body", "raised"),
    [
        (200, b"<html>", ForeignPage),
        (200, b"[]", ForeignPage),
        (200, b'{"ok": false}', ForeignPage),
        (200, b'{"ok": true, "result": 5}', ForeignPage),
        (403, b"<html>", ForeignPage),
        (404, b"<html>", ForeignPage),
        (401, b'{"error": "login"}', ForeignPage),
        (409, b'{"ok": false, "error_code": 409, "description": 7}', ForeignPage),
        (400, b'{"ok": false, "description": "x", "parameters": [1]}', ForeignPage),
        (429, b"<html>", ForeignPage),
        (502, b"<html>", ForeignPage),
        (401, b'{"ok": false, "error_code": 401, "description": "Unauthorized"}', TokenRefused),
        (429, b'{"ok": false, "description": "x", "parameters": {"retry_after": 3}}', RetryAfter),
        (429, b'{"ok": false, "description": "Too Many Requests"}', RetryAfter),
        (429, b'{"ok": false, "description": "", "parameters": {"retry_after": "x"}}', RetryAfter),
        (500, b'{"ok": false, "description": "Internal Server Error: restart"}', ServerTrouble),
        (409, b'{"ok": false, "description": "Conflict: x"}', Conflict),
    ],
)
async def test_only_telegrams_own_envelope_is_telegrams_word(status, body, raised):
    transport = httpx.MockTransport(lambda _request: httpx.Response(status, content=body))
    request = TelegramRequest(httpx_kwargs={"transport": transport})
    async with request:
        bot = ShopBot(TOKEN, request=request, get_updates_request=request)
        with pytest.raises(raised) as caught:
            await bot.fetch_updates(None, limit=1, seconds=0)
    assert type(caught.value) is raised
    assert "html" not in str(caught.value)


async def test_bytes_that_are_no_utf8_reach_the_inbox():
    raw = json.dumps({"ok": True, "result": [raw_text(1, "CUT")]}).encode().replace(b"CUT", b"\xff")
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=raw))
    request = TelegramRequest(httpx_kwargs={"transport": transport})
    async with request:
        bot = ShopBot(TOKEN, request=request, get_updates_request=request)
        update: Any
        (update,) = await bot.fetch_updates(None, limit=1, seconds=0)
    assert update["message"]["text"] == "\ufffd"
