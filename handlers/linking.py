"""/link: operators say which products of two suppliers are one to customers."""

from telegram import Update

from bot.domain.money import parse_count
from bot.services.links import (
    find_products,
    link_products,
    list_links,
    unlink_product,
    view_link,
)
from handlers.screens import linking as screens
from handlers.visit import Visit, arguments, must_be_operator, press_of


async def link(update: Update, visit: Visit) -> None:
    """`/link` lists; `/link <name>` finds; `/link p12 p45` asks; `/link p45 off` ends it."""
    words = arguments(update).split()
    numbers = [_product(word) for word in words]
    if not words:
        await visit.show(update, screens.links(visit.words, list_links(visit.shop)))
    elif len(words) == 2 and numbers[0] is not None and words[1].lower() == "off":  # noqa: PLR2004
        key = f"update:{update.update_id}"
        operator_id = visit.customer.id
        count = await unlink_product(visit.shop, numbers[0], key=key, operator_id=operator_id)
        await visit.show(update, screens.unlinked(visit.words, count))
    elif len(words) == 2 and numbers[0] is not None and numbers[1] is not None:  # noqa: PLR2004
        view = await view_link(visit.shop, numbers[0], numbers[1])
        await visit.show(update, screens.ask_link(visit.words, view))
    else:
        query = " ".join(words)
        found = find_products(visit.shop, query)
        await visit.show(update, screens.found(visit.words, query, found))


def _product(word: str) -> int | None:
    return parse_count(word[1:]) if word[:1].lower() == "p" and len(word) > 1 else None


async def confirm(update: Update, visit: Visit) -> None:
    must_be_operator(visit)
    press = press_of(update)
    follower, leader = press.number(0), press.number(1)
    key = f"update:{update.update_id}"
    count = await link_products(
        visit.shop, leader, follower, key=key, operator_id=visit.customer.id
    )
    await visit.show(update, screens.linked(visit.words, count))
