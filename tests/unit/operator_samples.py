"""Every screen of operators that has no samples of its own."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import product as every

from bot.domain.audit import Audited, Check, Difference
from bot.domain.catalogue import HeldValue
from bot.domain.orders import Attention, OrderState
from bot.domain.periods import Span
from bot.domain.pricing import Markup, PricingPolicy
from bot.domain.records import SupplierAccount
from bot.domain.statistics import Best, Stats
from bot.domain.supplier import Environment
from bot.services.items import Item, ItemKind
from bot.services.operations.reports import AttentionReport, BalanceReport, OrderReport
from handlers.screen import Screen
from handlers.screens import attention, operator
from locales import Words
from tests.fakes import START
from tests.unit.samples import CATEGORY, ORDER, RATE, ZONE, all_orders

FAILING = tuple((Item(kind, 1042), "UnicodeEncodeError") for kind in ItemKind)


def operator_screens(w: Words) -> Iterator[Screen]:
    for order in all_orders():
        yield operator.order(w, OrderReport(order, 5, 2), ZONE)
        yield operator.order(w, OrderReport(order, 5, 2, 2), ZONE)
    for count in range(13):
        stats = Stats(
            {"fulfilled": count},
            5,
            4,
            3,
            14.2 if count else None,
            41.0,
            (Best("P", "v", 3, 9),) * 5,
            {"en": 2},
            1,
            losses_minor=count,
            fees_minor=count,
        )
        yield operator.stats(w, Span.TODAY, stats, profit=True)
    yield operator.stats(w, Span.TODAY, stats, profit=False)
    yield from balances(w)
    needing = [replace(ORDER, attention=reason) for reason in Attention]
    for waiting, count, aside, stopped in every(([], needing), (5, 0), (0, 3), (True, False)):
        yield attention.attention(w, AttentionReport(waiting, count, aside, stopped))
        full = AttentionReport(
            waiting, count, aside, stopped, 2, 1, FAILING[: 3 if aside else None], ["poll starship"]
        )
        yield attention.attention(w, full)
        for tried, failed in ((0, 0), (1, 0), (3, 0), (2, 1), (9, 9)):
            yield attention.tried_again(w, tried, failed, full)
    yield attention.attention(w, AttentionReport([], 0, 0, paused=False, failing=FAILING[:1]))
    for count in (1, 2, 5, 11):
        held = [HeldValue(number, f"PlayStation {number}", "10 USD") for number in range(count)]
        report = AttentionReport([], 0, 0, paused=False, held=held[:5], count_held=count)
        yield attention.attention(w, report)
    for for_access in (False, True):
        account = SupplierAccount(
            "oneclickdz", paused_for_balance=not for_access, paused_for_access=for_access
        )
        yield attention.attention(w, AttentionReport([], 0, 0, paused=False, closed=[account]))
    for banned in (1, 2, 5, 11):
        named = [(number, 7012345678) for number in range(min(banned, 5))]
        report = AttentionReport(
            [], 0, 0, paused=False, paid_though_banned=named, count_banned=banned
        )
        yield attention.attention(w, report)
    for off, silent, stopped in every((0, 1, 9), ([], ["oneclickdz"]), (True, False)):
        differences = tuple(Difference(f"#{n}" * 30, "x") for n in range(off))
        found = [Audited(check, 7, differences, lost=off) for check in Check]
        yield operator.audit(w, found, silent, paused=stopped)
    yield operator.credit_done(w, 5, -500, 0)
    yield operator.ask_refund(w, ORDER, 500, 10**14)
    for state, supplier_id in every((OrderState.UNCONFIRMED, OrderState.HANDLING), (None, "x")):
        risky = replace(ORDER, state=state, supplier_order_id=supplier_id, delivered_quantity=0)
        yield operator.ask_refund(w, risky, 500, 1)
    delivered = replace(ORDER, state=OrderState.FULFILLED, delivered_quantity=ORDER.quantity)
    for before in (0, 500):
        yield operator.ask_refund(w, replace(delivered, returned_minor=0), 500, 1, before)
    yield operator.refund_done(w, ORDER, 500)
    for state in OrderState:
        yield operator.refund_dropped(w, replace(ORDER, state=state))
    watched = replace(ORDER, state=OrderState.REFUNDED, due_at=START)
    yield operator.refund_done(w, watched, 500, ZONE)
    yield operator.note(w, "value-released")
    yield operator.note(w, "value-released-not")
    yield operator.prices(w, PricingPolicy(Markup(Decimal("7.5"), 5), 1000, 0), [CATEGORY] * 60)
    yield operator.markup_set(w, "c1", Decimal(5), 5)
    yield operator.markup_set(w, "c1", None, 0)


def balances(w: Words) -> Iterator[Screen]:
    for account_state in (
        SupplierAccount("o"),
        SupplierAccount("o", Environment.SANDBOX, 5, START, True, True),
        SupplierAccount("o", Environment.PRODUCTION, 5, START),
        SupplierAccount("o", Environment.PRODUCTION, None, START),  # paid later
    ):
        yield operator.balance(
            w, [BalanceReport(account_state, False, 5, 6, 7.5, True, RATE)], ZONE
        )
        yield operator.balance(
            w, [BalanceReport(account_state, True, 5, 0, None, False, None)] * 2, ZONE
        )
