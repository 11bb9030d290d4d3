"""What is wrong with a setting, in plain words: the library's errors, said as a sentence that shows no value."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from pydantic.fields import FieldInfo


class SettingsError(Exception):
    """One line for each setting that is missing or wrong."""


# What to do where a setting is missing, or empty and may not be.
HINTS: Final[Mapping[str, str]] = {
    "TELEGRAM_TOKEN": "put the bot's token there; @BotFather gives it",
    "ADMIN_IDS": "put your Telegram id there; @userinfobot tells it",
    "ONECLICKDZ_API_KEY": "make a READ-WRITE key in the OneClickDz dashboard and put it there",
    "STARSHIP_API_KEY": "put the key there that Starship gave you",
    "STARSHIP_API_SECRET": "put the secret there that belongs to STARSHIP_API_KEY",
    "STARSHIP_DINARS": "write what one unit of the wallet's currency costs in dinars",
    "STARSHIP_DINARS_SINCE": "write the date of that rate, such as 2026-11-01",
    "HANOUT_KEYS": "make a key by `hanout keys new` and put it there",
    "SUPPLIERS": "name at least one, such as oneclickdz",
}
_BOUNDS: Final = {
    "greater_than": ("gt", "must be more than {}"),
    "greater_than_equal": ("ge", "must be at least {}"),
    "less_than": ("lt", "must be less than {}"),
    "less_than_equal": ("le", "must be at most {}"),
    "string_too_long": ("max_length", "must have at most {} characters"),
}
_SHAPES: Final = (
    ("int_", "must be a whole number, such as 10"),
    ("decimal_", "must be a number, such as 8 or 8.5"),
    ("finite_number", "must be a number, such as 8 or 8.5"),
    ("bool_", "must be true or false"),
    ("date_", "must be a date, such as 2026-11-01"),
    ("string_pattern_mismatch", "must be three letters, such as USD"),
)
_QUOTES: Final = re.compile(r"\s*(?:['\"`“”„‘’«].*|.*['\"`“”‘’»])\s*", re.DOTALL)
_UNITS: Final = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))


def in_words(name: str, problem: Mapping[str, Any], field: FieldInfo | None) -> str:
    """One line for one of pydantic's errors; `name` is the setting's, in capitals, or empty."""
    value = problem.get("input")
    message = _message(name, problem, field)
    if isinstance(value, str):
        if name and not value.strip() and not message.startswith("is missing"):
            return f"{name}: is empty: {HINTS.get(name, 'write a value, or take the line out')}"
        if _QUOTES.fullmatch(value) and "quotes" not in message:
            message += "; it stands in quotes, write it without them"
    return f"{name}: {message}" if name else message


def _message(name: str, problem: Mapping[str, Any], field: FieldInfo | None) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "missing":
        return f"is missing: {HINTS.get(name, 'docs/settings.md tells what it is')}"
    if kind == "too_short":
        return f"is empty: {HINTS.get(name, 'name at least one')}"
    if kind in _BOUNDS:
        bound, words = _BOUNDS[kind]
        bounds = [getattr(each, bound, None) for each in (field.metadata if field else ())]
        return words.format(figure(next(each for each in reversed(bounds) if each is not None)))
    if kind == "literal_error":
        return "must be one of " + re.sub(r"'([^']*)'", r"\1", context["expected"])
    for start, words in _SHAPES:
        if kind.startswith(start):
            return words
    return str(problem["msg"]).removeprefix("Value error, ")


def figure(bound: Any) -> str:
    if isinstance(bound, timedelta):
        seconds = bound.total_seconds()
        size, unit = next((each for each in _UNITS if seconds % each[0] == 0), _UNITS[-1])
        return f"{seconds / size:g}{unit}" if seconds else "0"
    return f"{bound:,}"
