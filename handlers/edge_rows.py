"""The rows of the table of `handlers.edge`: what comes back, and what the shop does about it.

Sources: the Bot API server's own texts (telegram-bot-api, Client.cpp and tdlib's MessagesManager),
core.telegram.org/bots/api#making-requests and #responseparameters.
"""

import socket
import ssl
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from handlers.request import ForeignPage, NoSuchMethod, ServerTrouble, TokenRefused

# Raised for a success of Telegram that the library cannot read: the call has had its effect.
UNREADABLE: Final = (LookupError, TypeError, ValueError, AttributeError)

# Somebody answered: whatever that says, the way to there works. BadRequest is a NetworkError.
_ANSWERS: Final = (BadRequest, Forbidden, Conflict, ForeignPage, ServerTrouble, NoSuchMethod)


class Kind(StrEnum):
    NO_NAME = "no_name"
    NOT_LISTENING = "not_listening"
    CERTIFICATE = "certificate"
    PROXY = "proxy"
    NO_WAY = "no_way"
    SILENT = "silent"
    CUT = "cut"
    PAGE = "page"
    UNAUTHORIZED = "unauthorized"
    NOT_FOUND = "not_found"
    WEBHOOK_SET = "webhook_set"
    OTHER_POLLER = "other_poller"
    FLOOD = "flood"
    TOO_LARGE = "too_large"
    SERVER = "server"
    SAME = "same"
    GONE = "gone"
    FIXED = "fixed"
    NO_TEXT = "no_text"
    NO_COPY = "no_copy"
    OLD_QUERY = "old_query"
    ALREADY_REFUNDED = "already_refunded"
    NO_CHAT = "no_chat"
    BAD_FILE = "bad_file"
    BAD_MESSAGE = "bad_message"
    PASSING = "passing"
    UNKNOWN = "unknown"


class Do(StrEnum):
    """What the shop does; MEANINGS says it in full."""

    WAIT = "wait"
    WAIT_AS_TOLD = "wait as told"
    ASK_GET_ME = "ask getMe"
    GIVE_UP = "end"
    REMOVE_WEBHOOK = "remove it"
    TELL = "tell"
    SEND_LATER = "later"
    KEEP = "keep"
    SET_ASIDE = "set aside"
    DONE = "done"
    OTHERWISE = "otherwise"


MEANINGS: Final = {
    Do.WAIT: "waits, each time longer up to five seconds, and asks again",
    Do.WAIT_AS_TOLD: "waits as long as the answer says, within the bounds below, then asks again",
    Do.ASK_GET_ME: "asks getMe at once; only its own 401 ends the shop, naming TELEGRAM_TOKEN",
    Do.GIVE_UP: "names TELEGRAM_TOKEN and ends with exit status 1",
    Do.REMOVE_WEBHOOK: "removes the webhook, dropping nothing, and goes on",
    Do.TELL: "tells the operators once, polls slowly and stays open",
    Do.SEND_LATER: "sends the message again, each time later",
    Do.KEEP: "keeps the message until the person writes to the bot again",
    Do.SET_ASIDE: "sets the message aside and tells the operators",
    Do.DONE: "counts the edit, the answer or the refund as done",
    Do.OTHERWISE: "edits the caption or the file instead, deletes codes, or sends a new message",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table.

    `says` is what comes back, for the table; `words` the cause in a log line, for doctor and for
    an error at start. A row matches an error of one of `errors` whose text holds one of `phrases`
    (in lower case, quoted parts as "…"; none: any text), and that is none of `but`.
    """

    kind: Kind
    says: str
    words: str
    start: Do
    poll: Do
    send: Do
    errors: tuple[type[BaseException], ...] = ()
    phrases: tuple[str, ...] = ()
    but: tuple[type[BaseException], ...] = ()


_UNREACHABLE = (Do.WAIT, Do.WAIT, Do.SEND_LATER)
_ONLY_SENDING = (Do.WAIT, Do.WAIT)

# Errors of the way to Telegram come first: the library wraps them, so the causes are looked at.
TABLE: Final[tuple[Row, ...]] = (
    Row(
        Kind.NO_NAME,
        "the name of the server is unknown (DNS)",
        "its name is not known: check DNS and the spelling of the address",
        *_UNREACHABLE,
        errors=(socket.gaierror,),
    ),
    Row(
        Kind.CERTIFICATE,
        "TLS fails: certificate refused, or no TLS there",
        "its TLS certificate is not accepted, or it does not speak TLS: check the machine's clock, "
        "and who answers at that address",
        *_UNREACHABLE,
        errors=(ssl.SSLError,),
    ),
    Row(
        Kind.PROXY,
        "the proxy refuses or fails",
        "the proxy refuses or cannot reach it: check TELEGRAM_PROXY",
        *_UNREACHABLE,
        errors=(NetworkError,),
        phrases=("httpx.proxyerror",),
        but=_ANSWERS,
    ),
    Row(
        Kind.NOT_LISTENING,
        "the connection is refused",
        "the connection is refused: nothing listens at that address and port",
        *_UNREACHABLE,
        errors=(ConnectionRefusedError,),
    ),
    Row(
        Kind.SILENT,
        "nothing comes within the time allowed",
        "it is silent: no answer came in time",
        *_UNREACHABLE,
        errors=(TimedOut, TimeoutError),
    ),
    Row(
        Kind.NO_WAY,
        "no connection can be made",
        "no connection to it can be made: check the machine's network",
        *_UNREACHABLE,
        errors=(NetworkError,),
        phrases=("httpx.connecterror",),
        but=_ANSWERS,
    ),
    Row(
        Kind.CUT,
        "the connection breaks off, or what comes is not HTTP",
        "the connection broke off",
        *_UNREACHABLE,
        errors=(NetworkError, ConnectionError),
        phrases=("httpx.", "connection"),
        but=_ANSWERS,
    ),
    Row(
        Kind.PAGE,
        "any status with HTML, or without Telegram's JSON envelope",
        "somebody else's page answers in its place: a proxy, a firewall or a wrong address",
        *_UNREACHABLE,
        errors=(ForeignPage,),
    ),
    Row(
        Kind.UNAUTHORIZED,
        "401 Unauthorized, in Telegram's envelope",
        "it does not accept TELEGRAM_TOKEN: ask BotFather for the right one",
        Do.GIVE_UP,
        Do.ASK_GET_ME,
        Do.SEND_LATER,
        errors=(TokenRefused,),
    ),
    Row(
        Kind.NOT_FOUND,
        "404 Not Found, in Telegram's envelope",
        "it knows no such bot or method (404): check TELEGRAM_TOKEN and TELEGRAM_API_URL",
        Do.WAIT,
        Do.ASK_GET_ME,
        Do.SEND_LATER,
        errors=(NoSuchMethod, InvalidToken),
    ),
    Row(
        Kind.WEBHOOK_SET,
        "409 Conflict: a webhook is active",
        "a webhook is set for this bot, so it cannot be polled",
        Do.WAIT,
        Do.REMOVE_WEBHOOK,
        Do.SEND_LATER,
        errors=(Conflict,),
        phrases=("webhook",),
    ),
    Row(
        Kind.OTHER_POLLER,
        "409 Conflict: terminated by other getUpdates request",
        "another program polls with TELEGRAM_TOKEN: only one may",
        Do.WAIT,
        Do.TELL,
        Do.SEND_LATER,
        errors=(Conflict,),
    ),
    Row(
        Kind.FLOOD,
        "429 Too Many Requests: retry after N",
        "it asks us to wait (429)",
        Do.WAIT_AS_TOLD,
        Do.WAIT_AS_TOLD,
        Do.WAIT_AS_TOLD,
        errors=(RetryAfter,),
    ),
    Row(
        Kind.TOO_LARGE,
        "413 Request Entity Too Large",
        "the request is too large for it (413)",
        *_ONLY_SENDING,
        Do.SET_ASIDE,
        errors=(ServerTrouble,),
        phrases=("413 ",),
    ),
    Row(
        Kind.SERVER,
        "500 and other statuses, in Telegram's envelope",
        "it is in trouble itself",
        *_UNREACHABLE,
        errors=(ServerTrouble,),
    ),
    Row(
        Kind.SAME,
        "400 message is not modified",
        "the message shows this already",
        *_ONLY_SENDING,
        Do.DONE,
        errors=(BadRequest,),
        phrases=("message is not modified",),
    ),
    Row(
        Kind.GONE,
        "400 message to edit (delete) not found, MESSAGE_ID_INVALID",
        "the message is gone",
        *_ONLY_SENDING,
        Do.DONE,
        errors=(BadRequest,),
        phrases=("message to edit not found", "message to delete not found", "message_id_invalid"),
    ),
    Row(
        Kind.FIXED,
        "400 message can't be edited",
        "the message stands there as it is",  # it is not gone: codes in it can still be read
        *_ONLY_SENDING,
        Do.OTHERWISE,
        errors=(BadRequest,),
        phrases=("message can't be edited",),
    ),
    Row(
        Kind.NO_COPY,
        "400 message to copy not found, message can't be copied, VOICE_MESSAGES_FORBIDDEN",
        "the message to copy is gone, protected, or of a kind that its receiver refuses",
        *_ONLY_SENDING,
        Do.OTHERWISE,
        errors=(BadRequest,),
        phrases=(
            "message to copy not found",
            "messages to copy not found",
            "no messages to copy",
            "no messages to forward",
            "message to forward not found",
            "message can't be copied",
            "messages can't be copied",
            "message can't be forwarded",
            "messages can't be forwarded",
            "voice_messages_forbidden",  # a setting of the receiver, for voice and round video messages
        ),
    ),
    Row(
        Kind.NO_TEXT,
        "400 there is no text (caption) in the message to edit",
        "the message is a picture or a file",
        *_ONLY_SENDING,
        Do.OTHERWISE,
        errors=(BadRequest,),
        phrases=(
            "there is no text in the message",
            "there is no caption in the message",
            "message media can't be edited",
        ),
    ),
    Row(
        Kind.OLD_QUERY,
        "400 query is too old",
        "the press or the checkout is too old to be answered",
        *_ONLY_SENDING,
        Do.DONE,
        errors=(BadRequest,),
        phrases=("query is too old", "query id is invalid", "query_id_invalid"),
    ),
    Row(
        Kind.ALREADY_REFUNDED,
        "400 CHARGE_ALREADY_REFUNDED",
        "the Stars are refunded already",
        *_ONLY_SENDING,
        Do.DONE,
        errors=(BadRequest,),
        phrases=("charge_already_refunded",),
    ),
    Row(
        Kind.NO_CHAT,
        "400 chat not found; 403 blocked, deactivated, can't initiate",
        "the person cannot be reached",
        *_ONLY_SENDING,
        Do.KEEP,
        errors=(BadRequest, Forbidden, ChatMigrated),
        phrases=(
            "chat not found",
            "peer_id_invalid",
            "bot was blocked by the user",
            "user is deactivated",
            "can't initiate conversation",
            "can't send messages to",
            "bot was kicked",
            "bot is not a member",
            "chat was deleted",
            "group migrated",
            "upgraded to a supergroup",
        ),
    ),
    Row(
        Kind.BAD_FILE,
        "400 about the file or the photo sent",
        "the file in the message is refused",
        *_ONLY_SENDING,
        Do.SET_ASIDE,
        errors=(BadRequest,),
        phrases=(
            *("wrong file identifier", "wrong remote file identifier", "invalid file_id"),
            *("file must be non-empty", "file is too big", "type of file mismatch"),
            *("can't use file of type", "there is no document in the request"),
            *("there is no photo in the request", "media_empty", "photo_", "image_process_failed"),
        ),
    ),
    Row(
        Kind.BAD_MESSAGE,
        "400 about the text, entities, buttons or invoice sent",
        "the message itself is refused",
        *_ONLY_SENDING,
        Do.SET_ASIDE,
        errors=(BadRequest,),
        phrases=(
            *("message text is empty", "text must be non-empty", "text must be encoded in utf-8"),
            *("message can't be deleted", "text is too long", "message is too long"),
            *("message_too_long", "caption is too long", "caption_too_long", "can't parse"),
            *("entity begin", "entity beginning", "receive an entity", "entity_bounds_invalid"),
            *("button_", "inline keyboard button", "reply markup is too long", "reply_markup_"),
            *("wrong invoice information", "invoice_payload_invalid", "stars_invoice_invalid"),
            *("currency_total_amount_invalid", "total price must be positive"),
            "there must be at least one price",
            "parameter …",
        ),
    ),
    Row(
        Kind.PASSING,
        "400 Bad Gateway, RPC_CALL_FAIL: a fault of the core",
        "its core is in trouble for a moment",
        *_UNREACHABLE,
        errors=(BadRequest,),
        phrases=("bad gateway", "_call_fail", "_mcget_fail", "timeout", "internal", "temporarily"),
    ),
    Row(
        Kind.UNKNOWN,
        "anything else, such as another 400 or 403",
        "its answer is no verdict that is known to be final",
        *_UNREACHABLE,
        errors=(BaseException,),
    ),
)
