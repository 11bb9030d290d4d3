"""The simulator of OneClickDz refuses what OneClickDz refuses, and its panel makes it do so."""

import httpx
import pytest

from bot.domain.supplier import Purchase
from bot.errors import AccessRefused, CircuitOpen, OutcomeUnknown, RequestRefused, TryLater
from bot.sandbox.payments.chargily_api import ChargilyApi
from bot.sandbox.payments.chargily_book import ChargilyBook
from bot.sandbox.supplier.api import SupplierApi
from bot.sandbox.supplier.book import Refusal, SupplierBook
from bot.sandbox.supplier.catalogue import sample_catalogue
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.supplier.panel import Panel
from bot.sandbox.supplier.starship import StarshipApi
from bot.sandbox.supplier.vouchers import VoucherBook
from bot.suppliers.oneclickdz import OneClickDz
from tests.fakes import START, HarnessClock


def adapter(book, key, **options):
    clock = HarnessClock()
    return OneClickDz(
        base_url="http://s/v3",
        api_key=key,
        clock=clock,
        timeout_seconds=1,
        transport=httpx.ASGITransport(app=SupplierApi(book).app, raise_app_exceptions=False),
        **options,
    )


@pytest.fixture
def book():
    return SupplierBook(now=lambda: START)


async def yes():
    return True


async def no():
    return False


@pytest.mark.parametrize(
    ("api", "book", "path"),
    [
        (SupplierApi, SupplierBook(), "/v3/gift-cards/placeOrder"),
        (StarshipApi, VoucherBook(), "/create_order/"),
        (ChargilyApi, ChargilyBook(), "/test/api/v2/checkouts"),
    ],
)
async def test_a_request_that_is_cut_off_before_its_end_is_no_call(api, book, path):
    parts = [
        {"type": "http.request", "body": b'{"half', "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent = []

    async def receive():
        return parts.pop(0)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""}
    await api(book).app(scope, receive, send)

    assert sent[0]["status"] == 499
    assert book.calls == []


def test_the_catalogue_is_believable():
    catalogue = sample_catalogue()
    goods = [g for c in catalogue for g in c.products]
    kinds = [k for g in goods for k in g.denominations]
    assert (len(catalogue), 55 <= len(goods) <= 65) == (14, True)
    assert len({g.id for g in goods}) == len(goods)
    assert len({k.id for k in kinds}) == len(kinds)
    assert all(k.price > 0 for k in kinds)


async def test_the_supplier_blocks_after_five_bad_keys_and_we_stop_before(book):
    supplier = adapter(book, "wrong")
    for kind in (TryLater, TryLater, AccessRefused, CircuitOpen, CircuitOpen):
        with pytest.raises(kind):
            await supplier.balance()
    assert book.bad_keys == 3
    assert supplier.refusal == "INVALID_ACCESS_TOKEN"
    for _ in range(2):
        with pytest.raises(AccessRefused):
            await supplier.validate()
    with pytest.raises(AccessRefused) as refused:
        await supplier.validate()
    assert refused.value.code == "IP_BLOCKED"


async def test_the_supplier_minds_addresses_ceilings_and_its_own_errors(book):
    key = book.add_key()
    supplier = adapter(book, key, calls_per_minute=100_000)
    assert await supplier.movements(START, START) == ()
    book.calls_per_minute = 3
    with pytest.raises(TryLater):  # noqa: PT012 - some call of these is over the ceiling
        for _ in range(9):
            await supplier.balance()
    book.calls_per_minute = None
    book.keys[key].allowed_ips.append("10.0.0.1")
    book.calls.clear()
    for refused in (adapter(book, key), adapter(book, "")):
        with pytest.raises(AccessRefused):
            await refused.validate()


async def test_a_purchase_says_exactly_what_came_of_it(book):
    supplier = adapter(book, book.add_key(), calls_per_minute=100_000)
    good = book.categories[0].products[0]
    kind = next(k for k in good.denominations if k.quantity > 0)
    purchase = Purchase(good.id, kind.id, 1)

    assert await supplier.buy(supplier.build_request(purchase, 1), no) is None
    assert book.orders == {}
    assert await supplier.buy(supplier.build_request(purchase, 1), yes) in book.orders
    for fault in (
        Fault(FaultKind.GARBAGE, "placeOrder"),
        Fault(FaultKind.HTML, "placeOrder", status=502),
        Fault(FaultKind.HTML, "placeOrder", status=404),
    ):
        book.script(fault)
        with pytest.raises(OutcomeUnknown):
            await supplier.buy(supplier.build_request(purchase, 1), yes)
    with pytest.raises(RequestRefused):
        await supplier.buy(supplier.build_request(Purchase("nothing", "x", 1), 1), yes)
    await supplier.validate()
    with pytest.raises(RequestRefused):
        await supplier.buy(supplier.build_request(Purchase(good.id, "TEST_REFUND", 1), 1), yes)


@pytest.fixture
def panel():
    return Panel(SupplierBook(), "shop")


def test_the_panel_refuses_what_it_has_no_button_for(panel):
    for what, value in [
        ("next", "explode"),
        ("stock", "nothing"),
        ("finish", "nothing"),
        ("x", ""),
    ]:
        with pytest.raises(LookupError):
            panel.act(what, value)


def test_prices_rise_once_and_fall_back_to_what_they_were(panel):
    kind = panel.book.categories[0].products[0].denominations[0]
    usual = kind.price

    panel.act("price_rise", "on")
    panel.act("price_rise", "on")
    assert kind.price == (usual * 5 / 4).quantize(usual)
    panel.act("price_rise", "off")

    assert kind.price == usual


def test_one_choice_for_the_next_order_takes_the_place_of_another(panel):
    panel.act("next", "lost_answer")
    assert dict(panel.shows())["supplier", "shop"]["next"] == "lost_answer"
    panel.act("next", "slow")

    assert dict(panel.shows())["supplier", "shop"]["next"] == "slow"
    assert panel.book.take_fault("/v3/gift-cards/placeOrder") is None
    panel.act("next", "usual")
    assert dict(panel.shows())["supplier", "shop"]["next"] == "usual"


def test_a_refused_order_leaves_the_choice_for_the_next_one(panel):
    book, kind = panel.book, panel.book.categories[0].products[0].denominations[1]
    key = book.keys[book.add_key()]
    good = book.categories[0].products[0]
    panel.act("balance", "empty")
    panel.act("next", "refund")

    with pytest.raises(Refusal):
        book.place(key, good.id, kind.id, 1)
    panel.act("balance", "top-up")

    assert book.place(key, good.id, kind.id, 1).outcome == 0
