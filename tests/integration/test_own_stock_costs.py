"""Codes that cost more than an order was promised at are not given to it."""

from datetime import timedelta

from sqlalchemy import select

from bot import errors
from bot.domain.orders import OrderState, ReturnReason
from bot.domain.stock_files import read_text
from bot.services.stock.batches import Decision, put_on_sale, withdraw
from bot.services.stock.load import LoadRequest, load_batch
from storage.tables import own_codes, own_reservations
from tests.harness import OPERATOR, books_agree
from tests.integration.own_stock_steps import own
from tests.integration.readings import rows_of
from tests.own_stock import COST, codes_of

__all__ = ["own"]  # a fixture


async def sell_dear_ones_that_end_soon(own):
    """Put on sale as by a command of the shell: the shop's prices do not hear of it at once."""
    end = own.clock.now() + timedelta(days=60)
    lines = "\n".join(f"{code},{end:%Y-%m-%d}" for code in codes_of(5, first=50))
    read = read_text(f"code,expires\n{lines}", own.clock.now())
    request = LoadRequest("dear", await own.value(), 5 * COST, OPERATOR, read)
    batch = await load_batch(own.store, own.vault, own.clock, request)
    await put_on_sale(own.store, own.clock, Decision("dear", OPERATOR, batch))
    return batch


async def test_a_repeated_purchase_takes_no_dearer_batch_that_was_put_on_sale_since(own):
    cheap = await own.load(codes_of(1))
    await own.customer()
    order = await own.buy(quantity=1)
    stock, real = own.own._stock, own.own._stock.reserve

    async def lost(*args):
        raise errors.StorageFailure("lost")

    stock.reserve = lost
    await own.round()
    stock.reserve = real
    assert (await own.order(order.id)).state is OrderState.UNCONFIRMED
    await withdraw(own.store, own.clock, Decision("w", OPERATOR, cheap))
    await own.load(codes_of(5, first=50), cost=5 * COST)

    await own.run(30)

    ended = await own.order(order.id)
    assert (ended.state, ended.return_reason) == (OrderState.REFUNDED, ReturnReason.SOLD_OUT)
    assert await rows_of(own, select(own_reservations)) == []
    await books_agree(own)


async def test_a_price_that_is_shared_buys_none_that_cost_more(own):
    cheap = await own.load(codes_of(3))
    await own.customer()
    await own.buy(1, quantity=1)
    await own.round()
    order = await own.buy(1, quantity=1)
    await sell_dear_ones_that_end_soon(own)

    await own.run(30)

    done = await own.order(order.id)
    assert (done.state, done.cost_minor) == (OrderState.FULFILLED, COST)
    taken = select(own_codes.c.batch_id).where(own_codes.c.reservation.is_not(None))
    assert await rows_of(own, taken) == [(cheap,), (cheap,)]


async def test_an_order_never_mixes_in_dear_codes_where_too_few_are_as_promised(own):
    await own.load(codes_of(3))
    await own.customer()
    await own.buy(1, quantity=1)
    await own.round()
    order = await own.buy(1, quantity=2)
    await withdraw(own.store, own.clock, Decision("w", OPERATOR, 1))
    await own.load(codes_of(1, first=10))
    await sell_dear_ones_that_end_soon(own)

    await own.run(30)

    ended = await own.order(order.id)
    assert (ended.state, ended.return_reason) == (OrderState.REFUNDED, ReturnReason.SOLD_OUT)
    (kept,) = await rows_of(own, select(own_reservations.c.quantity))
    assert kept.quantity == 1
    await books_agree(own)
