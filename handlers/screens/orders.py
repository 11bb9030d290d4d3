"""Screens about orders: their state, receipts, refunds and reminders, and the list of orders."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.orders import Order, OrderState, ReturnReason, Stage
from bot.domain.results import MoneyNote
from bot.domain.waiting import Waiting, rounded
from bot.services.operations.customer_reports import MyOrder, MyOrders
from bot.services.wallet.unpaid_orders import UnpaidOrderView
from handlers.callback_data import pack
from handlers.screen import Screen, Style
from handlers.screen_builder import ScreenBuilder
from handlers.screens.again import again_button
from handlers.screens.values import names_of
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

_MOST_EXPLAINED: Final = 2  # orders of a page


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
    screen.line("order-what", **names_of(screen.words, order), count=order.quantity)


def _headline(screen: ScreenBuilder, order: Order) -> None:
    screen.line("order-line", icon=icon(order), number=number(order))
    item_line(screen, order)


def _state_line(screen: ScreenBuilder, order: Order, waiting: Waiting | None) -> None:
    """Where the order stands, and what it waits for."""
    came, count = str(order.delivered_quantity), str(order.quantity)
    returned = screen.words.money(order.returned_minor)
    if waiting is not None:
        if order.delivered_quantity and waiting.stage is not Stage.SUPPORT:
            screen.line("status-so-far", came=came, count=count)
        if not order.delivered_quantity or waiting.stage is not Stage.WAITING:
            waiting_line(screen, waiting)
    elif order.state is OrderState.PARTIAL:
        key = "status-partial-held" if reserved_minor(order) else "status-partial"
        screen.line(key, came=came, count=count, returned=returned)
    else:
        screen.line(f"status-{order.state}", returned=returned)


def waiting_line(screen: ScreenBuilder, waiting: Waiting) -> None:
    """What a paid order waits for, and how long that usually takes, where that is known."""
    if waiting.stage is not Stage.WAITING:
        screen.line(f"status-{waiting.stage}")
    elif waiting.usual is None:
        screen.line("status-soon")
    else:
        count, unit = rounded(waiting.usual.median_seconds)
        screen.line(f"status-usual-{unit}", count=count)


def _orders_and_home(screen: ScreenBuilder) -> None:
    screen.home(screen.make_button("button-orders", pack("orders", 0)))


def status(
    words: Words, order: Order, waiting: Waiting | None = None, *, alone: bool = False
) -> Screen:
    """The status message of an order, which is edited as the order proceeds.

    Of an order that has ended it says no more than where to look: a message of its own tells that,
    unless this one stands `alone`.
    """
    screen = ScreenBuilder(words)
    _headline(screen, order)
    if waiting is not None:
        screen.line("status-money", total=words.money(order.total_minor))
    if alone or order.is_open or order.state is OrderState.CANCELLED:
        _state_line(screen, order, waiting)
    elif order.delivered_quantity:
        part = order.state is OrderState.PARTIAL
        screen.line("status-see-part" if part else "status-see-codes")
    elif order.state is OrderState.REFUNDED:
        screen.line("status-see-refund")
    if waiting is not None and waiting.stage is Stage.WAITING:
        screen.line("status-you-can-leave")
    if alone and order.state is OrderState.REFUNDED:
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
    if order.due_at is not None:
        screen.line("awaiting-until", date=words.date(order.due_at, zone))
    if view.missing_minor:
        screen.line("awaiting-missing", missing=words.money(view.missing_minor))
        for method in view.methods:
            screen.button(f"button-pay-{method}", pack("pay", order.id, method), style=Style.PAY)
    else:  # the wallet suffices, but selling is paused
        screen.line("awaiting-soon")
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


class Later(StrEnum):
    """What can be done with codes that were hidden."""

    KEPT = "kept"  # they can be shown again
    ONCE = "once"  # they cannot
    DELETED = "deleted"  # their owner is having their data deleted


def receipt(words: Words, order: Order, masks: Sequence[str], first: int, later: Later) -> Screen:
    """The message that replaces hidden codes.

    `first`: the number of the first mask, counted from 1.
    """
    screen = ScreenBuilder(words)
    screen.line("receipt", number=number(order))
    item_line(screen, order)
    for place, mask in enumerate(masks, start=first):
        screen.literal_line(f"{place}  {words.isolated(mask)}")
    screen.line(f"receipt-{later}")
    if not order.is_open and later is not Later.DELETED:
        again_button(screen, order)
    screen.row(
        screen.make_button("button-orders", pack("orders", 0)),
        screen.make_button("button-home", pack("home")),
    )
    return screen.done()


def returned(words: Words, order: Order, money: MoneyNote) -> Screen:
    """The notice that an order, or what was missing of it, was refunded."""
    screen = ScreenBuilder(words)
    if order.delivered_quantity:
        screen.line(
            "delivery-partial",
            number=number(order),
            came=order.delivered_quantity,
            count=order.quantity,
        )
        item_line(screen, order)
    else:
        returned_money = words.money(order.returned_minor)
        screen.line("returned", number=number(order), returned=returned_money)
    screen.line(
        f"returned-{order.return_reason or ReturnReason.OPERATOR}", **names_of(screen.words, order)
    )
    money_lines(screen, order, money)
    screen.button("button-another", pack("prod", order.product_id))
    screen.home()
    return screen.done()


def money_lines(screen: ScreenBuilder, order: Order, money: MoneyNote) -> None:
    """What was paid, what was refunded, what that has paid for, and the balance after it."""
    words = screen.words
    if money.paid_by is not None:
        way = words.plain(f"way-{money.paid_by}")
        screen.line("money-came", amount=words.money(money.paid_minor), way=way)
    if order.returned_minor and order.delivered_quantity:
        screen.line("money-refunded", returned=words.money(order.returned_minor))
    paid_orders_line(screen, money.orders)
    if order.returned_minor or money.paid_by is not None:
        screen.line("money-balance", wallet=words.money(money.wallet_minor))


def paid_orders_line(screen: ScreenBuilder, paid: Sequence[int]) -> None:
    """Which orders were paid by money that came into the wallet."""
    if paid:
        screen.line(
            "money-paid-orders", count=len(paid), numbers=", ".join(f"#{one}" for one in paid)
        )


def codes_lost(words: Words, order: Order) -> Screen:
    """In the place of codes whose key was given up."""
    screen = ScreenBuilder(words)
    screen.line("codes-lost", number=number(order))
    item_line(screen, order)
    screen.line("refused-codes-lost")
    screen.home()
    return screen.done()


def order_list(words: Words, mine: MyOrders) -> Screen:
    """A page of orders; above the buttons, what those wait for that are not delivered yet."""
    screen = ScreenBuilder(words)
    if mine.orders or mine.page > 0:
        screen.line("orders")
        screen.page_number(mine.page, mine.pages)
        waiting = [order for order in mine.orders if order.id in mine.waiting]
        for order in waiting[:_MOST_EXPLAINED]:
            screen.line("order-waits", number=number(order))
            waiting_line(screen, mine.waiting[order.id])
        if more := len(waiting[_MOST_EXPLAINED:]):
            screen.line("orders-wait-too", count=more)
        for order in mine.orders:
            screen.button(
                "orders-button",
                pack("order", order.id),
                icon=icon(order),
                number=number(order),
                style=None,
                **names_of(screen.words, order),
            )
        screen.pages(mine.page, mine.pages, lambda other: pack("orders", other))
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
        after_delivery(screen, order)
        if not order.is_open:
            again_button(screen, order)
    if order.paid_at is not None:
        screen.button("button-summary", pack("receipt", order.id))
    if view.expires_at is not None:
        screen.date_line("order-expires", view.expires_at, zone)
        _reminder_button(screen, wanted=not view.reminders)
    if not order.delivered_quantity or order.state is OrderState.PARTIAL or order.is_open:
        _state_line(screen, order, view.waiting)
    screen.back(pack("orders", 0), "button-all-orders")
    return screen.done()


def after_delivery(screen: ScreenBuilder, order: Order) -> None:
    """What can be done about an order whose codes have come. More buttons of this kind go here."""
    screen.row(
        screen.make_button("button-how", pack("how", order.id)),
        screen.make_button("button-problem", pack("problem", order.id)),
    )


def _reminder_button(screen: ScreenBuilder, *, wanted: bool) -> None:
    screen.button(
        "button-remind-on" if wanted else "button-remind-off", pack("remind", int(wanted))
    )


def reminder(words: Words, order: Order, expires_at: datetime, days: int, zone: ZoneInfo) -> Screen:
    """The reminder that codes expire soon. The shop cannot know whether they were used."""
    screen = ScreenBuilder(words)
    date = words.date(expires_at, zone)
    is_one = order.delivered_quantity == 1
    key = "reminder-one" if is_one else "reminder"
    screen.line(key, number=number(order), days=days, date=date)
    item_line(screen, order)
    screen.line("reminder-used-one" if is_one else "reminder-used")
    screen.button("button-see-order", pack("order", order.id))
    _reminder_button(screen, wanted=False)
    return screen.done()


def reminders(words: Words, *, wanted: bool) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("reminders-on" if wanted else "reminders-off")
    _reminder_button(screen, wanted=not wanted)
    _orders_and_home(screen)
    return screen.done()
