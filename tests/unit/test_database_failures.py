"""Whatever is wrong with the database: a sentence, exit status 1, no traceback, and no password."""

import asyncio
import os
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.errors import StorageFailure
from storage.addresses import numbers_of
from storage.explanations import explain
from storage.failures import as_storage_failure
from storage.migrations import HEAD
from storage.store import Store, async_url
from tests.postgres import Cluster, find_tools

pytestmark = pytest.mark.usefixtures("no_settings")
COMMANDS = (
    ("migrate",),
    ("audit", "--no-supplier"),
    ("keys", "check"),
    ("keys", "rotate"),
    ("keys", "abandon", "k9", "--yes"),
)


def assert_sentence(result: Result, said: str) -> None:
    assert said in result.output
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.output.count("\n") == 1, result.output
    assert "wrong" not in result.output  # the password of the tests


def refused(setenv: pytest.MonkeyPatch, url: str, said: str) -> None:
    """Every command refuses, and so does a move from there and to there; `run` waits for an outage to end."""
    setenv.setenv("DATABASE_URL", url)
    for command in COMMANDS:
        assert_sentence(CliRunner().invoke(cli, command), said)
    doctor = CliRunner().invoke(cli, ["doctor"])
    assert (doctor.exit_code, said in doctor.output) == (1, True)


def moved(*addresses: str) -> Result:
    return CliRunner().invoke(cli, ["move", *addresses])


# ---- SQLite


def sqlite_with(path: Path, *statements: str) -> str:
    with closing(sqlite3.connect(path)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()
    return f"sqlite:///{path}"


def of_schema(path: Path, *revisions: str, tables: Sequence[str] = ("orders", "postings")) -> str:
    return sqlite_with(
        path,
        "CREATE TABLE alembic_version (version_num VARCHAR(32))",
        *(f"INSERT INTO alembic_version VALUES ('{revision}')" for revision in revisions),
        *(f"CREATE TABLE {name} (x)" for name in tables),
    )


def test_a_database_of_a_newer_version(required_settings, tmp_path: Path):
    url = of_schema(tmp_path / "h.db", "9999")

    refused(required_settings, url, "another version of Hanout, a newer one (its schema is 9999")

    assert_sentence(moved(url, "postgresql://127.0.0.1:1/x"), "No database answers there")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: of_schema(path, "0004"), "run the version that it was made with"),
        (lambda path: (path.write_text("no database" * 99), f"sqlite:///{path}")[1], "is damaged"),
        (lambda path: (path.mkdir(), f"sqlite:///{path}")[1], "is a folder; name a file in it"),
        (lambda path: "sqlite:////proc/nowhere/h.db", "the folder /proc/nowhere cannot be made"),
    ],
    ids=["earlier than all", "damaged", "a folder", "no rights"],
)
def test_sqlite_files_that_cannot_be_opened(required_settings, tmp_path: Path, make, said: str):
    refused(required_settings, make(tmp_path / "h.db"), said)


@pytest.mark.parametrize("place", ["", "h.db"], ids=["folder", "file"])
def test_places_that_may_not_be_written(required_settings, monkeypatch, tmp_path: Path, place: str):
    """As for another user than root, who may write everywhere."""
    url = sqlite_with(tmp_path / "h.db", "CREATE TABLE t (x)")
    locked, access = tmp_path / place, os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != locked and access(path, mode))

    refused(required_settings, url, "may not be written; look at the owner and the rights")


def test_a_full_disk_is_named(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "h.db")) as db:
        db.execute("PRAGMA max_page_count = 4")
        db.execute("CREATE TABLE t (x)")
        with pytest.raises(sqlite3.OperationalError) as full:
            db.execute("INSERT INTO t VALUES (zeroblob(100000))")

    assert explain(full.value).startswith("The disk is full; free some space (")
    assert explain(OSError(28, "No space left on device")).startswith("The disk is full")


# ---- addresses and drivers


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://h/d", "FROM: DATABASE_URL must start with sqlite:/// or postgresql://"),
        ("postgresql://u:p@h:x/d", "FROM: it cannot be read as an address of a database"),
        ("nothing", "FROM: it cannot be read as an address of a database"),
        ("sqlite:///:memory:", "FROM: the address names no database"),
        ("env:NOWHERE", "FROM: NOWHERE is set neither in the environment nor in .env"),
    ],
    ids=["another system", "no port", "no address", "memory", "no variable"],
)
def test_addresses_that_are_none(monkeypatch, tmp_path: Path, address: str, said: str):
    monkeypatch.chdir(tmp_path)
    assert_sentence(moved(address, "sqlite:///x.db"), said)


def test_addresses_may_stand_in_the_environment_or_in_the_file(monkeypatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OLD_URL", f"sqlite:///{tmp_path}/old.db")
    (tmp_path / ".env").write_text("NEW_URL=postgresql://u:wrong@127.0.0.1:1/d\n")

    for given in ("env:OLD_URL", "$OLD_URL"):
        assert_sentence(moved(given, "env:NEW_URL"), f"there is no database at {tmp_path}/old.db")
    sqlite_with(tmp_path / "old.db", "CREATE TABLE t (x)")
    assert_sentence(moved("env:OLD_URL", "env:NEW_URL"), "No database answers there")


def test_a_missing_driver(required_settings, monkeypatch, tmp_path: Path):
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    url = sqlite_with(tmp_path / "h.db", "CREATE TABLE t (x)")

    assert_sentence(moved(url, "postgresql://h/d"), "pip install 'hanout[postgres]'")
    with pytest.raises(StorageFailure, match="driver is not installed"):
        Store("postgresql://h/d")


def test_a_password_with_odd_characters_is_never_printed(required_settings):
    required_settings.setenv("DATABASE_URL", "postgresql://u:wrong@x@h:port/d")

    result = CliRunner().invoke(cli, ["migrate"])

    assert (result.exit_code, "DATABASE_URL" in result.output) == (1, True)
    assert "wrong" not in result.output


ODD_ADDRESSES = (
    ("sqlite:///a%00b.db", "take %00 out of the address"),
    ("postgresql://u:wrong@h:99999/d", "port of the address must be from 1 to 65535"),
    ("postgresql://u:wrong@h:0/d", "port of the address must be from 1 to 65535"),
    ("postgresql://u:wrong@h/d?port=abc", "the address cannot be used: host, port or an option"),
    ("postgresql://u:wrong@h/d?port=1,2", "the address cannot be used: host, port or an option"),
    ("postgresql://u:wrong@/d?host=a,b&port=1", "the address cannot be used: host, port"),
    ("postgresql://u:wrong@/d?host=a&host=b:1:2", "the address cannot be used: host, port"),
    (f"postgresql://u:wrong@{'a' * 70}.com/d", "is no name of a machine"),
    (f"postgresql://u:wrong@{'é' * 70}.com/d", "is no name of a machine"),
    ("postgresql://u:wrong@h..x/d", "is no name of a machine"),
    ("postgresql://u:wrong@[::1/d", "it cannot be read as an address of a database"),
    ("postgresql://u:wrong@h/d?statement_cache_size=x", "the address cannot be used"),
    ("postgresql://u:wrong@h/d?prepared_statement_cache_size=x", "the address cannot be used"),
    ("postgresql://u:wrong@h/d?max_cached_statement_lifetime=x", "the address cannot be used"),
    ("postgresql://u:wrong@h/d?loop=x", "take loop out of the address"),
    ("postgresql://u:wrong@h/d?connection_class=x", "take connection_class out of the address"),
    ("postgresql:///", "the address names no database; put its name after the last slash"),
    ("postgresql://u:wrong@/?host=/run/postgresql", "the address names no database"),
    ("sqlite:///h.db?timeout=abc", "the address cannot be used: host, port or an option"),
    ("sqlite:///h.db?timeout=1&timeout=2", "the address cannot be used: host, port or an option"),
)
SETUP = ("setup", "--yes", "--unchecked", "--unit", "0", "--secret", "DATABASE_URL=b")


@pytest.mark.parametrize(("address", "said"), ODD_ADDRESSES, ids=range(len(ODD_ADDRESSES)))
def test_parts_of_an_address_that_a_driver_cannot_use(required_settings, address: str, said: str):
    required_settings.setenv("DATABASE_URL", address)
    Path("b").write_text(address)

    for command in (*COMMANDS, ("run",), ("backup",), ("restore", "b"), ("doctor",), SETUP):
        result = CliRunner().invoke(cli, command)
        assert isinstance(result.exception, SystemExit), (command, result.exception)
        assert said in " ".join(result.output.split()), (command, result.output)
        assert "u:wrong" not in result.output
    assert_sentence(moved(address, "sqlite:///x.db"), said)


def test_a_database_may_be_named_as_the_driver_reads_it():
    for named in ("d?host=/run", "?host=/run&database=d", "?service=shop"):
        assert async_url(f"postgresql:///{named}").host is None


def test_a_number_among_the_drivers_options_is_given_as_one():
    url = async_url("postgresql://h/d?statement_cache_size=0")

    assert numbers_of(url) == {"statement_cache_size": 0}


@pytest.mark.parametrize(
    "address", ["127.0.0.1:1/%ZZ", "127.0.0.1:1/d?host=", "[::1]:1/d", "ö.invalid/d", "[zz]:1/d"]
)
def test_other_odd_addresses_are_tried(required_settings, address: str):
    required_settings.setenv("DATABASE_URL", f"postgresql://u:wr%ZZong@{address}")

    for command in COMMANDS:
        result = CliRunner().invoke(cli, command)
        assert (result.exit_code, result.output.count("\n")) == (1, 1), result.output
        assert "The database does not work: " in result.output
        assert "ZZong" not in result.output


def test_the_option_of_postgresqls_own_tools_is_understood():
    assert async_url("postgresql://h/d?sslmode=require").query == {"ssl": "require"}


def test_a_host_that_is_not_found_and_a_port_that_is_closed(required_settings, closed_port):
    refused(required_settings, "postgresql://nonesuch.invalid/d", "machine was not found")
    url = f"postgresql://127.0.0.1:{closed_port}/d"
    refused(required_settings, url, "No database answers there")


class Coded(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__("what the server said")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Coded("53100"), "The disk of the PostgreSQL server is full; free some space (what the"),
        (Coded("53200"), "has no memory left"),
        (Coded("42501"), "make it the owner of its database"),
        (Coded("57P03"), "is starting or stopping"),
        (Coded("XX000"), "what the server said"),
        (TimeoutError(), "did not answer in time"),
        (OSError("network is unreachable"), "cannot be reached; look at the network"),
        (OSError("certificate verify failed: self-signed"), "TLS certificate"),
        (OSError("connection was closed in the middle of operation"), "PostgreSQL ended the"),
        (ValueError(), "ValueError"),
    ],
)
def test_what_cannot_be_caused_here_is_read_from_its_code_or_text(error: Exception, said: str):
    assert said in explain(error)


def test_a_mistake_of_ours_is_no_failure_of_the_storage():
    with pytest.raises(TypeError, match="ours"), as_storage_failure():
        raise TypeError("ours")


# ---- a PostgreSQL server


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    tools = find_tools()
    if tools is None or shutil.which("setpriv") is None:
        pytest.skip("initdb is not installed: no PostgreSQL server to make")
    made = Cluster(tools)
    made.make()
    yield made
    made.delete()


@pytest.mark.later
@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"password": "wrong"}, "does not accept the password of this user"),
        ({"password": "wrong", "user": "nobody"}, "does not accept the password of this user"),
        ({"database": "nonesuch"}, "has no such database; make it with `createdb`"),
        ({"database": "secure"}, "takes connections from here with TLS alone"),
        ({"database": "postgres?ssl=require"}, "demands TLS, and this PostgreSQL server has none"),
        ({"database": "postgres?colour=red"}, "an option after its question mark"),
    ],
    ids=["password", "user", "database", "TLS", "no TLS", "option"],
)
def test_postgresql_refuses(required_settings, cluster: Cluster, part: dict[str, str], said: str):
    refused(required_settings, cluster.url(**part), said)


@pytest.mark.later
def test_backups_and_moves_say_it_too(required_settings, cluster: Cluster, tmp_path: Path):
    url = cluster.url("wrong")
    required_settings.setenv("DATABASE_URL", url)
    required_settings.setenv("BACKUP_FOLDER", str(tmp_path / "backups"))
    said = "does not accept the password of this user"

    assert_sentence(CliRunner().invoke(cli, ["backup"]), said)
    old = sqlite_with(tmp_path / "h.db", "CREATE TABLE t (x)")
    assert_sentence(moved(old, url), said)
    assert_sentence(moved(url, old), said)
    assert_sentence(moved(old, cluster.url()), f"there is no shop in {old}")
    of_schema(tmp_path / "former.db", "0107")
    former = f"sqlite:///{tmp_path / 'former.db'}"
    assert_sentence(moved(former, cluster.url()), f"`hanout migrate` brings it up to date ({HEAD})")


@pytest.mark.later
def test_a_password_may_be_left_to_the_drivers_variable(
    monkeypatch, cluster: Cluster, tmp_path: Path
):
    old = sqlite_with(tmp_path / "h.db", "CREATE TABLE t (x)")
    bare = cluster.url().replace(":right@", "@")
    monkeypatch.setenv("PGPASSWORD", "wrong")
    assert_sentence(moved(old, bare), "does not accept the password")

    monkeypatch.setenv("PGPASSWORD", "right")

    assert_sentence(moved(old, bare), "there is no shop in")


@pytest.mark.later
def test_a_postgresql_database_of_another_program(required_settings, cluster: Cluster):
    async def run(statement: str) -> None:
        store = Store(cluster.url())
        await store.run_sync(lambda db: db.execute(text(statement)))
        await store.close()

    required_settings.setenv("DATABASE_URL", cluster.url())
    asyncio.run(run("CREATE TABLE bookings (x integer)"))
    try:
        assert_sentence(CliRunner().invoke(cli, ["migrate"]), "of another program (bookings)")
    finally:
        asyncio.run(run("DROP TABLE bookings"))


@pytest.mark.later
def test_too_many_connections(required_settings, cluster: Cluster):
    async def fill(connections: AsyncExitStack) -> None:
        for _ in range(6):
            await connections.enter_async_context(connected(cluster.url()))

    async def meet() -> list[str]:
        said = []
        async with AsyncExitStack() as connections:
            await fill(connections)
            with pytest.raises(StorageFailure) as failure:
                await Store(cluster.url()).run_sync(lambda _: None)
            said.append(str(failure.value))
        return said

    (said,) = asyncio.run(meet())

    assert said.startswith("PostgreSQL takes no more connections; close other programs")


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[None]:
    engine = create_async_engine(async_url(url))
    async with engine.connect():
        yield
    await engine.dispose()


@pytest.mark.later
def test_a_replica_and_a_server_that_is_too_old(required_settings, cluster: Cluster, monkeypatch):
    cluster.set_standby(wanted=True)
    try:
        refused(required_settings, cluster.url(), "read-only, as a replica is; name the primary")
    finally:
        cluster.set_standby(wanted=False)
    monkeypatch.setattr("storage.migrate.LEAST_POSTGRESQL", 99)
    refused(required_settings, cluster.url(), "the shop needs 99 or newer")
