"""Buying with a quote: one order for each, paid at once where the wallet has enough."""

from dataclasses import replace

from bot.domain.orders import OrderState
from bot.refusals import required
from bot.services.orders.checkout import buy
from bot.services.orders.quote import make_quote
from storage.repositories.quotes import QuoteRepository
from tests.harness import ShopHarness
from tests.integration.payment_steps import PRICE


async def test_a_second_press_returns_the_same_order_and_says_it_is_not_new(harness: ShopHarness):
    await harness.customer(1)
    view = await make_quote(harness.shop, 1, await harness.denomination(), 1)
    first = await buy(harness.shop, 1, view.quote.id, 77)
    second = await buy(harness.shop, 1, view.quote.id, 77)

    assert (first[1], second[1]) == (True, False)
    assert first[0].id == second[0].id


async def test_the_slower_of_two_purchases_with_one_quote_gets_the_order_of_the_other(
    harness: ShopHarness, monkeypatch
):
    await harness.customer(1)
    view = await make_quote(harness.shop, 1, await harness.denomination(), 1)
    first, _ = await buy(harness.shop, 1, view.quote.id, 77)
    harness.woken.clear()
    quote = QuoteRepository.for_owner

    async def unused(self, quote_id, user_id):  # as it was before the other's commit
        return replace(required(await quote(self, quote_id, user_id)), used=False)

    monkeypatch.setattr(QuoteRepository, "for_owner", unused)
    again, is_new = await buy(harness.shop, 1, view.quote.id, 77)

    assert (again.id, is_new, harness.woken) == (first.id, False, [])


async def test_a_wallet_with_exactly_the_price_pays_at_once(paying_harness: ShopHarness):
    await paying_harness.customer(1, dinars=PRICE // 100)
    order = await paying_harness.buy(1)
    assert (order.state, await paying_harness.balance()) == (OrderState.PAID, 0)
