"""A backup is one file that only the keys open; a restore is tried on a copy, and buys nothing."""

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot import backups
from bot.domain.orders import Attention, OrderState
from bot.errors import ArchiveFailure, StorageFailure, VaultFailure
from bot.factories import build_archive
from bot.restorer import restore
from bot.sealed_file import check_file, open_file, seal_file
from bot.services.codes.custody import check_keys
from bot.services.operations.restored import quarantine_restored
from bot.services.orders.reconcile import reconcile_lost_orders
from bot.settings import Settings, load_settings
from bot.vault import AesVault, new_key, parse_keys
from storage.migrate import migrate
from storage.snapshot import check_sqlite, is_in_use, take_snapshot
from storage.store import Store
from tests.conftest import POSTGRES
from tests.harness import ShopHarness
from tests.integration.order_steps import change_order
from tests.integration.updates import inbox_of, raw_text

KEY = new_key("k1")
KEYS = parse_keys(KEY)


def settings_for(folder: Path, database_url: str, **changed: str) -> Settings:
    return load_settings(
        _env_file=None,
        telegram_token="1:x",
        admin_ids="900",
        oneclickdz_api_key="key",
        hanout_keys=changed.pop("hanout_keys", KEY),
        database_url=database_url,
        backup_folder=str(folder / "backups"),
        **changed,
    )


class ConfiguredHarness(ShopHarness):
    """A harness with the settings that a command would read."""

    settings: Settings


@pytest.fixture
async def shop(sqlite_store: Store, tmp_path: Path) -> AsyncIterator[ConfiguredHarness]:
    """A shop with a delivered order and one that is paid, sealed with a key that is known."""
    harness = await ConfiguredHarness(sqlite_store).open()
    harness.vault = harness.shop.vault = AesVault(KEYS)
    await check_keys(sqlite_store, harness.vault)
    harness.settings = settings_for(tmp_path, f"sqlite:///{tmp_path / 'hanout.db'}")
    await harness.customer(1)
    await harness.buy(1, 2)
    await harness.run(12)
    await harness.buy(1)
    yield harness
    await harness.close()


async def test_a_backup_holds_all_and_shows_nothing(shop: ConfiguredHarness, tmp_path: Path):
    made = await build_archive(shop.settings).keep()

    content = made.read_bytes()
    assert b"SQLite" not in content
    assert b"PlayStation" not in content
    assert [p.name for p in made.parent.iterdir()] == [made.name]
    assert made.stat().st_mode & 0o077 == 0
    open_file(made, tmp_path / "clear.db", KEYS)
    check_sqlite(tmp_path / "clear.db")
    rows = sqlite3.connect(tmp_path / "clear.db").execute("SELECT state FROM orders").fetchall()
    assert rows == [("fulfilled",), ("paid",)]


async def test_old_backups_are_pruned_and_other_files_are_left(
    shop: ConfiguredHarness, tmp_path: Path
):
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("hanout-20260101-000000.backup", "hanout-20260102-000000.backup", "mine.backup"):
        (folder / name).write_text("x")
    left = folder / ".x.backup-clear.partial"
    left.write_text("by a process that was killed")
    os.utime(left, (1, 1))
    (folder / ".y.backup-clear.partial").write_text("of another command that is at work")
    archive = backups.BackupFolder(folder, shop.settings.database_url, KEYS, shop.clock, 2)

    made = await archive.keep()

    assert sorted(p.name for p in folder.iterdir()) == [
        ".y.backup-clear.partial",
        "hanout-20260102-000000.backup",
        made.name,
        "mine.backup",
    ]


async def test_a_backup_waits_for_nobody_who_writes(shop: ConfiguredHarness, tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "hanout.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")

        made, left = await build_archive(shop.settings).make(None)

    assert made.exists()
    assert left == ""


async def test_what_other_programs_have_left_half_written_stays(
    shop: ConfiguredHarness, tmp_path: Path
):
    folder = tmp_path / "shared"
    folder.mkdir()
    others = [".film.mkv.partial", ".a-clear.partial", ".hanout.db.move.partial", ".backup.partial"]
    ours = [".a.hanout-clear.partial", ".a.hanout-sealed.partial", ".hanout-restore.partial"]
    for name in (*others, *ours):
        (folder / name).write_text("x")
        os.utime(folder / name, (1, 1))

    await build_archive(shop.settings).write_to(folder / "mine")

    assert {path.name for path in folder.iterdir()} == {*others, "mine"}


async def test_many_backups_of_one_night_push_out_no_other_night(
    shop: ConfiguredHarness, tmp_path: Path
):
    folder = tmp_path / "backups"
    folder.mkdir()
    nights = [f"hanout-202611{day:02}-023000.backup" for day in range(1, 21)]
    ahead = [f"hanout-202711{day:02}-023000.backup" for day in range(1, 21)]  # by a wrong clock
    for name in (*nights, *ahead, "hanout-20261399-250000.backup"):
        (folder / name).write_text("x")
    archive = build_archive(shop.settings)
    archive._clock = shop.clock

    for _ in range(30):  # the night of the 21st, at 03:30 in Algiers
        made = await archive.keep()
        shop.clock.pass_time(30)

    left = sorted(p.name for p in folder.iterdir())
    assert left == [*nights[-13:], made.name, "hanout-20261399-250000.backup", *ahead[-14:]]


async def test_the_newest_backup_of_a_night_stays(shop: ConfiguredHarness, tmp_path: Path):
    folder = tmp_path / "backups"
    archive = build_archive(shop.settings)
    archive._clock = shop.clock
    made = []
    for _ in range(3):
        made.append(await archive.keep())
        shop.clock.pass_time(17 * 3600)  # START is at ten o'clock in Algiers

    assert sorted(folder.iterdir()) == made[1:], "the first two are of one night"


async def test_a_backup_never_takes_the_place_of_a_file(shop: ConfiguredHarness, tmp_path: Path):
    target = tmp_path / "x.backup"
    target.write_text("mine")

    with pytest.raises(ArchiveFailure, match="is there already"):
        await build_archive(shop.settings).write_to(target)

    assert target.read_text() == "mine"


async def test_what_cannot_be_written_is_said_in_words(
    shop: ConfiguredHarness, tmp_path: Path, monkeypatch
):
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveFailure, match="cannot be written: File exists"):
        await build_archive(shop.settings).write_to(tmp_path / "file" / "x.backup")

    missing = backups.BackupFolder(tmp_path, f"sqlite:///{tmp_path}/no.db", KEYS, shop.clock, 0)
    with pytest.raises(ArchiveFailure, match="there is no database"):
        await missing.keep()

    monkeypatch.setattr(backups, "check_file", lambda *_: 1)
    with pytest.raises(ArchiveFailure, match="not what was written"):
        await build_archive(shop.settings).keep()
    assert list((tmp_path / "backups").iterdir()) == []


def damaged(content: bytes) -> dict[str, bytes]:
    body = content.index(b"}\n") + 2
    return {
        "cut short": content[:-1],
        "a chunk dropped": content[: body + 4 + 1024 * 1024 + 16],
        "altered": content[:-20] + bytes([content[-20] ^ 1]) + content[-19:],
        "appended": content + b"\x00\x00\x00\x01x",
        "header altered": content.replace(b'"sqlite"', b'"sqlitE"', 1),
        "no header": b"HANOUT BACKUP 1\nnonsense\n",
        "another file": b"hello",
        "empty": b"",
    }


def test_a_sealed_file_that_was_touched_does_not_open(tmp_path: Path):
    clear, sealed = tmp_path / "clear", tmp_path / "sealed"
    clear.write_bytes(os.urandom(1024 * 1024 + 5000))
    seal_file(clear, sealed, KEYS, "sqlite")
    assert check_file(sealed, KEYS) == clear.stat().st_size

    for name, content in damaged(sealed.read_bytes()).items():
        (tmp_path / "bad").write_bytes(content)
        with pytest.raises(ArchiveFailure):
            check_file(tmp_path / "bad", KEYS)
        assert name
    with pytest.raises(ArchiveFailure, match="'k1', which is not in HANOUT_KEYS"):
        check_file(sealed, parse_keys(new_key("k2")))
    with pytest.raises(ArchiveFailure, match="another one"):
        check_file(sealed, parse_keys(new_key("k1")))
    (tmp_path / "none").write_bytes(b"")
    seal_file(tmp_path / "none", tmp_path / "none.sealed", KEYS, "sqlite")
    assert check_file(tmp_path / "none.sealed", KEYS) == 0


async def test_the_drill_restores_audits_and_agrees_with_the_supplier(
    shop: ConfiguredHarness, tmp_path: Path
):
    made = await build_archive(shop.settings).keep()
    there = settings_for(tmp_path, f"sqlite:///{tmp_path / 'new' / 'shop.db'}")
    said: list[str] = []

    assert await restore(there, made, None, said.append, replace=False)

    assert "1 orders that were not bought yet wait for an operator" in said[0]
    assert sum(line.startswith("ok") for line in said) == 9
    assert {p.name for p in (tmp_path / "new").iterdir()} == {"shop.db", "shop.db.lock"}
    again = ShopHarness(Store(there.database_url))
    again.book, again.clock, again.vault = shop.book, shop.clock, shop.vault
    again.supplier, again.shop.suppliers = shop.supplier, shop.shop.suppliers
    again.shop.clock, again.shop.vault = shop.clock, shop.vault
    await again.reload()
    await again.run(60)
    held = await again.order(2)
    assert (held.state, held.attention) == (OrderState.UNCONFIRMED, Attention.NOT_FOUND)
    assert len(shop.book.orders) == 1  # nothing was bought by it
    from bot.services.operations.audit import audit_supplier

    found = await audit_supplier(again.store, shop.supplier, shop.clock, timedelta(days=1))
    assert [str(d) for audited in found for d in audited.differences] == []
    await again.store.close()


async def test_what_a_restored_shop_cannot_know_is_not_taken_from_anybody_else(
    shop: ConfiguredHarness,
):
    """An order that another customer's purchase answers to must not be adopted (decision 8)."""
    async with shop.store.reading() as tx:
        paid = await tx.orders.locked(2)
    await quarantine_restored(shop.store, shop.clock)
    key = next(iter(shop.book.keys.values()))
    shop.book.place(key, paid.supplier_product_id, paid.supplier_type_id, 1)

    await shop.run(1800)

    assert await reconcile_lost_orders(shop.shop, "oneclickdz") == 0
    assert (await shop.order(2)).supplier_order_id is None
    again = await quarantine_restored(shop.store, shop.clock)
    assert (again.orders, again.updates) == (0, 0)


async def test_orders_in_each_state_before_the_answer_wait_for_an_operator(shop: ConfiguredHarness):
    for state in (OrderState.PLACING, OrderState.UNCONFIRMED):
        made = await shop.buy(1)
        await change_order(shop, made.id, state=state, sent_at=shop.clock.now())

    done = await quarantine_restored(shop.store, shop.clock)

    assert done.orders == 3
    held = [await shop.order(number) for number in (2, 3, 4)]
    assert {(order.state, order.sent_at, order.due_at) for order in held} == {
        (OrderState.UNCONFIRMED, None, None)
    }


async def test_updates_from_before_the_backup_are_set_aside(shop: ConfiguredHarness):
    inbox = inbox_of(shop.shop)
    await inbox.receive([raw_text(1)])

    done = await quarantine_restored(shop.store, shop.clock)

    assert done.updates == 1
    async with shop.store.reading() as tx:
        assert await tx.inbox.unhandled() == []
        assert await tx.inbox.count_quarantined() == 1


async def test_a_database_that_is_there_is_put_aside_and_never_deleted(
    shop: ConfiguredHarness, tmp_path: Path
):
    made = await build_archive(shop.settings).keep()
    with pytest.raises(ArchiveFailure, match="add --replace"):
        await restore(shop.settings, made, None, print, replace=False)
    assert is_in_use(tmp_path / "hanout.db")
    with pytest.raises(ArchiveFailure, match="is in use"):
        await restore(shop.settings, made, None, print, replace=True)
    await shop.store.close()

    assert await restore(shop.settings, made, None, lambda _: None, replace=True)

    (aside,) = tmp_path.glob("hanout.db.before-restore-*")
    check_sqlite(aside)
    assert not is_in_use(tmp_path / "hanout.db")


async def test_what_does_not_fit_changes_nothing(shop: ConfiguredHarness, tmp_path: Path):
    made = await build_archive(shop.settings).keep()
    with pytest.raises(ArchiveFailure, match="no file"):
        await restore(shop.settings, tmp_path / "none", None, print, replace=True)
    other = settings_for(
        tmp_path, f"sqlite:///{tmp_path / 'n.db'}", hanout_keys=f"{new_key('k9')},{KEY}"
    )
    store = Store(f"sqlite:///{tmp_path / 'odd.db'}")
    await migrate(store)
    await store.write(lambda tx: tx.keys.add(AesVault(KEYS).seal("x", "elsewhere")))
    await store.close()
    odd = settings_for(tmp_path, f"sqlite:///{tmp_path / 'odd.db'}")
    await build_archive(odd).write_to(tmp_path / "odd.backup")

    with pytest.raises(VaultFailure):
        await restore(other, tmp_path / "odd.backup", None, print, replace=False)
    assert not (tmp_path / "n.db").exists()
    wrong = settings_for(tmp_path, "postgresql://nobody@127.0.0.1:1/x")
    with pytest.raises(ArchiveFailure, match="is of a sqlite database"):
        await restore(wrong, made, None, print, replace=False)
    bad = tmp_path / "bad.backup"
    clear = tmp_path / "text"
    clear.write_text("no database")
    seal_file(clear, bad, KEYS, "sqlite")
    with pytest.raises(StorageFailure):
        await restore(other, bad, None, print, replace=False)
    assert not list(tmp_path.glob(".hanout-restore*"))


async def test_a_damaged_page_is_noticed(tmp_path: Path, migrated: Path):
    content = bytearray(migrated.read_bytes())
    content[4096 * 3 : 4096 * 4] = os.urandom(4096)
    (tmp_path / "bad.db").write_bytes(content)

    with pytest.raises(StorageFailure):
        await take_snapshot(f"sqlite:///{tmp_path / 'bad.db'}", tmp_path / "copy.db")
    assert not is_in_use(tmp_path / "bad.db")
    (tmp_path / "text.db").write_text("x" * 5000)
    assert not is_in_use(tmp_path / "text.db")


@pytest.mark.skipif(not POSTGRES, reason="TEST_POSTGRES_URL is not set: no PostgreSQL to test on")
async def test_a_postgresql_database_goes_into_a_file_and_back(tmp_path: Path):
    url = make_url(POSTGRES)
    names = [f"hanout_{which}_{os.getpid()}" for which in ("from", "into")]
    maintenance = create_async_engine(
        url.set(drivername="postgresql+asyncpg"), isolation_level="AUTOCOMMIT"
    )
    try:
        async with maintenance.connect() as db:
            for name in names:
                await db.execute(text(f'CREATE DATABASE "{name}"'))
        source, target = (
            settings_for(tmp_path, url.set(database=name).render_as_string(hide_password=False))
            for name in names
        )
        store = Store(source.database_url)
        await migrate(store)
        harness = await ShopHarness(store).open()
        harness.vault = harness.shop.vault = AesVault(KEYS)
        await check_keys(store, harness.vault)
        await harness.customer(1)
        await harness.buy(1)
        await harness.run(12)
        await harness.close()
        await store.close()
        (
            folder := tmp_path / "{x} %s $HOME 'a'"
        ).mkdir()  # what formats and shells read differently
        made = await build_archive(source).write_to(folder / "{0}.backup")

        assert await restore(target, made, None, lambda _: None, replace=False)
        with pytest.raises(ArchiveFailure, match="is not empty"):
            await restore(target, made, None, print, replace=False)
        with pytest.raises(StorageFailure, match="pg_dump"):
            await take_snapshot("postgresql://nobody@127.0.0.1:1/x", tmp_path / "x")
    finally:
        async with maintenance.connect() as db:
            for name in names:
                await db.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        await maintenance.dispose()
