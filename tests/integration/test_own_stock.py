"""Selling the shop's own codes: from a loaded batch to the customer, and never twice."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from bot import errors, refusals
from bot.domain.orders import OrderEvent, OrderState, ReturnReason
from bot.domain.stock import BatchState, Reservation, SetAside
from bot.domain.stock_files import read_text
from bot.domain.supplier import OWN, Card, Purchase
from bot.services.codes.own_sealing import seal_own
from bot.services.operations.audit import audit_books, audit_supplier
from bot.services.orders.checkout import buy
from bot.services.orders.quote import make_quote
from bot.services.orders.release import end_and_refund
from bot.services.selling.access import is_sandbox
from bot.services.selling.balance import balance_due
from bot.services.stock import load
from bot.services.stock.batches import Decision, discard, put_on_sale, view_batch, withdraw
from bot.services.stock.watch import StockWatch, tidy
from storage.tables import alerts, codes, own_codes, own_reservations
from tests.harness import OPERATOR, books_agree
from tests.integration.readings import change, rows_of
from tests.own_stock import COST, OwnHarness, codes_of


@pytest.fixture
async def own(store):
    harness = OwnHarness(store)
    yield await harness.open()
    await harness.close()


async def yes():
    return True


async def settle_all(harness):
    for _ in range(6):
        await harness.round()
        harness.clock.pass_time(2)


async def is_well(harness):
    await books_agree(harness)
    found = await audit_books(harness.store, harness.clock)
    harness.clock.pass_time(1800)
    found += await audit_supplier(harness.store, harness.own, harness.clock, timedelta(days=1))
    assert [d.text for one in found for d in one.differences] == []


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
