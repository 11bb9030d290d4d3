"""A known text sealed with each key: opening it proves that a key is the one used before.

Also which keys are lost, and what they sealed.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import case, distinct, exists, func, select, update

from bot.domain.outbox import OutboxKind, OutboxState
from bot.domain.records import Sealed
from storage.repositories.base import Repository
from storage.tables import codes, key_checks, outbox

_NO_CHECK = b""
_UNSENT = exists().where(
    outbox.c.order_id == codes.c.order_id,
    outbox.c.kind.in_((OutboxKind.ORDER_RESULT, OutboxKind.ORDER_PART)),
    outbox.c.state != OutboxState.SENT,
)


class KeyCheckRepository(Repository):
    async def get(self, key_id: str) -> Sealed | None:
        """The text sealed with this key; None if the key was never used with this database."""
        found = await self._db.execute(
            select(key_checks.c.blob).where(key_checks.c.key_id == key_id)
        )
        blob = found.scalar_one_or_none()
        return None if blob is None else Sealed(key_id, blob)

    async def add(self, sealed: Sealed) -> None:
        """Store the text sealed with a key. A second call for the same key changes nothing."""
        await self.insert_once(key_checks, key_id=sealed.key_id, blob=sealed.blob)

    async def ids(self) -> set[str]:
        """Ids of all keys that were used with this database."""
        return set((await self._db.execute(select(key_checks.c.key_id))).scalars())

    async def abandoned(self) -> Mapping[str, datetime]:
        """The ids of keys that are lost, and since when that is known."""
        rows = await self._db.execute(
            select(key_checks.c.key_id, key_checks.c.abandoned_at).where(
                key_checks.c.abandoned_at.is_not(None)
            )
        )
        return {row.key_id: row.abandoned_at for row in rows}

    async def abandon(self, key_id: str, now: datetime) -> None:
        """Note that a key is lost, also one that left no check."""
        await self.add(Sealed(key_id, _NO_CHECK))
        await self._set_abandoned([key_id], now)

    async def find_again(self, key_ids: Collection[str]) -> None:
        """Note that keys are not lost any more."""
        await self._set_abandoned(key_ids, None)

    async def _set_abandoned(self, key_ids: Collection[str], at: datetime | None) -> None:
        await self._db.execute(
            update(key_checks).where(key_checks.c.key_id.in_(key_ids)).values(abandoned_at=at)
        )

    async def sealed_codes(self, key_id: str) -> tuple[int, int, int]:
        """What a key sealed: codes, orders with such codes, and of those the orders whose codes
        were not all sent."""
        row = (
            await self._db.execute(
                select(
                    func.count(),
                    func.count(distinct(codes.c.order_id)),
                    func.count(distinct(case((_UNSENT, codes.c.order_id)))),
                ).where(codes.c.key_id == key_id)
            )
        ).one()
        return row[0], row[1], row[2]

    async def lost_codes(self, order_id: int | None = None) -> set[tuple[int, int]]:
        """The codes, of an order or of all, whose key is lost: (order id, position)."""
        statement = (
            select(codes.c.order_id, codes.c.position)
            .join(key_checks, key_checks.c.key_id == codes.c.key_id)
            .where(key_checks.c.abandoned_at.is_not(None))
        )
        if order_id is not None:
            statement = statement.where(codes.c.order_id == order_id)
        return {(row.order_id, row.position) for row in await self._db.execute(statement)}
