"""The methods that set a bot's commands and descriptions (server sheet 14.1, 14.2)."""

import re
from typing import Any

from bot.sandbox.telegram.files import StoredFile
from bot.sandbox.telegram.rules import bad
from bot.sandbox.telegram.textclean import clean
from bot.sandbox.telegram.values import Values
from bot.sandbox.telegram.world import World

Files = dict[str, StoredFile]

_NAME = re.compile(r"[a-z0-9_]+")
_MAX_NAME, _MAX_EXPLANATION, _MAX_COMMANDS = 32, 256, 100
_MAX_DESCRIPTION, _MAX_SHORT_DESCRIPTION = 512, 120


class ProfileMethods:
    def __init__(self, world: World) -> None:
        self.world = world

    def get_me(self, _values: Values, _files: Files) -> dict[str, Any]:
        return {
            **self.world.me,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "supports_guest_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": any(c.threads for c in self.world.chats.values()),
            "allows_users_to_create_topics": False,
            "can_manage_bots": False,
        }

    def set_my_commands(self, values: Values, _files: Files) -> bool:
        commands = values.get("commands")
        read = [_read_command(c) for c in commands] if isinstance(commands, list) else []
        if len(read) > _MAX_COMMANDS:
            raise bad("BOT_COMMANDS_TOO_MUCH")  # unproven: the core's name is not known
        scope = values.get("scope") or {"type": "default"}
        scope_key = str(scope["type"])
        if scope_key == "chat":
            self.world.reachable(scope.get("chat_id"))
            scope_key += f":{scope['chat_id']}"
        self.world.commands[scope_key, str(values.get("language_code", ""))] = read
        return True

    def get_my_commands(self, values: Values, _files: Files) -> list[dict[str, str]]:
        scope = values.get("scope") or {"type": "default"}
        scope_key = str(scope["type"])
        if scope_key == "chat":
            self.world.reachable(scope.get("chat_id"))
            scope_key += f":{scope['chat_id']}"
        return self.world.commands.get((scope_key, str(values.get("language_code", ""))), [])

    def get_my_description(self, values: Values, _files: Files) -> dict[str, str]:
        texts = self.world.descriptions
        return {"description": texts.get(str(values.get("language_code", "")), "")}

    def get_my_short_description(self, values: Values, _files: Files) -> dict[str, str]:
        texts = self.world.short_descriptions
        return {"short_description": texts.get(str(values.get("language_code", "")), "")}

    def set_my_description(self, values: Values, _files: Files) -> bool:
        texts = self.world.descriptions
        return _describe(texts, values, "description", _MAX_DESCRIPTION)

    def set_my_short_description(self, values: Values, _files: Files) -> bool:
        texts = self.world.short_descriptions
        return _describe(texts, values, "short_description", _MAX_SHORT_DESCRIPTION)


def _describe(texts: dict[str, str], values: Values, name: str, limit: int) -> bool:
    text = clean(str(values.get(name, "")))
    if len(text) > limit:
        # Unproven: the core's name for this error is not known.
        raise bad(f"BOT_{name.upper()}_TOO_LONG")
    texts[str(values.get("language_code", ""))] = text
    return True


def _read_command(command: Any) -> dict[str, str]:
    for field in ("command", "description"):
        if not isinstance(command, dict) or field not in command:
            raise bad(f"can't parse BotCommand: Can't find field \"{field}\"")
    name = clean(str(command["command"])).strip().removeprefix("/")
    explanation = clean(str(command["description"])).strip()
    if not name:
        raise bad("command must be non-empty")
    if len(name) > _MAX_NAME:
        raise bad("command length must not exceed 32")
    if not explanation:
        raise bad("command description must be non-empty")
    if len(explanation) > _MAX_EXPLANATION:
        raise bad("command description length must not exceed 256")
    if not _NAME.fullmatch(name):
        raise bad("BOT_COMMAND_INVALID")  # seen by others: the core is not public
    return {"command": name, "description": explanation}
