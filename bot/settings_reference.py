"""The page about settings, made from `bot/settings.py`. It reads declarations, never a shop's own values.

`make docs` writes it to docs/settings.md.
"""

import sys
import textwrap
from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.settings import Settings

WIDTH: Final = 120
SECTIONS: Final = {
    "Telegram, operators and keys": (
        "telegram_token",
        "admin_ids",
        "hanout_keys",
        "hanout_keys_file",
        "secrets_folder",
    ),
    "Suppliers": ("suppliers", "own_least_life"),
    "OneClickDz": (
        "oneclickdz_api_key",
        "oneclickdz_base_url",
        "oneclickdz_calls_per_minute",
        "oneclickdz_timeout",
    ),
    "Starship": (
        "starship_api_key",
        "starship_api_secret",
        "starship_base_url",
        "starship_wallet",
        "starship_currency",
        "starship_dinars",
        "starship_dinars_since",
        "starship_step",
        "starship_delivery_types",
        "starship_availability",
        "starship_denomination",
        "starship_calls_per_ten_seconds",
        "starship_timeout",
        "starship_signing_secret",
    ),
    "The ways to Telegram": ("telegram_api_url", "telegram_proxy", "telegram_webhook_url"),
    "Webhooks of suppliers": ("public_url", "webhook_listen", "starship_webhook_secret"),
    "Database": ("database_url",),
    "Prices and quantities": (
        "markup_percent",
        "markup_fixed",
        "price_step",
        "minimum_margin",
        "max_quantity",
        "stock_reserve",
    ),
    "Catalogue": (
        "catalogue_hidden",
        "new_products",
        "catalogue_lifetime",
        "price_lifetime",
        "price_shared_for",
        "quote_lifetime",
    ),
    "Codes in the chat": (
        "codes_visible_for",
        "codes_shown_again_for",
        "reveals_per_order",
        "reveals_per_hour",
        "protect_content",
        "expiry_reminders",
    ),
    "News to customers": ("news_per_week",),
    "The balance at a supplier": ("balance_alert", "balance_floor", "return_unbought_after"),
    "Payments": (
        "payment_methods",
        "payment_window",
        "transfer_instructions_en",
        "transfer_instructions_fr",
        "transfer_instructions_ar",
        "transfer_minimum",
        "transfer_maximum",
        "stars_dinars",
        "stars_maximum",
        "chargily_secret_key",
        "chargily_base_url",
        "chargily_minimum",
        "chargily_maximum",
        "chargily_card_ceiling",
    ),
    "Operators": ("confirm_above", "operator_daily_cap", "manager_price_step", "closing_at"),
    "Backups and the nightly audit": ("nightly_at", "backup_folder", "backups_kept"),
    "Support, language, time zone and logs": (
        "support_contact",
        "default_language",
        "time_zone",
        "log_level",
        "log_format",
    ),
    "Being watched": ("watch_listen",),
}
_INTRODUCTION: Final = """\
This page is made from `bot/settings.py` by `make docs`; a test fails where it is not up to date.

Settings come from environment variables, or from a file `.env` in the folder that the shop is started in. An
environment variable wins over the file. `hanout setup` asks for what is required and writes the file
([setting up](setup.md)). `.env.example` is such a file with every setting in it, to change by hand; `hanout doctor`
names every setting that is missing or wrong.

Amounts are dinars. A duration is a number and a unit: `30s`, `10m`, `24h`, `2d`; without a unit it is refused. Items of
a list are separated by commas. Numbers may be written as people write them: `8,5`, `8 %`, `1 500`, Arabic digits.

`.env` is a text in UTF-8 with a line `NAME=value` for each setting, each name once. A name in it that is no setting's
is refused, and the nearest one named; so are names in the environment that begin like those of the shop (`TELEGRAM_`,
`HANOUT_`, a supplier's) or hardly differ from a setting. Left alone are names that Compose, PostgreSQL's clients and
the programs in `deploy/` read, and databases that `hanout move env:NAME` names."""
_UNITS: Final = ((3600, "h"), (60, "m"), (1, "s"))
_BOUNDS: Final = {
    "ge": "at least {}",
    "gt": "more than {}",
    "le": "at most {}",
    "lt": "less than {}",
    "max_length": "at most {} characters",
}
_KINDS: Final[dict[type, str]] = {
    bool: "`true` or `false`",
    int: "Whole number",
    Decimal: "Number",
    str: "Text",
    SecretStr: "Secret",
    Path: "Path",
    date: "Date",
    time: "Time of day",
    timedelta: "Duration",
}


def render() -> str:
    """The whole page, as Markdown."""
    blocks = ["# Settings", _INTRODUCTION]
    for title, names in SECTIONS.items():
        blocks.append(f"## {title}")
        for name in names:
            blocks += _entry(name, Settings.model_fields[name])
    return "\n\n".join(blocks) + "\n"


def in_environment(value: Any) -> str:
    """A value as it would be written in the environment; the default of a secret is never asked for."""
    match value:
        case bool():
            return str(value).lower()
        case timedelta():
            seconds = int(value.total_seconds())
            size, unit = next(each for each in _UNITS if seconds % each[0] == 0)
            return f"{seconds // size}{unit}"
        case time():
            return f"{value:%H:%M}"
        case frozenset():
            return ",".join(map(str, sorted(value, reverse=True)))
        case tuple():
            return ",".join(map(str, value))
        case None:
            return ""
        case _:
            return str(value)


def _entry(name: str, field: FieldInfo) -> Iterator[str]:
    yield f"### `{name.upper()}`"
    yield _wrapped(". ".join(_facts(field)) + ".")
    yield _wrapped(field.description or "")


def _facts(field: FieldInfo) -> Iterator[str]:
    bounds = ", ".join(_bounds(field))
    yield f"{_kind(field.annotation)}{', ' if bounds else ''}{bounds}"
    if field.is_required():
        yield "Required"
    elif field.annotation is not SecretStr:
        default = in_environment(field.default)
        yield f"Default: `{default}`" if default else "Default: empty"


def _kind(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return "One of " + ", ".join(f"`{word}`" for word in get_args(annotation))
    if get_origin(annotation) in (frozenset, tuple):
        return "List"
    # `X | None` is an X that may be left out.
    return _KINDS[next((kind for kind in get_args(annotation) if kind in _KINDS), annotation)]


def _bounds(field: FieldInfo) -> Iterator[str]:
    for constraint in field.metadata:
        for name, words in _BOUNDS.items():
            bound = getattr(constraint, name, None)
            if bound is not None:
                yield words.format(_figure(bound))


def _figure(bound: Any) -> str:
    if isinstance(bound, timedelta):
        return in_environment(bound) if bound else "0"
    return f"{bound:,}"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


if __name__ == "__main__":
    sys.stdout.write(render())
