"""Every screen, in every form that it takes: a generator for each module of handlers/screens."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product as every

from bot.domain.cases import SupportCase
from bot.domain.catalogue import Denomination
from bot.domain.orders import Quote
from bot.domain.pauses import BY_HAND, Pause, PauseScope, PauseState
from bot.domain.payments import Method, PaymentState
from bot.domain.people import BackInStock, Obstacles, WatchedValue
from bot.domain.records import HistoryLine, PauseReason
from bot.domain.supplier import Environment
from bot.domain.tree import BrandNode
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
from bot.services.operations.customer_reports import WalletReport
from bot.services.operations.reports import AttentionReport
from bot.services.orders.aftercare import HowTo, Summary
from bot.services.orders.again import Again, Hindrance, NotAgain
from bot.services.orders.quote import QuoteView
from bot.services.selling.hand_pauses import PauseView
from handlers.screen import Screen
from handlers.screens import (
    account,
    aftercare,
    again,
    attention,
    linking,
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
from tests.unit.operator_samples import operator_screens
from tests.unit.order_samples import code_screens, order_screens
from tests.unit.pausing_samples import pausing_screens
from tests.unit.payment_samples import operator_payment_screens, payment_screens
from tests.unit.price_samples import price_screens
from tests.unit.rehearsal_samples import rehearsal_screens
from tests.unit.samples import CATEGORY, DONE, ORDER, PART, PRODUCT, ZONE, all_payments
from tests.unit.stock_samples import stock_screens
from tests.unit.team_samples import closing_screens, team_screens

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
            yield attention.attention(w, report)
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
        "forwarded-message",
        "other-bots-message",
        "question-too-old",
        "shared-too-late",
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
    yield support.too_many(w, banned=True)
    for is_customer in (True, False):
        yield support.not_forwarded(w, is_customer=is_customer)
    yield support.not_taken(w)
