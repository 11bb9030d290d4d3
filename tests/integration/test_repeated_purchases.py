"""Lost answers at a supplier that takes the same request twice for one: the request is sent again."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot import errors
from bot.domain.orders import OrderState
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.orders.reconcile import reconcile_lost_orders
from storage.tables import orders, purchase_requests
from tests.vouchers import VoucherHarness

REFUSALS = [errors.InsufficientBalance, errors.OutOfStock, errors.RequestRefused]


async def buy_without_an_answer(harness: VoucherHarness, users: Iterable[int]) -> None:
    """The supplier takes each purchase, and its answer is lost."""
    for user in users:
        await harness.customer(user)
        harness.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
        await harness.buy(user)
        await harness.place()


async def _nothing_listed(_since, _until):
    return ()


async def test_an_answer_starts_the_count_of_failures_again(voucher_harness: VoucherHarness):
    await buy_without_an_answer(voucher_harness, range(1, 7))
    answers, asked = iter("--+--+"), []

    async def repeat(request, _commit_intent):
        asked.append(request)
        if next(answers) == "-":
            raise errors.SupplierUnavailable("orders", "")
        return f"there-{len(asked)}"

    voucher_harness.starship.repeat, voucher_harness.starship.orders = repeat, _nothing_listed
    voucher_harness.clock.pass_time(2)
    assert await reconcile_lost_orders(voucher_harness.shop, "starship") == 2
    assert len(asked) == 6


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_refused_repetitions_hold_up_no_other_lost_order(
    voucher_harness: VoucherHarness, refusal
):
    await buy_without_an_answer(voucher_harness, range(1, 7))
    right, asked = voucher_harness.starship.repeat, []

    async def repeat(request, commit_intent):
        asked.append(request)
        if len(asked) <= 5:
            raise refusal("orders", "NO")
        return await right(request, commit_intent)

    voucher_harness.starship.repeat, voucher_harness.starship.orders = repeat, _nothing_listed
    voucher_harness.clock.pass_time(2)
    assert await reconcile_lost_orders(voucher_harness.shop, "starship") == 1

    assert (await voucher_harness.order(6)).state is OrderState.HANDLING


async def test_a_key_that_is_refused_ends_the_repetitions_and_pauses_selling(
    voucher_harness: VoucherHarness,
):
    await buy_without_an_answer(voucher_harness, (1, 2))
    asked = []

    async def refuse(request, _commit_intent):
        asked.append(request)
        raise errors.AccessRefused("orders", "UNAUTHORIZED")

    voucher_harness.starship.repeat, voucher_harness.starship.orders = refuse, _nothing_listed
    voucher_harness.clock.pass_time(2)
    assert await reconcile_lost_orders(voucher_harness.shop, "starship") == 0

    assert len(asked) == 1
    async with voucher_harness.store.reading() as tx:
        assert (await tx.suppliers.account("starship")).paused_for_access
    for user in (1, 2):
        assert (await voucher_harness.order(user)).state is OrderState.UNCONFIRMED


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_a_refused_repetition_says_nothing_about_the_first_request(
    voucher_harness: VoucherHarness, refusal
):
    """The first request may have been the one that was bought, and it may still be listed."""
    await buy_without_an_answer(voucher_harness, (1,))

    async def refuse(_request, _commit_intent):
        raise refusal("orders", "NO")

    voucher_harness.starship.repeat, voucher_harness.starship.orders = refuse, _nothing_listed
    voucher_harness.clock.pass_time(2)
    assert await reconcile_lost_orders(voucher_harness.shop, "starship") == 0

    assert (await voucher_harness.order(1)).state is OrderState.UNCONFIRMED


async def test_orders_found_by_repetition_and_in_the_list_are_counted_together(
    voucher_harness: VoucherHarness,
):
    """The key of one may still be repeated; that of the other just expired, so the list is asked."""
    await buy_without_an_answer(voucher_harness, (1, 2))
    window = timedelta(seconds=voucher_harness.starship.policy.repeats_for)
    async with voucher_harness.store._writer.begin() as db:
        sent = voucher_harness.clock.now() + timedelta(seconds=2) - window
        await db.execute(update(orders).where(orders.c.id == 1).values(sent_at=sent))
    voucher_harness.clock.pass_time(2)
    repeated = voucher_harness.vouchers.count("POST /api/v1/orders")

    assert await reconcile_lost_orders(voucher_harness.shop, "starship") == 2
    assert voucher_harness.vouchers.count("POST /api/v1/orders") == repeated + 1


async def test_a_lost_order_without_its_request_holds_up_no_other(voucher_harness: VoucherHarness):
    await buy_without_an_answer(voucher_harness, (1, 2))
    async with voucher_harness.store._writer.begin() as db:
        await db.execute(purchase_requests.delete().where(purchase_requests.c.order_id == 1))
    voucher_harness.clock.pass_time(2)
    asked = voucher_harness.vouchers.count("POST /api/v1/orders")

    assert await reconcile_lost_orders(voucher_harness.shop, "starship") >= 1
    assert voucher_harness.vouchers.count("POST /api/v1/orders") == asked + 1
    assert (await voucher_harness.order(2)).state is OrderState.HANDLING
