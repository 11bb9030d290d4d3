"""The shop's own stock: products, values and batches, with the counts of their codes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, delete, exists, func, or_, select, update

from bot.domain.stock import (
    Batch,
    BatchCounts,
    BatchState,
    OnOffer,
    OwnProduct,
    OwnValue,
    Refusals,
)
from bot.refusals import required
from storage.repositories.base import Repository
from storage.tables import key_checks, own_batches, own_codes, own_products, own_values

# A code that is nobody's: neither reserved for an order nor taken out of the sale.
IS_FREE = and_(own_codes.c.reservation.is_(None), own_codes.c.set_aside.is_(None))
# Batches that customers may have seen something of; a draft shows nothing.
_SHOWN = (BatchState.ON_SALE, BatchState.WITHDRAWN)


def is_on_offer(earliest_end: datetime) -> ColumnElement[bool]:
    """Whether a code can be sold now: free, of a batch on sale, in date, and of a key that is not lost."""
    is_lost = exists().where(
        key_checks.c.key_id == own_codes.c.key_id, key_checks.c.abandoned_at.is_not(None)
    )
    return and_(
        IS_FREE,
        own_batches.c.state == BatchState.ON_SALE,
        or_(own_codes.c.expires_at.is_(None), own_codes.c.expires_at >= earliest_end),
        ~is_lost,
    )


def _read_product(r: Row[Any]) -> OwnProduct:
    return OwnProduct(r.id, r.category, r.title, r.region)


def _read_value(r: Row[Any]) -> OwnValue:
    return OwnValue(r.id, r.product_id, r.label, r.face_minor, r.currency, r.low_at)


def _read_batch(r: Row[Any]) -> Batch:
    refusals = Refusals(r.known, r.twice, r.unreadable, r.expired, r.line)
    return Batch(
        r.id,
        r.value_id,
        r.cost_minor,
        BatchState(r.state),
        r.loaded_by,
        r.loaded_at,
        refusals,
        r.held_at,
    )


class StockRepository(Repository):
    async def products(self, *, shown: bool = False) -> Sequence[OwnProduct]:
        """All products by category and title; `shown`: those of which a batch was ever put on sale."""
        statement = select(own_products).order_by(own_products.c.category, own_products.c.title)
        if shown:
            was_sold = (
                exists()
                .where(own_values.c.product_id == own_products.c.id)
                .where(own_batches.c.value_id == own_values.c.id)
                .where(own_batches.c.state.in_(_SHOWN))
            )
            statement = statement.where(was_sold)
        return [_read_product(row) for row in await self._db.execute(statement)]

    async def product(self, product_id: int) -> OwnProduct:
        """Raises NotFound."""
        found = await self._db.execute(select(own_products).where(own_products.c.id == product_id))
        return _read_product(required(found.one_or_none()))

    async def values(
        self, product_id: int | None = None, *, shown: bool = False
    ) -> Sequence[OwnValue]:
        """Values, of a product or of all, in the order in which they were added."""
        statement = select(own_values).order_by(own_values.c.product_id, own_values.c.id)
        if product_id is not None:
            statement = statement.where(own_values.c.product_id == product_id)
        if shown:
            was_sold = (
                exists()
                .where(own_batches.c.value_id == own_values.c.id)
                .where(own_batches.c.state.in_(_SHOWN))
            )
            statement = statement.where(was_sold)
        return [_read_value(row) for row in await self._db.execute(statement)]

    async def value(self, value_id: int) -> OwnValue:
        """Raises NotFound."""
        found = await self._db.execute(select(own_values).where(own_values.c.id == value_id))
        return _read_value(required(found.one_or_none()))

    async def lock_value(self, value_id: int) -> OwnValue:
        """A value, locked: whoever takes, loads or withdraws codes of it waits. Raises NotFound."""
        statement = select(own_values).where(own_values.c.id == value_id).with_for_update()
        return _read_value(required((await self._db.execute(statement)).one_or_none()))

    async def add_product(self, category: str, title: str, region: str) -> int:
        """The id of the product with this title and region, a new one unless it exists."""
        names = {"category": category, "title": title, "region": region}
        added = await self.insert_for_id(own_products, **names)
        if added is not None:
            return added
        same = own_products.c.title == title, own_products.c.region == region
        found = await self._db.execute(select(own_products.c.id).where(*same))
        return int(found.scalar_one())

    async def add_value(
        self, product_id: int, label: str, face: tuple[int, str] | None, low_at: int
    ) -> int:
        """The id of the product's value with this label, a new one unless it exists."""
        face_minor, currency = face or (None, "")
        added = await self.insert_for_id(
            own_values,
            product_id=product_id,
            label=label,
            face_minor=face_minor,
            currency=currency,
            low_at=low_at,
        )
        if added is not None:
            return added
        same = own_values.c.product_id == product_id, own_values.c.label == label
        found = await self._db.execute(select(own_values.c.id).where(*same))
        return int(found.scalar_one())

    async def used_values(self) -> set[int]:
        """The ids of the values for which a batch was ever loaded."""
        return set((await self._db.execute(select(own_batches.c.value_id).distinct())).scalars())

    async def remove_value(self, value: OwnValue) -> None:
        """Delete a value that has no batch, and its product if it was the last of it."""
        await self._db.execute(delete(own_values).where(own_values.c.id == value.id))
        others = exists().where(own_values.c.product_id == value.product_id)
        is_empty = own_products.c.id == value.product_id, ~others
        await self._db.execute(delete(own_products).where(*is_empty))

    async def add_batch(
        self, key: str, value_id: int, cost_minor: int, loaded_by: int, now: datetime
    ) -> int | None:
        """A new batch that is being loaded; None where this key has loaded one."""
        return await self.insert_for_id(
            own_batches,
            key=key,
            value_id=value_id,
            cost_minor=cost_minor,
            state=BatchState.LOADING,
            loaded_by=loaded_by,
            loaded_at=now,
        )

    async def batch(self, batch_id: int, *, lock: bool = False) -> Batch:
        """Raises NotFound."""
        return await self._batch(own_batches.c.id == batch_id, lock=lock)

    async def batch_of_key(self, key: str) -> Batch:
        """The batch that an update or a command has loaded. Raises NotFound."""
        return await self._batch(own_batches.c.key == key)

    async def _batch(self, condition: ColumnElement[bool], *, lock: bool = False) -> Batch:
        statement = select(own_batches).where(condition)
        if lock:
            statement = statement.with_for_update()
        return _read_batch(required((await self._db.execute(statement)).one_or_none()))

    async def batches(
        self, states: Sequence[BatchState], value_id: int | None = None
    ) -> Sequence[Batch]:
        """The batches in these states, of a value or of all, the oldest first."""
        statement = select(own_batches).where(own_batches.c.state.in_(states))
        if value_id is not None:
            statement = statement.where(own_batches.c.value_id == value_id)
        rows = await self._db.execute(statement.order_by(own_batches.c.id))
        return [_read_batch(row) for row in rows]

    async def end_loading(self, batch_id: int, refusals: Refusals) -> bool:
        """All codes of a batch are stored: it is a draft now. False where it was not being loaded."""
        done = await self._db.execute(
            update(own_batches)
            .where(own_batches.c.id == batch_id, own_batches.c.state == BatchState.LOADING)
            .values(
                state=BatchState.DRAFT,
                known=refusals.known,
                twice=refusals.twice,
                unreadable=refusals.unreadable,
                expired=refusals.expired,
                line=refusals.line,
            )
        )
        return done.rowcount == 1

    async def move_batch(self, batch_id: int, source: BatchState, target: BatchState) -> bool:
        """False where the batch is in another state than `source`.

        One that is put on sale is not held any more: an operator has answered for its codes.
        """
        freed = {"held_at": None} if target is BatchState.ON_SALE else {}
        moved = await self._db.execute(
            update(own_batches)
            .where(own_batches.c.id == batch_id, own_batches.c.state == source)
            .values(state=target, **freed)
        )
        return moved.rowcount == 1

    async def hold_all(self, now: datetime) -> int:
        """Hold every batch that is on sale, or that may be, as a draft of a backup; returns how many."""
        held = await self._db.execute(
            update(own_batches)
            .where(own_batches.c.state.in_((BatchState.DRAFT, BatchState.ON_SALE)))
            .values(state=BatchState.DRAFT, held_at=now)
        )
        return held.rowcount

    async def counts(self, batch_ids: Sequence[int]) -> Mapping[int, BatchCounts]:
        """What became of the codes of these batches, by batch id; a batch without codes is left out."""
        free = case((IS_FREE, 1), else_=0)
        end = case((IS_FREE, own_codes.c.expires_at))
        rows = await self._db.execute(
            select(
                own_codes.c.batch_id,
                func.count(),
                func.sum(free),
                func.sum(case((own_codes.c.reservation.is_not(None), 1), else_=0)),
                func.sum(case((own_codes.c.set_aside.is_not(None), 1), else_=0)),
                func.min(end),
                func.max(end),
            )
            .where(own_codes.c.batch_id.in_(batch_ids))
            .group_by(own_codes.c.batch_id)
        )
        return {
            number: BatchCounts(loaded, int(left), int(taken), int(aside), first, last)
            for number, loaded, left, taken, aside, first, last in rows
        }

    async def on_offer(self, earliest_end: datetime) -> Mapping[int, OnOffer]:
        """What is for sale by value id; a value of which nothing is left out."""
        rows = await self._db.execute(
            select(
                own_batches.c.value_id,
                func.count(),
                func.max(own_batches.c.cost_minor),
                func.min(own_codes.c.expires_at),
            )
            .join(own_batches, own_batches.c.id == own_codes.c.batch_id)
            .where(is_on_offer(earliest_end))
            .group_by(own_batches.c.value_id)
        )
        return {value: OnOffer(value, left, cost, first) for value, left, cost, first in rows}

    async def ending(self, earliest_end: datetime) -> Mapping[int, int]:
        """By batch id, how many unsold codes have left the sale as they end before then."""
        rows = await self._db.execute(
            select(own_codes.c.batch_id, func.count())
            .join(own_batches, own_batches.c.id == own_codes.c.batch_id)
            .where(
                IS_FREE,
                own_batches.c.state == BatchState.ON_SALE,
                own_codes.c.expires_at < earliest_end,
            )
            .group_by(own_codes.c.batch_id)
        )
        return {row.batch_id: row[1] for row in rows}
