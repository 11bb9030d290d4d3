"""Quotes that Starship's adapter keeps for minutes never undo a refusal that came after them."""

import asyncio

import pytest

from bot.errors import UnknownAtSupplier
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.catalogue.browse import stock_of
from bot.services.catalogue.refresh import refresh_product
from tests.vouchers import VoucherHarness

QUOTES = "POST /api/v1/products"


@pytest.fixture
def harness(voucher_harness: VoucherHarness) -> VoucherHarness:
    return voucher_harness


def stock(harness: VoucherHarness, denomination_id: int) -> int:
    return stock_of(harness.shop, harness.shop.shelf.denomination(denomination_id))


async def sold_out_order(harness: VoucherHarness) -> int:
    """The denomination that was quoted, bought and refused as sold out."""
    await harness.customer(1)
    denomination_id = await harness.denomination()
    harness.vouchers.script(Fault(FaultKind.STATUS, "orders", status=400, code="OUT_OF_STOCK"))
    order = await harness.buy(1)
    await harness.run(10)
    assert (await harness.order(order.id)).return_reason == "sold_out"
    return denomination_id


async def test_after_a_refusal_a_look_asks_for_new_quotes(harness: VoucherHarness):
    denomination_id = await sold_out_order(harness)
    assert stock(harness, denomination_id) == 0
    before = harness.vouchers.count(QUOTES)
    harness.clock.pass_time(61)

    await refresh_product(harness.shop, harness.shop.shelf.denomination(denomination_id).product_id)

    assert harness.vouchers.count(QUOTES) > before
    assert stock(harness, denomination_id) > 0  # it is offered again, now


async def test_a_kept_quote_does_not_fill_what_sold_out_after_it(
    harness: VoucherHarness, monkeypatch
):
    """As where another process bought: its refusal drops no quotes of this one."""
    monkeypatch.setattr(harness.starship, "forget_prices", lambda _product_id: None)
    denomination_id = await sold_out_order(harness)
    before = harness.vouchers.count(QUOTES)
    harness.clock.pass_time(61)

    await refresh_product(harness.shop, harness.shop.shelf.denomination(denomination_id).product_id)

    assert (harness.vouchers.count(QUOTES), stock(harness, denomination_id)) == (before, 0)
    harness.clock.pass_time(240)
    await refresh_product(harness.shop, harness.shop.shelf.denomination(denomination_id).product_id)
    assert stock(harness, denomination_id) > 0


async def test_a_value_that_is_not_available_any_more_drops_its_quotes(
    harness: VoucherHarness, monkeypatch
):
    await harness.customer(1)
    denomination_id = await harness.denomination()

    async def gone(*_args, **_kwargs):
        raise UnknownAtSupplier("availability", "NOT_AVAILABLE")

    with monkeypatch.context() as away:
        away.setattr(harness.starship, "product", gone)
        await harness.buy(1)
        await harness.run(5)
    before = harness.vouchers.count(QUOTES)
    await refresh_product(harness.shop, harness.shop.shelf.denomination(denomination_id).product_id)

    assert harness.vouchers.count(QUOTES) > before


async def test_a_quote_that_was_asked_for_before_a_refusal_is_not_kept(
    harness: VoucherHarness, monkeypatch
):
    denomination_id = await harness.denomination()
    product = harness.shop.shelf.denomination(denomination_id).product_id
    number = harness.shop.shelf.product(product).supplier_product_id
    harness.starship.forget_prices(number)
    harness.clock.pass_time(1)
    exchange, answering = harness.starship._calls.exchange, asyncio.Event()

    async def slow(method, path, **options):
        if path.endswith("/charges") and not answering.is_set():
            answering.set()
            harness.starship.forget_prices(number)
            harness.clock.pass_time(1)
        return await exchange(method, path, **options)

    monkeypatch.setattr(harness.starship._calls, "exchange", slow)
    await harness.starship.product(number)
    before = harness.vouchers.count(QUOTES)
    harness.clock.pass_time(1)

    await harness.starship.product(number)

    assert harness.vouchers.count(QUOTES) == before + 1
