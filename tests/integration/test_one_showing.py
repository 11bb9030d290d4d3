"""Codes of an order are sent by one showing at a time; it counts when codes were seen, or may have been."""

import asyncio
from contextlib import suppress

import pytest

from bot.domain.records import Customer, Locale
from bot.domain.supplier import SupplierStatus
from bot.errors import (
    CommitUnknown,
    SendFailure,
    SendLater,
    StorageFailure,
    Undeliverable,
    Unreachable,
)
from bot.refusals import BeingShown, RevealsUsedUp
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.services.codes import showing
from bot.services.codes.reveal import hide_codes, show_again
from bot.services.codes.sent import record_message
from bot.services.codes.showing import LASTS, claim_delivery, end_interrupted_showings
from bot.services.orders.settle import settle_order
from tests.harness import ShopHarness, send_due_messages
from tests.integration.order_steps import accepted_order, report

LINA = Customer(1, Locale.EN)


async def _due(harness: ShopHarness):
    """An order whose codes have come, and wait in the outbox."""
    order = await accepted_order(harness, 1)
    while await send_due_messages(harness.shop):
        pass
    said = report(order, SupplierStatus.FULFILLED, ["A" * 16], final=True)
    await settle_order(harness.shop, order, said)
    return await harness.order(order.id)


async def _in_two_messages(harness: ShopHarness):
    """An order whose codes have come in two parts, and wait in the outbox."""
    order = await accepted_order(harness, 2)
    for cards in (["A" * 16], ["A" * 16, "B" * 16]):
        await settle_order(harness.shop, order, report(order, cards=cards))
    return await harness.order(order.id)


async def test_a_claim_whose_commit_was_not_answered_holds_no_codes_back(harness, monkeypatch):
    order = await _due(harness)
    write, unanswered = harness.store.write, [CommitUnknown()] * 2

    async def lose(work, *args, **kwargs):
        result = await write(work, *args, **kwargs)
        if work.__name__ in ("_claim_delivery", "_claim") and unanswered:
            raise unanswered.pop()
        return result

    monkeypatch.setattr(harness.store, "write", lose)
    with pytest.raises(CommitUnknown):
        await claim_delivery(harness.shop, order)
    with pytest.raises(CommitUnknown):
        await show_again(harness.shop, LINA, order.id)
    await harness.run(5)

    assert [sent.kind for sent in harness.sender.sent].count("codes") == 1


async def _delivered(harness: ShopHarness):
    order = await _due(harness)
    await harness.round()
    return order


async def _used(harness: ShopHarness, order) -> int:
    async with harness.store.reading() as tx:
        assert await tx.codes.showings() == []
        return await tx.codes.count_reveals(order.id)


def _held_up(harness: ShopHarness, monkeypatch) -> tuple[asyncio.Event, asyncio.Event]:
    """The next message of codes begins, and goes on when it is let."""
    begun, go_on, send = asyncio.Event(), asyncio.Event(), harness.sender.send_codes

    async def slow(*args, **kwargs):
        begun.set()
        await asyncio.wait_for(go_on.wait(), PATIENCE_SECONDS)
        return await send(*args, **kwargs)

    monkeypatch.setattr(harness.sender, "send_codes", slow)
    return begun, go_on


async def test_a_press_during_the_delivery_is_told_that_the_codes_come(harness, monkeypatch):
    order = await _due(harness)
    begun, go_on = _held_up(harness, monkeypatch)
    sending = asyncio.create_task(send_due_messages(harness.shop))
    await asyncio.wait_for(begun.wait(), PATIENCE_SECONDS)

    with pytest.raises(BeingShown):
        await show_again(harness.shop, LINA, order.id)

    go_on.set()
    await sending
    assert len(harness.sender.codes_of(1)) == 1
    assert await _used(harness, order) == 0


async def test_the_outbox_waits_for_a_press_and_sends_nothing_again(harness, monkeypatch):
    order = await _due(harness)
    begun, go_on = _held_up(harness, monkeypatch)
    pressing = asyncio.create_task(show_again(harness.shop, LINA, order.id))
    await asyncio.wait_for(begun.wait(), PATIENCE_SECONDS)

    await send_due_messages(harness.shop)

    go_on.set()
    await pressing
    await harness.run(3)
    assert len(harness.sender.codes_of(1)) == 1
    assert [s.again for s in harness.sender.sent if s.kind == "codes"] == [False]
    async with harness.store.reading() as tx:
        assert await tx.outbox.earliest_due(harness.clock.now()) is None


async def test_a_delivery_ends_after_the_showing_that_sent_it_is_recorded(harness, monkeypatch):
    """Else a crash in between would forget a message that nobody hides."""
    order = await _due(harness)
    told, go_on, write = asyncio.Event(), asyncio.Event(), harness.store.write

    async def slow_record(work, *args, **kwargs):
        if work is record_message:
            told.set()
            await asyncio.wait_for(go_on.wait(), PATIENCE_SECONDS)
        return await write(work, *args, **kwargs)

    monkeypatch.setattr(harness.store, "write", slow_record)
    pressing = asyncio.create_task(show_again(harness.shop, LINA, order.id))
    await asyncio.wait_for(told.wait(), PATIENCE_SECONDS)

    await send_due_messages(harness.shop)

    async with harness.store.reading() as tx:
        assert await tx.outbox.earliest_due(harness.clock.now()) is not None
    go_on.set()
    await pressing


async def test_what_the_customer_has_not_got_yet_is_sent_as_a_delivery(harness, monkeypatch):
    order = await accepted_order(harness, 2)
    await settle_order(harness.shop, order, report(order, cards=["A" * 16]))
    await harness.round()
    await settle_order(harness.shop, order, report(order, cards=["A" * 16, "B" * 16]))

    await show_again(harness.shop, LINA, order.id)
    await harness.run(3)

    shown = [(s.codes, s.again) for s in harness.sender.sent if s.kind == "codes"]
    a, b = ("A" * 16,), ("B" * 16,)
    assert shown == [(a, False), (a, True), (b, False)]


@pytest.mark.parametrize("refusal", [SendLater(30), Unreachable(), Undeliverable("x")])
async def test_a_showing_of_which_nothing_was_sent_is_not_counted(harness, refusal):
    harness.set_policy(reveals_per_order=1)
    order = await _delivered(harness)
    harness.sender.failures = [refusal]

    with pytest.raises(type(refusal)):
        await show_again(harness.shop, LINA, order.id)

    assert await _used(harness, order) == 0
    assert await show_again(harness.shop, LINA, order.id) == 0
    assert await _used(harness, order) == 1


async def test_a_showing_of_which_nobody_knows_counts(harness):
    order = await _delivered(harness)
    harness.sender.failures = [SendFailure("no answer")]

    with pytest.raises(SendFailure):
        await show_again(harness.shop, LINA, order.id)

    assert await _used(harness, order) == 1


async def test_a_showing_that_stops_after_its_first_message_counts(harness, monkeypatch):
    order = await _in_two_messages(harness)
    await harness.round()
    send = harness.sender.send_codes

    async def first_only(customer, order, code_message, *, again):
        if code_message.part:
            raise SendLater(60)
        return await send(customer, order, code_message, again=again)

    monkeypatch.setattr(harness.sender, "send_codes", first_only)

    with pytest.raises(SendLater):
        await show_again(harness.shop, LINA, order.id)

    assert await _used(harness, order) == 1


async def _die_within_a_showing(harness, order, monkeypatch) -> None:
    async def nobody_ends_it(shop, claimed, *, seen):
        """The process is gone."""

    with monkeypatch.context() as patched:
        patched.setattr(showing, "_try_to_end", nobody_ends_it)
        await show_again(harness.shop, LINA, order.id)


async def test_a_showing_in_which_the_process_died_ends_by_itself_and_counts(harness, monkeypatch):
    order = await _delivered(harness)
    await _die_within_a_showing(harness, order, monkeypatch)

    with pytest.raises(BeingShown):
        await show_again(harness.shop, LINA, order.id)
    harness.clock.pass_time(LASTS.total_seconds())

    assert await show_again(harness.shop, LINA, order.id) == 1
    assert await _used(harness, order) == 2


async def test_at_start_no_showing_is_under_way(harness, monkeypatch):
    harness.set_policy(reveals_per_order=1)
    order = await _delivered(harness)
    await _die_within_a_showing(harness, order, monkeypatch)

    harness.restart()
    await end_interrupted_showings(harness.shop)

    with pytest.raises(RevealsUsedUp):
        await show_again(harness.shop, LINA, order.id)
    assert await _used(harness, order) == 1


async def test_a_showing_whose_end_cannot_be_stored_is_counted_by_the_next(harness, monkeypatch):
    order = await _delivered(harness)
    write = harness.store.write

    async def fails_at_the_end(work, *args, **kwargs):
        if work is showing._end:
            raise StorageFailure("the disk is full")
        return await write(work, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(harness.store, "write", fails_at_the_end)
        assert await show_again(harness.shop, LINA, order.id) == 2

    assert await show_again(harness.shop, LINA, order.id) == 1


async def test_a_slow_showing_is_claimed_for_longer_before_its_next_message(harness, monkeypatch):
    order = await _in_two_messages(harness)
    send = harness.sender.send_codes

    async def slow(*args, **kwargs):
        harness.clock.pass_time(LASTS.total_seconds() * 0.8)
        async with harness.store.reading() as tx:
            assert await showing.is_being_shown(tx, harness.shop, order.id)
        return await send(*args, **kwargs)

    monkeypatch.setattr(harness.sender, "send_codes", slow)

    await show_again(harness.shop, LINA, order.id)

    assert len(harness.sender.codes_of(1)) == 2


async def test_a_showing_that_lasted_too_long_sends_no_more_once_another_began(
    harness, monkeypatch
):
    order = await _in_two_messages(harness)
    send = harness.sender.send_codes

    async def overtaken(*args, **kwargs):
        harness.clock.pass_time(LASTS.total_seconds())
        await claim_delivery(harness.shop, order)
        return await send(*args, **kwargs)

    monkeypatch.setattr(harness.sender, "send_codes", overtaken)

    with pytest.raises(BeingShown):
        await show_again(harness.shop, LINA, order.id)

    assert len(harness.sender.codes_of(1)) == 1
    async with harness.store.reading() as tx:
        assert await showing.is_being_shown(tx, harness.shop, order.id)  # the other one's


async def test_hiding_waits_for_a_showing_that_is_under_way(harness, monkeypatch):
    order = await _delivered(harness)
    begun, go_on = _held_up(harness, monkeypatch)
    pressing = asyncio.create_task(show_again(harness.shop, LINA, order.id))
    await asyncio.wait_for(begun.wait(), PATIENCE_SECONDS)
    sleep = harness.shop.clock.sleep

    async def shown_meanwhile(seconds):
        await sleep(seconds)
        if seconds:
            go_on.set()
            with suppress(SendFailure):
                await pressing

    monkeypatch.setattr(harness.shop.clock, "sleep", shown_meanwhile)

    assert await hide_codes(harness.shop, LINA, order.id, None) == 2
    assert len(harness.sender.masked) == 2
