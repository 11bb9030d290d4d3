"""Operators give an order's held money back: once, confirmed where codes may still come."""

import pytest

from bot import refusals
from bot.domain.actions import ActionKind
from bot.domain.jobs import Job
from bot.domain.orders import Attention, Order, OrderState, ReturnReason
from bot.domain.periods import Span
from bot.domain.supplier import SupplierStatus
from bot.refusals import AlreadyDecided, NotFound, NotRefundable
from bot.services.operations.reports import report_actions, report_stats
from bot.services.orders.refund import ask_refund, confirm_refund
from bot.services.orders.settle import settle_order
from storage.tables import outbox
from tests.fakes import START
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.order_steps import accepted_order, ask_order_refund, change_order, report
from tests.integration.payment_steps import PRICE
from tests.integration.readings import posting, rows

S = SupplierStatus


async def test_a_refund_is_decided_once_by_the_operator_who_asked(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.place()

    action = await ask_order_refund(harness, order, "a")
    with pytest.raises(AlreadyDecided):
        await ask_order_refund(harness, order, "a")
    with pytest.raises(NotFound):
        await confirm_refund(harness.shop, OPERATOR + 1, action)
    with pytest.raises(NotFound):
        await confirm_refund(harness.shop, OPERATOR, 1)  # the credit, not a refund
    later = await ask_order_refund(harness, order, "b")
    await confirm_refund(harness.shop, OPERATOR, action)
    with pytest.raises(AlreadyDecided):
        await confirm_refund(harness.shop, OPERATOR, action)
    with pytest.raises(NotRefundable):
        await confirm_refund(harness.shop, OPERATOR, later)

    assert await harness.balance(1) == 50_000_00
    await harness.run(30)
    assert harness.sender.codes_of(1) == []
    await books_agree(harness)


async def test_a_paid_order_is_refunded_at_once_and_one_on_its_way_is_not(harness: ShopHarness):
    await harness.customer(1)
    first, second = await harness.buy(1), await harness.buy(1)
    await change_order(harness, second.id, state=OrderState.PLACING)

    _, _, action = await ask_refund(
        harness.shop, key="a", operator_id=OPERATOR, order_id=first.id, reason="x"
    )
    assert action is None
    with pytest.raises(NotRefundable):
        await ask_refund(
            harness.shop, key="b", operator_id=OPERATOR, order_id=second.id, reason="x"
        )


async def test_an_operators_refund_is_written_with_its_reason(harness: ShopHarness, woken):
    await harness.customer(1)
    harness.book.balance *= 0
    order = await harness.buy(1)
    await harness.place()
    woken.clear()
    await ask_refund(
        harness.shop, key="k", operator_id=OPERATOR, order_id=order.id, reason="no stock"
    )

    done = await harness.order(order.id)
    assert done.return_reason is ReturnReason.OPERATOR
    assert (await posting(harness, f"return:{order.id}")).note == "no stock"
    assert Job.OUTBOX in woken
    with pytest.raises(refusals.NotRefundable) as refused:
        await ask_refund(
            harness.shop, key="k2", operator_id=OPERATOR, order_id=order.id, reason="x"
        )
    assert refused.value.order_id == order.id


async def _with_held_money(harness: ShopHarness) -> Order:
    """An order that has ended, and holds money: the supplier counts fewer codes than it sent."""
    order = await accepted_order(harness, 2)
    said = report(order, S.PARTIALLY_FILLED, "A", final=True, fulfilled_quantity=0)
    await settle_order(harness.shop, order, said)
    part = await harness.order(order.id)
    assert (part.state, part.attention) == (OrderState.PARTIAL, Attention.CONTRADICTION)
    return part


async def test_money_held_after_the_end_of_an_order_goes_back_under_its_own_key(
    harness: ShopHarness, woken
):
    order = await _with_held_money(harness)
    woken.clear()
    _, held, action = await ask_refund(
        harness.shop, key="k", operator_id=OPERATOR, order_id=order.id, reason="twice"
    )

    assert (held, action) == (PRICE, None)
    done = await harness.order(order.id)
    assert (done.returned_minor, done.return_reason, done.attention) == (PRICE, "operator", None)
    posted = await posting(harness, f"return:{order.id}:held")
    assert (posted.actor, posted.note) == ("operator", "twice")
    assert f"result:{order.id}:held" in {row.key for row in await rows(harness, outbox)}
    assert Job.OUTBOX in woken


async def test_a_refund_counts_when_it_is_given_and_not_when_its_order_ended(harness: ShopHarness):
    order = await _with_held_money(harness)
    harness.clock.pass_time(10 * 86_400)
    await ask_refund(harness.shop, key="k", operator_id=OPERATOR, order_id=order.id, reason="twice")

    found = [(await report_stats(harness.shop, span)).returned_minor for span in Span]

    assert found == [PRICE] * len(Span)


async def test_a_confirmed_refund_is_told_and_cannot_be_confirmed_again(
    harness: ShopHarness, woken
):
    await harness.customer(1)
    harness.book.handling_seconds = 100
    order = await harness.buy(1)
    await harness.place()
    action = await ask_order_refund(harness, order)
    woken.clear()
    await confirm_refund(harness.shop, OPERATOR, action)
    assert Job.OUTBOX in woken
    with pytest.raises(refusals.AlreadyDecided):
        await confirm_refund(harness.shop, OPERATOR, action)


async def test_a_refunded_order_needs_no_attention(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    await settle_order(harness.shop, order, report(order, S.FULFILLED, final=True))
    assert (await harness.order(order.id)).attention is Attention.CONTRADICTION
    await confirm_refund(harness.shop, OPERATOR, await ask_order_refund(harness, order))
    assert (await harness.order(order.id)).attention is None


async def test_large_refunds_are_confirmed_and_capped(paying_harness: ShopHarness):
    await paying_harness.customer(1)
    paying_harness.book.balance *= 0
    order = await paying_harness.buy(1)
    await paying_harness.place()
    paying_harness.set_policy(confirm_above_minor=PRICE - 1)
    _, amount, action = await ask_refund(
        paying_harness.shop, key="a", operator_id=OPERATOR, order_id=order.id, reason="r"
    )
    assert amount == PRICE
    assert action is not None
    paying_harness.clock.pass_time(3601)
    with pytest.raises(refusals.AskedTooLongAgo):
        await confirm_refund(paying_harness.shop, OPERATOR, action)
    action = await ask_order_refund(paying_harness, order, "b")
    paying_harness.set_policy(daily_cap_minor=5)
    with pytest.raises(refusals.CapReached):
        await confirm_refund(paying_harness.shop, OPERATOR, action)
    with pytest.raises(refusals.CapReached):
        await ask_order_refund(paying_harness, order, "c")
    paying_harness.set_policy(daily_cap_minor=0)
    await confirm_refund(paying_harness.shop, OPERATOR, action)
    assert await paying_harness.balance() == 5_000_000
    actions, _, _ = await report_actions(paying_harness.shop, 0)
    assert [(a.target, a.amount_minor) for a in actions][:1] == [(str(order.id), PRICE)]


async def test_what_is_listed_and_capped_is_what_moved(harness: ShopHarness):
    order = await accepted_order(harness, 2)
    action = await ask_order_refund(harness, order)
    await settle_order(harness.shop, order, report(order, S.HANDLING, ["CODE-0001-AAAA"]))

    _, moved = await confirm_refund(harness.shop, OPERATOR, action)

    assert moved == PRICE
    listed, _, _ = await report_actions(harness.shop, 0)
    assert (listed[0].kind, listed[0].amount_minor) == (ActionKind.REFUND, PRICE)
    async with harness.store.reading() as tx:
        counted = await tx.operators.moved_since(OPERATOR, [ActionKind.REFUND], START)
    assert counted == PRICE
