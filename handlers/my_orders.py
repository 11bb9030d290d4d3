"""Handlers for a customer's orders: the list, one order, and showing and hiding its codes."""

from dataclasses import replace

from telegram import Update
from telegram.ext import ConversationHandler

from bot.errors import SendFailure
from bot.services.codes.reminders import set_reminders
from bot.services.codes.reveal import hide_codes, is_double_tap, show_again
from bot.services.operations.customer_reports import check_owner, my_order, my_orders
from bot.services.orders import aftercare
from handlers import support
from handlers.context import ShopContext, press_of
from handlers.order_turns import show_in_turn
from handlers.payments import show_unpaid_order
from handlers.screen import Screen
from handlers.screens import aftercare as aftercare_screens
from handlers.screens import orders as screens

END = ConversationHandler.END
_ABOUT_ORDERS = ("order", "how", "problem", "summary")  # screens, as BotState.shown names them


async def list_orders(update: Update, context: ShopContext) -> int:
    page = press_of(update).number() if update.callback_query else 0
    mine = await my_orders(context.shop, context.customer.id, page)
    await context.show(update, screens.order_list(context.words, mine), "orders")
    return END


async def one_order(update: Update, context: ShopContext) -> int:
    order_id = press_of(update).number()
    await check_owner(context.shop, context.customer.id, order_id)

    async def show() -> None:
        if not await show_unpaid_order(update, context, order_id):
            await _show(update, context, order_id)

    await show_in_turn(update, context, order_id, show)
    return END


async def _show(update: Update, context: ShopContext, order_id: int) -> None:
    """The caller holds the turn of the order's screens."""
    view = await my_order(context.shop, context.customer.id, order_id)
    await context.show(
        update,
        screens.one_order(context.words, view, context.bot_state.zone),
        f"order:{order_id}",
    )


async def remind(update: Update, context: ShopContext) -> int:
    """Turn reminders before codes expire on or off."""
    wanted = press_of(update).number() == 1
    await set_reminders(context.shop, context.customer.id, wanted=wanted)
    await context.show(update, screens.reminders(context.words, wanted=wanted), "remind")
    return END


async def _how_to(context: ShopContext, order_id: int) -> aftercare.HowTo:
    customer = context.customer
    return await aftercare.how_to_redeem(context.shop, customer.id, order_id, customer.locale)


async def how_to_redeem(update: Update, context: ShopContext) -> int:
    view = await _how_to(context, _order_of(update))
    if context.customer.banned:  # they keep what they paid for, and nothing of the shelf
        view = replace(view, has_picture=False)
    await _show_beside(update, context, aftercare_screens.how_to(context.words, view), "how")
    return END


async def problem(update: Update, context: ShopContext) -> int:
    """What to check first; support is asked by the button below."""
    view = await _how_to(context, _order_of(update))
    await _show_beside(update, context, aftercare_screens.problem(context.words, view), "problem")
    return END


async def ask_support(update: Update, context: ShopContext) -> str:
    """Open the customer's case with the order attached; however often it is pressed, one case."""
    order_id = _order_of(update)
    await _how_to(context, order_id)  # or it is refused
    return await support.ask_about_order(update, context, order_id)


async def summary(update: Update, context: ShopContext) -> int:
    view = await aftercare.summarise(context.shop, context.customer.id, _order_of(update))
    screen = aftercare_screens.summary(context.words, view, context.bot_state.zone)
    await _show_beside(update, context, screen, "summary")
    return END


def _order_of(update: Update) -> int:
    return press_of(update).number()


async def _show_beside(update: Update, context: ShopContext, screen: Screen, what: str) -> None:
    """Edit the pressed message where it surely shows a screen about an order; else send a new one.

    A message with codes keeps them.
    """
    pressed = update.callback_query.message if update.callback_query else None
    shown = (
        context.bot_state.shown.get((pressed.chat.id, pressed.message_id), "") if pressed else ""
    )
    if shown.partition(":")[0] in _ABOUT_ORDERS:
        await context.show(update, screen, what)
    else:
        await context.answer(update)
        await context.send(update, screen, what)


async def show_codes(update: Update, context: ShopContext) -> int:
    order_id = press_of(update).number()
    if await is_double_tap(context.shop, context.customer, order_id, update.update_id):
        await context.answer(update, context.words.plain("toast-on-screen"), alert=True)
        return END
    await show_again(context.shop, context.customer, order_id)
    await context.answer(update, context.words.plain("toast-shown"))
    async with context.shop.order_screens.of(order_id):
        await _show(update, context, order_id)
    return END


async def hide(update: Update, context: ShopContext) -> int:
    """Hide an order's codes. Their owner reads so after it: until then, others may read the codes."""
    order_id = press_of(update).number()
    message = update.callback_query.message if update.callback_query else None
    pressed_id = message.message_id if message else None
    try:
        await hide_codes(context.shop, context.customer, order_id, pressed_id)
    except SendFailure:  # it is tried again
        await context.answer(update, context.words.plain("toast-not-hidden"), alert=True)
        return END
    await context.answer(update, context.words.plain("toast-hidden"))
    return END
