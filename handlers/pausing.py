"""/pause and /resume: operators pause the shop, a supplier or a product, and lift each pause by itself."""

from typing import Final

from telegram import Update

from bot.domain.amounts import read_count
from bot.domain.pauses import LONGEST_WORDS, Ending, PauseScope, read_words
from bot.domain.records import Locale, PauseReason
from bot.domain.roles import Right
from bot.refusals import NotFound
from bot.services.catalogue.browse import search_products
from bot.services.selling.hand_pauses import (
    confirm_pause,
    draft_pause,
    drop_draft,
    is_still_paused,
    lift_pause,
    list_pauses,
    say_paid,
    say_until,
    say_why,
)
from handlers.account import END
from handlers.context import ShopContext, arguments, operators_words, press_of, typed
from handlers.screen import Screen
from handlers.screens import pausing as screens

WHAT: Final = "pause-product"
WORDS: Final = "pause-words"


async def pause(update: Update, context: ShopContext) -> int:
    """`/pause` asks what; `/pause p12` and `/pause <supplier>` name it."""
    named = arguments(update).strip().lower()
    if not named:
        screen = screens.what(context.words, list(context.shop.suppliers))
        await context.show(update, screen)
        return END
    number = read_count(named[1:]) if named.startswith("p") else None
    scope = PauseScope.SUPPLIER if number is None else PauseScope.PRODUCT
    with operators_words(named):
        await _begin(update, context, scope, named if number is None else str(number))
    return END


async def press_scope(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    scope, target = press.args
    if scope not in set(PauseScope) or (scope == PauseScope.PRODUCT and not target.isdecimal()):
        raise NotFound
    await _begin(update, context, PauseScope(scope), target)
    return END


async def _begin(update: Update, context: ShopContext, scope: PauseScope, target: str) -> None:
    view = await draft_pause(context.shop, scope, target, context.customer.id)
    await context.show(update, screens.why(context.words, view))


async def ask_product(update: Update, context: ShopContext) -> str:
    await context.show(update, screens.ask_product(context.words))
    return WHAT


async def typed_product(update: Update, context: ShopContext) -> int | str:
    """The products that these words find; each has a button."""
    found = search_products(context.shop, typed(update))
    await context.show(update, screens.products(context.words, found))
    return END if found else WHAT


async def press_reason(update: Update, context: ShopContext) -> int | str:
    press = press_of(update)
    draft_id, reason = press.number(0), press.args[1]
    if reason not in set(PauseReason) - {PauseReason.AUDIT}:
        raise NotFound
    if reason != PauseReason.WORDS:
        view = await say_why(context.shop, draft_id, context.customer.id, PauseReason(reason))
        await context.show(update, screens.until(context.words, view))
        return END
    context.remember(pause=draft_id)
    await context.show(update, screens.ask_words(context.words, LONGEST_WORDS))
    return WORDS


async def typed_words(update: Update, context: ShopContext) -> int | str:
    """What customers read, in one language or in several lines that begin with fr:, ar: and en:."""
    draft_id = context.remembered("pause")
    texts = read_words(typed(update), Locale(context.words.locale))
    if texts is None:
        await context.show(update, screens.ask_words(context.words, LONGEST_WORDS))
        return WORDS
    operator_id = context.customer.id
    view = await say_why(context.shop, draft_id, operator_id, PauseReason.WORDS, texts)
    await context.show(update, screens.until(context.words, view))
    return END


async def press_until(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    if press.args[1] not in set(Ending):
        raise NotFound
    ending = Ending(press.args[1])
    view = await say_until(context.shop, press.number(0), context.customer.id, ending)
    await context.show(update, screens.paid(context.words, view))
    return END


async def press_paid(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    waits = press.number(1) == 1
    view = await say_paid(context.shop, press.number(0), context.customer.id, waits=waits)
    await context.show(update, screens.confirm(context.words, view, context.bot_state.zone))
    return END


async def decide(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    draft_id, operator_id = press.number(0), context.customer.id
    if press.args[1] != "1":
        await drop_draft(context.shop, draft_id, operator_id)
        await context.show(update, screens.dropped(context.words))
        return END
    key = context.key_of(update)
    view = await confirm_pause(context.shop, draft_id, operator_id, key=key)
    await context.show(update, screens.done(context.words, view))
    return END


async def resume(update: Update, context: ShopContext) -> int:
    """Every pause with who, why and since when; a button lifts one of them."""
    await context.show(update, await _list(context))
    return END


async def press_page(update: Update, context: ShopContext) -> int:
    """Another page of the pauses."""
    await context.show(update, await _list(context, press_of(update).number()))
    return END


async def _list(context: ShopContext, page: int = 0) -> Screen:
    found, zone = await list_pauses(context.shop), context.bot_state.zone
    lifts_audit = await context.may(Right.BOOKS)
    return screens.pauses(context.words, found, zone, page, lifts_audit=lifts_audit)


async def press_lift(update: Update, context: ShopContext) -> int:
    """Lift a pause. It is said that sales continue only where no other pause stops the same."""
    key, operator_id = context.key_of(update), context.customer.id
    pause_id = press_of(update).number()
    done = await lift_pause(context.shop, pause_id, operator_id, key=key)
    said = "resumed" if done else "resumed-not"
    if done and await is_still_paused(context.shop, pause_id):
        said = "resumed-in-part"
    await context.show(update, await _list(context), toast=context.words.plain(said))
    return END
