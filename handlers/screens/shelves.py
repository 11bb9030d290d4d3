"""Screens of the shop's tree: home, categories, brands; and of what a search found."""

from collections.abc import Sequence
from typing import Final

from bot.domain.brands import UNKNOWN_REGION
from bot.domain.catalogue import Product
from bot.domain.orders import Order
from bot.services.catalogue.browse import Offer, Place, ProductEntry, State
from bot.services.catalogue.shelves import (
    BrandEntry,
    BrandPage,
    CategoryEntry,
    CategoryPage,
    HitView,
    HomeView,
    SearchView,
)
from handlers.callback_data import pack
from handlers.label_width import fits
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from handlers.screens.again import last_bought_button
from handlers.screens.values import category_title, face_value, value_label
from locales import Words
from locales.naming import region_name

_LONGEST_QUERY: Final = 60
# The ends of the keys of buttons.
_STATES: Final = {State.OPEN: "", State.SOLD_OUT: "-sold-out", State.PAUSED: "-paused"}


def home(words: Words, view: HomeView, last: Order | None = None) -> Screen:
    """`last`: the customer's last order, whose value can be bought again."""
    screen = ScreenBuilder(words)
    screen.line("home" if view.categories else "home-empty")
    if last is not None:
        last_bought_button(screen, last)
    _featured(screen, view.featured)
    _brand_grid(screen, view.popular)
    _category_grid(screen, view.categories)
    screen.grid(
        [
            screen.make_button("button-search", pack("find")),
            screen.make_button("button-orders", pack("orders", 0)),
            screen.make_button("button-wallet", pack("wallet", 0)),
            screen.make_button("button-language", pack("langs")),
        ]
    )
    return screen.done()


def _featured(screen: ScreenBuilder, products: Sequence[Product]) -> None:
    """What an operator has put on the first page."""
    locale = screen.words.locale
    buttons = [
        screen.make_button("button-featured", pack("prod", one.id), product=one.name_in(locale))
        for one in products
    ]
    screen.grid(buttons)


def _brand_grid(screen: ScreenBuilder, brands: Sequence[BrandEntry]) -> None:
    screen.grid([screen.name_button(brand.title, brand_data(brand)) for brand in brands])


def brand_data(brand: BrandEntry) -> str:
    """Where a brand's button leads: to its products, or to the only one."""
    if brand.product_id is not None:
        return pack("prod", brand.product_id)
    return pack("brand", brand.key, 0)


def _category_grid(screen: ScreenBuilder, categories: Sequence[CategoryEntry]) -> None:
    locale = screen.words.locale
    buttons = [
        screen.name_button(
            category_title(locale, category.key, category.names),
            brand_data(category.only) if category.only else pack("shelf", category.key, 0),
        )
        for category in categories
    ]
    screen.grid(buttons)


def brands(words: Words, page: CategoryPage) -> Screen:
    """The brands of a category."""
    screen = ScreenBuilder(words)
    screen.line("brands", category=category_title(words.locale, page.key, page.names))
    screen.page_number(page.number, page.pages)
    screen.line("brands-ask")
    _brand_grid(screen, page.brands)
    screen.pages(
        page.number, page.pages, lambda number: pack("shelf", page.key, number), numbered=True
    )
    screen.back(pack("home"))
    return screen.done()


def brand_products(words: Words, page: BrandPage) -> Screen:
    """The products of a brand."""
    screen = ScreenBuilder(words)
    screen.line("products", category=page.brand.title)
    screen.page_number(page.number, page.pages)
    screen.line("products-ask")
    for entry in page.products:
        product_button(screen, entry)
    key = page.brand.key
    screen.pages(page.number, page.pages, lambda number: pack("brand", key, number), numbered=True)
    many = page.brands > 1
    screen.back(pack("shelf", page.brand.category, 0) if many else pack("home"))
    return screen.done()


def back_of(place: Place) -> str:
    """Where one goes back to from a product: to the nearest list that holds more than it."""
    if place.products > 1:
        return pack("brand", place.brand, 0)
    return pack("shelf", place.category, 0) if place.brands > 1 else pack("home")


def product_button(screen: ScreenBuilder, entry: ProductEntry) -> None:
    """A product with its region, unless its title names it, and its lowest price or its state."""
    locale = screen.words.locale
    # Titles name regions in Latin letters.
    in_title = entry.in_title and not screen.words.right_to_left
    named = in_title or entry.region == UNKNOWN_REGION
    region = "" if named else region_name(locale, entry.region, short=True)
    kind = "region" if region else "plain"
    title = entry.product.name_in(locale)
    data = pack("prod", entry.product.id)
    if entry.state is State.OPEN and entry.from_minor is not None:
        price = screen.words.money(entry.from_minor)
        key = f"button-entry-{kind}-from"
        if fits(screen.words.label(key, price=price, product=title, region=region)):
            screen.button(key, data, price=price, product=title, region=region)
            return
    screen.button(f"button-entry-{kind}{_STATES[entry.state]}", data, product=title, region=region)


def found(words: Words, query: str, view: SearchView, message_id: int | None = None) -> Screen:
    """What was found, with the values that were named; or what could have been meant.

    `message_id`: the customer's message with the query, which can be sent to support.
    """
    screen = ScreenBuilder(words)
    shown = query[:_LONGEST_QUERY]
    if view.hits:
        screen.line("search-found", query=shown)
        for hit in view.hits:
            _hit_buttons(screen, hit)
    else:
        screen.line("search-none-near" if view.brands else "search-none", query=shown)
        _brand_grid(screen, view.brands)
        _category_grid(screen, view.home.categories)
        _support_button(screen, message_id)
    screen.home()
    return screen.done()


def _hit_buttons(screen: ScreenBuilder, hit: HitView) -> None:
    sold = [offer for offer in hit.offers if offer.state is State.OPEN]
    if hit.entry.state is not State.OPEN or not (sold or hit.typed):
        product_button(screen, hit.entry)
        return
    title = hit.entry.product.name_in(screen.words.locale)
    for offer in sold:
        _value_button(screen, title, offer)
    if hit.typed is not None:
        range_id, minor, currency = hit.typed
        value = face_value(screen.words, minor, currency)
        screen.button("button-hit", pack("face", range_id, minor), product=title, value=value)


def _value_button(screen: ScreenBuilder, title: str, offer: Offer) -> None:
    screen.button(
        "button-hit-price",
        pack("den", offer.denomination_id),
        product=title,
        value=value_label(screen.words, offer.label),
        price=screen.words.money(offer.price_minor),
    )


def ask_brand(words: Words, query: str, view: SearchView) -> Screen:
    """A value without a brand was typed: of which?"""
    screen = ScreenBuilder(words)
    screen.line("search-which-brand", query=query[:_LONGEST_QUERY])
    minor = view.value_minor
    screen.grid(
        [
            screen.name_button(
                brand.title,
                brand_data(brand) if minor is None else pack("worth", brand.key, minor),
            )
            for brand in view.brands
        ]
    )
    _category_grid(screen, view.home.categories)
    screen.home()
    return screen.done()


def ask_search(words: Words) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("search-ask")
    screen.home()
    return screen.done()


def ask_trouble(words: Words, message_id: int | None = None) -> Screen:
    """For who writes that something is wrong: support, and their orders.

    `message_id`: the customer's message that says what, which can be sent to support.
    """
    screen = ScreenBuilder(words)
    screen.line("search-trouble")
    _support_button(screen, message_id)
    screen.button("button-orders", pack("orders", 0))
    screen.home()
    return screen.done()


def _support_button(screen: ScreenBuilder, message_id: int | None) -> None:
    if message_id is None:
        screen.button("button-help", pack("case"))
    else:
        screen.button("button-tell-support", pack("tell", message_id))
