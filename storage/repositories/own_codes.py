"""Codes of the shop's own stock, and their reservations for orders.

One code goes to one order: it is reserved by an UPDATE that finds it free, and only if that changes
as many rows as the order needs does the transaction stand.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from bot.domain.jobs import Job
from bot.domain.orders import FINAL_STATES
from bot.domain.records import Sealed
from bot.domain.stock import OwnCode, Reservation, SetAside
from bot.domain.supplier import OWN
from bot.errors import Invariant
from bot.refusals import required
from storage.repositories.base import Repository
from storage.repositories.stock import IS_FREE, is_on_offer
from storage.tables import codes, orders, own_batches, own_codes, own_reservations, own_values

ERASED: Final = ""  # in the place of a key: nothing is stored in the row any more
_SECRETS: Final = ("value", "serial", "pin", "link")
_NOTHING: Final[Mapping[str, Any]] = {
    "key_id": ERASED,
    "value": b"",
    "serial": None,
    "pin": None,
    "link": None,
}
Place = tuple[int, int]  # batch id, position


def _columns(secrets: Mapping[str, Sealed]) -> dict[str, Any]:
    blobs = {name: secrets[name].blob if name in secrets else None for name in _SECRETS}
    return {"key_id": secrets[_SECRETS[0]].key_id, **blobs}


def _read_code(r: Row[Any]) -> OwnCode:
    blobs = {name: getattr(r, name) for name in _SECRETS}
    secrets = {name: Sealed(r.key_id, blob) for name, blob in blobs.items() if blob is not None}
    return OwnCode(r.batch_id, r.position, secrets, r.fingerprint or b"", r.expires_at)


def _read_reservation(r: Row[Any]) -> Reservation:
    return Reservation(
        r.reference,
        r.order_id,
        r.value_id,
        r.product_id,
        r.quantity,
        r.cost_minor,
        r.at,
        r.released_at,
        r.erased_at,
    )


def _reservations(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(own_reservations, own_values.c.product_id)
        .join(own_values, own_values.c.id == own_reservations.c.value_id)
        .where(*conditions)
        .order_by(own_reservations.c.at, own_reservations.c.reference)
    )


def _is_at(places: Collection[Place]) -> ColumnElement[bool]:
    return tuple_(own_codes.c.batch_id, own_codes.c.position).in_(list(places))


def _is_within_promise(order_id: int) -> ColumnElement[bool]:
    """Whether a code cost at most what one of this order may; an order that is not here bounds nothing."""
    of_order = orders.c.id == order_id, orders.c.supplier == OWN
    highest = select(orders.c.highest_cost_minor).where(*of_order).scalar_subquery()
    return own_batches.c.cost_minor <= func.coalesce(highest, own_batches.c.cost_minor)


class OwnCodeRepository(Repository):
    async def known(self, fingerprints: Sequence[bytes]) -> set[bytes]:
        """Those of the fingerprints that a code of the stock has, or one of an order."""
        found: set[bytes] = set()
        for column in (own_codes.c.fingerprint, codes.c.fingerprint):
            rows = await self._db.execute(select(column).where(column.in_(fingerprints)))
            found |= set(rows.scalars())
        return found

    async def add(self, added: Iterable[OwnCode]) -> None:
        """Store codes of a batch that is being loaded, except those whose fingerprint is there."""
        rows = [
            {
                "batch_id": code.batch_id,
                "position": code.position,
                **_columns(code.secrets),
                "fingerprint": code.fingerprint,
                "expires_at": code.expires_at,
            }
            for code in added
        ]
        if rows:
            await self._db.execute(self.insert(own_codes).on_conflict_do_nothing(), rows)

    async def ends(self, batch_id: int) -> Sequence[OwnCode]:
        """The first and the last free code of a batch: one, if it has no other; none, if it has none."""
        of_batch = and_(own_codes.c.batch_id == batch_id, IS_FREE)
        first, last = (
            select(function(own_codes.c.position)).where(of_batch).scalar_subquery()
            for function in (func.min, func.max)
        )
        rows = await self._db.execute(
            select(own_codes)
            .where(of_batch, or_(own_codes.c.position == first, own_codes.c.position == last))
            .order_by(own_codes.c.position)
        )
        return [_read_code(row) for row in rows]

    async def next_on_offer(
        self, value_id: int, order_id: int, earliest_end: datetime, limit: int
    ) -> Sequence[tuple[OwnCode, int]]:
        """Codes of a locked value that may be sold to an order, each with its cost.

        Soonest end first, then oldest batch. None cost more than the order's highest cost.
        """
        rows = await self._db.execute(
            select(own_codes, own_batches.c.cost_minor)
            .join(own_batches, own_batches.c.id == own_codes.c.batch_id)
            .where(
                own_batches.c.value_id == value_id,
                is_on_offer(earliest_end),
                _is_within_promise(order_id),
            )
            .order_by(
                own_codes.c.expires_at.is_(None),
                own_codes.c.expires_at,
                own_codes.c.batch_id,
                own_codes.c.position,
            )
            .limit(limit)
        )
        return [(_read_code(row), row.cost_minor) for row in rows]

    async def reserve(self, reservation: Reservation, places: Collection[Place]) -> None:
        """Reserve these codes for an order. Collects the job that shows what is left.

        Raises Invariant, and the transaction is undone, unless every one of them is free.
        """
        await self._db.execute(
            insert(own_reservations).values(
                reference=reservation.reference,
                order_id=reservation.order_id,
                value_id=reservation.value_id,
                quantity=reservation.quantity,
                cost_minor=reservation.cost_minor,
                at=reservation.at,
            )
        )
        taken = await self._db.execute(
            update(own_codes)
            .where(_is_at(places), IS_FREE)
            .values(reservation=reservation.reference)
        )
        if taken.rowcount != reservation.quantity:
            raise Invariant(f"{taken.rowcount} codes are free, not {reservation.quantity}")
        self._wakes.add(Job.STOCK)

    async def reservation(self, reference: str) -> Reservation:
        """Raises NotFound."""
        found = await self._db.execute(_reservations(own_reservations.c.reference == reference))
        return _read_reservation(required(found.one_or_none()))

    async def reservation_of(self, order_id: int) -> Reservation | None:
        """What is, or was, reserved for an order."""
        found = await self._db.execute(_reservations(own_reservations.c.order_id == order_id))
        row = found.one_or_none()
        return None if row is None else _read_reservation(row)

    async def reservations(self, since: datetime, until: datetime) -> Sequence[Reservation]:
        """Those that were made in this time, the oldest first.

        What was released is among them only where an order is bound to it.
        """
        is_bound = exists().where(orders.c.supplier_order_id == own_reservations.c.reference)
        rows = await self._db.execute(
            _reservations(
                own_reservations.c.at.between(since, until),
                or_(own_reservations.c.released_at.is_(None), is_bound),
            )
        )
        return [_read_reservation(row) for row in rows]

    async def reserved(self, reference: str) -> Sequence[OwnCode]:
        """The codes of a reservation, always in the same order."""
        rows = await self._db.execute(
            select(own_codes)
            .where(own_codes.c.reservation == reference)
            .order_by(own_codes.c.batch_id, own_codes.c.position)
        )
        return [_read_code(row) for row in rows]

    async def kept_for_ended(self, settled_before: datetime) -> Sequence[int]:
        """The orders that have ended, and whose reservations are neither erased nor released."""
        rows = await self._db.execute(
            select(own_reservations.c.order_id)
            .join(orders, orders.c.id == own_reservations.c.order_id)
            .where(
                own_reservations.c.released_at.is_(None),
                own_reservations.c.erased_at.is_(None),
                orders.c.state.in_(FINAL_STATES),
                or_(orders.c.settled_at.is_(None), orders.c.settled_at < settled_before),
            )
            .order_by(own_reservations.c.order_id)
        )
        return list(rows.scalars())

    async def erase(self, reference: str, now: datetime) -> None:
        """Keep of reserved codes only their fingerprints: the order has the codes."""
        await self._db.execute(
            update(own_codes).where(own_codes.c.reservation == reference).values(**_NOTHING)
        )
        await self._end(reference, erased_at=now)

    async def release(self, reference: str, now: datetime) -> None:
        """Put reserved codes on sale again: their order has ended, and no code was ever stored there."""
        await self._db.execute(
            update(own_codes).where(own_codes.c.reservation == reference).values(reservation=None)
        )
        await self._end(reference, released_at=now)

    async def _end(self, reference: str, **at: datetime) -> None:
        await self._db.execute(
            update(own_reservations).where(own_reservations.c.reference == reference).values(**at)
        )

    async def set_aside(self, places: Collection[Place], why: SetAside, now: datetime) -> int:
        """Never sell these codes, those of them that are free; returns how many.

        Their fingerprints stay: what is doubtful is not loaded a second time.
        """
        texts = _NOTHING if why is SetAside.SOLD_ELSEWHERE else {}
        done = await self._db.execute(
            update(own_codes)
            .where(_is_at(places), IS_FREE)
            .values(**texts, set_aside=why, set_aside_at=now)
        )
        return done.rowcount

    async def withdraw(self, batch_id: int, now: datetime, *, known: bool = False) -> int:
        """Erase the free codes of a batch; returns how many. Nobody saw them: they may be loaded again.

        `known`: somebody may have seen them, so their fingerprints stay, and they may not.
        """
        prints = {} if known else {"fingerprint": None}
        done = await self._db.execute(
            update(own_codes)
            .where(own_codes.c.batch_id == batch_id, IS_FREE)
            .values(**_NOTHING, **prints, set_aside=SetAside.WITHDRAWN, set_aside_at=now)
        )
        return done.rowcount

    async def key_ids(self) -> set[str]:
        """Ids of the encryption keys that codes of the stock are sealed with."""
        sealed = select(own_codes.c.key_id).where(own_codes.c.key_id != ERASED).distinct()
        return set((await self._db.execute(sealed)).scalars())

    async def count_sealed(self, key_id: str) -> int:
        """How many codes this key sealed that no order has."""
        statement = select(func.count()).where(own_codes.c.key_id == key_id)
        return (await self._db.execute(statement)).scalar_one()

    async def sealed_with_other_keys(
        self, key_ids: Collection[str], after: Place, limit: int
    ) -> Sequence[OwnCode]:
        """At most `limit` codes not sealed with these keys, by (batch id, position) above `after`.

        They are locked.
        """
        place = tuple_(own_codes.c.batch_id, own_codes.c.position)
        rows = await self._db.execute(
            select(own_codes)
            .where(own_codes.c.key_id.not_in([*key_ids, ERASED]), place > tuple_(*after))
            .order_by(own_codes.c.batch_id, own_codes.c.position)
            .limit(limit)
            .with_for_update()
        )
        return [_read_code(row) for row in rows]

    async def reseal(self, resealed: Iterable[OwnCode]) -> None:
        """Store ciphertexts and fingerprints of codes that were sealed with another key."""
        for code in resealed:
            await self._db.execute(
                update(own_codes)
                .where(_is_at([(code.batch_id, code.position)]))
                .values(**_columns(code.secrets), fingerprint=code.fingerprint)
            )

    async def contradictions(self) -> tuple[int, Sequence[tuple[str, int, int]]]:
        """How many reservations there are, and what contradicts them: (subject, found, expected).

        A reservation has as many codes as it says, and none once it is released; an order of the own
        stock has delivered no more than was reserved for it; and no order has a free code.
        """
        count = await self._db.execute(select(func.count()).select_from(own_reservations))
        here = (
            select(func.count())
            .where(own_codes.c.reservation == own_reservations.c.reference)
            .scalar_subquery()
        )
        wanted = case(
            (own_reservations.c.released_at.is_(None), own_reservations.c.quantity), else_=0
        )
        uneven = await self._db.execute(
            select(own_reservations.c.reference, here, wanted).where(here != wanted)
        )
        reserved = func.coalesce(wanted, 0)
        beyond = await self._db.execute(
            select(orders.c.id, orders.c.delivered_quantity, reserved)
            .outerjoin(own_reservations, own_reservations.c.order_id == orders.c.id)
            .where(orders.c.supplier == OWN, orders.c.delivered_quantity > reserved)
        )
        sold = await self._db.execute(
            select(own_codes.c.batch_id, own_codes.c.position)
            .join(codes, codes.c.fingerprint == own_codes.c.fingerprint)
            .join(orders, orders.c.id == codes.c.order_id)
            .where(IS_FREE, codes.c.deliver)
        )
        found = [(reference, has, should) for reference, has, should in uneven]
        found += [(f"#{order_id}", has, should) for order_id, has, should in beyond]
        found += [(f"{batch_id}:{position}", 1, 0) for batch_id, position in sold]
        return count.scalar_one(), found
