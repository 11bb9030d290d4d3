"""Every request of a tour of the shop, every update and every answer of our simulator: valid by the specification.

tests/outsiders/tour.py walks; tests/outsiders/wire.py reads what goes over the wire; the specification is data.
"""

import ast
import json
import logging
from pathlib import Path
from typing import Any

import httpx
import pytest

from locales import LOCALES, words
from tests.outsiders.specification import check, check_request, check_update, methods
from tests.outsiders.tour import Tour, walk
from tests.outsiders.wire import Recorder
from tests.unit.screen_samples import screens

ROOT = Path(__file__).parents[2]
LINA = {"id": 5, "is_bot": False, "first_name": "Lina"}
CHAT = {"id": 5, "type": "private", "first_name": "Lina"}
MESSAGE = {"message_id": 1, "date": 1_795_600_000, "chat": CHAT, "from": LINA, "text": "hi"}
PRESS = {"id": "1", "from": LINA, "chat_instance": "1", "data": "home"}
BUTTON = {"text": "Buy", "callback_data": "buy:1"}
BILL: dict[str, Any] = {
    "chat_id": 5,
    "title": "Stars",
    "description": "For the wallet",
    "payload": "payment:1",
    "provider_token": "",
    "currency": "XTR",
    "prices": [{"label": "Stars", "amount": 100}],
}


def called_by_the_shop() -> set[str]:
    """The methods of the Bot API that the code of the shop names, as PTB writes them."""
    known = {_snake(name): name for name in methods() if _snake(name) != name}
    files = [*(ROOT / "handlers").rglob("*.py"), *(ROOT / "bot").glob("*.py")]
    named = {
        node.func.attr
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    return {name for snake, name in known.items() if snake in named}


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)


@pytest.mark.filterwarnings("ignore:Tasks created via")
@pytest.mark.parametrize("locale", LOCALES)
async def test_a_tour_of_all_handlers_says_and_hears_only_what_is_valid(sqlite_store, locale):
    tour = await Tour(sqlite_store, locale).open()

    await walk(tour)
    await tour.close()

    assert tour.missed == []
    assert sorted(set(tour.wire.problems)) == []
    assert called_by_the_shop() - set(tour.wire.calls) == set()
    assert {"message", "callback_query", "pre_checkout_query"} <= set(tour.wire.updates)
    assert min(sum(tour.wire.calls.values()), sum(tour.wire.updates.values())) > 150


@pytest.mark.parametrize("locale", LOCALES)
def test_every_screen_is_a_valid_message(locale):
    count = 0
    for screen in screens(words(locale), whole=True):
        keyboard = screen.keyboard()
        message = {
            "chat_id": 5,
            "text": screen.text,
            "entities": [json.loads(mark.to_json()) for mark in screen.entities],
        }
        if keyboard is not None:
            message["reply_markup"] = json.loads(keyboard.to_json())
        assert check_request("sendMessage", message) == []
        count += 1
    assert count > 300


def message(**more: Any) -> dict[str, Any]:
    return {"update_id": 1, "message": {**MESSAGE, **more}}


def press(**more: Any) -> dict[str, Any]:
    return {"update_id": 1, "callback_query": {**PRESS, **more}}


@pytest.mark.everyday
@pytest.mark.parametrize(
    ("update", "problem"),
    [
        (message(), None),
        (press(message={"chat": CHAT, "message_id": 1, "date": 0}), None),
        (message(pinned_message={"chat": CHAT, "message_id": 1, "date": 0}), None),
        (message(entities=[]), None),
        (press(message={"chat": CHAT, "message_id": 1, "date": 0, "from": LINA}), "message.from"),
        (message(date=0), "date: always positive"),
        (message(date="today"), "date: Integer expected"),
        (message(message_id=True), "message_id: Integer expected"),
        (message(**{"from": {"id": 5, "is_bot": False}}), "first_name: is missing"),
        (message(chat={"id": 5, "type": "secret"}), "type: 'secret' is none of"),
        (message(colour="red"), "colour: is not in the documentation"),
        (message(entities=[{"type": "bold", "offset": 1, "length": 2}]), "1+2 lies outside"),
        (message(entities=[{"type": "shout", "offset": 0, "length": 1}]), "'shout' is none of"),
        (press(game_short_name="x"), "exactly one action"),
        ({**press(), **message()}, "at most one of the optional fields"),
        ({"message": MESSAGE}, "update_id: is missing"),
        ([], "Update expected"),
    ],
)
def test_an_update_is_judged(update, problem):
    found = check_update(update)

    assert len(found) == (problem is not None), found
    assert problem is None or problem in found[0]


@pytest.mark.everyday
@pytest.mark.parametrize(
    ("method", "values", "problem"),
    [
        ("sendMessage", {"chat_id": 5, "text": "hi"}, None),
        ("sendMessage", {"chat_id": "@shop", "text": "x" * 4096}, None),
        ("sendInvoice", BILL, None),
        ("sendMessage", {"chat_id": 5}, "text: is missing"),
        (
            "sendMessage",
            {"chat_id": 5, "text": "👾" * 2049},
            "4098 characters, allowed are 1 to 4096",
        ),
        ("sendMessage", {"chat_id": 5, "text": ""}, "0 characters"),
        ("sendMessage", {"chat_id": 5.5, "text": "x"}, "chat_id: Integer expected"),
        ("sendMessage", {"chat_id": 5, "text": "x", "loud": "yes"}, "loud: is not in"),
        ("sendMesage", {}, "no such method"),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "201 characters"),
        (
            "setMyCommands",
            {"commands": [{"command": "a" * 33, "description": "x"}]},
            "33 characters",
        ),
        ("sendInvoice", {**BILL, "payload": "é" * 65}, "130 bytes"),
        ("sendInvoice", {**BILL, "provider_token": "x"}, "must be empty"),
        ("sendInvoice", {**BILL, "prices": BILL["prices"] * 2}, "exactly one item"),
        ("sendChatAction", {"chat_id": 5, "action": "dancing"}, "'dancing' is none of"),
    ],
)
def test_a_request_is_judged(method, values, problem):
    found = check_request(method, values)

    assert len(found) == (problem is not None), found
    assert problem is None or problem in found[0]


@pytest.mark.everyday
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, None),
        ({"style": "danger"}, None),
        ({"style": "loud"}, "'loud' is none of"),
        ({"url": "https://example.org"}, "exactly one action"),
        ({"callback_data": "é" * 33}, "66 bytes"),
        ({"text": 5}, "String expected"),
    ],
)
def test_a_button_is_judged(change, problem):
    markup = {"inline_keyboard": [[{**BUTTON, **change}]]}
    values = {"chat_id": 5, "text": "hi", "reply_markup": markup}

    found = check_request("sendMessage", values)

    assert len(found) == (problem is not None), found
    assert problem is None or ("inline_keyboard[0][0]" in found[0] and problem in found[0])


def test_a_value_of_a_union_is_judged_by_the_member_it_says_it_is():
    (found,) = check(["ChatMember"], {"status": "kicked", "user": LINA, "until_date": "never"})

    assert found == ".until_date: Integer expected, not 'never'"


async def test_a_wrong_request_and_a_wrong_answer_are_seen_on_the_wire():
    """The twin of the tour: what passes by is judged, whoever is wrong."""

    async def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"ok": True, "result": [message(date=0)]})

    wire = Recorder(httpx.MockTransport(answer))
    async with httpx.AsyncClient(transport=wire) as shop:
        await shop.post(
            "http://telegram/bot1:x/getUpdates", data={"limit": "101", "timeout": "1.5"}
        )

    assert wire.problems == [
        "getUpdates.limit: 101 value, allowed are 1 to 100",
        "getUpdates.timeout: Integer expected, not 1.5",
        "getUpdates → [0].message.date: always positive in a message",
    ]


async def test_a_file_that_nothing_names_is_seen_on_the_wire():
    wire = Recorder(
        httpx.MockTransport(lambda _: httpx.Response(200, json={"ok": True, "result": True}))
    )
    media = json.dumps({"type": "document", "media": "attach://b"})
    async with httpx.AsyncClient(transport=wire) as shop:
        await shop.post(
            "http://telegram/bot1:x/editMessageMedia",
            data={"chat_id": "5", "message_id": "1", "media": media},
            files={"a": b"content"},
        )

    assert wire.problems == [
        "editMessageMedia: a is attached, and nothing names it",
        "editMessageMedia: attach://b is named, and nothing is attached",
    ]


async def test_a_tour_that_leaves_something_out_is_told_so(sqlite_store):
    logging.disable(logging.CRITICAL)
    tour = await Tour(sqlite_store, "en").open()

    await tour.say("/start")
    await tour.close()

    logging.disable(logging.NOTSET)
    assert "press ^buy(:|$)" in tour.missed
    assert "sender: send_codes" in tour.missed
    assert len(tour.missed) > 60
