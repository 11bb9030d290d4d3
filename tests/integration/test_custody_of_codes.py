"""Codes: sealed before anyone is told, shown to their owner, hidden again, never in clear on disk."""

import asyncio

import pytest
from sqlalchemy import select, update

from bot.domain.orders import OrderState
from bot.domain.records import Customer, Locale
from bot.errors import (
    NotFound,
    NothingToShow,
    RevealsUsedUp,
    SendFailure,
    SendLater,
    TooManyReveals,
    Undeliverable,
    Unreachable,
    VaultFailure,
)
from bot.services.codes.custody import check_keys
from bot.services.codes.reveal import hide_codes, hide_due_messages, mask, show_again
from bot.services.messaging.customers import choose_language, welcome
from bot.services.operations.outbox import send_due_messages
from bot.services.operations.reports import my_order
from bot.services.orders.poll import poll_due_orders
from bot.vault import AesVault, new_key, parse_keys
from storage.tables import codes
from tests.harness import ShopHarness

LINA = Customer(1, Locale.EN)


async def _bought(harness: ShopHarness, quantity: int = 2):
    await harness.customer(1)
    order = await harness.buy(1, quantity)
    await harness.run(20)
    return await harness.order(order.id)


async def test_codes_lie_encrypted_and_only_in_their_own_row(harness: ShopHarness):
    order = await _bought(harness)
    clear = harness.book.codes()

    async with harness.store._writer.begin() as db:
        rows = (await db.execute(select(codes).order_by(codes.c.position))).all()
        stored = b"".join(r.value + (r.serial or b"") + r.fingerprint for r in rows)
        assert clear
        assert not [code for code in clear if code.encode() in stored]
        for row, other in ((0, 1), (1, 0)):
            await db.execute(
                update(codes).where(codes.c.position == row).values(value=rows[other].value)
            )

    with pytest.raises(VaultFailure):
        await show_again(harness.shop, LINA, order.id)


async def test_codes_are_hidden_when_their_time_is_over(harness: ShopHarness):
    await _bought(harness)
    await harness.run(3600, step=600)
    assert harness.sender.masked == []

    harness.clock.pass_time(24 * 3600)
    await hide_due_messages(harness.shop)
    await hide_due_messages(harness.shop)

    assert len(harness.sender.masked) == 1


async def test_the_owner_hides_and_sees_again_three_times_and_no_more(harness: ShopHarness):
    order = await _bought(harness)

    assert await hide_codes(harness.shop, LINA, order.id, None) == 1
    for left in (2, 1, 0):
        assert await show_again(harness.shop, LINA, order.id) == left
        assert (await my_order(harness.shop, 1, order.id)).shows_left == left
    with pytest.raises(RevealsUsedUp):
        await show_again(harness.shop, LINA, order.id)

    harness.clock.pass_time(11 * 60)
    await hide_due_messages(harness.shop)
    assert len(harness.sender.masked) == 4
    async with harness.store.reading() as tx:
        assert await tx.codes.count_reveals(order.id) == 3


async def test_codes_of_somebody_else_do_not_exist(harness: ShopHarness):
    order = await _bought(harness)
    await harness.customer(2)
    stranger = Customer(2, Locale.EN)

    with pytest.raises(NotFound):
        await show_again(harness.shop, stranger, order.id)
    with pytest.raises(NotFound):
        await hide_codes(harness.shop, stranger, order.id, 1001)

    assert harness.sender.codes_of(2) == []


async def test_looking_at_many_codes_is_limited_by_the_hour(harness: ShopHarness):
    harness.set_policy(reveals_per_order=99, reveals_per_hour=2)
    order = await _bought(harness)
    for _ in range(2):
        await show_again(harness.shop, LINA, order.id)

    with pytest.raises(TooManyReveals):
        await show_again(harness.shop, LINA, order.id)


async def test_strictly_one_time_delivery_still_delivers_what_never_arrived(harness: ShopHarness):
    harness.set_policy(reveals_per_order=0)
    harness.sender.failures = [Unreachable()]
    await harness.customer(1, dinars=0)
    await harness.credit(1, 50_000)
    harness.sender.failures = []
    order = await harness.buy(1)
    harness.sender.failures = [Unreachable()]
    await harness.run(20)
    assert harness.sender.codes_of(1) == []

    await show_again(harness.shop, LINA, order.id)
    assert len(harness.sender.codes_of(1)) == 1
    with pytest.raises(RevealsUsedUp):
        await show_again(harness.shop, LINA, order.id)


async def test_who_comes_back_after_blocking_gets_the_codes(harness: ShopHarness):
    await harness.customer(1)
    await harness.run(1)
    order = await harness.buy(1)
    harness.sender.failures = [Unreachable()]
    await harness.run(20)
    assert harness.sender.codes_of(1) == []
    await harness.run(60)
    assert harness.sender.codes_of(1) == []

    await welcome(harness.shop, 1, "en")
    await harness.run(1)

    assert len(harness.sender.codes_of(1)) == order.quantity


async def test_a_message_is_sent_again_after_a_time_out_and_after_a_flood_wait(
    harness: ShopHarness,
):
    await harness.customer(1)
    await harness.run(1)
    await harness.buy(1)
    harness.sender.failures = [SendFailure(), SendLater(7), SendFailure()]

    await harness.run(40)

    assert len(harness.sender.codes_of(1)) == 1


async def test_a_message_that_telegram_will_not_take_is_set_aside_and_told(harness: ShopHarness):
    await harness.customer(1)
    await harness.run(1)
    order = await harness.buy(1)
    harness.sender.failures = [Undeliverable("bad")]

    await harness.run(20)

    assert [a["order"] for a in harness.sender.alerts("message_dead")] == [str(order.id)]
    assert (await harness.order(order.id)).state is OrderState.FULFILLED


async def test_hiding_is_tried_again_when_it_fails(harness: ShopHarness):
    await _bought(harness)
    harness.clock.pass_time(24 * 3600)
    harness.sender.failures = [SendFailure(), Unreachable()]

    await hide_due_messages(harness.shop)
    harness.clock.pass_time(10)
    await hide_due_messages(harness.shop)
    assert harness.sender.masked == []
    harness.clock.pass_time(24 * 3600 + 1)
    await hide_due_messages(harness.shop)

    assert len(harness.sender.masked) == 1


async def test_forty_five_codes_come_as_one_document_and_thirty_in_two_messages(
    harness: ShopHarness,
):
    harness.set_policy(max_quantity=60)
    harness.kind().quantity = 200
    await harness.customer(1, dinars=500_000)

    for quantity, messages in ((45, 1), (30, 2)):
        before = len(harness.sender.sent)
        await harness.buy(1, quantity)
        await harness.run(20)
        sent = [s for s in harness.sender.sent[before:] if s.kind == "codes"]
        assert len(sent) == messages
        assert sum(len(s.codes) for s in sent) == quantity


async def test_nothing_is_shown_of_an_order_without_codes(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)

    with pytest.raises(NothingToShow):
        await show_again(harness.shop, LINA, order.id)


async def test_a_wrong_or_missing_key_is_noticed_before_anything_starts(harness: ShopHarness):
    await check_keys(harness.store, harness.vault)
    await check_keys(harness.store, harness.vault)
    await _bought(harness)

    with pytest.raises(VaultFailure):
        await check_keys(harness.store, AesVault(parse_keys(new_key("k1"))))
    with pytest.raises(VaultFailure):
        await check_keys(harness.store, AesVault(parse_keys(new_key("k2"))))


async def test_codes_without_a_check_of_their_key_do_not_start(harness: ShopHarness):
    await _bought(harness)

    with pytest.raises(VaultFailure, match="left no check"):
        await check_keys(harness.store, harness.vault)


async def test_the_language_is_remembered(harness: ShopHarness):
    assert (await welcome(harness.shop, 5, "ar-DZ")).locale is Locale.AR
    await choose_language(harness.shop, 5, Locale.FR)
    harness.restart()

    assert (await welcome(harness.shop, 5, "ar")).locale is Locale.FR


def test_a_mask_keeps_most_of_a_code_secret():
    assert mask("ABCD-EFGH-IJKL") == "••••IJKL"
    assert mask("ABCDEFGHIJKL") == "••••IJKL"
    assert mask("ABCDEFGHIJK") == "••••"


async def test_a_quick_hand_hides_a_delivery_that_is_not_recorded_yet(harness: ShopHarness):
    await harness.customer(1)
    await harness.round()
    order = await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(5)
    await poll_due_orders(harness.shop, "oneclickdz")
    gate, send = asyncio.Event(), harness.sender.send_codes

    async def slow_to_return(*args, **kwargs):
        sent = await send(*args, **kwargs)
        await gate.wait()
        return sent

    harness.sender.send_codes = slow_to_return
    sending = asyncio.create_task(send_due_messages(harness.shop))
    while not harness.sender.codes_of(1):
        await asyncio.sleep(0.01)
    hiding = asyncio.create_task(hide_codes(harness.shop, LINA, order.id, harness.sender._ids))
    gate.set()
    await asyncio.gather(sending, hiding)

    assert harness.sender.masked == [harness.sender._ids]


async def test_a_delivery_that_no_record_knows_is_hidden_by_its_own_button(harness: ShopHarness):
    order = await _bought(harness)

    assert await hide_codes(harness.shop, LINA, order.id, 4242) == 1

    assert 4242 in harness.sender.masked
