"""The store: one writer, settings read back, transactions that end, a ledger that only grows."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from bot.domain import ledger
from bot.domain.alerts import AlertKind
from bot.domain.records import Locale
from bot.errors import Invariant, StorageFailure
from bot.refusals import WalletTooSmall
from storage.migrate import migrate
from storage.store import PRAGMAS, Store, async_url
from storage.tables import APPEND_ONLY, metadata
from tests.fakes import START


async def test_sqlite_has_the_settings_that_keep_what_was_committed(sqlite_store: Store):
    for engine in (sqlite_store._writer, sqlite_store._reader):
        async with engine.connect() as db:
            for name, value in PRAGMAS.items():
                got = (await db.execute(text(f"PRAGMA {name}"))).scalar_one()
                assert str(got).lower() == str(value)


async def test_each_connection_of_sqlite_keeps_half_a_mebibyte_of_pages(sqlite_store: Store):
    for engine in (sqlite_store._writer, sqlite_store._reader):
        async with engine.connect() as db:
            assert (await db.execute(text("PRAGMA cache_size"))).scalar_one() == -512


async def test_readers_cannot_write(sqlite_store: Store):
    with pytest.raises(StorageFailure, match="readonly"):
        async with sqlite_store.reading() as tx:
            await tx.customers.add(1, Locale.EN, START)


async def test_a_cancelled_caller_leaves_a_whole_transaction(store: Store):
    started = asyncio.Event()

    async def slow(tx):
        await tx.customers.add(1, Locale.EN, START)
        started.set()
        await asyncio.sleep(0.05)
        await tx.customers.add(2, Locale.EN, START)

    caller = asyncio.create_task(store.write(slow))
    await started.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller

    while store._running:  # PostgreSQL would let others pass it meanwhile
        await asyncio.sleep(0.01)

    async def count(tx):
        return [await tx.customers.get(n) is not None for n in (1, 2)]

    assert await store.write(count) == [True, True]


async def test_an_error_rolls_everything_back(store: Store):
    async def broken(tx):
        await tx.customers.add(1, Locale.EN, START)
        raise Invariant("stop")

    with pytest.raises(Invariant):
        await store.write(broken)

    async with store.reading() as tx:
        assert await tx.customers.get(1) is None


async def test_twenty_writers_at_once_all_succeed(store: Store):
    async def add(tx, user_id):
        await tx.customers.add(user_id, Locale.EN, START)

    await asyncio.gather(*(store.write(add, n) for n in range(20)))

    async with store.reading() as tx:
        assert all([await tx.customers.get(n) for n in range(20)])


async def test_a_posting_is_written_once_and_never_changed(store: Store):
    async def post(tx):
        return await tx.ledger.post(ledger.credit("k", 1, 500, ""), START, "test")

    assert [await store.write(post) for _ in range(3)] == [True, False, False]
    async with store.reading() as tx:
        assert await tx.ledger.balance("wallet:1") == 500
        assert await tx.ledger.balance("funding") == -500
    for table in APPEND_ONLY[:2]:
        for statement in (
            f"DELETE FROM {table}",
            f"UPDATE {table} SET {'note' if table == 'postings' else 'account'} = 'sales'",
        ):

            def change(db: Connection, sql: str = statement) -> None:
                db.execute(text(sql))

            with pytest.raises(StorageFailure, match="append-only"):
                await store.run_sync(change)


async def test_replacing_a_posting_does_not_walk_past_the_trigger(sqlite_store: Store):
    async def post(tx):
        await tx.ledger.post(ledger.credit("k", 1, 500, ""), START, "test")

    await sqlite_store.write(post)
    replacing = "INSERT OR REPLACE INTO postings (id, key, kind, actor, note, at) VALUES (1, 'k', 'credit', 'x', '', 0)"

    with pytest.raises(StorageFailure, match="append-only"):
        await sqlite_store.run_sync(lambda db: db.execute(text(replacing)))


async def test_no_wallet_and_no_escrow_is_ever_negative(store: Store):
    async def spend(tx):
        await tx.ledger.post(ledger.credit("k", 1, -1, ""), START, "test")

    async def release(tx):
        await tx.ledger.post(
            ledger.Posting("s", ledger.PostingKind.SALE, ledger.sale(1, 5).entries), START, "test"
        )

    with pytest.raises(WalletTooSmall):
        await store.write(spend)
    with pytest.raises(Invariant):
        await store.write(release)
    broken = (
        "INSERT INTO accounts (name, balance_minor, may_be_negative) VALUES ('wallet:9', -1, false)"
    )
    with pytest.raises(StorageFailure):
        await store.run_sync(lambda db: db.execute(text(broken)))


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based")
async def test_a_migrated_database_is_what_the_tables_say(store: Store):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def difference(db):
        def is_made(_object, name, *_more):
            return name != "ix_day_sums_groups" or db.dialect.name == "sqlite"

        context = MigrationContext.configure(db, opts={"include_object": is_made})
        return compare_metadata(context, metadata)

    assert await store.run_sync(difference) == []
    assert await migrate(store) is False


async def test_an_alert_is_open_once_and_counts_its_times(store: Store):
    async def act(tx):
        opened = [await tx.alerts.open("a", AlertKind.BALANCE_LOW, START, {}) for _ in range(2)]
        closed = [await tx.alerts.close("a", START) for _ in range(2)]
        return (
            opened,
            closed,
            await tx.alerts.open("a", AlertKind.BALANCE_LOW, START, {}),
        )

    assert await store.write(act) == ([1, None], [True, False], 2)


def test_database_urls():
    assert async_url("sqlite:///x.db").drivername == "sqlite+aiosqlite"
    assert async_url("postgres://h/d").drivername == "postgresql+asyncpg"
    with pytest.raises(ValueError, match="DATABASE_URL"):
        async_url("mysql://h/d")


async def test_a_schema_that_this_version_does_not_know_is_refused_in_words(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'other.db'}")

    def stamp(connection):
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('0004')")
        connection.exec_driver_sql("CREATE TABLE orders (id INTEGER)")
        connection.exec_driver_sql("CREATE TABLE postings (id INTEGER)")

    await store.run_sync(stamp)

    with pytest.raises(StorageFailure, match="made by another version"):
        await migrate(store)
    await store.close()


async def test_figures_of_today_read_the_orders_of_today_only(sqlite_store: Store):
    """A plan of SQLite that scans the orders takes longer with each year that a shop sells."""
    statements: list[tuple[str, Any]] = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        statements.append((statement, parameters))

    engine = sqlite_store._reader.sync_engine
    async with sqlite_store.reading() as tx:
        event.listen(engine, "before_cursor_execute", note)
        await tx.statistics.stats(START)
        event.remove(engine, "before_cursor_execute", note)
        plans = []
        for statement, parameters in statements:
            plan = await tx.statistics._db.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", parameters
            )
            plans += [row.detail for row in plan]

    assert any("ix_orders_created" in plan for plan in plans)
    assert [plan for plan in plans if plan.startswith("SCAN") and "users" not in plan] == []
