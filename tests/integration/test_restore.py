"""After a restore nothing is bought, and nothing is repeated, until somebody has looked."""

from dataclasses import replace

from sqlalchemy import update

from bot.domain.orders import Attention, Order, OrderState
from bot.domain.records import InboxRow, Sealed
from bot.services.operations.restored import Restored, quarantine_restored
from storage.tables import orders
from tests.fakes import START
from tests.harness import ShopHarness


async def test_orders_that_may_have_been_bought_need_an_operator_and_the_others_stay(
    harness: ShopHarness,
):
    await harness.customer(1, dinars=900_000)
    states = [
        OrderState.PAID,
        OrderState.PLACING,
        OrderState.UNCONFIRMED,
        OrderState.HANDLING,
        OrderState.FULFILLED,
    ]
    made = []
    for state in states:
        order = await harness.buy(1)
        sent_at = None if state is OrderState.PAID else harness.clock.now()
        async with harness.store._writer.begin() as db:
            await db.execute(
                update(orders)
                .where(orders.c.id == order.id)
                .values(state=state, sent_at=sent_at, due_at=harness.clock.now())
            )
        made.append(await harness.order(order.id))
    await harness.store.write(_keep_updates)

    assert await quarantine_restored(harness.store, harness.clock) == Restored(3, 2)

    def doubtful(order: Order) -> Order:
        return replace(
            order,
            state=OrderState.UNCONFIRMED,
            sent_at=None,
            due_at=None,
            attention=Attention.NOT_FOUND,
        )

    assert [await harness.order(order.id) for order in made] == [
        *(doubtful(order) for order in made[:3]),
        *made[3:],
    ]
    async with harness.store.reading() as tx:
        assert await tx.inbox.unhandled() == []
        assert await tx.inbox.count_quarantined() == 2


async def test_a_second_restore_changes_nothing_more(harness: ShopHarness):
    await harness.customer(1)
    await harness.buy(1)
    assert await quarantine_restored(harness.store, harness.clock) == Restored(1, 0)
    assert await quarantine_restored(harness.store, harness.clock) == Restored(0, 0)


async def _keep_updates(tx) -> None:
    rows = [InboxRow(0, number, 5, Sealed("k1", b"x")) for number in (11, 12)]
    await tx.inbox.add(rows, START)
