"""At night a backup and an audit; books that contradict themselves stop the selling until somebody looked."""

from pathlib import Path

import pytest
from sqlalchemy import update

from bot.domain.audit import Check
from bot.errors import ArchiveFailure, SellingPaused
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.operations.nightly import audit_now, last_due, work_nightly
from bot.services.operations.reports import report_attention, report_balances
from bot.services.orders.quote import make_quote
from bot.services.selling.pauses import resume_selling
from storage.tables import orders
from tests.harness import OPERATOR, START, ShopHarness


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
async def shop(harness: ShopHarness) -> ShopHarness:
    harness.shop.archive = Shelf()
    await work_nightly(harness.shop)
    await harness.customer(1)
    await harness.buy(1, 2)
    await harness.run(10)
    return harness


async def damage(harness: ShopHarness) -> None:
    async with harness.store._writer.begin() as db:
        await db.execute(update(orders).values(delivered_quantity=1))


async def test_each_night_is_worked_once_and_a_missed_one_is_made_up_for(shop: ShopHarness):
    assert not await work_nightly(shop.shop)
    assert last_due(shop.shop) < START
    shop.clock.pass_time(24 * 3600)

    worked = [await work_nightly(shop.shop) for _ in range(3)]
    shop.clock.pass_time(5 * 24 * 3600)
    worked += [await work_nightly(shop.shop) for _ in range(2)]

    assert worked == [True, False, False, True, False]
    assert shop.shop.archive.kept == 2
    shop.clock.pass_time(24 * 3600 - 60)
    shop.shop.archive = None
    assert await work_nightly(shop.shop)
    await shop.round()
    assert shop.sender.alerts() == []


async def test_a_backup_that_fails_is_told_each_night_until_it_works(shop: ShopHarness):
    shop.shop.archive.failure = "data/backups cannot be written: No space left on device"
    for _ in range(2):
        shop.clock.pass_time(24 * 3600)
        await work_nightly(shop.shop)
        await shop.round()
    assert [a["why"][-9:] for a in shop.sender.alerts("backup")] == ["on device"] * 2

    shop.shop.archive.failure = ""
    shop.clock.pass_time(24 * 3600)
    await work_nightly(shop.shop)
    await shop.round()

    assert len(shop.sender.alerts("backup")) == 2


async def test_books_that_contradict_themselves_stop_the_selling_until_an_operator_resumes(
    shop: ShopHarness,
):
    value = await shop.denomination()
    await damage(shop)
    shop.clock.pass_time(24 * 3600)
    await work_nightly(shop.shop)
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


async def test_what_only_the_supplier_tells_otherwise_is_told_and_stops_nothing(shop: ShopHarness):
    shop.clock.pass_time(3600)
    next(iter(shop.book.orders.values())).cards.append({"value": "MORE", "serial": ""})

    found, silent = await audit_now(shop.shop)
    await shop.round()

    assert silent == []
    assert [it.check for it in found if not it.is_well] == [Check.SUPPLIER]
    assert [a["paused"] for a in shop.sender.alerts("audit")] == ["no"]
    assert not (await report_attention(shop.shop)).paused


async def test_money_that_the_supplier_took_otherwise_is_seen(shop: ShopHarness):
    shop.clock.pass_time(3600)
    shop.book.transactions[0]["amount"] += 1

    found, _ = await audit_now(shop.shop)

    (it,) = [it for it in found if not it.is_well]
    assert it.check is Check.MOVEMENTS
    assert "the supplier took" in str(it.differences[0])


async def test_a_book_of_movements_that_names_no_order_is_not_compared(shop: ShopHarness):
    shop.clock.pass_time(3600)
    for row in shop.book.transactions:
        row["objid"] = "another name"

    found, _ = await audit_now(shop.shop)

    assert all(it.is_well for it in found)
    assert next(it for it in found if it.check is Check.MOVEMENTS).looked_at == 0


async def test_a_supplier_without_a_book_of_movements_is_audited_by_its_list(shop: ShopHarness):
    shop.book.script(Fault(FaultKind.STATUS, "transactions", status=404, code="NOT_FOUND"))

    found, silent = await audit_now(shop.shop)

    assert silent == []
    assert all(it.is_well for it in found)


async def test_without_an_answer_of_the_supplier_the_rest_is_still_compared(shop: ShopHarness):
    shop.book.script(Fault(FaultKind.STATUS, "list"))

    found, silent = await audit_now(shop.shop)

    assert silent == ["oneclickdz"]
    assert Check.SUPPLIER not in {it.check for it in found}
    assert all(it.is_well for it in found)


async def test_what_needs_an_operator_is_listed(shop: ShopHarness):
    async with shop.store._writer.begin() as db:
        await db.execute(update(orders).values(attention="surplus"))

    report = await report_attention(shop.shop)

    assert ([o.id for o in report.orders], report.count, report.quarantine) == ([1], 1, 0)
