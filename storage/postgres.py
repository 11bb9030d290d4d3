"""PostgreSQL as an engine: limits on each step, and what is read back of a new connection."""

from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.util import greenlet_spawn

from bot.errors import StorageFailure

CONNECT_SECONDS: Final = 3.0
STATEMENT_SECONDS: Final = 4.0  # a statement, with the wait for its locks
LONG_STATEMENT_SECONDS: Final = 600.0  # audits, reports, migrations
_POOL_SECONDS: Final = 4.0  # for a free connection
# The server ends a session that stands still within a transaction: a stopped process holds its locks no longer.
_IDLE_SECONDS: Final = 5
_OLDEST: Final = 130000  # pg_current_xact_id and pg_xact_status are as old
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
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
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
        cursor = connection.cursor()
        for name, value in wanted.items():
            cursor.execute(f"SET {name} = '{value}'")
        cursor.execute(
            "SELECT current_setting('server_version_num'), current_setting('synchronous_commit')"
        )
        version, synchronous = cursor.fetchone()
        if synchronous not in SYNCHRONOUS:
            cursor.execute("SET synchronous_commit = 'on'")
            cursor.execute("SELECT current_setting('synchronous_commit')")
            (synchronous,) = cursor.fetchone()
        cursor.close()
        connection.commit()
        if int(version) < _OLDEST:
            raise StorageFailure("PostgreSQL 13 or newer is needed; this server is older")
        if synchronous not in SYNCHRONOUS:
            raise StorageFailure(
                f"PostgreSQL would not take synchronous_commit=on, it has {synchronous}"
            )

    event.listen(engine.sync_engine, "connect", connect)


async def forget_connections(engine: AsyncEngine) -> None:
    """Have the pool make new connections at once, since one did not answer; then close the others.

    Each of them would be waited for in turn, and closing one takes as long.
    """
    former = engine.sync_engine.pool
    await engine.dispose(close=False)
    await greenlet_spawn(former.dispose)


def _refuse_closed(connection: Any, _record: object, _proxy: object) -> None:
    """Have the pool take another connection than one whose end the driver has seen, at no cost."""
    if connection._connection.is_closed():  # noqa: SLF001 - SQLAlchemy's own test for it
        raise DisconnectionError
