"""`hanout restore` takes a SQLite database too, such as a replica: nothing is bought by it either."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from bot.domain.orders import Attention, OrderState
from bot.errors import ArchiveFailure, StorageFailure, VaultFailure
from bot.factories import build_archive
from bot.restorer import restore
from bot.vault import new_key
from storage.snapshot import check_sqlite
from storage.store import Store
from tests.harness import ShopHarness
from tests.integration.test_backups import ConfiguredHarness, settings_for, shop

__all__ = ["shop"]  # a fixture


def replica_of(folder: Path) -> Path:
    """A copy as it would lie elsewhere, its newest commits only in the write-ahead log."""
    (folder / "copy").mkdir()
    for name in ("hanout.db", "hanout.db-wal"):
        shutil.copy(folder / name, folder / "copy" / name)
    return folder / "copy" / "hanout.db"


async def test_what_a_replica_does_not_know_waits_for_an_operator(
    shop: ConfiguredHarness, tmp_path: Path
):
    replica = replica_of(tmp_path)
    there = settings_for(tmp_path, f"sqlite:///{tmp_path / 'new' / 'shop.db'}")
    said: list[str] = []

    assert await restore(there, replica, None, said.append, replace=False)

    assert "1 orders that were not bought yet wait for an operator" in said[0]
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"shop.db", "shop.db.lock"}
    assert (tmp_path / "new" / "shop.db").stat().st_mode & 0o077 == 0
    again = ShopHarness(Store(there.database_url))
    held = await again.order(2)
    assert (held.state, held.attention) == (OrderState.UNCONFIRMED, Attention.NOT_FOUND)
    assert (await again.order(1)).state is OrderState.FULFILLED
    await again.store.close()


async def test_commits_that_are_only_in_the_log_of_a_replica_are_restored_and_the_replica_stays(
    shop: ConfiguredHarness, tmp_path: Path
):
    replica = replica_of(tmp_path)
    before = replica.read_bytes()
    with sqlite3.connect(f"file:{replica}?immutable=1", uri=True) as without_log:
        assert without_log.execute("SELECT count(*) FROM orders").fetchone() == (0,)
    there = settings_for(tmp_path, f"sqlite:///{tmp_path / 'shop.db'}")

    await restore(there, replica, None, print, replace=False)

    with sqlite3.connect(tmp_path / "shop.db") as restored:
        assert restored.execute("SELECT count(*) FROM orders").fetchone() == (2,)
    assert replica.read_bytes() == before


async def test_a_replica_that_does_not_fit_changes_nothing(shop: ConfiguredHarness, tmp_path: Path):
    replica = replica_of(tmp_path)
    wrong = settings_for(tmp_path, "postgresql://nobody@127.0.0.1:1/x")
    with pytest.raises(ArchiveFailure, match="is of a sqlite database"):
        await restore(wrong, replica, None, print, replace=False)
    target = f"sqlite:///{tmp_path / 'n.db'}"
    other = settings_for(tmp_path, target, hanout_keys=new_key("k9"))
    with pytest.raises(VaultFailure):
        await restore(other, replica, None, print, replace=False)
    (tmp_path / "cut.db").write_bytes(replica.read_bytes()[:5000])

    with pytest.raises(StorageFailure, match="damaged"):
        await restore(
            settings_for(tmp_path, target), tmp_path / "cut.db", None, print, replace=False
        )

    assert not (tmp_path / "n.db").exists()
    assert not list(tmp_path.glob("**/.hanout-restore*"))


@pytest.mark.parametrize("what", ["a customer", "orders"])
async def test_the_log_of_a_database_that_is_gone_is_put_aside(
    shop: ConfiguredHarness, tmp_path: Path, what: str
):
    """Its file was renamed, as a damaged one is kept; SQLite would write the log into the restored one."""
    made = await build_archive(shop.settings).keep()
    with sqlite3.connect(tmp_path / "hanout.db") as checkpoint:
        checkpoint.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    checkpoint.close()
    if what == "a customer":
        await shop.customer(99)
    else:
        await shop.run(30)
        await shop.buy(1)
    place = tmp_path / "there"
    place.mkdir()
    for end in ("-wal", "-shm", "-journal"):
        shutil.copy(tmp_path / "hanout.db-wal", place / f"hanout.db{end}")
    log = (place / "hanout.db-wal").read_bytes()
    there = settings_for(tmp_path, f"sqlite:///{place / 'hanout.db'}")
    said: list[str] = []

    assert await restore(there, made, None, said.append, replace=False)

    check_sqlite(place / "hanout.db")
    with sqlite3.connect(place / "hanout.db") as restored:
        found = restored.execute("SELECT state FROM orders ORDER BY id").fetchall()
    restored.close()
    assert found == [("fulfilled",), ("unconfirmed",)]
    (aside,) = place.glob("hanout.db.before-restore-*-wal")
    assert f"What was there is now {aside}." in said
    assert aside.read_bytes() == log
    assert not list(place.glob("hanout.db-*"))
