"""What every supplier adapter must do, whoever is behind it. Another one adds itself to SUPPLIERS below.

What is about HTTP, keys and balances is for those that have an API (`over_http`); the own stock is in our database.
"""

import asyncio
from datetime import timedelta

import pytest

from bot import errors
from bot.domain.supplier import Environment, Purchase, SupplierStatus
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.suppliers.throttle import Urgency
from tests.fakes import HarnessClock
from tests.integration.supplier_benches import OneClickDzBench, OwnBench, StarshipBench

FOREIGN_BODIES = [
    "<html><h1>Not here</h1></html>",
    "",
    "null",
    "[7]",
    "{}",
    '"denied"',
    '{"message": "Route GET:/x not found", "error": "Not Found", "statusCode": 404}',
    '{"timestamp": 1, "status": 403, "error": "Forbidden", "path": "/x"}',
    '{"error": {"code": 1020, "message": "blocked"}}',
    '{"error": "Access denied by the firewall", "message": "go away"}',
    '{"error": "forbidden"}',
    '{"error": "Forbidden", "message": "go away", "statusCode": 403}',
    '{"success": true}',
    '{"success": true, "data": {}}',
    '{"success": true, "data": null}',
]
ON_HTTP = [OneClickDzBench, StarshipBench]
SUPPLIERS = [*ON_HTTP, OwnBench]


def _name(bench):
    return bench.__name__.removesuffix("Bench")


over_http = pytest.mark.parametrize("bench", ON_HTTP, ids=_name, indirect=True)


@pytest.fixture(params=SUPPLIERS, ids=_name)
async def bench(request, sqlite_store):
    bench = request.param(HarnessClock())
    if request.param is OwnBench:
        await bench.open(sqlite_store)
    yield bench
    await bench.supplier.close()


async def yes():
    return True


async def no():
    return False


async def buy(bench, quantity=2, intent=yes):
    request = bench.supplier.build_request(bench.purchase(quantity), 7)
    return await bench.supplier.buy(request, intent)


async def test_it_says_what_its_key_buys(bench):
    key = await bench.supplier.validate()
    assert (key.environment, key.enabled, key.may_buy) == (Environment.PRODUCTION, True, True)
    assert bench.supplier.refusal is None


async def test_its_catalogue_has_categories_products_and_regions(bench):
    shelves = await bench.supplier.catalogue()
    goods = [product for shelf in shelves for product in shelf.products]
    assert all(shelf.title and shelf.products for shelf in shelves)
    assert all(product.title and product.supplier_product_id for product in goods)
    assert len({product.supplier_product_id for product in goods}) == len(goods)
    assert bench.purchase().supplier_product_id in {p.supplier_product_id for p in goods}


async def test_its_prices_are_the_shops_money_and_say_when_they_were_asked(bench):
    wanted = bench.purchase()
    for purchase in (None, wanted):
        offer = await bench.supplier.product(
            wanted.supplier_product_id, urgent=purchase is not None, purchase=purchase
        )
        found = {d.supplier_type_id: d for d in offer.denominations}[wanted.supplier_type_id]
        assert found.cost_minor > 10_000
        assert found.stock >= 2
        assert found.label
        assert offer.asked_at == bench.clock.now()
        assert offer.only in (None, wanted.supplier_type_id)


@over_http
async def test_prices_are_asked_when_the_request_leaves(bench):
    wanted, start = bench.purchase(), bench.clock.monotonic()
    await bench.supplier.product(wanted.supplier_product_id)  # a first look reads currencies too
    bench.supplier._client.throttle.block(20)
    offer = await bench.supplier.product(wanted.supplier_product_id, urgent=True, purchase=wanted)
    assert offer.asked_monotonic >= start + 20
    assert offer.asked_at == bench.clock.now()


@over_http
async def test_a_price_that_somebody_waits_for_goes_after_purchases_and_polls(bench):
    wanted, ranks = bench.purchase(), []
    await bench.supplier.product(wanted.supplier_product_id)  # a first look reads currencies too
    throttle, acquire = bench.supplier._client.throttle, bench.supplier._client.throttle.acquire

    async def listening(urgency):
        ranks.append(urgency)
        await acquire(urgency)

    throttle.acquire = listening
    await bench.supplier.product(wanted.supplier_product_id, urgent=True, purchase=wanted)
    assert ranks
    assert set(ranks) == {Urgency.CHECK}
    ranks.clear()
    await buy(bench)
    assert ranks == [Urgency.PLACE]
    assert Urgency.PLACE < Urgency.POLL < Urgency.CHECK < Urgency.PRODUCT


async def test_an_unknown_product_is_unknown(bench):
    gone = Purchase("999999", bench.purchase().supplier_type_id, 1)
    with pytest.raises(errors.UnknownAtSupplier):
        await bench.supplier.product("999999", urgent=True, purchase=gone)


async def test_nothing_is_sent_without_the_intent(bench):
    assert await buy(bench, intent=no) is None
    assert bench.book.orders == {}


async def test_an_order_is_bought_and_read_with_its_codes(bench):
    order_id = await buy(bench)
    bench.clock.pass_time(5)
    report = await bench.supplier.order(order_id, bench.purchase())
    assert (report.status, report.final, len(report.cards)) == (SupplierStatus.FULFILLED, True, 2)
    assert {card.value for card in report.cards} <= set(bench.book.codes())
    assert report.supplier_order_id == order_id
    assert report.cards[0].value not in repr(report)


async def test_its_list_has_the_order_and_codes_only_where_it_says_so(bench):
    order_id = await buy(bench)
    bench.clock.pass_time(5)
    now = bench.clock.now()
    window = (now - timedelta(minutes=5), now + timedelta(minutes=5))
    (listed,) = await bench.supplier.orders(*window)
    assert listed.supplier_order_id == order_id
    assert bool(listed.cards) == listed.shows_codes == bench.supplier.policy.lists_codes
    ago = now - timedelta(days=9)
    assert await bench.supplier.orders(ago, ago + timedelta(days=1)) == ()


async def test_two_requests_for_one_order_are_two_and_each_is_stable(bench):
    first, second = (bench.supplier.build_request(bench.purchase(), 7) for _ in range(2))
    assert first.purchase == second.purchase
    assert bool(first.reference) == bool(bench.supplier.policy.repeats_for)
    if first.reference:
        assert first.reference != second.reference
        assert first.reference in first.body
        assert 8 <= len(first.reference) <= 64


async def test_a_repetition_orders_once_or_not_at_all(bench):
    request = bench.supplier.build_request(bench.purchase(), 7)
    order_id = await bench.supplier.buy(request, yes)
    if bench.supplier.policy.repeats_for:
        assert await bench.supplier.repeat(request, yes) == order_id
    else:
        with pytest.raises(errors.RequestRefused):
            await bench.supplier.repeat(request, yes)
    assert len(bench.book.orders) == 1


@over_http
@pytest.mark.parametrize(
    ("fault", "kind", "bought"),
    [
        (Fault(FaultKind.SILENCE_BEFORE, seconds=1), errors.OutcomeUnknown, 0),
        (Fault(FaultKind.SILENCE_AFTER, seconds=1), errors.OutcomeUnknown, 1),
        (Fault(FaultKind.STATUS_AFTER, status=500), errors.OutcomeUnknown, 1),
        (Fault(FaultKind.HTML, status=502), errors.OutcomeUnknown, 0),
        (Fault(FaultKind.HTML, status=403), errors.OutcomeUnknown, 0),
        (Fault(FaultKind.GARBAGE), errors.OutcomeUnknown, 1),
        (Fault(FaultKind.TORN), errors.OutcomeUnknown, 1),
        (Fault(FaultKind.STATUS, status=408), errors.OutcomeUnknown, 0),
        (Fault(FaultKind.STATUS, status=429, retry_after=7), errors.TryLater, 0),
        (Fault(FaultKind.STATUS, status=401, code="UNAUTHORIZED"), errors.TryLater, 0),
        (
            Fault(FaultKind.BODY, status=404, body='{"message": "no route"}'),
            errors.OutcomeUnknown,
            0,
        ),
        (
            Fault(FaultKind.BODY, status=403, body='{"error": "Forbidden"}'),
            errors.OutcomeUnknown,
            0,
        ),
        (Fault(FaultKind.BODY, status=200, body='{"ok": true}'), errors.OutcomeUnknown, 0),
        (Fault(FaultKind.BODY, status=200, body='{"success": true}'), errors.OutcomeUnknown, 0),
        (Fault(FaultKind.STATUS, status=422, code="SOMETHING_NEW"), errors.RequestRefused, 0),
    ],
)
async def test_a_purchase_that_goes_wrong_says_whether_an_order_may_exist(
    bench, fault, kind, bought
):
    bench.book.script(Fault(**{**vars(fault), "path": bench.orders_path}))
    with pytest.raises(errors.SupplierFailure) as failed:
        await buy(bench)
    assert type(failed.value) is kind
    assert len(bench.book.orders) == bought


@over_http
async def test_an_empty_balance_is_told_apart(bench):
    bench.empty()
    with pytest.raises(errors.InsufficientBalance):
        await buy(bench)
    assert await bench.supplier.balance() == 0


@over_http
async def test_a_refused_key_stops_every_call_until_it_is_asked_again(bench):
    keys = dict(bench.book.keys)
    bench.forget_keys()
    for _ in range(2):
        with pytest.raises(errors.TryLater):
            await bench.supplier.balance()
        assert bench.supplier.refusal is None, "in doubt"
        bench.clock.pass_time(6)
    with pytest.raises(errors.AccessRefused):
        await bench.supplier.balance()
    assert bench.supplier.refused_at == bench.clock.monotonic()
    calls = len(bench.book.calls)
    for _ in range(3):
        with pytest.raises(errors.CircuitOpen):
            await bench.supplier.balance()
    assert len(bench.book.calls) == calls
    assert bench.supplier.refusal is not None
    bench.book.keys.update(keys)
    await bench.supplier.validate()
    assert await bench.supplier.balance() > 0
    assert bench.supplier.refused_at is None


@over_http
@pytest.mark.parametrize("body", FOREIGN_BODIES)
@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 410, 500])
async def test_an_answer_that_is_not_the_suppliers_own_is_an_outage_and_no_verdict(
    bench, status, body
):
    supplier, bought = bench.supplier, bench.purchase()
    order_id = await buy(bench)
    reading = (
        lambda: supplier.product(bought.supplier_product_id, urgent=True, purchase=bought),
        lambda: supplier.product(bought.supplier_product_id),
        lambda: supplier.order(order_id, bought),
        lambda: supplier.orders(bench.clock.now() - timedelta(hours=1), bench.clock.now()),
        supplier.balance,
        supplier.validate,
        supplier.catalogue,
    )
    for ask in reading:
        bench.book.script(Fault(FaultKind.BODY, status=status, body=body, times=99))
        with pytest.raises(errors.SupplierUnavailable):
            await ask()
        bench.book.faults.clear()
    assert supplier.refusal is None
    bench.book.script(Fault(FaultKind.BODY, bench.orders_path, status=status, body=body))
    with pytest.raises(errors.OutcomeUnknown):
        await buy(bench)


@over_http
async def test_a_refused_key_that_is_asked_about_closes_at_once(bench):
    bench.forget_keys()
    with pytest.raises(errors.AccessRefused):
        await bench.supplier.validate()
    assert bench.supplier.refusal is not None


@over_http
async def test_refusals_with_a_success_between_them_close_nothing(bench):
    for _ in range(4):
        bench.book.script(Fault(FaultKind.STATUS, status=403, code="UNAUTHORIZED"))
        with pytest.raises(errors.TryLater):
            await bench.supplier.balance()
        await bench.supplier.balance()
    assert bench.supplier.refusal is None


@over_http
async def test_calls_that_are_refused_together_count_once(bench):
    bench.book.script(Fault(FaultKind.STATUS, status=403, code="UNAUTHORIZED", times=5))
    answers = await asyncio.gather(
        *(bench.supplier.balance() for _ in range(5)), return_exceptions=True
    )
    assert {type(answer) for answer in answers} <= {errors.TryLater, int}
    assert bench.supplier.refusal is None


async def test_an_offer_names_what_it_promises(bench):
    wanted = bench.purchase()
    for purchase in (wanted, None):  # before and after the whole product was asked for
        offer = await bench.supplier.product(
            wanted.supplier_product_id, urgent=purchase is not None, purchase=purchase
        )
        found = {d.supplier_type_id: d for d in offer.denominations}[wanted.supplier_type_id]
        assert found.label == bench.promised[0]
        assert (found.lowest_minor, found.highest_minor, found.currency) == bench.promised[1:]


@over_http
async def test_a_silence_is_noticed_and_its_end_too(bench):
    bench.book.script(Fault(FaultKind.HTML, bench.product_path, status=502))
    with pytest.raises(errors.SupplierUnavailable):
        await bench.supplier.product(bench.purchase().supplier_product_id)
    assert bench.supplier.silent_since == bench.clock.monotonic()
    await bench.supplier.balance()
    assert bench.supplier.silent_since is None


async def test_an_order_that_is_not_there_is_unknown(bench):
    with pytest.raises(errors.UnknownAtSupplier):
        await bench.supplier.order("424242424242424242424242", bench.purchase())


async def test_its_policy_slows_down_and_never_stop(bench):
    policy = bench.supplier.policy
    waits = [policy.until_next_check(age) for age in (0, 60, 600, 3600, 86_400, 10**7)]
    assert waits == sorted(waits)
    assert 1 <= policy.first_check < 10
    assert waits[-1] <= 600
