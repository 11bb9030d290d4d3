"""Search: what a customer writes that answers no question, and the buttons of what was found."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from telegram import Update
from telegram.ext import ConversationHandler

from bot.domain.search import Intent
from bot.services.catalogue.shelves import view_search
from bot.services.selling.pauses import read_closed
from handlers import account, my_orders
from handlers.again import home_screen
from handlers.context import ShopContext, arguments, press_of, typed
from handlers.products import show_product
from handlers.screens import shelves as screens

END = ConversationHandler.END
# Words that say what is wrong, and not only that something is: such a message can be sent as it is.
_FEWEST_WORDS: Final = 3


async def home(update: Update, context: ShopContext) -> int:
    await context.show(update, await home_screen(context), "home")
    return END


async def ask_words(update: Update, context: ShopContext) -> int:
    """The button *Search*: whatever is typed then is searched for, as it always is."""
    await context.show(update, screens.ask_search(context.words), "find")
    return END


async def search_command(update: Update, context: ShopContext) -> int | str:
    query = arguments(update)
    return await search(update, context, query) if query else await ask_words(update, context)


async def typed_text(update: Update, context: ShopContext) -> int | str:
    """A text that answers no question: products, a page of the shop, or what could be meant."""
    return await search(update, context, typed(update))


async def brand_with_value(update: Update, context: ShopContext) -> int | str:
    """The brand for a value that was typed without one."""
    press = press_of(update)
    node = context.shop.shelf.brand(press.args[0])
    whole, hundredths = divmod(press.number(1), 100)
    amount = f"{whole}.{hundredths:02}" if hundredths else str(whole)
    return await search(update, context, f"{node.title} {amount}")


async def search(update: Update, context: ShopContext, query: str) -> int | str:
    """Answer these words with what they find, or with the page that they mean; returns the state."""
    closed = await read_closed(context.shop)
    view = view_search(context.shop, query, closed)
    shown = " ".join(query.split())
    if view.hits:
        only = view.hits[0] if len(view.hits) == 1 else None
        if only and not only.offers and only.typed is None:
            return await show_product(update, context, only.entry.product.id)
        await context.show(update, screens.found(context.words, shown, view), "find")
    elif view.intent is Intent.REFUND:
        told = _message_id(update) if len(shown.split()) >= _FEWEST_WORDS else None
        await context.show(update, screens.ask_trouble(context.words, told), "trouble")
    elif view.intent is not None:
        await PAGES[view.intent](update, context)
    elif view.asks_brand:
        await context.show(update, screens.ask_brand(context.words, shown, view), "find")
    else:
        screen = screens.found(context.words, shown, view, _message_id(update))
        await context.show(update, screen, "find")
    return END


def _message_id(update: Update) -> int | None:
    """The message with the query; none where a button was pressed."""
    message = update.effective_message if update.callback_query is None else None
    return message.message_id if message else None


# The pages that customers name by words; a complaint is answered with the message at hand.
PAGES: Final[dict[Intent, Callable[[Update, ShopContext], Coroutine[Any, Any, Any]]]] = {
    Intent.HOME: home,
    Intent.HELP: account.page("help"),
    Intent.ORDERS: my_orders.list_orders,
    Intent.WALLET: account.wallet,
    Intent.LANGUAGE: account.languages,
}
