"""Screens about an order whose codes have come: how to redeem them, problems, and the summary."""

from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.orders import Order
from bot.domain.supplier import Environment
from bot.services.orders.aftercare import HowTo, Summary
from handlers.callback_data import pack
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from handlers.screens.orders import after_delivery, item_line, number, reserved_minor
from handlers.screens.pictures import picture_button
from handlers.screens.values import own_text
from locales import Words

_ANY_STEPS: Final = ("how-any-open", "how-any-find", "how-any-paste")
_CODE_IN_DIAL: Final = "{code}"
_STANDS_FOR_CODE: Final = "CODE"


def how_to(words: Words, view: HowTo) -> Screen:
    """How to redeem the codes of an order: the operator's words, else the guide's steps."""
    screen = ScreenBuilder(words)
    screen.line("how", product=view.order.product_title)
    if view.own:
        own_text(screen, view.own)
    else:
        _steps(screen, view)
    if view.own_url:
        screen.button("button-how-page", url=view.own_url)
    elif view.guide and view.url:
        screen.button("button-brand", url=view.url, brand=view.guide.name)
    if view.has_picture:
        picture_button(screen, view.order.product_id)
    screen.button("button-problem", pack("problem", view.order.id))
    _back(screen, view.order)
    return screen.done()


def _steps(screen: ScreenBuilder, view: HowTo) -> None:
    words = screen.words
    text = view.guide and view.guide.texts.get(words.locale)
    steps = text.steps if text else [words.plain(key) for key in _ANY_STEPS]
    for place, step in enumerate(steps, start=1):
        screen.literal_line(f"{place}. {step}")
    if view.guide and view.guide.dial:
        screen.line("how-dial", dial=view.guide.dial.replace(_CODE_IN_DIAL, _STANDS_FOR_CODE))


def problem(words: Words, view: HowTo) -> Screen:
    """What to check before support is asked: most refused codes work afterwards."""
    screen = ScreenBuilder(words)
    screen.line("problem", number=number(view.order))
    item_line(screen, view.order)
    text = view.guide and view.guide.texts.get(words.locale)
    screen.line("problem-check")
    screen.literal_line(text.fails if text else words.plain("how-any-fails"))
    screen.line("problem-then")
    screen.button("button-ask-support", pack("ask", view.order.id))
    screen.button("button-how", pack("how", view.order.id))
    _back(screen, view.order)
    return screen.done()


def _back(screen: ScreenBuilder, order: Order) -> None:
    screen.back(pack("order", order.id), "button-back")


def summary(words: Words, view: Summary, zone: ZoneInfo) -> Screen:
    """What was ordered, paid and refunded, to keep or to pass on; no codes."""
    screen = ScreenBuilder(words)
    order, payment = view.order, view.payment
    screen.line("summary", number=number(order))
    item_line(screen, order)
    screen.line("summary-date", date=words.date(order.paid_at or order.created_at, zone))
    screen.line(
        "summary-total",
        count=words.number(order.quantity),
        unit=words.money(order.unit_price_minor),
        total=words.money(order.total_minor),
    )
    if payment is None:
        screen.line("summary-wallet")
    else:
        way = words.plain(f"way-{payment.method}")
        screen.line("summary-topped-up", amount=words.money(payment.paid_minor), way=way)
    came, count = words.number(order.delivered_quantity), words.number(order.quantity)
    screen.line("summary-delivered", came=came, count=count)
    if order.returned_minor:
        screen.line("money-refunded", returned=words.money(order.returned_minor))
    if reserved := reserved_minor(order):
        screen.line("summary-held", held=words.money(reserved))
    if order.environment is Environment.SANDBOX:
        screen.line("delivery-sandbox")
    if order.delivered_quantity:
        after_delivery(screen, order)
    _back(screen, order)
    return screen.done()
