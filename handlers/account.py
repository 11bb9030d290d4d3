"""The customer's own pages."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import ConversationHandler

from bot.domain.records import Locale
from bot.errors import NotFound
from bot.services import browse
from bot.services.customers import choose_language
from bot.services.report import my_wallet
from handlers.menus import set_chat_menu
from handlers.screens import account as screens
from handlers.screens import shop as shop_screens
from handlers.visit import Visit, press_of

END = ConversationHandler.END


async def wallet(update: Update, visit: Visit) -> int:
    page = press_of(update).number() if update.callback_query else 0
    report = await my_wallet(visit.shop, visit.customer.id, page)
    screen = screens.wallet(visit.words, visit.customer.id, report, visit.desk.zone)
    await visit.show(update, screen, "wallet")
    return END


async def languages(update: Update, visit: Visit) -> int:
    await visit.show(update, screens.languages(visit.words), "langs")
    return END


async def set_language(update: Update, visit: Visit) -> int:
    code = press_of(update).args[0]
    if code not in set(Locale):
        raise NotFound
    visit.customer = await choose_language(visit.shop, visit.customer.id, Locale(code))
    home = shop_screens.home(visit.words, browse.list_categories(visit.shop))
    await visit.show(update, home, "home", visit.words.plain("language-set"))
    operator = visit.customer.id in visit.shop.policy.admin_ids
    await set_chat_menu(visit.bot, visit.customer.id, visit.words, operator=operator)
    return END


def page(key: str) -> Callable[[Update, Visit], Coroutine[Any, Any, int]]:
    """A handler that shows a page of plain text."""

    async def show(update: Update, visit: Visit) -> int:
        await visit.show(update, screens.page(visit.words, key, visit.customer.id))
        return END

    return show


async def unknown_press(update: Update, _visit: Visit) -> int:
    press_of(update)
    raise NotFound
