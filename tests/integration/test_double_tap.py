"""Five taps on Buy are one order; the twin without the guard shows that the race is real."""

import asyncio

import pytest

from bot.refusals import NotFound, QuantityOutOfRange, QuoteExpired, SellingPaused, WalletTooSmall
from bot.services.orders import checkout
from bot.services.orders.checkout import buy
from bot.services.orders.quote import make_quote
from tests.harness import ShopHarness, books_agree


async def test_five_taps_on_buy_are_one_order_and_one_payment(harness: ShopHarness):
    await harness.customer(1)
    view = await make_quote(harness.shop, 1, await harness.denomination(), 1)

    results = await asyncio.gather(*(buy(harness.shop, 1, view.quote.id, 77) for _ in range(5)))

    assert len({order.id for order, _ in results}) == 1
    assert sum(is_new for _, is_new in results) == 1
    assert await harness.balance(1) == 50_000_00 - view.quote.total_minor
    await harness.run(15)
    assert len(harness.book.orders) == 1
    await books_agree(harness)


async def test_without_the_guard_five_taps_pay_five_times(
    harness: ShopHarness, monkeypatch: pytest.MonkeyPatch
):
    """The twin: where a quote may be used again, the race is seen to happen."""
    await harness.customer(1)
    denomination = await harness.denomination()

    async def unguarded() -> None:
        view = await make_quote(harness.shop, 1, denomination, 1)
        await checkout.buy(harness.shop, 1, view.quote.id, 77)

    await asyncio.gather(*(unguarded() for _ in range(5)))

    await harness.run(15)
    assert len(harness.book.orders) == 5


async def test_two_purchases_at_once_cannot_spend_the_same_money(harness: ShopHarness):
    denomination = await harness.denomination()
    await harness.customer(1, dinars=2_000)
    views = [await make_quote(harness.shop, 1, denomination, 1) for _ in range(2)]

    results = await asyncio.gather(
        *(buy(harness.shop, 1, view.quote.id, 77) for view in views), return_exceptions=True
    )

    assert sorted(type(r).__name__ for r in results) == ["WalletTooSmall", "tuple"]
    assert await harness.balance(1) >= 0
    await books_agree(harness)


async def test_a_wallet_too_small_changes_nothing(harness: ShopHarness):
    await harness.customer(1, dinars=100)
    view = await make_quote(harness.shop, 1, await harness.denomination(), 1)

    with pytest.raises(WalletTooSmall) as refused:
        await buy(harness.shop, 1, view.quote.id, 77)

    assert refused.value.missing_minor == view.missing_minor == view.quote.total_minor - 100_00
    assert await harness.balance(1) == 100_00
    await harness.credit(1, 50_000)
    _, is_new = await buy(harness.shop, 1, view.quote.id, 77)
    assert is_new


async def test_an_old_confirm_screen_buys_nothing(harness: ShopHarness):
    await harness.customer(1)
    view = await make_quote(harness.shop, 1, await harness.denomination(), 1)
    harness.clock.pass_time(601)

    with pytest.raises(QuoteExpired):
        await buy(harness.shop, 1, view.quote.id, 77)

    assert await harness.balance(1) == 50_000_00


@pytest.mark.parametrize("quantity", [-1, 0, 11, 10**12])
async def test_a_quantity_that_no_button_offers_has_no_price(harness: ShopHarness, quantity):
    await harness.customer(1)
    with pytest.raises(QuantityOutOfRange):
        await make_quote(harness.shop, 1, await harness.denomination(), quantity)


async def test_somebody_elses_quote_does_not_exist(harness: ShopHarness):
    await harness.customer(1)
    await harness.customer(2)
    view = await make_quote(harness.shop, 1, await harness.denomination(), 1)

    with pytest.raises(NotFound):
        await buy(harness.shop, 2, view.quote.id, 77)


async def test_nothing_is_sold_while_selling_is_paused(harness: ShopHarness):
    await harness.customer(1)
    view = await make_quote(harness.shop, 1, await harness.denomination(), 1)

    async def pause(tx):
        await tx.suppliers.update_account("oneclickdz", paused_for_balance=True)

    await harness.store.write(pause)

    with pytest.raises(SellingPaused):
        await buy(harness.shop, 1, view.quote.id, 77)
    with pytest.raises(SellingPaused):
        await make_quote(harness.shop, 1, await harness.denomination(), 1)
