"""/link: operators declare products of two suppliers to be the same product."""

from telegram import Update

from bot.domain.amounts import read_count
from bot.services.catalogue.curated import hidden_ids
from bot.services.catalogue.links import (
    find_products,
    link_products,
    list_links,
    unlink_product,
    view_link,
)
from handlers.context import ShopContext, arguments, operators_words, press_of
from handlers.screen import Screen
from handlers.screens import linking as screens
from handlers.screens.operator import note


async def link(update: Update, context: ShopContext) -> None:
    """`/link` lists all links, `/link <name>` finds products, `/link p12 p45` asks whether to link
    two, and `/link p45 off` removes a link.
    """
    words = arguments(update).split()
    numbers = [_product(word) for word in words]
    if not words:
        await _show_links(update, context)
    elif len(words) == 2 and numbers[0] is not None and words[1].lower() == "off":  # noqa: PLR2004
        key = context.key_of(update)
        operator_id = context.customer.id
        with operators_words(words[0]):
            count = await unlink_product(context.shop, numbers[0], key=key, operator_id=operator_id)
        screen = screens.unlinked(context.words, count) if count else _unchanged(context)
        await context.show(update, screen)
    elif len(words) == 2 and numbers[0] is not None and numbers[1] is not None:  # noqa: PLR2004
        with operators_words(" ".join(words)):
            view = await view_link(context.shop, numbers[0], numbers[1])
        await context.show(update, screens.ask_link(context.words, view))
    else:
        query = " ".join(words)
        products, hidden = find_products(context.shop, query), hidden_ids(context.shop)
        await context.show(update, screens.found(context.words, query, products, hidden))


async def press_page(update: Update, context: ShopContext) -> None:
    """Another page of all links."""
    await _show_links(update, context, press_of(update).number())


async def _show_links(update: Update, context: ShopContext, page: int = 0) -> None:
    found, hidden = list_links(context.shop), hidden_ids(context.shop)
    await context.show(update, screens.links(context.words, found, hidden, page))


def _unchanged(context: ShopContext) -> Screen:
    return note(context.words, "left-alone")


def _product(word: str) -> int | None:
    """The id in a word such as p12."""
    return read_count(word[1:]) if word[:1].lower() == "p" and len(word) > 1 else None


async def confirm(update: Update, context: ShopContext) -> None:
    """The answer to the question of `link`."""
    press = press_of(update)
    alias, primary = press.number(0), press.number(1)
    if not primary and any(linked.id == alias for linked, _ in list_links(context.shop)):
        await _show_links(update, context)  # it was linked before this "no"
        return
    if not primary:
        await context.show(update, _unchanged(context))
        return
    key = context.key_of(update)
    count = await link_products(
        context.shop, primary, alias, key=key, operator_id=context.customer.id
    )
    await context.show(update, screens.linked(context.words, count))
