"""The columns of a file of the catalogue that show things, and those of prices: how each is written, read, applied.

A column that a file may change is one `Editable`, here in `PRICES` or in `CURATED` of
`curated_columns.py`; nothing else knows its name.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from bot.domain.amounts import DINARS, read_amount
from bot.domain.brands import Brands
from bot.domain.catalogue import Names
from bot.domain.curation import UNMARKED, Marks
from bot.domain.money import MINOR_PER_UNIT
from bot.domain.price_rules import PriceRules
from bot.domain.pricing import Markup, MarkupKey, MarkupScope, PricingPolicy
from bot.domain.text_files import FORMULA_SIGNS
from bot.domain.typed_rules import read_typed_rule
from bot.services.catalogue.price_changes import fixed_alert_key, target_name
from storage.transaction import Transaction

_AS_TEXT: Final = "'"  # what begins with this is text to a spreadsheet


@dataclass(frozen=True, slots=True)
class FilePolicy:
    """What the shop's settings say of a file. `max_quantity`: the most codes of any order."""

    pricing: PricingPolicy
    max_quantity: int
    brands: Brands


@dataclass(frozen=True, slots=True)
class FileRow:
    """A category, product or value as a file shows it; costs and prices in minor units, of values only.

    `rules`: those of the whole shop. `marks` and `names`: what operators say of a product.
    """

    key: MarkupKey
    category: str
    product: str
    value: str
    supplier: str
    cost_minor: int | None
    price_minor: int | None
    rules: PriceRules
    marks: Marks = UNMARKED
    names: Names = ()

    @property
    def name(self) -> str:
        return " · ".join(part for part in (self.product or self.category, self.value) if part)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a file only shows."""

    name: str
    read: Callable[[FileRow], str]


@dataclass(frozen=True, slots=True)
class Editable(Column):
    """A column that a file may change. `scopes`: the rows that have it; in all others it is empty.

    `parse` reads a cell and raises ValueError; two cells that it reads alike are the same. `takes` says
    which cells it reads. `apply` stores what it read.
    """

    scopes: frozenset[MarkupScope]
    takes: str
    parse: Callable[[str, FilePolicy], Any]
    apply: Callable[[Transaction, MarkupKey, Any, datetime], Awaitable[None]]


def _dinars(minor: int | None) -> str:
    """An amount as every spreadsheet reads it: 1590 or 1590.50."""
    if minor is None:
        return ""
    digits = 2 if minor % MINOR_PER_UNIT else 0
    return f"{Decimal(minor) / MINOR_PER_UNIT:.{digits}f}"


def write_words(text: str) -> str:
    """Somebody's words, of which a spreadsheet shall make no formula."""
    return f"{_AS_TEXT}{text}" if _is_formula(text) else text


def read_words(cell: str) -> str:
    """What `write_words` wrote."""
    return cell[1:] if cell.startswith(_AS_TEXT) and _is_formula(cell) else cell


def _is_formula(text: str) -> bool:
    """Whether it begins like one, marked as text or not: so that both ways lead back to the same words."""
    return text.lstrip(_AS_TEXT).startswith(FORMULA_SIGNS)


def _markup(row: FileRow) -> str:
    markup = row.rules.markups.get(row.key)
    if markup is None:
        return ""
    added = f" {_dinars(markup.fixed_minor)}" if markup.fixed_minor else ""
    return f"{markup.percent.normalize():f}{added}"


def _parse_markup(cell: str, _policy: FilePolicy) -> Markup | None:
    if not cell:
        return None
    rule = read_typed_rule(cell)
    if rule is None:
        raise ValueError(cell)
    return rule.markup


def _parse_price(cell: str, _policy: FilePolicy) -> int | None:
    if not cell:
        return None
    amount = read_amount(cell)
    if amount is None or amount.minor <= 0:
        raise ValueError(cell)
    return amount.within(DINARS)


async def _set_markup(
    tx: Transaction, key: MarkupKey, markup: Markup | None, _now: datetime
) -> None:
    await tx.prices.set_markup(key, markup)


async def _set_fixed(tx: Transaction, key: MarkupKey, minor: int | None, now: datetime) -> None:
    said = await tx.prices.value(key[1])
    await tx.prices.set_value(key[1], replace(said, fixed_minor=minor))
    if minor is None:
        await tx.alerts.close(fixed_alert_key(key[1]), now)


async def _set_floor(tx: Transaction, key: MarkupKey, minor: int | None, _now: datetime) -> None:
    said = await tx.prices.value(key[1])
    await tx.prices.set_value(key[1], replace(said, floor_minor=minor))


_VALUES: Final = frozenset({MarkupScope.DENOMINATION})

SHOWN: Final = (
    Column("id", lambda row: target_name(row.key)),
    Column("category", lambda row: write_words(row.category)),
    Column("product", lambda row: write_words(row.product)),
    Column("value", lambda row: write_words(row.value)),
    Column("supplier", lambda row: row.supplier),
    Column("cost", lambda row: _dinars(row.cost_minor)),
    Column("price", lambda row: _dinars(row.price_minor)),
)
_A_PRICE: Final = "an amount of dinars above 0, or nothing"
PRICES: Final = (
    Editable(
        "markup",
        _markup,
        frozenset(MarkupScope),
        "a percentage, perhaps with dinars after it (7.5 20), or nothing",
        _parse_markup,
        _set_markup,
    ),
    Editable(
        "fixed",
        lambda row: _dinars(row.rules.value(row.key[1]).fixed_minor),
        _VALUES,
        _A_PRICE,
        _parse_price,
        _set_fixed,
    ),
    Editable(
        "floor",
        lambda row: _dinars(row.rules.value(row.key[1]).floor_minor),
        _VALUES,
        _A_PRICE,
        _parse_price,
        _set_floor,
    ),
)


def cell_of(column: Editable, row: FileRow) -> str:
    """What an editable column shows in this row; empty where it has none."""
    return column.read(row) if row.key[0] in column.scopes else ""
