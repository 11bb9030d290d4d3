"""What a supplier's report changes: codes, their positions, money, and what an operator is told."""

import pytest
from sqlalchemy import select, update

from bot.domain.alerts import AlertKind
from bot.domain.orders import Attention, OrderState, ReturnReason
from bot.domain.supplier import Card, SupplierOrder, SupplierStatus
from bot.services.messaging.alert_messages import tell_alerts
from bot.services.operations.reports import report_order
from bot.services.orders.refund import confirm_refund
from bot.services.orders.settle import settle_order
from storage.tables import codes, orders, postings
from tests.harness import OPERATOR, ShopHarness, books_agree, send_due_messages
from tests.integration.order_steps import accepted_order, ask_order_refund, report
from tests.integration.payment_steps import PRICE

S = SupplierStatus


async def kept(harness: ShopHarness) -> list[tuple[int, int, bool]]:
    async with harness.store._reader.connect() as db:
        found = await db.execute(
            select(codes.c.position, codes.c.batch, codes.c.deliver).order_by(codes.c.position)
        )
        return [tuple(row) for row in found.all()]


async def test_codes_that_come_one_by_one_have_positions_and_postings_of_their_own(
    harness: ShopHarness,
):
    order = await accepted_order(harness, 3)
    for count in (1, 2, 2):  # the third report says nothing new
        assert not await settle_order(harness.shop, order, report(order, cards="ABC"[:count]))
    assert (await harness.order(order.id)).cost_minor == 2 * order.unit_cost_minor
    assert await settle_order(
        harness.shop, order, report(order, S.FULFILLED, "CAB", final=True, fulfilled_quantity=3)
    )

    assert await kept(harness) == [(0, 0, True), (1, 1, True), (2, 2, True)]
    async with harness.store._reader.connect() as db:
        keys = (await db.execute(select(postings.c.key).where(postings.c.kind == "sale"))).scalars()
        assert sorted(keys) == ["sale:1", "sale:1:1", "sale:1:2"]
    after = await harness.order(order.id)
    assert (after.state, after.return_reason) == (OrderState.FULFILLED, None)
    await books_agree(harness)


async def test_one_code_twice_in_a_report_is_held_wherever_it_stands(harness: ShopHarness):
    order = await accepted_order(harness, 3)
    said = report(order, S.FULFILLED, "ABA", final=True, fulfilled_quantity=3)
    await settle_order(harness.shop, order, said)

    after = await harness.order(order.id)
    assert (after.delivered_quantity, after.attention) == (2, Attention.DUPLICATE_CODE)
    assert await kept(harness) == [(0, 0, True), (1, 0, True), (2, 0, False)]


async def test_a_held_code_that_is_reported_again_keeps_its_position(harness: ShopHarness):
    """A report that contradicts itself, then one that does not: the stored code is released."""
    order = await accepted_order(harness, 2)
    await settle_order(harness.shop, order, report(order, S.REFUNDED, "AB", final=True))
    assert await kept(harness) == [(0, 0, False), (1, 0, False)]
    said = report(order, S.FULFILLED, "BA", final=True, fulfilled_quantity=2)
    assert await settle_order(harness.shop, order, said)

    assert await kept(harness) == [(0, 0, True), (1, 0, True)]
    assert (await harness.order(order.id)).attention is None


async def test_an_order_that_ends_in_part_says_why_and_costs_what_came(harness: ShopHarness):
    order = await accepted_order(harness, 3)
    said = report(
        order, S.PARTIALLY_FILLED, "A", final=True, fulfilled_quantity=1, unit_cost_minor=90_000
    )
    await settle_order(harness.shop, order, said)

    after = await harness.order(order.id)
    assert (after.return_reason, after.cost_minor) == (ReturnReason.NOT_AVAILABLE, 90_000)
    assert after.returned_minor == 2 * PRICE
    assert harness.sender.alerts(AlertKind.PRICE_DRIFT) == []


@pytest.mark.parametrize(
    ("status", "told", "first", "last"),
    [
        (S.FULFILLED, 3, "AB", "ABC"),
        (S.FULFILLED, None, "A", "CAB"),
        (S.FULFILLED, 2, "AB", "ABC"),
        (S.PARTIALLY_FILLED, 2, "A", "AB"),
        (S.FULFILLED, 3, "ABA", "ABC"),
        (S.FULFILLED, 3, "AB ", "ABC"),
    ],
)
async def test_codes_that_are_missing_from_a_final_report_are_still_delivered_when_they_come(
    harness: ShopHarness, status, told, first, last
):
    """Nothing is given back meanwhile; operators are told once."""
    order = await accepted_order(harness, 3)
    said = report(order, status, first, final=True, fulfilled_quantity=told)
    for _ in range(2):
        assert not await settle_order(harness.shop, await harness.order(order.id), said)
    held = await harness.order(order.id)
    usable = len(set(first) - {" "})
    assert (held.state, held.delivered_quantity) == (OrderState.HANDLING, usable)
    assert held.attention is not None
    assert held.returned_minor == 0
    await harness.send()
    assert len(harness.sender.codes_of(1)) == usable

    count = len(last) if told else None
    said = report(order, status, last, final=True, fulfilled_quantity=count)
    assert await settle_order(harness.shop, order, said)

    done = await harness.order(order.id)
    assert (done.delivered_quantity, done.attention) == (len(last), None)
    assert done.returned_minor == (3 - len(last)) * PRICE
    await books_agree(harness)


async def test_an_order_of_which_more_codes_came_than_were_bought_ends_while_it_is_handled(
    harness: ShopHarness,
):
    order = await accepted_order(harness, 2)

    assert await settle_order(harness.shop, order, report(order, cards="ABC"))

    done = await harness.order(order.id)
    assert (done.state, done.attention) == (OrderState.FULFILLED, Attention.SURPLUS)
    assert await kept(harness) == [(0, 0, True), (1, 0, True), (2, 0, False)]
    await books_agree(harness)


async def test_an_order_that_is_refunded_whole_cost_nothing(harness: ShopHarness):
    order = await accepted_order(harness, 2)
    said = report(order, S.REFUNDED, final=True, fulfilled_quantity=0, charged_minor=0)
    assert await settle_order(harness.shop, order, said)

    after = await harness.order(order.id)
    assert (after.state, after.cost_minor) == (OrderState.REFUNDED, 0)
    assert (after.returned_minor, after.return_reason) == (2 * PRICE, ReturnReason.NOT_AVAILABLE)
    await books_agree(harness)


@pytest.mark.parametrize(
    ("status", "charged"),
    [(S.PARTIALLY_FILLED, None), (S.PARTIALLY_FILLED, 300_000), (S.REFUNDED, 300_000)],
)
async def test_a_part_of_nothing_and_a_charge_for_nothing_refund_nobody(
    harness: ShopHarness, status, charged
):
    order = await accepted_order(harness, 2)
    said = report(order, status, final=True, fulfilled_quantity=0, charged_minor=charged)
    assert not await settle_order(harness.shop, order, said)
    await harness.round()

    after = await harness.order(order.id)
    assert (after.state, after.attention) == (OrderState.HANDLING, Attention.CONTRADICTION)
    assert (after.returned_minor, after.cost_minor) == (0, 0)
    assert len(harness.sender.alerts(AlertKind.ORDER_ATTENTION)) == 1
    await books_agree(harness)


@pytest.mark.parametrize("charged", [None, 777])
async def test_the_cost_is_what_was_charged_or_else_the_unit_cost_of_each_code(
    harness: ShopHarness, charged
):
    order = await accepted_order(harness, 2)
    said = report(order, S.FULFILLED, "AB", final=True, charged_minor=charged)
    await settle_order(harness.shop, order, said)

    assert (await harness.order(order.id)).cost_minor == (charged or 2 * order.unit_cost_minor)


@pytest.mark.parametrize("kind", ["PRODUCTION", "SANDBOX"])
async def test_a_dearer_price_is_told_for_real_orders_alone(sqlite_store, kind):
    harness = await ShopHarness(sqlite_store, key_kind=kind).open()
    order = await accepted_order(harness, 1)
    dear = order.unit_cost_minor + 1
    said = report(order, S.FULFILLED, "A", final=True, unit_cost_minor=dear)
    await settle_order(harness.shop, order, said)
    await harness.round()

    told = harness.sender.alerts(AlertKind.PRICE_DRIFT)
    figures = [(alert["expected"], alert["paid"]) for alert in told]
    assert figures == ([(str(dear - 1), str(dear))] if kind == "PRODUCTION" else [])
    await harness.close()


async def test_an_order_that_needs_attention_is_alerted_once(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    for status in (S.FULFILLED, S.FULFILLED, S.HANDLING):
        said = report(order, status, final=status is S.FULFILLED, charged_minor=500)
        await settle_order(harness.shop, order, said)
        harness.clock.pass_time(600)
        await tell_alerts(harness.shop)
    while await send_due_messages(harness.shop):
        pass

    assert len(harness.sender.alerts(AlertKind.ORDER_ATTENTION)) == 1
    after = await harness.order(order.id)
    assert (after.attention, after.cost_minor) == (None, 0)  # nothing came: nothing was bought


async def test_the_delivered_quantity_is_counted_from_the_codes(harness: ShopHarness):
    order = await accepted_order(harness, 2)
    await settle_order(harness.shop, order, report(order, cards="A"))
    async with harness.store._writer.begin() as db:
        await db.execute(update(orders).values(delivered_quantity=0))
    said = report(order, S.FULFILLED, "AB", final=True, fulfilled_quantity=2)
    await settle_order(harness.shop, order, said)

    assert (await harness.order(order.id)).delivered_quantity == 2
    await books_agree(harness)


async def test_a_sandbox_may_hand_out_one_code_again_and_again(sandbox_harness: ShopHarness):
    harness = sandbox_harness
    for _ in range(2):
        order = await accepted_order(harness, 3)
        said = report(order, S.FULFILLED, ["SANDBOX-1"] * 3, final=True, fulfilled_quantity=3)
        assert await settle_order(harness.shop, order, said)
        after = await harness.order(order.id)
        assert (after.delivered_quantity, after.attention) == (3, None)


async def test_after_a_part_a_final_report_without_more_returns_the_rest(harness: ShopHarness):
    order = await accepted_order(harness, 2)
    await settle_order(harness.shop, order, report(order, cards="A"))
    said = report(order, S.PARTIALLY_FILLED, "A", final=True, fulfilled_quantity=1)
    assert await settle_order(harness.shop, order, said)

    after = await harness.order(order.id)
    assert (after.state, after.delivered_quantity) == (OrderState.PARTIAL, 1)
    assert (after.returned_minor, after.cost_minor) == (PRICE, after.unit_cost_minor)


async def test_surplus_codes_are_kept_and_not_delivered(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.place()
    report = SupplierOrder(
        "x", SupplierStatus.FULFILLED, True, 1, (Card("ONE"), Card("TWO")), 2, unit_cost_minor=5
    )

    await settle_order(harness.shop, await harness.order(order.id), report)
    await harness.round()

    assert harness.sender.codes_of(1) == ["ONE"]
    assert (await report_order(harness.shop, order.id)).codes == 2


async def test_held_codes_are_not_stored_twice(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1, 2)
    await harness.place()
    held = SupplierOrder("x", SupplierStatus.REFUNDED, True, 2, (Card("ONE"), Card("TWO")), 0)

    for _ in range(2):
        await settle_order(harness.shop, await harness.order(order.id), held)

    assert (await report_order(harness.shop, order.id)).codes == 2


async def test_a_sandbox_code_is_never_delivered_for_a_real_order(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.place()
    real = next(iter(harness.book.orders.values()))
    harness.clock.pass_time(5)
    harness.book.finish_due()
    real.cards = [{"value": "SANDBOX-CARD-1", "serial": "SANDBOX-1"}]

    await harness.run(20)

    held = await harness.order(order.id)
    assert (held.state, held.attention) == (OrderState.HANDLING, Attention.SANDBOX_CODE)
    assert harness.sender.codes_of(1) == []
    assert len(harness.sender.alerts("attention")) == 1
    await books_agree(harness)


async def _bought(harness: ShopHarness, quantity: int = 2):
    await harness.customer(1)
    order = await harness.buy(1, quantity)
    await harness.run(20)
    return await harness.order(order.id)


async def test_a_code_that_another_order_holds_goes_to_nobody_else(harness: ShopHarness):
    first = await _bought(harness, 1)
    await harness.customer(2)
    second = await harness.buy(2, 2)
    await harness.place()
    harness.clock.pass_time(5)
    harness.book.finish_due()
    orders = list(harness.book.orders.values())
    orders[1].cards[0] = dict(orders[0].cards[0])

    await harness.run(20)

    done = await harness.order(second.id)
    assert (done.state, done.delivered_quantity, done.attention) == (
        OrderState.HANDLING,
        1,
        Attention.DUPLICATE_CODE,
    )
    assert orders[0].cards[0]["value"] not in harness.sender.codes_of(2)
    await books_agree(harness)

    await confirm_refund(harness.shop, OPERATOR, await ask_order_refund(harness, second))
    assert (await harness.order(second.id)).state is OrderState.PARTIAL
    assert await harness.balance(2) == 50_000_00 - second.unit_price_minor
    assert first.quantity == 1
    await books_agree(harness)


async def test_contradictory_reports_are_held_and_settle_when_they_agree(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(5)
    harness.book.finish_due()
    theirs = next(iter(harness.book.orders.values()))
    theirs.status = "REFUNDED"

    await harness.run(20)
    held = await harness.order(order.id)
    assert (held.state, held.attention) == (OrderState.HANDLING, Attention.CONTRADICTION)
    assert harness.sender.codes_of(1) == []
    assert harness.sender.stages(order.id) == ["operator"], (
        "the customer reads that support looks at it, once"
    )

    theirs.status = "FULFILLED"
    await harness.run(200)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert len(harness.sender.codes_of(1)) == 1
    await books_agree(harness)


async def test_a_report_of_an_order_that_has_ended_changes_nothing(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    await settle_order(harness.shop, order, report(order, S.FULFILLED, "A", final=True))
    ended = await harness.order(order.id)

    assert not await settle_order(harness.shop, order, report(order, S.REFUNDED, final=True))

    assert await harness.order(order.id) == ended
    await books_agree(harness)
