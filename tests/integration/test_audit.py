"""The audit agrees with a shop that is right, and names each thing that is not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, text, update

from bot.domain.audit import Check
from bot.domain.ledger import Entry, Posting, PostingKind, escrow, wallet
from bot.domain.orders import OrderState
from bot.domain.outbox import OutboxKind
from bot.domain.records import InboxRow
from bot.services.codes.custody import update_associated_data
from bot.services.operations.audit import audit_books, audit_supplier
from storage.tables import accounts, code_messages, codes, orders, outbox, postings
from tests.database import overwrite
from tests.harness import ShopHarness
from tests.integration.payment_steps import PRICE

DAY = timedelta(days=1)
SPAN = timedelta(days=2)


@pytest.fixture
async def busy(harness: ShopHarness) -> ShopHarness:
    """One order of each kind: delivered, part delivered, returned, at the supplier."""
    await harness.customer(1)
    harness.book.next_outcomes += [2, 1, 0]
    for _ in range(3):
        await harness.buy(1, 2)
        await harness.run(10)
    harness.book.handling_seconds = 100_000
    await harness.buy(1)
    await harness.run(10)
    return harness


async def differences(harness: ShopHarness) -> dict[Check, tuple[str, ...]]:
    found = await audit_books(harness.store, harness.clock)
    return {
        audited.check: tuple(map(str, audited.differences))
        for audited in found
        if not audited.is_well
    }


async def supplier_differences(harness: ShopHarness) -> tuple[str, ...]:
    found = await audit_supplier(harness.store, harness.supplier, harness.clock, SPAN)
    return tuple(str(difference) for audited in found for difference in audited.differences)


async def change(harness: ShopHarness, statement) -> None:
    async with harness.store._writer.begin() as db:
        await db.execute(statement)


async def test_a_shop_that_is_right_agrees_with_itself_and_with_its_supplier(busy: ShopHarness):
    busy.clock.pass_time(3600)

    found = await audit_books(busy.store, busy.clock)

    assert [audited.check for audited in found if not audited.is_well] == []
    assert {audited.check: audited.looked_at for audited in found} == {
        Check.POSTINGS: 9,
        Check.BALANCES: 7,
        Check.ORDERS: 4,
        Check.HOLDS: 3,
        Check.CODES: 3,
        Check.DELIVERIES: 2,
        Check.PAYMENTS: 0,
        Check.STOCK: 0,
        Check.WAITING: 3,
    }
    assert await supplier_differences(busy) == ()


async def test_money_that_moved_outside_the_ledger_is_seen(busy: ShopHarness):
    await change(busy, update(accounts).where(accounts.c.name == wallet(1)).values(balance_minor=1))
    await change(
        busy,
        update(accounts)
        .where(accounts.c.name == escrow(1))
        .values(balance_minor=-5, may_be_negative=True),
    )
    await change(
        busy,
        insert(postings).values(key="half", kind="credit", actor="x", note="", at=busy.clock.now()),
    )

    found = await differences(busy)

    assert found[Check.POSTINGS] == ("posting half sums to 0",)
    assert any("wallet:1 says 1," in line for line in found[Check.BALANCES])
    assert "escrow:1 is negative: -5" in found[Check.BALANCES]
    assert len(found[Check.ORDERS]) == 1


async def test_an_order_whose_figures_do_not_add_up_is_seen(busy: ShopHarness):
    await change(busy, update(orders).where(orders.c.id == 2).values(returned_minor=0))

    assert [line.split(":")[0] for line in (await differences(busy))[Check.ORDERS]] == [
        "order 2 (partial)"
    ]


async def test_money_left_in_the_hold_of_an_ended_order_is_seen(busy: ShopHarness):
    entries = (Entry(wallet(1), -700), Entry(escrow(1), 700))
    posting = Posting("left", PostingKind.HOLD, entries, order_id=1)
    await busy.store.write(_post, busy, posting)

    found = await differences(busy)

    assert found[Check.HOLDS] == ("order 1 (fulfilled) still holds 700",)
    await change(busy, update(orders).where(orders.c.id == 1).values(attention="contradiction"))
    assert Check.HOLDS not in await differences(busy)


async def _post(tx, harness, posting):
    await tx.ledger.post(posting, harness.clock.now(), "test")


async def test_a_code_that_is_missing_or_was_never_sent_is_seen(busy: ShopHarness):
    await change(busy, update(codes).where(codes.c.order_id == 2).values(deliver=False))
    await change(busy, delete(code_messages).where(code_messages.c.order_id == 1))
    assert Check.DELIVERIES not in await differences(busy)  # it may still be on its way
    busy.clock.pass_time(3600)

    found = await differences(busy)

    assert found[Check.CODES] == ("order 2 (partial): 1 delivered, 0 codes",)
    assert found[Check.DELIVERIES] == ("order 1: its codes were never sent",)
    waits = update(outbox).where(outbox.c.order_id == 1, outbox.c.kind == OutboxKind.ORDER_RESULT)
    await change(busy, waits.values(state="unreachable"))
    assert Check.DELIVERIES not in await differences(busy)


async def test_updates_and_messages_that_wait_too_long_are_seen(busy: ShopHarness):
    row = InboxRow(0, 1, 1, busy.vault.seal("{}", "x"))
    await busy.store.write(_wait, busy, row)
    assert Check.WAITING not in await differences(busy)
    busy.clock.pass_time(3600)

    lines = (await differences(busy))[Check.WAITING]

    assert [line.split(",")[0] for line in lines] == ["updates: 1 wait", "messages: 1 wait"]


async def _wait(tx, harness, row):
    await tx.inbox.add([row], harness.clock.now())
    await tx.outbox.add("late", 1, OutboxKind.CREDITED, harness.clock.now())


async def test_differences_with_the_suppliers_list_are_seen(busy: ShopHarness):
    busy.clock.pass_time(3600)
    mine = list(busy.book.orders.values())
    elsewhere = busy.book.place(
        next(iter(busy.book.keys.values())), mine[0].product, mine[0].type, 1
    )
    assert await supplier_differences(busy) == ()  # it may be on its way here
    busy.clock.pass_time(3600)
    del busy.book.orders[mine[3].id]
    mine[1].cards.append({"value": "ONE-MORE", "serial": "1"})

    found = await supplier_differences(busy)

    assert f"the supplier has {elsewhere.id}, of which no order here knows" in found
    assert f"order 4: {mine[3].id} is not in the supplier's list" in found
    assert "order 2: the supplier handed out 2 codes, 1 lie here" in found
    assert len(found) == 3
    assert (await busy.order(4)).state is OrderState.HANDLING


async def test_the_audit_sees_a_payment_whose_postings_are_not_there(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin()
    async with paying_harness.store._writer.begin() as db:
        await db.execute(text("UPDATE payments SET state = 'credited'"))
    found = await audit_books(paying_harness.store, paying_harness.clock)
    (check,) = [audited for audited in found if audited.check is Check.PAYMENTS]

    assert [d.subject for d in check.differences] == [payment.reference]
    assert "credited" in str(check.differences[0])


async def test_the_audit_names_what_it_finds_and_by_how_much(harness: ShopHarness):
    await harness.customer(1)
    await harness.customer(2, dinars=0)
    order = await harness.buy(1, quantity=2)
    harness.book.next_outcomes = [1]
    await harness.run(12)
    harness.clock.pass_time(3600)
    await harness.store.write(lambda t: overwrite(t, orders, order.id, returned_minor=PRICE - 7))
    found = {audited.check: audited for audited in await audit_books(harness.store, harness.clock)}
    (off,) = found[Check.ORDERS].differences
    assert off.subject == f"#{order.id}"
    assert f"paid {2 * PRICE}, accounted for {2 * PRICE - 7}" in str(off)
    await harness.store.write(lambda t: overwrite(t, orders, order.id, returned_minor=PRICE))
    async with harness.store._writer.begin() as db:
        await db.execute(text("UPDATE accounts SET balance_minor = 5 WHERE name = 'wallet:1'"))
    (off,) = {
        audited.check: audited for audited in await audit_books(harness.store, harness.clock)
    }[Check.BALANCES].differences
    assert off.subject == "wallet:1"
    assert "says 5, its entries" in str(off)


async def test_the_audit_says_what_the_supplier_took_and_what_is_booked(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(12)
    harness.clock.pass_time(3600)
    done = await harness.order(order.id)
    await harness.store.write(
        lambda t: overwrite(t, orders, order.id, cost_minor=done.cost_minor + 1)
    )
    span = timedelta(days=2)
    listed, moved = await audit_supplier(harness.store, harness.supplier, harness.clock, span)
    assert (listed.looked_at, listed.is_well) == (1, True)
    (off,) = moved.differences
    assert f"the supplier took {done.cost_minor}, its books here say {done.cost_minor + 1}" in str(
        off
    )
    (there,) = harness.book.orders.values()
    harness.book.orders = {"other": replace(there, id="other")}
    listed, _ = await audit_supplier(harness.store, harness.supplier, harness.clock, span)
    assert {d.subject for d in listed.differences} == {"other", f"#{order.id}"}


async def _keep_update(tx, shop, number):
    sealed = shop.vault.seal("{}", update_associated_data(number))
    await tx.inbox.add([InboxRow(0, number, 1, sealed)], shop.clock.now())


async def test_queues_that_wait_are_named_with_how_many(harness: ShopHarness):
    for number in (1, 2, 3):
        await harness.store.write(_keep_update, harness.shop, number)
    harness.clock.pass_time(3600)
    (waiting,) = [
        i for i in await audit_books(harness.store, harness.clock) if i.check == "waiting"
    ]
    assert [d.subject for d in waiting.differences] == ["updates: 3"]


async def test_the_suppliers_books_are_compared_over_their_whole_span(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(10)
    asked = []
    real = harness.supplier.movements

    async def movements(since, until):
        asked.append((since, until))
        return await real(since, until)

    harness.supplier.movements = movements
    harness.clock.pass_time(3600)
    found = await audit_supplier(harness.store, harness.supplier, harness.clock, 2 * DAY)

    now = harness.clock.now()
    assert asked == [(now - 2 * DAY - timedelta(minutes=20), now)]
    assert [(audited.check, audited.looked_at, audited.supplier) for audited in found] == [
        (Check.SUPPLIER, 1, "oneclickdz"),
        (Check.MOVEMENTS, 1, "oneclickdz"),
    ]
    # What was accepted at the edge of the span may have been listed before it.
    harness.book.orders.clear()
    harness.clock.moment = order.created_at + 2 * DAY - timedelta(minutes=1)
    found = await audit_supplier(harness.store, harness.supplier, harness.clock, 2 * DAY)
    assert found[0].differences == ()


@pytest.mark.parametrize("off", [-5 * DAY, 5 * DAY])
async def test_a_process_that_has_heard_nothing_of_the_suppliers_clock_asks_for_it(
    harness: ShopHarness, off: timedelta
):
    """Else it would compare other days of the supplier's list, and find all orders missing."""
    harness.book.now = lambda: harness.clock.true() + off
    await harness.customer(1)
    await harness.buy(1)
    await harness.run(20)
    harness.clock.pass_time(3600)
    harness.supplier._client.server_time = None

    listed, _ = await audit_supplier(harness.store, harness.supplier, harness.clock, SPAN)

    assert (listed.looked_at, listed.differences) == (1, ())
