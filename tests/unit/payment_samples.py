"""Every screen of payments, for customers and for operators."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product as every

from bot.domain.actions import LISTED_ACTIONS, ActionKind, OperatorAction
from bot.domain.orders import OrderState
from bot.domain.pauses import BY_HAND
from bot.domain.payments import Charge, Limits, Method, Payment, PaymentState, Rejection
from bot.ports import PaymentNote
from bot.services.payments.decisions import Accepted
from bot.services.payments.top_up import AmountsView
from bot.services.wallet.credit import Credited
from handlers.screen import Screen
from handlers.screens import operator_payments, payments
from locales import Words
from tests.fakes import START
from tests.unit.samples import AWAITING, CURRENCIES, ORDER, ZONE, all_payments

INSTRUCTIONS = "CCP 00 1234567890 clé 12\nRIP 00799999001234567890\nN. Hanout"


def payment_screens(w: Words, *, whole: bool = False) -> Iterator[Screen]:
    yield payments.methods(w, tuple(Method))
    for method in Method:
        stars = method is Method.STARS
        ceiling = 5_000_000 if method is Method.CHARGILY else 0
        limits = Limits(500, 10**9, ceiling)
        view = AmountsView(method, limits, (Charge(50_000, 7 * stars),) * 3)
        yield payments.amounts(w, view)
        yield payments.ask_amount(w, view)
        for other in CURRENCIES:
            yield payments.refuse_amount(w, view, other)
            yield payments.refuse_amount(w, view, other, 200_050)
        yield payments.ask_large_amount(w, view, 20_000_050, 200_001)
    for payment in all_payments():
        yield payments.transfer(w, payment, INSTRUCTIONS)
        yield payments.transfer(w, payment, INSTRUCTIONS, typed_minor=payment.asked_minor - 50)
        yield payments.card(w, payment, 12)
        yield payments.card(w, payment, 12, may_be_refused=True)
        yield payments.stars_invoice(w, payment)
        yield payments.stars_invoice(w, payment, typed_minor=payment.asked_minor - 50)
        yield payments.receipt_received(w, payment)
        yield payments.receipt_received(w, payment, is_partial=True)
        yield payments.not_a_receipt(w, payment)
        if whole or payment.state is PaymentState.CREDITED:
            yield from outcomes(w, payment)
    payment = next(all_payments())
    yield operator_payments.ask_reason(w, payment)
    yield operator_payments.refuse_reason(w, payment, 300)
    for reason in Rejection:
        note = PaymentNote("rejected", 5, None, 0, rejection=reason, words="<b>no</b>" * 50)
        yield payments.outcome(w, payment, note)
        yield payments.outcome(w, payment, replace(note, words=""))


def outcomes(w: Words, payment: Payment) -> Iterator[Screen]:
    ended = [replace(ORDER, state=s) for s in (OrderState.EXPIRED, OrderState.CANCELLED)]
    for what, order, missing, paid in every(
        ("credited", "held", "expired", "rejected", "returned"),
        (None, AWAITING, ORDER, *ended),
        (0, 500),
        ((), (1042,), (3, 4)),
    ):
        yield payments.outcome(w, payment, PaymentNote(what, 500, order, missing, paid))


def operator_payment_screens(w: Words) -> Iterator[Screen]:
    for payment in all_payments():
        yield operator_payments.receipt(w, payment, [payment, payment], decides=True)
        yield operator_payments.receipt(w, payment, [], decides=False)
        for can in (True, False):
            for fee in (0, 6_000):
                yield operator_payments.payment(w, payment, ZONE, can_refund=can, fee_minor=fee)
        yield operator_payments.reasons(w, payment)
        yield operator_payments.ask_amount(w, payment)
        for other in CURRENCIES:
            yield operator_payments.refuse_amount(w, payment, other)
        for action_id in (None, 7):
            yield operator_payments.accepted(w, Accepted(payment, 20_000_050, action_id))
        yield operator_payments.ask_reason(w, payment)
        yield operator_payments.decided(w, payment)
        yield operator_payments.already_decided(w, payment)
        yield operator_payments.ask_refund(w, payment, 10**14)
        yield operator_payments.refund_result(w, payment)
    payment = next(all_payments())
    yield operator_payments.payment_list(w, [payment] * 8, 8, list(all_payments()))
    yield operator_payments.payment_list(w, [], 0, [])
    for minor, compensates in ((10**9, None), (-(10**9), None), (177_000, 1042)):
        asked = Credited(5, minor, 0, 7, compensates, 177_000)
        yield operator_payments.ask_credit(w, asked, 7)
    for page in (0, 1, 2):
        done = [
            OperatorAction(1, 900, kind, "HN12", amount, note, True, START)
            for kind in LISTED_ACTIONS
            for amount, note in ((500, ""), (-500, "n" * 300))
        ]
        for start in range(0, len(done), 8):
            yield operator_payments.actions(w, done[start : start + 8], page, 3, ZONE)
    rules = OperatorAction(1, 0, ActionKind.MARKUP, "p12", 0, "", True, START, "-", "7.5 2000")
    yield operator_payments.actions(w, [rules], 0, 1, ZONE)
    for values in ("6 0", "-; d5 1 -", "6 0; d5 1 -; d6 - 2; d7 1 2"):
        said = replace(rules, kind=ActionKind.PRICES, before="-", after=values)
        yield operator_payments.actions(w, [said], 0, 1, ZONE)
    for note in (
        "loaded 0",
        "loaded 1",
        "on sale: 2 of 2",
        "discarded: 3 of 3",
        "withdrawn: 11 of 187",
        "other",
    ):
        batch = OperatorAction(1, 900, ActionKind.STOCK, "batch 14", 124_000, note, True, START)
        yield operator_payments.actions(w, [batch], 0, 1, ZONE)
    for kind in (ActionKind.NEWS, ActionKind.IMPORT):
        for count in ("0", "1", "2", "11", "words"):
            counted = OperatorAction(1, 900, kind, "7", 0, count, True, START, "draft", "running")
            yield operator_payments.actions(w, [counted], 0, 1, ZONE)
    for why in BY_HAND:
        for target in ("shop", "p12", "oneclickdz"):
            pause = OperatorAction(
                1, 900, ActionKind.PAUSE, target, 0, "Aïd", True, START, "open", why
            )
            lifted = replace(pause, kind=ActionKind.RESUME, note=why, before="paused", after="open")
            yield operator_payments.actions(w, [pause, lifted], 0, 1, ZONE)
    for reason in (*Rejection, "words"):
        action = OperatorAction(1, 900, ActionKind.REJECT, "HN12", 0, reason, True, START)
        yield operator_payments.actions(w, [action], 0, 1, ZONE)
    yield operator_payments.actions(w, [], 0, 1, ZONE)
