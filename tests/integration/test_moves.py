"""A shop is moved from SQLite to PostgreSQL and back: nothing is lost, and only one of the two runs."""

import asyncio
import shutil
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.errors import DatabaseMoved, StorageFailure
from bot.move import Report, Step, move
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from storage.copying import COPIED, contents, open_engine
from storage.counters import NUMBERED, last_id
from storage.holding import held
from storage.leader_lock import command_lock
from storage.migrate import has_tables, migrate
from storage.moved import check_not_moved
from storage.snapshot import check_sqlite, path_of
from storage.store import PRAGMAS, Store
from tests.crash import scenes, voucher_scenes
from tests.database import store_at
from tests.harness import books_agree
from tests.postgres import POSTGRES, new_database
from tests.vouchers import VoucherHarness

pytestmark = [
    pytest.mark.skipif(
        not POSTGRES, reason="TEST_POSTGRES_URL is not set: no PostgreSQL to test on"
    ),
    pytest.mark.later,
]
_PLAYED = (
    scenes.a_card_pays_for_an_order,
    scenes.a_question_to_support_is_answered_by_another,
    scenes.delivered_shown_and_hidden,
    scenes.part_delivered_then_nothing,
    voucher_scenes.vouchers_in_parts_lost_and_late,
)
TO_POSTGRESQL = (Step.HELD, Step.FILLED, Step.COMPARED, Step.COMMITTED, Step.LEFT, Step.ENDED)
TO_SQLITE = (*TO_POSTGRESQL[:-1], Step.PUT_ASIDE, Step.IN_PLACE, Step.ENDED)


@pytest.fixture(scope="module")
def played(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop in which much has happened, made once and copied."""
    path = tmp_path_factory.mktemp("played") / "hanout.db"
    shutil.copy(migrated, path)

    async def play() -> None:
        store = store_at(path)
        harness = await VoucherHarness(store, both=True).open()
        harness.offer()
        for scene in _PLAYED:
            await scene(harness)
        await books_agree(harness)
        await harness.close()
        async with store.reading() as tx:
            await tx.codes.showings()
        await store.close()

    asyncio.run(play())
    return path


@pytest.fixture
def sqlite(played: Path, tmp_path: Path) -> str:
    shutil.copy(played, tmp_path / "hanout.db")
    return f"sqlite:///{tmp_path / 'hanout.db'}"


@pytest.fixture
async def postgresql() -> AsyncIterator[str]:
    async with new_database() as url:
        yield url


class Lines(list):
    """What the command said; it may be stopped after a step."""

    def __init__(self, stop: Step | None = None) -> None:
        self.stop = stop
        self.report = Report(self.append, lambda *_: None, self._passed)

    def _passed(self, step: Step) -> None:
        if step is self.stop:
            raise InterruptedError(step)


async def snapshot(url: str) -> dict[str, object]:
    engine = open_engine(url)
    async with engine.connect() as db:
        found: dict[str, object] = {t.name: await contents(db, t) for t in COPIED}
        found |= {f"last {t.name}": await last_id(db, t) for t in NUMBERED}
    await engine.dispose()
    return found


async def runs(url: str) -> bool:
    """Whether `hanout run` would open the shop there: not a new one."""
    if url.startswith("sqlite") and not path_of(url).exists():
        return False
    store = Store(url)
    try:
        if not await store.run_sync(has_tables):
            return False
        await migrate(store)
        await check_not_moved(store)
    except DatabaseMoved:
        return False
    finally:
        await store.close()
    return True


async def test_a_shop_is_moved_there_and_back_with_every_row(sqlite: str, postgresql: str):
    before, there, back = await snapshot(sqlite), Lines(), Lines()

    await move(sqlite, postgresql, there.report)

    assert await snapshot(postgresql) == before
    assert (await runs(sqlite), await runs(postgresql)) == (False, True)
    assert "The audits of both sides agree" in there[1]
    assert there[2].startswith("Ledger of both: ")
    await move(postgresql, sqlite, back.report)
    assert await snapshot(sqlite) == before
    assert (await runs(sqlite), await runs(postgresql)) == (True, False)
    assert ".before-move-" in back[-3]


async def test_a_moved_shop_says_where_it_is(sqlite: str, postgresql: str):
    await move(sqlite, postgresql, Lines().report)
    store = Store(sqlite)

    with pytest.raises(DatabaseMoved) as refused:
        await check_not_moved(store)

    await store.close()
    assert f"hanout move {postgresql} {sqlite}" in str(refused.value)
    again = Lines()
    await move(sqlite, postgresql, again.report)
    assert "This move has ended" in again[0]


async def test_ids_go_on_behind_those_of_rows_that_are_gone(sqlite: str, postgresql: str):
    with closing(sqlite3.connect(path_of(sqlite))) as db:
        db.execute("UPDATE sqlite_sequence SET seq = 5000 WHERE name = 'quotes'")
        highest = db.execute("SELECT max(id) FROM orders").fetchone()[0]
        db.commit()

    await move(sqlite, postgresql, Lines().report)

    assert (await snapshot(postgresql))["last quotes"] == 5000
    engine = open_engine(postgresql)
    async with engine.begin() as db:
        for table, last in (("quotes", 5000), ("orders", highest)):
            found = await db.execute(text(f"SELECT nextval('{table}_id_seq')"))
            assert found.scalar_one() == last + 1
    await engine.dispose()
    await move(postgresql, f"{sqlite}.new", Lines().report)
    assert (await snapshot(f"{sqlite}.new"))["last quotes"] == 5001


@pytest.mark.parametrize("step", TO_POSTGRESQL)
async def test_exactly_one_runs_after_a_crash_on_the_way_to_postgresql(
    sqlite: str, postgresql: str, step: Step
):
    before = await snapshot(sqlite)

    await kill_at(step, sqlite, postgresql)

    where = [url for url in (sqlite, postgresql) if await runs(url)]
    assert where == [postgresql if step in (Step.LEFT, Step.ENDED) else sqlite]
    assert await snapshot(where[0]) == before
    await move(sqlite, postgresql, Lines().report)
    assert (await runs(sqlite), await runs(postgresql)) == (False, True)
    assert await snapshot(postgresql) == before


@pytest.mark.parametrize("back", [False, True], ids=["new file", "over the old file"])
@pytest.mark.parametrize("step", TO_SQLITE)
async def test_exactly_one_runs_after_a_crash_on_the_way_to_sqlite(
    sqlite: str, postgresql: str, step: Step, back: bool
):
    await move(sqlite, postgresql, Lines().report)
    before, target = await snapshot(postgresql), sqlite if back else f"{sqlite}.new"

    await kill_at(step, postgresql, target)

    where = [url for url in (target, postgresql) if await runs(url)]
    assert where == [target if step in (Step.IN_PLACE, Step.ENDED) else postgresql]
    assert await snapshot(where[0]) == before
    await move(postgresql, target, Lines().report)
    assert (await runs(target), await runs(postgresql)) == (True, False)
    assert await snapshot(target) == before


_KILLED = """
import asyncio, os, signal, sys
from bot.move import Report, move
step, source, target = sys.argv[1:]
def die(reached):
    if reached == step:
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(move(source, target, Report(print, lambda *_: None, die)))
"""


async def kill_at(step: Step, source: str, target: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _KILLED, step, source, target, stdout=asyncio.subprocess.DEVNULL
    )
    assert await process.wait() == -signal.SIGKILL
    await gone(postgresql_of(source, target))


def postgresql_of(*urls: str) -> str:
    return next(url for url in urls if url.startswith("postgresql"))


async def gone(url: str) -> None:
    """Until the server has noticed that the process is gone, and given back what it held."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                async with held(url):
                    return
            except StorageFailure:
                await asyncio.sleep(0.05)


def at(step: Step, act: Callable[[], Coroutine[Any, Any, object]], seen: list) -> Report:
    """A report that lets another program act at a step, and notes what it met."""

    def look(reached: Step) -> None:
        if reached is step:
            with ThreadPoolExecutor() as other:
                failure = other.submit(lambda: asyncio.run(act())).exception()
                seen.append(str(failure) if failure else None)

    return Report(print, lambda *_: None, look)


async def test_while_a_move_runs_nobody_ends_it_or_opens_the_shop(sqlite: str, postgresql: str):
    """The state is that of a crash before the file is in its place, after which PostgreSQL would run."""
    await move(sqlite, postgresql, Lines().report)
    target, seen = f"{sqlite}.new", list[str | None]()

    async def open_shop() -> None:
        assert not await runs(postgresql)

    await move(postgresql, target, at(Step.LEFT, open_shop, seen))

    assert seen == [None]
    assert (await runs(target), await runs(postgresql)) == (True, False)


async def test_an_interrupted_move_on_another_machine_is_not_guessed(
    sqlite: str, postgresql: str, monkeypatch
):
    with pytest.raises(StorageFailure):
        await move(sqlite, postgresql, Lines(Step.LEFT).report)
    monkeypatch.setattr("storage.moved.this_machine", lambda: "another")

    assert not await runs(postgresql)

    monkeypatch.undo()
    assert await runs(postgresql)


async def test_what_postgresql_cannot_hold_is_named_and_nothing_is_moved(
    sqlite: str, postgresql: str
):
    for change, said in (
        (
            "UPDATE catalogue_products SET title = 'a' || char(0) || 'b' WHERE id = 1",
            "zero character",
        ),
        ("UPDATE catalogue_products SET title = 'ab' WHERE id = 1", ""),
        ("UPDATE alerts SET kind = substr('x' || hex(zeroblob(20)), 1, 40)", "24 are allowed"),
    ):
        with closing(sqlite3.connect(path_of(sqlite))) as db:
            db.execute(change)
            db.commit()
        if said:
            with pytest.raises(StorageFailure, match=said):
                await move(sqlite, postgresql, Lines().report)
    assert await runs(sqlite)
    engine = open_engine(postgresql)
    async with engine.connect() as db:
        found = await db.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
        assert found.scalar_one() == 0
    await engine.dispose()


async def test_a_row_that_is_lost_on_the_way_is_noticed(sqlite: str, postgresql: str, monkeypatch):
    real = sys.modules["bot.move"].copy_rows

    async def lossy(old, new, table, progress):
        found = await real(old, new, table, progress)
        if table.name == "reveals":
            await new.execute(text("ALTER TABLE reveals DISABLE TRIGGER USER"))
            await new.execute(text("UPDATE reveals SET at = at + 1"))
        return found

    monkeypatch.setattr("bot.move.copy_rows", lossy)

    with pytest.raises(StorageFailure, match="reveals differs"):
        await move(sqlite, postgresql, Lines().report)
    assert await runs(sqlite)


async def test_a_database_in_use_or_not_empty_is_refused(sqlite: str, postgresql: str):
    async with held(postgresql):
        with pytest.raises(StorageFailure, match="is in use"):
            await move(sqlite, postgresql, Lines().report)
    async with held(sqlite):
        with pytest.raises(StorageFailure, match="is in use"):
            await move(sqlite, postgresql, Lines().report)
    store = Store(sqlite)
    async with store.reading() as tx:
        await tx.moves.get()
        with pytest.raises(StorageFailure, match="is in use"):
            await move(sqlite, postgresql, Lines().report)
    await store.close()

    other = Store(postgresql)
    await migrate(other)
    await other.close()
    with pytest.raises(StorageFailure, match="is not empty; make a new database"):
        await move(sqlite, postgresql, Lines().report)
    with pytest.raises(StorageFailure, match="is not empty; name a new file"):
        await move(postgresql, sqlite, Lines().report)
    with pytest.raises(StorageFailure, match="one of the two has to be SQLite"):
        await move(sqlite, f"{sqlite}.new", Lines().report)
    with pytest.raises(StorageFailure, match="there is no database at"):
        await move(f"{sqlite}.gone", postgresql, Lines().report)


async def test_a_session_that_is_just_ending_is_waited_for(postgresql: str):
    """PostgreSQL needs a moment to see that a command, or a shop, has gone."""
    lock = command_lock(postgresql)
    assert await lock.take()
    ending = asyncio.get_running_loop().call_later(
        0.4, lambda: asyncio.ensure_future(lock.release())
    )

    async with held(postgresql):
        assert ending.when() <= asyncio.get_running_loop().time()


async def test_nobody_writes_into_the_source_meanwhile(sqlite: str, postgresql: str, monkeypatch):
    monkeypatch.setitem(PRAGMAS, "busy_timeout", 100)
    seen: list = []

    def write(url: str) -> Callable[[], Coroutine[Any, Any, object]]:
        async def act() -> None:
            engine = open_engine(url)
            async with engine.begin() as db:
                if url == postgresql:
                    await db.execute(text("SET LOCAL lock_timeout = '300ms'"))
                await db.execute(text("UPDATE users SET reminders = false"))

        return act

    await move(sqlite, postgresql, at(Step.FILLED, write(sqlite), seen))
    await move(postgresql, sqlite, at(Step.FILLED, write(postgresql), seen))

    assert "database is locked" in seen[0]
    assert "lock timeout" in seen[1]


async def test_the_log_of_a_file_that_is_gone_is_put_aside(
    sqlite: str, postgresql: str, tmp_path: Path
):
    """SQLite would write it into the file to which the shop moves."""
    await move(sqlite, postgresql, Lines().report)
    place = tmp_path / "back" / "hanout.db"
    place.parent.mkdir()
    log = place.with_name("hanout.db-wal")
    with closing(sqlite3.connect(path_of(sqlite))) as left:
        left.execute("UPDATE orders SET quantity = quantity + 1 WHERE id = 1")
        left.commit()
        shutil.copy(path_of(sqlite).with_name("hanout.db-wal"), log)
    before = await snapshot(postgresql)
    lines = Lines()

    await move(postgresql, f"sqlite:///{place}", lines.report)

    check_sqlite(place)
    assert await snapshot(f"sqlite:///{place}") == before
    (aside,) = place.parent.glob("hanout.db.before-move-*-wal")
    assert f"What was there is now {aside}." in lines
