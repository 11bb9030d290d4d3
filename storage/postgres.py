"""PostgreSQL as an engine: limits on each step, and what is read back of a new connection."""

import asyncio
from typing import Any, Final
from weakref import WeakSet

from sqlalchemy import event
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.errors import StorageFailure

CONNECT_SECONDS: Final = 3.0
STATEMENT_SECONDS: Final = 4.0  # a statement, with the wait for its locks
LONG_STATEMENT_SECONDS: Final = 600.0  # audits, reports, migrations
_POOL_SECONDS: Final = 4.0  # for a free connection
# The server ends a session that stands still within a transaction: a stopped process holds its locks no longer.
_IDLE_SECONDS: Final = 5
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
        connect_args=_arguments(name, seconds),
    )
    _prepare(engine, {"idle_in_transaction_session_timeout": f"{_IDLE_SECONDS}s"}, seconds)
    return engine


def lock_engine(url: URL, *, name: str, seconds: float) -> AsyncEngine:
    """For one connection that holds a lock: without pool and without transactions."""
    engine = create_async_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args=_arguments(name, seconds),
    )
    _prepare(engine, {}, seconds)
    return engine


def _arguments(name: str, seconds: float) -> dict[str, Any]:
    # A server that does not answer does not answer to statement_timeout either, so the driver counts too.
    return {
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
    for name, value in wanted.items():
        cursor.execute(f"SET {name} = '{value}'")
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
    """The connections of a pool that nobody uses now."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._idle: WeakSet[Any] = WeakSet()
        event.listen(engine.sync_engine, "checkin", self._checked_in)
        event.listen(engine.sync_engine, "checkout", self._checked_out)

    def _checked_in(self, connection: Any, _record: object) -> None:
        if connection is not None:
            self._idle.add(connection.driver_connection)

    def _checked_out(self, connection: Any, _record: object, _proxy: object) -> None:
        self._idle.discard(connection.driver_connection)
        _refuse_closed(connection)

    def abort(self) -> None:
        """End them all: one did not answer, and each of them would be waited for in turn."""
        for connection in list(self._idle):
            connection.terminate()
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
    error, connection = context.original_exception, context.connection
    if isinstance(error, TimeoutError | asyncio.CancelledError) and connection is not None:
        driver: Any = connection.connection.driver_connection
        driver.terminate()


def _refuse_closed(connection: Any) -> None:
    """Have the pool take another connection than one whose end the driver has seen, at no cost."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError
