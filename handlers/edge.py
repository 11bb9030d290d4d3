"""What Telegram's edge says, and what the shop does about it: one table for all who call it.

"The edge" is everything between the shop and Telegram's core: names, certificates, proxies, the Bot
API server. Start, polling, webhook, sender and doctor all read an error with `read`. The first row
that matches decides, and what no row names is tried again: a refusal is believed only where
Telegram itself said it in words that are known to be final.
"""

import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from handlers.edge_rows import MEANINGS, TABLE, UNREADABLE, Do, Kind, Row
from handlers.request import ForeignPage, ServerTrouble

__all__ = [
    "UNREADABLE",
    "Do",
    "Kind",
    "Row",
    "as_markdown",
    "explain",
    "is_outage",
    "may_have_arrived",
    "read",
    "wait_of",
    "without_quotes",
]

_QUOTED: Final = re.compile(r"(['\"]).*?\1|https?://\S+", re.DOTALL)
# Errors of httpx in which nothing was sent, among those that are silence.
_BEFORE_SENDING: Final = ("ConnectTimeout", "PoolTimeout")
_UNSURE: Final = (Kind.SILENT, Kind.CUT, Kind.PAGE, Kind.SERVER, Kind.PASSING)
_BEGIN: Final = "<!-- table -->\n"
_END: Final = "<!-- end -->\n"


def read(error: BaseException) -> Row:
    """The row that speaks of this error."""
    errors, text = tuple(_with_causes(error)), str(error).lower()
    return next(row for row in TABLE if _matches(row, errors, text))


def _matches(row: Row, errors: tuple[BaseException, ...], text: str) -> bool:
    if not any(isinstance(one, row.errors) for one in errors):
        return False
    return not row.phrases or any(phrase in text for phrase in row.phrases)


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    """An error and all that it was raised from, also from several attempts at once.

    httpcore names no cause. Below it the error that was being handled is the cause; above it, that
    may be an earlier one of another call.
    """
    yield error
    cause = error.__cause__ or (None if isinstance(error, TelegramError) else error.__context__)
    if cause is not None:
        yield from _with_causes(cause)
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _with_causes(one)


def is_outage(error: BaseException) -> bool:
    """Whether an error says nothing about the call: Telegram, or the way to it, is in trouble."""
    row = read(error)
    return row.send is Do.SEND_LATER and row.kind is not Kind.UNKNOWN


def may_have_arrived(error: BaseException) -> bool:
    """Whether a call that failed in this way may have had its effect: only its answer is missing."""
    if any(type(one).__name__ in _BEFORE_SENDING for one in _with_causes(error)):
        return False
    return read(error).kind in _UNSURE


def wait_of(error: RetryAfter) -> float:
    """The seconds that Telegram asks to wait."""
    told = error.retry_after
    return told.total_seconds() if isinstance(told, timedelta) else float(told)


def without_quotes(error: BaseException) -> str:
    """What an error says, without what it quotes: that may be a link or a text with a code."""
    return _QUOTED.sub("…", str(error))[:200]


def explain(error: BaseException) -> str:
    """The cause in words, for a log line: never the content of a message, an address or a token."""
    row = read(error)
    if isinstance(error, ForeignPage | ServerTrouble):
        return f"{row.words} (HTTP {error.status})"
    if row.kind is not Kind.UNKNOWN:
        return row.words
    said = f" ({without_quotes(error)})" if isinstance(error, BadRequest | Forbidden) else ""
    return f"{row.words}{said}" if said else type(error).__name__


def as_markdown() -> str:
    """The table of docs/telegram.md and the meaning of its words."""
    lines = ["| Telegram's edge says | Start | Polling | Sending |", "|---|---|---|---|"]
    lines += [f"| {row.says} | {row.start} | {row.poll} | {row.send} |" for row in TABLE]
    lines += ["", *(f"- *{word}*: the shop {meaning}." for word, meaning in MEANINGS.items())]
    return "\n".join(lines) + "\n"


def write_table(page: Path) -> None:
    """Renew the table in the page, between its two marks."""
    before, _, after = page.read_text().partition(_BEGIN)
    page.write_text(before + _BEGIN + as_markdown() + _END + after.partition(_END)[2])


if __name__ == "__main__":
    write_table(Path(sys.argv[1]))
