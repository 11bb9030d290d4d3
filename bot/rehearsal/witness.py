"""What the services answered while a step was played: shapes of answers, without what is in them.

Nothing that stands in an answer is kept, except words and numbers of fields that are known to hold
neither a code nor a person: a status, an amount, the name of an error.
"""

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from bot.errors import PaymentFailure

_MOST_LINES: Final = 16
_MOST_FIELDS: Final = 24
_DEEPEST: Final = 4
_LONGEST: Final = 500
_ERROR_STATUS: Final = 400
# Fields whose words are the provider's own, and those whose numbers are about money or counts.
_WORDS: Final = frozenset(
    {"status", "state", "entity", "currency", "type", "locale", "payment_method", "environment"}
)
_NUMBERS: Final = frozenset(
    {
        "amount",
        "fees",
        "fees_on_merchant",
        "fees_on_customer",
        "quantity",
        "fulfilled_quantity",
        "delivered_quantity",
        "error_code",
        "retry_after",
        "current_page",
        "last_page",
        "per_page",
    }
)
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z_-]{0,31}")
_ERROR_NAME: Final = re.compile(r"[A-Z][A-Z]+(?:[_-][A-Z]+)*")
_FIGURE: Final = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?")  # longer ones may be somebody's id
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z_]{1,47}|[1-5][0-9]{2}")
_PLAIN: Final = re.compile(r"[A-Za-z',.()]{1,24}")
_FIELD: Final = re.compile(r"[A-Za-z_]{1,32}")
_PART: Final = re.compile(r"[a-z][a-z_-]{0,31}|[A-Za-z]{1,32}|v[0-9]")  # of a path
_POLLED: Final = "getUpdates → 200"  # goes on all the time
_SENDING: Final = ("send", "copy", "forward")
_CALL_OF_A_BOT: Final = re.compile(r"/bot[^/]*/(?:test/)?([A-Za-z]+)$")


class Witness:
    """Sees every answer (`bot/connections.py`), and keeps lines about those since `begin`."""

    def __init__(self) -> None:
        self._lines: Counter[str] = Counter()
        self.sent = 0  # messages that were sent or copied to anybody

    def begin(self) -> None:
        self._lines.clear()

    def __call__(self, method: str, url: str, status: int, body: bytes) -> None:
        line = describe(method, url, status, body)
        if line == _POLLED:
            return
        self.sent += line.startswith(_SENDING) and status < _ERROR_STATUS
        if line in self._lines or len(self._lines) < _MOST_LINES:
            self._lines[line] += 1

    def lines(self) -> Sequence[str]:
        return [line if count == 1 else f"{line} (×{count})" for line, count in self._lines.items()]


def describe(method: str, url: str, status: int, body: bytes) -> str:
    """One line about an answer."""
    path = urlsplit(url).path
    of_bot = _CALL_OF_A_BOT.search(path)
    if of_bot:
        return f"{of_bot[1]} → {status}{_told_by_telegram(status, body)}"
    return f"{method} {_without_ids(path)} → {status} {_shape_of(body)}"


def _told_by_telegram(status: int, body: bytes) -> str:
    """The words of a refusal; a text of ours that it quotes is left out."""
    if status < _ERROR_STATUS:
        return ""
    answer = _read(body)
    if not isinstance(answer, dict):
        return " (no JSON object)"
    return f" {plain_words(str(answer.get('description', '')))}"


def plain_words(text: str) -> str:
    """The words of a sentence that are only letters, up to its second colon; the others are "…"."""
    head = ":".join(text.split(":")[:2])
    words = [w if _is_plain(w) else "…" for w in head.split()]
    return " ".join(words[:16])


def code_of(failure: PaymentFailure) -> str:
    """The code of a failure, where it is a name or an HTTP status."""
    code = failure.code
    return code if _CODE.fullmatch(code) else plain_words(code)


def _is_plain(word: str) -> bool:
    bare = word.rstrip(":,.")
    shouted = bare.isupper() and len(bare) > 1
    return bool(_ERROR_NAME.fullmatch(bare)) if shouted else bool(_PLAIN.fullmatch(bare))


def _without_ids(path: str) -> str:
    parts = [part for part in path.split("/") if part]
    return "/" + "/".join(p if _PART.fullmatch(p) else "{id}" for p in parts[-4:])


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _shape_of(body: bytes) -> str:
    answer = _read(body)
    if answer is None:
        return f"(no JSON, {len(body)} bytes)"
    return _shape(answer, "", "", 0)[:_LONGEST]


def _shape(value: Any, name: str, within: str, depth: int) -> str:
    if isinstance(value, dict):
        if depth >= _DEEPEST:
            return "{…}"
        fields = list(value.items())[:_MOST_FIELDS]
        inner = (
            f"{_field(key)}: {_shape(each, str(key), name, depth + 1)}" for key, each in fields
        )
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list):
        first = _shape(value[0], name, within, depth + 1) if value else ""
        return f"[{len(value)} × {first}]" if value else "[]"
    return _scalar(value, name, within)


def _field(key: object) -> str:
    text = str(key)
    return text if _FIELD.fullmatch(text) else "…"


def _scalar(value: Any, name: str, within: str) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | float):
        is_kept = name in _NUMBERS and _FIGURE.fullmatch(str(value))
        return str(value) if is_kept else "number"
    text = str(value)
    is_error = within == "error" and name in ("code", "name") and _ERROR_NAME.fullmatch(text)
    if is_error or (name in _WORDS and _WORD.fullmatch(text)):
        return text
    if name in _NUMBERS and _FIGURE.fullmatch(text):
        return f'"{text}"'
    return f"text({len(text)})"
