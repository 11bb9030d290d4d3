"""Reading updates out of text that is no JSON as a whole: torn on its way, or odd in one update."""

import json
import re
from typing import Final

from handlers.bot import update_id_of

# What the shop knows an update by, where the rest cannot be read; a number at the end may be cut.
UPDATE_ID: Final = re.compile(rb'"update_id"\s*:\s*(\d{1,18})\s*[,}]')
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_RESULT: Final = re.compile(r'\s*\{\s*"ok"\s*:\s*true\s*,\s*"result"\s*:\s*\[')
_BETWEEN: Final = re.compile(r"[\s,]*")
_LENIENT: Final = json.JSONDecoder(strict=False)  # also with control characters inside texts


def is_torn(body: bytes) -> bool:
    """Whether a text ends before what it began: the way cut it off, and it may come whole again."""
    rest = _STRING.sub(b"", body)
    opened = rest.count(b"{") + rest.count(b"[")
    closed = rest.count(b"}") + rest.count(b"]")
    return b'"' in rest or opened > closed or not opened


def whole_updates(text: str) -> list[object]:
    """The updates that an answer to getUpdates begins with, up to the first that is not whole."""
    found: list[object] = []
    start = _RESULT.match(text)
    at = start.end() if start else len(text)
    while True:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        try:
            update, at = _LENIENT.raw_decode(text, at)
        except (ValueError, RecursionError):
            return found
        if update_id_of(update) is None:
            return found
        found.append(update)


def find_update(text: str, number: int) -> object:
    """The update with this id in a text of its own or in an answer; None if it is not whole."""
    try:
        alone: object = _LENIENT.decode(text)
    except (ValueError, RecursionError):
        alone = None
    return next((it for it in (alone, *whole_updates(text)) if update_id_of(it) == number), None)
