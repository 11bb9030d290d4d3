"""Batches of own codes: drafts, loads, withdrawals, and codes near their end."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import refusals
from bot.domain.orders import OrderState
from bot.domain.stock import BatchState, SetAside
from bot.domain.stock_files import read_text
from bot.services.orders.checkout import buy
from bot.services.orders.quote import make_quote
from bot.services.stock import load
from bot.services.stock.batches import Decision, discard, put_on_sale, view_batch, withdraw
from bot.services.stock.goods import remove_value
from bot.services.stock.watch import StockWatch
from storage.tables import alerts, own_codes
from tests.harness import OPERATOR
from tests.integration.own_stock_steps import is_well, own, settle_all
from tests.integration.readings import rows_of
from tests.own_stock import COST, codes_of

__all__ = ["own"]  # a fixture


async def test_a_draft_is_not_for_sale(own):
    await own.load(codes_of(3), sell=False)
    await own.customer()
    with pytest.raises((refusals.NotFound, IndexError)):
        await own.denomination()
    async with own.store.reading() as tx:
        assert await tx.stock.on_offer(own.clock.now()) == {}


async def test_a_discarded_draft_may_be_loaded_again(own):
    first = await own.load(codes_of(3), sell=False)
    await discard(own.store, own.clock, Decision("d1", OPERATOR, first))
    second = await own.load(codes_of(3), sell=False)
    view = await view_batch(own.store, own.vault, second)
    assert (view.counts.left, view.batch.refusals.known) == (3, 0)
    with pytest.raises(refusals.AlreadyDecided):
        await put_on_sale(own.store, own.clock, Decision("d2", OPERATOR, first))


async def test_a_code_is_loaded_once(own):
    await own.load(codes_of(3))
    second = await own.load(codes_of(5), sell=False)
    view = await view_batch(own.store, own.vault, second)
    assert (view.counts.left, view.batch.refusals.known) == (2, 3)


async def test_a_sold_code_is_not_loaded_again(own):
    await own.load(codes_of(2))
    await own.customer()
    await own.buy(quantity=2)
    await settle_all(own)
    again = await own.load(codes_of(2), sell=False)
    view = await view_batch(own.store, own.vault, again)
    assert (view.counts.loaded, view.batch.state) == (0, BatchState.DISCARDED)
    assert view.batch.refusals.known == 2


async def test_the_same_load_is_stored_once_and_an_interrupted_one_begins_anew(own):

    value = await own.value()
    read = read_text("\n".join(codes_of(250)), own.clock.now())
    request = load.LoadRequest("update:7", value, COST, OPERATOR, read)
    real, calls = load._add, []

    async def killed(*args):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("killed")
        return await real(*args)

    load._add = killed
    try:
        with pytest.raises(RuntimeError):
            await load.load_batch(own.store, own.vault, own.clock, request)
    finally:
        load._add = real
    batch_id = await load.load_batch(own.store, own.vault, own.clock, request)
    assert await load.load_batch(own.store, own.vault, own.clock, request) == batch_id
    view = await view_batch(own.store, own.vault, batch_id)
    assert (view.batch.state, view.counts.left, view.batch.refusals.known) == (
        BatchState.DRAFT,
        250,
        0,
    )


async def test_a_withdrawal_and_a_purchase_at_once_share_no_code(own):
    for turn in range(8):
        batch = await own.load(codes_of(6, first=100 * turn))
        value = (await view_batch(own.store, own.vault, batch)).value.id
        book = own.own._stock
        purchases = [
            book.reserve(f"own:{turn}{n}:x", 1000 * (turn + 1) + n, value, 2) for n in range(2)
        ]
        withdrawal = withdraw(own.store, own.clock, Decision(f"w{turn}", OPERATOR, batch))
        work = [*purchases, withdrawal] if turn % 2 else [withdrawal, *purchases]
        await asyncio.gather(*work)
        rows = await rows_of(own, select(own_codes).where(own_codes.c.batch_id == batch))
        for row in rows:
            assert (row.reservation is None) != (row.set_aside is None)
            assert (row.value == b"") == (row.set_aside == SetAside.WITHDRAWN)


async def test_a_withdrawn_batch_is_not_sold_and_its_codes_are_gone(own):
    batch = await own.load(codes_of(4))
    await own.customer()
    quote = await make_quote(own.shop, 1, await own.denomination(), 1)
    view = await withdraw(own.store, own.clock, Decision("w", OPERATOR, batch))
    assert (view.counts.left, view.counts.set_aside) == (0, 4)
    assert (await withdraw(own.store, own.clock, Decision("w", OPERATOR, batch))) == view
    order, _ = await buy(own.shop, 1, quote.quote.id, 77)
    await settle_all(own)
    assert (await own.order(order.id)).state is OrderState.REFUNDED
    rows = await rows_of(own, select(own_codes.c.value, own_codes.c.fingerprint))
    assert {tuple(row) for row in rows} == {(b"", None)}
    assert (await own.load(codes_of(4), sell=False)) != batch
    await is_well(own)


async def test_codes_near_their_end_leave_the_sale_and_the_soonest_is_sold_first(own):
    await own.load(["code,expires", "CANARY-B,2027-06-30", "CANARY-A,2026-12-31", "CANARY-C,"])
    await own.customer()
    order = await own.buy(quantity=1)
    await settle_all(own)
    async with own.store.reading() as tx:
        stored = await tx.codes.of_order(order.id, 1)
        (left,) = (await tx.stock.on_offer(own.clock.now() + timedelta(days=7))).values()
    assert f"{stored[0].expires_at:%Y-%m-%d}" == "2026-12-31"
    assert (left.left, f"{left.first_end:%Y-%m-%d}") == (2, "2027-06-30")
    own.clock.pass_time(timedelta(days=365).total_seconds())
    await StockWatch(own.shop).check()
    async with own.store.reading() as tx:
        (left,) = (await tx.stock.on_offer(own.clock.now() + timedelta(days=7))).values()
    assert left.left == 1
    assert ("stock_ending:1",) in [
        tuple(r)
        for r in await rows_of(own, select(alerts.c.key).where(alerts.c.closed_at.is_(None)))
    ]


async def test_an_alert_tells_once_when_few_are_left(own):
    value = await own.value(low_at=3)
    await own.load(codes_of(3), value=value)
    watch = StockWatch(own.shop)
    await watch.check()
    key = select(alerts.c.times).where(alerts.c.key == f"stock_low:{value}")
    assert await rows_of(own, key) == []
    await own.customer()
    await own.buy(quantity=1)
    await settle_all(own)
    for _ in range(3):
        await watch.check()
    assert [tuple(row) for row in await rows_of(own, key)] == [(1,)]
    await own.load(codes_of(3, first=50), value=value)
    await watch.check()
    assert await rows_of(own, key.where(alerts.c.closed_at.is_(None))) == []


async def test_a_value_without_any_batch_is_removed_with_its_last_product(own):
    first, second = await own.value("10 TRY"), await own.value("20 TRY")

    await remove_value(own.store, first)
    assert [one.label for one in await values_of(own)] == ["20 TRY"]
    await remove_value(own.store, second)

    async with own.store.reading() as tx:
        assert not await tx.stock.products()
    with pytest.raises(refusals.NotFound):
        await remove_value(own.store, second)


async def test_a_value_with_a_batch_stays(own):
    await own.load(codes_of(1), sell=False)
    (value,) = await values_of(own)

    with pytest.raises(refusals.AlreadyDecided):
        await remove_value(own.store, value.id)
    assert await values_of(own) == [value]


async def values_of(own):
    async with own.store.reading() as tx:
        return list(await tx.stock.values())
