"""Buttons and screens for buying once more what was bought, and for sending somebody a product."""

from typing import Final
from urllib.parse import quote, urlencode

from bot.domain.orders import Order
from bot.services.orders.again import Again, Hindrance, NotAgain
from handlers.callback_data import pack
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from handlers.screens.reasons import why_paused
from handlers.screens.values import category_title, names_of
from locales import Words

_SHARE: Final = "https://t.me/share/url"
_LONGEST_TITLE: Final = 200  # in a link, where a letter of Arabic takes six characters


def again_button(screen: ScreenBuilder, order: Order) -> None:
    screen.button("button-rebuy", pack("rebuy", order.id))


def last_bought_button(screen: ScreenBuilder, order: Order) -> None:
    """On Home: what the customer bought last."""
    screen.button(
        "button-rebuy-last",
        pack("rebuy", order.id),
        style=None,
        **names_of(screen.words, order),
    )


def again_lines(screen: ScreenBuilder, again: Again) -> None:
    """What is unlike the last time: the price, and how many can be bought."""
    if again.other_price_minor is not None:
        screen.line("again-price", price=screen.words.money(again.other_price_minor))
    if again.is_fewer:
        screen.line("again-fewer", count=again.view.quote.quantity, wanted=again.order.quantity)


def not_again(words: Words, view: NotAgain) -> Screen:
    """What was bought is not sold now; a button leads to its brand, or its category."""
    screen = ScreenBuilder(words)
    order = view.order
    bought = names_of(words, order)
    if view.paused.reason:
        why = why_paused(words, view.paused.reason, view.paused.texts)
        screen.line("again-paused-why", **bought, why=why)
    else:
        screen.line("again-paused" if view.why is Hindrance.PAUSED else "again-gone", **bought)
    place = view.place
    if place is not None and place.products > 1:
        data = pack("brand", place.brand, 0)
        screen.button("button-category", data, category=place.title)
    elif place is not None and place.brands > 1:
        data = pack("shelf", place.category, 0)
        screen.button(
            "button-category",
            data,
            category=category_title(words.locale, place.category, place.category_names),
        )
    screen.home()
    return screen.done()


def share_button(screen: ScreenBuilder, link: str, name: str) -> None:
    """Opens Telegram's list of chats, to send somebody this link and the product's name.

    Without a price: the message stays, and the price does not.
    """
    query = urlencode(
        {"url": link, "text": name[:_LONGEST_TITLE]}, quote_via=quote, errors="ignore"
    )
    screen.button("button-share", url=f"{_SHARE}?{query}")
