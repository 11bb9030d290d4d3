"""Handlers for a customer's orders: the list, one order, and showing and hiding its codes."""

from telegram import Update
from telegram.ext import ConversationHandler

from bot.services.codes.reminders import set_reminders
from bot.services.codes.reveal import hide_codes, show_again
from bot.services.operations.customer_reports import my_order, my_orders
from handlers.context import ShopContext, press_of
from handlers.payments import show_unpaid_order
from handlers.screens import orders as screens

END = ConversationHandler.END


async def list_orders(update: Update, context: ShopContext) -> int:
    page = press_of(update).number() if update.callback_query else 0
    orders, number, pages = await my_orders(context.shop, context.customer.id, page)
    await context.show(update, screens.order_list(context.words, orders, number, pages), "orders")
    return END


async def one_order(update: Update, context: ShopContext) -> int:
    if await show_unpaid_order(update, context, press_of(update).number()):
        return END
    await _show(update, context, press_of(update).number())
    return END


async def _show(update: Update, context: ShopContext, order_id: int) -> None:
    view = await my_order(context.shop, context.customer.id, order_id)
    await context.show(
        update, screens.one_order(context.words, view, context.bot_state.zone), "order"
    )


async def remind(update: Update, context: ShopContext) -> int:
    """Turn reminders before codes expire on or off."""
    wanted = press_of(update).number() == 1
    await set_reminders(context.shop, context.customer.id, wanted=wanted)
    await context.show(update, screens.reminders(context.words, wanted=wanted), "remind")
    return END


async def show_codes(update: Update, context: ShopContext) -> int:
    order_id = press_of(update).number()
    await show_again(context.shop, context.customer, order_id)
    await context.answer(update, context.words.plain("toast-shown"))
    await _show(update, context, order_id)
    return END


async def hide(update: Update, context: ShopContext) -> int:
    await context.answer(update, context.words.plain("toast-hidden"))
    message = update.callback_query.message if update.callback_query else None
    pressed_id = message.message_id if message else None
    await hide_codes(context.shop, context.customer, press_of(update).number(), pressed_id)
    return END
