"""/prices: operators try price rules in a table, and use them; and the list of values that earn little."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from telegram import Update

from bot.domain.amounts import read_amount, read_count
from bot.domain.answers import read_amount_answer
from bot.domain.price_rules import SCOPES
from bot.domain.pricing import MarkupScope, ValuePrice
from bot.domain.typed_rules import OFF, read_typed_rule
from bot.refusals import NotFound, PricesChanged
from bot.services.catalogue.browse import search_products
from bot.services.catalogue.curated import find_hidden
from bot.services.catalogue.price_list import list_below, list_category_prices
from bot.services.catalogue.price_tables import (
    PriceTable,
    drop_draft,
    go_back,
    open_table,
    propose_markup,
    propose_value,
    reopen,
    step_percent,
    use_draft,
    view_table,
    view_with,
)
from handlers.account import END
from handlers.context import ShopContext, arguments, operators_words, press_of, typed
from handlers.questions import WORDS
from handlers.screens import operator as operator_screens
from handlers.screens import prices as screens
from handlers.screens.prices import Asked

RULE: Final = "price-rule"
VALUE: Final = "price-value"
_BELOW: Final = re.compile(
    r"(?:<|below|under|moins de|sous|أقل من|تحت)\s*(\S+?)\s*[%٪]?", re.IGNORECASE
)
_ASKED: Final = (Asked.FIXED, Asked.FLOOR)  # by their numbers in a conversation


async def prices(update: Update, context: ShopContext) -> int:
    """`/prices p12` and `/prices c3` open a table, `/prices below 5` lists; other words find products."""
    named = arguments(update).strip()
    if not named:
        await _show_categories(update, context, 0)
        return END
    below = _BELOW.fullmatch(named)
    percent = read_amount(below[1]) if below else None
    if percent is not None and not percent.currency and percent.minor >= 0:
        await _show_below(update, context, percent.minor, 0)
        return END
    scope, number = SCOPES.get(named[0].lower()), read_count(named[1:])
    if scope is not None and number is not None:
        with operators_words(named):
            await _open(update, context, scope, number)
        return END
    found, hidden = search_products(context.shop, named), find_hidden(context.shop, named)
    await context.show(update, screens.products(context.words, found, hidden))
    return END


async def press_categories(update: Update, context: ShopContext) -> int:
    await _show_categories(update, context, press_of(update).number())
    return END


async def _show_categories(update: Update, context: ShopContext, page: int) -> None:
    found, rule = list_category_prices(context.shop), context.shop.policy.pricing.markup
    await context.show(update, screens.categories(context.words, found, rule, page))


async def press_below(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    await _show_below(update, context, press.number(0), press.number(1))
    return END


async def _show_below(update: Update, context: ShopContext, hundredths: int, page: int) -> None:
    found = list_below(context.shop, Decimal(hundredths) / 100, page)
    await context.show(update, screens.below(context.words, found))


async def press_product(update: Update, context: ShopContext) -> int:
    await _open(update, context, MarkupScope.PRODUCT, press_of(update).number())
    return END


async def press_category(update: Update, context: ShopContext) -> int:
    await _open(update, context, MarkupScope.CATEGORY, press_of(update).number())
    return END


async def _open(update: Update, context: ShopContext, scope: MarkupScope, target: int) -> None:
    view = await open_table(context.shop, (scope, target), context.customer.id)
    await _show(update, context, view)


async def _show(update: Update, context: ShopContext, view: PriceTable) -> None:
    await context.show(update, screens.table(context.words, view))


async def press_page(update: Update, context: ShopContext) -> int:
    press, operator_id = press_of(update), context.customer.id
    view = await view_table(context.shop, press.number(0), operator_id, press.number(1))
    await _show(update, context, view)
    return END


async def press_up(update: Update, context: ShopContext) -> int:
    await _step(update, context, 1)
    return END


async def press_down(update: Update, context: ShopContext) -> int:
    await _step(update, context, -1)
    return END


async def _step(update: Update, context: ShopContext, points: int) -> None:
    press, operator_id = press_of(update), context.customer.id
    draft_id, page = press.number(0), press.number(1)
    view = await step_percent(context.shop, draft_id, operator_id, points, page)
    await _show(update, context, view)


async def ask_rule(update: Update, context: ShopContext) -> str:
    draft_id = press_of(update).number()
    view = await view_table(context.shop, draft_id, context.customer.id)
    context.remember(draft=draft_id)
    await context.show(update, screens.ask_rule(context.words, view))
    return RULE


async def typed_rule(update: Update, context: ShopContext) -> int | str:
    """A percentage, with or without an amount, or `off`: the draft's rule from now on."""
    draft_id, operator_id = context.remembered("draft"), context.customer.id
    text = typed(update)
    rule = read_typed_rule(text)
    if rule is None and read_amount_answer(text).is_words:
        return WORDS
    if rule is None:
        view = await view_table(context.shop, draft_id, operator_id)
        await context.show(update, screens.ask_rule(context.words, view, again=True))
        return RULE
    view = await propose_markup(context.shop, draft_id, operator_id, rule.markup)
    await _show(update, context, view)
    return END


async def press_which(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    draft_id, page = press.number(0), press.number(2)
    view = await view_table(context.shop, draft_id, context.customer.id, page)
    asked = _asked(press.args[1])
    await context.show(update, screens.which_value(context.words, view, asked))
    return END


def _asked(name: str) -> Asked:
    """Raises NotFound."""
    if name not in set(Asked):
        raise NotFound
    return Asked(name)


async def ask_value(update: Update, context: ShopContext) -> str:
    press = press_of(update)
    draft_id, asked, denomination_id = press.number(0), _asked(press.args[1]), press.number(2)
    context.remember(draft=draft_id, value=denomination_id, asked=_ASKED.index(asked))
    await _ask_value(update, context, draft_id, asked, denomination_id)
    return VALUE


async def _ask_value(
    update: Update,
    context: ShopContext,
    draft_id: int,
    asked: Asked,
    denomination_id: int,
    *,
    again: bool = False,
) -> None:
    view = await view_with(context.shop, draft_id, context.customer.id, denomination_id)
    row = view.row(denomination_id)
    await context.show(update, screens.ask_value(context.words, view, row, asked, again=again))


async def typed_value(update: Update, context: ShopContext) -> int | str:
    """An amount of dinars, or `off`: the value's fixed or lowest price in the draft from now on."""
    draft_id, denomination_id = context.remembered("draft"), context.remembered("value")
    asked = _ASKED[context.remembered("asked")]
    is_off = typed(update).strip().lower() == OFF
    answer = read_amount_answer(typed(update))
    if answer.is_words and not is_off:
        return WORDS
    if answer.minor is None and not is_off:
        await _ask_value(update, context, draft_id, asked, denomination_id, again=True)
        return VALUE
    minor = None if is_off else answer.minor

    def change(said: ValuePrice) -> ValuePrice:
        if asked is Asked.FIXED:
            return replace(said, fixed_minor=minor)
        return replace(said, floor_minor=minor)

    shop, operator_id = context.shop, context.customer.id
    view = await propose_value(shop, draft_id, operator_id, denomination_id, change)
    await _show(update, context, view)
    return END


async def press_undo(update: Update, context: ShopContext) -> int:
    view = await go_back(context.shop, press_of(update).number(), context.customer.id)
    await _show(update, context, view)
    return END


async def decide(update: Update, context: ShopContext) -> int:
    """Use the draft or drop it; where others changed the rules meanwhile, they are shown anew."""
    press, operator_id = press_of(update), context.customer.id
    draft_id = press.number(0)
    if press.args[1] != "1":
        await drop_draft(context.shop, draft_id, operator_id)
        await context.show(update, operator_screens.note(context.words, "left-alone"))
        return END
    try:
        view = await use_draft(context.shop, draft_id, context.editor(update))
    except PricesChanged:
        view = await reopen(context.shop, draft_id, operator_id)
        screen = screens.table(context.words, view, is_changed_by_others=True)
    else:
        screen = screens.table(context.words, view, is_used=True)
    await context.show(update, screen)
    return END
