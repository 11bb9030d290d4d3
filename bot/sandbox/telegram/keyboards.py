"""Inline keyboards as the server reads them (server sheet 10)."""

import json
from typing import Any

from bot.sandbox.telegram.rules import COPY_LIMIT, DATA_LIMIT, KEYBOARD_LIMIT, bad
from bot.sandbox.telegram.textclean import clean

_FRONT_ROW_LIMIT = 12
_STYLES = ("danger", "success", "primary")
_OTHER_MARKUPS = ("keyboard", "remove_keyboard", "force_reply")
_PREFIX = "can't parse inline keyboard button"
# Of several actions the first in this order counts. The simulator has no games, log-in links,
# web apps or switches to inline mode: their fields pass as they are.
_ACTIONS = (
    "url",
    "callback_data",
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "login_url",
    "web_app",
    "copy_text",
)


def read_markup(markup: Any) -> dict[str, Any] | None:
    """The inline keyboard of a message, or None for none. Raises ApiError."""
    if isinstance(markup, str):
        if not markup:
            return None
        try:
            markup = json.loads(markup)
        except ValueError:
            raise bad("can't parse reply keyboard markup JSON object") from None
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list):
        return None  # another kind of keyboard, which the message does not show, or none
    kept = [row for row in (_read_row(row) for row in rows) if row]
    if sum(len(row) for row in kept) > KEYBOARD_LIMIT:
        raise bad("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def is_other_keyboard(markup: Any) -> bool:
    """Whether a message with this markup cannot be edited (server sheet 11.2)."""
    return isinstance(markup, dict) and any(name in markup for name in _OTHER_MARKUPS)


def _read_row(row: Any) -> list[dict[str, Any]]:
    if not isinstance(row, list):
        raise bad("can't parse inline keyboard button: inline keyboard row must be an Array")
    read = [_read_button(button) for button in row[:_FRONT_ROW_LIMIT]]
    return [button for button in read if button is not None]


def _read_button(button: Any) -> dict[str, Any] | None:
    if not isinstance(button, dict):
        raise bad(f"{_PREFIX}: InlineKeyboardButton must be an Object")
    if "text" not in button:
        raise bad(f'{_PREFIX}: Can\'t find field "text"')
    action = next((name for name in _ACTIONS if name in button), None)
    if action is None:
        raise bad(f"{_PREFIX}: Text buttons are unallowed in the inline keyboard")
    if button.get("style") not in (None, "", *_STYLES):
        raise bad(f"{_PREFIX}: invalid button style specified")
    text = clean(str(button["text"]))
    if not text:
        return None
    read = {"text": text, action: _read_action(action, button[action])}
    for name in ("style", "icon_custom_emoji_id"):
        if button.get(name):
            read[name] = button[name]
    return read


def _read_action(action: str, value: Any) -> Any:
    if action == "callback_data" and not 1 <= len(str(value).encode()) <= DATA_LIMIT:
        raise bad("BUTTON_DATA_INVALID")  # seen by others: the core is not public
    if action == "url" and not str(value).startswith(("http://", "https://", "tg://", "ton://")):
        raise bad(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    if action == "copy_text":
        text = clean(str(value.get("text", "")) if isinstance(value, dict) else "")
        if not 1 <= len(text) <= COPY_LIMIT:
            # Unproven: the core's name for this error is not known.
            raise bad("BUTTON_COPY_TEXT_INVALID")
        return {"text": text}
    return value
