"""Types of settings: how the text of an environment variable is read and checked."""

import importlib.util
import re
from datetime import time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo
from pydantic_settings import NoDecode

from bot.domain.amounts import DINARS, read_amount
from bot.errors import OtherCurrency
from bot.vault import parse_keys

_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def split_list(value: str) -> list[str]:
    """The items of a list whose items are separated by commas, without empty ones."""
    return [item.strip() for item in value.split(",") if item.strip()]


def _read_duration(value: Any) -> Any:
    if isinstance(value, str):
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd]?)\s*", value.lower())
        if not found:
            raise ValueError("must be a duration such as 30s, 10m, 24h or 2d")
        return timedelta(seconds=float(found[1]) * _SECONDS[found[2]])
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
        found = re.fullmatch(r"\s*([01]?\d|2[0-3]):([0-5]\d)\s*", value)
        if not found:
            raise ValueError("must be a time of day such as 03:30")
        return time(int(found[1]), int(found[2]))
    return value


def _read_ids(value: Any) -> Any:
    if isinstance(value, str):
        items = split_list(value)
        if not all(item.isascii() and item.isdigit() for item in items):
            raise ValueError("must be numbers separated by commas")
        return frozenset(int(item) for item in items)
    return value


def _read_days(value: Any) -> Any:
    days = _read_ids(value)
    if any(not 1 <= day <= 366 for day in days):  # noqa: PLR2004
        raise ValueError("must be numbers of days from 1 to 366, separated by commas")
    return days


def _read_names(value: Any) -> Any:
    if isinstance(value, str):
        return frozenset(name.casefold() for name in split_list(value))
    return value


def _read_text(value: str) -> str:
    r"""Several lines in one variable: \n in the text stands for the end of a line."""
    return value.replace("\\n", "\n").strip()


def _check_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a time zone such as Africa/Algiers") from None
    return value


def check_http(value: str) -> str:
    """An address without a slash at its end. Raises ValueError."""
    if not re.match(r"https?://[^/\s]+", value):
        raise ValueError("must start with http:// or https://")
    return value.rstrip("/")


def _check_listen_address(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:  # noqa: PLR2004
        raise ValueError("must be an address and a port, such as 127.0.0.1:8080")
    return value


def _check_optional_address(value: str) -> str:
    return _check_listen_address(value) if value else value


def _check_database(value: str) -> str:
    if not value.startswith(("sqlite:///", "sqlite+aiosqlite:///", "postgresql", "postgres")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    if value.startswith("postgres") and importlib.util.find_spec("asyncpg") is None:
        raise ValueError("PostgreSQL needs its driver: pip install 'hanout[postgres]'")
    from storage.store import async_url

    async_url(value)
    return value


def _check_keys(value: SecretStr, info: ValidationInfo) -> SecretStr:
    if value.get_secret_value():
        parse_keys(value.get_secret_value())
    elif info.data.get("hanout_keys_file") is None:
        raise ValueError("Field required (or HANOUT_KEYS_FILE); `hanout keys new` makes one")
    return value


Duration = Annotated[timedelta, BeforeValidator(_read_duration), Field(gt=timedelta(0))]
TimeOfDay = Annotated[time, BeforeValidator(_read_time)]
ZoneName = Annotated[str, AfterValidator(_check_zone)]
Dinars = Annotated[Decimal, BeforeValidator(_read_money)]
Money = Annotated[Dinars, Field(ge=0, le=10**9)]
Text = Annotated[str, AfterValidator(_read_text), Field(max_length=1500)]
Names = Annotated[frozenset[str], NoDecode, BeforeValidator(_read_names)]
TelegramIds = Annotated[frozenset[int], NoDecode, BeforeValidator(_read_ids)]
DaysBefore = Annotated[frozenset[int], NoDecode, BeforeValidator(_read_days)]
ListenAddress = Annotated[str, AfterValidator(_check_listen_address)]
OptionalListenAddress = Annotated[str, AfterValidator(_check_optional_address)]
DatabaseUrl = Annotated[str, AfterValidator(_check_database)]
# Read after `hanout_keys_file`: one of the two has to be set.
EncryptionKeys = Annotated[SecretStr, AfterValidator(_check_keys)]
