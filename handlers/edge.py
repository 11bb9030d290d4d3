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
    "LONGEST_TOLD_SECONDS",
    "UNREADABLE",
    "Do",
    "Kind",
    "Row",
    "as_markdown",
    "explain",
    "is_outage",
    "may_have_arrived",
    "note_method",
    "read",
    "told_wait",
    "wait_of",
    "words_of",
]

# A quoted part begins at the first quote of any style that is no apostrophe of Telegram's own words,
# and ends at the last one: what is quoted may hold quotes itself. A quote that a letter or a digit
# follows ends nothing, so the rest goes then.
_QUOTES: Final = "'\"`\u00b4\u2018-\u201f\u00ab\u00bb\u2039\u203a"
_QUOTED: Final = re.compile(rf"(?!(?<=n)'t\b)[{_QUOTES}](?:.*[{_QUOTES}](?!\w)|.*)", re.DOTALL)
_LINK: Final = re.compile(r"\S*://\S*")
LONGEST_TOLD_SECONDS: Final = 60.0  # of start, polling and webhook: then they ask again
_UNTOLD_SECONDS: Final = 5.0
_LONGEST_TEXT: Final = 200
# Errors of httpx in which nothing was sent, among those that are silence.
_BEFORE_SENDING: Final = frozenset({"ConnectTimeout", "PoolTimeout"})
_NOT_CONNECTED: Final = "ConnectError"
# Methods whose repetition shows a person the same once more.
_ADDING: Final = ("send", "copy", "forward")
_METHOD: Final = "method_of_the_call"
_UNSURE: Final = (Kind.SILENT, Kind.CUT, Kind.PAGE, Kind.SERVER, Kind.PASSING)
_BEGIN: Final = "<!-- table -->\n"
_END: Final = "<!-- end -->\n"


def read(error: BaseException) -> Row:
    """The row that speaks of this error."""
    errors, text = tuple(_with_causes(error)), _unquoted(error).lower()
    return next(row for row in TABLE if _matches(row, errors, text))


def _matches(row: Row, errors: tuple[BaseException, ...], text: str) -> bool:
    if not any(isinstance(one, row.errors) and not isinstance(one, row.but) for one in errors):
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


def note_method(error: BaseException, method: str) -> None:
    """Remember which call failed, for `may_have_arrived`."""
    setattr(error, _METHOD, method)


def may_have_arrived(error: BaseException) -> bool:
    """Whether a call that failed in this way may have put a message into a chat: only its answer is missing.

    An edit or an answer to a press may be repeated at once: a second one changes nothing.
    """
    if not getattr(error, _METHOD, "send").startswith(_ADDING):
        return False
    names = {type(one).__name__ for one in _with_causes(error)}
    if names & _BEFORE_SENDING:
        return False
    kind = read(error).kind
    # TLS may fail after the request too, as where a record is damaged on its way.
    return kind in _UNSURE or (kind is Kind.CERTIFICATE and _NOT_CONNECTED not in names)


def wait_of(error: RetryAfter) -> float:
    """The seconds that Telegram asks to wait."""
    told = error.retry_after
    return told.total_seconds() if isinstance(told, timedelta) else float(told)


def told_wait(error: BaseException, most_seconds: float = LONGEST_TOLD_SECONDS) -> float:
    """The seconds to wait after an answer whose row says *wait as told*, bounded."""
    told = wait_of(error) if isinstance(error, RetryAfter) else _UNTOLD_SECONDS
    return min(max(0.0, told), most_seconds)


def _unquoted(error: BaseException) -> str:
    """What an error says, without what it quotes: that may be a link or a text with a code."""
    return _LINK.sub("…", _QUOTED.sub("…", str(error)))


def explain(error: BaseException) -> str:
    """The cause in words, for a log line: never an address, a token, or what Telegram quotes.

    For a call that carries codes use `words_of`: Telegram may repeat them outside quotes, too.
    """
    row = read(error)
    if isinstance(error, ForeignPage | ServerTrouble):
        return f"{row.words} (HTTP {error.status})"
    if row.kind is not Kind.UNKNOWN:
        return row.words
    if isinstance(error, BadRequest | Forbidden):
        return f"{row.words} ({_unquoted(error)[:_LONGEST_TEXT]})"
    return type(error).__name__


def words_of(error: BaseException) -> str:
    """The row's own words about an error, and nothing of what the answer says."""
    row = read(error)
    return row.words if row.kind is not Kind.UNKNOWN else f"{type(error).__name__}: {row.words}"


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
