"""Types of settings: how the text of an environment variable is read and checked."""

import difflib
import importlib.util
import re
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo
from pydantic_settings import NoDecode

from bot.domain.amounts import DINARS, read_amount
from bot.domain.money import western_digits
from bot.refusals import OtherCurrency
from bot.setting_addresses import check_address
from bot.vault import parse_keys

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LONGEST: Final = timedelta(days=366)
_MOST_DIGITS: Final = 20
_MOST_ID: Final = 2**52  # Telegram's ids have at most 52 significant bits


def split_list(value: str) -> list[str]:
    """The items of a list whose items are separated by commas, without empty ones."""
    return [item.strip() for item in value.replace("\u060c", ",").split(",") if item.strip()]


def _read_duration(value: Any) -> Any:
    if isinstance(value, str):
        text = _number_of(value)
        found = re.fullmatch(r"(\d{1,12}(?:\.\d{1,9})?)\s*([a-z]*)", text)
        if not found or (found[2] and found[2] not in _SECONDS):
            raise ValueError("must be a number and a unit, such as 30s, 10m, 24h or 2d")
        if not found[2]:
            raise ValueError(
                "needs a unit after its number: s, m, h or d, such as 30s, 10m, 24h or 2d"
            )
        seconds = float(found[1]) * _SECONDS[found[2]]
        if seconds > LONGEST.total_seconds():
            raise ValueError(f"must be at most {LONGEST.days}d")
        return timedelta(seconds=seconds)
    return value


def _number_of(value: str) -> str:
    """The text of a number as the checks know it: any script's digits, a dot before the decimals."""
    text = western_digits(value).replace("\u066b", ".").lower().strip()
    # One comma that is not before three digits can only stand before decimals.
    return re.sub(r"^(-?\d+),(\d{1,2}|\d{4,9})(?=\D*$)", r"\1.\2", text)


def _read_number(value: Any) -> Any:
    """A plain decimal number. A comma before three digits may mean either, so it is refused."""
    if isinstance(value, str):
        text = _number_of(value)
        if re.fullmatch(r"-?\d+,\d{3}", text):
            raise ValueError("has a comma that can be read in two ways; write 1500 or 1.5")
        if len(text) > _MOST_DIGITS or not re.fullmatch(r"-?\d*\.?\d+|-?\d+\.", text):
            raise ValueError("must be a number, such as 8 or 8.5")
        return Decimal(text)
    return value


def _read_percent(value: Any) -> Any:
    if isinstance(value, str):
        return _read_number(re.sub(r"\s*[%\u066a]\s*$", "", value))
    return value


def _read_whole(value: Any) -> Any:
    if isinstance(value, str):
        text = re.sub(r"(?<=\d)[ \u00a0\u202f_](?=\d{3}(?!\d))", "", western_digits(value).strip())
        if not re.fullmatch(rf"-?\d{{1,{_MOST_DIGITS}}}", text):
            raise ValueError("must be a whole number, such as 10")
        return int(text)
    return value


def _read_money(value: Any) -> Any:
    if isinstance(value, str):
        amount = read_amount(value)
        try:
            minor = amount.within(DINARS) if amount else None
        except OtherCurrency:
            minor = None
        if minor is None:
            raise ValueError("must be an amount in dinars, such as 1500 or 1500.50")
        return Decimal(minor) / 100
    return value


def _read_time(value: Any) -> Any:
    if isinstance(value, str):
        found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", western_digits(value).strip())
        if not found:
            raise ValueError("must be a time of day such as 03:30")
        return time(int(found[1]), int(found[2]))
    return value


def _read_optional_time(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else _read_time(value)


def _read_ids(value: Any) -> Any:
    if isinstance(value, str):
        items = [western_digits(item) for item in split_list(value)]
        if any(item.startswith("@") for item in items):
            raise ValueError("must be numbers, not @names; @userinfobot tells a person's number")
        if any(re.fullmatch(r"-\d+", item) for item in items):
            raise ValueError(
                "has the id of a group or channel (below 0); only persons can be operators"
            )
        if not all(re.fullmatch(r"\d{1,40}", item) for item in items):
            raise ValueError("must be numbers separated by commas, such as 12345678,87654321")
        ids = frozenset(map(int, items))
        if any(not 0 < each < _MOST_ID for each in ids):
            raise ValueError("has a number that is no Telegram id; @userinfobot tells yours")
        return ids
    return value


def _read_days(value: Any) -> Any:
    if isinstance(value, str):
        items = [western_digits(item) for item in split_list(value)]
        if not all(re.fullmatch(r"\d{1,3}", item) and 1 <= int(item) <= 366 for item in items):  # noqa: PLR2004
            raise ValueError("must be numbers of days from 1 to 366, separated by commas")
        return frozenset(map(int, items))
    return value


def _read_names(value: Any) -> Any:
    if isinstance(value, str):
        return frozenset(name.casefold() for name in split_list(value))
    return value


def _read_folder(value: Any) -> Any:
    if value == "":
        raise ValueError("is empty: name a folder, or take the line out")
    return value


def _read_text(value: str) -> str:
    r"""Several lines in one variable: \n in the text stands for the end of a line."""
    return value.replace("\\n", "\n").strip()


def _check_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = difflib.get_close_matches(value[:40], available_timezones(), n=1, cutoff=0.85)
        raise ValueError(f"must be a time zone such as {[*near, 'Africa/Algiers'][0]}") from None
    return value


def check_http(value: str) -> str:
    """An address without a slash at its end. Raises ValueError."""
    return check_address(value, example="https://api.example")


def _check_key(value: SecretStr) -> SecretStr:
    """What goes into a header of a request."""
    text = value.get_secret_value()
    if re.search(r"\s", text):
        raise ValueError("must be the key alone, without spaces and other words")
    if not text.isascii() or not text.isprintable():
        raise ValueError("has signs that no key has; copy it once more from the dashboard")
    if re.search(r"['\"`<>]", text):
        raise ValueError("must stand without quotes and brackets")
    return value


def _check_database(value: str) -> str:
    value = value.strip()
    if re.match(r"(sqlite|postgresql|postgres)[\w+]*:", value) is None:
        raise ValueError(
            "must start with sqlite:/// or postgresql://, such as sqlite:///data/hanout.db"
        )
    if value.startswith("sqlite"):
        path = re.fullmatch(r"sqlite(\+\w+)?:///([^?]+)(\?.*)?", value)
        if path is None or path[2].endswith("/"):
            raise ValueError(
                "must name a file after three slashes, such as sqlite:///data/hanout.db"
            )
        if ":memory:" in value:
            raise ValueError(
                "must name a file: a database in memory would lose all orders at the end"
            )
    if value.startswith("postgres") and importlib.util.find_spec("asyncpg") is None:
        raise ValueError("PostgreSQL needs its driver: pip install 'hanout[postgres]'")
    from storage.store import async_url

    async_url(value)
    return value


def _check_keys(value: SecretStr, info: ValidationInfo) -> SecretStr:
    if value.get_secret_value():
        parse_keys(value.get_secret_value())
    elif info.data.get("hanout_keys_file") is None:
        raise ValueError(
            "is missing: make a key by `hanout keys new` and put it there (or into HANOUT_KEYS_FILE)"
        )
    return value


Duration = Annotated[timedelta, BeforeValidator(_read_duration), Field(gt=timedelta(0))]
TimeOfDay = Annotated[time, BeforeValidator(_read_time)]
OptionalTimeOfDay = Annotated[time | None, BeforeValidator(_read_optional_time)]
ZoneName = Annotated[str, AfterValidator(_check_zone)]
Dinars = Annotated[Decimal, BeforeValidator(_read_money)]
Number = Annotated[Decimal, BeforeValidator(_read_number)]
Folder = Annotated[Path, BeforeValidator(_read_folder)]
Percent = Annotated[Decimal, BeforeValidator(_read_percent)]
Whole = Annotated[int, BeforeValidator(_read_whole)]
Key = Annotated[SecretStr, AfterValidator(_check_key)]
Money = Annotated[Dinars, Field(ge=0, le=10**9)]
Text = Annotated[str, AfterValidator(_read_text), Field(max_length=1500)]
Names = Annotated[frozenset[str], NoDecode, BeforeValidator(_read_names)]
TelegramIds = Annotated[frozenset[int], NoDecode, BeforeValidator(_read_ids)]
DaysBefore = Annotated[frozenset[int], NoDecode, BeforeValidator(_read_days)]
DatabaseUrl = Annotated[str, AfterValidator(_check_database)]
# Read after `hanout_keys_file`: one of the two has to be set.
EncryptionKeys = Annotated[SecretStr, AfterValidator(_check_keys)]
