"""A PostgreSQL cluster of its own, in a temporary folder and on a free port: stopped, restarted, replicated, promoted."""

import asyncio
import contextlib
import os
import pwd
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import asyncpg

from tests.ports import free_port

NO_POSTGRES = (
    "PostgreSQL's programs are not on this machine: on Debian or Ubuntu, apt install postgresql"
)
# What `Cluster.query` raises while the server is down.
DOWN = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
_OWNER = "postgres"
_DATABASE = "hanout"
_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 32MB
max_connections = 90
max_wal_senders = 4
log_line_prefix = '%m [%p] '
"""
_WAIT_SECONDS = 30.0


def find_postgres() -> Path | None:
    """The folder of initdb and pg_ctl; None where there is none, or no user to run them as."""
    found = [
        shutil.which("initdb"),
        *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb"))),
    ]
    programs = [Path(name).parent for name in found if name]
    if os.geteuid() == 0:
        try:
            pwd.getpwnam(_OWNER)
        except KeyError:
            return None
    return programs[-1] if programs else None


class Cluster:
    """One server; `data` is its data folder, which belongs to the user postgres where we are root."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self._programs = folder, programs
        self.data = folder / "data"
        self.port = free_port()

    def url(self, database: str = _DATABASE, port: int | None = None) -> str:
        return f"postgresql://{_OWNER}@127.0.0.1:{port or self.port}/{database}"

    async def make(self, *, fsync: bool) -> None:
        """Make an empty cluster and start it.

        Without `fsync` it is as safe as long as no power fails: a process that dies leaves what it
        wrote with the kernel.
        """
        await self._run(
            "initdb",
            "-D",
            self.data,
            "-U",
            _OWNER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(f"{_SETTINGS}port = {self.port}\nfsync = {'on' if fsync else 'off'}\n")
        await self.start()

    async def start(self) -> None:
        await self._run(
            "pg_ctl", "-D", self.data, "-l", self.folder / "server.log", "-w", "-t", "60", "start"
        )

    async def stop(self, mode: str = "fast") -> None:
        """`mode` immediate: as if the server was killed."""
        await self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "-t", "60", "stop")

    async def restart(self, mode: str = "fast") -> None:
        await self.stop(mode)
        await self.start()

    async def replicate(self, folder: Path) -> "Cluster":
        """A streaming replica of this one, which serves queries; it is asynchronous, as PostgreSQL's default is."""
        replica = Cluster(folder, self._programs)
        await self._run(
            "pg_basebackup",
            "-D",
            replica.data,
            "-R",
            "-X",
            "stream",
            "-c",
            "fast",
            "-U",
            _OWNER,
            "-h",
            "127.0.0.1",
            "-p",
            self.port,
        )
        with (replica.data / "postgresql.conf").open("a") as settings:
            settings.write(f"port = {replica.port}\n")
        await replica.start()
        return replica

    async def promote(self) -> None:
        await self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "promote")

    async def query(self, statement: str, *values: Any, database: str = _DATABASE) -> Sequence[Any]:
        """Ask the server itself, past every relay. Raises one of DOWN while it is down."""
        connection = await asyncpg.connect(self.url(database), timeout=5)
        try:
            return list(await connection.fetch(statement, *values, timeout=10))
        finally:
            await connection.close(timeout=2)

    async def new_database(self, name: str = _DATABASE) -> None:
        """An empty database of this name, in place of an older one."""
        await self.query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', database="postgres")
        await self.query(f'CREATE DATABASE "{name}"', database="postgres")

    async def _run(self, program: str, *words: object) -> None:
        """Raises RuntimeError with what the program said."""
        command = [str(self._programs / program), *map(str, words)]
        if os.geteuid() == 0:
            command = [
                "setpriv",
                f"--reuid={_OWNER}",
                f"--regid={_OWNER}",
                "--clear-groups",
                *command,
            ]
        said = self.folder / f"{program}.log"
        with said.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                cwd=self.folder,
                env={**os.environ, "LC_ALL": "C"},
            )
            status = await asyncio.wait_for(process.wait(), _WAIT_SECONDS * 2)
        if status:
            raise RuntimeError(f"{program}: {said.read_text(errors='replace')[-2000:]}")


def _own_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="hanout-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, _OWNER, _OWNER)
    return folder


@contextlib.asynccontextmanager
async def running_cluster(
    of: Cluster | None = None, *, fsync: bool = False
) -> AsyncIterator[Cluster]:
    """A new cluster, or a replica `of` one; it is gone afterwards. Raises LookupError where it cannot be made."""
    programs = find_postgres()
    if programs is None:
        raise LookupError(NO_POSTGRES)
    folder = _own_folder()
    cluster = Cluster(folder, programs)
    try:
        if of is None:
            await cluster.make(fsync=fsync)
        else:
            cluster = await of.replicate(folder)
        yield cluster
    finally:
        with contextlib.suppress(RuntimeError):  # it may be stopped
            await cluster.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
