"""Faults that were mended, put back one by one: the explorer finds each, and soon."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from bot.domain.jobs import Wakes
from bot.services import timeline
from bot.services.codes.sent import sent_parts
from bot.services.operations import clock, order_messages, outbox
from bot.services.orders import place, reconcile, refunded, settle
from storage.repositories.codes import CodeRepository
from storage.repositories.orders import OrderRepository
from storage.tables import showings
from storage.transaction import Transaction
from tests.explore.search import first_problems
from tests.world.store import MemoryStore


async def _tell_nobody(tx, shop, order, supplier_order_id):
    """As it was before operators were told of orders that belong to nobody."""


def test_it_finds_an_order_that_is_bought_after_its_refund(monkeypatch):
    """The refund comes between loading lost orders and repeating the request of the second one."""

    async def without_looking(tx, shop, order_id):
        return True

    monkeypatch.setattr(reconcile, "_commit_repetition", without_looking)
    for module in (place, refunded):
        monkeypatch.setattr(module, "tell_orphan", _tell_nobody)

    problems = first_problems("two lost vouchers", ("reconcile starship", "refund"), 1, most=40)

    assert "an order at a supplier belongs to nobody, and no operator is told" in problems


def test_it_finds_a_lost_order_that_adopts_what_another_is_buying(monkeypatch):
    """What is on its way is not looked at when a lost order adopts one of the supplier's list."""

    async def nothing_on_its_way(repository, order_id):
        return await repository.locked(order_id), []

    monkeypatch.setattr(OrderRepository, "locked_with_equals_on_their_way", nothing_on_its_way)

    problems = first_problems("lost and equal", ("reconcile oneclickdz", "place"), 2, most=60)

    assert [p for p in problems if p.startswith("order 2 ") and "is not delivered" in p]


def test_it_finds_an_answer_that_comes_after_the_refund(monkeypatch):
    """The id of what was bought is dropped, since the order has ended."""
    for module in (place, refunded):
        monkeypatch.setattr(module, "tell_orphan", _tell_nobody)

    problems = first_problems("paid", ("stand still", "place", "refund"), 1, most=40)

    assert "an order at a supplier belongs to nobody, and no operator is told" in problems


def test_it_finds_codes_that_are_shown_twice(monkeypatch):
    """Nobody looks whether the codes are being sent already."""

    async def no_showing(repository, order_id):
        await repository._db.execute(delete(showings))

    monkeypatch.setattr(CodeRepository, "showing", no_showing)

    problems = first_problems("due, once", ("send", "show"), 1, most=20)

    assert "codes that are shown once were shown twice" in problems


def test_it_finds_a_delivery_that_is_closed_while_a_press_has_not_recorded_it(monkeypatch):
    """The outbox looks before it claims the showing, and closes without the records: a crash forgets the message."""
    send_codes, close = order_messages.send_codes, outbox._close

    async def look_first(shop, customer, order, money=None):
        if await sent_parts(shop, order.id):
            return
        await send_codes(shop, customer, order, money)

    async def close_alone(tx, shop, row, sent, codes):
        await close(tx, shop, row, sent, [])

    monkeypatch.setattr(order_messages, "send_codes", look_first)
    monkeypatch.setattr(outbox, "_close", close_alone)

    problems = first_problems("due", ("send", "show", "crash"), 1, most=40)

    assert "audit: order 1: its codes were never sent" in problems


def test_it_finds_a_wake_up_before_the_commit(monkeypatch):
    """A sweep that is woken inside the transaction reads the rows as they were, and sleeps on."""
    transaction = MemoryStore._transaction

    async def rings_inside(store, work, *args, **kwargs):
        wakes = await _wakes_of(store, work, args, kwargs)
        store._ring(wakes)
        await store._scheduler.point(f"commit {work.__name__}")
        heard, store._listeners = store._listeners, []
        try:
            return await transaction(store, work, *args, **kwargs)
        finally:
            store._listeners = heard

    monkeypatch.setattr(MemoryStore, "_transaction", rings_inside)

    problems = first_problems("paid", ("buy", "sweeps"), 1, most=40)

    assert "order 2 (paid) never ends" in problems


async def _leave_as_it_is(tx, shop):
    pass


def test_it_finds_work_that_waits_for_the_hour_that_the_clock_was_set_back(monkeypatch):
    monkeypatch.setattr(clock, "_make_work_due", _leave_as_it_is)

    problems = first_problems("paid", ("place", "clock set back"), 1, most=20)

    assert "order 1 (handling) never ends" in problems


def test_it_finds_codes_that_were_shown_once_and_thrown_away(monkeypatch):
    """The supplier shows the codes of a part, and none any more once the rest was cancelled."""
    settle_report = settle._settle

    async def only_final_reports(tx, shop, order_id, report):
        if report.final:
            return await settle_report(tx, shop, order_id, report)
        later = shop.clock.now() + timedelta(seconds=30)
        await tx.orders.update(await tx.orders.locked(order_id), due_at=later)
        return False, False

    monkeypatch.setattr(settle, "_settle", only_final_reports)

    problems = first_problems(
        "handling vouchers, cancelled in parts", ("poll starship", "poll starship'"), 1, most=10
    )

    assert "order 1 was refunded, and the supplier gave codes for it" in problems


@pytest.mark.parametrize("situation", ["paid", "awaiting"])
def test_it_finds_an_order_that_ends_early_after_a_restart_with_a_clock_ahead(
    monkeypatch, situation
):
    """What the clock had skipped before the restart is forgotten by it."""
    monkeypatch.setattr(timeline, "_rebuilt", lambda noted, stopped_at: [])

    problems = first_problems(situation, ("restart a day ahead",), 0, most=1)

    assert [p for p in problems if "and its time is" in p]


@pytest.mark.parametrize("situation", ["paid", "awaiting"])
def test_a_restart_with_a_clock_ahead_ends_no_order_early(situation):
    assert first_problems(situation, ("restart a day ahead",), 0, most=1) == []


async def _wakes_of(store, work, args, kwargs) -> Wakes:
    """What a transaction will wake: it is played, and taken back."""

    class TakenBack(Exception):
        pass

    wakes = Wakes()
    try:
        async with store._writer.begin() as connection:
            tx = Transaction(connection)
            await work(tx, *args, **kwargs)
            wakes = tx.wakes
            raise TakenBack
    except TakenBack:
        return wakes
