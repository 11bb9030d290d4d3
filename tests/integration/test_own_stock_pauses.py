"""A pause that lets paid orders wait also stops own orders whose answer was lost."""

from datetime import timedelta
from unittest.mock import AsyncMock

from sqlalchemy import select

from bot import errors
from bot.domain.alerts import AlertKind
from bot.domain.orders import Attention, OrderState
from storage.tables import own_reservations
from tests import pausing
from tests.harness import books_agree
from tests.own_stock import codes_of


async def lost_order(own):
    """An order that was sent, and of which nobody knows whether codes were reserved."""
    await own.load(codes_of(3))
    await own.customer()
    order = await own.buy(quantity=1)
    stock, real = own.own._stock, own.own._stock.reserve

    async def lost(*args):
        raise errors.StorageFailure("lost")

    stock.reserve = lost
    await own.round()
    stock.reserve = real
    assert (await own.order(order.id)).state is OrderState.UNCONFIRMED
    return order


async def pause(own, *, waits):
    pause_id = await pausing.draft(own.shop, waits=waits)
    await pausing.confirm(own.shop, pause_id)
    return pause_id


async def reserved(own):
    async with own.store._reader.connect() as db:
        return (await db.execute(select(own_reservations.c.order_id))).scalars().all()


async def test_a_lost_order_reserves_nothing_until_the_pause_is_over(own):
    order = await lost_order(own)
    pause_id = await pause(own, waits=True)

    await own.run(120)

    held = await own.order(order.id)
    assert (held.state, await reserved(own)) == (OrderState.UNCONFIRMED, [])
    assert held.due_at > own.clock.now()

    await pausing.lift(own.shop, pause_id)
    await own.run(120)

    assert (await own.order(order.id)).state is OrderState.FULFILLED
    await books_agree(own)


async def test_a_lost_order_goes_on_under_a_pause_that_only_stops_new_ones(own):
    order = await lost_order(own)
    await pause(own, waits=False)

    await own.run(30)

    assert (await own.order(order.id)).state is OrderState.FULFILLED


async def test_a_lost_order_that_waits_for_a_pause_is_not_called_lost(own):
    order = await lost_order(own)
    pause_id = await pause(own, waits=True)

    await own.run(20 * 60)

    held = await own.order(order.id)
    assert (held.state, held.attention) == (OrderState.UNCONFIRMED, None)
    assert own.sender.alerts(AlertKind.ORDER_NOT_FOUND) == []
    assert held.due_at <= own.clock.now() + timedelta(minutes=1)  # not ten, as for what is lost

    await pausing.lift(own.shop, pause_id)
    await own.run(61)

    assert (await own.order(order.id)).state is OrderState.FULFILLED
    assert own.sender.alerts(AlertKind.ORDER_NOT_FOUND) == []
    await books_agree(own)


async def test_a_lost_order_that_nothing_stops_is_called_lost(own):
    order = await lost_order(own)
    await pause(own, waits=False)
    own.own._stock.reserve = AsyncMock(side_effect=errors.StorageFailure("lost"))

    await own.run(20 * 60)

    assert (await own.order(order.id)).attention is Attention.NOT_FOUND
    assert len(own.sender.alerts(AlertKind.ORDER_NOT_FOUND)) == 1
