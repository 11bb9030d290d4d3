"""Databases for tests: SQLite always; PostgreSQL where TEST_POSTGRES_URL names one."""

import asyncio
import gc
import os
import shutil
import socket
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from locales import LOCALES
from storage import postgres
from storage.migrate import migrate
from storage.migrations import HEAD
from storage.store import Store
from storage.tables import metadata
from tests.database import store_at
from tests.harness import ShopHarness
from tests.world.loop import QuietLoop

# Machines are shared: a slow example is no failure, and a found one must be found again.
hypothesis.settings.register_profile("shop", deadline=None, print_blob=True)
hypothesis.settings.load_profile("shop")

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "")
NO_POSTGRES = "TEST_POSTGRES_URL is not set: no PostgreSQL to test on"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty migrated SQLite database, made once and copied."""
    path = tmp_path_factory.mktemp("migrated") / "empty.db"

    async def make() -> None:
        store = store_at(path)
        await migrate(store)
        await store.close()

    asyncio.run(make())
    return path


# What is about locks, waiting and several stores on one file has the driver as it is.
THREADED = {"test_store", "test_races", "test_backups"}


def _on_a_copy(request: pytest.FixtureRequest, migrated: Path, folder: Path) -> Store:
    path = folder / "hanout.db"
    shutil.copy(migrated, path)
    threaded = request.module.__name__.rpartition(".")[2] in THREADED
    return Store(f"sqlite:///{path}") if threaded else store_at(path)


@pytest.fixture
async def sqlite_store(
    request: pytest.FixtureRequest, migrated: Path, tmp_path: Path
) -> AsyncIterator[Store]:
    store = _on_a_copy(request, migrated, tmp_path)
    yield store
    await store.close()


async def _own_database() -> str:
    """A database for each parallel worker, beside the one that was named."""
    url, worker = make_url(POSTGRES), os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        return POSTGRES
    name = f"{url.database}_{worker}"
    maintenance = create_async_engine(
        url.set(drivername="postgresql+asyncpg"), isolation_level="AUTOCOMMIT"
    )
    async with maintenance.connect() as db:
        found = await db.execute(
            text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}
        )
        if found.scalar() is None:
            await db.execute(text(f'CREATE DATABASE "{name}"'))
            await db.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    await maintenance.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


async def _empty(db: AsyncConnection) -> None:
    """Row by row, without triggers: for a few rows far faster than TRUNCATE, which makes every file anew."""
    await db.execute(text("SET LOCAL session_replication_role = replica"))
    for table in metadata.tables.values():
        await db.execute(table.delete())
    counters = await db.execute(text("SELECT sequencename FROM pg_sequences WHERE last_value > 0"))
    for name in counters.scalars().all():
        await db.execute(text(f'ALTER SEQUENCE "{name}" RESTART'))


async def _clean_postgres() -> Store:
    """Emptied where its schema is the present one, else made anew, which takes longer."""
    postgres.SYNCHRONOUS.add("off")  # no power fails here
    store = Store(await _own_database())
    async with store._writer.begin() as db:
        there = await db.execute(text("SELECT to_regclass('public.alembic_version')"))
        revision = None
        if there.scalar() is not None:
            revision = (await db.execute(text("SELECT version_num FROM alembic_version"))).scalar()
        if revision == HEAD:
            await _empty(db)
            return store
        await db.execute(text("DROP SCHEMA public CASCADE"))
        await db.execute(text("CREATE SCHEMA public"))
    await migrate(store)
    return store


# What depends on the database: locks, SQL, races. The rest runs on SQLite, or with TEST_POSTGRES_ALL on both.
ON_BOTH_DATABASES = {
    "test_store",
    "test_charts",
    "test_months_of_the_books",
    "test_catalogue",
    "test_gauges",
    "test_deadlocks",
    "test_double_tap",
    "test_answers_that_never_come",
    "test_own_stock",
    "test_own_stock_batches",
    "test_races",
    "test_storage_outages",
    "test_audit",
    "test_day_sums",
    "test_key_rotation",
    "test_payment_contract",
    "test_purchase",
    "test_price_rules",
    "test_price_steps_of_managers",
    "test_catalogue_files",
    "test_curated_files",
    "test_lost_rules",
    "test_price_steps",
    "test_restore",
    "test_update_quarantine",
    "test_watches",
    "test_watch_news",
    "test_watches_in_chat",
    "test_forgetting",
    "test_forgetting_obstacles",
    "test_personal_data",
    "test_bans",
    "test_nightly_audit",
    "test_nightly_audit_of_payments",
    "test_notes",
    "test_pauses",
    "test_team",
    "test_caps",
    "test_closing",
    "test_news_drafts",
    "test_news_photos",
    "test_news_sending",
    "test_news_recipients",
    "test_news_interrupted",
}


# Which half runs what, decided here alone. `make prove` runs these folders, these modules and all that needs PostgreSQL;
# `make test` runs the rest, and those tests of the folders that are marked everyday. A new module in tests/unit or
# tests/integration is in `make test`.
PROVEN = (
    "tests/e2e/",
    "tests/deploy/",
    "tests/crash/",
    "tests/failover/",
    "tests/fuzz/",
    "tests/soak/",
    "tests/outsiders/",
)
PROVEN_MODULES = {"test_any_interleaving", "test_twins"}  # thousands of orders of events

# What is about the world around the shop (simulators, proxies, odd answers, wrong clocks, locks of the database) changes
# rarely: `make prove` runs it. A single test of another module is marked `later`.
LATER = {
    "test_chargily_client",
    "test_deadlocks",
    "test_races",
    "test_refused_calls",
    "test_restart_with_a_wrong_clock",
    "test_supplier_clock",
    "test_supplier_fields",
    "test_supplier_simulator",
    "test_telegram_proxy",
    "test_webhook_server",
}
LATER_FOLDERS = ("tests/unit/telegram_simulator/",)


def in_other_languages(items: Sequence[Any]) -> list[Any]:
    """Of each use case that is played in all languages, those that `make test` does not play.

    It plays one, another language from test to test: what differs are texts, and tests/unit looks at all of them.
    """
    tests: dict[tuple[str, str], dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        path, spec = item.nodeid.partition("::")[0], getattr(item, "callspec", None)
        spoken = [value for value in spec.params.values() if value in LOCALES] if spec else []
        if spoken and path.startswith("tests/integration/"):
            tests[path, item.originalname][spoken[0]].append(item)
    found = []
    for (_, name), languages in tests.items():
        if set(languages) == set(LOCALES):
            del languages[LOCALES[zlib.crc32(name.encode()) % len(LOCALES)]]
            found += [item for of_language in languages.values() for item in of_language]
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in in_other_languages(items):
        item.add_marker("later")
    for item in items:
        path, module = item.nodeid.partition("::")[0], Path(item.nodeid.partition("::")[0]).stem
        if path.startswith(PROVEN) or module in PROVEN_MODULES or "[postgres" in item.nodeid:
            item.add_marker("prove")
        if path.startswith(LATER_FOLDERS) or module in LATER:
            item.add_marker("later")
        if path.startswith("tests/e2e/browser/"):
            item.add_marker("browser")
        if path.startswith("tests/unit/") and item.get_closest_marker("prove") is not None:
            raise pytest.UsageError(f"{item.nodeid}: make prove runs nothing of tests/unit")
    items[:] = _long_ones_first(items)


def pytest_collection_finish() -> None:
    """Modules and collected tests live to the end: the garbage collector need not look at them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def _long_ones_first(items: list[pytest.Item]) -> list[pytest.Item]:
    """Each before another one: pytest-xdist gives a process two tests at a time, and would give it two of them."""
    long = [item for item in items if item.get_closest_marker("long") is not None]
    others = [item for item in items if item.get_closest_marker("long") is None]
    pairs = zip(long, others, strict=False)
    rest = [*long[len(others) :], *others[len(long) :]]
    return [item for pair in pairs for item in pair] + rest


def pytest_asyncio_loop_factories(item: pytest.Item) -> dict[str, Callable[[], Any]]:
    """Where a test is marked `virtual_time`, nobody waits: time goes at once to the next timer of its loop."""
    if item.get_closest_marker("virtual_time") is not None:
        return {"virtual": QuietLoop}
    return {"real": asyncio.new_event_loop}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "store" not in metafunc.fixturenames:
        return
    module = metafunc.module.__name__.rpartition(".")[2]
    both = module in ON_BOTH_DATABASES or "TEST_POSTGRES_ALL" in os.environ
    no_postgres = pytest.mark.skipif(not POSTGRES, reason=NO_POSTGRES)
    names = ["sqlite", *([pytest.param("postgres", marks=no_postgres)] if both else [])]
    metafunc.parametrize("store", names, indirect=True)


@pytest.fixture
async def store(
    request: pytest.FixtureRequest, migrated: Path, tmp_path: Path
) -> AsyncIterator[Store]:
    if request.param == "postgres":
        made = await _clean_postgres()
    else:
        made = _on_a_copy(request, migrated, tmp_path)
    yield made
    await made.close()


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port of 127.0.0.1 where connections are refused: it is taken, so that nobody else comes to listen there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture
async def harness(store: Store) -> AsyncIterator[ShopHarness]:
    made = await ShopHarness(store).open()
    yield made
    await made.close()


@pytest.fixture
async def sandbox_harness(sqlite_store: Store) -> AsyncIterator[ShopHarness]:
    made = await ShopHarness(sqlite_store, key_kind="SANDBOX").open()
    yield made
    await made.close()
