"""Screens about orders: their state, receipts, refunds and reminders, and the list of orders."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.orders import Order, OrderState
from bot.services.operations.customer_reports import MyOrder
from bot.services.wallet.unpaid_orders import UnpaidOrderView
from handlers.callback_data import pack
from handlers.screen import Screen, Style
from handlers.screen_builder import ScreenBuilder
from locales import Words

ICONS: Final = {
    OrderState.AWAITING_PAYMENT: "💳",
    OrderState.PAID: "⏳",
    OrderState.PLACING: "⏳",
    OrderState.UNCONFIRMED: "⏳",
    OrderState.HANDLING: "⏳",
    OrderState.FULFILLED: "✅",
    OrderState.PARTIAL: "⚠️",
    OrderState.REFUNDED: "↩️",
    OrderState.CANCELLED: "✖️",
    OrderState.EXPIRED: "✖️",
}


def icon(order: Order) -> str:
    return "🛠️" if order.attention and order.is_open else ICONS[order.state]


def number(order: Order) -> str:
    return f"#{order.id}"


def reserved_minor(order: Order) -> int:
    """Minor units of an order that are neither spent nor refunded.

    After the end of an order this is money that stays reserved because the supplier's figures
    contradict each other.
    """
    return (
        order.total_minor - order.delivered_quantity * order.unit_price_minor - order.returned_minor
    )


def item_line(screen: ScreenBuilder, order: Order) -> None:
    """What was ordered, and how many."""
    screen.line("order-what", **_names(order), count=str(order.quantity))


def _names(order: Order) -> dict[str, str]:
    return {"product": order.product_title, "value": order.denomination_label}


def _headline(screen: ScreenBuilder, order: Order) -> None:
    screen.line("order-line", icon=icon(order), number=number(order))
    item_line(screen, order)


def _state_line(screen: ScreenBuilder, order: Order, step: str = "") -> None:
    came, count = str(order.delivered_quantity), str(order.quantity)
    returned = screen.words.money(order.returned_minor)
    step = step or ("slow" if order.told_slow else "waiting")
    if order.is_open and order.delivered_quantity and not order.attention:
        screen.line("status-so-far", came=came, count=count)
    elif order.is_open and order.state is not OrderState.AWAITING_PAYMENT:
        screen.line("status-operator" if order.attention else f"status-{step}")
    elif order.state is OrderState.PARTIAL:
        key = "status-partial-held" if reserved_minor(order) else "status-partial"
        screen.line(key, came=came, count=count, returned=returned)
    else:
        screen.line(f"status-{order.state}", returned=returned)


def _orders_and_home(screen: ScreenBuilder) -> None:
    screen.home(screen.make_button("button-orders", pack("orders", 0)))


def status(words: Words, order: Order, step: str = "") -> Screen:
    """The status message of an order, which is edited as the order proceeds."""
    screen = ScreenBuilder(words)
    _headline(screen, order)
    _state_line(screen, order, step)
    if order.state is OrderState.REFUNDED:
        screen.button("button-another", pack("prod", order.product_id))
    _orders_and_home(screen)
    return screen.done()


def unpaid_order(words: Words, view: UnpaidOrderView, zone: ZoneInfo) -> Screen:
    """An order that waits for payment: what is missing, until when, and the payment methods."""
    screen = ScreenBuilder(words)
    order = view.order
    _headline(screen, order)
    screen.line("status-awaiting_payment")
    screen.line(
        "awaiting-money",
        total=words.money(order.total_minor),
        wallet=words.money(view.wallet_minor),
    )
    if view.missing_minor:
        screen.line("awaiting-missing", missing=words.money(view.missing_minor))
        for method in view.methods:
            screen.button(f"button-pay-{method}", pack("pay", order.id, method), style=Style.PAY)
    else:  # the wallet suffices, but selling is paused
        screen.line("awaiting-soon")
    if order.due_at is not None:
        screen.line("awaiting-until", date=words.date(order.due_at, zone))
    screen.button("button-cancel", pack("cancel", order.id), style=Style.DESTROY)
    _orders_and_home(screen)
    return screen.done()


def expired(words: Words, order: Order, wallet_minor: int) -> Screen:
    """An order that was not paid in time."""
    screen = ScreenBuilder(words)
    screen.line("ended", number=number(order))
    item_line(screen, order)
    screen.line("returned-wallet", wallet=words.money(wallet_minor))
    screen.button("button-order-again", pack("prod", order.product_id))
    screen.home()
    return screen.done()


def receipt(words: Words, order: Order, masks: Sequence[str], first: int, *, once: bool) -> Screen:
    """The message that replaces hidden codes. `once`: they cannot be shown again.

    `first`: the number of the first mask, counted from 1.
    """
    screen = ScreenBuilder(words)
    screen.line("receipt", number=number(order))
    item_line(screen, order)
    for place, mask in enumerate(masks, start=first):
        screen.literal_line(f"{place}  {words.isolated(mask)}")
    screen.line("receipt-once" if once else "receipt-kept")
    screen.fixed_row(
        screen.make_button("button-orders", pack("orders", 0)),
        screen.make_button("button-home", pack("home")),
    )
    return screen.done()


def returned(words: Words, order: Order, wallet_minor: int) -> Screen:
    """The notice that an order was refunded in full."""
    screen = ScreenBuilder(words)
    screen.line("returned", number=number(order), returned=words.money(order.returned_minor))
    screen.line(f"returned-{order.return_reason}", **_names(order))
    screen.line("returned-wallet", wallet=words.money(wallet_minor))
    screen.button("button-another", pack("prod", order.product_id))
    screen.home()
    return screen.done()


def codes_lost(words: Words, order: Order) -> Screen:
    """In the place of codes whose key was given up."""
    screen = ScreenBuilder(words)
    screen.line("codes-lost", number=number(order))
    item_line(screen, order)
    screen.line("refused-codes-lost")
    screen.home()
    return screen.done()


def order_list(words: Words, orders: Sequence[Order], page: int, pages: int) -> Screen:
    screen = ScreenBuilder(words)
    if orders or page > 0:
        screen.line("orders")
        screen.page_number(page, pages)
        for order in orders:
            screen.button(
                "orders-button",
                pack("order", order.id),
                icon=icon(order),
                number=number(order),
                style=None,
                **_names(order),
            )
        screen.pages(page, pages, lambda other: pack("orders", other))
    else:
        screen.line("orders-none")
    screen.home()
    return screen.done()


def one_order(words: Words, view: MyOrder, zone: ZoneInfo) -> Screen:
    screen = ScreenBuilder(words)
    order = view.order
    _headline(screen, order)
    screen.line(
        "order-paid" if order.paid_at else "order-asked",
        total=words.money(order.total_minor),
        date=words.date(order.paid_at or order.created_at, zone),
    )
    if order.delivered_quantity:
        screen.line("order-left", left=view.shows_left)
        if view.shows_left:
            screen.button("button-show", pack("show", order.id))
    if view.expires_at is not None:
        screen.date_line("order-expires", view.expires_at, zone)
        _reminder_button(screen, wanted=not view.reminders)
    if not order.delivered_quantity or order.state is OrderState.PARTIAL or order.is_open:
        _state_line(screen, order)
    screen.back(pack("orders", 0), "button-all-orders")
    return screen.done()


def _reminder_button(screen: ScreenBuilder, *, wanted: bool) -> None:
    screen.button(
        "button-remind-on" if wanted else "button-remind-off", pack("remind", int(wanted))
    )


def reminder(words: Words, order: Order, expires_at: datetime, days: int, zone: ZoneInfo) -> Screen:
    """The reminder that codes expire soon. The shop cannot know whether they were used."""
    screen = ScreenBuilder(words)
    date = words.date(expires_at, zone)
    screen.line("reminder", number=number(order), days=days, date=date)
    item_line(screen, order)
    screen.line("reminder-used")
    screen.button("button-see-order", pack("order", order.id))
    _reminder_button(screen, wanted=False)
    return screen.done()


def reminders(words: Words, *, wanted: bool) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("reminders-on" if wanted else "reminders-off")
    _reminder_button(screen, wanted=not wanted)
    _orders_and_home(screen)
    return screen.done()
