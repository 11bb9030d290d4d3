"""Codes under a status that has none, or is not known: stored, withheld, and told."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.orders import Attention, OrderState
from bot.domain.supplier import SupplierStatus
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.supplier.vouchers import Outcome
from bot.services.codes.custody import open_card
from bot.services.orders.refund import confirm_refund
from bot.services.orders.refunded import look_for_refunded
from bot.services.orders.settle import settle_order
from tests.fakes import START
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.order_steps import accepted_order, ask_order_refund, report
from tests.sweeps import AT_INTERVALS
from tests.vouchers import VoucherHarness

S = OrderState


def set_status(harness: ShopHarness, status: str, **more: Any) -> None:
    """From now on, OneClickDz names this status for every order, and these fields."""

    def edit(sent: Any) -> Any:
        data = sent["data"]
        for row in data.get("items", [data]):
            row.update(status=status, **more)
        return sent

    for path in ("checkOrder", "gift-cards/list"):
        harness.book.script(Fault(FaultKind.EDITED, path, times=10**6, edit=edit))


def told(harness: ShopHarness) -> list[tuple[str, str, str]]:
    alerts = harness.sender.alerts(AlertKind.BOUGHT_FOR_NOBODY)
    return [(alert["order"], alert["id"], alert["codes"]) for alert in alerts]


async def stored(harness: ShopHarness, order) -> list[tuple[str, bool]]:
    """The texts of the codes that are stored for an order, and whether they are the customer's."""
    async with harness.store.reading() as tx:
        found = await tx.codes.of_order(order.id, order.user_id)
    opened = (open_card(harness.vault, order.id, c.position, c.secrets) for c in found)
    return [(card.leading_text, code.deliver) for card, code in zip(opened, found, strict=True)]


async def watch(harness: ShopHarness, days: int) -> None:
    """Look for refunded orders for so many days."""
    for _ in range(days * 24 + 60):
        await look_for_refunded(harness.shop, "oneclickdz")
        age = harness.clock.now() - START
        harness.clock.pass_time(60 if age < timedelta(hours=1) else 3600)
    await harness.run(5)


async def refund(harness: ShopHarness, order) -> None:
    action = await ask_order_refund(harness, await harness.order(order.id))
    await confirm_refund(harness.shop, OPERATOR, action)


@pytest.mark.parametrize("many", [False, True], ids=["polled", "listed"])
async def test_codes_under_an_unknown_status_are_stored_and_delivered_at_the_end(
    harness: ShopHarness, many
):
    order = await accepted_order(harness, 2)
    others = [await harness.buy(1) for _ in range(9 if many else 0)]
    set_status(harness, "COMPLETED")
    await harness.run(150)

    after = await harness.order(order.id)
    assert (after.state, after.attention) == (S.HANDLING, Attention.CONTRADICTION)
    assert [deliver for _, deliver in await stored(harness, order)] == [False, False]
    assert harness.sender.codes_of(1) == []
    assert len(harness.sender.alerts(AlertKind.ORDER_ATTENTION)) == 1

    harness.book.faults.clear()
    await harness.run(150)

    after = await harness.order(order.id)
    assert (after.state, after.attention) == (S.FULFILLED, None)
    assert [deliver for _, deliver in await stored(harness, order)] == [True, True]
    assert len(harness.sender.codes_of(1)) == 2 + len(others)
    await books_agree(harness)


async def test_codes_of_an_unknown_status_are_told_after_a_refund(harness: ShopHarness):
    order = await accepted_order(harness, 2)
    set_status(harness, "COMPLETED")
    await harness.run(100)
    await refund(harness, order)
    await watch(harness, 4)

    after = await harness.order(order.id)
    assert (after.state, after.due_at) == (S.REFUNDED, None)
    assert told(harness) == [(str(order.id), order.supplier_order_id, "2")]
    assert harness.sender.codes_of(1) == []
    await books_agree(harness)


async def test_an_unknown_status_without_codes_is_told_when_the_watch_ends(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    set_status(harness, "COMPLETED", cards=[])
    await refund(harness, order)
    await watch(harness, 2)
    assert told(harness) == []
    await watch(harness, 2)

    assert told(harness) == [(str(order.id), order.supplier_order_id, "0")]


async def test_a_refunded_order_whose_supplier_never_answers_is_told_when_the_watch_ends(
    harness: ShopHarness,
):
    order = await accepted_order(harness, 1)
    await refund(harness, order)
    harness.book.script(Fault(FaultKind.STATUS, "checkOrder", times=10**9, status=503))
    await watch(harness, 4)

    assert told(harness) == [(str(order.id), order.supplier_order_id, "0")]


@pytest.mark.parametrize(("status", "count"), [("FULFILLED", 1), ("REFUNDED", 0)])
async def test_a_refunded_order_that_was_delivered_without_a_code_is_told(
    harness: ShopHarness, status, count
):
    order = await accepted_order(harness, 1)
    set_status(harness, status, cards=[], fulfilled_quantity=count)
    await refund(harness, order)
    await watch(harness, 4)

    assert len(told(harness)) == count


async def test_codes_that_cannot_be_read_are_told_after_a_refund(harness: ShopHarness):
    harness.leave_out(*AT_INTERVALS)
    order = await accepted_order(harness, 1)
    set_status(harness, "COMPLETED", cards=[{"value": ["x"]}])
    await refund(harness, order)
    await harness.run(3600)

    assert told(harness) == [(str(order.id), order.supplier_order_id, "1")]


async def test_vouchers_under_an_unknown_status_are_stored_and_withheld(
    voucher_harness: VoucherHarness,
):
    harness = voucher_harness
    await harness.customer(1)
    order = await harness.buy(1, quantity=2)
    await harness.place()
    harness.there.status = "QUALITY_CHECK"
    harness.there.vouchers[1]["card_number"] = None  # nobody could use it
    await harness.run(60)

    after = await harness.order(order.id)
    assert (after.state, after.attention) == (S.HANDLING, Attention.CONTRADICTION)
    assert [deliver for _, deliver in await stored(harness, order)] == [False, False]
    assert harness.sender.codes_of(1) == []


@pytest.mark.parametrize("status", ["FAILED", "CANCELLED", "REFUNDED"])
async def test_vouchers_of_an_order_that_was_not_sold_are_stored_and_withheld(
    voucher_harness: VoucherHarness, status
):
    """The supplier keeps no money for them, so it may sell them to somebody else."""
    harness = voucher_harness
    await harness.customer(1)
    order = await harness.buy(1, quantity=2)
    await harness.place()
    harness.there.status = status
    await harness.run(60)

    after = await harness.order(order.id)
    assert (after.state, after.attention) == (S.HANDLING, Attention.CONTRADICTION)
    assert after.returned_minor == 0
    assert [deliver for _, deliver in await stored(harness, order)] == [False, False]
    assert harness.sender.codes_of(1) == []
    assert len(harness.sender.alerts(AlertKind.ORDER_ATTENTION)) == 1
    await books_agree(harness)


async def test_of_a_cancelled_order_the_codes_that_came_before_are_kept_and_no_others(
    voucher_harness: VoucherHarness,
):
    harness = voucher_harness
    harness.leave_out(*AT_INTERVALS)
    await harness.customer(1)
    harness.next(Outcome.PARTIAL)
    order = await harness.buy(1, quantity=3)
    await harness.run(20)
    assert len(harness.sender.codes_of(1)) == 1
    harness.vouchers.release(harness.there.id)
    harness.there.status = "CANCELLED"
    await harness.run(3600)

    after = await harness.order(order.id)
    assert (after.state, after.attention) == (S.HANDLING, Attention.CONTRADICTION)
    assert [deliver for _, deliver in await stored(harness, order)] == [True, False, False]
    assert (len(harness.sender.codes_of(1)), after.returned_minor) == (1, 0)

    del harness.there.vouchers[1:]
    await harness.run(3600)
    after = await harness.order(order.id)
    assert (after.state, after.delivered_quantity) == (S.PARTIAL, 1)
    assert after.returned_minor == 2 * after.unit_price_minor
    await books_agree(harness)


async def test_codes_before_the_end_are_stored_and_delivered_at_the_end(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    set_status(harness, "HANDLING", cards=[{"value": "EARLY"}])
    await harness.run(60)

    after = await harness.order(order.id)
    assert (after.state, after.attention) == (S.HANDLING, None)
    assert await stored(harness, order) == [("EARLY", False)]

    harness.book.faults.clear()
    await harness.run(60)

    (early, *rest) = await stored(harness, order)
    assert early == ("EARLY", False)
    assert [text for text, deliver in rest if deliver] == harness.sender.codes_of(1)


async def test_a_report_of_an_order_that_is_watched_no_more_changes_nothing(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    await refund(harness, order)
    supplier = harness.supplier.order

    async def settled_meanwhile(*asked):
        said = report(order, SupplierStatus.FULFILLED, ["A"], final=True, fulfilled_quantity=1)
        await settle_order(harness.shop, order, said)
        async with harness.store.reading() as tx:
            locked = await tx.orders.locked(order.id)

        async def end(tx):
            await tx.orders.update(locked, due_at=None)

        await harness.store.write(end)
        return await supplier(*asked)

    harness.supplier.order = settled_meanwhile
    await harness.run(120)

    assert len(told(harness)) == 1
    assert (await harness.order(order.id)).due_at is None
