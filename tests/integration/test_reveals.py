"""Codes are shown to their owner, hidden when their time is over, and shown again a few times."""

import asyncio
from datetime import timedelta

import pytest

from bot import errors, refusals
from bot.domain.records import CodeMessageKind, Customer, Locale, SentCodeMessage
from bot.domain.supplier import SupplierStatus
from bot.errors import SendFailure, Unreachable
from bot.refusals import NotFound, NothingToShow, RevealsUsedUp, TooManyReveals
from bot.services.codes import reveal
from bot.services.codes.reveal import (
    hide_codes,
    hide_due_messages,
    hide_for_good,
    mask,
    open_code_messages,
    show_again,
)
from bot.services.operations.customer_reports import my_order
from bot.services.orders.poll import poll_due_orders
from bot.services.orders.settle import settle_order
from tests.harness import ShopHarness, send_due_messages
from tests.integration.order_steps import accepted_order, report
from tests.vouchers import VoucherHarness

S = SupplierStatus
LINA = Customer(1, Locale.EN)


async def _bought(harness: ShopHarness, quantity: int = 2):
    await harness.customer(1)
    order = await harness.buy(1, quantity)
    await harness.run(20)
    return await harness.order(order.id)


async def test_codes_are_hidden_when_their_time_is_over(harness: ShopHarness):
    await _bought(harness)
    await harness.run(3600)
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


async def test_nothing_is_shown_of_an_order_without_codes(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)

    with pytest.raises(NothingToShow):
        await show_again(harness.shop, LINA, order.id)


def test_a_mask_keeps_most_of_a_code_secret():
    assert mask("ABCD-EFGH-IJKL") == "••••IJKL"
    assert mask("ABCDEFGHIJKL") == "••••IJKL"
    assert mask("ABCDEFGHIJK") == "••••"


async def test_a_delivery_can_be_hidden_before_it_is_recorded(harness: ShopHarness):
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


async def opened(shop, order):
    return [
        card
        for code_message in await open_code_messages(shop, order)
        for card in code_message.cards
    ]


async def test_codes_are_opened_whole_and_masked_by_their_last_characters(harness: ShopHarness):
    lina = await harness.customer(1)
    order = await harness.buy(1, quantity=2)
    await harness.run(12)
    order = await harness.order(order.id)
    (there,) = harness.book.orders.values()
    cards = await opened(harness.shop, order)
    assert [(c.value, c.serial) for c in cards] == [
        (card["value"], card["serial"]) for card in there.cards
    ]
    seen = []

    async def remember(customer, of, message, masks, first, *, for_good=False):
        seen.append((customer, of.id, message.message_id, list(masks)))

    harness.sender.mask_codes = remember
    await hide_codes(harness.shop, lina, order.id, 1001)
    await hide_codes(harness.shop, lina, order.id, 4242)  # pressed before its record was written

    masked = [mask(card["value"]) for card in there.cards]
    assert seen == [(lina, order.id, 1001, masked), (lina, order.id, 4242, [])]
    sent = []

    async def show(customer, of, code_message, *, again):
        sent.append((customer.id, of.id, again))
        return 2000

    harness.sender.send_codes = show
    await show_again(harness.shop, lina, order.id)
    assert sent == [(1, order.id, True)]
    harness.set_policy(reveals_per_order=1)
    with pytest.raises(refusals.RevealsUsedUp) as refused:
        await show_again(harness.shop, lina, order.id)
    assert refused.value.limit == 1


async def test_a_message_that_cannot_be_hidden_now_is_hidden_later(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(12)
    harness.clock.pass_time(86_400)
    for failure, wait in ((errors.SendFailure(), 1), (errors.Unreachable(), 86_400)):
        harness.sender.failures.append(failure)
        await hide_due_messages(harness.shop)
        async with harness.store.reading() as tx:
            (message,) = await tx.codes.visible_messages(order.id, 1)
            early = harness.clock.now() + timedelta(seconds=wait - 0.5)
            assert await tx.codes.messages_to_hide(early, 9) == []
            late = harness.clock.now() + timedelta(seconds=wait + 0.5)
            assert [m.id for m in await tx.codes.messages_to_hide(late, 9)] == [message.id]
        harness.clock.pass_time(wait + 1)
    async with harness.store.reading() as tx:
        assert not refusals.required(await tx.customers.get(1)).reachable


async def test_a_part_that_is_hidden_names_its_own_codes(harness: ShopHarness, monkeypatch):
    await harness.customer(1, dinars=900_000)
    order = await accepted_order(harness, 10)
    await settle_order(harness.shop, order, report(order, cards=["A" * 16, "B" * 16]))
    await settle_order(harness.shop, order, report(order, cards=["A" * 16, "B" * 16, "C" * 16]))
    await harness.round()
    hidden = []

    async def mask_codes(customer, order, message, masks, first):
        hidden.append((message.part, list(masks), first))

    monkeypatch.setattr(harness.sender, "mask_codes", mask_codes)
    assert await hide_codes(harness.shop, LINA, order.id, harness.sender._ids) == 2

    assert sorted(hidden) == [(0, ["••••AAAA", "••••BBBB"], 0), (1, ["••••CCCC"], 2)]


async def test_a_message_without_a_record_is_hidden_without_masks(harness, monkeypatch):
    order = await accepted_order(harness, 1)
    await settle_order(harness.shop, order, report(order, S.FULFILLED, ["A" * 16], final=True))
    await harness.round()
    hidden = []

    async def mask_codes(customer, order, message, masks, first):
        hidden.append((message, list(masks), first))

    async def nothing(_shop, _order):
        return ()

    monkeypatch.setattr(harness.sender, "mask_codes", mask_codes)
    monkeypatch.setattr(reveal, "open_code_messages", nothing)
    await hide_codes(harness.shop, LINA, order.id, harness.sender._ids)
    await hide_codes(harness.shop, LINA, order.id, 4242)

    assert [row[1:] for row in hidden] == [([], 0)] * 2
    orphan = SentCodeMessage(0, order.id, 1, 4242, 0, 1, CodeMessageKind.TEXT, 0)
    assert hidden[1][0] == orphan


async def test_hiding_waits_only_for_a_message_that_has_no_record_yet(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    await settle_order(harness.shop, order, report(order, S.FULFILLED, ["A" * 16], final=True))
    await harness.round()
    before = harness.clock.now()
    await hide_codes(harness.shop, LINA, order.id, harness.sender._ids)
    assert harness.clock.now() == before
    await hide_codes(harness.shop, LINA, order.id, 4242)  # no record of it is ever written
    assert harness.clock.now() == before + timedelta(seconds=1.7)


async def test_twenty_messages_are_hidden_in_one_sweep(harness: ShopHarness):
    await harness.customer(1, dinars=900_000)
    for number in range(21):
        order = await accepted_order(harness, 1)
        said = report(order, S.FULFILLED, [f"{number:016}"], final=True)
        await settle_order(harness.shop, order, said)
    await harness.run(5)
    harness.clock.moment += harness.shop.policy.codes_visible_for
    assert [await hide_due_messages(harness.shop) for _ in range(3)] == [20, 1, 0]


async def test_codes_are_opened_with_their_expiry_date(voucher_harness: VoucherHarness):
    await voucher_harness.customer(1, dinars=400_000)
    order = await voucher_harness.buy(1)
    await voucher_harness.run(10)
    (code_message,) = await open_code_messages(
        voucher_harness.shop, await voucher_harness.order(order.id)
    )

    assert [card.expires_at is not None for card in code_message.cards] == [True]


async def test_a_message_that_is_hidden_by_now_is_not_hidden_again(harness: ShopHarness):
    await harness.customer(1)
    await harness.buy(1)
    await harness.run(10)
    async with harness.store.reading() as tx:
        (shown,) = await tx.codes.visible_to(1, 0, 10)

    await hide_for_good(harness.shop, shown.id)
    await hide_for_good(harness.shop, shown.id)

    assert harness.sender.masked == [shown.message_id]
