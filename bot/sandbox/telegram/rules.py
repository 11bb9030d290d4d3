"""Telegram's limits and errors; and our own rules, which are stricter than the server's.

The server ignores what it does not know and repairs what it can. A bot of ours that relies on
that has a mistake, so the API records a breach of our rules in `World.refused`, beside the
answer of the server.
"""

from typing import Any

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
DATA_LIMIT = 64
COPY_LIMIT = 256
ROW_LIMIT = 8
KEYBOARD_LIMIT = 100
ANSWER_LIMIT = 200
ENTITY_LIMIT = 100
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)

_SENDING = frozenset(
    {
        "chat_id",
        "message_thread_id",
        "reply_markup",
        "reply_parameters",
        "protect_content",
        "disable_notification",
        "message_effect_id",
    }
)
_CAPTION = frozenset({"caption", "caption_entities", "show_caption_above_media"})
_EDITING = frozenset({"chat_id", "message_id", "reply_markup"})

# The methods that the simulator has, and their parameters. The server ignores other parameters.
METHODS: dict[str, frozenset[str]] = {
    "getMe": frozenset(),
    "logOut": frozenset(),
    "getUpdates": frozenset({"offset", "limit", "timeout", "allowed_updates"}),
    "setWebhook": frozenset(
        {
            "url",
            "certificate",
            "ip_address",
            "max_connections",
            "allowed_updates",
            "drop_pending_updates",
            "secret_token",
        }
    ),
    "deleteWebhook": frozenset({"drop_pending_updates"}),
    "getWebhookInfo": frozenset(),
    "getMyCommands": frozenset({"scope", "language_code"}),
    "getMyDescription": frozenset({"language_code"}),
    "getMyShortDescription": frozenset({"language_code"}),
    "sendMessage": _SENDING | {"text", "entities", "link_preview_options"},
    "sendDocument": _SENDING | _CAPTION | {"document", "disable_content_type_detection"},
    "sendPhoto": _SENDING | _CAPTION | {"photo", "has_spoiler"},
    "sendMediaGroup": _SENDING - {"reply_markup"} | {"media"},
    "copyMessage": _SENDING | _CAPTION | {"from_chat_id", "message_id"},
    "copyMessages": frozenset(
        {
            "chat_id",
            "message_thread_id",
            "from_chat_id",
            "message_ids",
            "disable_notification",
            "protect_content",
            "remove_caption",
        }
    ),
    "sendInvoice": _SENDING
    | {
        "title",
        "description",
        "payload",
        "provider_token",
        "currency",
        "prices",
        "start_parameter",
    },
    "editMessageText": _EDITING | {"text", "entities", "link_preview_options"},
    "editMessageMedia": _EDITING | {"media"},
    "editMessageCaption": _EDITING | _CAPTION,
    "editMessageReplyMarkup": _EDITING,
    "answerPreCheckoutQuery": frozenset({"pre_checkout_query_id", "ok", "error_message"}),
    "refundStarPayment": frozenset({"user_id", "telegram_payment_charge_id"}),
    "getStarTransactions": frozenset({"offset", "limit"}),
    "sendChatAction": frozenset({"chat_id", "message_thread_id", "action"}),
    "getFile": frozenset({"file_id"}),
    "deleteMessage": frozenset({"chat_id", "message_id"}),
    "answerCallbackQuery": frozenset(
        {"callback_query_id", "text", "show_alert", "url", "cache_time"}
    ),
    "setMyCommands": frozenset({"commands", "scope", "language_code"}),
    "setMyDescription": frozenset({"description", "language_code"}),
    "setMyShortDescription": frozenset({"short_description", "language_code"}),
}

# The actions for texts and files; the real method knows more.
ACTIONS = frozenset({"typing", "upload_photo", "upload_document"})

BUTTON_ACTIONS = ("url", "callback_data", "pay", "copy_text")
BUTTON_FIELDS = frozenset({"text", "style", "icon_custom_emoji_id"})


class ApiError(Exception):
    """An error response of the Bot API."""

    def __init__(
        self,
        code: int,
        description: str,
        retry_after: int | None = None,
        migrate_to_chat_id: int | None = None,
    ) -> None:
        super().__init__(description)
        self.code, self.description = code, description
        self.retry_after, self.migrate_to_chat_id = retry_after, migrate_to_chat_id


def bad(description: str) -> ApiError:
    """The error 400 with this description."""
    return ApiError(400, f"Bad Request: {description}")


def too_many(seconds: int) -> ApiError:
    """The error 429 with this wait (server sheet 3.1)."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", seconds)


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_text(text: str, limit: int = TEXT_LIMIT) -> None:
    """Our rule: a text is within the limit in UTF-16 units too (server sheet 9.2)."""
    if not text.strip() and limit == TEXT_LIMIT:
        raise bad("message text is empty")
    if utf16_length(text) > limit:
        raise bad("message is too long" if limit == TEXT_LIMIT else "message caption is too long")


def check_entities(text: str, entities: list[dict[str, Any]]) -> None:
    """Our rule: no entity that the server would drop, move or uncover (server sheet 9.4-9.7)."""
    end = utf16_length(text)
    if len(entities) > ENTITY_LIMIT:
        raise bad("too many entities: the server drops spoilers first")
    for entity in entities:
        offset, length = entity.get("offset", -1), entity.get("length", 0)
        if offset < 0 or length < 1 or offset + length > end:
            raise bad("an entity is outside of the text, or empty")
    plain = [_span(e) for e in entities if e.get("type") in ("code", "pre")]
    for start, stop in (_span(e) for e in entities if e.get("type") == "spoiler"):
        if any(start < plain_stop and plain_start < stop for plain_start, plain_stop in plain):
            raise bad("a spoiler over code is dropped by the server")


def _span(entity: dict[str, Any]) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


def check_keyboard(markup: Any) -> None:
    """Our rule: buttons that clients show as they were sent (server sheet 10)."""
    if not markup:
        return
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list):
        raise bad("a keyboard that is not inline")
    if sum(len(row) for row in rows) > KEYBOARD_LIMIT or any(len(row) > ROW_LIMIT for row in rows):
        raise bad("a keyboard of more than 8 buttons in a row or 100 in all")
    for button in (button for row in rows for button in row):
        _check_button(button)


def _check_button(button: dict[str, Any]) -> None:
    if not button.get("text"):
        raise bad("a button without a text")
    actions = set(BUTTON_ACTIONS) & set(button)
    if len(actions) != 1 or set(button) - actions - BUTTON_FIELDS:
        raise bad("a button with no action, with several, or with unknown fields")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= DATA_LIMIT:
        raise bad("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not url.startswith(("http://", "https://", "tg://")):
        raise bad("a button with a link that is no address")
    copy = button.get("copy_text")
    if copy is not None and not 1 <= len(copy.get("text", "")) <= COPY_LIMIT:
        raise bad("a copy button with no text or more than 256 characters")
