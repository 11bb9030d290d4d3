"""A row of the supplier's list that shows too few codes: the order's own answer decides, and no code is lost."""

from collections.abc import Callable

import pytest

from bot import errors
from bot.domain.orders import Attention, Order, OrderState
from bot.domain.supplier import Card, SupplierOrder, SupplierStatus
from bot.services.orders.poll import poll_due_orders
from bot.services.selling.access import forget_access
from tests.harness import ShopHarness
from tests.integration.order_steps import report

S = SupplierStatus
ENDED = [S.FULFILLED, S.PARTIALLY_FILLED]
Answer = Callable[[Order], SupplierOrder]


class Scene:
    """An order of two codes, of which the list shows `row`, beside two whole orders that make the list cheap."""

    def __init__(self, harness: ShopHarness, order: Order, others: list[Order]) -> None:
        self.harness, self.order, self.others = harness, order, others
        self.asked: list[str] = []

    async def poll(self, row: SupplierOrder, answer: Answer) -> int:
        async def listed(_since, _until):
            pairs = zip(self.others, "CD", strict=True)
            return (row, *(report(o, S.FULFILLED, code, final=True) for o, code in pairs))

        async def ask(there, _purchase):
            self.asked.append(there)
            return answer(self.order)

        self.harness.supplier.orders, self.harness.supplier.order = listed, ask
        self.harness.clock.pass_time(5)
        return await poll_due_orders(self.harness.shop, "oneclickdz")

    async def after(self) -> Order:
        return await self.harness.order(self.order.id)

    async def codes(self) -> list[bool]:
        """Of each stored code, whether the customer has it."""
        async with self.harness.shop.store.reading() as tx:
            stored = await tx.codes.of_order(self.order.id, 1)
        return [code.deliver for code in stored]


@pytest.fixture
async def scene(harness: ShopHarness) -> Scene:
    await harness.customer(1, dinars=900_000)
    placed = [await harness.buy(1, quantity=quantity) for quantity in (2, 1, 1)]
    await harness.place()
    short, *others = [await harness.order(order.id) for order in placed]
    return Scene(harness, short, others)


def fail(_order: Order) -> SupplierOrder:
    raise errors.SupplierUnavailable("checkOrder", "HTTP 500")


def unknown(_order: Order) -> SupplierOrder:
    raise errors.UnknownAtSupplier("checkOrder")


def refused(_order: Order) -> SupplierOrder:
    raise errors.AccessRefused("checkOrder")


def broken(_order: Order) -> SupplierOrder:
    raise ZeroDivisionError


@pytest.mark.parametrize("status", ENDED)
async def test_a_row_with_too_few_codes_decides_nothing_by_itself(scene: Scene, status):
    row = report(scene.order, status, "A", final=True, fulfilled_quantity=1)

    ended = await scene.poll(row, lambda order: report(order, S.FULFILLED, "AB", final=True))

    assert ended == 3
    assert scene.asked == [scene.order.supplier_order_id]
    after = await scene.after()
    assert (after.state, after.delivered_quantity) == (OrderState.FULFILLED, 2)


@pytest.mark.parametrize("answer", [fail, unknown, refused, broken, report])
@pytest.mark.parametrize("status", ENDED)
async def test_codes_of_a_row_are_delivered_where_the_order_itself_does_not_answer(
    scene: Scene, status, answer: Answer
):
    row = report(scene.order, status, "A", final=True, fulfilled_quantity=1)

    assert await scene.poll(row, answer) == 2

    after = await scene.after()
    assert (after.state, after.returned_minor) == (OrderState.HANDLING, 0)
    assert (after.delivered_quantity, await scene.codes()) == (1, [True])
    assert after.due_at is not None

    scene.harness.clock.pass_time(3600)
    await forget_access(scene.harness.shop)
    await scene.poll(row, lambda order: report(order, S.FULFILLED, "AB", final=True))
    after = await scene.after()
    assert (after.state, after.delivered_quantity) == (OrderState.FULFILLED, 2)
    assert await scene.codes() == [True, True]


async def test_codes_of_a_row_are_delivered_where_the_run_ends_before_the_order_is_asked_for(
    harness: ShopHarness,
):
    await harness.customer(1, dinars=900_000)
    placed = [await harness.buy(1, quantity=2) for _ in range(12)]
    await harness.place()
    orders = [await harness.order(order.id) for order in placed]
    rows = [report(order, S.PARTIALLY_FILLED, [f"CODE-{order.id}"], final=True) for order in orders]
    asked = []

    async def listed(_since, _until):
        return rows

    async def ask(there, _purchase):
        asked.append(there)
        raise errors.SupplierUnavailable("checkOrder", "HTTP 500")

    harness.supplier.orders, harness.supplier.order = listed, ask
    harness.clock.pass_time(5)

    assert await poll_due_orders(harness.shop, "oneclickdz") == 0
    assert len(asked) < len(orders)
    assert [(await harness.order(o.id)).delivered_quantity for o in orders] == [1] * len(orders)


@pytest.mark.parametrize("answer", [fail, lambda order: report(order, S.FULFILLED, final=True)])
async def test_what_cannot_be_read_in_a_row_is_kept_where_the_order_shows_no_code(
    scene: Scene, answer: Answer
):
    row = report(scene.order, S.FULFILLED, unreadable_cards=(Card('{"sent": 7}'),))

    await scene.poll(row, answer)

    after = await scene.after()
    assert (after.state, after.attention) == (OrderState.HANDLING, Attention.CONTRADICTION)
    assert await scene.codes() == [False]


@pytest.mark.parametrize("status", [S.REFUNDED, S.FULFILLED])
async def test_an_answer_without_the_code_of_its_row_loses_none(scene: Scene, status):
    row = report(scene.order, S.PARTIALLY_FILLED, "A", final=True)

    await scene.poll(row, lambda order: report(order, status, final=True))

    after = await scene.after()
    assert (after.delivered_quantity, await scene.codes()) == (1, [True])
    assert after.returned_minor <= scene.order.unit_price_minor


async def test_a_code_of_a_row_is_given_to_nobody_where_the_order_has_a_status_nobody_knows(
    scene: Scene,
):
    row = report(scene.order, S.FULFILLED, "A", final=True)

    await scene.poll(row, lambda order: report(order, S.UNKNOWN))

    after = await scene.after()
    assert (after.state, after.attention) == (OrderState.HANDLING, Attention.CONTRADICTION)
    assert await scene.codes() == [False]


async def test_a_code_that_row_and_answer_share_is_stored_once(scene: Scene):
    row = report(scene.order, S.FULFILLED, "A", final=True)

    await scene.poll(row, fail)
    scene.harness.clock.pass_time(3600)
    await scene.poll(row, lambda order: report(order, S.PARTIALLY_FILLED, "A", final=True))

    after = await scene.after()
    assert (after.state, after.delivered_quantity) == (OrderState.PARTIAL, 1)
    assert await scene.codes() == [True]
