"""A restore into PostgreSQL, whose tools fill the database itself: nothing opens it before all is done."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot import restorer
from bot.auditor import compare
from bot.domain.orders import Attention, OrderState
from bot.errors import ArchiveFailure, NoShop, StorageFailure, VaultFailure
from bot.factories import build_archive
from bot.key_commands import migrated_store
from bot.locked_commands import adopt
from bot.move import Report, move
from bot.restorer import restore
from bot.services.codes.custody import check_keys
from bot.settings import Settings
from bot.vault import AesVault, new_key, parse_keys
from storage.migrate import has_tables, migrate
from storage.restoring import RESTORING
from storage.store import Store
from tests.harness import ShopHarness
from tests.integration.test_backups import KEY, settings_for
from tests.postgres import POSTGRES, new_database

pytestmark = [
    pytest.mark.skipif(
        not POSTGRES, reason="TEST_POSTGRES_URL is not set: no PostgreSQL to test on"
    ),
    pytest.mark.later,
]
NEWER = new_key("k2")


@pytest.fixture(scope="module")
def backups(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Of a shop with a delivered order and one that is paid, sealed with an older key; and of a newer version."""
    return asyncio.run(make_backups(tmp_path_factory.mktemp("backups")))


async def make_backups(folder: Path) -> dict[str, Path]:
    async with new_database() as url:
        archive = build_archive(settings_for(folder, url, hanout_keys=f"{NEWER},{KEY}"))
        store = Store(url)
        await migrate(store)
        harness = await ShopHarness(store).open()
        harness.vault = harness.shop.vault = AesVault(parse_keys(KEY))
        await check_keys(store, harness.vault)
        await harness.customer(1)
        await harness.buy(1)
        await harness.run(12)
        await harness.buy(1)
        await harness.close()
        made = {"present": await archive.write_to(folder / "present.backup")}
        statements = (
            "UPDATE alembic_version SET version_num = '9999'",
            'CREATE TABLE "of a newer one" (id serial PRIMARY KEY)',
            "CREATE FUNCTION hanout_newer(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a'",
        )
        await store.run_sync(lambda db: [db.execute(text(said)) for said in statements])
        await store.close()
        return made | {"newer": await archive.write_to(folder / "newer.backup")}


@pytest.fixture
async def target() -> AsyncIterator[str]:
    async with new_database() as url:
        yield url


async def refuses(settings: Settings, tmp_path: Path) -> None:
    """No command opens the database, nor does `hanout run`."""
    store, elsewhere = Store(settings.database_url), f"sqlite:///{tmp_path / 'moved.db'}"
    with pytest.raises(StorageFailure, match="run `hanout restore` again"):
        await migrate(store)  # as `hanout run` does
    await store.close()
    with pytest.raises(StorageFailure, match="run `hanout restore` again"):
        async with migrated_store(settings):
            pass
    with pytest.raises(StorageFailure, match="run `hanout restore` again"):
        await compare(settings, None, print)
    with pytest.raises(StorageFailure, match="run `hanout restore` again"):
        await adopt(settings)
    with pytest.raises(ArchiveFailure, match="run `hanout restore` again"):
        await build_archive(settings).make(None)
    with pytest.raises(StorageFailure, match="run `hanout restore` again"):
        await move(settings.database_url, elsewhere, Report(print, lambda *_: None))


async def states(settings: Settings) -> list[tuple[OrderState, Attention | None]]:
    store = Store(settings.database_url)
    async with store.reading() as tx:
        orders = [await tx.orders.locked(number) for number in (1, 2)]
    await store.close()
    return [(order.state, order.attention) for order in orders]


GUARDED = [
    (OrderState.FULFILLED, None),
    (OrderState.UNCONFIRMED, Attention.NOT_FOUND),
]


async def test_a_backup_whose_keys_are_missing_leaves_no_shop_that_buys(
    backups: dict[str, Path], target: str, tmp_path: Path
):
    less = settings_for(tmp_path, target, hanout_keys=NEWER)
    whole = settings_for(tmp_path, target, hanout_keys=f"{NEWER},{KEY}")
    said: list[str] = []

    with pytest.raises(VaultFailure):
        await restore(less, backups["present"], None, said.append, replace=False)

    assert "The restore has not ended" in said[-1]
    await refuses(whole, tmp_path)
    assert await restore(whole, backups["present"], None, said.append, replace=False)
    assert await states(whole) == GUARDED
    with pytest.raises(ArchiveFailure, match="is not empty"):
        await restore(whole, backups["present"], None, print, replace=False)


@pytest.mark.parametrize("stopped_at", ["restore_postgresql", "_prepare", "move_numbers_ahead"])
async def test_a_restore_that_is_killed_half_way_is_begun_anew(
    backups: dict[str, Path], target: str, tmp_path: Path, monkeypatch, stopped_at: str
):
    settings = settings_for(tmp_path, target, hanout_keys=f"{NEWER},{KEY}")

    async def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(restorer, stopped_at, stop)
        with pytest.raises(KeyboardInterrupt):
            await restore(settings, backups["present"], None, print, replace=False)

    await refuses(settings, tmp_path)
    assert await restore(settings, backups["present"], None, print, replace=False)
    assert await states(settings) == GUARDED


async def test_a_backup_of_a_newer_version_is_guarded_and_removed(
    backups: dict[str, Path], target: str, tmp_path: Path
):
    settings = settings_for(tmp_path, target, hanout_keys=f"{NEWER},{KEY}")

    with pytest.raises(StorageFailure, match="another version of Hanout, a newer one"):
        await restore(settings, backups["newer"], None, print, replace=False)

    await refuses(settings, tmp_path)
    assert await restore(settings, backups["present"], None, print, replace=False)
    store = Store(target)
    left = await store.run_sync(
        lambda db: db.execute(
            text("SELECT count(*) FROM pg_proc WHERE proname = 'hanout_newer'")
        ).scalar()
    )
    tables = await store.run_sync(
        lambda db: set(db.execute(text("SELECT tablename FROM pg_tables")).scalars())
    )
    await store.close()
    assert left == 0
    assert not {RESTORING, "of a newer one"} & tables


async def test_a_host_after_the_question_mark_is_the_server_of_the_backups_too(
    backups: dict[str, Path], target: str, tmp_path: Path, monkeypatch
):
    url = make_url(target)
    asked = {"host": url.host or "127.0.0.1", "port": str(url.port or 5432)}
    address = url.set(host=None, port=None, query=asked).render_as_string(hide_password=False)
    settings = settings_for(tmp_path, address, hanout_keys=f"{NEWER},{KEY}")
    # Another server, for whoever looks at these.
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGHOSTADDR", "127.0.0.9")

    assert await restore(settings, backups["present"], None, print, replace=False)

    made = await build_archive(settings).keep()
    assert made.stat().st_size > 0
    assert await states(settings) == GUARDED


async def test_an_empty_database_is_no_shop_and_stays_empty(target: str, tmp_path: Path):
    settings = settings_for(tmp_path, target)

    with pytest.raises(NoShop, match="there is no shop at postgresql://"):
        async with migrated_store(settings):
            pass
    with pytest.raises(NoShop):
        await compare(settings, None, print)
    with pytest.raises(NoShop):
        await adopt(settings)
    with pytest.raises(ArchiveFailure, match="there is no shop at postgresql://"):
        await build_archive(settings).make(None)

    store = Store(target)
    assert not await store.run_sync(has_tables)
    await store.close()
    assert not settings.backup_folder.exists()
