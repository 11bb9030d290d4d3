"""A purchase whose order changed meanwhile, whose id is taken, whose answer turns up late."""

from datetime import timedelta

from bot.domain.orders import OrderState
from bot.domain.records import AlertKind
from bot.services.selling.balance import check_balance
from tests.harness import ShopHarness


async def test_an_empty_balance_is_told_again_only_after_ten_minutes(harness: ShopHarness):
    await harness.customer(1)
    told = []
    for minutes in (0, 5, 6):
        harness.clock.pass_time(minutes * 60)
        harness.book.balance *= 0
        order = await harness.buy(1)
        await harness.place()
        await harness.round()
        told.append(len(harness.sender.alerts(AlertKind.BALANCE_EMPTY)))
        harness.book.top_up(100_000)
        harness.clock.pass_time(timedelta(seconds=11).total_seconds())
        await check_balance(harness.shop, "oneclickdz")
        await harness.run(10)
        assert (await harness.order(order.id)).state is OrderState.FULFILLED

    assert told == [1, 1, 2]
