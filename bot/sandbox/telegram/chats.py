"""A chat: its messages, and the parts of it that go into a message."""

from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]


@dataclass
class Chat:
    id: int
    type: str = "private"
    title: str = ""
    messages: dict[int, Message] = field(default_factory=dict)
    log: list[Message] = field(default_factory=list)  # every version of every message
    action: str = ""  # such as "typing"; ends with the next message or after five seconds
    action_until: float = 0.0
    service: set[int] = field(default_factory=set)  # the ids of service messages
    fixed: set[int] = field(default_factory=set)  # of messages with a keyboard that is not inline
    threads: set[int] = field(default_factory=set)
    deleted_threads: set[int] = field(default_factory=set)
    previews: list[tuple[int, str]] = field(default_factory=list)  # message id and link fetched


def group_json(chat: Chat) -> dict[str, Any]:
    """A group, with the fields that the server sends undocumented (server sheet 7.8)."""
    gifts = {
        "unlimited_gifts": False,
        "limited_gifts": False,
        "unique_gifts": False,
        "premium_subscription": False,
        "gifts_from_channels": False,
    }
    return {
        "id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "accepted_gift_types": gifts,
        **({"all_members_are_administrators": False} if chat.type == "group" else {}),
    }


def inaccessible(chat: dict[str, Any], message_id: int) -> Message:
    """What stands for a message that is gone: exactly three fields (server sheet 7.3)."""
    return {"chat": chat, "message_id": message_id, "date": 0}


def without_reply(message: Message) -> Message:
    """A message inside another one: the depth is one (server sheet 7.7)."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def text_of(message: Message) -> str:
    return str(message.get("text") or message.get("caption") or "")


def buttons(message: Message) -> list[dict[str, Any]]:
    markup = message.get("reply_markup") or {}
    return [button for row in markup.get("inline_keyboard", []) for button in row]


def labels(message: Message) -> list[str]:
    return [str(button["text"]) for button in buttons(message)]


def spoilers(message: Message) -> list[str]:
    raw = text_of(message).encode("utf-16-le")
    found = []
    for entity in message.get("entities") or message.get("caption_entities") or []:
        if entity["type"] == "spoiler":
            start, length = entity["offset"] * 2, entity["length"] * 2
            found.append(raw[start : start + length].decode("utf-16-le"))
    return found
