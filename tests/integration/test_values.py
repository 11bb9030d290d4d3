"""Values that customers type: priced by the supplier, within its range and steps."""

import asyncio
from dataclasses import replace

import pytest

from bot import refusals
from bot.domain.alerts import AlertKind
from bot.domain.orders import OrderState
from bot.domain.supplier import OfferedDenomination
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.catalogue import browse, values
from bot.services.catalogue.links import find_products
from bot.services.catalogue.refresh import refresh_product
from bot.services.catalogue.values import choose_value
from bot.services.orders.checkout import buy
from bot.services.orders.quote import make_quote
from tests.vouchers import VoucherHarness


async def span_of(voucher_harness: VoucherHarness) -> int:
    product = browse.search_products(voucher_harness.shop, "Amazon.de")[0]
    await refresh_product(voucher_harness.shop, product.id)
    (offer,) = refusals.required(browse.view_product(voucher_harness.shop, product.id).offers)
    assert offer.is_range
    assert not offer.sold_out
    return offer.denomination_id


async def test_a_typed_value_is_priced_bought_and_delivered(voucher_harness: VoucherHarness):
    await voucher_harness.customer(1)
    span = await span_of(voucher_harness)
    view = browse.view_range(voucher_harness.shop, span)
    assert view is not None
    assert (view.lowest_minor, view.highest_minor, view.currency) == (500, 50_000, "EUR")
    with pytest.raises(refusals.SoldOut):
        browse.view_quantities(voucher_harness.shop, span)  # a range itself has no price
    value = await choose_value(voucher_harness.shop, span, 3700)
    shown = browse.view_quantities(voucher_harness.shop, value)
    # 37 EUR at 1.08, less 4 %, at 245.50 dinars; then the shop's 8 %.
    assert shown.offer.label == "37 EUR"

    quote = (await make_quote(voucher_harness.shop, 1, value, 2)).quote
    assert quote.unit_cost_minor == 941_738
    order, _ = await buy(voucher_harness.shop, 1, quote.id, 7)
    await voucher_harness.run(6)

    order = await voucher_harness.order(order.id)
    assert (order.state, order.denomination_label) == (OrderState.FULFILLED, "37 EUR")
    assert voucher_harness.there.denomination == 37
    assert await choose_value(voucher_harness.shop, span, 3700) == value, (
        "the same value is the same row"
    )
    (offer,) = refusals.required(browse.view_product(voucher_harness.shop, shown.product.id).offers)
    assert offer.is_range, "what one customer typed stands on no shelf"


@pytest.mark.parametrize("wrong", [499, 50_001, 550, 1])
async def test_a_value_outside_its_bounds_or_step_is_refused(
    voucher_harness: VoucherHarness, wrong
):
    span = await span_of(voucher_harness)
    with pytest.raises(refusals.ValueOutOfRange) as refused:
        await choose_value(voucher_harness.shop, span, wrong)
    assert (refused.value.lowest_minor, refused.value.step_minor) == (500, 100)
    with pytest.raises(refusals.NotFound):
        await choose_value(voucher_harness.shop, await voucher_harness.denomination(), 2500)


async def test_without_an_answer_a_typed_value_has_no_price(voucher_harness: VoucherHarness):
    span = await span_of(voucher_harness)
    voucher_harness.vouchers.script(Fault(FaultKind.HTML, "charges", status=502))
    with pytest.raises(refusals.NoPrice):
        await choose_value(voucher_harness.shop, span, 3700)
    voucher_harness.vouchers.script(
        Fault(FaultKind.STATUS, "charges", status=400, code="INVALID_INPUT")
    )
    with pytest.raises(refusals.ValueOutOfRange):
        await choose_value(voucher_harness.shop, span, 3700)


async def test_a_price_that_rose_since_it_was_typed_is_not_paid(voucher_harness: VoucherHarness):
    await voucher_harness.customer(1)
    span = await span_of(voucher_harness)
    value = await choose_value(voucher_harness.shop, span, 3700)
    refusals.required(voucher_harness.vouchers.product(102)).discount -= 20

    order, _ = await buy(
        voucher_harness.shop, 1, (await make_quote(voucher_harness.shop, 1, value, 1)).quote.id, 7
    )
    await voucher_harness.run(6)

    assert (await voucher_harness.order(order.id)).state is OrderState.REFUNDED
    assert voucher_harness.vouchers.orders == {}


async def test_values_from_the_lowest_to_the_highest_can_be_typed(voucher_harness: VoucherHarness):
    (product,) = find_products(voucher_harness.shop, "Amazon.de")
    await refresh_product(voucher_harness.shop, product.id)
    (offer,) = refusals.required(browse.view_product(voucher_harness.shop, product.id).offers)
    span = browse.view_range(voucher_harness.shop, offer.denomination_id)
    assert span is not None
    for value in (span.lowest_minor, span.lowest_minor + span.step_minor, span.highest_minor):
        assert await choose_value(voucher_harness.shop, offer.denomination_id, value)
    for value in (
        span.lowest_minor - span.step_minor,
        span.lowest_minor + span.step_minor + 1,
        span.highest_minor + span.step_minor,
    ):
        with pytest.raises(refusals.ValueOutOfRange) as refused:
            await choose_value(voucher_harness.shop, offer.denomination_id, value)
        assert refused.value.lowest_minor == span.lowest_minor


async def test_steps_are_counted_from_the_lowest_value(voucher_harness: VoucherHarness):
    (product,) = find_products(voucher_harness.shop, "Amazon.de")
    await refresh_product(voucher_harness.shop, product.id)
    (offer,) = refusals.required(browse.view_product(voucher_harness.shop, product.id).offers)
    shelf = voucher_harness.shop.shelf._denominations
    shelf[offer.denomination_id] = replace(
        shelf[offer.denomination_id], lowest_minor=1500, step_minor=2000
    )

    async def price(_product, _of_range, value):
        return OfferedDenomination("typed", "35 EUR", 100, 9, lowest_minor=value)

    voucher_harness.starship.price_value = price
    assert await choose_value(voucher_harness.shop, offer.denomination_id, 3500)


async def test_the_price_of_a_value_is_waited_for_a_limited_time(
    voucher_harness: VoucherHarness, monkeypatch
):
    (product,) = find_products(voucher_harness.shop, "Amazon.de")
    await refresh_product(voucher_harness.shop, product.id)
    (offer,) = refusals.required(browse.view_product(voucher_harness.shop, product.id).offers)
    monkeypatch.setattr(values, "_PATIENCE_SECONDS", 0.01)

    async def never(*_):
        await asyncio.sleep(5)

    voucher_harness.starship.price_value = never

    with pytest.raises(refusals.NoPrice):
        await choose_value(voucher_harness.shop, offer.denomination_id, 3700)


async def test_a_typed_value_whose_cost_fell_by_more_than_half_is_held_and_told(
    voucher_harness: VoucherHarness,
):
    await voucher_harness.customer(1)
    span = await span_of(voucher_harness)
    value = await choose_value(voucher_harness.shop, span, 3700)
    before = voucher_harness.shop.shelf.denomination(value).cost_minor
    price = voucher_harness.starship.price_value

    async def third(*asked):
        return replace(await price(*asked), cost_minor=before // 3)

    voucher_harness.starship.price_value = third
    voucher_harness.clock.pass_time(1)
    assert await choose_value(voucher_harness.shop, span, 3700) == value

    with pytest.raises(refusals.SoldOut):
        await make_quote(voucher_harness.shop, 1, value, 1)
    await voucher_harness.round()
    (told,) = voucher_harness.sender.alerts(AlertKind.COST_FELL)
    assert (told["value"], told["label"]) == (str(value), "37 EUR")
    assert (told["expected"], told["paid"]) == (str(before), str(before // 3))
