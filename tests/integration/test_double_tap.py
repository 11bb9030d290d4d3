"""Five taps on Buy are one order; the twin without the guard shows that the race is real."""

import asyncio

import pytest

from bot.errors import NotFound, QuantityOutOfRange, QuoteExpired, SellingPaused, WalletTooSmall
from bot.services import checkout
from bot.services.checkout import buy
from bot.services.quote import make_quote
from tests.stage import Stage, books_agree


async def test_five_taps_on_buy_are_one_order_and_one_payment(stage: Stage):
    await stage.customer(1)
    view = await make_quote(stage.shop, 1, await stage.denomination(), 1)

    results = await asyncio.gather(*(buy(stage.shop, 1, view.quote.id, 77) for _ in range(5)))

    assert len({order.id for order, _ in results}) == 1
    assert sum(is_new for _, is_new in results) == 1
    assert await stage.balance(1) == 50_000_00 - view.quote.total_minor
    await stage.run(15)
    assert len(stage.book.orders) == 1
    await books_agree(stage)


async def test_without_the_guard_five_taps_pay_five_times(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    """The twin: where a quote may be used again, the race is seen to happen."""
    await stage.customer(1)
    denomination = await stage.denomination()

    async def unguarded() -> None:
        view = await make_quote(stage.shop, 1, denomination, 1)
        await checkout.buy(stage.shop, 1, view.quote.id, 77)

    await asyncio.gather(*(unguarded() for _ in range(5)))

    await stage.run(15)
    assert len(stage.book.orders) == 5


async def test_two_purchases_at_once_cannot_spend_the_same_money(stage: Stage):
    denomination = await stage.denomination()
    await stage.customer(1, dinars=2_000)
    views = [await make_quote(stage.shop, 1, denomination, 1) for _ in range(2)]

    results = await asyncio.gather(
        *(buy(stage.shop, 1, view.quote.id, 77) for view in views), return_exceptions=True
    )

    assert sorted(type(r).__name__ for r in results) == ["WalletTooSmall", "tuple"]
    assert await stage.balance(1) >= 0
    await books_agree(stage)


async def test_a_wallet_too_small_changes_nothing(stage: Stage):
    await stage.customer(1, dinars=100)
    view = await make_quote(stage.shop, 1, await stage.denomination(), 1)

    with pytest.raises(WalletTooSmall) as refused:
        await buy(stage.shop, 1, view.quote.id, 77)

    assert refused.value.missing_minor == view.missing_minor == view.quote.total_minor - 100_00
    assert await stage.balance(1) == 100_00
    await stage.credit(1, 50_000)
    _, is_new = await buy(stage.shop, 1, view.quote.id, 77)
    assert is_new


async def test_an_old_confirm_screen_buys_nothing(stage: Stage):
    await stage.customer(1)
    view = await make_quote(stage.shop, 1, await stage.denomination(), 1)
    stage.clock.pass_time(601)

    with pytest.raises(QuoteExpired):
        await buy(stage.shop, 1, view.quote.id, 77)

    assert await stage.balance(1) == 50_000_00


@pytest.mark.parametrize("quantity", [-1, 0, 11, 10**12])
async def test_a_quantity_that_no_button_offers_has_no_price(stage: Stage, quantity):
    await stage.customer(1)
    with pytest.raises(QuantityOutOfRange):
        await make_quote(stage.shop, 1, await stage.denomination(), quantity)


async def test_somebody_elses_quote_does_not_exist(stage: Stage):
    await stage.customer(1)
    await stage.customer(2)
    view = await make_quote(stage.shop, 1, await stage.denomination(), 1)

    with pytest.raises(NotFound):
        await buy(stage.shop, 2, view.quote.id, 77)


async def test_nothing_is_sold_while_selling_is_paused(stage: Stage):
    await stage.customer(1)
    view = await make_quote(stage.shop, 1, await stage.denomination(), 1)

    async def pause(tables):
        await tables.operators.set_account("oneclickdz", paused_for_balance=True)

    await stage.store.write(pause)

    with pytest.raises(SellingPaused):
        await buy(stage.shop, 1, view.quote.id, 77)
    with pytest.raises(SellingPaused):
        await make_quote(stage.shop, 1, await stage.denomination(), 1)
