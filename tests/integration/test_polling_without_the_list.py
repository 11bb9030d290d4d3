"""Orders that the supplier's list does not settle are asked for one by one, and hold up no others."""

import pytest

from bot.domain.orders import OrderState
from bot.sandbox.supplier.faults import Fault, FaultKind
from tests.harness import ShopHarness


@pytest.mark.parametrize("bad", [3, 8, 25])
async def test_many_orders_that_cannot_be_asked_for_hold_up_no_other(
    harness: ShopHarness, bad: int
):
    """Three of them end a run; the next run begins with those that were not asked for."""
    harness.book.handling_seconds = 20
    harness.kind().quantity = 50
    await harness.customer(1, dinars=900_000)
    placed = [await harness.buy(1) for _ in range(bad + 12)]
    await harness.run(5)
    for order in placed[:bad]:
        there = (await harness.order(order.id)).supplier_order_id
        harness.book.script(Fault(FaultKind.STATUS, f"checkOrder/{there}", times=10**9))
    harness.book.script(Fault(FaultKind.STATUS, "gift-cards/list", times=10**9, status=502))

    await harness.run(120)

    states = [(await harness.order(order.id)).state for order in placed]
    assert states == [OrderState.HANDLING] * bad + [OrderState.FULFILLED] * 12


@pytest.mark.parametrize("told", [{"cards": None}, {"cards": []}, {"cards": "hidden"}, {}])
async def test_an_order_whose_row_in_the_list_has_no_codes_is_asked_for_by_itself(
    harness: ShopHarness, told: dict[str, object]
):
    """The row tells that it has ended; its codes come from the order's own answer."""
    await harness.customer(1, dinars=900_000)
    placed = [await harness.buy(1, quantity=2) for _ in range(4)]

    def without_codes(body):
        rows = [
            {**{k: v for k, v in row.items() if k != "cards"}, **told}
            for row in body["data"]["items"]
        ]
        return {**body, "data": {**body["data"], "items": rows}}

    harness.book.script(Fault(FaultKind.EDITED, "gift-cards/list", times=10**6, edit=without_codes))
    await harness.run(30)

    assert harness.book.count("/list")
    states = [(await harness.order(order.id)).state for order in placed]
    assert states == [OrderState.FULFILLED] * 4
    assert harness.sender.alerts() == []
