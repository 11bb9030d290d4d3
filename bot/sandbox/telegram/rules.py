"""Telegram's limits and its error messages (core.telegram.org/bots/api)."""

import json
from typing import Any

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
DATA_LIMIT = 64
COPY_LIMIT = 256
ROW_LIMIT = 8
KEYBOARD_LIMIT = 100
ANSWER_LIMIT = 200

# The methods that the bot uses and their allowed parameters: any other request is refused.
METHODS: dict[str, frozenset[str]] = {
    "getMe": frozenset(),
    "getUpdates": frozenset({"offset", "limit", "timeout", "allowed_updates"}),
    "deleteWebhook": frozenset({"drop_pending_updates"}),
    "getWebhookInfo": frozenset(),
    "sendMessage": frozenset({"chat_id", "text", "entities", "reply_markup", "protect_content"}),
    "editMessageText": frozenset({"chat_id", "message_id", "text", "entities", "reply_markup"}),
    "editMessageMedia": frozenset({"chat_id", "message_id", "media", "reply_markup"}),
    "sendDocument": frozenset(
        {"chat_id", "document", "caption", "caption_entities", "reply_markup", "protect_content"}
    ),
    "sendPhoto": frozenset(
        {"chat_id", "photo", "caption", "caption_entities", "reply_markup", "protect_content"}
    ),
    "editMessageCaption": frozenset(
        {"chat_id", "message_id", "caption", "caption_entities", "reply_markup"}
    ),
    "sendInvoice": frozenset(
        {
            "chat_id",
            "title",
            "description",
            "payload",
            "provider_token",
            "currency",
            "prices",
            "start_parameter",
        }
    ),
    "answerPreCheckoutQuery": frozenset({"pre_checkout_query_id", "ok", "error_message"}),
    "refundStarPayment": frozenset({"user_id", "telegram_payment_charge_id"}),
    "getStarTransactions": frozenset({"offset", "limit"}),
    "sendChatAction": frozenset({"chat_id", "action"}),
    "deleteMessage": frozenset({"chat_id", "message_id"}),
    "answerCallbackQuery": frozenset({"callback_query_id", "text", "show_alert"}),
    "setMyCommands": frozenset({"commands", "scope", "language_code"}),
    "setMyDescription": frozenset({"description", "language_code"}),
    "setMyShortDescription": frozenset({"short_description", "language_code"}),
}

# The actions for texts and files; the real method knows more.
ACTIONS = frozenset({"typing", "upload_photo", "upload_document"})


class ApiError(Exception):
    """An error response of the Bot API."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.retry_after = code, description, retry_after


def bad(description: str) -> ApiError:
    """The error 400 with this description."""
    return ApiError(400, f"Bad Request: {description}")


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def check_text(text: str, limit: int = TEXT_LIMIT) -> None:
    if not text.strip() and limit == TEXT_LIMIT:
        raise bad("message text is empty")
    if utf16_length(text) > limit:
        raise bad("message is too long" if limit == TEXT_LIMIT else "message caption is too long")


def check_entities(text: str, entities: list[dict[str, Any]]) -> None:
    end = utf16_length(text)
    if len(entities) > 100:  # noqa: PLR2004
        raise bad("too many entities (the real server drops what is over 100)")
    for entity in entities:
        offset, length = entity.get("offset", -1), entity.get("length", 0)
        if offset < 0 or length < 1 or offset + length > end:
            raise bad("ENTITY_BOUNDS_INVALID")


def check_keyboard(markup: dict[str, Any] | None) -> None:
    if not markup:
        return
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list):
        raise bad("object expected as reply markup")
    if sum(len(row) for row in rows) > KEYBOARD_LIMIT or any(len(row) > ROW_LIMIT for row in rows):
        raise bad("reply markup is too long")
    for button in (button for row in rows for button in row):
        _check_button(button)


def _check_button(button: dict[str, Any]) -> None:
    if not button.get("text"):
        raise bad("BUTTON_TEXT_EMPTY")
    actions = {"callback_data", "copy_text", "url"} & set(button)
    if len(actions) != 1 or set(button) - actions - {"text", "style"}:
        raise bad("BUTTON_TYPE_INVALID")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= DATA_LIMIT:
        raise bad("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not url.startswith(("http://", "https://", "tg://")):
        raise bad("BUTTON_URL_INVALID")
    copy = button.get("copy_text")
    if copy is not None and not 1 <= len(copy.get("text", "")) <= COPY_LIMIT:
        raise bad("BUTTON_COPY_TEXT_INVALID")


def read_value(name: str, raw: str) -> Any:
    """The value of a form field: parsed as JSON unless the parameter is plain text."""
    if name in (
        "text",
        "caption",
        "description",
        "short_description",
        "callback_query_id",
        "language_code",
        "title",
        "payload",
        "currency",
        "provider_token",
        "start_parameter",
        "pre_checkout_query_id",
        "error_message",
        "telegram_payment_charge_id",
    ):
        return raw
    try:
        return json.loads(raw)
    except ValueError:
        return raw
