"""Screens of the walk, from home to the confirmation of a quote, and of the search."""

from collections.abc import Sequence
from typing import Final

from bot.domain.catalogue import Category, Product
from bot.domain.money import MINOR_PER_UNIT
from bot.errors import OtherCurrency
from bot.services.catalogue.browse import Offer, Page, ProductView, QuantityView, RangeView
from bot.services.orders.quote import QuoteView
from handlers.callback_data import pack
from handlers.screen import Button, Screen, Style
from handlers.screen_builder import ScreenBuilder
from handlers.screens.amounts import other_currency_line
from locales import Words

_LONGEST_NAME: Final = 60  # longer names are cut on buttons only
_LONGEST_QUERY: Final = 60
_NARROW_LABEL: Final = 24  # letters of a label that fit twice in a row of a small phone
_COUNTRY_CODE: Final = 3


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…"


def home(words: Words, categories: Sequence[Category]) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("home" if categories else "home-empty")
    screen.grid([Button(_short(c.title), pack("cat", c.id, 0)) for c in categories], 2)
    screen.grid(
        [
            screen.make_button("button-orders", pack("orders", 0)),
            screen.make_button("button-wallet", pack("wallet", 0)),
            screen.make_button("button-language", pack("langs")),
        ],
        2,
    )
    return screen.done()


def products(words: Words, page: Page) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("products", category=page.category.title)
    screen.page_number(page.number, page.pages)
    for product in page.products:
        _product_button(screen, product)
    screen.pages(
        page.number,
        page.pages,
        lambda number: pack("cat", page.category.id, number),
        numbered=True,
    )
    screen.back(pack("home"))
    return screen.done()


def _product_button(screen: ScreenBuilder, product: Product) -> None:
    screen.button(
        "button-product-region" if product.region else "button-product",
        pack("prod", product.id),
        product=_short(product.title),
        region=_region(product),
    )


def _region(product: Product) -> str:
    """A country code in capitals, anything longer as the supplier writes it."""
    return product.region.upper() if len(product.region) <= _COUNTRY_CODE else product.region


def product(words: Words, view: ProductView, *, no_answer: bool = False) -> Screen:
    """The values of a product. `no_answer`: its supplier was asked for them and did not answer."""
    screen = ScreenBuilder(words)
    path = {"category": view.category.title, "product": view.product.title}
    if view.offers:
        screen.line("product", **path)
        if view.product.region:
            screen.line("product-region", region=_region(view.product))
        values = [_value_button(screen, offer) for offer in view.offers]
        screen.grid(values, 2, longest_label=_NARROW_LABEL)
    elif view.offers is not None:
        screen.line("product-nothing", **path)
    elif no_answer:
        screen.line("product-no-answer", **path)
        screen.button("button-again", pack("prod", view.product.id))
    else:
        screen.line("product-loading", **path)
    screen.back(pack("cat", view.category.id, 0))
    return screen.done()


def _value_button(screen: ScreenBuilder, offer: Offer) -> Button:
    value = _short(offer.label)
    if offer.sold_out:
        data = pack("sold", offer.denomination_id)
        return screen.make_button("button-value-sold-out", data, value=value)
    data = pack("den", offer.denomination_id)
    if offer.is_range:
        return screen.make_button("button-range", data, value=value)
    price = screen.words.money(offer.price_minor)
    return screen.make_button("button-value", data, value=value, price=price)


def ask_value(words: Words, view: RangeView) -> Screen:
    """The question for a value, for a product that is sold in any value between two bounds."""
    screen = ScreenBuilder(words)
    screen.line(
        "range-ask",
        product=view.product.title,
        least=words.value(view.lowest_minor, view.currency),
        most=words.value(view.highest_minor, view.currency),
    )
    _end_of_range(screen, view)
    return screen.done()


def refuse_value(words: Words, view: RangeView, other: OtherCurrency | None) -> Screen:
    """What was typed is no value of the range: the question again."""
    screen = ScreenBuilder(words)
    other_currency_line(screen, other)
    screen.line(
        "range-refused",
        least=words.value(view.lowest_minor, view.currency),
        most=words.value(view.highest_minor, view.currency),
        example=words.value(_example_value(view), view.currency),
    )
    _end_of_range(screen, view)
    return screen.done()


def _example_value(view: RangeView) -> int:
    """A value about in the middle of the lower half."""
    steps = (view.highest_minor - view.lowest_minor) // view.step_minor
    return view.lowest_minor + steps // 4 * view.step_minor


def _end_of_range(screen: ScreenBuilder, view: RangeView) -> None:
    if view.step_minor != MINOR_PER_UNIT:
        screen.line("range-step", step=screen.words.value(view.step_minor, view.currency))
    screen.back(pack("prod", view.product.id))


def quantity(words: Words, view: QuantityView) -> Screen:
    screen = ScreenBuilder(words)
    screen.line(
        "quantity",
        product=view.product.title,
        value=view.offer.label,
        price=words.money(view.offer.price_minor),
    )
    if view.maximum == 1:
        screen.line("quantity-one")
    else:
        screen.line("quantity-range", maximum=view.maximum)
    _quantity_buttons(screen, view)
    return screen.done()


def refuse_quantity(words: Words, view: QuantityView) -> Screen:
    """What was typed is no number of codes that can be bought: the question again."""
    screen = ScreenBuilder(words)
    if view.maximum == 1:
        screen.line("quantity-refused-one")
    else:
        screen.line("quantity-refused", maximum=view.maximum, example=2)
    _quantity_buttons(screen, view)
    return screen.done()


def _quantity_buttons(screen: ScreenBuilder, view: QuantityView) -> None:
    denomination_id = view.offer.denomination_id
    screen.row(*(Button(str(n), pack("qty", denomination_id, n)) for n in view.quantities))
    screen.back(pack("prod", view.product.id))


def confirm(words: Words, view: QuoteView, minutes: int) -> Screen:
    """The quote to be confirmed; it is valid for so many minutes."""
    screen = ScreenBuilder(words)
    quote = view.quote
    screen.line(
        "confirm",
        product=view.product.title,
        value=view.label,
        count=str(quote.quantity),
        price=words.money(quote.unit_price_minor),
        total=words.money(quote.total_minor),
    )
    if view.product.region:
        screen.line("confirm-region", region=_region(view.product))
    if view.sandbox:
        screen.line("confirm-sandbox")
    wallet, missing = words.money(view.wallet_minor), words.money(view.missing_minor)
    if view.missing_minor and not view.can_pay:
        screen.line("confirm-short", wallet=wallet, missing=missing, id=str(quote.user_id))
        screen.button("button-again", pack("qty", quote.denomination_id, quote.quantity))
    elif view.missing_minor:
        screen.line("confirm-pay", wallet=wallet, missing=missing)
        screen.line("confirm-until", minutes=minutes)
        screen.button("button-buy-pay", pack("buy", quote.id), style=Style.PAY)
    else:
        after = words.money(view.wallet_minor - quote.total_minor)
        screen.line("confirm-wallet", wallet=wallet, after=after)
        screen.line("confirm-until", minutes=minutes)
        screen.button("button-buy", pack("buy", quote.id), style=Style.PAY)
    screen.back(pack("den", quote.denomination_id), "button-change")
    return screen.done()


def found(words: Words, query: str, hits: Sequence[Product]) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("search-found" if hits else "search-none", query=query[:_LONGEST_QUERY])
    for hit in hits:
        _product_button(screen, hit)
    screen.home()
    return screen.done()


def ask_search(words: Words) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("search-ask")
    screen.home()
    return screen.done()
