"""The lock that the leader of a shop holds: an advisory lock on PostgreSQL, a locked file on SQLite.

It is let go by the end of the process, however that comes, and by nothing that the process does
between: so the next one may lead at once.
"""

import asyncio
import contextlib
import fcntl
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ResourceClosedError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import StorageFailure, StorageOutage
from storage.explanations import READ_ONLY
from storage.failures import as_failure
from storage.store import async_url

LOCK_CLASS: Final = 0x48616E6F  # "Hano": advisory locks of a database are shared by its programs
_LEADS, _IS_ABLE = 1, 2
_LEADER: Final = "hanout leader "
# A leader looks at its lock each second; one that does not for so long is cut off.
SILENT_SECONDS: Final = 4.0
_STATEMENT_SECONDS: Final = 2.0
# A statement with its connection. The driver's own limits do not hold for a connection that is lost at the wrong moment.
_ANSWER_SECONDS: Final = 6.0

_HOLDERS: Final = """
    FROM pg_locks AS held JOIN pg_stat_activity AS session USING (pid)
    WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 2
    AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND CAST(held.classid AS bigint) = :class AND CAST(held.objid AS bigint) = :lock
"""
_IS_REPLICA: Final = text("SELECT pg_is_in_recovery()")
_TRY: Final = text("SELECT pg_try_advisory_lock(:class, :lock)")
_HOLDERS_COUNT: Final = text(f"SELECT count(*) {_HOLDERS}")
_HOLDS: Final = text(f"SELECT count(*) {_HOLDERS} AND held.pid = pg_backend_pid()")
# A standby that lives uses its session all the time.
_OTHERS: Final = text(
    f"SELECT count(*) {_HOLDERS} AND held.pid <> pg_backend_pid()"
    " AND clock_timestamp() - session.state_change < make_interval(secs => :silent)"
)
_CUT_OFF: Final = text(
    f"SELECT pg_terminate_backend(held.pid) {_HOLDERS}"
    " AND (session.application_name = :name OR (starts_with(session.application_name, :leader) AND"
    " clock_timestamp() - session.state_change > make_interval(secs => :silent)))"
)
_SET_ABLE: Final = text("SELECT pg_try_advisory_lock_shared(:class, :lock)")
_SET_UNABLE: Final = text("SELECT pg_advisory_unlock_shared(:class, :lock)")


_END_SESSIONS: Final = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = :name"
)


def sessions_of(instance: str) -> str:
    """What PostgreSQL calls the sessions in which a process works."""
    return f"hanout {instance}"


class LeaderLock(Protocol):
    """One process at a time holds it. Any method may raise StorageFailure."""

    async def take(self) -> bool:
        """Try to take it; True where this process holds it now."""
        ...

    async def is_free(self) -> bool:
        """Whether nobody holds it at this moment, though who held it may be about to take it again.

        Never for a lock that only the end of its process lets go.
        """
        ...

    async def hold(self) -> None:
        """See whether this process holds it still. Raises StorageFailure where it does not."""
        ...

    async def set_able(self, *, able: bool) -> None:
        """As a standby: tell the leader whether Telegram can be reached from here."""
        ...

    async def is_standby_able(self) -> bool:
        """Whether a standby says that it reaches Telegram."""
        ...

    async def end_sessions(self, instance: str) -> None:
        """End what a former leader has open: it may hold rows for as long as it stands still."""
        ...

    async def release(self) -> None:
        """Let it go."""
        ...


def leader_lock(database_url: str, instance: str, lost: Callable[[], None]) -> LeaderLock:
    """The lock of this database. `lost` is called when the connection that holds it ends."""
    return _lock(database_url, f"{_LEADER}{instance}", lost)


def command_lock(database_url: str) -> LeaderLock:
    """The same lock for a command that needs the database alone, which may be silent for long."""
    return _lock(database_url, f"hanout command {secrets.token_hex(4)}", lambda: None)


def _lock(database_url: str, name: str, lost: Callable[[], None]) -> LeaderLock:
    url = async_url(database_url)
    if url.get_backend_name() == "sqlite":
        return FileLock(lock_file(Path(url.database or "")))
    return AdvisoryLock(url, name, lost)


def lock_file(database: Path) -> Path:
    """The file beside a SQLite database whose lock its leader holds; of a link, beside what it leads to."""
    real = database.resolve()
    return real.with_name(f"{real.name}.lock")


class FileLock:
    """For processes on one machine. A process that stands still goes on holding it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    async def take(self) -> bool:
        if self._file is not None:
            return True
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            folder = self._path.parent
            raise StorageFailure(f"the folder {folder} cannot be made: {error.strerror}") from None
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StorageFailure(f"{self._path} cannot be made: {error.strerror}") from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        except OSError as error:  # a file system without such locks
            os.close(file)
            raise StorageFailure(f"{self._path} cannot be locked: {error.strerror}") from None
        self._file = file
        if (
            not self._is_in_place()
        ):  # removed between the opening and the lock: another file is there
            await self.release()
            return False
        return True

    async def is_free(self) -> bool:
        return False

    async def hold(self) -> None:
        if not self._is_in_place():
            await self.release()
            raise StorageFailure(f"{self._path} was removed or replaced")

    def _is_in_place(self) -> bool:
        if self._file is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._file), self._path.stat())
        except OSError:
            return False

    async def set_able(self, *, able: bool) -> None:
        """Nothing: both are on one machine."""

    async def is_standby_able(self) -> bool:
        return False

    async def end_sessions(self, instance: str) -> None:
        """Nothing: who holds a file's lock is the only process that has lived."""

    async def release(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            os.close(file)


class AdvisoryLock:
    """Held by a session of its own; `name` is what the server's list of sessions calls it."""

    def __init__(self, url: URL, name: str, lost: Callable[[], None]) -> None:
        from storage.postgres import lock_engine  # its driver is an extra

        self._name = name
        self._engine: AsyncEngine = lock_engine(url, name=self._name, seconds=_STATEMENT_SECONDS)
        self._lost = lost
        self._connection: AsyncConnection | None = None
        self._is_able = False
        self._turn = asyncio.Lock()  # a connection takes one statement at a time

    async def take(self) -> bool:
        if (await self._ask(_IS_REPLICA)).scalar_one():
            await self.release()  # the next try may find the primary server
            raise StorageOutage(READ_ONLY)
        if (await self._ask(_TRY)).scalar_one():
            return True
        # Its own former session, of which the server has not heard that it ended, or a silent leader's.
        await self._ask(_CUT_OFF, name=self._name, leader=_LEADER, silent=SILENT_SECONDS)
        return False

    async def is_free(self) -> bool:
        return not (await self._ask(_HOLDERS_COUNT)).scalar_one()

    async def hold(self) -> None:
        if not (await self._ask(_HOLDS)).scalar_one():
            await self.release()
            raise StorageOutage("the leader's lock is lost")

    async def set_able(self, *, able: bool) -> None:
        if able != self._is_able:
            await self._ask(_SET_ABLE if able else _SET_UNABLE, lock=_IS_ABLE)
            self._is_able = able

    async def is_standby_able(self) -> bool:
        found = await self._ask(_OTHERS, lock=_IS_ABLE, silent=SILENT_SECONDS)
        return bool(found.scalar_one())

    async def end_sessions(self, instance: str) -> None:
        await self._ask(_END_SESSIONS, name=sessions_of(instance))

    async def _ask(self, statement: Any, *, lock: int = _LEADS, **values: object) -> Any:
        async with self._turn:
            try:
                async with asyncio.timeout(_ANSWER_SECONDS):
                    if self._connection is None:
                        self._connection = await self._connect()
                    named = {"class": LOCK_CLASS, "lock": lock, **values}
                    wanted = {name: named[name] for name in statement.compile().params}
                    return await self._connection.execute(statement, wanted)
            except BaseException as error:
                await self.release()
                failure = as_failure(error)
                if isinstance(error, ResourceClosedError):  # by `release`, which waits for no turn
                    failure = StorageOutage("the connection of the leader's lock was closed")
                if failure is None:
                    raise
                raise failure from None

    async def _connect(self) -> AsyncConnection:
        connection = await self._engine.connect()
        driver: Any = (await connection.get_raw_connection()).driver_connection
        driver.add_termination_listener(lambda _ended: self._lost())
        return connection

    async def release(self) -> None:
        connection, self._connection = self._connection, None
        self._is_able = False
        if connection is not None:
            from storage.postgres import abort

            with contextlib.suppress(Exception):  # it is gone: so is the lock
                await abort(connection)
