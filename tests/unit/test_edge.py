"""The table of what Telegram's edge says: each answer has its row, and nothing foreign is a verdict."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.aiohttp_transport import AiohttpTransport
from bot.connections import SOCKET_OPTIONS, tls_context
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from handlers.edge import (
    Do,
    Kind,
    as_markdown,
    explain,
    may_have_arrived,
    note_method,
    read,
    wait_of,
    write_table,
)
from handlers.edge_rows import MEANINGS, TABLE
from handlers.request import (
    ForeignPage,
    NoSuchMethod,
    ServerTrouble,
    TelegramRequest,
    TokenRefused,
)

PAGE = Path(__file__).parents[2] / "docs/telegram.md"


def from_cause(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


ANSWERS = [
    (from_cause(NetworkError("httpx.ConnectError: x"), socket.gaierror(-2, "x")), Kind.NO_NAME),
    (
        from_cause(NetworkError("httpx.ConnectError: x"), ssl.SSLCertVerificationError("x")),
        Kind.CERTIFICATE,
    ),
    (
        from_cause(NetworkError("httpx.ConnectError: x"), ConnectionRefusedError()),
        Kind.NOT_LISTENING,
    ),
    (
        from_cause(
            NetworkError("httpx.ConnectError: all attempts failed"),
            ExceptionGroup("several", [OSError("x"), ConnectionRefusedError()]),
        ),
        Kind.NOT_LISTENING,
    ),
    (NetworkError("httpx.ConnectError: no route"), Kind.NO_WAY),
    (NetworkError("httpx.ProxyError: 407"), Kind.PROXY),
    (NetworkError("httpx.ReadError: "), Kind.CUT),
    (NetworkError("httpx.RemoteProtocolError: x"), Kind.CUT),
    (TimedOut(), Kind.SILENT),
    (TimeoutError(), Kind.SILENT),
    (ForeignPage(403, b""), Kind.PAGE),
    (TokenRefused("Unauthorized"), Kind.UNAUTHORIZED),
    (from_cause(InvalidToken("rejected"), TokenRefused("Unauthorized")), Kind.UNAUTHORIZED),
    (NoSuchMethod("Not Found"), Kind.NOT_FOUND),
    (InvalidToken("x"), Kind.NOT_FOUND),
    (
        Conflict(
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook"
        ),
        Kind.WEBHOOK_SET,
    ),
    (Conflict("Conflict: terminated by setWebhook request"), Kind.WEBHOOK_SET),
    (
        Conflict(
            "Conflict: terminated by other getUpdates request; make sure that only one bot "
            "instance is running"
        ),
        Kind.OTHER_POLLER,
    ),
    (RetryAfter(5), Kind.FLOOD),
    (ServerTrouble(413, "Request Entity Too Large: parameters"), Kind.TOO_LARGE),
    (ServerTrouble(500, "Internal Server Error: restart"), Kind.SERVER),
    (ServerTrouble(421, "Misdirected Request"), Kind.SERVER),
    (BadRequest("Message is not modified: specified new message content and ..."), Kind.SAME),
    (BadRequest("Message to edit not found"), Kind.GONE),
    (BadRequest("Message to delete not found"), Kind.GONE),
    (BadRequest("Message can't be edited"), Kind.FIXED),
    (BadRequest("Message_id_invalid"), Kind.GONE),  # python-telegram-bot issue 2733
    (BadRequest("Message to copy not found"), Kind.NO_COPY),
    (BadRequest("Message can't be copied"), Kind.NO_COPY),
    (BadRequest("Voice_messages_forbidden"), Kind.NO_COPY),
    (BadRequest("There is no text in the message to edit"), Kind.NO_TEXT),
    (BadRequest("Message media can't be edited"), Kind.NO_TEXT),
    (
        BadRequest("Query is too old and response timeout expired or query ID is invalid"),
        Kind.OLD_QUERY,
    ),
    (BadRequest("CHARGE_ALREADY_REFUNDED"), Kind.ALREADY_REFUNDED),
    (BadRequest("Chat not found"), Kind.NO_CHAT),
    (BadRequest("Private chat not found"), Kind.NO_CHAT),
    (BadRequest("PEER_ID_INVALID"), Kind.NO_CHAT),
    (ChatMigrated(-100), Kind.NO_CHAT),
    (Forbidden("Forbidden: bot was blocked by the user"), Kind.NO_CHAT),
    (Forbidden("Forbidden: user is deactivated"), Kind.NO_CHAT),
    (Forbidden("Forbidden: bot can't initiate conversation with a user"), Kind.NO_CHAT),
    (Forbidden("Forbidden: the bot can't send messages to the bot"), Kind.NO_CHAT),
    (BadRequest("Text must be non-empty"), Kind.BAD_MESSAGE),
    (BadRequest("MESSAGE_TOO_LONG"), Kind.BAD_MESSAGE),
    (BadRequest("BUTTON_DATA_INVALID"), Kind.BAD_MESSAGE),
    (BadRequest("Message can't be deleted for everyone"), Kind.BAD_MESSAGE),
    (BadRequest("Can't parse entities: x"), Kind.BAD_MESSAGE),
    (BadRequest("Wrong remote file identifier specified: x"), Kind.BAD_FILE),
    (BadRequest("Wrong file identifier/HTTP URL specified"), Kind.BAD_FILE),
    (BadRequest("PHOTO_INVALID_DIMENSIONS"), Kind.BAD_FILE),
    (BadRequest("Wrong file_id or the file is temporarily unavailable"), Kind.PASSING),
    (BadRequest("Bad Gateway"), Kind.PASSING),
    (BadRequest("RPC_CALL_FAIL"), Kind.PASSING),
    (BadRequest("SOMETHING_NEW_INVALID"), Kind.UNKNOWN),
    (Forbidden("Forbidden: something new"), Kind.UNKNOWN),
    (TelegramError("x"), Kind.UNKNOWN),
    (KeyError("x"), Kind.UNKNOWN),
]


@pytest.mark.parametrize(
    ("error", "kind"), ANSWERS, ids=lambda value: f"{type(value).__name__} {value}"[:60]
)
def test_each_answer_has_its_row(error: Exception, kind: Kind):
    assert read(error).kind is kind


def test_every_row_is_reached_and_every_word_explained():
    assert {kind for _, kind in ANSWERS} == {row.kind for row in TABLE} == set(Kind)
    used = {action for row in TABLE for action in (row.start, row.poll, row.send)}
    assert used == set(MEANINGS) == set(Do)


def test_nothing_but_a_known_refusal_is_final():
    final = {row.kind for row in TABLE if row.send in (Do.KEEP, Do.SET_ASIDE)}

    assert final == {Kind.NO_CHAT, Kind.BAD_FILE, Kind.BAD_MESSAGE, Kind.TOO_LARGE}
    assert [row.kind for row in TABLE if row.start is Do.GIVE_UP] == [Kind.UNAUTHORIZED]


def test_a_cause_in_words_holds_no_content():
    assert "403" in explain(ForeignPage(403, b"secret"))
    assert "secret" not in explain(ForeignPage(403, b"secret"))
    assert explain(KeyError("secret")) == "KeyError"
    assert explain(NetworkError("https://api.telegram.org/bot1:secret")) == "NetworkError"
    assert "SOMETHING_NEW" in explain(BadRequest("SOMETHING_NEW"))
    assert wait_of(RetryAfter(7)) == 7


def aiohttps() -> httpx.AsyncBaseTransport:
    return AiohttpTransport(1, tls_context(), SOCKET_OPTIONS)


async def failing(
    url: str, make: Callable[[], httpx.AsyncBaseTransport], read_timeout: float = PATIENCE_SECONDS
) -> Exception:
    request = TelegramRequest(
        connect_timeout=PATIENCE_SECONDS,
        read_timeout=read_timeout,
        httpx_kwargs={"transport": make()},
    )
    async with request:
        with pytest.raises(TelegramError) as caught:
            await request.retrieve(url)
    return caught.value


@pytest.mark.parametrize("make", [aiohttps, httpx.AsyncHTTPTransport])
async def test_ways_that_fail_are_told_apart_on_real_sockets(make):
    """A name that nobody has, a port where nothing listens, TLS to no TLS, silence, and a cut."""

    async def silent(reader, writer) -> None:
        await reader.read()  # until the other end gives up
        writer.close()

    async def plain(_reader, writer) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async def cut(reader, writer) -> None:
        await reader.read(10)
        writer.close()

    found = {}
    found["name"] = read(await failing("https://no-such-name.invalid/", make)).kind
    for name, work, scheme, patience in (
        ("tls", plain, "https", PATIENCE_SECONDS),
        ("silent", silent, "http", 0.2),
        ("cut", cut, "http", PATIENCE_SECONDS),
    ):
        async with await asyncio.start_server(work, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            error = await failing(f"{scheme}://127.0.0.1:{port}/", make, patience)
            found[name] = read(error).kind
    await asyncio.sleep(0.05)  # the servers' connections close
    found["refused"] = read(await failing(f"http://127.0.0.1:{port}/", make)).kind

    assert found == {
        "name": Kind.NO_NAME,
        "tls": Kind.CERTIFICATE,
        "silent": Kind.SILENT,
        "cut": Kind.CUT,
        "refused": Kind.NOT_LISTENING,
    }


def test_the_page_has_the_table_of_the_code(tmp_path: Path):
    copy = tmp_path / "telegram.md"
    copy.write_text(PAGE.read_text().replace("| wait |", "| wrong |"))

    write_table(copy)

    assert as_markdown() in PAGE.read_text()
    assert copy.read_text() == PAGE.read_text()


@pytest.mark.parametrize("cause", [httpx.ConnectTimeout("x"), httpx.PoolTimeout("x")], ids=repr)
def test_a_call_that_was_never_sent_has_not_arrived(cause):
    error = TimedOut()
    error.__cause__ = cause

    assert not may_have_arrived(error)
    assert may_have_arrived(TimedOut())


def test_tls_that_fails_after_connecting_may_have_sent_the_call():
    damaged = from_cause(httpx.ReadError("x"), ssl.SSLError("bad record"))
    refused = from_cause(httpx.ConnectError("x"), ssl.SSLCertVerificationError("x"))

    assert may_have_arrived(from_cause(NetworkError("httpx.ReadError: x"), damaged))
    assert not may_have_arrived(from_cause(NetworkError("httpx.ConnectError: x"), refused))


@pytest.mark.parametrize(
    ("method", "unsure"),
    [
        ("sendMessage", True),
        ("copyMessages", True),
        ("forwardMessage", True),
        ("editMessageText", False),
        ("answerCallbackQuery", False),
        ("answerPreCheckoutQuery", False),
    ],
)
def test_only_a_call_that_adds_a_message_is_repeated_seldom(method, unsure):
    error = TimedOut()
    note_method(error, method)

    assert may_have_arrived(error) is unsure
