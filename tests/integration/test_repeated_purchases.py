"""Lost answers at a supplier that takes the same request twice for one: the request is sent again."""

from datetime import timedelta

from sqlalchemy import update

from bot import errors as e
from bot.domain.orders import OrderState
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.orders.reconcile import reconcile_lost_orders
from storage.tables import orders, purchase_requests
from tests.vouchers import VoucherHarness


async def test_an_answer_starts_the_count_of_failures_again(sqlite_store):
    harness = await VoucherHarness(sqlite_store).open()
    for user in range(1, 6):
        await harness.customer(user)
        harness.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
        await harness.buy(user)
        await harness.place()
    answers, asked = iter("+--+-"), []

    async def repeat(request):
        asked.append(request)
        if next(answers) == "-":
            raise e.SupplierUnavailable("orders", "")
        return f"there-{len(asked)}"

    async def nothing_listed(_since, _until):
        return ()

    harness.starship.repeat, harness.starship.orders = repeat, nothing_listed
    harness.clock.pass_time(2)
    assert await reconcile_lost_orders(harness.shop, "starship") == 2
    assert len(asked) == 5
    await harness.close()


async def test_orders_found_by_repetition_and_in_the_list_are_counted_together(sqlite_store):
    """One key is fresh and repeated, the other's time is over to the moment: it is looked for."""
    harness = await VoucherHarness(sqlite_store).open()
    for user in (1, 2):
        await harness.customer(user)
        harness.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
        await harness.buy(user)
        await harness.place()
    window = timedelta(seconds=harness.starship.policy.repeats_for)
    async with harness.store._writer.begin() as db:
        sent = harness.clock.now() + timedelta(seconds=2) - window
        await db.execute(update(orders).where(orders.c.id == 1).values(sent_at=sent))
    harness.clock.pass_time(2)
    repeated = harness.vouchers.count("POST /api/v1/orders")

    assert await reconcile_lost_orders(harness.shop, "starship") == 2
    assert harness.vouchers.count("POST /api/v1/orders") == repeated + 1
    await harness.close()


async def test_a_lost_order_without_its_request_holds_up_no_other(sqlite_store):
    harness = await VoucherHarness(sqlite_store).open()
    for user in (1, 2):
        await harness.customer(user)
        harness.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
        await harness.buy(user)
        await harness.place()
    async with harness.store._writer.begin() as db:
        await db.execute(purchase_requests.delete().where(purchase_requests.c.order_id == 1))
    harness.clock.pass_time(2)
    asked = harness.vouchers.count("POST /api/v1/orders")

    assert await reconcile_lost_orders(harness.shop, "starship") >= 1
    assert harness.vouchers.count("POST /api/v1/orders") == asked + 1
    assert (await harness.order(2)).state is OrderState.HANDLING
    await harness.close()
