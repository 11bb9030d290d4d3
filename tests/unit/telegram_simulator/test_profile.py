"""Commands and descriptions are set as the server does it (server sheet 14.1, 14.2)."""

import pytest


def command(name, description="x"):
    return {"commands": [{"command": name, "description": description}]}


REFUSED = [
    ("setMyCommands", command(""), "command must be non-empty"),
    ("setMyCommands", command("c" * 33), "command length must not exceed 32"),
    ("setMyCommands", command("good", " "), "command description must be non-empty"),
    (
        "setMyCommands",
        command("good", "d" * 257),
        "command description length must not exceed 256",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "good"}]},
        "can't parse BotCommand: Can't find field \"description\"",
    ),
    ("setMyCommands", command("Bad Name"), "BOT_COMMAND_INVALID"),
    (
        "setMyCommands",
        {"commands": [], "scope": {"type": "chat", "chat_id": 77}},
        "chat not found",
    ),
]


@pytest.mark.parametrize(("method", "values", "words"), REFUSED)
async def test_commands_are_refused(call, method, values, words):
    """Server sheet 14.1."""
    assert await call.says(method, **values) == words


async def test_a_slash_and_outer_spaces_are_removed(call, world):
    """Server sheet 14.1."""
    assert (await call("setMyCommands", **command(" /wallet ", " Your\tmoney ")))["ok"]
    assert world.commands["default", ""] == [{"command": "wallet", "description": "Your money"}]


async def test_a_menu_of_one_chat(call, world):
    scope = {"type": "chat", "chat_id": 5}
    assert (await call("setMyCommands", **command("stats"), scope=scope, language_code="fr"))["ok"]
    assert world.commands["chat:5", "fr"][0]["command"] == "stats"


@pytest.mark.parametrize(
    ("method", "name", "limit"),
    [
        ("setMyDescription", "description", 512),
        ("setMyShortDescription", "short_description", 120),
    ],
)
async def test_descriptions_have_limits(call, method, name, limit):
    """Server sheet 14.2; the names of these errors are unproven."""
    assert (await call(method, **{name: "x" * limit}))["ok"]
    answer = await call(method, **{name: "x" * (limit + 1)})
    assert answer["error_code"] == 400
