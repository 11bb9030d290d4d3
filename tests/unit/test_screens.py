"""Every screen in three languages: within Telegram's bounds, codes exact, nothing left unformatted."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product as every
from zoneinfo import ZoneInfo

import pytest

from bot import errors
from bot.domain.audit import Audited, Check, Difference
from bot.domain.catalogue import Category, Denomination, Product
from bot.domain.code_messages import pack
from bot.domain.orders import Attention, Order, OrderState, Quote, ReturnReason
from bot.domain.payments import (
    PAID_STATES,
    Charge,
    Limits,
    Method,
    Payment,
    PaymentState,
    Rejection,
)
from bot.domain.pricing import Markup, PricingPolicy
from bot.domain.records import (
    MONEY_ACTIONS,
    ActionKind,
    AlertKind,
    Best,
    HistoryLine,
    OperatorAction,
    Stats,
    SupplierAccount,
    SupportCase,
)
from bot.domain.supplier import Card, Environment, Rate
from bot.errors import Refused
from bot.ports import PaymentNote
from bot.sandbox.telegram import rules
from bot.services.catalogue.browse import Offer, Page, ProductView, QuantityView, RangeView
from bot.services.catalogue.links import LinkView
from bot.services.operations.customer_reports import MyOrder, WalletReport
from bot.services.operations.reports import AttentionReport, BalanceReport, OrderReport, Span
from bot.services.orders.quote import QuoteView
from bot.services.payments.top_up import AmountsView
from bot.services.wallet.unpaid_orders import UnpaidOrderView
from handlers.middleware.errors import KEYS, explain
from handlers.richtext import RichText, cut, utf16_length
from handlers.screens import (
    account,
    alerts,
    codes,
    linking,
    operator,
    operator_payments,
    orders,
    payments,
    shop,
    support,
)
from locales import LOCALES, words
from tests.fakes import START

ZONE = ZoneInfo("Africa/Algiers")
CATEGORY = Category(1, "PSN")
PRODUCT = Product(
    2, 1, "oneclickdz", "x", "PlayStation <USA> & friends " + "long " * 20, "us", True, START
)
ORDER = Order(
    id=1042,
    user_id=5,
    quote_id=1,
    product_id=2,
    denomination_id=3,
    product_title="PlayStation USA",
    denomination_label="25 $",
    quantity=5,
    unit_price_minor=418_000,
    unit_cost_minor=400_000,
    highest_cost_minor=410_000,
    environment=Environment.PRODUCTION,
    state=OrderState.PAID,
    supplier="oneclickdz",
    supplier_product_id="p",
    supplier_type_id="t",
    supplier_order_id=None,
    created_at=START,
    paid_at=START,
    sent_at=None,
    accepted_at=None,
    settled_at=None,
    due_at=None,
    attempts=0,
    delivered_quantity=0,
    returned_minor=0,
    cost_minor=0,
    return_reason=None,
    attention=None,
    told_slow=False,
    alerted_stuck=False,
    status_message_id=7,
)
RATE = Rate("USD", Decimal("245.5"), START.date())
DONE = replace(ORDER, state=OrderState.FULFILLED, delivered_quantity=5, settled_at=START)
PART = replace(ORDER, state=OrderState.PARTIAL, delivered_quantity=3, returned_minor=2 * 418_000)
CARDS = [
    Card(
        f"👾CODE-{n}-ABCD-{'X' * n}", f"S{n}" if n % 2 else "", expires_at=START if n == 1 else None
    )
    for n in range(5)
] + [
    Card("4111-2222", pin="0042", reference="VR-77", expires_at=START),
    Card(link="https://claim.example/abc", reference="VR-78"),
]


def all_orders():
    for state, attention, slow in every(OrderState, [None, *Attention], [False, True]):
        part = state is OrderState.PARTIAL or (state is OrderState.HANDLING and slow)
        delivered = 3 if part else 5 if state is OrderState.FULFILLED else 0
        yield replace(
            ORDER, state=state, attention=attention, told_slow=slow, delivered_quantity=delivered
        )
    yield PART


def screens(w):
    offers = (
        Offer(1, "10 $", 169_000, 5),
        Offer(2, "50 $", 800_000, 0),
        Offer(3, "wide " * 30, 5, 1),
    )
    yield shop.home(w, [CATEGORY] * 14)
    yield shop.home(w, [])
    for number in range(3):
        yield shop.products(w, Page(CATEGORY, (PRODUCT, replace(PRODUCT, region="")), number, 3))
    for shown in (None, (), offers, offers[:2]):
        yield shop.product(w, ProductView(CATEGORY, PRODUCT, shown, True))
    yield shop.product(
        w, ProductView(CATEGORY, replace(PRODUCT, region=""), offers, True), no_answer=True
    )
    yield shop.product(w, ProductView(CATEGORY, PRODUCT, None, True), no_answer=True)
    for step in (100, 50):
        yield shop.ask_value(w, RangeView(PRODUCT, 500, 50_000, step, "EUR"))
    ranged = Offer(4, "5-500 EUR", 0, 0, is_range=True)
    yield shop.product(w, ProductView(CATEGORY, PRODUCT, (*offers, ranged), False))
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
    for wanted in (True, False):
        yield orders.reminders(w, wanted=wanted)
    yield shop.quantity(w, QuantityView(CATEGORY, PRODUCT, offers[0], (1, 2, 3, 5, 10), 10))
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
    yield shop.found(w, "x" * 4096, [])
    yield shop.found(w, "psn", [PRODUCT] * 8)
    yield shop.ask_search(w)
    for order in all_orders():
        for step in ("", "slow", "held"):
            yield orders.status(w, order, step)
        for left, expires, wanted in every((0, 3), (None, START), (False, True)):
            yield orders.one_order(w, MyOrder(order, left, expires, wanted), ZONE)
        for days in (0, 1, 2, 7, 30, 100):
            yield orders.reminder(w, order, START, days, ZONE)
        yield operator.order(w, OrderReport(order, 5, 2), ZONE)
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
    for once in (True, False):
        yield orders.receipt(w, DONE, ["••••ABCD"] * 20, 1, once=once)
    for reason in ReturnReason:
        yield orders.returned(
            w, replace(ORDER, state=OrderState.REFUNDED, return_reason=reason, returned_minor=5), 12
        )
    yield orders.order_list(w, [], 0, 1)
    for page in (0, 1, 2):
        yield orders.order_list(w, list(all_orders())[:6], page, 3)
    lines = [
        HistoryLine(START, kind, amount, 7, "")
        for kind, amount in zip(
            ("credit", "hold", "return", "payment", "payback"), (5, -5, 5, 5, -5), strict=True
        )
    ]
    for page, methods in every((0, 1, 2), ((), tuple(Method))):
        yield account.wallet(w, 5, WalletReport(123_456, 7 * page, lines, page, 3, methods), ZONE)
    yield account.wallet(w, 5, WalletReport(0, 0, [], 0, 1, ()), ZONE)
    yield from paying_screens(w)
    yield account.credited(w, {"amount": "100", "balance": "100", "note": "n" * 999})
    yield account.credited(w, {"amount": "-100", "balance": "0", "note": ""})
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
        )
        yield operator.stats(w, Span.TODAY, stats)
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
    needing = [replace(ORDER, attention=reason) for reason in Attention]
    for waiting, count, aside, stopped in every(([], needing), (5, 0), (0, 3), (True, False)):
        yield operator.attention(w, AttentionReport(waiting, count, aside, stopped))
        yield operator.attention(w, AttentionReport(waiting, count, aside, stopped, 2, 1))
    for off, silent, stopped in every((0, 1, 9), ([], ["oneclickdz"]), (True, False)):
        differences = tuple(Difference(f"#{n}" * 30, "x") for n in range(off))
        found = [Audited(check, 7, differences) for check in Check]
        yield operator.audit(w, found, silent, paused=stopped)
    yield operator.credit_done(w, 5, -500, 0)
    yield operator.ask_refund(w, ORDER, 500, 10**14)
    yield operator.refund_done(w, ORDER, 500)
    yield operator.prices(w, PricingPolicy(Markup(Decimal("7.5"), 5), 1000, 0), [CATEGORY] * 60)
    yield operator.markup_set(w, "c1", Decimal(5), 5)
    yield operator.markup_set(w, "c1", None, 0)
    data = {
        "supplier": "oneclickdz",
        "minutes": "10",
        "order": "7",
        "user": "5",
        "balance": "500",
        "cost": "5",
        "expected": "5",
        "paid": "6",
        "why": "x",
        "code": "C",
        "request": "r",
        "count": "2",
        "orders": "#1, #2",
        "seconds": "75",
        "trouble": "KeyError",
        "checks": "postings orders",
        "about": "#1, wallet:5",
        "payment": "12",
        "method": "ocpay",
        "asked": "500",
        "lost": "100",
        "doubt": "amount",
    }
    together = {**data, "others": "3", "named": "#8 #9", "alert": "order_not_found"}
    yield alerts.alert(w, together)
    yield alerts.alert(w, {**together, "alert": "update_quarantined", "named": ""})
    for kind, more, paused, attention in every(AlertKind, ("0", "3"), ("yes", "no"), Attention):
        yield alerts.alert(
            w,
            {**data, "alert": str(kind), "more": more, "paused": paused, "reason": str(attention)},
        )


def all_payments():
    for method, state, order_id in every(Method, PaymentState, (None, 1042)):
        yield Payment(
            id=12,
            user_id=5,
            method=method,
            state=state,
            order_id=order_id,
            asked_minor=500_000,
            stars=3334 if method is Method.STARS else 0,
            paid_minor=500_000 if state in PAID_STATES else 0,
            external_id="OCPL-A1B2C3-D4E5",
            url="https://pay.example/1",
            created_at=START,
            expires_at=START,
            due_at=None,
            attempts=0,
            settled_at=None,
            decided_by=900 if state is PaymentState.REJECTED else None,
            reason="amount" if state is PaymentState.HELD else "",
            message_id=None,
        )


INSTRUCTIONS = "CCP 00 1234567890 clé 12\nRIP 00799999001234567890\nN. Hanout"


def paying_screens(w):
    yield payments.methods(w, tuple(Method))
    for method in Method:
        stars = method is Method.STARS
        view = AmountsView(method, Limits(500, 10**9), (Charge(50_000, 7 * stars),) * 3)
        yield payments.amounts(w, view)
        yield payments.ask_amount(w, view)
    awaiting = replace(
        ORDER, state=OrderState.AWAITING_PAYMENT, paid_at=None, due_at=START + timedelta(hours=9)
    )
    for held, methods in every((0, 10**9), ((), tuple(Method))):
        yield orders.unpaid_order(w, UnpaidOrderView(awaiting, held, methods), ZONE)
    yield orders.expired(w, replace(awaiting, state=OrderState.EXPIRED), 500)
    ended = [replace(ORDER, state=s) for s in (OrderState.EXPIRED, OrderState.CANCELLED)]
    for it in all_payments():
        yield payments.transfer(w, it, INSTRUCTIONS)
        yield payments.card(w, it, 12)
        yield payments.stars_invoice(w, it)
        yield payments.receipt_received(w, it)
        yield operator_payments.receipt(w, it, [it, it])
        for can in (True, False):
            yield operator_payments.payment(w, it, ZONE, can_refund=can)
        yield operator_payments.reasons(w, it)
        yield operator_payments.ask_amount(w, it)
        yield operator_payments.ask_reason(w, it)
        yield operator_payments.decided(w, it)
        yield operator_payments.already_decided(w, it)
        yield operator_payments.ask_refund(w, it, 10**14)
        yield operator_payments.refund_result(w, it)
        for what, order, missing, went_on in every(
            ("credited", "held", "expired", "rejected", "returned"),
            (None, awaiting, ORDER, *ended),
            (0, 500),
            (True, False),
        ):
            yield payments.outcome(w, it, PaymentNote(what, 500, order, missing, went_on))
    it = next(all_payments())
    for reason in Rejection:
        note = PaymentNote("rejected", 5, None, 0, rejection=reason, words="<b>no</b>" * 50)
        yield payments.outcome(w, it, note)
        yield payments.outcome(w, it, replace(note, words=""))
    yield operator_payments.payment_list(w, [it] * 8, 8, list(all_payments()))
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
    case = SupportCase(5, 2001, START, None)
    for said in ("", "<b>hello</b> \ue000", "م" * 3500):
        yield support.question(w, case, None, said)
        yield support.question(w, case, ORDER, said)
        yield support.answer(w, case, said)
    yield support.ask_question(w, 5, "@support")
    yield support.ask_question(w, 5, "")
    for forwarded in (True, False):
        yield support.question_received(w, case, forwarded=forwarded)
    yield support.answer_sent(w, case)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_screen_is_one_that_telegram_takes(locale, caplog):
    count = 0
    for screen in screens(words(locale)):
        rules.check_text(screen.text)
        rules.check_entities(
            screen.text, [{"offset": e.offset, "length": e.length} for e in screen.entities]
        )
        keyboard = screen.keyboard()
        rules.check_keyboard(keyboard.to_dict() if keyboard else None)
        assert "{" not in screen.text
        assert not any("\ue000" <= c <= "\uf8ff" for c in screen.text)
        assert all(b.label and b.label == b.label.strip() for row in screen.rows for b in row)
        count += 1
    assert count > 300
    assert caplog.text == "", "a text had a variable missing"


@pytest.mark.parametrize("locale", LOCALES)
def test_codes_stand_exactly_under_their_spoilers_and_on_their_buttons(locale):
    (code_message,) = pack(CARDS)
    screen = codes.codes(words(locale), DONE, code_message, 86_400, ZONE)

    raw = screen.text.encode("utf-16-le")
    hidden = [
        raw[e.offset * 2 : (e.offset + e.length) * 2].decode("utf-16-le")
        for e in screen.entities
        if e.type == "spoiler"
    ]
    assert hidden == [
        text
        for card in CARDS
        for text in (card.value, card.pin, card.serial, card.reference)
        if text
    ]
    urls = [b.url for row in screen.rows for b in row if b.url]
    assert urls == [card.link for card in CARDS if card.link]
    copies = [b.copy for row in screen.rows for b in row if b.copy]
    assert sorted(copies) == sorted(t for card in CARDS for t in (card.value, card.pin) if t)
    for line in screen.text.split("\n"):
        for card in CARDS:
            if card.value and card.value in line:
                assert not set(line) & set("\u2066\u2067\u2068\u2069\u200e\u200f\u202a\u202b")
    assert "CODE-" not in repr(screen)


def test_a_document_holds_codes_line_by_line():
    assert codes.document(pack([Card("A", "1"), Card("B")])[0]) == "A\t1\r\nB\r\n"


def test_bold_and_secret_offsets_count_utf16_units():
    text = RichText().add("👾\ue000bold\ue001 and \ue000\ue001").line("x").secret("👾S")
    assert [(e.type, e.offset, e.length) for e in text.entities] == [
        ("bold", 2, 4),
        ("spoiler", 13, 3),
    ]
    assert utf16_length(text.text) == 16
    assert RichText().line("first").add("\ue001").text == "first"


def test_a_long_text_is_cut_by_utf16_units_and_nothing_of_it_is_lost():
    assert cut("👾" * 2048, 3501) == ("👾" * 1750, "👾" * 298)
    assert cut("short", 10) == ("short", "")
    assert cut("abc", 2) == ("ab", "c")


def leaves(kind):
    for child in kind.__subclasses__():
        yield child
        yield from leaves(child)


def test_every_refusal_has_words_in_every_language():
    examples = {
        errors.QuantityOutOfRange: (1, 10),
        errors.ValueOutOfRange: (500, 50_000, 50, "EUR"),
        errors.QuoteExpired: (1, 1),
        errors.WalletTooSmall: (500,),
        errors.RevealsUsedUp: (3,),
        errors.BadCommand: ("/x",),
        errors.UnknownCustomer: (5,),
        errors.NotRefundable: (7,),
        errors.CapReached: (5000,),
        errors.AmountOutOfRange: (500, 9000),
        errors.NotReturnable: (500,),
    }
    assert set(KEYS) == set(leaves(Refused))
    for kind, locale in every(KEYS, LOCALES):
        said = explain(words(locale), kind(*examples.get(kind, ())))
        assert said
        assert "{" not in said
        assert len(said) <= 200
    assert explain(words("en"), ValueError("secret")) == words("en").plain("refused-unforeseen")
    assert explain(words("en"), errors.StorageFailure("x")) == words("en").plain("refused-storage")


def test_the_error_tree_in_the_docstring_is_the_real_one():
    for kind in leaves(errors.HanoutError):
        assert f" {kind.__name__}" in (errors.__doc__ or ""), kind
