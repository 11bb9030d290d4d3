"""Screens about values that are sold out, and that customers wait for."""

from collections.abc import Sequence

from bot.domain.catalogue import Product
from bot.domain.people import BackInStock, WatchedValue
from handlers.callback_data import pack
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from handlers.screens.values import value_label
from locales import Words


def sold_out(
    words: Words, product: Product, label: str, denomination_id: int, *, can_watch: bool = True
) -> Screen:
    """A value that is sold out, with the offer to tell when it is back."""
    screen = ScreenBuilder(words)
    screen.line("sold-out", product=product.name_in(words.locale), value=value_label(words, label))
    if can_watch:
        screen.line("sold-out-offer")
        screen.button("button-watch", pack("watch", denomination_id))
    screen.back(pack("prod", product.id))
    return screen.done()


def watching(words: Words, product: Product, label: str, denomination_id: int) -> Screen:
    """The customer is told when the value is back."""
    screen = ScreenBuilder(words)
    screen.line("watch-on", product=product.name_in(words.locale), value=value_label(words, label))
    screen.line("watch-how")
    screen.button("button-unwatch", pack("unwatch", denomination_id))
    screen.button("button-watches", pack("watches"))
    screen.back(pack("prod", product.id))
    return screen.done()


def too_many(words: Words, most: int) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("watch-full", most=most)
    screen.button("button-watches", pack("watches"))
    screen.home()
    return screen.done()


def watch_list(words: Words, watched: Sequence[WatchedValue], most: int) -> Screen:
    """What a customer waits for; a press on a value ends that."""
    screen = ScreenBuilder(words)
    screen.line("watches" if watched else "watches-none", most=most)
    for value in watched:
        screen.button(
            "button-unwatch-value",
            pack("unwatch", value.denomination_id),
            product=value.product_title,
            value=value_label(words, value.label),
        )
    screen.back(pack("langs"))
    return screen.done()


def back_in_stock(words: Words, value: BackInStock) -> Screen:
    """The news that a value is in stock."""
    screen = ScreenBuilder(words)
    label = value_label(words, value.label)
    screen.line("watch-back", product=value.product_title, value=label)
    screen.line("watch-back-price", price=words.money(value.price_minor))
    screen.button("button-choose-quantity", pack("den", value.denomination_id))
    screen.home()
    return screen.done()
