"""Who is told that a value is back, and how often."""

import asyncio

import pytest

from bot.domain.jobs import Job
from bot.errors import SendFailure, SendLater, Unreachable
from bot.refusals import NotFound
from bot.services.catalogue.refresh import load_shelf, refresh_product
from bot.services.items import ItemKind
from bot.services.messaging.customers import ensure_customer, mark_unreachable
from bot.services.operations import watches
from bot.services.operations.gone_items import HAVE_WORK
from bot.services.operations.watches import (
    MOST_WATCHES,
    Watching,
    my_watches,
    unwatch_value,
    watch_value,
)
from tests.harness import ShopHarness
from tests.integration.test_values import span_of
from tests.integration.watch_steps import LOOK, looks, sold_out, told, waiting
from tests.sweeps import AT_INTERVALS
from tests.vouchers import VoucherHarness


async def test_who_blocked_the_bot_is_dropped_and_takes_nobodys_place(harness: ShopHarness):
    await waiting(harness, people=4)

    async def block(tx):
        await mark_unreachable(tx, harness.shop, 1)

    await harness.store.write(block)
    await looks(harness, 1, 1)

    assert sorted(told(harness)) == [2, 3, 4]
    assert await my_watches(harness.shop, 1, "en") == ()


@pytest.mark.parametrize(
    ("failure", "sent"),
    [(SendLater(30), 1), (SendFailure("gone dark"), 0), (Unreachable(), 0)],
    ids=["told to wait", "unknown", "blocked"],
)
async def test_the_news_is_sent_at_most_once(harness: ShopHarness, failure, sent):
    harness.leave_out(*AT_INTERVALS)
    await waiting(harness)
    await looks(harness, 5)
    harness.sender.failures.append(failure)

    await looks(harness, 5)
    await harness.run(3600)

    assert len(told(harness)) == sent
    assert await my_watches(harness.shop, 1, "en") == ()
    async with harness.store.reading() as tx:
        found = await tx.customers.get(1)
    assert found is not None
    assert found.reachable == (not isinstance(failure, Unreachable))


async def test_a_process_that_ends_between_the_mark_and_the_news_sends_it_no_second_time(
    harness: ShopHarness, monkeypatch
):
    await waiting(harness)
    await looks(harness, 5)

    class Ended(BaseException):
        pass

    async def ends(customer, value):
        raise Ended

    monkeypatch.setattr(harness.sender, "send_back_in_stock", ends)
    with pytest.raises(Ended):
        await looks(harness, 5)
    monkeypatch.undo()
    harness.restart()
    await load_shelf(harness.shop)
    await harness.run(3 * LOOK)

    assert told(harness) == []
    assert await my_watches(harness.shop, 1, "en") == ()


async def test_a_restart_before_the_news_delays_it_and_loses_nobody(harness: ShopHarness):
    await waiting(harness, people=9)
    await looks(harness, 1, 1)
    assert sorted(told(harness)) == [1, 2, 3]

    harness.restart()
    harness.leave_out(Job.SILENCE, Job.BALANCE, Job.WATCH, Job.PLACE, Job.REMINDERS)
    await load_shelf(harness.shop)
    await looks(harness, 1, 1, 1, 1)

    assert sorted(told(harness)) == list(range(1, 10))


async def test_where_the_value_is_gone_again_before_the_news_the_customer_waits_on(
    harness: ShopHarness,
):
    value = await waiting(harness)
    (before,) = await my_watches(harness.shop, 1, "en")
    harness.leave_out(Job.OUTBOX)
    await looks(harness, 5, 5)
    assert await my_watches(harness.shop, 1, "en") == ()
    await sold_out(harness)

    await harness.send()

    assert told(harness) == []
    assert await my_watches(harness.shop, 1, "en") == (before,)
    assert before.denomination_id == value
    harness.restart()
    await load_shelf(harness.shop)
    await looks(harness, 5, 5, 5)
    assert told(harness) == [1]


async def test_a_watch_ends_after_sixty_days(harness: ShopHarness):
    await waiting(harness)
    harness.clock.pass_time(59 * 86400)
    await watches.tell_what_is_back(harness.shop)
    assert len(await my_watches(harness.shop, 1, "en")) == 1
    harness.clock.pass_time(2 * 86400)

    await watches.tell_what_is_back(harness.shop)

    assert await my_watches(harness.shop, 1, "en") == ()


async def test_a_customer_waits_for_five_values_at_most(harness: ShopHarness):
    await ensure_customer(harness.shop, 1, "en")
    for goods in [g for c in harness.book.categories for g in c.products]:
        for kind in goods.denominations:
            kind.quantity = 0
    for one in list(harness.shop.shelf.products):
        await refresh_product(harness.shop, one)
    values = [d.id for p in harness.shop.shelf.products for d in harness.shop.shelf.of_product(p)]

    found = [await watch_value(harness.shop, 1, one) for one in values[: MOST_WATCHES + 1]]
    same = [await watch_value(harness.shop, 1, values[0]) for _ in range(5)]

    assert found == [Watching.ON] * MOST_WATCHES + [Watching.FULL]
    assert same == [Watching.ON] * 5
    assert len(await my_watches(harness.shop, 1, "en")) == MOST_WATCHES
    assert await unwatch_value(harness.shop, 1, values[0])
    assert not await unwatch_value(harness.shop, 1, values[0])
    assert await watch_value(harness.shop, 1, values[MOST_WATCHES]) is Watching.ON


async def test_a_range_is_never_waited_for(voucher_harness: VoucherHarness):
    await ensure_customer(voucher_harness.shop, 1, "en")
    span = await span_of(voucher_harness)

    for unknown in (span, 10**6):
        with pytest.raises(NotFound):
            await watch_value(voucher_harness.shop, 1, unknown)


async def test_a_product_that_nobody_waits_for_has_no_work(harness: ShopHarness):
    value = await waiting(harness)
    product_id = harness.shop.shelf.denomination(value).product_id
    has_work = HAVE_WORK[ItemKind.WATCHED]
    async with harness.store.reading() as tx:
        assert await has_work(tx, harness.shop, product_id)
        assert not await has_work(tx, harness.shop, product_id + 1)


async def test_a_press_and_a_look_at_the_same_time_lose_no_watch(harness: ShopHarness):
    value = await waiting(harness, people=3)

    await asyncio.gather(
        *(watch_value(harness.shop, n, value) for n in (1, 2, 3)),
        watches.tell_what_is_back(harness.shop),
    )

    async with harness.store.reading() as tx:
        assert set(await tx.watches.watched()) == {value}
