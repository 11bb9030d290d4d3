"""Codes of a batch that is taken back while orders still hold some of it."""

import pytest
from sqlalchemy import select

from bot.domain.orders import OrderEvent, ReturnReason
from bot.domain.stock import SetAside
from bot.services.orders.release import end_and_refund
from bot.services.stock.batches import Decision, discard, view_batch, withdraw
from bot.services.stock.watch import tidy
from storage.tables import own_codes
from tests.harness import OPERATOR, books_agree
from tests.own_stock import codes_of


@pytest.mark.parametrize("after_restore", [False, True], ids=["withdrawn", "discarded"])
async def test_reserved_codes_of_a_batch_that_was_taken_back_are_erased_at_their_release(
    own, after_restore
):
    batch = await own.load(codes_of(2))
    value = (await view_batch(own.store, own.vault, batch)).value.id
    await own.customer()
    order = await own.buy(quantity=1)
    await own.own._stock.reserve(f"own:{order.id}:x", order.id, value, 1)
    if after_restore:
        await own.store.write(lambda tx: tx.stock.hold_all(own.clock.now()))
        await discard(own.store, own.clock, Decision("back", OPERATOR, batch))
    else:
        await withdraw(own.store, own.clock, Decision("back", OPERATOR, batch))

    async def end(tx):
        locked = await tx.lock_order(order.id)
        await end_and_refund(tx, own.shop, locked, OrderEvent.REFUSE, ReturnReason.SUPPLIER_DOWN)

    await own.store.write(end)
    own.clock.pass_time(3700)
    await tidy(own.shop)

    async with own.store._reader.connect() as db:
        kept = (await db.execute(select(own_codes))).all()
    assert [(one.reservation, one.set_aside, one.value) for one in kept] == [
        (None, SetAside.WITHDRAWN, b"")
    ] * 2
    # Those of a restored backup may have been sold since, so they are not loaded a second time.
    assert [one.fingerprint is not None for one in kept] == [after_restore] * 2
    again = await view_batch(own.store, own.vault, await own.load(codes_of(2), sell=False))
    known = 2 if after_restore else 0
    assert (again.counts.left, again.batch.refusals.known) == (2 - known, known)
    await books_agree(own)
