"""What operators see of values that are sold as one."""

from collections.abc import Sequence

from bot.domain.catalogue import Product
from bot.services.catalogue.links import LinkView
from handlers.callback_data import pack
from handlers.richtext import RichText
from handlers.screen import Button, Screen, screen
from locales import Words

_MOST = 15
_LONGEST = 40


def _named(product: Product) -> str:
    return f"p{product.id} {product.title[:_LONGEST]} ({product.supplier})"


def links(words: Words, linked: Sequence[tuple[Product, Product]]) -> Screen:
    text = RichText().add(words.text("links"))
    if not linked:
        text.line(words.text("links-none"))
    for alias, primary in linked[:_MOST]:
        text.line(words.text("links-line", alias=_named(alias), primary=_named(primary)))
    return screen(text)


def found(words: Words, query: str, products: Sequence[Product]) -> Screen:
    if not products:
        return screen(RichText().add(words.text("links-found-none", query=query[:_LONGEST])))
    text = RichText()
    for product in products[:_MOST]:
        line = words.text(
            "links-found",
            id=f"p{product.id}",
            product=product.title,
            supplier=product.supplier,
        )
        if product is products[0]:
            text.add(line)
        else:
            text.line(line)
    return screen(text)


def ask_link(words: Words, view: LinkView) -> Screen:
    alias, primary = _named(view.alias), _named(view.primary)
    text = RichText().add(words.text("link-ask", alias=alias, primary=primary))
    for mine, theirs in view.pairs[:_MOST]:
        text.line(
            words.text("link-pair", alias=mine.label[:_LONGEST], primary=theirs.label[:_LONGEST])
        )
    if view.alone:
        values = ", ".join(it.label[:_LONGEST] for it in view.alone[:_MOST])
        text.line(words.text("link-alone", values=values))
    data = pack("link", view.alias.id, view.primary.id)
    return screen(text, [Button(words.label("button-link-yes"), data)])


def linked(words: Words, count: int) -> Screen:
    return screen(RichText().add(words.text("link-done", count=count)))


def unlinked(words: Words, count: int) -> Screen:
    return screen(RichText().add(words.text("link-off", count=count)))
