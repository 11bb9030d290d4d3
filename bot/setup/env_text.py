"""Changes settings in the text of a `.env`; every other line stays as it is, byte for byte. No I/O."""

import io
import re
from collections.abc import Mapping
from typing import Final

from dotenv.parser import Binding, parse_stream

from bot.env_file import holds_a_setting

_ASSIGNMENT: Final = (
    r"(?P<before>\s*(?:export[^\S\r\n]+)?(?:'[^']+'|[^=\#\s]+)[^\S\r\n]*=[^\S\r\n]*)"
)
_END: Final = r"[^\S\r\n]*(?:\r\n|\n|\r)?"
_QUOTED: Final = re.compile(
    _ASSIGNMENT
    + r"(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
    + rf"(?P<after>(?:[^\S\r\n]*\#[^\r\n]*)?{_END})",
    re.DOTALL,
)
_BARE: Final = re.compile(
    _ASSIGNMENT + rf"[^\r\n]*?(?P<after>(?:[^\S\r\n]+\#[^\r\n]*)?{_END})", re.DOTALL
)
_BYTE_ORDER_MARK: Final = "\ufeff"


class WouldLose(Exception):
    """The new text would not read as it should, or change another setting: a bug, so nothing is written."""


def can_be_written(value: str) -> bool:
    """Whether a value in `.env` reads as it was written.

    `${NAME}` is replaced there, and cannot be escaped; a line `NAME=` in it is taken for a quote left open.
    """
    if any("\ud800" <= c <= "\udfff" for c in value):  # a byte of the environment that is no UTF-8
        return False
    if holds_a_setting(value):
        return False
    return "${" not in value and not any(c < " " and c not in "\t\n" for c in value)


def change_settings(text: str, changes: Mapping[str, str]) -> str:
    """The text with these settings, by their names in capitals.

    One that the text has is changed in its place; another is added below the comment that shows
    it, or at the end. Doing it again changes nothing. Raises WouldLose.
    """
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    body = text.removeprefix(mark)
    end = "\r\n" if "\r\n" in body else "\n"
    bindings = _bindings(body)
    places = {it.key.upper(): at for at, it in enumerate(bindings) if it.key and not it.error}
    pieces = [it.original.string for it in bindings] or [""]
    added = [""] * len(pieces)
    for name, value in changes.items():
        if name in places:
            pieces[places[name]] = _with_value(pieces[places[name]], value)
        else:
            at = _below_comment(bindings, name)
            added[at] += f"{name}={_written(value)}{end}"
    ended = (_ended(piece, end) if new else piece for piece, new in zip(pieces, added, strict=True))
    changed = "".join(piece + new for piece, new in zip(ended, added, strict=True))
    _compare(body, changed, changes)
    return mark + changed


def _bindings(body: str) -> list[Binding]:
    found = list(parse_stream(io.StringIO(body)))
    if "".join(it.original.string for it in found) != body:
        raise WouldLose
    return found


def _below_comment(bindings: list[Binding], name: str) -> int:
    """Where a setting is added: behind the comment `# NAME=…`, else behind the last line."""
    shown = re.compile(rf"\s*#[ \t]*{re.escape(name)}[ \t]*=")
    found = (at for at, it in enumerate(bindings) if not it.key and shown.match(it.original.string))
    return next(found, len(bindings) - 1)


def _ended(piece: str, end: str) -> str:
    return piece if not piece or piece.endswith(("\n", "\r")) else piece + end


def _with_value(piece: str, value: str) -> str:
    found = _QUOTED.fullmatch(piece) or _BARE.fullmatch(piece)
    if found is None:
        raise WouldLose
    between = " " if found["after"].startswith("#") else ""  # behind a quote none is needed
    return found["before"] + _written(value) + between + found["after"]


def _written(value: str) -> str:
    """Without quotes where that reads the same: Docker takes quotes as a part of the value."""
    if not value or (value == value.strip() and not re.search(r"^['\"#]|\s#|[\r\n]", value)):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _values(body: str) -> dict[str, str | None]:
    return {it.key.upper(): it.value for it in _bindings(body) if it.key}


def _compare(before: str, after: str, changes: Mapping[str, str]) -> None:
    """Raises WouldLose where the new text does not read as the old one with the changes."""
    if _values(after) != {**_values(before), **changes}:
        raise WouldLose
