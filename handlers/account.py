"""Handlers for a customer's wallet and language, and for pages of plain text."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import ConversationHandler

from bot.domain.records import Locale
from bot.errors import NotFound
from bot.services.catalogue import browse
from bot.services.messaging.customers import choose_language
from bot.services.operations.customer_reports import my_wallet
from handlers.context import ShopContext, press_of
from handlers.menus import set_chat_menu
from handlers.screens import account as screens
from handlers.screens import shop as shop_screens

END = ConversationHandler.END


async def wallet(update: Update, context: ShopContext) -> int:
    page = press_of(update).number() if update.callback_query else 0
    report = await my_wallet(context.shop, context.customer.id, page)
    screen = screens.wallet(context.words, context.customer.id, report, context.bot_state.zone)
    await context.show(update, screen, "wallet")
    return END


async def languages(update: Update, context: ShopContext) -> int:
    await context.show(update, screens.languages(context.words), "langs")
    return END


async def set_language(update: Update, context: ShopContext) -> int:
    code = press_of(update).args[0]
    if code not in set(Locale):
        raise NotFound
    context.customer = await choose_language(context.shop, context.customer.id, Locale(code))
    home = shop_screens.home(context.words, browse.list_categories(context.shop))
    await context.show(update, home, "home", context.words.plain("language-set"))
    operator = context.customer.id in context.shop.policy.admin_ids
    await set_chat_menu(context.bot, context.customer.id, context.words, operator=operator)
    return END


def page(key: str) -> Callable[[Update, ShopContext], Coroutine[Any, Any, int]]:
    """Make a handler that shows the page of plain text with this Fluent key."""

    async def show(update: Update, context: ShopContext) -> int:
        await context.show(update, screens.page(context.words, key, context.customer.id))
        return END

    return show


async def unknown_press(update: Update, _context: ShopContext) -> int:
    """Refuse a press that no other handler takes. Raises NotFound."""
    press_of(update)
    raise NotFound
