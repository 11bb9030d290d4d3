"""Every screen, in every form that it takes: a generator for each module of handlers/screens."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product as every

from bot.domain.audit import Audited, Check, Difference
from bot.domain.catalogue import Denomination
from bot.domain.code_messages import pack
from bot.domain.orders import Attention, OrderState, Quote, ReturnReason
from bot.domain.payments import Charge, Limits, Method, Payment, Rejection
from bot.domain.pricing import Markup, PricingPolicy
from bot.domain.records import (
    MONEY_ACTIONS,
    ActionKind,
    Best,
    HistoryLine,
    OperatorAction,
    Stats,
    SupplierAccount,
    SupportCase,
)
from bot.domain.supplier import Card, Environment
from bot.errors import OtherCurrency
from bot.ports import PaymentNote
from bot.services.catalogue.browse import Offer, Page, ProductView, QuantityView, RangeView
from bot.services.catalogue.links import LinkView
from bot.services.items import Item, ItemKind
from bot.services.operations.customer_reports import MyOrder, WalletReport
from bot.services.operations.reports import AttentionReport, BalanceReport, OrderReport, Span
from bot.services.orders.quote import QuoteView
from bot.services.payments.decisions import Accepted
from bot.services.payments.top_up import AmountsView
from bot.services.wallet.unpaid_orders import UnpaidOrderView
from handlers.screen import Screen
from handlers.screens import (
    account,
    codes,
    linking,
    operator,
    operator_payments,
    orders,
    payments,
    shop,
    support,
)
from locales import Words
from tests.fakes import START
from tests.unit.alert_samples import alert_screens
from tests.unit.samples import (
    CARDS,
    CATEGORY,
    DONE,
    ORDER,
    PART,
    PRODUCT,
    RATE,
    ZONE,
    all_orders,
    all_payments,
)

FAILING = tuple((Item(kind, 1042), "UnicodeEncodeError") for kind in ItemKind)
OFFERS = (
    Offer(1, "10 $", 169_000, 5),
    Offer(2, "50 $", 800_000, 0),
    Offer(3, "wide " * 30, 5, 1),
)
RANGED = Offer(4, "5-500 EUR", 0, 0, is_range=True)
AWAITING = replace(
    ORDER, state=OrderState.AWAITING_PAYMENT, paid_at=None, due_at=START + timedelta(hours=9)
)
CURRENCIES = (None, OtherCurrency("DZD", "EUR"), OtherCurrency("DZD", "centimes"))
INSTRUCTIONS = "CCP 00 1234567890 clé 12\nRIP 00799999001234567890\nN. Hanout"


def screens(w: Words) -> Iterator[Screen]:
    yield from shop_screens(w)
    yield from linking_screens(w)
    yield from order_screens(w)
    yield from code_screens(w)
    yield from account_screens(w)
    yield from payment_screens(w)
    yield from operator_screens(w)
    yield from operator_payment_screens(w)
    yield from support_screens(w)
    yield from alert_screens(w)


def shop_screens(w: Words) -> Iterator[Screen]:
    yield shop.home(w, [CATEGORY] * 14)
    yield shop.home(w, [])
    for number in range(3):
        yield shop.products(w, Page(CATEGORY, (PRODUCT, replace(PRODUCT, region="")), number, 3))
    for shown in (None, (), OFFERS, OFFERS[:2]):
        yield shop.product(w, ProductView(CATEGORY, PRODUCT, shown, True))
    yield shop.product(
        w, ProductView(CATEGORY, replace(PRODUCT, region=""), OFFERS, True), no_answer=True
    )
    yield shop.product(w, ProductView(CATEGORY, PRODUCT, None, True), no_answer=True)
    for step in (100, 50):
        yield shop.ask_value(w, RangeView(PRODUCT, 500, 50_000, step, "EUR"))
        for other in (None, OtherCurrency("EUR", "USD")):
            yield shop.refuse_value(w, RangeView(PRODUCT, 500, 50_000, step, "EUR"), other)
    yield shop.product(w, ProductView(CATEGORY, PRODUCT, (*OFFERS, RANGED), False))
    yield from confirmations(w)
    yield shop.quantity(w, QuantityView(CATEGORY, PRODUCT, OFFERS[0], (1, 2, 3, 5, 10), 10))
    yield shop.quantity(w, QuantityView(CATEGORY, PRODUCT, OFFERS[0], (1,), 1))
    for maximum in (1, 2, 10):
        yield shop.refuse_quantity(w, QuantityView(CATEGORY, PRODUCT, OFFERS[0], (1, 2), maximum))
    yield shop.found(w, "x" * 4096, [])
    yield shop.found(w, "psn", [PRODUCT] * 8)
    yield shop.ask_search(w)


def confirmations(w: Words) -> Iterator[Screen]:
    for money, sandbox, count, can_pay in every((0, 10**9), (False, True), (1, 2), (False, True)):
        quote = Quote(9, 5, 3, count, 418_000, 1, 2, START + timedelta(minutes=10), False)
        yield shop.confirm(
            w,
            QuoteView(
                quote,
                replace(PRODUCT, region="" if sandbox else "global"),
                "25 $",
                money,
                sandbox,
                can_pay,
            ),
            count,
        )


def linking_screens(w: Words) -> Iterator[Screen]:
    other = replace(PRODUCT, id=5, supplier="starship")
    value = Denomination(7, 1, "25.00", "25 USD", 100, 5)
    yield linking.links(w, [])
    yield linking.links(w, [(other, PRODUCT)] * 40)
    yield linking.found(w, "x" * 90, [])
    yield linking.found(w, "psn", [PRODUCT, other])
    for alone in ([], [value] * 3):
        yield linking.ask_link(w, LinkView(other, PRODUCT, [(value, value)] * 3, alone))
    for count in (0, 1, 2, 3, 11):
        yield linking.linked(w, count)
        yield linking.unlinked(w, count)


def order_screens(w: Words) -> Iterator[Screen]:
    for wanted in (True, False):
        yield orders.reminders(w, wanted=wanted)
    for order in all_orders():
        for step in ("", "slow", "held"):
            yield orders.status(w, order, step)
        for left, expires, wanted in every((0, 3), (None, START), (False, True)):
            yield orders.one_order(w, MyOrder(order, left, expires, wanted), ZONE)
        for days in (0, 1, 2, 7, 30, 100):
            yield orders.reminder(w, order, START, days, ZONE)
    for once in (True, False):
        yield orders.receipt(w, DONE, ["••••ABCD"] * 20, 1, once=once)
    for reason in ReturnReason:
        yield orders.returned(
            w, replace(ORDER, state=OrderState.REFUNDED, return_reason=reason, returned_minor=5), 12
        )
    yield orders.codes_lost(w, DONE)
    yield orders.order_list(w, [], 0, 1)
    for page in (0, 1, 2):
        yield orders.order_list(w, list(all_orders())[:6], page, 3)
    for held, methods in every((0, 10**9), ((), tuple(Method))):
        yield orders.unpaid_order(w, UnpaidOrderView(AWAITING, held, methods), ZONE)
    yield orders.expired(w, replace(AWAITING, state=OrderState.EXPIRED), 500)


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


def account_screens(w: Words) -> Iterator[Screen]:
    lines = [
        HistoryLine(START, kind, amount, 7, "")
        for kind, amount in zip(
            ("credit", "hold", "return", "payment", "payback"), (5, -5, 5, 5, -5), strict=True
        )
    ]
    for page, methods in every((0, 1, 2), ((), tuple(Method))):
        yield account.wallet(w, 5, WalletReport(123_456, 7 * page, lines, page, 3, methods), ZONE)
    yield account.wallet(w, 5, WalletReport(0, 0, [], 0, 1, ()), ZONE)
    yield account.credited(w, {"amount": "100", "balance": "100", "note": "n" * 999})
    yield account.credited(w, {"amount": "-100", "balance": "0", "note": ""})
    yield account.missed_answer(w)
    yield account.languages(w)
    for key in (
        "help",
        "privacy",
        "terms",
        "cancelled",
        "unknown-command",
        "unknown-message",
    ):
        yield account.page(w, key, 5)


def payment_screens(w: Words) -> Iterator[Screen]:
    yield payments.methods(w, tuple(Method))
    for method in Method:
        stars = method is Method.STARS
        view = AmountsView(method, Limits(500, 10**9), (Charge(50_000, 7 * stars),) * 3)
        yield payments.amounts(w, view)
        yield payments.ask_amount(w, view)
        for other in CURRENCIES:
            yield payments.refuse_amount(w, view, other)
        yield payments.ask_large_amount(w, view, 20_000_050)
    for payment in all_payments():
        yield payments.transfer(w, payment, INSTRUCTIONS)
        yield payments.card(w, payment, 12)
        yield payments.stars_invoice(w, payment)
        yield payments.receipt_received(w, payment)
        yield payments.receipt_received(w, payment, is_partial=True)
        yield from outcomes(w, payment)
    payment = next(all_payments())
    for reason in Rejection:
        note = PaymentNote("rejected", 5, None, 0, rejection=reason, words="<b>no</b>" * 50)
        yield payments.outcome(w, payment, note)
        yield payments.outcome(w, payment, replace(note, words=""))


def outcomes(w: Words, payment: Payment) -> Iterator[Screen]:
    ended = [replace(ORDER, state=s) for s in (OrderState.EXPIRED, OrderState.CANCELLED)]
    for what, order, missing, went_on in every(
        ("credited", "held", "expired", "rejected", "returned"),
        (None, AWAITING, ORDER, *ended),
        (0, 500),
        (True, False),
    ):
        yield payments.outcome(w, payment, PaymentNote(what, 500, order, missing, went_on))


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
        )
        yield operator.stats(w, Span.TODAY, stats)
    yield from balances(w)
    needing = [replace(ORDER, attention=reason) for reason in Attention]
    for waiting, count, aside, stopped in every(([], needing), (5, 0), (0, 3), (True, False)):
        yield operator.attention(w, AttentionReport(waiting, count, aside, stopped))
        full = AttentionReport(
            waiting, count, aside, stopped, 2, 1, FAILING[: 3 if aside else None], ["poll starship"]
        )
        yield operator.attention(w, full)
        for tried, failed in ((0, 0), (1, 0), (3, 0), (2, 1), (9, 9)):
            yield operator.tried_again(w, tried, failed, full)
    yield operator.attention(w, AttentionReport([], 0, 0, paused=False, failing=FAILING[:1]))
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
    yield operator.ask_refund(w, replace(delivered, returned_minor=0), 500, 1)
    yield operator.refund_done(w, ORDER, 500)
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
    ):
        yield operator.balance(
            w, [BalanceReport(account_state, False, 5, 6, 7.5, True, RATE)], ZONE
        )
        yield operator.balance(
            w, [BalanceReport(account_state, True, 5, 0, None, False, None)] * 2, ZONE
        )


def operator_payment_screens(w: Words) -> Iterator[Screen]:
    for payment in all_payments():
        yield operator_payments.receipt(w, payment, [payment, payment])
        for can in (True, False):
            yield operator_payments.payment(w, payment, ZONE, can_refund=can)
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
    yield operator_payments.ask_credit(w, 5, 10**9, 7)
    yield operator_payments.ask_credit(w, 5, -(10**9), 7)
    for page in (0, 1, 2):
        done = [
            OperatorAction(1, 900, kind, "HN12", amount, note, True, START)
            for kind in MONEY_ACTIONS
            for amount, note in ((500, ""), (-500, "n" * 300))
        ][:8]
        yield operator_payments.actions(w, done, page, 3, ZONE)
    for reason in (*Rejection, "words"):
        action = OperatorAction(1, 900, ActionKind.REJECT, "HN12", 0, reason, True, START)
        yield operator_payments.actions(w, [action], 0, 1, ZONE)
    yield operator_payments.actions(w, [], 0, 1, ZONE)


def support_screens(w: Words) -> Iterator[Screen]:
    case = SupportCase(5, 2001, START, None)
    for said in ("", "<b>hello</b> \ue000", "م" * 3500):
        yield support.answer(w, case, said)
    yield support.question(w, case, None)
    yield support.question(w, case, ORDER)
    yield support.answered_by_other(w, case, 900)
    yield support.gone(w)
    yield support.ask_question(w, 5, "@support")
    yield support.ask_question(w, 5, "")
    for forwarded in (True, False):
        yield support.question_received(w, case, forwarded=forwarded)
    yield support.question_received(w, case, forwarded=True, is_partial=True)
    yield support.answer_sent(w, case)
    yield support.answer_sent(w, case, is_partial=True)
    yield support.not_forwarded(w)
