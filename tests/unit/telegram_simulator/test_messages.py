"""The simulator of Telegram refuses what Telegram refuses: a test that passes on it means something."""

import json

import httpx
import pytest

from bot.sandbox.telegram.api import TelegramApi
from bot.sandbox.telegram.files import picture_size
from bot.sandbox.telegram.menus import commands_for
from bot.sandbox.telegram.rules import ApiError
from bot.sandbox.telegram.world import World


@pytest.fixture
def world():
    made = World("1:token")
    made.person(5)
    made.chat(5)
    return made


@pytest.fixture
async def call(world):
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=TelegramApi(world).app), base_url="http://t"
    ) as client:

        async def send(method, token="1:token", **values):
            form = {k: v if isinstance(v, str) else json.dumps(v) for k, v in values.items()}
            return (await client.post(f"/bot{token}/{method}", data=form)).json()

        yield send


def keys(**button):
    return {"inline_keyboard": [[{"text": "x", **button}]]}


REFUSED = [
    ("sendMessage", {"chat_id": 5, "text": ""}, "empty"),
    ("sendMessage", {"chat_id": 5, "text": "x" * 4097}, "too long"),
    ("sendMessage", {"chat_id": 77, "text": "x"}, "chat not found"),
    ("sendMessage", {"chat_id": 5, "text": "x", "parse_mode": "HTML"}, "unknown parameters"),
    (
        "sendMessage",
        {"chat_id": 5, "text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
        "ENTITY_BOUNDS",
    ),
    (
        "sendMessage",
        {
            "chat_id": 5,
            "text": "x" * 300,
            "entities": [{"type": "bold", "offset": n, "length": 1} for n in range(101)],
        },
        "entities",
    ),
    (
        "sendMessage",
        {"chat_id": 5, "text": "x", "reply_markup": keys(callback_data="é" * 33)},
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"chat_id": 5, "text": "x", "reply_markup": keys(copy_text={"text": "c" * 257})},
        "COPY_TEXT",
    ),
    ("sendMessage", {"chat_id": 5, "text": "x", "reply_markup": keys()}, "BUTTON_TYPE"),
    (
        "sendMessage",
        {
            "chat_id": 5,
            "text": "x",
            "reply_markup": {"inline_keyboard": [[{"text": "", "url": "x"}]]},
        },
        "BUTTON_TEXT",
    ),
    (
        "sendMessage",
        {
            "chat_id": 5,
            "text": "x",
            "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "y"}] * 9]},
        },
        "too long",
    ),
    (
        "sendMessage",
        {"chat_id": 5, "text": "x", "reply_markup": {"keyboard": []}},
        "object expected",
    ),
    ("editMessageText", {"chat_id": 5, "message_id": 99, "text": "x"}, "message to edit not found"),
    ("deleteMessage", {"chat_id": 5, "message_id": 99}, "message to delete not found"),
    ("editMessageMedia", {"chat_id": 5, "message_id": 99, "media": {}}, "not found"),
    ("answerCallbackQuery", {"callback_query_id": "9"}, "query is too old"),
    ("answerCallbackQuery", {"callback_query_id": "9", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
    ("sendDocument", {"chat_id": 5}, "no document"),
    (
        "setMyCommands",
        {"commands": [{"command": "Bad Name", "description": "x"}]},
        "BOT_COMMAND_INVALID",
    ),
    ("setMyCommands", {"commands": [{"command": "good", "description": ""}]}, "DESCRIPTION"),
    ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": 77}}, "chat not found"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "TOO_LONG"),
    ("sendDice", {"chat_id": 5}, "method not found"),
]


@pytest.mark.parametrize(("method", "values", "words"), REFUSED)
async def test_telegram_refuses(call, method, values, words):
    answer = await call(method, **values)
    assert not answer["ok"]
    assert words in answer["description"]


async def test_telegram_knows_its_messages(world, call):
    sent = (await call("sendMessage", chat_id=5, text="hello"))["result"]
    target = {"chat_id": 5, "message_id": sent["message_id"]}

    assert "not modified" in (await call("editMessageText", text="hello", **target))["description"]
    assert (await call("editMessageText", text="new", **target))["result"]["text"] == "new"
    query = world.ask(world.person(5).user, sent, "home")
    assert (await call("answerCallbackQuery", callback_query_id=query.id))["ok"]
    assert not (await call("answerCallbackQuery", callback_query_id=query.id))["ok"]
    world.blocked.add(5)
    assert (await call("sendMessage", chat_id=5, text="x"))["error_code"] == 403
    world.blocked.clear()
    said = await world.person(5).say("/start")
    mine = max(world.chat(5).messages)
    assert (
        "can't be edited"
        in (await call("editMessageText", chat_id=5, message_id=mine, text="x"))["description"]
    )
    updates = (await call("getUpdates", timeout=0))["result"]
    assert [u["update_id"] for u in updates][-1] == said
    assert (await call("getUpdates", offset=said + 1, timeout=0))["result"] == []
    assert (await call("getMe", token="2:wrong"))["error_code"] == 401
    world.now = lambda: sent["date"] + 49 * 3600.0
    assert "can't be deleted" in (await call("deleteMessage", **target))["description"]
    with pytest.raises(LookupError):
        await world.person(5).press("nothing")
    with pytest.raises(LookupError):
        assert world.person(6).screen
    with pytest.raises(TimeoutError):
        await world.person(5).until(lambda _me: False, 0.1)


def menu(*names):
    return [{"command": name, "description": name} for name in names]


def test_the_menu_of_a_chat_goes_before_that_of_all_chats_and_its_language_before_any(world):
    person = world.person(7, "Karim", "fr")
    assert commands_for(world, person) == []

    for where, language in [
        ("default", ""),
        ("default", "fr"),
        ("all_private_chats", ""),
        ("all_private_chats", "fr"),
        ("chat:7", ""),
    ]:
        world.commands[where, language] = menu(f"{where}-{language}")
        assert commands_for(world, person)[0]["command"] == f"{where}-{language}"
    assert commands_for(world, world.person(6, "Lina", "en"))[0]["command"] == "all_private_chats-"


async def test_photos_documents_and_actions(world, call):
    assert (await call("sendChatAction", chat_id=5, action="dancing"))["ok"] is False
    assert (await call("sendChatAction", chat_id=5, action="typing"))["ok"]
    assert world.chat(5).action == "typing"
    assert (await call("sendMessage", chat_id=5, text="here"))["ok"]
    assert world.chat(5).action == ""
    assert "no photo" in (await call("sendPhoto", chat_id=5, caption="x"))["description"]


JPEG = bytes.fromhex("ffd8ffe000040000ffc0000b080010002001011100ffd9")
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (30).to_bytes(4) + (20).to_bytes(4)


@pytest.mark.parametrize(
    ("content", "size"), [(PNG, ("image/png", 30, 20)), (JPEG, ("image/jpeg", 32, 16))]
)
def test_pictures_have_a_size(content, size):
    assert picture_size(content) == size


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"\xff\xd8", b"\xff\xd8\x00\x00\x00\x00", PNG[:16], PNG[:16] + bytes(8)],
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(ApiError):
        picture_size(content)
