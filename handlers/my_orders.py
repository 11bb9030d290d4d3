"""/orders: the list, one order, its codes shown again and hidden."""

from telegram import Update
from telegram.ext import ConversationHandler

from bot.services.remind import set_reminders
from bot.services.report import my_order, my_orders
from bot.services.reveal import hide_codes, show_again
from handlers.paying import show_awaiting
from handlers.screens import orders as screens
from handlers.visit import Visit, press_of

END = ConversationHandler.END


async def list_orders(update: Update, visit: Visit) -> int:
    page = press_of(update).number() if update.callback_query else 0
    orders, number, pages = await my_orders(visit.shop, visit.customer.id, page)
    await visit.show(update, screens.order_list(visit.words, orders, number, pages), "orders")
    return END


async def one_order(update: Update, visit: Visit) -> int:
    if await show_awaiting(update, visit, press_of(update).number()):
        return END
    await _show(update, visit, press_of(update).number())
    return END


async def _show(update: Update, visit: Visit, order_id: int) -> None:
    view = await my_order(visit.shop, visit.customer.id, order_id)
    await visit.show(update, screens.one_order(visit.words, view, visit.desk.zone), "order")


async def remind(update: Update, visit: Visit) -> int:
    """Whether to be told before codes expire."""
    wanted = press_of(update).number() == 1
    await set_reminders(visit.shop, visit.customer.id, wanted=wanted)
    await visit.show(update, screens.reminders(visit.words, wanted=wanted), "remind")
    return END


async def show_codes(update: Update, visit: Visit) -> int:
    order_id = press_of(update).number()
    await show_again(visit.shop, visit.customer, order_id)
    await visit.answer(update, visit.words.plain("toast-shown"))
    await _show(update, visit, order_id)
    return END


async def hide(update: Update, visit: Visit) -> int:
    await visit.answer(update, visit.words.plain("toast-hidden"))
    message = update.callback_query.message if update.callback_query else None
    pressed_id = message.message_id if message else None
    await hide_codes(visit.shop, visit.customer, press_of(update).number(), pressed_id)
    return END
