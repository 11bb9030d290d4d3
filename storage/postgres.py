"""PostgreSQL as an engine: limits on each step, and what is read back of a new connection."""

import asyncio
from typing import Any, Final
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import event
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.errors import StorageFailure
from storage.addresses import numbers_of

CONNECT_SECONDS: Final = 3.0
STATEMENT_SECONDS: Final = 4.0  # a statement, with the wait for its locks
LONG_STATEMENT_SECONDS: Final = 600.0  # audits, reports, migrations
_POOL_SECONDS: Final = 4.0  # for a free connection
# The server ends a session that stands still within a transaction: a stopped process holds its locks no longer.
_IDLE_SECONDS: Final = 5
# Where the path to us is dead, the server lets go what a session holds after some nine seconds.
_DEAD_PATH: Final = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "2",
    "tcp_user_timeout": "9000",
}
# A committed purchase must not be forgotten by a power failure.
SYNCHRONOUS: Final = {"on", "local", "remote_write", "remote_apply"}


def work_engine(
    url: URL, *, name: str, seconds: float = STATEMENT_SECONDS, size: int = 10
) -> AsyncEngine:
    """A pool of connections on which each statement has so many seconds.

    `name` is what the server's list of sessions calls them.
    """
    engine = create_async_engine(
        url,
        pool_size=size,
        pool_timeout=_POOL_SECONDS,
        connect_args=_arguments(url, name, seconds),
    )
    _prepare(
        engine, {"idle_in_transaction_session_timeout": f"{_IDLE_SECONDS}s", **_DEAD_PATH}, seconds
    )
    return engine


def lock_engine(url: URL, *, name: str, seconds: float) -> AsyncEngine:
    """For one connection that holds a lock: without pool and without transactions."""
    engine = create_async_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args=_arguments(url, name, seconds),
    )
    _prepare(engine, _DEAD_PATH, seconds)
    return engine


def _arguments(url: URL, name: str, seconds: float) -> dict[str, Any]:
    # A server that does not answer does not answer to statement_timeout either, so the driver counts too.
    return {
        **numbers_of(url),
        "timeout": CONNECT_SECONDS,
        "command_timeout": seconds,
        "server_settings": {"application_name": name},
    }


def _prepare(engine: AsyncEngine, session: dict[str, str], seconds: float) -> None:
    """Set what a session needs, by statements: a pooler between us refuses unknown parameters."""
    wanted = {"statement_timeout": f"{seconds:.0f}s", **session}

    def connect(connection: Any, _record: object) -> None:
        try:
            _set_up(connection, wanted)
        except BaseException:
            connection.driver_connection.terminate()  # to close it in order may take for ever
            raise

    event.listen(engine.sync_engine, "connect", connect)
    event.listen(engine.sync_engine, "handle_error", _abort_silent)


def _set_up(connection: Any, wanted: dict[str, str]) -> None:
    """Raises StorageFailure where the server does not keep what it has confirmed."""
    cursor = connection.cursor()
    settings = ", ".join(
        f"set_config('{name}', '{value}', false)" for name, value in wanted.items()
    )
    cursor.execute(f"SELECT {settings}")
    cursor.execute("SELECT current_setting('synchronous_commit')")
    (synchronous,) = cursor.fetchone()
    if synchronous not in SYNCHRONOUS:
        cursor.execute("SET synchronous_commit = 'on'")
        cursor.execute("SELECT current_setting('synchronous_commit')")
        (synchronous,) = cursor.fetchone()
    cursor.close()
    connection.commit()
    if synchronous not in SYNCHRONOUS:
        raise StorageFailure(
            f"PostgreSQL would not take synchronous_commit=on, it has {synchronous}"
        )


class Sessions:
    """The connections of a pool: which nobody uses now, and which were ended without the server's knowledge.

    Where packets are lost, the server does not learn that a connection was aborted. Its session then
    holds its locks, without end if it was within a statement. So the next connection that works ends
    those sessions.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._idle: WeakSet[Any] = WeakSet()
        # Process ids of the server; an aborted connection knows its own no more.
        self._numbers: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
        self._left_behind: set[int] = set()
        event.listen(engine.sync_engine, "connect", self._connected)
        event.listen(engine.sync_engine, "checkin", self._checked_in)
        event.listen(engine.sync_engine, "checkout", self._checked_out)
        event.listen(engine.sync_engine, "handle_error", self._note_error)

    def _connected(self, connection: Any, _record: object) -> None:
        driver = connection.driver_connection
        self._numbers[driver] = driver.get_server_pid()
        if not self._left_behind:
            return
        numbers = ", ".join(str(number) for number in self._left_behind)
        cursor = connection.cursor()
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"  # noqa: S608 - whole numbers
            " WHERE application_name = current_setting('application_name')"
            f" AND pid <> pg_backend_pid() AND pid IN ({numbers})"
        )
        cursor.close()
        connection.commit()
        self._left_behind.clear()

    def _checked_in(self, connection: Any, _record: object) -> None:
        if connection is not None:
            self._idle.add(connection.driver_connection)

    def _checked_out(self, connection: Any, _record: object, _proxy: object) -> None:
        self._idle.discard(connection.driver_connection)
        _refuse_closed(connection)

    def _note_error(self, context: ExceptionContext) -> None:
        driver = _silent_driver(context)
        if driver is not None and driver in self._numbers:
            self._left_behind.add(self._numbers[driver])

    def abort(self) -> None:
        """End all that nobody uses: one did not answer, and each of them would be waited for in turn."""
        for connection in list(self._idle):
            connection.terminate()  # within no transaction: the server's side holds nothing
        self._idle.clear()


async def abort(connection: AsyncConnection) -> None:
    """End a connection at once, and let the server notice: in order it may take for ever."""
    if not connection.invalidated:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        driver.terminate()
        await connection.invalidate()
    await connection.close()


def _abort_silent(context: ExceptionContext) -> None:
    """Abort a connection that does not answer, or is not waited for any more.

    To close it in order, the driver would ask the server to cancel the statement, and wait for that.
    """
    driver = _silent_driver(context)
    if driver is not None:
        driver.terminate()


def _silent_driver(context: ExceptionContext) -> Any:
    """The driver's connection where an error is of one that did not answer in time; else None."""
    error, connection = context.original_exception, context.connection
    if connection is None or not isinstance(error, TimeoutError | asyncio.CancelledError):
        return None
    return connection.connection.driver_connection


def _refuse_closed(connection: Any) -> None:
    """Have the pool take another connection than one whose end the driver has seen, at no cost."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError
