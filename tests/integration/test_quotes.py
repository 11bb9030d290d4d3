"""Quotes: which quantities have a price, for how long it is good, and what the screen is told."""

from datetime import timedelta

import pytest

from bot import refusals
from bot.services.catalogue.refresh import refresh_product
from bot.services.orders.checkout import buy
from bot.services.orders.quote import make_quote
from tests.harness import ShopHarness


async def test_a_quantity_out_of_range_is_refused_with_the_range(harness: ShopHarness):
    await harness.customer(1)
    with pytest.raises(refusals.QuantityOutOfRange) as refused:
        await make_quote(harness.shop, 1, await harness.denomination(), 11)
    assert (refused.value.minimum, refused.value.maximum) == (1, 10)


async def test_a_quote_is_good_until_the_moment_it_expires(harness: ShopHarness):
    await harness.customer(1, dinars=900_000)
    for early, refused in ((timedelta(seconds=1), False), (timedelta(0), True)):
        view = await make_quote(harness.shop, 1, await harness.denomination(), 1)
        harness.clock.moment = view.quote.expires_at - early
        if refused:
            with pytest.raises(refusals.QuoteExpired):
                await buy(harness.shop, 1, view.quote.id, 77)
        else:
            assert (await buy(harness.shop, 1, view.quote.id, 77))[1]


async def test_a_quote_tells_whether_it_can_be_paid_and_is_sandbox_or_used(harness: ShopHarness):
    await harness.customer(1)
    value = await harness.denomination()
    plain = await make_quote(harness.shop, 1, value, 10)
    assert (plain.can_pay, plain.sandbox, plain.quote.used) == (False, False, False)
    harness.offer()
    assert (await make_quote(harness.shop, 1, value, 1)).can_pay


async def test_the_last_piece_of_a_kind_can_be_quoted(harness: ShopHarness):
    await harness.customer(1)
    value = await harness.denomination()
    harness.kind().quantity = harness.shop.policy.stock_reserve + 1
    await refresh_product(harness.shop, harness.shop.shelf.denomination(value).product_id)
    assert (await make_quote(harness.shop, 1, value, 1)).quote.quantity == 1
    with pytest.raises(refusals.QuantityOutOfRange):
        await make_quote(harness.shop, 1, value, 2)
