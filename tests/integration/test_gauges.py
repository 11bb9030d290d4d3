"""What monitoring reads of the whole shop: open orders, waiting rows, money; as both databases count it."""

from datetime import timedelta

from bot.domain.alerts import AlertKind
from bot.domain.gauges import Queue, Waiting
from bot.domain.orders import Attention
from bot.domain.outbox import OutboxKind
from bot.domain.records import InboxRow
from bot.services.messaging.alerts import raise_alert
from tests.harness import ShopHarness


async def gauges_of(harness: ShopHarness):
    async with harness.store.reading() as tx:
        return await tx.gauges.read(harness.clock.now())


async def test_an_empty_shop_has_nothing(store):
    async with store.reading() as tx:
        await tx.gauges.probe()
        from datetime import UTC, datetime

        found = await tx.gauges.read(datetime.now(UTC))

    assert (found.orders, found.wallets_minor, found.escrow_minor) == ({}, 0, 0)
    assert found.queues == dict.fromkeys(Queue, Waiting(0, 0.0))


async def test_orders_are_counted_while_they_are_open_and_their_money_is_in_escrow(harness):
    await harness.customer(1, dinars=50_000)
    await harness.customer(2, dinars=1_000)
    first = await harness.buy(1)
    await harness.buy(1)

    found = await gauges_of(harness)

    assert found.orders == {("oneclickdz", "paid"): 2}
    assert found.escrow_minor == 2 * first.total_minor
    assert found.wallets_minor == 5_100_000 - found.escrow_minor
    assert found.queues[Queue.ORDERS].count == 2

    await harness.run(30)
    found = await gauges_of(harness)
    assert (found.orders, found.escrow_minor) == ({}, 0)
    assert found.queues[Queue.ORDERS] == Waiting(0, 0.0)
    assert found.balances_minor["oneclickdz"] > 0


async def test_an_ended_order_that_an_operator_has_to_look_at_is_counted(harness):
    await harness.customer(1, dinars=50_000)
    order = await harness.buy(1)

    async def mark(tx):
        locked = await tx.lock_order(order.id)
        await tx.orders.update(locked, attention=Attention.CONTRADICTION)

    await harness.store.write(mark)

    assert (await gauges_of(harness)).orders_for_operators == 1


async def test_the_age_of_the_oldest_waiting_row_is_told(harness):
    now = harness.clock.now()
    sealed = harness.shop.vault.seal("{}", b"x")

    async def wait(tx):
        rows = [InboxRow(1, number, 5, sealed, None) for number in (1, 2, 3)]
        await tx.inbox.add(rows[:1], now - timedelta(seconds=90))
        await tx.inbox.add(rows[1:], now - timedelta(seconds=200))
        await tx.inbox.quarantine([rows[1].key], now)
        await tx.inbox.finish([rows[2].key], now)
        made = now - timedelta(seconds=60)
        await tx.outbox.add("a", 5, OutboxKind.MISSED, made, due_at=now + timedelta(seconds=60))
        await tx.outbox.add("b", 6, OutboxKind.MISSED, now - timedelta(seconds=40))
        await raise_alert(tx, harness.shop, "x", AlertKind.UPDATE_QUARANTINED)

    await harness.store.write(wait)

    found = await gauges_of(harness)
    assert found.queues[Queue.INBOX] == Waiting(1, 90.0)
    assert found.queues[Queue.OUTBOX] == Waiting(1, 40.0)
    assert (found.quarantined_updates, found.open_alerts) == (1, 1)


async def test_a_message_that_failed_waits_though_its_next_try_is_later(harness):
    now = harness.clock.now()

    async def fail(tx):
        await tx.outbox.add("a", 5, OutboxKind.MISSED, now - timedelta(seconds=50))
        [row] = await tx.outbox.due_news(now, 5)
        await tx.outbox.postpone(row.id, now + timedelta(seconds=600), count=True)

    await harness.store.write(fail)

    assert (await gauges_of(harness)).queues[Queue.OUTBOX] == Waiting(1, 50.0)


async def test_a_row_from_the_future_has_no_negative_age(harness):
    async def wait(tx):
        sealed = harness.shop.vault.seal("{}", b"x")
        await tx.inbox.add(
            [InboxRow(1, 1, 5, sealed, None)], harness.clock.now() + timedelta(days=1)
        )

    await harness.store.write(wait)

    assert (await gauges_of(harness)).queues[Queue.INBOX] == Waiting(1, 0.0)
