"""Selling the shop's own codes: from a loaded batch to the customer, and never twice."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from bot import errors
from bot.domain.orders import OrderEvent, OrderState, ReturnReason
from bot.domain.stock import Reservation, SetAside
from bot.domain.supplier import OWN, Card, Purchase
from bot.services.codes.own_sealing import seal_own
from bot.services.operations.audit import audit_books
from bot.services.orders.checkout import buy
from bot.services.orders.quote import make_quote
from bot.services.orders.release import end_and_refund
from bot.services.selling.access import is_sandbox
from bot.services.selling.balance import balance_due
from bot.services.stock.batches import view_batch
from bot.services.stock.watch import tidy
from storage.tables import codes, own_codes, own_reservations
from tests.integration.own_stock_steps import is_well, own, settle_all, yes
from tests.integration.readings import change, rows_of
from tests.own_stock import COST, OwnHarness, codes_of

__all__ = ["own"]  # a fixture


async def test_a_customer_gets_codes_of_a_batch_and_the_cost_is_exact(own):
    await own.load(codes_of(5))
    await own.customer()
    order = await own.buy(quantity=2)
    await settle_all(own)
    done = await own.order(order.id)
    assert (done.state, done.delivered_quantity, done.cost_minor) == (
        OrderState.FULFILLED,
        2,
        2 * COST,
    )
    assert (await rows_of(own, select(func.count()).select_from(codes)))[0][0] == 2
    await is_well(own)


async def test_fifty_customers_for_forty_codes(own):
    await own.load(codes_of(40))
    buyers = range(1, 51)
    for user_id in buyers:
        await own.customer(user_id)
    value = await own.denomination()
    quotes = [await make_quote(own.shop, user_id, value, 1) for user_id in buyers]
    await asyncio.gather(
        *(
            buy(own.shop, user_id, view.quote.id, 77)
            for user_id, view in zip(buyers, quotes, strict=True)
        )
    )
    await settle_all(own)
    states = [(await own.order(number)).state for number in range(1, 51)]
    assert states.count(OrderState.FULFILLED) == 40
    assert states.count(OrderState.REFUNDED) == 10
    prints = await rows_of(own, select(codes.c.fingerprint))
    assert len(set(prints)) == len(prints) == 40
    await is_well(own)


async def test_reservations_at_once_never_share_a_code(own):
    batch = await own.load(codes_of(40))
    value = (await view_batch(own.store, own.vault, batch)).value.id
    book = own.own._stock
    found = await asyncio.gather(
        *(book.reserve(f"own:{n}:x", n, value, 1 + n % 3) for n in range(1, 41))
    )
    taken = [one for one in found if one is not None]
    rows = await rows_of(own, select(own_codes.c.reservation).where(own_codes.c.reservation != ""))
    assert len(rows) == sum(one.quantity for one in taken) >= 38
    for one in taken:
        assert [r for (r,) in rows].count(one.reference) == one.quantity


async def test_what_an_order_has_is_erased_from_the_stock(own):
    await own.load(codes_of(2))
    await own.customer()
    order = await own.buy(quantity=1)
    await settle_all(own)
    await tidy(own.shop)
    assert b"" not in [v for (v,) in await rows_of(own, select(own_codes.c.value))]
    own.clock.pass_time(3700)
    await tidy(own.shop)
    rows = await rows_of(own, select(own_codes).where(own_codes.c.reservation.is_not(None)))
    assert [(r.value, r.key_id, bool(r.fingerprint)) for r in rows] == [(b"", "", True)]
    async with own.store.reading() as tx:
        assert (await tx.own_codes.reservation_of(order.id)).erased_at is not None
    await is_well(own)


async def test_the_same_order_always_finds_its_first_reservation(own):
    batch = await own.load(codes_of(3))
    view = await view_batch(own.store, own.vault, batch)
    wanted = Purchase(str(view.product.id), str(view.value.id), 1)
    first, second = (own.own.build_request(wanted, 7) for _ in range(2))

    found = {await own.own.buy(first, yes), await own.own.repeat(first, yes)}
    found.add(await own.own.buy(second, yes))
    assert found == {first.reference}
    assert (await rows_of(own, select(func.count()).select_from(own_reservations)))[0][0] == 1


async def test_a_code_that_another_supplier_sold_is_set_aside_and_never_sold(own):
    await own.load(codes_of(2))
    await own.customer()
    await own.customer(2)
    order = await own.buy(quantity=1)
    await settle_all(own)
    # The same code lies in the stock as if it had been sold by another supplier after it was loaded.
    sold = (await rows_of(own, select(codes.c.fingerprint)))[0][0]
    await change(
        own,
        update(own_codes).where(own_codes.c.reservation.is_not(None)).values(fingerprint=None),
    )

    copy = seal_own(own.vault, 1, 1, Card(value=codes_of(1)[0]))
    assert copy.fingerprint == sold
    await change(
        own,
        update(own_codes)
        .where(own_codes.c.position == 1)
        .values(value=copy.secrets["value"].blob, fingerprint=copy.fingerprint),
    )
    second = await own.buy(2)
    await settle_all(own)
    assert (await own.order(second.id)).state is OrderState.REFUNDED
    rows = await rows_of(
        own, select(own_codes.c.set_aside, own_codes.c.value).where(own_codes.c.position == 1)
    )
    assert [tuple(r) for r in rows] == [(SetAside.SOLD_ELSEWHERE, b"")]
    assert (await own.order(order.id)).state is OrderState.FULFILLED


async def test_a_code_that_does_not_open_is_set_aside(own):
    await own.load(codes_of(2))
    await change(
        own,
        update(own_codes)
        .where(own_codes.c.position == 0)
        .values(value=b"\x01damaged-and-long-enough"),
    )
    await own.customer()
    order = await own.buy(quantity=1)
    await settle_all(own)
    assert (await own.order(order.id)).state is OrderState.FULFILLED
    rows = await rows_of(own, select(own_codes.c.set_aside).order_by(own_codes.c.position))
    assert [r.set_aside for r in rows] == [SetAside.UNREADABLE, None]


async def test_the_database_refuses_a_code_of_two_fates(own):
    batch = await own.load(codes_of(2))
    value = (await view_batch(own.store, own.vault, batch)).value.id
    await own.own._stock.reserve("own:1:x", 1, value, 1)
    with pytest.raises(IntegrityError):
        await change(
            own,
            update(own_codes)
            .where(own_codes.c.reservation.is_not(None))
            .values(set_aside="withdrawn", set_aside_at=own.clock.now()),
        )


async def test_the_audit_notices_a_code_that_is_sold_and_free(own):
    await own.load(codes_of(2))
    await own.customer()
    await own.buy(quantity=1)
    await settle_all(own)
    await change(own, update(own_codes).values(reservation=None))
    found = await audit_books(own.store, own.clock)
    (stock,) = [one for one in found if one.check == "stock"]
    assert [d.subject.partition(":")[0] for d in stock.differences] == ["own", "1"]


async def test_the_audit_notices_an_order_that_delivered_more_than_was_reserved(own):
    await own.load(codes_of(2))
    await own.customer()
    order = await own.buy(quantity=1)
    await settle_all(own)
    await change(own, update(own_codes).values(reservation=None, fingerprint=None))
    await change(own, own_reservations.delete())
    found = await audit_books(own.store, own.clock)
    (stock,) = [one for one in found if one.check == "stock"]
    assert [d.subject for d in stock.differences] == [f"#{order.id}"]


async def test_an_order_that_ended_without_its_codes_gives_them_back(own):

    batch = await own.load(codes_of(1))
    value = (await view_batch(own.store, own.vault, batch)).value.id
    await own.customer()
    order = await own.buy(quantity=1)
    await own.own._stock.reserve(f"own:{order.id}:x", order.id, value, 1)

    async def end(tx):
        locked = await tx.lock_order(order.id)
        await end_and_refund(tx, own.shop, locked, OrderEvent.REFUSE, ReturnReason.SUPPLIER_DOWN)

    await own.store.write(end)
    await tidy(own.shop)
    assert (await rows_of(own, select(own_codes.c.reservation)))[0][0] is not None
    own.clock.pass_time(3700)
    await tidy(own.shop)
    assert [r for (r,) in await rows_of(own, select(own_codes.c.reservation))] == [None]
    assert await own.own.orders(own.clock.now() - timedelta(days=1), own.clock.now()) == ()
    request = own.own.build_request(Purchase("1", str(value), 1), order.id)
    with pytest.raises(errors.RequestRefused):
        await own.own.buy(request, yes)
    await own.send()
    await is_well(own)


async def test_a_purchase_killed_between_intent_and_reservation_heals_or_ends(own):
    await own.load(codes_of(1))
    for user_id in (1, 2):
        await own.customer(user_id)
    first, second = await own.buy(1), await own.buy(2)
    stock, real = own.own._stock, own.own._stock.reserve

    async def killed(*args):
        raise errors.CommitUnknown("lost")

    stock.reserve = killed
    await own.place()
    stock.reserve = real
    assert {(await own.order(o.id)).state for o in (first, second)} == {OrderState.UNCONFIRMED}
    await settle_all(own)
    states = sorted([(await own.order(o.id)).state for o in (first, second)])
    assert states == [OrderState.FULFILLED, OrderState.REFUNDED]
    await is_well(own)


async def test_own_stock_says_nothing_about_the_kind_of_the_keys(store):

    beside = await OwnHarness(store, both=True, kind="SANDBOX").open()
    async with store.reading() as tx:
        assert await is_sandbox(tx, beside.shop)
        assert (await tx.suppliers.account(OWN)).selling
    await beside.close()


async def test_own_stock_alone_sells_for_real(own):

    async with own.store.reading() as tx:
        assert not await is_sandbox(tx, own.shop)
        assert await balance_due(tx, own.shop, OWN) is None
    assert {s.job for s in own.sweeps if s.supplier == OWN}.isdisjoint({"balance"})


@pytest.mark.parametrize("state", ["reserved", "set aside", "gone"])
async def test_a_reservation_takes_free_codes_or_undoes_everything(own, state):
    """Also where whoever calls has not locked the value, or has read something old."""
    batch = await own.load(codes_of(2))
    value = (await view_batch(own.store, own.vault, batch)).value.id
    if state == "reserved":
        await own.own._stock.reserve("own:1:x", 1, value, 1)
    elif state == "set aside":
        place = [(batch, 0)]
        await own.store.write(
            lambda tx: tx.own_codes.set_aside(place, SetAside.WITHDRAWN, own.clock.now())
        )
    else:
        await change(own, own_codes.delete().where(own_codes.c.position == 0))
    late = Reservation("own:2:y", 2, value, 1, 2, 2 * COST, own.clock.now())

    async def reserve(tx):
        await tx.own_codes.reserve(late, [(batch, 0), (batch, 1)])

    with pytest.raises(errors.Invariant):
        await own.store.write(reserve)

    taken = await rows_of(own, select(own_codes.c.reservation).where(own_codes.c.position == 1))
    assert [row.reservation for row in taken] == [None]
    kept = await rows_of(own, select(own_reservations.c.reference))
    assert "own:2:y" not in [row.reference for row in kept]
