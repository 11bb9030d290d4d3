"""PostgreSQL's programs are sent to the server, and as the user, that the driver of the shop connects to."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import StorageFailure
from storage.client_tools import call_tool, connection_string, driver_options, environment
from storage.moved import describe
from storage.snapshot import take_snapshot
from storage.store import async_url


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (
            "u:p@db.example:5433/shop",
            "host='db.example' dbname='shop' user='u' port='5433'",
        ),
        (
            "u:p@/shop?host=/run/postgresql&port=5433",
            "dbname='shop' user='u' host='/run/postgresql' port='5433'",
        ),
        (
            "u:p@/shop?host=10.0.0.1:5433",
            "dbname='shop' user='u' host='10.0.0.1' port='5433'",
        ),
        (
            "u:p@/shop?host=one,two&port=5432,5433",
            "dbname='shop' user='u' host='one,two' port='5432,5433'",
        ),
        (
            "h/shop?user=o%27k&ssl=verify-full",
            "host='h' dbname='shop' user='o\\'k' sslmode='verify-full'",
        ),
        ("h/shop?sslmode=require", "host='h' dbname='shop' sslmode='require'"),
        (
            "h/shop?passfile=/etc/p&target_session_attrs=primary&statement_cache_size=0",
            "host='h' dbname='shop' passfile='/etc/p' target_session_attrs='primary'",
        ),
        ("/shop", "dbname='shop'"),
    ],
)
def test_the_address_is_told_as_the_driver_reads_it(address: str, said: str):
    options = driver_options(async_url(f"postgresql://{address}"))

    assert sorted(connection_string(options).split()) == sorted(said.split())


@pytest.mark.parametrize("address", ["u:secret@h/shop", "u@h/shop?password=secret"])
def test_a_password_stands_on_no_command_line(address: str, monkeypatch):
    monkeypatch.setenv("PGHOSTADDR", "10.9.9.9")  # the driver does not read this one
    monkeypatch.setenv("PGSSLROOTCERT", "/etc/root.crt")
    options = driver_options(async_url(f"postgresql://{address}"))

    assert "secret" not in connection_string(options)
    found = environment(options)
    assert found["PGPASSWORD"] == "secret"
    assert found["PGSSLROOTCERT"] == "/etc/root.crt"
    assert "PGHOSTADDR" not in found


@pytest.mark.parametrize("option", ["dsn=postgresql://other/shop", "direct_tls=true"])
def test_what_the_programs_could_not_follow_is_refused(option: str):
    with pytest.raises(ValueError, match=r"take (dsn|direct_tls) out of the address"):
        async_url(f"postgresql://h/shop?{option}")


def test_a_moved_shop_is_described_with_its_host():
    url = "postgresql://u:p@/shop?host=/run/postgresql&port=5433&password=p&ssl=require"

    assert describe(url) == "postgresql://u:***@/shop?host=%2Frun%2Fpostgresql&port=5433"


_HANGING = "#!/bin/sh\nsleep 600 &\necho $! > {pid}.new; mv {pid}.new {pid}\nwait\n"


@pytest.fixture
def child(tmp_path: Path, monkeypatch) -> Path:
    """Where a pg_dump that hangs writes the number of the process that it has started."""
    tool, pid = tmp_path / "pg_dump", tmp_path / "pid"
    tool.write_text(_HANGING.format(pid=pid))
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return pid


async def test_a_program_that_hangs_is_killed_with_its_children(
    child: Path, tmp_path: Path, monkeypatch
):
    """A server that does not answer would keep each later night from its backup."""
    monkeypatch.setattr("storage.snapshot._DUMP_HOURS", 2 / 3600)

    async with asyncio.timeout(60):
        with pytest.raises(StorageFailure, match=r"^pg_dump was ended after .* did not answer"):
            await take_snapshot("postgresql://u:secret@h/shop", tmp_path / "snapshot")

        await ended(child)


async def test_a_program_is_killed_with_the_command_that_waits_for_it(child: Path):
    address = async_url("postgresql://u:secret@h/shop")
    work = asyncio.create_task(call_tool(address, "pg_dump", hours=1))
    async with asyncio.timeout(60):
        while not child.exists():
            await asyncio.sleep(0.01)

        work.cancel()

        with pytest.raises(asyncio.CancelledError):
            await work
        await ended(child)


async def ended(child: Path) -> None:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        status = Path("/proc") / child.read_text().strip() / "stat"
        while ") Z" not in status.read_text():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_program_ends_with_the_command_that_a_signal_ends(tmp_path: Path, number: int):
    pipe, tool = tmp_path / "pipe", tmp_path / "pg_dump"
    os.mkfifo(pipe)
    tool.write_text(f"#!/bin/sh\nexec > {pipe}\necho begun\nsleep 30\necho survived\n")
    tool.chmod(0o700)
    work = (
        "import asyncio; from storage.client_tools import call_tool; from storage.store import async_url\n"
        "asyncio.run(call_tool(async_url('postgresql://h/shop'), 'pg_dump', hours=1))"
    )
    paths = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = subprocess.Popen([sys.executable, "-c", work], env={**os.environ, **paths})
    with pipe.open() as said:
        assert said.readline() == "begun\n"
        command.send_signal(number)

        assert said.read() == ""
    assert command.wait(60) == -number
