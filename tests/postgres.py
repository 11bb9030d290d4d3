"""Databases of their own on the PostgreSQL server that TEST_POSTGRES_URL names."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.ports import free_port

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "")
_numbers = count(1)


@asynccontextmanager
async def new_database(options: str = "") -> AsyncIterator[str]:
    """The address of an empty database, which is deleted afterwards; `options` are SQL."""
    url = make_url(POSTGRES)
    name = f"hanout_{os.getpid()}_{next(_numbers)}"
    maintenance = create_async_engine(
        url.set(drivername="postgresql+asyncpg"), isolation_level="AUTOCOMMIT"
    )
    try:
        async with maintenance.connect() as db:
            await db.execute(text(f'CREATE DATABASE "{name}" {options}'))
        yield url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    finally:
        async with maintenance.connect() as db:
            await db.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        await maintenance.dispose()


def find_tools() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, where PostgreSQL's server is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


class Cluster:
    """A PostgreSQL server of its own on a free port, which asks for passwords and takes few connections."""

    def __init__(self, tools: Path) -> None:
        self.tools = tools
        self.folder = Path(tempfile.mkdtemp(prefix="hanout-pg-", dir="/tmp"))
        self.data = self.folder / "data"
        self.port = 0
        # The server does not run as root.
        self._as: tuple[str, ...] = ()
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
            self._as = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")

    def make(self) -> None:
        secret = self.folder / "password"
        secret.write_text("right")
        secret.chmod(0o644)
        self._call(
            "initdb", "-D", self.data, "-U", "owner", f"--pwfile={secret}", "-A", "scram-sha-256"
        )
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(
                "listen_addresses = '127.0.0.1'\nmax_connections = 6\n"
                f"superuser_reserved_connections = 1\nunix_socket_directories = '{self.folder}'\n"
                "fsync = off\nssl = off\nmax_wal_senders = 0\n"
            )
        hba = self.data / "pg_hba.conf"
        hba.write_text(
            "hostssl secure all all scram-sha-256\nhost postgres,shop all all scram-sha-256\n"
            "host nonesuch all all scram-sha-256\n"
        )
        self._start_on_a_free_port()

    def _start_on_a_free_port(self) -> None:
        """A port that is free now may be taken a moment later: then the server does not start."""
        for attempt in range(5):
            self.port = free_port()
            try:
                self.start()
            except subprocess.CalledProcessError:
                if attempt == 4:
                    raise
            else:
                return

    def start(self) -> None:
        port = f"-p {self.port}"
        self._call("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-o", port, "-w", "start")

    def stop(self) -> None:
        self._call("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def set_standby(self, *, wanted: bool) -> None:
        """Start again as a replica, or as the primary server that it was."""
        self._call("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
        mark = self.data / "standby.signal"
        mark.touch() if wanted else mark.unlink()
        self.start()

    def url(
        self, password: str = "right", *, user: str = "owner", database: str = "postgres"
    ) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def _call(self, tool: str, *arguments: object) -> None:
        words = (*self._as, str(self.tools / tool), *map(str, arguments))
        subprocess.run(words, check=True, capture_output=True, cwd=self.folder)

    def delete(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)
