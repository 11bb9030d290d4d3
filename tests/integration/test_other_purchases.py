"""A supplier's report about another purchase than ours: kept, given to nobody, and told."""

from typing import Any

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.orders import Attention, OrderState
from bot.sandbox.supplier.faults import Fault, FaultKind
from tests.harness import ShopHarness, books_agree
from tests.integration.order_steps import accepted_order
from tests.vouchers import VoucherHarness

S = OrderState


async def is_withheld(harness: ShopHarness, order_id: int) -> None:
    after = await harness.order(order_id)
    assert (after.state, after.attention) == (S.HANDLING, Attention.CONTRADICTION)
    assert (after.delivered_quantity, after.returned_minor) == (0, 0)
    assert harness.sender.codes_of(1) == []
    async with harness.store.reading() as tx:
        stored = await tx.codes.of_order(order_id, 1)
    assert [code.deliver for code in stored] == [False, False]
    assert len(harness.sender.alerts(AlertKind.ORDER_ATTENTION)) == 1
    await books_agree(harness)


@pytest.mark.parametrize("told", [{"product": "other"}, {"type": "other"}, {"quantity": 3}])
async def test_cards_of_another_purchase_are_kept_and_given_to_nobody(
    harness: ShopHarness, told: dict[str, Any]
):
    order = await accepted_order(harness, 2)

    def edit(sent: Any) -> Any:
        data = sent["data"]
        for row in data.get("items", [data]):
            row.update(told)
        return sent

    for path in ("checkOrder", "gift-cards/list"):
        harness.book.script(Fault(FaultKind.EDITED, path, times=10**6, edit=edit))
    harness.clock.pass_time(5)
    harness.book.finish_due()
    await harness.run(30)
    await is_withheld(harness, order.id)

    harness.book.faults.clear()
    await harness.run(150)
    after = await harness.order(order.id)
    assert (after.state, after.attention) == (S.FULFILLED, None)
    assert len(harness.sender.codes_of(1)) == 2


@pytest.mark.parametrize(
    "told", [{"product_id": 999}, {"denomination": "5.00"}, {"denomination": 50}, {"quantity": 1}]
)
async def test_vouchers_of_another_purchase_are_kept_and_given_to_nobody(
    voucher_harness: VoucherHarness, told: dict[str, Any]
):
    harness = voucher_harness
    await harness.customer(1)
    order = await harness.buy(1, quantity=2)
    await harness.place()
    there = f"orders/{harness.there.id}"
    edit = Fault(FaultKind.EDITED, there, times=10**6, edit=lambda sent: {**sent, **told})
    harness.vouchers.script(edit)
    await harness.run(60)
    await is_withheld(harness, order.id)

    harness.vouchers.faults.clear()
    await harness.run(1200)
    after = await harness.order(order.id)
    assert (after.state, after.attention) == (S.FULFILLED, None)
    assert len(harness.sender.codes_of(1)) == 2
