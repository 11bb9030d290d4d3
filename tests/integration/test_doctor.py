"""`hanout doctor` in broken worlds: it tells the causes apart, says what to do, and changes nothing."""

import asyncio
import contextlib
import json
import os
import shutil
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.doctor import Report, examine
from bot.health import causes, data, services
from bot.health.finding import State
from bot.sandbox.simulation import both_suppliers, open_simulation, shop_settings
from bot.settings import Settings, load_settings
from bot.vault import new_key
from storage.looking import is_led, looking
from storage.migrate import migrate
from storage.store import Store
from tests.proxies import certificate_for, tls_front

MARKER = b"HTTP/1.1 %s\r\nContent-Type: %s\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n%s"


class Place:
    """A folder with a shop's settings in the environment; `look` asks the doctor about it."""

    def __init__(self, monkeypatch, folder: Path, settings: dict[str, str], simulation) -> None:
        self.monkeypatch, self.folder, self.settings = monkeypatch, folder, settings
        self.simulation = simulation
        self.database = folder / "data" / "hanout.db"

    async def look(self, **changes: str) -> Report:
        for name in Settings.model_fields:
            self.monkeypatch.delenv(name.upper(), raising=False)
        for name, value in {**self.settings, **changes}.items():
            self.monkeypatch.setenv(name, value)
        return await asyncio.wait_for(examine(), 20)

    async def told(self, name: str, **changes: str) -> tuple[str, str]:
        """The cause and the sentence of the one thing that is wrong with `name`."""
        report = await self.look(**changes)
        (found,) = (each for each in report.findings if each.name == name and each.cause)
        assert report.is_well == all(each.state is not State.BAD for each in report.findings)
        assert self.settings["TELEGRAM_TOKEN"] not in str(report)
        assert self.settings["ONECLICKDZ_API_KEY"] not in str(report)
        return found.cause, found.text

    async def make_database(self) -> None:
        self.database.parent.mkdir(mode=0o700, exist_ok=True)
        store = Store(self.settings["DATABASE_URL"])
        await migrate(store)
        await store.close()


@pytest.fixture
async def place(monkeypatch, tmp_path) -> AsyncIterator[Place]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(causes, "SECONDS", 1.0)
    monkeypatch.setattr(services, "_ANSWER_SECONDS", 2.0)
    async with open_simulation() as simulation:
        settings = shop_settings(
            simulation, simulation.book.add_key("PRODUCTION"), tmp_path / "data"
        )
        yield Place(monkeypatch, tmp_path, settings, simulation)


@contextlib.asynccontextmanager
async def answering(
    status: str = "", body: bytes = b"", kind: str = "text/html", headers: str = ""
) -> AsyncIterator[int]:
    """A server that gives this answer to whatever it is asked; without a status it is silent. Yields its port."""

    async def serve(reader, writer) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await reader.read(65536)
            if status:
                fields = (status.encode(), kind.encode(), headers.encode(), len(body), body)
                writer.write(MARKER % fields)
                await writer.drain()
            else:
                await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def both(port: int, scheme: str = "http", host: str = "127.0.0.1") -> dict[str, str]:
    """Telegram and the supplier at one address."""
    address = f"{scheme}://{host}:{port}"
    return {"TELEGRAM_API_URL": address, "ONECLICKDZ_BASE_URL": f"{address}/v3"}


def tree(folder: Path) -> dict[str, object]:
    """All that is in a folder: rights, times and bytes."""
    found: dict[str, object] = {}
    for path in [folder, *folder.rglob("*")]:
        facts = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        found[str(path)] = (facts.st_mode, facts.st_mtime_ns, facts.st_uid, content)
    return found


async def both_told(place: Place, **changes: str) -> set[str]:
    """The causes that are told of Telegram and of the supplier."""
    report = await place.look(**changes)
    assert not report.is_well
    assert report.next_step.startswith("mend what FAIL names (")
    return {each.cause for each in report.findings if each.name in ("telegram", "oneclickdz")}


async def test_a_shop_that_was_never_opened_is_well(place):
    report = await place.look()

    assert report.is_well, report
    assert "there is none yet; `hanout run` makes it in" in "\n".join(report.lines())
    assert report.next_step == "`hanout run` opens the shop; write /start to the bot, then /balance"
    assert list(place.folder.iterdir()) == []


async def test_a_shop_that_stands_is_well_for_programs_too(place):
    await place.make_database()
    place.settings["ONECLICKDZ_API_KEY"] = place.simulation.book.add_key("SANDBOX")

    report = await place.look(WATCH_LISTEN="127.0.0.1:0".replace(":0", f":{free_port()}"))

    found = json.loads(report.as_json())
    assert (found["format"], found["well"], found["next"]) == (1, True, report.next_step)
    assert {"name", "state", "cause", "text"} == set(found["checks"][0])
    assert {each["state"] for each in found["checks"]} == {"ok", "note"}
    assert report.next_step.startswith("`hanout run`, buy with the sandbox key once")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


# ---- the twelve broken worlds


async def test_a_name_that_does_not_resolve(place):
    assert await both_told(place, **both(443, "https", "shop.invalid")) == {"name"}


async def test_nothing_listens(place):
    assert await both_told(place, **both(free_port())) == {"refused"}


async def test_somebody_listens_and_says_nothing(place):
    async with answering() as port:
        assert await both_told(place, **both(port)) == {"silent"}


async def test_a_certificate_that_nobody_trusts(place, tmp_path_factory):
    files = certificate_for("localhost", tmp_path_factory.mktemp("tls"))
    now = f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S} GMT"
    async with (
        answering("200 OK", headers=f"Date: {now}\r\n") as port,
        tls_front(port, *files) as front,
    ):
        cause, text = await place.told("telegram", **both(front, "https", "localhost"))

    assert cause == "certificate"
    assert "its certificate is made by nobody that this machine trusts" in text


async def test_a_clock_that_makes_certificates_invalid(place, tmp_path_factory):
    files = certificate_for("localhost", tmp_path_factory.mktemp("tls"))
    async with (
        answering("200 OK", headers="Date: Thu, 01 Jan 2015 00:00:00 GMT\r\n") as port,
        tls_front(port, *files) as front,
    ):
        assert await both_told(place, **both(front, "https", "localhost")) == {"clock"}


async def test_an_address_that_speaks_no_tls(place):
    async with answering("200 OK") as port:
        assert await both_told(place, **both(port, "https")) == {"certificate"}


@pytest.mark.parametrize("status", ["200 OK", "403 Forbidden", "404 Not Found"])
async def test_a_captive_portal_answers_in_their_place(place, status):
    async with answering(status, b"<html>Log in to the Wi-Fi</html>") as port:
        assert await both_told(place, **both(port)) == {"page"}


async def test_a_proxy_that_is_not_there(place):
    report = await place.look(TELEGRAM_PROXY=f"http://127.0.0.1:{free_port()}")

    (telegram,) = (each for each in report.findings if each.name == "telegram")
    assert telegram.cause == "proxy"
    assert "nothing listens at the proxy's address" in telegram.text
    assert [each.state for each in report.findings if each.name == "oneclickdz"] == [State.WELL]


async def test_token_and_key_are_refused(place):
    assert await both_told(place, TELEGRAM_TOKEN="1:wrong", ONECLICKDZ_API_KEY="wrong") == {
        "token",
        "key",
    }


async def test_they_ask_to_wait(place):
    flood = {"ok": False, "description": "Too Many Requests: retry after 9", "error_code": 429}
    async with answering("429 Too Many", json.dumps(flood).encode(), "application/json") as port:
        assert await both_told(place, **both(port)) == {"flood"}


async def test_they_are_in_trouble_themselves(place):
    trouble = {"ok": False, "description": "Internal Server Error", "error_code": 500}
    async with answering("500 Oops", json.dumps(trouble).encode(), "application/json") as port:
        assert await both_told(place, **both(port)) == {"server"}


async def test_this_machines_clock_differs_from_theirs(place):
    ahead = datetime.now(UTC) + timedelta(hours=3)
    date = f"Date: {ahead:%a, %d %b %Y %H:%M:%S} GMT\r\n"
    async with answering("404 Not Found", headers=date) as port:
        cause, text = await place.told("clock", **both(port))

    assert cause == "clock"
    assert text.startswith("this machine's clock is 3 hours behind of telegram's: timedatectl")


# ---- the database


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


# ---- files, disk, ports


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
        other.close()
        with socket.create_server(("127.0.0.1", int(address.rpartition(":")[2])), reuse_port=False):
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


# ---- backups and PostgreSQL


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


async def test_the_tools_of_postgresql(place, monkeypatch, tmp_path_factory):
    tools = tmp_path_factory.mktemp("tools")
    monkeypatch.setenv("PATH", str(tools))
    url = f"postgresql://u:canary@127.0.0.1:{free_port()}/d"
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


# ---- the rest


async def test_addresses_of_webhooks_are_tried(place):
    public = {"SUPPLIERS": "starship,oneclickdz", "STARSHIP_WEBHOOK_SECRET": "s"}
    settings = {**both_suppliers(place.simulation), **public}

    cause, _ = await place.told("webhooks", **settings, PUBLIC_URL="https://shop.invalid")
    assert cause == "name"
    cause, text = await place.told("webhooks", TELEGRAM_WEBHOOK_URL="https://127.0.0.1:443")
    assert (cause, "others may reach it" in text) == ("refused", True)


async def test_a_check_that_breaks_is_one_more_line(place, monkeypatch):
    def broken(_settings):
        raise RuntimeError("canary")

    monkeypatch.setattr("bot.doctor.check_disk", broken)

    assert await place.told("disk") == ("unknown", "could not be looked at (RuntimeError)")


async def test_a_rate_of_last_year_is_told(place):
    settings = {**both_suppliers(place.simulation), "STARSHIP_DINARS_SINCE": "2020-01-01"}

    assert (await place.told("starship", **settings))[0] == "rate"


def test_a_lock_that_nobody_holds_leads_nothing(tmp_path):
    assert not is_led(tmp_path / "h.db")
    (tmp_path / "h.db.lock").touch()
    assert not is_led(tmp_path / "h.db")
