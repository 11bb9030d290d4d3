"""Never bought for nobody: what decides is read right before every call, and what comes late is told."""

import asyncio
from datetime import timedelta

from bot import errors
from bot.domain.alerts import AlertKind
from bot.domain.orders import Attention, OrderState
from bot.domain.supplier import SupplierStatus
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.orders.orphans import tell_orphan
from bot.services.orders.place import find_orders_to_place, refund_overdue_orders
from bot.services.orders.reconcile import reconcile_lost_orders
from bot.services.orders.refund import confirm_refund
from bot.services.orders.refunded import look_for_refunded
from bot.services.orders.settle import settle_order
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.order_steps import accepted_order, ask_order_refund, change_order, report
from tests.sweeps import AT_INTERVALS
from tests.vouchers import VoucherHarness

S = OrderState


async def refund(harness: ShopHarness, order, key: str = "r") -> None:
    await confirm_refund(harness.shop, OPERATOR, await ask_order_refund(harness, order, key))


def told(harness: ShopHarness) -> list[tuple[str, str]]:
    alerts = harness.sender.alerts(AlertKind.BOUGHT_FOR_NOBODY)
    return [(alert["order"], alert["id"]) for alert in alerts]


async def lost_vouchers(harness: VoucherHarness, count: int) -> list:
    found = []
    for user in range(1, count + 1):
        await harness.customer(user, dinars=900_000)
        harness.vouchers.script(Fault(FaultKind.RESET_BEFORE, "/orders"))
        found.append(await harness.buy(user))
        await harness.place()
    harness.clock.pass_time(2)
    return found


async def test_an_order_refunded_while_another_is_repeated_is_not_bought(
    voucher_harness: VoucherHarness,
):
    harness = voucher_harness
    first, second = await lost_vouchers(harness, 2)
    repeat, hangs, go_on = harness.starship.repeat, asyncio.Event(), asyncio.Event()

    async def one_after_the_other(request, commit_intent):
        if f"-{first.id}-" in request.reference:
            hangs.set()
        else:
            await go_on.wait()  # for a free place in the budget of calls
        return await repeat(request, commit_intent)

    harness.starship.repeat = one_after_the_other
    sweep = asyncio.create_task(reconcile_lost_orders(harness.shop, "starship"))
    await hangs.wait()
    await refund(harness, second)
    go_on.set()
    await sweep
    await harness.run(30)

    assert len(harness.vouchers.orders) == 1
    assert (await harness.order(first.id)).state is S.FULFILLED
    assert (await harness.order(second.id)).state is S.REFUNDED
    assert told(harness) == []


async def test_a_repetition_answered_after_the_refund_is_told_once(
    voucher_harness: VoucherHarness,
):
    harness = voucher_harness
    (order,) = await lost_vouchers(harness, 1)
    repeat = harness.starship.repeat

    async def refunded_meanwhile(request, commit_intent):
        found = await repeat(request, commit_intent)
        await refund(harness, order)
        return found

    harness.starship.repeat = refunded_meanwhile
    await reconcile_lost_orders(harness.shop, "starship")
    await harness.run(4 * 3600)

    (there,) = harness.vouchers.orders.values()
    assert told(harness) == [(str(order.id), str(there.id))]
    assert harness.sender.codes_of(1) == []
    await books_agree(harness)


async def test_a_purchase_answered_after_the_refund_is_told_with_its_id(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    buy = harness.supplier.buy

    async def late(request, commit_intent):
        found = await buy(request, commit_intent)
        await change_order(harness, order.id, state=S.UNCONFIRMED)
        await refund(harness, order)
        return found

    harness.supplier.buy = late
    await harness.place()
    harness.leave_out(*AT_INTERVALS)
    await harness.run(3600)

    assert told(harness) == [(str(order.id), next(iter(harness.book.orders)))]
    assert (await harness.order(order.id)).state is S.REFUNDED


async def test_a_refunded_order_that_is_found_in_the_list_is_told_once(harness: ShopHarness):
    await harness.customer(1)
    harness.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder"))
    order = await harness.buy(1)
    await harness.place()
    await refund(harness, order)
    watched = await harness.order(order.id)
    await harness.run(600)

    assert watched.due_at is not None
    assert told(harness) == [(str(order.id), next(iter(harness.book.orders)))]
    assert (await harness.order(order.id)).due_at is None


async def test_codes_of_a_refunded_order_are_stored_and_go_to_nobody(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    await refund(harness, order)
    await harness.run(600)

    async with harness.store.reading() as tx:
        (code,) = await tx.codes.of_order(order.id, 1)
    assert not code.deliver
    after = await harness.order(order.id)
    assert (after.state, after.attention, after.due_at) == (S.REFUNDED, Attention.SURPLUS, None)
    assert told(harness) == [(str(order.id), order.supplier_order_id)]
    assert harness.sender.codes_of(1) == []
    await books_agree(harness)


async def test_a_report_that_was_on_its_way_during_the_refund_is_stored(harness: ShopHarness):
    order = await accepted_order(harness, 2)
    said = report(order, SupplierStatus.FULFILLED, ["A", "B"], final=True, fulfilled_quantity=2)
    await refund(harness, order)
    for _ in range(2):
        assert not await settle_order(harness.shop, order, said)
    await harness.round()

    async with harness.store.reading() as tx:
        assert [c.deliver for c in await tx.codes.of_order(order.id, 1)] == [False, False]
    assert len(told(harness)) == 1


async def test_an_order_on_its_way_keeps_its_claim(harness: ShopHarness):
    """A never arrived; B is sent while the list that A is searched in is being read."""
    await harness.customer(1)
    await harness.customer(2)
    harness.book.script(Fault(FaultKind.HTML, "placeOrder", status=502))
    first = await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(2)
    second, listed = await harness.buy(2), harness.supplier.orders
    buy, answer = harness.supplier.buy, asyncio.Event()
    sent = asyncio.Event()
    placing: asyncio.Task[None]

    async def slow(request, commit_intent):
        found = await buy(request, commit_intent)
        sent.set()
        await answer.wait()
        return found

    async def sent_meanwhile(since, until):
        nonlocal placing
        placing = asyncio.create_task(harness.place())
        await sent.wait()
        return await listed(since, until)

    harness.supplier.buy, harness.supplier.orders = slow, sent_meanwhile
    assert await reconcile_lost_orders(harness.shop, "oneclickdz") == 0
    answer.set()
    await placing
    harness.supplier.orders = listed
    await harness.run(30)

    assert (await harness.order(first.id)).supplier_order_id is None
    assert len(harness.sender.codes_of(2)) == 1
    assert (await harness.order(second.id)).state is S.FULFILLED


async def test_an_overdue_order_that_is_being_sent_is_not_refunded(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.clock.pass_time(harness.shop.policy.return_unbought_after.total_seconds())
    assert await find_orders_to_place(harness.shop) == []
    write = harness.store.write
    sent: list[int] = []

    async def sent_meanwhile(work, *args, **named):
        if not sent:
            sent.append(order.id)
            await change_order(harness, order.id, state=S.PLACING, sent_at=harness.clock.now())
        return await write(work, *args, **named)

    harness.store.write = sent_meanwhile
    try:
        await refund_overdue_orders(harness.shop)
    finally:
        harness.store.write = write

    assert (await harness.order(order.id)).state is S.PLACING


async def test_a_late_refusal_says_nothing_of_a_request_that_is_repeated(
    voucher_harness: VoucherHarness,
):
    harness = voucher_harness
    await harness.customer(1, dinars=900_000)
    order = await harness.buy(1)

    async def refused_late(_request, commit_intent):
        await commit_intent()
        await change_order(harness, order.id, state=S.UNCONFIRMED, due_at=harness.clock.now())
        raise errors.OutOfStock("orders")

    harness.starship.buy = refused_late
    await harness.place()
    assert (await harness.order(order.id)).state is S.UNCONFIRMED
    await harness.run(60)

    assert (await harness.order(order.id)).state is S.FULFILLED
    assert len(harness.vouchers.orders) == 1


async def test_ids_that_are_too_long_for_a_key_are_told_once_each(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    ids = ["x" * 80 + end for end in ("1", "2")]

    news = [
        await harness.store.write(tell_orphan, harness.shop, order, one) for one in [*ids, *ids]
    ]

    assert news == [True, True, False, False]


async def test_an_answer_that_the_list_brought_before_is_told_nobody(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    buy = harness.supplier.buy

    async def found_meanwhile(request, commit_intent):
        there = await buy(request, commit_intent)
        await change_order(harness, order.id, state=S.HANDLING, supplier_order_id=there)
        return there

    harness.supplier.buy = found_meanwhile
    await harness.place()
    await harness.round()

    assert told(harness) == []
    assert (await harness.order(order.id)).state is S.HANDLING


async def test_a_refunded_order_is_asked_for_again_after_its_supplier_failed(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    await refund(harness, order)
    harness.book.script(Fault(FaultKind.STATUS, "checkOrder", times=10**9, status=503))
    await harness.run(600)
    assert told(harness) == []
    assert (await harness.order(order.id)).due_at is not None

    harness.book.faults.clear()
    await harness.run(600)

    assert told(harness) == [(str(order.id), order.supplier_order_id)]


async def test_a_search_for_one_refunded_order_leaves_the_next_look_for_another(
    harness: ShopHarness,
):
    orders = []
    for user in (1, 2):
        await harness.customer(user)
        harness.book.script(Fault(FaultKind.HTML, "placeOrder", status=502))
        orders.append(await harness.buy(user))
        await harness.place()
        await refund(harness, orders[-1], f"r{user}")
    first, second = [order.id for order in orders]
    now = harness.clock.now()
    await change_order(harness, first, due_at=now)
    await change_order(harness, second, due_at=now + timedelta(seconds=9))

    await look_for_refunded(harness.shop, "oneclickdz")

    looks = [(await harness.order(order_id)).due_at for order_id in (first, second)]
    assert looks == [now + timedelta(minutes=1), now + timedelta(seconds=9)]
