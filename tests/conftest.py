"""Databases for tests: SQLite always; PostgreSQL where TEST_POSTGRES_URL names one."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import coverage
import hypothesis
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from storage.migrate import migrate
from storage.migrations import HEAD
from storage.store import Store
from storage.tables import metadata
from tests.database import store_at
from tests.harness import ShopHarness

# Machines are shared: a slow example is no failure, and a found one must be found again.
hypothesis.settings.register_profile("shop", deadline=None, print_blob=True)
hypothesis.settings.load_profile("shop")

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "")
NO_POSTGRES = "TEST_POSTGRES_URL is not set: no PostgreSQL to test on"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty migrated SQLite database, made once and copied."""
    import asyncio

    path = tmp_path_factory.mktemp("migrated") / "empty.db"

    async def make() -> None:
        store = store_at(path)
        await migrate(store)
        await store.close()

    asyncio.run(make())
    return path


# What is about locks, waiting and several stores on one file has the driver as it is.
THREADED = {"test_store", "test_races", "test_backups", "test_key_rotation"}


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
    "test_double_tap",
    "test_races",
    "test_audit",
    "test_key_rotation",
    "test_purchase",
    "test_update_quarantine",
}


# What `make prove` runs and `make test` does not. A test in these folders that `make test` runs too is marked everyday.
PROVEN = ("tests/e2e/", "tests/crash/", "tests/fuzz/", "tests/soak/", "tests/outsiders/")
# Explores thousands of orders of events.
PROVEN_MODULES = {"test_any_interleaving"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        module = item.nodeid.partition("::")[0]
        on_postgres = "[postgres" in item.nodeid
        if on_postgres or Path(module).stem in THREADED:
            item.add_marker("driver")
        proven = on_postgres or Path(module).stem in PROVEN_MODULES or module.startswith(PROVEN)
        if proven and item.get_closest_marker("everyday") is None:
            item.add_marker("prove")


def pytest_sessionfinish() -> None:
    """Write the coverage data at once: pytest-xdist kills a worker that takes ten seconds to end."""
    measuring = coverage.Coverage.current()
    if measuring is not None:
        measuring.save()


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
async def harness(store: Store) -> AsyncIterator[ShopHarness]:
    made = await ShopHarness(store).open()
    yield made
    await made.close()


@pytest.fixture
async def sandbox_harness(sqlite_store: Store) -> AsyncIterator[ShopHarness]:
    made = await ShopHarness(sqlite_store, key_kind="SANDBOX").open()
    yield made
    await made.close()
