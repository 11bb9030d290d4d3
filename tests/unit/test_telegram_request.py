"""Only what is in Telegram's own envelope is taken for Telegram's word."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from telegram.error import Conflict, RetryAfter

from handlers.bot import ShopBot
from handlers.edge import wait_of
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


DAY = 24 * 3600
TOLD = [
    # retry_after in the parameters, headers, seconds to wait
    (None, {"Retry-After": "120"}, 120),
    (7, {"Retry-After": "120"}, 7),
    ("x", {"retry-after": " 33 "}, 33),
    (None, {}, 5),
    (None, {"Retry-After": ""}, 5),
    (None, {"Retry-After": "soon"}, 5),
    (None, {"Retry-After": "-3"}, 5),
    (None, {"Retry-After": "0"}, 1),
    (None, {"Retry-After": "9" * 400}, DAY),
    (
        None,
        {
            "Retry-After": "Fri, 27 Nov 2026 10:00:30 GMT",
            "Date": "Fri, 27 Nov 2026 10:00:00 GMT",
        },
        30,
    ),
    (None, {"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, DAY),
    (None, {"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}, 1),
    (None, {"Retry-After": "Fri, 99 Nov 2026 99:99:99 GMT"}, None),
    (10**400, {}, DAY),
    (-5, {}, 1),
    (float("inf"), {}, DAY),
    (float("nan"), {}, 1),
    (2.6, {}, 3),
]


@pytest.mark.parametrize(("told", "headers", "seconds"), TOLD)
async def test_a_429_says_how_long_in_its_text_or_in_its_header_within_bounds(
    told, headers, seconds
):
    answer: dict[str, Any] = {"ok": False, "error_code": 429, "description": "Too Many Requests"}
    if told is not None:
        answer["parameters"] = {"retry_after": told}
    transport = httpx.MockTransport(
        lambda _request: httpx.Response(429, content=json.dumps(answer), headers=headers)
    )
    request = TelegramRequest(httpx_kwargs={"transport": transport})
    async with request:
        bot = ShopBot(TOKEN, request=request, get_updates_request=request)
        with pytest.raises(RetryAfter) as caught:
            await bot.fetch_updates(None, limit=1, seconds=0)

    waited = wait_of(caught.value)
    assert waited == seconds if seconds is not None else 1 <= waited <= DAY


async def test_what_has_an_effect_waits_until_this_process_may_act():
    may_act, called = asyncio.Event(), []

    async def wait():
        await may_act.wait()

    def answer(request):
        called.append(request.url.path.rpartition("/")[2])
        return httpx.Response(200, json={"ok": True, "result": True})

    transport = httpx.MockTransport(answer)
    async with TelegramRequest(httpx_kwargs={"transport": transport}, may_act=wait) as request:
        bot = ShopBot(TOKEN, request=request, get_updates_request=request)
        answering = asyncio.create_task(bot.answer_callback_query("1"))
        await request.do_request(f"https://telegram/bot{TOKEN}/getMe", "POST")
        assert called == ["getMe"]
        may_act.set()
        await answering

    assert called == ["getMe", "answerCallbackQuery"]
