"""On PostgreSQL: what became of a commit whose answer was lost, and whether this process may write.

Each transaction begins with the number that the server gives it. If the connection breaks while it
commits, the server is asked what became of that number before anybody is told anything. The same
statement reads which process leads the shop, and holds that until the end of the transaction: a
process that was cut off, or stood still, and led before writes nothing any more.
"""

import asyncio
from time import monotonic
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import CommitUnknown, NotLeading
from storage.failures import as_failure

_BEGIN: Final = text("SELECT CAST(pg_current_xact_id() AS text)")
# FOR SHARE: the next leader's row is written when this transaction has ended.
_BEGIN_LEADING: Final = text(
    "SELECT CAST(pg_current_xact_id() AS text), instance FROM leader WHERE id = 1 FOR SHARE"
)
_STATUS: Final = text(
    "SELECT pg_xact_status(CAST(CAST(:number AS text) AS xid8)), pg_walfile_name(pg_current_wal_lsn())"
)
_TIMELINE: Final = text("SELECT pg_walfile_name(pg_current_wal_lsn())")
_TIMELINE_DIGITS: Final = 8
_PING: Final = text("SELECT 1")
_PING_SECONDS: Final = 4.0
_LOOK_SECONDS: Final = 8.0
_PAUSE_SECONDS: Final = 0.1


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

    async def begin(self, connection: AsyncConnection) -> str:
        """The number of this transaction. Raises NotLeading."""
        if self._timeline is None:
            self._timeline = _timeline_of((await connection.execute(_TIMELINE)).scalar_one())
        if self.instance is None:
            return str((await connection.execute(_BEGIN)).scalar_one())
        row = (await connection.execute(_BEGIN_LEADING)).one_or_none()
        if row is None or row[1] != self.instance:
            raise NotLeading("another process leads this shop now")
        return str(row[0])

    async def was_committed(self, number: str) -> bool:
        """What became of a transaction whose commit was not answered.

        Raises CommitUnknown where that cannot be found out within some seconds, or from a server
        that took the place of the one that was asked to commit: it may never have heard of it.
        """
        until = monotonic() + _LOOK_SECONDS
        while monotonic() < until:
            status = await self._status(number)
            if status in ("committed", "aborted"):
                return status == "committed"
            await asyncio.sleep(_PAUSE_SECONDS)
        raise CommitUnknown("the database does not say whether it kept the last change")

    async def _status(self, number: str) -> str | None:
        """None: it is not known yet, or cannot be asked."""
        try:
            async with asyncio.timeout(_PING_SECONDS), self._engine.connect() as connection:
                status, wal_file = (await connection.execute(_STATUS, {"number": number})).one()
        except Exception as error:
            if as_failure(error) is None:
                raise
            return None
        if _timeline_of(wal_file) != self._timeline:
            self._timeline = _timeline_of(wal_file)
            raise CommitUnknown("another server answers in place of the one that was to commit")
        return None if status is None else str(status)


def _timeline_of(wal_file: str) -> str:
    return wal_file[:_TIMELINE_DIGITS]
