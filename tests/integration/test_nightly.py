"""Every night a backup and an audit; books that contradict themselves pause selling until an operator resumes."""

from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import update

from bot import errors
from bot.domain.audit import Check
from bot.errors import ArchiveFailure
from bot.refusals import SellingPaused
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.operations.nightly import act_on_audit, audit_now, back_up, last_due, run_nightly
from bot.services.operations.reports import report_attention, report_balances
from bot.services.orders.quote import make_quote
from bot.services.selling.pauses import resume_selling
from storage.tables import orders
from tests.fakes import START
from tests.harness import OPERATOR, ShopHarness

MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)


class Shelf:
    """Implements the Archive port: counts, or fails."""

    def __init__(self) -> None:
        self.kept, self.failure = 0, ""

    async def keep(self) -> Path:
        if self.failure:
            raise ArchiveFailure(self.failure)
        self.kept += 1
        return Path("x")


@pytest.fixture
def archive() -> Shelf:
    return Shelf()


@pytest.fixture
async def shop(harness: ShopHarness, archive: Shelf) -> ShopHarness:
    harness.shop.archive = archive
    await run_nightly(harness.shop)
    await harness.customer(1)
    await harness.buy(1, 2)
    await harness.run(10)
    return harness


async def damage(harness: ShopHarness) -> None:
    async with harness.store._writer.begin() as db:
        await db.execute(update(orders).values(delivered_quantity=1))


async def test_each_night_is_worked_once_and_a_missed_one_later(shop: ShopHarness, archive: Shelf):
    assert not await run_nightly(shop.shop)
    assert last_due(shop.shop) < START
    shop.clock.pass_time(24 * 3600)

    worked = [await run_nightly(shop.shop) for _ in range(3)]
    shop.clock.pass_time(5 * 24 * 3600)
    worked += [await run_nightly(shop.shop) for _ in range(2)]

    assert worked == [True, False, False, True, False]
    assert archive.kept == 2
    shop.clock.pass_time(24 * 3600 - 60)
    shop.shop.archive = None
    assert await run_nightly(shop.shop)
    await shop.round()
    assert shop.sender.alerts() == []


async def test_a_backup_that_fails_is_told_each_night_until_it_works(
    shop: ShopHarness, archive: Shelf
):
    archive.failure = "data/backups cannot be written: No space left on device"
    for _ in range(2):
        shop.clock.pass_time(24 * 3600)
        await run_nightly(shop.shop)
        await shop.round()
    assert [a["why"][-9:] for a in shop.sender.alerts("backup")] == ["on device"] * 2

    archive.failure = ""
    shop.clock.pass_time(24 * 3600)
    await run_nightly(shop.shop)
    await shop.round()

    assert len(shop.sender.alerts("backup")) == 2


async def test_books_that_contradict_themselves_stop_the_selling_until_an_operator_resumes(
    shop: ShopHarness,
):
    value = await shop.denomination()
    await damage(shop)
    shop.clock.pass_time(24 * 3600)
    await run_nightly(shop.shop)
    await shop.round()

    (alert,) = shop.sender.alerts("audit")
    assert (alert["checks"], alert["about"], alert["paused"]) == ("orders codes", "#1", "yes")
    with pytest.raises(SellingPaused):
        await make_quote(shop.shop, 1, value, 1)
    assert (await report_attention(shop.shop)).paused
    assert ((await report_balances(shop.shop))[0]).paused
    assert await resume_selling(shop.shop, key="u1", operator_id=OPERATOR)
    assert not await resume_selling(shop.shop, key="u2", operator_id=OPERATOR)
    assert (await make_quote(shop.shop, 1, value, 1)).quote.quantity == 1


async def test_orders_that_are_paid_go_on_while_nothing_new_is_sold(shop: ShopHarness):
    await shop.customer(2)
    order = await shop.buy(2)
    await damage(shop)
    await audit_now(shop.shop)

    await shop.run(15)

    assert shop.sender.codes_of(2) != []
    assert (await shop.order(order.id)).delivered_quantity == 1


async def test_a_difference_with_the_supplier_is_alerted_and_pauses_nothing(shop: ShopHarness):
    shop.clock.pass_time(3600)
    next(iter(shop.book.orders.values())).cards.append({"value": "MORE", "serial": ""})

    found, silent = await audit_now(shop.shop)
    await shop.round()

    assert silent == []
    assert [audited.check for audited in found if not audited.is_well] == [Check.SUPPLIER]
    assert [a["paused"] for a in shop.sender.alerts("audit")] == ["no"]
    assert not (await report_attention(shop.shop)).paused


async def test_money_that_the_supplier_took_otherwise_is_seen(shop: ShopHarness):
    shop.clock.pass_time(3600)
    amount = shop.book.transactions[0]["amount"]
    assert isinstance(amount, Decimal)
    shop.book.transactions[0]["amount"] = amount + 1

    found, _ = await audit_now(shop.shop)

    (audited,) = [audited for audited in found if not audited.is_well]
    assert audited.check is Check.MOVEMENTS
    assert "the supplier took" in str(audited.differences[0])


async def test_a_book_of_movements_that_names_no_order_is_not_compared(shop: ShopHarness):
    shop.clock.pass_time(3600)
    for row in shop.book.transactions:
        row["objid"] = "another name"

    found, _ = await audit_now(shop.shop)

    assert all(audited.is_well for audited in found)
    assert next(audited for audited in found if audited.check is Check.MOVEMENTS).looked_at == 0


async def test_a_supplier_without_a_book_of_movements_is_audited_by_its_list(shop: ShopHarness):
    shop.book.script(Fault(FaultKind.STATUS, "transactions", status=404, code="NOT_FOUND"))

    found, silent = await audit_now(shop.shop)

    assert silent == []
    assert all(audited.is_well for audited in found)


async def test_without_an_answer_of_the_supplier_the_rest_is_still_compared(shop: ShopHarness):
    shop.book.script(Fault(FaultKind.STATUS, "list"))

    found, silent = await audit_now(shop.shop)

    assert silent == ["oneclickdz"]
    assert Check.SUPPLIER not in {audited.check for audited in found}
    assert all(audited.is_well for audited in found)


async def test_a_night_is_due_at_its_time_on_the_shops_own_date(harness: ShopHarness):
    # Algiers is an hour ahead of UTC, so its date is the next one.
    harness.set_policy(nightly_at=time(0, 15))
    for moment, due in (
        (START.replace(hour=23, minute=15) - MOMENT, START.replace(hour=23, minute=15) - DAY),
        (START.replace(hour=23, minute=15), START.replace(hour=23, minute=15)),
        (START.replace(hour=23, minute=30), START.replace(hour=23, minute=15)),
    ):
        harness.clock.moment = moment
        assert last_due(harness.shop) == due


async def test_a_night_that_was_worked_when_it_was_due_is_not_worked_again(harness: ShopHarness):
    await run_nightly(harness.shop)
    harness.clock.moment = last_due(harness.shop) + DAY

    assert [await run_nightly(harness.shop) for _ in range(2)] == [True, False]


async def test_books_without_a_difference_stop_nothing(harness: ShopHarness):
    assert await harness.store.write(act_on_audit, harness.shop, []) is False


async def test_the_night_is_due_by_the_shops_clock(harness: ShopHarness):
    zone = harness.shop.policy.time_zone
    for hour, day in ((1, 20), (2, 20), (3, 21), (9, 21)):
        harness.clock.moment = START.replace(hour=hour, minute=0)
        due = last_due(harness.shop).astimezone(zone)
        assert (due.day, due.hour, due.minute) == (day, 3, 30)
    harness.clock.moment = START.replace(hour=2, minute=30)
    assert last_due(harness.shop) == harness.clock.now()  # to the second
    harness.clock.moment = START
    assert not await run_nightly(harness.shop)
    harness.clock.pass_time(86_400)
    assert await run_nightly(harness.shop)
    assert not await run_nightly(harness.shop)


async def test_a_backup_that_works_again_ends_its_alert(harness: ShopHarness):
    class Archive:
        fails = True

        async def keep(self):
            if self.fails:
                raise errors.ArchiveFailure("full")

    harness.shop.archive = Archive()
    await back_up(harness.shop)
    async with harness.store.reading() as tx:
        assert await tx.alerts.is_open("backup_failed")
    harness.shop.archive.fails = False
    await back_up(harness.shop)
    async with harness.store.reading() as tx:
        assert not await tx.alerts.is_open("backup_failed")
