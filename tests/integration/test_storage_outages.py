"""A database that is away, silent, or busy with others for a moment: what is tried again, and what is said."""

import asyncio
import errno
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.records import Locale
from bot.errors import CommitUnknown, NotLeading, StorageConflict, StorageFailure, StorageOutage
from bot.refusals import NotFound
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from storage import attempts, commits, postgres
from storage.attempts import Attempts
from storage.failures import as_failure
from storage.store import Store
from storage.tables import commit_marks
from tests.fakes import START


def test_what_a_driver_raises_is_an_outage_a_conflict_or_a_failure():
    refused = ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
    assert type(as_failure(refused)) is StorageOutage
    assert "Connection refused" in str(as_failure(refused))
    assert type(as_failure(TimeoutError())) is StorageOutage
    assert type(as_failure(PoolTimeout("full"))) is StorageOutage
    known = StorageFailure("known")
    assert as_failure(known) is known
    assert as_failure(NotFound()) is None
    assert as_failure(ValueError("ours")) is None


def of_asyncpg(name: str, **state: str) -> Exception:
    kind = type(name, (Exception,), {"__module__": "asyncpg.exceptions", **state})
    return kind("words of the server")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (of_asyncpg("CannotConnectNowError", sqlstate="57P03"), StorageOutage),
        (of_asyncpg("AdminShutdownError", sqlstate="57P01"), StorageOutage),
        (of_asyncpg("TooManyConnectionsError", sqlstate="53300"), StorageOutage),
        (of_asyncpg("ReadOnlySQLTransactionError", sqlstate="25006"), StorageOutage),
        (of_asyncpg("ConnectionDoesNotExistError", sqlstate="08003"), StorageOutage),
        (of_asyncpg("InternalClientError"), StorageOutage),
        (of_asyncpg("DeadlockDetectedError", sqlstate="40P01"), StorageConflict),
        (of_asyncpg("SerializationError", sqlstate="40001"), StorageConflict),
        (of_asyncpg("InvalidPasswordError", sqlstate="28P01"), StorageFailure),
        (of_asyncpg("InvalidCatalogNameError", sqlstate="3D000"), StorageFailure),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.__name__,
)
def test_what_asyncpg_raises_while_it_connects(error, kind):
    assert type(as_failure(error)) is kind


def test_conflicts_are_repeated_some_times_and_outages_for_two_seconds():
    now = 0.0
    tries = Attempts(lambda: now)
    waits = [tries.wait_after(StorageConflict()) for _ in range(attempts._CONFLICTS)]
    assert waits[-1] is None
    assert None not in waits[:-1]
    tries = Attempts(lambda: now)
    assert tries.wait_after(StorageOutage()) is not None
    now = attempts._OUTAGE_SECONDS
    assert tries.wait_after(StorageOutage()) is None
    assert Attempts(lambda: now).wait_after(StorageFailure()) is None
    assert Attempts(lambda: now).wait_after(NotLeading()) is None


class Cut:
    """An engine of which the first so many connections fail."""

    def __init__(self, engine, failures: list[BaseException]) -> None:
        self._engine, self.failures = engine, failures

    async def dispose(self):
        await self._engine.dispose()

    def begin(self):
        return self.connect(begin=True)

    def connect(self, *, begin: bool = False):
        if self.failures:
            raise self.failures.pop(0)
        return self._engine.begin() if begin else self._engine.connect()


async def test_a_transaction_is_tried_again_while_the_database_is_away(sqlite_store: Store):
    away = [ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")] * 3
    writer = Cut(sqlite_store._writer, list(away))
    reader = Cut(sqlite_store._reader, list(away))
    sqlite_store._writer, sqlite_store._reader = writer, reader  # type: ignore[assignment]

    await sqlite_store.write(lambda tx: tx.customers.add(1, Locale.EN, START))
    async with sqlite_store.reading() as tx:
        assert await tx.customers.get(1) is not None

    assert (writer.failures, reader.failures) == ([], [])


async def test_a_longer_outage_is_a_failure_of_the_storage(sqlite_store: Store, monkeypatch):
    monkeypatch.setattr(attempts, "_OUTAGE_SECONDS", 0.05)
    away = [ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")] * 1000
    engine = Cut(sqlite_store._writer, list(away))
    sqlite_store._writer = sqlite_store._reader = engine  # type: ignore[assignment]

    with pytest.raises(StorageOutage, match="Connection refused"):
        await sqlite_store.write(lambda tx: tx.customers.add(1, Locale.EN, START))
    with pytest.raises(StorageOutage, match="Connection refused"):
        async with sqlite_store.reading():
            pass
    engine.failures.clear()


async def cut_at_commit(store: Store, monkeypatch, *, committed: bool) -> None:
    """The connection breaks after the server has committed, or before it has heard of it."""
    dialect = store._writer.sync_engine.dialect
    do_commit = dialect.do_commit

    def lose(connection):
        monkeypatch.setattr(dialect, "do_commit", do_commit)
        if committed:
            do_commit(connection)
        connection._connection.terminate()
        raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")

    monkeypatch.setattr(dialect, "do_commit", lose)


def needs_postgres(store: Store) -> None:
    if store.url.get_backend_name() != "postgresql":
        pytest.skip("on SQLite a commit is answered by the process itself")


@pytest.mark.parametrize("committed", [True, False])
async def test_a_commit_whose_answer_is_lost_is_looked_up(store: Store, monkeypatch, committed):
    needs_postgres(store)
    runs = []

    async def add(tx):
        runs.append(1)
        await tx.customers.add(1, Locale.EN, START)
        return "done"

    await store.write(lambda tx: tx.customers.get(1))
    await cut_at_commit(store, monkeypatch, committed=committed)

    assert await store.write(add) == "done"
    assert len(runs) == (1 if committed else 2)
    async with store.reading() as tx:
        assert await tx.customers.get(1) is not None


async def test_a_commit_that_nobody_can_look_up_is_said_to_be_unknown(store: Store, monkeypatch):
    needs_postgres(store)
    monkeypatch.setattr(commits, "_LOOK_SECONDS", 0.3)

    async def silent(*_args):
        return None

    monkeypatch.setattr(commits.Commits, "_kept", silent)
    await cut_at_commit(store, monkeypatch, committed=True)

    with pytest.raises(CommitUnknown):
        await store.write(lambda tx: tx.customers.add(1, Locale.EN, START))


async def test_a_commit_at_another_server_is_unknown(store: Store, monkeypatch):
    needs_postgres(store)
    await store.write(lambda tx: tx.customers.get(1))
    assert store._commits is not None
    store._commits._timeline = "0000000F"
    await cut_at_commit(store, monkeypatch, committed=True)

    with pytest.raises(CommitUnknown, match="another server"):
        await store.write(lambda tx: tx.customers.add(1, Locale.EN, START))


async def test_a_number_that_the_server_gave_twice_proves_nothing(store: Store):
    needs_postgres(store)
    made = store._commits
    assert made is not None

    async def number(tx) -> str:
        found = await tx.customers._db.execute(text("SELECT CAST(pg_current_xact_id() AS text)"))
        return str(found.scalar_one())

    async with store._writer.connect() as connection:
        lost = await made.begin(connection)
        await connection.invalidate()
    others = await store.write(number)

    assert not await made.was_committed(lost)
    assert not await made.was_committed(lost._replace(number=others))
    in_the_future = str(int(others) + 1_000_000)
    assert not await made.was_committed(lost._replace(number=in_the_future))


async def test_a_commit_is_known_also_when_its_connection_has_committed_again(store: Store):
    needs_postgres(store)
    made = store._commits
    assert made is not None
    async with store._writer.connect() as connection:
        async with connection.begin():
            first = await made.begin(connection)
        async with connection.begin() as second:
            given_up = await made.begin(connection)
            await second.rollback()
        async with connection.begin():
            await made.begin(connection)

    assert await made.was_committed(first)
    assert not await made.was_committed(given_up)


async def test_what_fails_after_a_commit_leaves_it_committed(store: Store, monkeypatch):
    runs: list[int] = []
    end = AsyncConnection.close

    async def add(tx) -> str:
        runs.append(1)
        await tx.customers.add(1, Locale.EN, START)
        return "done"

    async def close_late(connection):
        await end(connection)
        raise TimeoutError  # as the limit of the whole transaction, which strikes at that moment

    monkeypatch.setattr(AsyncConnection, "close", close_late)

    assert await store.write(add) == "done"
    monkeypatch.setattr(AsyncConnection, "close", end)
    assert runs == [1]


async def test_old_marks_of_commits_are_deleted(store: Store):
    needs_postgres(store)

    async def marks(tx) -> int:
        return (
            await tx.customers._db.execute(select(func.count()).select_from(commit_marks))
        ).scalar_one()

    await store.write(lambda tx: tx.customers.get(1))
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    async with store.reading() as tx:
        assert await marks(tx) > 0

    await store.write(lambda tx: tx.leader.forget_marks(tomorrow))

    async with store.reading() as tx:
        assert await marks(tx) == 0


async def test_who_does_not_lead_writes_nothing(store: Store):
    needs_postgres(store)

    async def take(tx, instance: str):
        return await tx.leader.take(instance, "here:1", 7, START)

    assert await store.write(take, "first") == 1
    store.lead("first")
    await store.write(lambda tx: tx.customers.add(1, Locale.EN, START))
    other = Store(store.url.render_as_string(hide_password=False))
    assert await other.write(take, "second") == 2
    await other.close()

    with pytest.raises(NotLeading):
        await store.write(lambda tx: tx.customers.add(2, Locale.EN, START))
    async with store.reading() as tx:
        assert await tx.customers.get(2) is None


async def test_a_transaction_under_way_ends_before_another_process_leads(store: Store):
    needs_postgres(store)
    await store.write(lambda tx: tx.leader.take("first", "here:1", 7, START))
    store.lead("first")
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(tx):
        begun.set()
        await go_on.wait()
        await tx.customers.add(1, Locale.EN, START)

    other = Store(store.url.render_as_string(hide_password=False))
    writing = asyncio.create_task(store.write(slow))
    await begun.wait()
    taking = asyncio.create_task(
        other.write(lambda tx: tx.leader.take("second", "there:2", 7, START))
    )
    await asyncio.sleep(0.2)
    assert not taking.done()
    go_on.set()
    await writing
    await taking
    await other.close()


async def test_a_database_that_answers_nothing_is_given_up_and_asked_by_new_connections(
    store: Store,
):
    needs_postgres(store)
    url = store.url.render_as_string(hide_password=False)
    hasty = Store(url)
    hasty._writer = hasty._reader = postgres.work_engine(hasty.url, name="hasty", seconds=2.0)
    hasty._sessions = [postgres.Sessions(hasty._writer)]
    async with hasty._writer.connect() as one, hasty._writer.connect() as two:
        drivers = [(await db.get_raw_connection()).driver_connection for db in (one, two)]

    async def sleep(tx):
        await tx.customers._db.execute(text("SET LOCAL statement_timeout = 0"))
        await tx.customers._db.execute(text("SELECT pg_sleep(20)"))

    with pytest.raises(StorageOutage):
        await hasty.write(sleep)
    assert [driver is None or driver.is_closed() for driver in drivers] == [True, True]
    await hasty.write(lambda tx: tx.customers.get(1))
    await hasty.close()


async def test_what_the_server_would_forget_in_a_power_failure_is_set_right(store, monkeypatch):
    needs_postgres(store)
    monkeypatch.setattr(postgres, "SYNCHRONOUS", postgres.SYNCHRONOUS - {"off"})
    async with store._writer.connect() as db:
        name = store.url.database
        await db.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
        await db.commit()
    again = Store(store.url.render_as_string(hide_password=False))
    async with again.reading() as tx:
        found = await tx.customers._db.execute(text("SHOW synchronous_commit"))
        assert found.scalar_one() == "on"
    await again.close()


async def test_what_the_server_did_not_see_end_is_ended_by_the_next_connection(store: Store):
    """As where packets are lost: the server goes on with a statement that nobody waits for."""
    needs_postgres(store)
    url = store.url.render_as_string(hide_password=False)
    hasty = Store(url, name="hasty")
    hasty._writer = hasty._reader = postgres.work_engine(hasty.url, name="hasty", seconds=2.0)
    hasty._sessions = [postgres.Sessions(hasty._writer)]

    async def hold(tx):
        await tx.leader.take("other", "there:1", 1, START)
        await tx.customers._db.execute(text("SET LOCAL statement_timeout = 0"))
        await tx.customers._db.execute(text("SELECT pg_sleep(120)"))

    await store.write(lambda tx: tx.leader.take("first", "here:1", 1, START))
    with pytest.raises(StorageOutage):
        await hasty.write(hold)
    await hasty.write(lambda tx: tx.customers.get(1))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await store.write(lambda tx: tx.leader.take("third", "here:3", 1, START))
    await hasty.close()
