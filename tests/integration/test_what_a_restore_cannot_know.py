"""After a restore nothing is bought, and nothing is repeated, until somebody has looked."""

from dataclasses import replace

from sqlalchemy import update

from bot.domain.orders import Attention, OrderState
from bot.domain.records import InboxRow, Sealed
from bot.services.restored import Restored, settle_restored
from storage.tables import orders
from tests.stage import START, Stage


async def test_what_may_have_been_bought_stands_before_an_operator_and_the_rest_stays(stage: Stage):
    await stage.customer(1, dinars=900_000)
    states = [
        OrderState.PAID,
        OrderState.PLACING,
        OrderState.UNCONFIRMED,
        OrderState.HANDLING,
        OrderState.FULFILLED,
    ]
    made = []
    for state in states:
        order = await stage.buy(1)
        sent_at = None if state is OrderState.PAID else stage.clock.now()
        async with stage.store._writer.begin() as db:
            await db.execute(
                update(orders)
                .where(orders.c.id == order.id)
                .values(state=state, sent_at=sent_at, due_at=stage.clock.now())
            )
        made.append(await stage.order(order.id))
    await stage.store.write(_keep_updates)

    assert await settle_restored(stage.store, stage.clock) == Restored(3, 2)

    doubtful = {
        "state": OrderState.UNCONFIRMED,
        "sent_at": None,
        "due_at": None,
        "attention": Attention.NOT_FOUND,
    }
    assert [await stage.order(order.id) for order in made] == [
        *(replace(order, **doubtful) for order in made[:3]),
        *made[3:],
    ]
    async with stage.store.reading() as tables:
        assert await tables.inbox.unhandled() == []
        assert await tables.inbox.count_set_aside() == 2


async def test_a_second_restore_finds_what_the_first_has_left(stage: Stage):
    await stage.customer(1)
    await stage.buy(1)
    assert await settle_restored(stage.store, stage.clock) == Restored(1, 0)
    assert await settle_restored(stage.store, stage.clock) == Restored(0, 0)


async def _keep_updates(tables) -> None:
    rows = [InboxRow(number, 5, Sealed("k1", b"x")) for number in (11, 12)]
    await tables.inbox.add(rows, START)
