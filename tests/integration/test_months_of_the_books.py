"""Months of the books: what is in the files adds up to the ledger and to /stats, and a closed month stays as it is."""

import shutil
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from beancount import loader
from sqlalchemy import event, select, text

from bot.domain.books import Month
from bot.domain.periods import Span
from bot.errors import ExportFailure, NotTied
from bot.refusals import NotEnded
from bot.services.bookkeeping import month as reading
from bot.services.bookkeeping.month import count_orders
from bot.services.operations.reports import report_stats
from storage.tables import accounts, orders
from tests.database import store_at
from tests.harness import ShopHarness
from tests.integration.book_steps import (
    CANARY,
    ZONE,
    Past,
    make_past,
    more,
    moved,
    table,
    total,
    write,
)
from tests.integration.payment_steps import Payments

DECEMBER, JANUARY = Month(2026, 12), Month(2027, 1)
MONTHS = (Month(2026, 11), DECEMBER, JANUARY, Month(2027, 2))


@pytest.fixture
async def lived(paying_harness: ShopHarness, pay: Payments) -> ShopHarness:
    await make_past(paying_harness, pay)
    return paying_harness


@pytest.fixture(scope="module")
def kept() -> dict[str, object]:
    """A copy of the database with that past, made by the first test that wants one."""
    return {}


@pytest.fixture
async def past(kept, tmp_path_factory, migrated) -> AsyncIterator[Past]:
    folder = tmp_path_factory.mktemp("past")
    if not kept:
        path = folder / "first.db"
        shutil.copy(migrated, path)
        harness = await ShopHarness(store_at(path)).open()
        harness.offer()
        await make_past(harness, Payments(harness))
        kept["codes"] = harness.book.codes()
        await harness.close()
        await harness.store.close()
        kept["path"] = path
    shutil.copy(kept["path"], folder / "past.db")
    store = store_at(folder / "past.db")
    yield Past(store, kept["codes"])
    await store.close()


@pytest.mark.parametrize("page", [3, 500])
async def test_the_sheets_added_up_again_are_the_ledger(lived, tmp_path, monkeypatch, page):
    monkeypatch.setattr(reading, "PAGE", page)
    for month in MONTHS:
        summary = await write(lived, month, tmp_path, csv_folder=tmp_path)

        ledger, sold, paid = (table(tmp_path, name) for name in ("ledger", "orders", "payments"))
        assert total(ledger, "Amount") == 0
        for account in ("wallet:", "escrow:", "sales", "funding", "losses", "paid:stars"):
            mine = [row for row in ledger if row["Account"].startswith(account)]
            assert total(mine, "Amount") == await moved(lived, account, month), account
        assert total(sold, "Sold") == await moved(lived, "sales", month) == summary.sales_minor
        assert total(paid, "Amount") == -await moved(lived, "paid:", month)
        here = [row for row in sold if row["Ended"].startswith(str(month))]
        assert summary.orders == len(here)
        assert len({row["Order"] for row in sold}) == len(sold)


async def test_a_month_begins_with_what_the_one_before_ended_with(past, tmp_path):
    one = await write(past, DECEMBER, tmp_path, csv_folder=tmp_path)
    other = await write(past, JANUARY, tmp_path, csv_folder=tmp_path)

    for group, balance in other.balances.items():
        before = one.balances.get(group)
        assert balance.opening_minor == (before.closing_minor if before else 0), group
    async with past.store.reading() as tx:
        now = dict(
            (await tx.orders._db.execute(select(accounts.c.name, accounts.c.balance_minor))).all()
        )
    assert (
        other.balances["sales"].closing_minor + await moved(past, "sales", Month(2027, 2))
        == now["sales"]
    )


async def test_all_months_together_are_the_figures_of_all_time(lived, tmp_path):
    found = [await write(lived, month, tmp_path, csv_folder=tmp_path) for month in MONTHS]
    stats = await report_stats(lived.shop, Span.ALL)

    assert sum(it.sales_minor for it in found) == stats.sales_minor > 0
    assert sum(it.cost_minor for it in found) == stats.cost_minor > 0
    assert sum(it.losses_minor for it in found) == stats.losses_minor > 0
    assert sum(it.refunded_minor for it in found) == stats.returned_minor > 0
    assert sum(it.profit_minor for it in found) == stats.profit_minor
    assert sum(it.stars_in for it in found) > sum(it.stars_back for it in found) > 0


async def test_an_order_belongs_to_the_month_in_which_it_ended(past, tmp_path):
    begin = JANUARY.bounds(ZONE)[0]
    async with past.store.reading() as tx:
        across = select(orders.c.id).where(
            orders.c.created_at < begin, orders.c.settled_at >= begin
        )
        crossing = {str(it) for it in (await tx.orders._db.execute(across)).scalars()}
    await write(past, DECEMBER, tmp_path / "one", csv_folder=tmp_path / "one")
    await write(past, JANUARY, tmp_path / "two", csv_folder=tmp_path / "two")

    before, after = (
        {row["Order"] for row in table(tmp_path / it, "orders")} for it in ("one", "two")
    )
    assert crossing
    assert crossing <= after
    assert not crossing & before


async def test_an_order_in_parts_is_in_both_months_and_costs_in_the_one_in_which_it_ends(
    past, tmp_path
):
    begin, end = JANUARY.bounds(ZONE)
    async with past.store.reading() as tx:
        found = select(orders.c.id, orders.c.cost_minor).where(
            orders.c.settled_at >= begin, orders.c.settled_at < end, orders.c.delivered_quantity > 0
        )
        order_id, cost = (await tx.orders._db.execute(found.limit(1))).one()
    for settled_at, state, costs in (
        (end + timedelta(days=1), "open", 0),
        (begin - timedelta(days=1), "fulfilled", 0),
        (end - timedelta(seconds=1), "fulfilled", cost),
    ):
        async with past.store._writer.begin() as db:
            await db.execute(
                orders.update().where(orders.c.id == order_id).values(settled_at=settled_at)
            )
        await write(past, JANUARY, tmp_path, csv_folder=tmp_path)
        row = next(it for it in table(tmp_path, "orders") if it["Order"] == str(order_id))
        assert (row["State"], Decimal(row["Cost"]) * 100) == (state, costs)
        assert Decimal(row["Sold"]) > 0


async def test_a_closed_month_is_the_same_bytes_whatever_happens_later(lived, tmp_path, pay):
    first, later = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    await write(lived, JANUARY, tmp_path, workbook=first)
    await more(lived, pay, "february")

    await write(lived, JANUARY, tmp_path, workbook=later)

    assert first.read_bytes() == later.read_bytes()


async def test_the_workbook_has_the_same_figures_as_types_of_a_spreadsheet(past, tmp_path):
    path = tmp_path / "month.xlsx"
    summary = await write(past, JANUARY, tmp_path, workbook=path)
    book = openpyxl.load_workbook(path)

    assert book.sheetnames == ["Summary", "Orders", "Ledger", "Payments"]
    ledger = list(book["Ledger"].iter_rows(min_row=2, values_only=True))
    assert round(sum(row[4] for row in ledger) * 100) == 0
    assert all(isinstance(row[1], datetime) for row in ledger)
    sold = list(book["Orders"].iter_rows(min_row=2, values_only=True))
    assert round(sum(row[9] for row in sold) * 100) == summary.sales_minor
    lines = {row[0]: row[1:] for row in book["Summary"].iter_rows(min_row=2, values_only=True)}
    opening, change, closing = lines["Wallets of customers"]
    assert (
        round((opening + change) * 100)
        == round(closing * 100)
        == summary.balances["wallet"].closing_minor
    )
    assert round(lines["Profit"][1] * 100) == summary.profit_minor


async def test_times_of_the_workbook_are_those_of_the_csv_files(past, tmp_path):
    path = tmp_path / "month.xlsx"
    await write(past, JANUARY, tmp_path, workbook=path, csv_folder=tmp_path)

    rows = openpyxl.load_workbook(path)["Ledger"].iter_rows(min_row=2, values_only=True)
    assert [f"{row[1]:%Y-%m-%d %H:%M:%S}" for row in rows] == [
        row["Time"] for row in table(tmp_path, "ledger")
    ]


async def test_pages_read_what_the_sheet_of_orders_needs(past, tmp_path):
    said: list[str] = []
    engine = past.store._reader.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))

    await write(past, JANUARY, tmp_path, csv_folder=tmp_path)

    pages = [one for one in said if "orders.denomination_label" in one]
    assert pages
    assert not [one for one in pages if "supplier_order_id" in one]


async def test_a_product_named_like_a_formula_is_text(past, tmp_path):
    for start in ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1+1", "＠x"):
        async with past.store._writer.begin() as db:
            await db.execute(orders.update().values(product_title=f"{start} & cmd"))
        await write(past, JANUARY, tmp_path, workbook=tmp_path / "m.xlsx", csv_folder=tmp_path)
        named = openpyxl.load_workbook(tmp_path / "m.xlsx")["Orders"]["E2"]

        assert named.data_type == "s"
        assert {row["Product"] for row in table(tmp_path, "orders")} == {f"'{start} & cmd"}
        assert any(row["Amount"].startswith("-") for row in table(tmp_path, "ledger"))


async def test_a_workbook_is_closed_when_the_database_is_left(past, tmp_path, monkeypatch):
    """It may take a minute; PostgreSQL ends a transaction that does nothing for some seconds."""
    begin, close, steps = past.store.reading, xlsxwriter.Workbook.close, []

    @asynccontextmanager
    async def reading(*, long):
        async with begin(long=long) as tx:
            yield tx
        steps.append("left")

    def closing(book):
        steps.append("closed")
        close(book)

    monkeypatch.setattr(past.store, "reading", reading)
    monkeypatch.setattr(xlsxwriter.Workbook, "close", closing)
    await write(past, JANUARY, tmp_path, workbook=tmp_path / "m.xlsx", ledger=tmp_path / "m.l")

    assert steps == ["left", "closed"]


async def test_a_month_that_no_workbook_holds_is_written_nowhere(past, tmp_path, monkeypatch):
    """The library answers that a row was left out, or a text cut, and goes on."""
    path = tmp_path / "m.xlsx"
    async with past.store._writer.begin() as db:
        await db.execute(orders.update().values(product_title="x" * 32_768))
    with pytest.raises(ExportFailure, match="Orders has a text that is longer than a cell holds"):
        await write(past, JANUARY, tmp_path, workbook=path)
    add = xlsxwriter.Workbook.add_worksheet

    def add_small(book, name):
        sheet = add(book, name)
        sheet.xls_rowmax = 3
        return sheet

    monkeypatch.setattr(xlsxwriter.Workbook, "add_worksheet", add_small)
    async with past.store._writer.begin() as db:
        await db.execute(orders.update().values(product_title="x"))
    with pytest.raises(ExportFailure, match="has more rows than a workbook holds: use --csv"):
        await write(past, JANUARY, tmp_path, workbook=path)
    assert not path.exists()


async def test_beancount_finds_the_ledger_sound(past, tmp_path):
    for month in (Month(2026, 11), DECEMBER, JANUARY, Month(2026, 5)):
        path = tmp_path / "month.beancount"
        await write(past, month, tmp_path, ledger=path)
        found, errors, _ = loader.load_file(str(path))
        assert errors == []
        assert len(found) > 1

    path.write_text(path.read_text())
    await write(past, JANUARY, tmp_path, ledger=path)
    changed = path.read_text().replace("  Income:Sales  -", "  Income:Sales  -1", 1)
    path.write_text(changed)
    assert loader.load_file(str(path))[1] != []
    assert [it.name for it in tmp_path.iterdir() if it.name.endswith(".part")] == []


async def test_a_month_that_does_not_tie_leaves_what_was_there(past, tmp_path):
    async with past.store._writer.begin() as db:
        await db.execute(
            accounts.update().where(accounts.c.name == "sales").values(balance_minor=1)
        )
    places = {
        "workbook": tmp_path / "m.xlsx",
        "csv_folder": tmp_path,
        "ledger": tmp_path / "m.beancount",
    }
    before = dict.fromkeys(("m.xlsx", "m.beancount", "ledger.csv"), "of last year")
    for name, text_ in before.items():
        (tmp_path / name).write_text(text_)
    for name, place in places.items():
        with pytest.raises(NotTied) as refused:
            await write(past, JANUARY, tmp_path, **{name: place})
        assert any(it.startswith("sales: ") for it in refused.value.differences)
        assert {it.name: it.read_text() for it in tmp_path.iterdir()} == before


async def test_files_that_were_there_are_replaced(past, tmp_path):
    real = tmp_path / "real.beancount"
    real.write_text("old")
    link = tmp_path / "link.beancount"
    link.symlink_to(real)
    (tmp_path / "orders.csv").write_text("old")

    await write(past, JANUARY, tmp_path, csv_folder=tmp_path, ledger=link)

    assert link.is_symlink()
    assert "Opening" in real.read_text()
    assert {it.name for it in tmp_path.iterdir()} == {
        *("orders.csv", "ledger.csv", "payments.csv", "summary.csv"),
        *(real.name, link.name),
    }
    with pytest.raises(ExportFailure, match="no file"):
        await write(past, JANUARY, tmp_path, ledger=tmp_path)


async def test_nothing_that_is_secret_is_in_a_file(past, tmp_path):
    """Words of operators and customers, and codes: none of them is ever read for a file."""
    month, codes = JANUARY, [code.encode() for code in past.codes]
    await write(
        past,
        month,
        tmp_path,
        workbook=tmp_path / "m.xlsx",
        csv_folder=tmp_path,
        ledger=tmp_path / "m.beancount",
    )

    with zipfile.ZipFile(tmp_path / "m.xlsx") as packed:
        texts = [packed.read(name) for name in packed.namelist()]
    texts += [it.read_bytes() for it in tmp_path.iterdir() if it.suffix in (".csv", ".beancount")]
    assert codes
    for secret in (CANARY.encode(), *codes):
        assert not any(secret in it for it in texts)


async def test_a_month_is_counted_when_it_is_over(lived):
    assert await count_orders(lived.shop, JANUARY) > 0
    assert await count_orders(lived.shop, Month(2020, 1)) == 0
    for month in (Month(2027, 2), Month(2030, 1)):
        with pytest.raises(NotEnded):
            await count_orders(lived.shop, month)


async def test_pages_are_found_by_an_index(past):
    begin, end = JANUARY.bounds(ZONE)
    async with past.store.reading() as tx:
        plan = await tx.orders._db.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT p.id FROM postings p JOIN entries e ON e.posting_id = p.id "
                "WHERE p.at >= :begin AND p.at < :end ORDER BY p.at, p.id, e.account LIMIT 500"
            ),
            {"begin": begin.timestamp() * 1000, "end": end.timestamp() * 1000},
        )
        assert "ix_postings_at" in " ".join(str(row) for row in plan)
