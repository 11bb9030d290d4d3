"""Answers have the form of the server, also where something else answers (server sheet 1 to 3)."""

import json

import pytest

from bot.sandbox.telegram import responses, scripts
from bot.sandbox.telegram.responses import to_json
from bot.sandbox.telegram.rules import ApiError, bad, too_many


async def test_an_error_is_told_twice(call):
    """Server sheet 1.1."""
    answer = await call.raw("sendMessage", chat_id=77, text="x")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: chat not found",
    }


async def test_a_wait_is_told_three_times(call, world):
    """Server sheet 3.1."""
    world.refusals.append(("sendMessage", ApiError(429, "any words", 7)))

    answer = await call.raw("sendMessage", chat_id=5, text="x")

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "7"
    assert answer.json()["parameters"] == {"retry_after": 7}
    assert answer.json()["description"] == "Too Many Requests: retry after 7"


async def test_methods_are_found_in_any_case(call, world):
    """Server sheet 1.8."""
    assert (await call("SENDmessage", chat_id=5, text="x"))["ok"]
    assert world.calls[-1][1] == "sendMessage"
    answer = await call("sendDice", chat_id=5)
    assert (answer["error_code"], answer["description"]) == (404, "Not Found: method not found")


async def test_unknown_parameters_are_ignored_and_noted(call, world):
    """Server sheet 1.8; our own rule notes them."""
    assert (await call("sendMessage", chat_id=5, text="x", colour="red"))["ok"]
    assert world.refused == ["sendMessage: unknown parameters ['colour']"]


TOKENS = [
    ("0:AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Unauthorized: invalid token specified"),
    ("1" + "a" * 80, "Unauthorized: invalid token specified"),
    ("nonsense", "Unauthorized: invalid token specified"),
    (f"{1 << 54}:AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Unauthorized: invalid token specified"),
    ("2:AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Unauthorized"),
]


@pytest.mark.parametrize(("token", "words"), TOKENS)
async def test_a_token_that_is_none(call, token, words):
    """Server sheet 2.1; before the method is looked up (1.8)."""
    for method in ("getMe", "noSuchMethod"):
        answer = await call(method, token=token)
        assert (answer["error_code"], answer["description"]) == (401, words)


async def test_a_path_that_is_none(call):
    """Server sheet 1.11."""
    for path in ("/", "/bot1:token", "/file/x"):
        answer = await call.http.get(path)
        assert answer.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_a_body_that_is_none(call):
    """Server sheet 1.11."""
    json_type = {"content-type": "application/json"}
    answer = await call.http.post("/bot1:token/getMe", content=b"{", headers=json_type)
    assert answer.status_code == 400
    assert "can't parse" in answer.json()["description"]
    answer = await call.http.post("/bot1:token/sendMessage", json={"chat_id": 5, "text": "x"})
    assert answer.json()["ok"]


async def test_too_large_a_request(call):
    """Server sheet 1.10: all parameters together hold 1 MiB."""
    answer = await call.raw("sendMessage", chat_id=5, text="x" * (1 << 20))
    assert answer.status_code == 413
    assert answer.json()["description"].startswith("Request Entity Too Large")
    part = {"text": (None, b"x" * (1 << 21))}
    answer = await call.http.post("/bot1:token/sendMessage", files=part)
    assert answer.status_code == 413


async def test_log_out(call, world, lina):
    """Server sheet 2.6."""
    await lina.say("lost")
    assert (await call("logOut"))["ok"]
    assert await call.says("getMe") == "Logged out"
    assert world.updates == []


async def test_what_get_me_tells(call):
    """Server sheet 7.9 and §15: all fields of the bot's own user."""
    told = (await call("getMe"))["result"]
    assert {
        "can_connect_to_business",
        "has_main_web_app",
        "has_topics_enabled",
        "allows_users_to_create_topics",
        "can_manage_bots",
        "supports_guest_queries",
    } <= set(told)


PAGES = [
    responses.BAD_GATEWAY,
    responses.UNAVAILABLE,
    responses.GATEWAY_TIMEOUT,
    responses.MISDIRECTED,
    responses.FORBIDDEN_PAGE,
    responses.NOT_FOUND_PAGE,
    responses.PORTAL_PAGE,
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("after", [False, True])
async def test_a_page_instead_of_an_answer(call, world, page, after):
    """Server sheet 2.7: the call may have had its effect, or not."""
    world.script("sendMessage", page, times=2, after=after)

    for _ in range(2):
        answer = await call.raw("sendMessage", chat_id=5, text="x")
        assert (answer.status_code, answer.text) == (page.status, page.body)
    assert answer.headers["content-type"].startswith("text/html")
    assert len(world.chat(5).messages) == (2 if after else 0)
    assert [method for _, method, _ in world.calls] == ["sendMessage"] * 2
    assert (await call("sendMessage", chat_id=5, text="x"))["ok"]


ERRORS = [
    (scripts.CORE_TROUBLE, 400, "Bad Request: Bad Gateway"),
    (scripts.RESTART, 500, "Internal Server Error: restart"),
    (scripts.CLOSING, 429, "Too Many Requests: retry after 5"),
    (
        scripts.DELETED_AT_ONCE,
        500,
        "Internal Server Error: sent message was immediately deleted and can't be returned",
    ),
]


@pytest.mark.parametrize(("error", "code", "words"), ERRORS)
async def test_a_scripted_error_for_any_method(call, world, error, code, words):
    """Server sheet 2.5, 3.2, 8. It is no mistake of the bot."""
    world.script(scripts.ANY_METHOD, error)

    answer = await call("getMe")

    assert (answer["error_code"], answer["description"]) == (code, words)
    assert (await call("getMe"))["ok"]
    assert world.refused == []


async def test_flood_limits_of_a_chat_and_of_all(call, world):
    """Server sheet 3.5; off unless a test sets them."""
    world.chat(6)
    start = world.now()
    world.now = lambda: start
    world.flood.per_chat = (1, 1.0)
    world.flood.overall = (2, 10.0)

    assert (await call("sendMessage", chat_id=5, text="x"))["ok"]
    answer = await call("sendMessage", chat_id=5, text="x")
    assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 1})
    assert (await call("sendMessage", chat_id=6, text="x"))["ok"]
    world.now = lambda: start + 1.0
    assert (await call("sendMessage", chat_id=5, text="x"))["parameters"] == {"retry_after": 9}
    world.now = lambda: start + 10.0
    assert (await call("sendMessage", chat_id=5, text="x"))["ok"]
    assert (await call("sendMessage", chat_id=5, text="x"))["error_code"] == 429


def test_one_raw_byte_among_escaped_text():
    """Server sheet 1.7."""
    written = to_json({"data": "buy:\udcff\\udc80", "text": "😀é"})

    assert written == b'{"data": "buy:\xff\\\\udc80", "text": "\\ud83d\\ude00\\u00e9"}'
    pair = "\U0001f480"  # its second half is written like a byte that is no UTF-8
    assert json.loads(to_json(pair)) == pair


def test_errors_have_their_prefix():
    """Server sheet 1.2."""
    assert bad("x").description == "Bad Request: x"
    assert too_many(3).retry_after == 3
