"""Screens of price tables, for operators: what values cost, what they are sold for, and what they earn."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Final

from bot.domain.catalogue import Product
from bot.domain.money import MINOR_PER_UNIT
from bot.domain.pricing import Markup, MarkupScope
from bot.services.catalogue.price_changes import target_name
from bot.services.catalogue.price_list import CategoryPrice, ThinPage
from bot.services.catalogue.price_tables import PriceRow, PriceTable
from handlers.callback_data import pack
from handlers.screen import Button, Screen
from handlers.screen_builder import ScreenBuilder
from handlers.screens.values import value_label
from locales import Words

_PAGE: Final = 8
_LONGEST_NAME: Final = 40
_NO_NUMBER: Final = "–"
_HEAD: Final = ("price-value", "price-cost", "price-now", "price-draft", "price-margin")
_FIXED, _FLOOR, _OWN, _BEATEN, _HIDDEN = "=", "≥", "*", "!", "×"


class Asked(StrEnum):
    """What is asked of one value."""

    FIXED = "fixed"
    FLOOR = "floor"


def rule_words(words: Words, markup: Markup | None) -> str:
    """A price rule in words: `6%`, or with the amount that is added; None: there is none of its own."""
    if markup is None:
        return words.plain("rule-none")
    percent = _percent(words, markup.percent)
    if not markup.fixed_minor:
        return words.plain("rule-percent", percent=percent)
    return words.plain("rule", percent=percent, fixed=words.money(markup.fixed_minor))


def _percent(words: Words, percent: Decimal) -> str:
    digits = max(0, -int(percent.normalize().as_tuple().exponent))
    return words.number(float(percent), digits)


def categories(words: Words, found: Sequence[CategoryPrice], shop: Markup, page: int) -> Screen:
    """The shop's rule, and each category with its own as a button."""
    screen = ScreenBuilder(words)
    pages = max(1, -(-len(found) // _PAGE))
    number = min(page, pages - 1)
    screen.line("prices", rule=rule_words(words, shop))
    screen.line("prices-usage")
    screen.page_number(number, pages)
    for one in found[number * _PAGE : (number + 1) * _PAGE]:
        name = one.category.title[:_LONGEST_NAME]
        data = pack("prcat", one.category.id)
        if one.is_hidden:
            screen.button("button-price-hidden", data, name=name)
        elif one.markup is None:
            screen.button("button-price-open", data, name=name)
        else:
            rule = rule_words(words, one.markup)
            screen.button("button-price-category", data, name=name, rule=rule)
    screen.pages(number, pages, lambda other: pack("prices", other))
    return screen.done()


def products(words: Words, found: Sequence[Product], hidden: Sequence[Product] = ()) -> Screen:
    """What typed words find, each with a button to its price table; what is hidden comes last."""
    screen = ScreenBuilder(words)
    screen.line("prices-which" if found or hidden else "prices-nothing")
    for product in found:
        _open_button(screen, product)
    for product in hidden:
        _open_button(screen, product, is_hidden=True)
    return screen.done()


def _open_button(screen: ScreenBuilder, product: Product, *, is_hidden: bool = False) -> None:
    key = "button-price-hidden" if is_hidden else "button-price-open"
    screen.button(key, pack("cprice", product.id), name=product.title[:_LONGEST_NAME])


def table(
    words: Words, view: PriceTable, *, is_used: bool = False, is_changed_by_others: bool = False
) -> Screen:
    """A price table with its draft. `is_used`: the draft was made the rule just now."""
    screen = ScreenBuilder(words)
    if is_changed_by_others:
        screen.line("refused-prices-changed")
        screen.paragraph()
    screen.line("price-title", name=view.title[:_LONGEST_NAME], target=target_name(view.key))
    if view.is_hidden:
        screen.line("price-hidden")
    _rules(screen, view, is_used=is_used)
    screen.page_number(view.page, view.pages)
    if view.rows:
        tails = [_marks(view, row) for row in view.rows]
        screen.table(_HEAD, [_cells(words, row) for row in view.rows], tails)
        _legend(screen, view)
    else:
        screen.line("price-no-values-hidden" if view.is_hidden else "price-no-values")
    _buttons(screen, view)
    return screen.done()


def _rules(screen: ScreenBuilder, view: PriceTable, *, is_used: bool) -> None:
    words = screen.words
    now, proposed = rule_words(words, view.now), rule_words(words, view.proposed)
    if is_used:
        screen.line("price-used", rule=now)
    elif not view.is_changed:
        screen.line("price-rule", rule=now)
    else:
        screen.line("price-rule-draft", rule=now, proposed=proposed)
    if view.is_inherited:
        screen.line("price-inherited" if view.key[0] is MarkupScope.PRODUCT else "price-of-shop")


def _cells(words: Words, row: PriceRow) -> list[str]:
    name = value_label(words, row.name)
    if not row.cost_minor:
        return [name, *[_NO_NUMBER] * 4]
    amounts = (row.cost_minor, row.now_minor, row.draft_minor, row.margin_minor)
    return [name, *(_dinars(words, each) for each in amounts)]


def _marks(view: PriceTable, row: PriceRow) -> str:
    marks = {
        _FIXED: row.said.fixed_minor is not None and not row.is_beaten,
        _BEATEN: row.is_beaten,
        _FLOOR: row.said.floor_minor is not None,
        _OWN: row.has_own_markup,
        _HIDDEN: row.is_hidden and not view.is_hidden,
    }
    shown = "".join(mark for mark, is_set in marks.items() if is_set)
    return f" {shown}" if shown else ""


def _dinars(words: Words, minor: int) -> str:
    """Whole dinars without their unit; spaces between groups are as wide as a digit."""
    return words.number(minor / MINOR_PER_UNIT).replace("\u202f", "\u00a0")


def _legend(screen: ScreenBuilder, view: PriceTable) -> None:
    shown = "".join(_marks(view, row) for row in view.rows)
    for mark, key in (
        (_FIXED, "price-mark-fixed"),
        (_BEATEN, "price-mark-beaten"),
        (_FLOOR, "price-mark-floor"),
        (_OWN, "price-mark-own"),
        (_HIDDEN, "price-mark-hidden"),
    ):
        if mark in shown:
            screen.line(key, mark=mark)


def _buttons(screen: ScreenBuilder, view: PriceTable) -> None:
    draft, page = view.draft_id, view.page
    screen.row(
        screen.make_button("button-price-down", pack("prdown", draft, page)),
        screen.make_button("button-price-up", pack("prup", draft, page)),
        screen.make_button("button-price-type", pack("prtype", draft)),
    )
    if view.has_values:
        screen.row(
            *(
                screen.make_button(f"button-price-{asked}", pack("prwhich", draft, asked, page))
                for asked in Asked
            )
        )
    screen.pages(page, view.pages, lambda other: pack("prpage", draft, other))
    if view.is_changed:
        screen.row(
            screen.make_button("button-price-use", pack("prgo", draft, 1)),
            screen.make_button("button-leave", pack("prgo", draft, 0)),
        )
    elif view.can_go_back:
        screen.button("button-price-undo", pack("prundo", draft))


def which_value(words: Words, view: PriceTable, asked: Asked) -> Screen:
    """Of which value of this page a fixed or a lowest price is to be set."""
    screen = ScreenBuilder(words)
    screen.line(f"price-which-{asked}", name=view.title[:_LONGEST_NAME])
    screen.grid([_value_button(screen, view, row, asked) for row in view.rows])
    screen.button("button-price-table", pack("prpage", view.draft_id, view.page))
    return screen.done()


def _value_button(screen: ScreenBuilder, view: PriceTable, row: PriceRow, asked: Asked) -> Button:
    minor = _said(row, asked)
    data = pack("prvalue", view.draft_id, asked, row.denomination_id)
    name = value_label(screen.words, row.name)[:_LONGEST_NAME]
    if minor is None:
        return screen.make_button("button-price-open", data, name=name)
    amount = screen.words.money(minor)
    return screen.make_button("button-price-value", data, name=name, amount=amount)


def _said(row: PriceRow, asked: Asked) -> int | None:
    return row.said.fixed_minor if asked is Asked.FIXED else row.said.floor_minor


def ask_value(
    words: Words, view: PriceTable, row: PriceRow, asked: Asked, *, again: bool = False
) -> Screen:
    """Ask for a fixed or a lowest price. `again`: what was typed is none."""
    screen = ScreenBuilder(words)
    if again:
        screen.line("price-unreadable")
    value = value_label(words, row.name)
    screen.line(f"price-ask-{asked}", name=view.title[:_LONGEST_NAME], value=value)
    if row.cost_minor:
        screen.line(
            "price-ask-figures",
            cost=words.money(row.cost_minor),
            price=words.money(row.draft_minor),
        )
    if _said(row, asked) is not None:
        screen.line("price-ask-off")
    screen.button("button-price-table", pack("prpage", view.draft_id, view.page))
    return screen.done()


def ask_rule(words: Words, view: PriceTable, *, again: bool = False) -> Screen:
    """Ask for a percentage, and an amount that is added to it."""
    screen = ScreenBuilder(words)
    if again:
        screen.line("price-unreadable")
    screen.line("price-ask-rule", name=view.title[:_LONGEST_NAME])
    screen.button("button-price-table", pack("prpage", view.draft_id, view.page))
    return screen.done()


def below(words: Words, found: ThinPage) -> Screen:
    """The values that earn less than the operator named, each with a button to its table; hidden ones last."""
    screen = ScreenBuilder(words)
    percent = _percent(words, found.percent)
    screen.line(
        "prices-below" if found.count else "prices-below-none", percent=percent, count=found.count
    )
    if found.hidden:
        screen.line("prices-below-hidden", count=found.hidden)
    screen.page_number(found.number, found.pages)
    if found.values:
        head = ("price-value", "price-cost", "price-price", "price-percent")
        rows = [
            [
                f"{one.product.title[:_LONGEST_NAME]} {value_label(words, one.label)}",
                _dinars(words, one.cost_minor),
                _dinars(words, one.price_minor),
                words.number(float(one.percent), 1),
            ]
            for one in found.values
        ]
        screen.table(head, rows, [f" {_HIDDEN}" if one.is_hidden else "" for one in found.values])
        if any(one.is_hidden for one in found.values):
            screen.line("price-mark-hidden", mark=_HIDDEN)
    opened = {one.product.id: one for one in found.values}
    for one in opened.values():
        _open_button(screen, one.product, is_hidden=one.is_hidden)
    hundredths = int(found.percent * 100)
    screen.pages(found.number, found.pages, lambda other: pack("prbelow", hundredths, other))
    return screen.done()
