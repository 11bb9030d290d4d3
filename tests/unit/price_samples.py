"""Every screen of price tables, with sample values."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import product as every

from bot.domain.pricing import NOTHING_SAID, Markup, MarkupScope, ValuePrice
from bot.services.catalogue.price_list import CategoryPrice, ThinPage, ThinValue
from bot.services.catalogue.price_tables import PriceRow, PriceTable
from handlers.screen import Screen
from handlers.screens import prices as screens
from handlers.screens.prices import Asked
from locales import Words
from tests.unit.samples import CATEGORY, PRODUCT

_RULE = Markup(Decimal(6))
_MORE = Markup(Decimal("7.25"), 2000)
_FIXED, _FLOOR = ValuePrice(fixed_minor=185_000), ValuePrice(floor_minor=420_000)
ROWS = (
    PriceRow(5, "10 USD", 159_000, 169_000, 172_000, NOTHING_SAID, False, False),
    PriceRow(6, "25 USD", 394_000, 418_000, 426_000, _FLOOR, False, False),
    PriceRow(7, "50 USD", 788_050, 840_000, 850_000, NOTHING_SAID, True, False),
    PriceRow(8, "100 USD", 1_576_000, 1_671_000, 1_577_000, _FIXED, False, True),
    PriceRow(9, "12 mois d’abonnement, sans engagement", 0, 0, 0, NOTHING_SAID, False, False),
    PriceRow(10, "بطاقة 200 ريال", 999_999_900, 999_999_900, 999_999_900, _FIXED, False, False),
)
TABLE = PriceTable(
    7, (MarkupScope.PRODUCT, 12), PRODUCT.title, _RULE, _RULE, True, False, False, ROWS[:4], 0, 1
)
CHANGED = replace(TABLE, proposed=_MORE, is_inherited=False, is_changed=True)


def price_screens(w: Words) -> Iterator[Screen]:
    for markup, page in every((_RULE, _MORE), (0, 1, 99)):
        found = [CategoryPrice(CATEGORY, None), *[CategoryPrice(CATEGORY, _MORE)] * 12]
        yield screens.categories(w, found, markup, page)
    hidden = CategoryPrice(CATEGORY, _MORE, is_hidden=True)
    yield screens.categories(w, [CategoryPrice(CATEGORY, None), hidden], _RULE, 0)
    yield screens.categories(w, [], _RULE, 0)
    for known in ([], [PRODUCT] * 8):
        yield screens.products(w, known)
        yield screens.products(w, known, [PRODUCT] * 2)
    category = replace(TABLE, key=(MarkupScope.CATEGORY, 3))
    for view in (
        TABLE,
        CHANGED,
        replace(TABLE, rows=ROWS, can_go_back=True),
        replace(CHANGED, rows=ROWS, page=1, pages=3),
        replace(TABLE, rows=(), title="بطاقة " * 30),
        category,
        replace(category, rows=[*ROWS[:2], replace(ROWS[2], is_hidden=True)]),
        replace(CHANGED, is_hidden=True, rows=[replace(row, is_hidden=True) for row in ROWS]),
        replace(TABLE, is_hidden=True, rows=()),
        replace(category, proposed=_MORE, is_inherited=False, is_changed=True),
    ):
        yield screens.table(w, view)
    yield screens.table(w, replace(TABLE, now=_MORE, can_go_back=True), is_used=True)
    yield screens.table(w, TABLE, is_changed_by_others=True)
    yield screens.ask_rule(w, TABLE)
    yield screens.ask_rule(w, CHANGED, again=True)
    every_row = replace(CHANGED, rows=ROWS)
    for asked in Asked:
        yield screens.which_value(w, every_row, asked)
        for row, again in every(ROWS, (False, True)):
            yield screens.ask_value(w, every_row, row, asked, again=again)
    for count in (0, 1, 2, 3, 11, 100):
        thin = ThinValue(PRODUCT, "10 USD", 159_000, 160_050)
        shown = [thin] * min(count, 8)
        yield screens.below(w, ThinPage(Decimal("7.5"), shown, count, 0, max(1, count // 8)))
        last = [*shown[:3], *[replace(thin, is_hidden=True)] * min(count, 5)]
        yield screens.below(w, ThinPage(Decimal(5), last, len(shown[:3]), 0, 1, count))
    only = ThinPage(Decimal(5), [replace(thin, is_hidden=True)], 0, 0, 1, 1)
    yield screens.below(w, only)
