"""`hanout doctor` on the machine itself: database, files, disk, ports, backups, PostgreSQL's programs."""

import contextlib
import os
import shutil
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.health import data
from bot.health.finding import State
from bot.sandbox.simulation import both_suppliers
from bot.settings import load_settings
from bot.vault import new_key
from storage.looking import is_led, looking
from storage.store import Store
from tests.integration.doctor_steps import Place, answering, place, tree

__all__ = ["place"]  # a fixture


async def test_a_database_of_an_earlier_version_is_left_alone(place):
    await place.make_database()
    with closing(sqlite3.connect(place.database)) as db:
        db.execute("UPDATE alembic_version SET version_num = '0109'")
        db.commit()
    before = tree(place.folder)

    cause, text = await place.told("database")

    assert cause == "storage"
    assert "of an earlier version of Hanout; `hanout run` brings it up to date" in text
    assert tree(place.folder) == before


async def test_an_empty_file_gets_no_tables(place):
    place.database.parent.mkdir(mode=0o700)
    place.database.touch(0o600)
    before = tree(place.folder)

    assert (await place.told("database"))[0] == "none"
    assert tree(place.folder) == before


async def test_a_database_of_another_program_is_told_as_one(place):
    place.database.parent.mkdir(mode=0o700)
    with closing(sqlite3.connect(place.database)) as db:
        db.execute("CREATE TABLE bookings (x)")
    place.database.chmod(0o600)
    before = tree(place.folder)

    cause, text = await place.told("database")

    assert cause == "storage"
    assert (
        "tables of another program (bookings), and none of a shop; name an empty database" in text
    )
    assert tree(place.folder) == before


async def test_other_keys_than_those_of_the_database(place):
    await place.make_database()
    from bot.services.codes.custody import check_keys
    from bot.vault import AesVault, parse_keys

    store = Store(place.settings["DATABASE_URL"])
    await check_keys(store, AesVault(parse_keys(place.settings["HANOUT_KEYS"])))
    await store.close()

    cause, text = await place.told("keys", HANOUT_KEYS=new_key("demo"))

    assert cause == "keys"
    assert text.endswith("put the keys back that this shop had into HANOUT_KEYS")


@pytest.mark.parametrize("killed", [False, True], ids=["closed", "killed"])
async def test_the_doctor_changes_nothing(place, tmp_path, killed):
    """Not the bytes of a database, not a time, and no file is made or gone; also after a kill, with its log left."""
    await place.make_database()
    (place.folder / ".env").write_text("PRICE_STEP=5\n")
    if killed:
        with closing(sqlite3.connect(place.database)) as db:
            db.execute("PRAGMA wal_autocheckpoint = 0")
            db.execute("CREATE TABLE only_in_the_log (x)")
            db.commit()
            for suffix in ("", "-wal"):
                shutil.copyfile(f"{place.database}{suffix}", f"{place.database}{suffix}.kept")
        for suffix in ("", "-wal"):
            kept = Path(f"{place.database}{suffix}.kept")
            kept.replace(f"{place.database}{suffix}")
        place.database.chmod(0o600)
    before = tree(place.folder)

    report = await place.look(**both_suppliers(place.simulation), PAYMENT_METHODS="ocpay")

    assert tree(place.folder) == before
    assert [each.text for each in report.findings if each.name == "database and keys"] == [
        "sqlite, up to date, opened by the keys"
    ]
    if killed:
        async with looking(place.settings["DATABASE_URL"]) as connection:
            await connection.exec_driver_sql("SELECT * FROM only_in_the_log")
        assert tree(place.folder) == before


async def test_secrets_that_others_can_read(place):
    (place.folder / ".env").write_text("PRICE_STEP=5\n")
    (place.folder / ".env").chmod(0o644)
    keys = place.folder / "keys"
    keys.write_text(place.settings.pop("HANOUT_KEYS"))
    keys.chmod(0o640)

    report = await place.look(HANOUT_KEYS_FILE=str(keys))

    assert [each.text for each in report.findings if each.name == "files"] == [
        ".env can be read by other users (0644): chmod 600 .env",
        f"{keys} can be read by other users (0640): chmod 600 {keys}",
    ]
    assert not report.is_well
    wrong = await place.look(HANOUT_KEYS_FILE=str(keys), ADMIN_IDS="")
    assert [each.name for each in wrong.findings if each.state is State.BAD] == [
        "settings",
        "files",
    ]


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file to another user, as root")
async def test_a_database_that_a_command_of_root_left(place):
    await place.make_database()
    os.chown(place.database.parent, 12345, 12345)
    place.database.chmod(0o644)
    place.database.parent.chmod(0o755)

    report = await place.look()

    first, second = (each.text for each in report.findings if each.name == "files")
    assert first.startswith(f"{place.database} belongs to root and its folder to 12345")
    assert first.endswith(f"chown 12345 {place.database}*")
    assert f"chmod 700 {place.database.parent}; chmod 600" in second


async def test_a_full_disk(place, monkeypatch):
    full = shutil._ntuple_diskusage(10**9, 10**9 - 10**7, 10**7)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: full)

    cause, text = await place.told("disk")

    assert cause == "full"
    assert text.startswith("9 MiB are free for the database in")


async def test_a_port_that_another_program_has(place):
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        cause, text = await place.told(
            "ports", TELEGRAM_WEBHOOK_URL="https://shop.invalid", WEBHOOK_LISTEN=address
        )

    assert cause == "port"
    assert text.startswith(f"WEBHOOK_LISTEN: {address} cannot be taken (Address already in use):")


async def test_a_port_of_the_shop_itself_and_one_that_has_no_name(place):
    async with answering("200 OK", b"alive", "text/plain") as port:
        report = await place.look(WATCH_LISTEN=f"127.0.0.1:{port}")
        assert "the shop answers at WATCH_LISTEN" in str(report)
    cause, _ = await place.told("ports", WATCH_LISTEN="shop.invalid:9464")
    assert cause == "name"


async def make_backup(place: Place, moment: str) -> Path:
    from bot.factories import build_archive

    await place.look()
    archive = build_archive(load_settings())
    path = place.folder / "data" / "backups" / f"hanout-{moment}.backup"
    await archive.write_to(path)
    return path


async def test_backups_are_opened_and_their_age_is_told(place):
    await place.make_database()
    old = await make_backup(place, "20200101-030000")
    cause, text = await place.told("backups")
    assert (cause, text.endswith("days old: look for the failure in /attention and the log")) == (
        "old",
        True,
    )
    fresh = await make_backup(place, f"{datetime.now(UTC):%Y%m%d-%H%M%S}")
    report = await place.look()
    assert "the newest is 0 hours old, and the keys open it" in str(report)

    assert (await place.told("backups", HANOUT_KEYS=new_key("k9")))[0] == "unreadable"
    fresh.write_bytes(fresh.read_bytes()[:-10])
    cause, text = await place.told("backups")
    assert cause == "unreadable"
    assert "does not open: it is cut short or altered" in text
    fresh.unlink()
    old.unlink()
    assert (await place.told("backups", BACKUPS_KEPT="0"))[0] == "off"
    assert (await place.told("backups", BACKUP_FOLDER=str(place.database)))[0] == "folder"


async def test_the_tools_of_postgresql(place, monkeypatch, tmp_path_factory, closed_port):
    tools = tmp_path_factory.mktemp("tools")
    monkeypatch.setenv("PATH", str(tools))
    url = f"postgresql://u:canary@127.0.0.1:{closed_port}/d"
    report = await place.look(DATABASE_URL=url)
    found = {each.name: each for each in report.findings}
    assert found["database"].cause == "storage"
    assert found["postgresql tools"].text.startswith("pg_dump and pg_restore missing")
    assert "canary" not in str(report)

    for name in ("pg_dump", "pg_restore"):
        (tools / name).write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 13.9'\n")
        (tools / name).chmod(0o755)

    async def seventeen(_connection) -> int:
        return 17

    @contextlib.asynccontextmanager
    async def reached(_url: str) -> AsyncIterator[None]:
        yield None

    monkeypatch.setattr(data, "server_version", seventeen)
    monkeypatch.setattr(data, "looking", reached)
    monkeypatch.setenv("DATABASE_URL", url)
    (told,) = [each async for each in data.check_tools(load_settings())]
    assert told.text == "pg_dump 13 is older than the server, 17: apt install postgresql-client-17"


def test_a_lock_that_nobody_holds_leads_nothing(tmp_path):
    assert not is_led(tmp_path / "h.db")
    (tmp_path / "h.db.lock").touch()
    assert not is_led(tmp_path / "h.db")
