"""Updates as Telegram sends them."""

from typing import Any

from telegram import Update

APPLICATION: Any = None  # for middleware that does not use it


def text_update(number: int, text: str = "hello") -> Update:
    """A message in the chat of user 5; its update and message have the same number."""
    user = {"id": 5, "is_bot": False, "first_name": "L"}
    message = {
        "message_id": number,
        "date": 1,
        "chat": {"id": 5, "type": "private"},
        "from": user,
        "text": text,
    }
    made = Update.de_json({"update_id": number, "message": message}, None)
    assert made is not None
    return made
