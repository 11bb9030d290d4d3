"""Updates as Telegram sends them."""

import asyncio
from typing import Any

from telegram import Update
from telegram.ext import ExtBot

from bot.services.shop import Shop
from handlers.conversations import ConversationPersistence
from handlers.inbox import Inbox

APPLICATION: Any = None  # for middleware that does not use it


def inbox_of(shop: Shop, conversations: ConversationPersistence | None = None) -> Inbox:
    """An inbox with a queue of its own, for a bot that reaches nobody."""
    kept = conversations or ConversationPersistence(shop.store)
    return Inbox(shop, kept, ExtBot("1:x"), asyncio.Queue())


def queued(inbox: Inbox) -> list[Any]:
    """Take what the inbox has queued to be handled."""
    return [inbox._queue.get_nowait() for _ in range(inbox._queue.qsize())]


def raw_text(number: int, text: str = "hello") -> dict[str, Any]:
    """A message in the chat of user 5 as it comes; its update and message have the same number."""
    user = {"id": 5, "is_bot": False, "first_name": "L"}
    message = {
        "message_id": number,
        "date": 1,
        "chat": {"id": 5, "type": "private"},
        "from": user,
        "text": text,
    }
    return {"update_id": number, "message": message}


def text_update(number: int, text: str = "hello") -> Update:
    """The same as an object of the library."""
    made = Update.de_json(raw_text(number, text), None)
    assert made is not None
    return made
