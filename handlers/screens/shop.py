"""Screens of the walk, from a product to the confirmation of a quote."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.money import MINOR_PER_UNIT
from bot.domain.paging import count_pages
from bot.refusals import OtherCurrency
from bot.services.catalogue.browse import Offer, Page, ProductView, QuantityView, RangeView, State
from bot.services.orders.again import Again
from bot.services.orders.quote import QuoteView
from handlers.callback_data import pack
from handlers.screen import Button, Screen, Style
from handlers.screen_builder import ScreenBuilder
from handlers.screens.again import again_lines, share_button
from handlers.screens.amounts import other_currency_line
from handlers.screens.pauses import paused_lines
from handlers.screens.pictures import picture_button
from handlers.screens.rules import region_line
from handlers.screens.shelves import back_of, product_button
from handlers.screens.values import face_value, value_label
from locales import Words

_VALUES_PAGE: Final = 40


def products(words: Words, page: Page) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("products", category=page.category.title)
    screen.page_number(page.number, page.pages)
    screen.line("products-ask")
    for entry in page.products:
        product_button(screen, entry)
    screen.pages(
        page.number,
        page.pages,
        lambda number: pack("cat", page.category.id, number),
        numbered=True,
    )
    screen.back(pack("home"))
    return screen.done()


def product(
    words: Words,
    view: ProductView,
    zone: ZoneInfo,
    *,
    page: int = 0,
    no_answer: bool = False,
    link: str | None = None,
) -> Screen:
    """A page of a product's values. `no_answer`: its supplier was asked for them and did not answer.

    `link` leads to the product; None: nobody can be sent it. `zone`: of the end of a pause.
    """
    screen = ScreenBuilder(words)
    path = {"category": view.place.title, "product": view.product.name_in(words.locale)}
    if view.state is State.PAUSED:
        paused_lines(screen, view, zone, **path)
    elif view.offers:
        screen.line("product", **path)
        region_line(screen, "product-region", view.region, view.guide)
        screen.line("product-ask")
        _values(screen, view.product.id, view.offers, page)
    elif view.offers is not None:
        screen.line("product-nothing", **path)
    elif no_answer:
        screen.line("product-no-answer", **path)
        screen.button("button-again", pack("prod", view.product.id))
    else:
        screen.line("product-loading", **path)
    if view.others:
        screen.line("product-instead")
        for entry in view.others:
            product_button(screen, entry)
    if view.has_picture:
        picture_button(screen, view.product.id)
    if link is not None:
        share_button(screen, link, view.product.name_in(words.locale))
    screen.back(back_of(view.place))
    return screen.done()


def _values(screen: ScreenBuilder, product_id: int, offers: Sequence[Offer], page: int) -> None:
    """Telegram takes 100 buttons in a message, and a customer reads fewer."""
    pages = count_pages(len(offers), _VALUES_PAGE)
    number = min(page, pages - 1)
    screen.page_number(number, pages)
    shown = offers[number * _VALUES_PAGE : (number + 1) * _VALUES_PAGE]
    screen.grid([_value_button(screen, offer) for offer in shown])
    screen.pages(number, pages, lambda other: pack("vals", product_id, other), numbered=True)


def _value_button(screen: ScreenBuilder, offer: Offer) -> Button:
    value = value_label(screen.words, offer.label)
    if offer.paused:
        return screen.make_button(
            "button-value-paused", pack("den", offer.denomination_id), value=value
        )
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
    screen.line("range-product", product=view.product.name_in(words.locale))
    _step_line(screen, view)
    screen.line(
        "range-ask",
        least=face_value(words, view.lowest_minor, view.currency),
        most=face_value(words, view.highest_minor, view.currency),
    )
    screen.back(pack("prod", view.product.id))
    return screen.done()


def refuse_value(
    words: Words, view: RangeView, other: OtherCurrency | None, typed_minor: int | None = None
) -> Screen:
    """What was typed is no value of the range: the question again. `typed_minor`: if it was a number."""
    screen = ScreenBuilder(words)
    other_currency_line(screen, other)
    _step_line(screen, view)
    if view.step_minor == MINOR_PER_UNIT and (typed_minor or 0) % MINOR_PER_UNIT:
        screen.line("range-whole")
    screen.line(
        "range-refused",
        least=face_value(words, view.lowest_minor, view.currency),
        most=face_value(words, view.highest_minor, view.currency),
        example=face_value(words, _example_value(view), view.currency),
    )
    screen.button("button-stop", pack("stop"))
    screen.back(pack("prod", view.product.id))
    return screen.done()


def _example_value(view: RangeView) -> int:
    """A value about in the middle of the lower half."""
    steps = (view.highest_minor - view.lowest_minor) // view.step_minor
    return view.lowest_minor + steps // 4 * view.step_minor


def _step_line(screen: ScreenBuilder, view: RangeView) -> None:
    if view.step_minor != MINOR_PER_UNIT:
        screen.line("range-step", step=face_value(screen.words, view.step_minor, view.currency))


def quantity(words: Words, view: QuantityView) -> Screen:
    screen = ScreenBuilder(words)
    screen.line(
        "quantity",
        product=view.product.name_in(words.locale),
        value=value_label(words, view.offer.label),
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
    _quantity_buttons(screen, view, cancel=True)
    return screen.done()


def _quantity_buttons(screen: ScreenBuilder, view: QuantityView, *, cancel: bool = False) -> None:
    denomination_id = view.offer.denomination_id
    screen.row(*(Button(str(n), pack("qty", denomination_id, n)) for n in view.quantities))
    if cancel:
        screen.button("button-stop", pack("stop"))
    screen.back(pack("prod", view.product.id))


def confirm(words: Words, view: QuoteView, minutes: int, again: Again | None = None) -> Screen:
    """The quote to be confirmed; it is valid for so many minutes. `again`: it repeats an order."""
    screen = ScreenBuilder(words)
    quote = view.quote
    screen.line(
        "confirm",
        product=view.product.name_in(words.locale),
        value=value_label(words, view.label),
        count=quote.quantity,
        price=words.money(quote.unit_price_minor),
        total=words.money(quote.total_minor),
    )
    if again is not None:
        again_lines(screen, again)
    region_line(screen, "confirm-region", view.region, view.guide)
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
