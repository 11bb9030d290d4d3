"""Every screen, in every form that it takes: a generator for each module of handlers/screens."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product as every

from bot.domain.actions import LISTED_ACTIONS, ActionKind, OperatorAction
from bot.domain.audit import Audited, Check, Difference
from bot.domain.cases import SupportCase
from bot.domain.catalogue import Denomination
from bot.domain.code_messages import pack
from bot.domain.orders import (
    WAITING_STATES,
    Attention,
    Order,
    OrderState,
    Quote,
    ReturnReason,
    Stage,
)
from bot.domain.pauses import BY_HAND, Pause, PauseScope, PauseState
from bot.domain.payments import Charge, Limits, Method, Payment, PaymentState, Rejection
from bot.domain.people import BackInStock, Obstacles, WatchedValue
from bot.domain.periods import Span
from bot.domain.pricing import Markup, PricingPolicy
from bot.domain.records import HistoryLine, PauseReason, SupplierAccount
from bot.domain.results import MoneyNote
from bot.domain.statistics import Best, Stats
from bot.domain.supplier import Card, Environment
from bot.domain.tree import BrandNode
from bot.domain.waiting import Usual, Waiting
from bot.ports import PaymentNote
from bot.refusals import OtherCurrency, SellingPaused
from bot.services.catalogue.browse import (
    Offer,
    Page,
    Place,
    ProductEntry,
    ProductView,
    QuantityView,
    RangeView,
    State,
)
from bot.services.catalogue.links import LinkView
from bot.services.catalogue.shelves import (
    BrandEntry,
    BrandPage,
    CategoryEntry,
    CategoryPage,
    HitView,
    HomeView,
    SearchView,
)
from bot.services.items import Item, ItemKind
from bot.services.operations.customer_reports import MyOrder, MyOrders, WalletReport
from bot.services.operations.reports import AttentionReport, BalanceReport, OrderReport
from bot.services.orders.aftercare import HowTo, Summary
from bot.services.orders.again import Again, Hindrance, NotAgain
from bot.services.orders.quote import QuoteView
from bot.services.payments.decisions import Accepted
from bot.services.payments.top_up import AmountsView
from bot.services.selling.hand_pauses import PauseView
from bot.services.wallet.unpaid_orders import UnpaidOrderView
from handlers.screen import Screen
from handlers.screens import (
    account,
    aftercare,
    again,
    codes,
    linking,
    operator,
    operator_payments,
    orders,
    payments,
    privacy,
    shelves,
    shop,
    support,
    watches,
)
from locales import Words
from locales.tables import table
from tests.fakes import START
from tests.harness import BRANDS, GUIDES
from tests.unit.alert_samples import alert_screens
from tests.unit.curating_samples import curating_screens
from tests.unit.customer_samples import customer_screens
from tests.unit.figure_samples import figure_screens
from tests.unit.news_samples import news_screens
from tests.unit.pausing_samples import pausing_screens
from tests.unit.price_samples import price_screens
from tests.unit.rehearsal_samples import rehearsal_screens
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
from tests.unit.stock_samples import stock_screens
from tests.unit.team_samples import closing_screens, team_screens

FAILING = tuple((Item(kind, 1042), "UnicodeEncodeError") for kind in ItemKind)
OFFERS = (
    Offer(1, "10 $", 169_000, 5),
    Offer(2, "50 $", 800_000, 0),
    Offer(3, "wide " * 30, 5, 1),
)
RANGED = Offer(4, "5-500 EUR", 0, 0, is_range=True)
LINK = "https://t.me/hanout_bot?start=p_12"
CLOSED = Offer(5, "$1,000.50", 5, 1, paused=True)
PLACE = Place("games-consoles", "playstation", "PlayStation", 3, 5)
ENTRIES = (
    ProductEntry(replace(PRODUCT, title="PlayStation USA"), "US", True, State.OPEN, 174_100),
    ProductEntry(PRODUCT, "AE", False, State.OPEN, 174_100),
    *(
        ProductEntry(replace(PRODUCT, title="Game Pass"), region, False, state, price)
        for region, state, price in (
            ("global", State.OPEN, 99_000),
            ("unknown", State.OPEN, None),
            ("europe", State.SOLD_OUT, None),
            ("Latin America", State.PAUSED, None),
            ("JP", State.PAUSED, 5),
        )
    ),
)
AWAITING = replace(
    ORDER, state=OrderState.AWAITING_PAYMENT, paid_at=None, due_at=START + timedelta(hours=9)
)
CURRENCIES = (None, OtherCurrency("DZD", "EUR"), OtherCurrency("DZD", "centimes"))
INSTRUCTIONS = "CCP 00 1234567890 clé 12\nRIP 00799999001234567890\nN. Hanout"


def screens(w: Words, *, whole: bool = False) -> Iterator[Screen]:
    """`whole`: each outcome of a payment with each state that the payment may be in, which no screen tells apart."""
    yield from shop_screens(w)
    yield from again_screens(w)
    yield from watch_screens(w)
    yield from linking_screens(w)
    yield from order_screens(w)
    yield from code_screens(w)
    yield from aftercare_screens(w)
    yield from rule_screens(w)
    yield from account_screens(w)
    yield from payment_screens(w, whole=whole)
    yield from operator_screens(w)
    yield from operator_payment_screens(w)
    yield from support_screens(w)
    yield from customer_screens(w)
    yield from pausing_screens(w)
    yield from price_screens(w)
    yield from news_screens(w)
    yield from curating_screens(w)
    yield from figure_screens(w)
    yield from alert_screens(w)
    yield from rehearsal_screens(w)
    yield from stock_screens(w)
    yield from team_screens(w)
    yield from closing_screens(w)


def shop_screens(w: Words) -> Iterator[Screen]:
    yield from shelf_screens(w)
    for number in range(3):
        yield shop.products(w, Page(CATEGORY, ENTRIES, number, 3))
    for shown in (None, (), OFFERS, OFFERS[:2]):
        yield shop.product(w, ProductView(PLACE, PRODUCT, "US", shown, True), ZONE)
    for region in ("unknown", "europe", "Latin America"):
        view = ProductView(PLACE, PRODUCT, region, OFFERS, True)
        yield shop.product(w, view, ZONE, no_answer=True)
    for state, known in every((State.SOLD_OUT, State.PAUSED), (None, ())):
        for place in (
            PLACE,
            Place("games-pc", "steam", "Steam", 3, 1),
            Place("other", "", "x", 0, 0),
        ):
            yield shop.product(
                w, ProductView(place, PRODUCT, "US", known, True, state, ENTRIES[:3]), ZONE
            )
    yield shop.product(w, ProductView(PLACE, PRODUCT, "US", None, True), ZONE, no_answer=True)
    for reason, until in every(PauseReason, (None, START)):
        texts = {"fr": "nous revenons vite."} if reason is PauseReason.WORDS else {}
        pause = Pause(
            1, PauseState.OPEN, PauseScope.SHOP, "", reason, START, texts=texts, until=until
        )
        closed = ProductView(
            PLACE, PRODUCT, "US", None, True, State.PAUSED, ENTRIES[:3], pause=pause
        )
        if reason in BY_HAND:
            yield shop.product(w, closed, ZONE)
            yield shop.product(w, replace(closed, offers=OFFERS), ZONE)
            report = AttentionReport([], 0, 0, paused=True, pauses=[PauseView(pause, "starship")])
            yield operator.attention(w, report)
    for step in (100, 50):
        yield shop.ask_value(w, RangeView(PRODUCT, 500, 50_000, step, "EUR"))
        for other in (None, OtherCurrency("EUR", "USD")):
            yield shop.refuse_value(w, RangeView(PRODUCT, 500, 50_000, step, "EUR"), other)
        yield shop.refuse_value(w, RangeView(PRODUCT, 500, 50_000, step, "EUR"), None, 750)
    yield shop.product(w, ProductView(PLACE, PRODUCT, "US", (*OFFERS, RANGED, CLOSED), False), ZONE)
    pictured = ProductView(PLACE, PRODUCT, "US", OFFERS, False, has_picture=True)
    yield shop.product(w, pictured, ZONE, link=LINK)
    long = replace(PRODUCT, title="بطاقة " * 80)
    yield shop.product(w, ProductView(PLACE, long, "US", OFFERS, False), ZONE, link=LINK)
    yield from confirmations(w)
    yield shop.quantity(w, QuantityView(CATEGORY, PRODUCT, OFFERS[0], (1, 2, 3, 5, 10), 10))
    yield shop.quantity(w, QuantityView(CATEGORY, PRODUCT, OFFERS[0], (1,), 1))
    for maximum in (1, 2, 10):
        yield shop.refuse_quantity(w, QuantityView(CATEGORY, PRODUCT, OFFERS[0], (1, 2), maximum))


def shelf_screens(w: Words) -> Iterator[Screen]:
    popular = (BrandEntry("playstation", "PlayStation", None), BrandEntry("steam", "Steam", 7))
    categories = tuple(
        CategoryEntry(key, popular[1] if key == "software" else None) for key in BRANDS.categories
    )
    home = HomeView(popular, categories)
    yield shelves.home(w, home)
    yield shelves.home(w, HomeView((), ()))
    yield shelves.home(w, home, DONE)
    yield shelves.home(w, home, replace(DONE, product_title="P" * 99))
    for number in range(3):
        yield shelves.brands(w, CategoryPage("games-pc", popular * 4, number, 3))
        for brands in (1, 3):
            node = BrandNode("steam", "Steam", "games-pc", (1, 2))
            yield shelves.brand_products(w, BrandPage(node, brands, ENTRIES, number, 3))
    named = (HitView(ENTRIES[0], OFFERS[:2]), HitView(ENTRIES[1], (), (9, 4_200, "EUR")))
    others = tuple(HitView(entry) for entry in ENTRIES)
    for hits, near in every(((), named, others), ((), popular)):
        view = SearchView(hits, None, False, near, None, home)
        yield shelves.found(w, "x" * 4096, view)
        yield shelves.found(w, "x" * 4096, view, 7)
    for value in (None, 2_000):
        yield shelves.ask_brand(w, "20$", SearchView((), None, True, popular, value, home))
    yield shelves.ask_search(w)
    yield shelves.ask_trouble(w)
    yield shelves.ask_trouble(w, 7)


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


def again_screens(w: Words) -> Iterator[Screen]:
    order = replace(DONE, quantity=10)
    for count, price in every((1, 2, 3, 10), (order.unit_price_minor, 5)):
        quote = Quote(9, 5, 3, count, price, 1, 2, START + timedelta(minutes=10), False)
        view = QuoteView(quote, PRODUCT, "25 $", 10**9, False, True)
        yield shop.confirm(w, view, 10, Again(order, view))
    places = [Place("games-consoles", "steam", "Steam", *n) for n in ((1, 1), (2, 1), (2, 2))]
    for why, place in every(Hindrance, (*places, None)):
        yield again.not_again(w, NotAgain(order, why, place))
    for reason in BY_HAND:
        why_paused = SellingPaused(reason, {"en": "We count our stock."})
        yield again.not_again(w, NotAgain(order, Hindrance.PAUSED, None, paused=why_paused))


def watch_screens(w: Words) -> Iterator[Screen]:
    for can_watch in (True, False):
        yield watches.sold_out(w, PRODUCT, "50 $", 7, can_watch=can_watch)
    yield watches.watching(w, PRODUCT, "50 $", 7)
    for most in (1, 2, 5, 11, 100):
        yield watches.too_many(w, most)
        yield watches.watch_list(w, [], most)
    yield watches.watch_list(w, [WatchedValue(7, "PlayStation USA", "50 $", START)] * 5, 5)
    yield watches.back_in_stock(w, BackInStock(7, "PlayStation USA", "50 $", 829_000))


def linking_screens(w: Words) -> Iterator[Screen]:
    other = replace(PRODUCT, id=5, supplier="starship")
    value = Denomination(7, 1, "25.00", "25 USD", 100, 5)
    yield linking.links(w, [])
    yield linking.links(w, [(other, PRODUCT)] * 40)
    yield linking.found(w, "x" * 90, [])
    yield linking.found(w, "psn", [PRODUCT, other])
    yield linking.found(w, "psn", [PRODUCT, other], {other.id})
    for hidden in ({other.id}, {other.id, PRODUCT.id}):
        yield linking.links(w, [(other, PRODUCT)] * 2, hidden)
    for alone in ([], [value] * 3):
        yield linking.ask_link(w, LinkView(other, PRODUCT, [(value, value)] * 3, alone))
    for count in (0, 1, 2, 3, 11):
        yield linking.linked(w, count)
        yield linking.unlinked(w, count)


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


def rule_screens(w: Words) -> Iterator[Screen]:
    quote = Quote(9, 5, 3, 2, 418_000, 1, 2, START + timedelta(minutes=10), False)
    for brand, region in every(table("redeem")["brand"], ("US", "europe", "global", "unknown")):
        guide = GUIDES.of(brand)
        yield shop.product(w, ProductView(PLACE, PRODUCT, region, OFFERS, False, guide=guide), ZONE)
        view = QuoteView(quote, PRODUCT, "25 $", 10**9, False, True, region, guide)
        yield shop.confirm(w, view, 10)


def aftercare_screens(w: Words) -> Iterator[Screen]:
    for brand in (None, *table("redeem")["brand"]):
        guide = GUIDES.of(brand)
        view = HowTo(DONE, guide, guide.url if guide else "")
        yield aftercare.how_to(w, view)
        yield aftercare.problem(w, view)
    paid = [None, *(one for one in all_payments() if one.state is PaymentState.CREDITED)]
    for order, payment in every((DONE, PART, replace(PART, returned_minor=0), ORDER), paid):
        for environment in Environment:
            shown = replace(order, environment=environment)
            yield aftercare.summary(w, Summary(shown, payment), ZONE)


def account_screens(w: Words) -> Iterator[Screen]:
    lines = [
        HistoryLine(START, kind, amount, 7, "")
        for kind, amount in zip(
            ("credit", "hold", "return", "payment", "payback"), (5, -5, 5, 5, -5), strict=True
        )
    ]
    for page, methods in every((0, 1, 2), ((), tuple(Method))):
        yield account.wallet(w, 5, WalletReport(123_456, 7 * page, lines, page, 3, methods), ZONE)
    yield account.wallet(w, 5, WalletReport(0, 0, [], 0, 1, (), [*all_payments()][:3]), ZONE)
    yield account.wallet(w, 5, WalletReport(0, 0, [], 0, 1, ()), ZONE)
    yield account.credited(w, {"amount": "100", "balance": "100", "note": "n" * 999})
    yield account.credited(w, {"amount": "-100", "balance": "0", "note": ""})
    yield account.missed_answer(w)
    for wanted in (True, False):
        yield account.languages(w, wants_news=wanted)
    yield from privacy_screens(w)
    for key in (
        "help",
        "terms",
        "cancelled",
        "unknown-command",
        "unknown-message",
    ):
        yield account.page(w, key, 5)


def privacy_screens(w: Words) -> Iterator[Screen]:
    yield privacy.privacy(w, 2**52)
    yield privacy.caption(w)
    yield privacy.forgotten(w)
    for count in (0, 1, 2, 5, 14, 60):
        yield privacy.forget(w, 2_000_000_000, count)
        yield privacy.data_later(w, count or 1)
        yield privacy.erased_already(w, count or 1)
        for balance, codes_come, is_operator in every((0, 364_000), (False, True), (False, True)):
            obstacles = Obstacles(balance, count, count, codes_come, is_operator)
            yield privacy.not_yet(w, obstacles)
    yield privacy.not_yet(w, Obstacles(codes_shown=True))


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
        yield payments.card(w, payment, 12)
        yield payments.card(w, payment, 12, may_be_refused=True)
        yield payments.stars_invoice(w, payment)
        yield payments.receipt_received(w, payment)
        yield payments.receipt_received(w, payment, is_partial=True)
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
        yield operator.attention(w, AttentionReport(waiting, count, aside, stopped))
        full = AttentionReport(
            waiting, count, aside, stopped, 2, 1, FAILING[: 3 if aside else None], ["poll starship"]
        )
        yield operator.attention(w, full)
        for tried, failed in ((0, 0), (1, 0), (3, 0), (2, 1), (9, 9)):
            yield operator.tried_again(w, tried, failed, full)
    yield operator.attention(w, AttentionReport([], 0, 0, paused=False, failing=FAILING[:1]))
    for for_access in (False, True):
        account = SupplierAccount(
            "oneclickdz", paused_for_balance=not for_access, paused_for_access=for_access
        )
        yield operator.attention(w, AttentionReport([], 0, 0, paused=False, closed=[account]))
    for banned in (1, 2, 5, 11):
        named = [(number, 7012345678) for number in range(min(banned, 5))]
        report = AttentionReport(
            [], 0, 0, paused=False, paid_though_banned=named, count_banned=banned
        )
        yield operator.attention(w, report)
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
    ):
        yield operator.balance(
            w, [BalanceReport(account_state, False, 5, 6, 7.5, True, RATE)], ZONE
        )
        yield operator.balance(
            w, [BalanceReport(account_state, True, 5, 0, None, False, None)] * 2, ZONE
        )


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
    yield operator_payments.ask_credit(w, 5, 10**9, 7)
    yield operator_payments.ask_credit(w, 5, -(10**9), 7)
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
    for reason in (*Rejection, "words"):
        action = OperatorAction(1, 900, ActionKind.REJECT, "HN12", 0, reason, True, START)
        yield operator_payments.actions(w, [action], 0, 1, ZONE)
    yield operator_payments.actions(w, [], 0, 1, ZONE)


def support_screens(w: Words) -> Iterator[Screen]:
    case = SupportCase(5, 2001, START, None)
    for said in ("", "<b>hello</b> \ue000", "م" * 3500):
        yield support.answer(w, case, said)
    yield support.question(w, case, None, ZONE)
    yield support.question(w, case, ORDER, ZONE)
    yield support.answered_by_other(w, case, 900)
    yield support.gone(w)
    yield support.ask_question(w, 5, "@support")
    yield support.ask_question(w, 5, "")
    yield support.ask_about_order(w, 1042)
    yield support.reopened(w, case)
    for forwarded in (True, False):
        yield support.question_received(w, case, forwarded=forwarded)
    yield support.question(w, replace(case, order_id=ORDER.id), ORDER, ZONE)
    yield support.answer_sent(w, case)
    yield support.closed(w, case)
    yield support.ended(w, 5)
    yield support.closed_by_customer(w, case)
    yield support.too_many(w)
    for is_customer in (True, False):
        yield support.not_forwarded(w, is_customer=is_customer)
