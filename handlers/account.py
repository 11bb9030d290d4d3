"""Handlers for a customer's wallet and language, and for pages of plain text."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import ConversationHandler

from bot.domain.records import Locale
from bot.refusals import NotFound
from bot.services.messaging.customers import choose_language
from bot.services.news.wishes import set_wants_news, wants_news
from bot.services.operations.customer_reports import my_wallet
from handlers.again import home_screen
from handlers.context import ShopContext, press_of
from handlers.menus import set_chat_menu
from handlers.screens import account as screens
from handlers.screens import news as news_screens

END = ConversationHandler.END


async def wallet(update: Update, context: ShopContext) -> int:
    page = press_of(update).number() if update.callback_query else 0
    report = await my_wallet(context.shop, context.customer.id, page)
    screen = screens.wallet(context.words, context.customer.id, report, context.bot_state.zone)
    await context.show(update, screen, "wallet")
    return END


async def languages(update: Update, context: ShopContext) -> int:
    wanted = await wants_news(context.shop, context.customer.id)
    screen = screens.languages(context.words, wants_news=wanted)
    await context.show(update, screen, "langs")
    return END


async def set_language(update: Update, context: ShopContext) -> int:
    code = press_of(update).args[0]
    if code not in set(Locale):
        raise NotFound
    context.customer = await choose_language(context.shop, context.customer.id, Locale(code))
    home = await home_screen(context)
    await context.show(update, home, "home", context.words.plain("language-set"))
    own = context.bot_state.needed.commands_for(await context.rights())
    await set_chat_menu(context.bot, context.customer.id, context.words, own)
    return END


async def news(update: Update, context: ShopContext) -> int:
    """Get news of the shop, or no more of it. A second press shows the same."""
    wanted = press_of(update).number() == 1
    await set_wants_news(context.shop, context.customer.id, wanted=wanted)
    most = context.shop.policy.news_per_week
    await context.show(update, news_screens.choice(context.words, most, wanted=wanted), "news")
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
