"""Starship's spellings and contradictions, one by one. No network."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pytest

from bot import errors
from bot.domain.catalogue import Denomination
from bot.domain.supplier import Environment, Purchase, SupplierStatus
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.supplier.vouchers import Outcome, VoucherBook
from bot.suppliers.reading import read_rows
from bot.suppliers.starship_models import Product, SentOrder, Value
from bot.suppliers.starship_prices import range_offer
from tests.fakes import HarnessClock
from tests.vouchers import adapter

ONE = Purchase("101", "25.00", 1)
PIN = Purchase("103", "10.00+pin", 1)


@pytest.fixture
def clock():
    return HarnessClock()


@pytest.fixture
def book(clock):
    return VoucherBook(now=clock.now, burst=100_000)


@pytest.fixture
async def starship(book, clock):
    supplier = adapter(book, clock)
    yield supplier
    await supplier.close()


async def yes():
    return True


async def buy(supplier, purchase=ONE):
    return await supplier.buy(supplier.build_request(purchase, 1), yes)


@pytest.mark.parametrize(
    ("word", "status", "final"),
    [
        ("delivered", SupplierStatus.FULFILLED, True),
        (" Delivered ", SupplierStatus.FULFILLED, True),
        ("PENDING", SupplierStatus.HANDLING, False),
        ("placed", SupplierStatus.HANDLING, False),
        ("processing", SupplierStatus.HANDLING, False),
        ("partially-delivered", SupplierStatus.PARTIALLY_FILLED, False),
        ("CANCELLED", SupplierStatus.REFUNDED, True),
        ("Failed", SupplierStatus.REFUNDED, True),
        ("REFUNDED", SupplierStatus.UNKNOWN, False),  # no page has it for an order
        ("quality check", SupplierStatus.UNKNOWN, False),
    ],
)
def test_its_words_for_a_state(word, status, final):
    data = {"id": 7, "status": word, "vouchers": [{"card_number": "A"}]}
    report = SentOrder.model_validate(data).to_domain(ONE)
    assert (report.status, report.final) == (status, final)


@pytest.mark.parametrize("vouchers", [None, [], "missing"])
def test_missing_null_and_empty_vouchers_are_equal(vouchers):
    data = {"id": 7, "status": "CANCELLED", "vouchers": vouchers}
    if vouchers == "missing":
        del data["vouchers"]
    report = SentOrder.model_validate(data).to_domain(ONE)
    assert (report.status, report.final, report.cards) == (SupplierStatus.REFUNDED, True, ())


@pytest.mark.parametrize(
    ("voucher", "purchase", "usable"),
    [
        ({"card_number": " 0012 34 "}, ONE, True),
        ({"card_number": None, "claim_url": "https://x.example/1"}, ONE, True),
        ({"card_number": None, "claim_url": "http://x.example/1"}, ONE, False),
        ({"card_number": None, "claim_url": "javascript:alert(1)"}, ONE, False),
        ({"card_number": "", "pin_code": "1"}, ONE, False),
        ({"card_number": "1"}, PIN, False),
        ({"card_number": "1", "pin_code": "0042"}, PIN, True),
        ({"card_number": 12345678}, ONE, True),
    ],
)
def test_a_voucher_is_usable_by_what_it_has(voucher, purchase, usable):
    data = {"id": 7, "status": "DELIVERED", "vouchers": [voucher]}
    report = SentOrder.model_validate(data).to_domain(purchase)
    assert bool(report.cards) == report.final == usable
    if usable and isinstance(voucher.get("card_number"), str):
        assert report.cards[0].value == voucher["card_number"], "kept exactly as it came"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-01-31T00:00:00Z", datetime(2027, 1, 31, tzinfo=UTC)),
        ("2027-01-31T00:00:00", datetime(2027, 1, 31, tzinfo=UTC)),
        ("2027-01-31", datetime(2027, 1, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("never", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_expiry_is_read_where_it_is_a_date(text, moment):
    data = {"id": 7, "status": "DELIVERED", "vouchers": [{"card_number": "A", "expires_at": text}]}
    (card,) = SentOrder.model_validate(data).to_domain(ONE).cards
    assert card.expires_at == moment


@pytest.mark.parametrize("shape", ["flat", "nested", "idempotency"])
@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "E_VALIDATION_FAILURE", errors.RequestRefused),
        (400, "INSUFFICIENT_BALANCE", errors.InsufficientBalance),
        (400, "OUT_OF_STOCK", errors.OutOfStock),
        (403, "INSUFFICIENT_BALANCE", errors.InsufficientBalance),
        (403, "E_INSUFFICIENT_WALLET", errors.InsufficientBalance),
        (403, "OUT_OF_STOCK", errors.OutOfStock),
        (403, "PRODUCT_DISABLED", errors.RequestRefused),
        (403, "FORBIDDEN", errors.TryLater),  # once: in doubt
        (401, "E_UNAUTHORIZED_ACCESS", errors.TryLater),
        (409, "CONFLICT", errors.OutcomeUnknown),
        (400, "PARTNER_TIMEOUT", errors.OutcomeUnknown),
        (500, "INTERNAL_ERROR", errors.OutcomeUnknown),
    ],
)
async def test_errors_are_read_in_all_their_shapes(book, starship, shape, status, code, kind):
    book.variants.error_format = shape
    book.script(Fault(FaultKind.STATUS, "/orders", status=status, code=code))
    with pytest.raises(errors.SupplierFailure) as failed:
        await buy(starship)
    assert type(failed.value) is kind
    assert failed.value.code == code


async def test_numbers_or_strings_201_and_codes_at_once_change_nothing(book, starship):
    habits = book.variants
    habits.numbers, habits.created, habits.codes_at_once, habits.lower_case = True, 201, True, True
    habits.currency_codes = True
    order_id = await buy(starship)
    report = await starship.order(order_id, ONE)
    assert report.final
    offer = await starship.product("101")
    assert [d.label for d in offer.denominations] == ["10 USD", "25 USD", "50 USD", "100 USD"]


async def test_a_request_is_kept_and_sent_as_it_stands(book, clock):
    number = adapter(book, clock, wallet="1")
    text = adapter(book, clock, wallet="main", text_values=True)
    body = number.build_request(Purchase("101", "25.00", 3), 12)
    assert body.body == (
        '{"product_id": 101, "denomination": 25.00, "quantity": 3, '
        f'"ref": "{body.reference}", "wallet_id": 1}}'
    )
    other = text.build_request(Purchase("sku-1", "25.00+pin", 3), 12).body
    assert '"product_id": "sku-1", "denomination": "25.00"' in other
    assert '"wallet_id": "main"' in other
    for supplier in (number, text):
        await supplier.close()


@pytest.mark.parametrize("oldest_first", [True, False])
async def test_its_list_is_read_from_the_end_that_is_young(book, clock, starship, oldest_first):
    book.variants.oldest_first = oldest_first
    for _ in range(450):
        book.create(
            f"key-{len(book.orders):08}", b'{"product_id": 107, "denomination": 15, "quantity": 1}'
        )
        book.balance += 15
        clock.pass_time(60)
    await starship.balance()  # tells the clock of the supplier
    calls = len(book.calls)
    since = clock.now() - timedelta(minutes=150)
    found = await starship.orders(since, clock.now())
    assert len(found) == 210, "an hour more, should the supplier's clock differ"
    assert len(book.calls) - calls <= 4


async def test_a_list_without_a_count_of_pages_is_read_to_its_end(clock):
    rows = [{"id": n, "status": "PENDING"} for n in range(250)]

    def answer(request):
        page = int(request.url.params["page"])
        some = rows[(page - 1) * 100 : page * 100]
        return httpx.Response(200, json={"data": some} if page == 2 else some)

    supplier = adapter(VoucherBook(), clock, transport=httpx.MockTransport(answer))
    found = await supplier.orders(clock.now() - timedelta(hours=1), clock.now())
    assert len(found) == 250
    await supplier.close()


async def test_a_list_that_makes_no_sense_is_no_empty_list(clock):
    contents: tuple[object, ...] = ([{"status": {}}], {"rows": []}, "x")
    for content in contents:
        transport = httpx.MockTransport(
            lambda _, content=content: httpx.Response(200, json=content)
        )
        supplier = adapter(VoucherBook(), clock, transport=transport)
        with pytest.raises(errors.SupplierUnavailable):
            await supplier.orders(clock.now(), clock.now())
        await supplier.close()


async def test_products_of_unknown_delivery_are_hidden_until_somebody_has_looked(book, clock):
    for extra, shown in ((frozenset(), False), (frozenset({"email"}), True)):
        supplier = adapter(book, clock, extra_types=extra)
        titles = [p.title for shelf in await supplier.catalogue() for p in shelf.products]
        assert ("Zalando" in titles) == shown
        assert "Airbnb" in titles
        await supplier.close()


async def test_two_products_of_one_id_are_not_used(starship, book, caplog):
    async def offered() -> set[str]:
        shelves = await starship.catalogue()
        return {product.supplier_product_id for shelf in shelves for product in shelf.products}

    before, first = await offered(), book.products[0]
    book.products.append(replace(first, name="Another card"))

    assert await offered() == before - {str(first.id)} != before
    assert "1 products have several names each, and are not used" in caplog.text


async def test_countries_are_a_comfort_and_currencies_too(book, starship):
    book.script(Fault(FaultKind.STATUS, "/countries", status=404, code="NOT_FOUND"))
    book.script(Fault(FaultKind.STATUS, "/currencies", status=404, times=9, code="NOT_FOUND"))
    shelves = await starship.catalogue()
    assert {p.region for shelf in shelves for p in shelf.products} == {""}
    assert (await starship.product("101")).denominations[0].label == "10"
    assert (await starship.validate()).may_buy


async def test_a_wallet_in_another_currency_or_none_closes_the_shop(book, clock, starship):
    book.currency = "EUR"
    with pytest.raises(errors.AccessRefused) as refused:
        await starship.validate()
    assert refused.value.code == "WALLET_CURRENCY"
    assert starship.refusal == "WALLET_CURRENCY"
    several = [{"id": n, "amount": 5, "currency_code": "USD"} for n in (1, 2)]
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=several))
    other = adapter(book, clock, transport=transport)
    with pytest.raises(errors.AccessRefused) as refused:
        await other.validate()
    assert refused.value.code == "WHICH_WALLET"
    await other.close()
    several[0]["currency_code"] = "EUR"
    third = adapter(book, clock, transport=transport)
    assert (await third.validate()).may_buy
    assert '"wallet_id": 2' in third.build_request(ONE, 1).body
    await third.close()


@pytest.mark.parametrize(
    ("key", "url", "environment"),
    [
        ("sk_live_x", "http://any", Environment.PRODUCTION),
        ("sk_test_x", "http://any", Environment.SANDBOX),
        ("other", "https://api.starshiprewards.com", Environment.PRODUCTION),
        ("other", "https://api-playground.starshiprewards.com", Environment.SANDBOX),
    ],
)
async def test_the_key_says_which_world_it_buys_in(book, clock, key, url, environment):
    transport = httpx.MockTransport(
        lambda _: httpx.Response(200, json=[{"id": 1, "amount": 5, "currency_code": "usd"}])
    )
    supplier = adapter(book, clock, api_key=key, base_url=url, transport=transport)
    assert (await supplier.validate()).environment is environment
    await supplier.close()


async def test_quotes_are_kept_for_minutes_and_values_without_one_are_left_out(
    book, clock, starship
):
    book.script(Fault(FaultKind.STATUS, "charges", status=400, code="INVALID_INPUT"))
    assert len((await starship.product("101")).denominations) == 3
    calls = book.count("charges")
    assert len((await starship.product("101")).denominations) == 4
    assert book.count("charges") == calls + 1
    clock.pass_time(300)
    await starship.product("101")
    assert book.count("charges") == calls + 5


@pytest.mark.parametrize("verb", ["get", "post"])
async def test_stock_is_asked_for_where_the_owner_says_so(book, clock, verb):
    supplier = adapter(book, clock, availability=verb)
    await supplier.product("101", urgent=True, purchase=ONE)
    book.product(101).available = False
    with pytest.raises(errors.UnknownAtSupplier):
        await supplier.product("101", urgent=True, purchase=ONE)
    book.script(Fault(FaultKind.STATUS, "availability", status=405, code="X"))
    await supplier.product("101", urgent=True, purchase=ONE)  # only a hint
    book.script(Fault(FaultKind.STATUS, "availability", status=401, code="X"))
    await supplier.product("101", urgent=True, purchase=ONE)
    assert supplier.refusal is None
    await supplier.close()


async def test_a_typed_value_has_the_price_of_its_own_quote(starship):
    of_range = Denomination(1, 1, "5.00-500.00", "5-500 EUR", 0, 0, 500, 50_000, 100, "EUR")
    offered = await starship.price_value("102", of_range, 3750)
    assert (offered.label, offered.supplier_type_id) == ("37.50 EUR", "37.50")
    pinned = replace(of_range, supplier_type_id="5.00-500.00+pin")
    assert (await starship.price_value("102", pinned, 3700)).supplier_type_id == "37.00+pin"


async def test_one_order_is_not_asked_for_more_often_than_allowed(book, clock, starship):
    book.next_outcome = Outcome.PENDING
    order_id = await buy(starship)
    for _ in range(48):
        await starship.order(order_id, ONE)
    with pytest.raises(errors.TryLater):
        await starship.order(order_id, ONE)
    clock.pass_time(3601)
    await starship.order(order_id, ONE)
    assert len(book.order_call_times[int(order_id)]) <= 60


async def test_calls_stay_below_its_burst(book, clock):
    book.burst = 20
    supplier = adapter(book, clock, calls_per_ten_seconds=20)
    for _ in range(60):
        await supplier.balance()
    times = [call.at for call in book.calls]
    ten = timedelta(seconds=10)
    assert max(sum(a <= b < a + ten for b in times) for a in times) <= 16
    assert {call.response for call in book.calls} == {"200"}
    await supplier.close()


async def test_an_answer_without_an_id_is_an_unknown_outcome(clock):
    transport = httpx.MockTransport(lambda _: httpx.Response(201, json={"status": "PENDING"}))
    supplier = adapter(VoucherBook(), clock, transport=transport)
    with pytest.raises(errors.OutcomeUnknown):
        await buy(supplier)
    await supplier.close()


async def test_half_a_product_is_unavailable_and_a_giant_quote_too(clock):
    for content in ({"id": None}, {"total_payable": 10**12}):
        transport = httpx.MockTransport(
            lambda _, content=content: httpx.Response(200, json=content)
        )
        supplier = adapter(VoucherBook(), clock, transport=transport)
        with pytest.raises(errors.SupplierUnavailable):
            await supplier.product("101", purchase=ONE)
        with pytest.raises(errors.SupplierUnavailable):
            await supplier.product("101")
        await supplier.close()


def test_a_product_may_name_its_own_step():
    data = {"id": 1, "available_denominations": [{"min_value": 1, "max_value": 9, "step": 0.5}]}
    product = Product.model_validate(data)

    (value,) = read_rows(Value, product.available_denominations, "products").found
    offered = range_offer(value, "USD", Decimal(1), with_pin=False)

    assert (offered.lowest_minor, offered.highest_minor, offered.step_minor) == (100, 900, 50)
    assert product.is_known


@pytest.mark.parametrize(
    ("step", "step_minor"),
    [
        (None, 100),
        (0, 100),
        (-1, 100),
        (5, 500),
        ("0.001", 1),
        ("0.015", 3),
        ("0.12345678987", 10**9),
    ],
)
def test_a_step_of_typed_values_is_never_less_than_a_hundredth(step, step_minor):
    value = Value.model_validate({"min_value": 1, "max_value": 9, "step": step})

    offered = range_offer(value, "USD", Decimal(1), with_pin=False)

    assert offered.step_minor == step_minor
