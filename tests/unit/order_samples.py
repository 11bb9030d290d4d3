"""Every screen of orders and codes for customers."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product as every

from bot.domain.code_messages import pack
from bot.domain.orders import WAITING_STATES, Order, OrderState, ReturnReason, Stage
from bot.domain.payments import Method
from bot.domain.results import MoneyNote
from bot.domain.supplier import Card, Environment
from bot.domain.waiting import Usual, Waiting
from bot.services.operations.customer_reports import MyOrder, MyOrders
from bot.services.wallet.unpaid_orders import UnpaidOrderView
from handlers.screen import Screen
from handlers.screens import codes, orders
from locales import Words
from tests.fakes import START
from tests.unit.samples import AWAITING, CARDS, DONE, ORDER, PART, ZONE, all_orders


def order_screens(w: Words) -> Iterator[Screen]:
    for wanted in (True, False):
        yield orders.reminders(w, wanted=wanted)
    for order in all_orders():
        for waiting, alone in every(waitings(order), (False, True)):
            yield orders.status(w, order, waiting, alone=alone)
        for left, expires, wanted in every((0, 3), (None, START), (False, True)):
            for waiting in waitings(order):
                yield orders.one_order(w, MyOrder(order, left, expires, wanted, waiting), ZONE)
        for days in (0, 1, 2, 7, 30, 100):
            yield orders.reminder(w, order, START, days, ZONE)
    for later in orders.Later:
        yield orders.receipt(w, DONE, ["••••ABCD"] * 20, 1, later)
    for reason, order, money in every(ReturnReason, (ORDER, PART), money_notes()):
        refunded = replace(order, return_reason=reason, returned_minor=order.returned_minor or 5)
        yield orders.returned(w, refunded, money)
    yield orders.codes_lost(w, DONE)
    yield orders.order_list(w, MyOrders([], 0, 1))
    some = [replace(order, id=n) for n, order in enumerate(list(all_orders())[:6], start=1)]
    explained = {1: Waiting(Stage.SLOW), 2: Waiting(Stage.WAITING, Usual(20, 40))}
    many = {n: Waiting(Stage.SLOW) for n in (1, 2, 3, 4)}
    for page, waits in every((0, 1, 2), ({}, explained, many, many | explained | {5: many[1]})):
        yield orders.order_list(w, MyOrders(some, page, 3, waits))
    for held, methods in every((0, 10**9), ((), tuple(Method))):
        yield orders.unpaid_order(w, UnpaidOrderView(AWAITING, held, methods), ZONE)
    yield orders.expired(w, replace(AWAITING, state=OrderState.EXPIRED), 500)


def waitings(order: Order) -> tuple[Waiting | None, ...]:
    """All that this order may wait for."""
    if order.state not in WAITING_STATES:
        return (None,)
    times = [None, *(Usual(seconds, seconds) for seconds in (5, 20, 60, 400, 3600 * 5))]
    usual = tuple(Waiting(Stage.WAITING, time) for time in times)
    return (*usual, *(Waiting(stage) for stage in Stage if stage is not Stage.WAITING))


def money_notes() -> Iterator[MoneyNote]:
    for paid_by, paid in every((None, *Method), ((), (7,), (7, 8), (7, 8, 9))):
        yield MoneyNote(1200, 500 if paid_by else 0, paid_by, paid)


def code_screens(w: Words) -> Iterator[Screen]:
    for order, seconds in every(
        (
            DONE,
            PART,
            replace(PART, returned_minor=0),
            replace(DONE, environment=Environment.SANDBOX),
            replace(DONE, quantity=1, delivered_quantity=1),
        ),
        (86_400, 600, 1),
    ):
        for code_message in pack(CARDS * 8)[:2] + pack([Card("Y" * 300)]):
            yield codes.codes(w, order, code_message, seconds, ZONE)
            for money in list(money_notes())[:8]:
                told = replace(code_message, money=money)
                yield codes.codes(w, order, told, seconds, ZONE)
