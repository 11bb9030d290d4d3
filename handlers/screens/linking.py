"""Screens for operators about links between products of several suppliers."""

from collections.abc import Collection, Sequence

from bot.domain.catalogue import Product
from bot.domain.paging import count_pages
from bot.services.catalogue.links import LinkView
from handlers.callback_data import pack
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from handlers.screens.operator import note
from locales import Words

_MAX_LINES = 15
_LONGEST_NAME = 40


def _name(product: Product) -> str:
    return f"p{product.id} {product.title[:_LONGEST_NAME]} ({product.supplier})"


def links(
    words: Words,
    linked_products: Sequence[tuple[Product, Product]],
    hidden: Collection[int] = (),
    page: int = 0,
) -> Screen:
    """A page of all links. `hidden`: the ids of products that nobody can buy."""
    screen = ScreenBuilder(words)
    pages = count_pages(len(linked_products), _MAX_LINES)
    page = min(page, pages - 1)
    screen.line("links")
    screen.page_number(page, pages)
    if not linked_products:
        screen.line("links-none")
    for alias, primary in linked_products[page * _MAX_LINES : (page + 1) * _MAX_LINES]:
        screen.line("links-line", alias=_name(alias), primary=_name(primary))
        _tell_hidden(screen, [one for one in (alias, primary) if one.id in hidden])
    screen.pages(page, pages, lambda other: pack("links", other))
    return screen.done()


def _tell_hidden(screen: ScreenBuilder, products: Sequence[Product]) -> None:
    if products:
        screen.gap()
        screen.add("links-hidden", ids=", ".join(f"p{one.id}" for one in products))


def found(
    words: Words, query: str, products: Sequence[Product], hidden: Collection[int] = ()
) -> Screen:
    """What words name. `hidden`: as in `links`."""
    if not products:
        return note(words, "links-found-none", query=query[:_LONGEST_NAME])
    screen = ScreenBuilder(words)
    for product in products[:_MAX_LINES]:
        screen.line(
            "links-found",
            id=f"p{product.id}",
            product=product.title[:_LONGEST_NAME],
            supplier=product.supplier,
        )
        _tell_hidden(screen, [product] if product.id in hidden else [])
    return screen.done()


def ask_link(words: Words, view: LinkView) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("link-same")
    for alias, primary in view.pairs[:_MAX_LINES]:
        screen.line(
            "link-pair", alias=alias.label[:_LONGEST_NAME], primary=primary.label[:_LONGEST_NAME]
        )
    if view.alone:
        labels = [value.label[:_LONGEST_NAME] for value in view.alone[:_MAX_LINES]]
        screen.line("link-alone", values=", ".join(labels))
    screen.line("link-ask", alias=_name(view.alias), primary=_name(view.primary))
    screen.button("button-link-yes", pack("link", view.alias.id, view.primary.id))
    screen.button("button-leave", pack("link", view.alias.id, 0))
    return screen.done()


def linked(words: Words, count: int) -> Screen:
    return note(words, "link-done", count=count)


def unlinked(words: Words, count: int) -> Screen:
    return note(words, "link-off", count=count)
