"""On PostgreSQL: what became of a commit whose answer was lost, and whether this process may write.

Each transaction begins with the number that the server gives it, and leaves a mark: the name of its connection, which
counts its transactions. If the connection breaks while it commits, the server is asked what became of both before
anybody is told anything. The number alone does not tell: a server that crashed gives the numbers again of which nothing
was kept, and may call somebody else's commit ours. The mark alone does not tell while the commit may be under way.

The same statement reads which process leads the shop, and holds that until the end of the transaction: a process that
was cut off, or stood still, and led before writes nothing any more.
"""

import asyncio
import secrets
from time import monotonic
from typing import Final, NamedTuple

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import CommitUnknown, NotLeading
from storage.failures import as_failure

_BEGIN: Final = """
    WITH mark AS (
        INSERT INTO commit_marks (session, turn, at)
        VALUES (:session, :turn, CAST(extract(epoch FROM now()) * 1000 AS bigint))
        ON CONFLICT (session) DO UPDATE SET turn = excluded.turn, at = excluded.at
    )
    SELECT CAST(pg_current_xact_id() AS text)
"""
# FOR SHARE: the next leader's row is written when this transaction has ended.
_LEADING: Final = ", instance FROM leader WHERE id = 1 FOR SHARE"
_BEGIN_UNLED, _BEGIN_LEADING = text(_BEGIN), text(_BEGIN + _LEADING)
_STATUS: Final = text("SELECT pg_xact_status(CAST(CAST(:number AS text) AS xid8))")
_IN_THE_FUTURE: Final = (
    "22023"  # a number that the server has not given, or does not know that it has
)
_UNDER_WAY: Final = "in progress"
_LAST_TURN: Final = text("SELECT turn FROM commit_marks WHERE session = :session")
_TIMELINE: Final = text("SELECT pg_walfile_name(pg_current_wal_lsn())")
_TIMELINE_DIGITS: Final = 8
_PING: Final = text("SELECT 1")
_PING_SECONDS: Final = 4.0
_LOOK_SECONDS: Final = 8.0
_PAUSE_SECONDS: Final = 0.1
_SESSION, _TURN = "hanout session", "hanout turn"  # in what SQLAlchemy keeps with a connection


class Begun(NamedTuple):
    """A transaction: the server's number, the name of its connection, and that connection's count."""

    number: str
    session: str
    turn: int


class Commits:
    """`instance`: the process that has to lead for a transaction to begin; None: it needs not."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.instance: str | None = None
        self._timeline: str | None = None  # changes when a replica takes a server's place

    async def ping(self, connection: AsyncConnection) -> None:
        """See whether a connection answers, of which a statement may take minutes."""
        async with asyncio.timeout(_PING_SECONDS):
            await connection.execute(_PING)

    async def begin(self, connection: AsyncConnection) -> Begun:
        """What tells this transaction from all others. Raises NotLeading."""
        if self._timeline is None:
            self._timeline = await _timeline(connection)
        kept = connection.info
        session = kept.setdefault(_SESSION, secrets.token_hex(16))
        kept[_TURN] = turn = kept.get(_TURN, 0) + 1
        mark = {"session": session, "turn": turn}
        if self.instance is None:
            number = (await connection.execute(_BEGIN_UNLED, mark)).scalar_one()
            return Begun(number, session, turn)
        row = (await connection.execute(_BEGIN_LEADING, mark)).one_or_none()
        if row is None or row[1] != self.instance:
            raise NotLeading("another process leads this shop now")
        return Begun(row[0], session, turn)

    async def was_committed(self, begun: Begun) -> bool:
        """What became of a transaction whose commit was not answered.

        Raises CommitUnknown where that cannot be found out within some seconds, or from a server
        that took the place of the one that was asked to commit: it may never have heard of it.
        """
        until = monotonic() + _LOOK_SECONDS
        while monotonic() < until:
            kept = await self._kept(begun)
            if kept is not None:
                return kept
            await asyncio.sleep(_PAUSE_SECONDS)
        raise CommitUnknown("the database does not say whether it kept the last change")

    async def _kept(self, begun: Begun) -> bool | None:
        """None: it is not known yet, or cannot be asked."""
        try:
            async with asyncio.timeout(_PING_SECONDS), self._engine.connect() as connection:
                timeline = await _timeline(connection)
                if timeline == self._timeline:
                    status = await _status(connection, begun.number)
                    if status == _UNDER_WAY:
                        return None
                    # After that, in a statement of its own: what has ended is seen by now.
                    named = {"session": begun.session}
                    last = (await connection.execute(_LAST_TURN, named)).scalar_one_or_none()
                    if last is not None and last > begun.turn:
                        # The connection has lived on, so no crash: the number is still its own.
                        return status == "committed"
                    return last == begun.turn
        except Exception as error:
            if as_failure(error) is None:
                raise
            return None
        self._timeline = timeline
        raise CommitUnknown("another server answers in place of the one that was to commit")


async def _timeline(connection: AsyncConnection) -> str:
    wal_file: str = (await connection.execute(_TIMELINE)).scalar_one()
    return wal_file[:_TIMELINE_DIGITS]


async def _status(connection: AsyncConnection, number: str) -> str | None:
    """What has become of the transaction that has this number now; None: of none that is known."""
    try:
        status: str | None = (
            await connection.execute(_STATUS, {"number": number})
        ).scalar_one_or_none()
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _IN_THE_FUTURE:
            raise
        await connection.rollback()
        return None
    return status
