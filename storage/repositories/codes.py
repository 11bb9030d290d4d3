"""Encrypted codes, the messages that show them, and the append-only record of reveals."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)

from bot.domain.jobs import Job
from bot.domain.orders import Order
from bot.domain.records import (
    CodeMessageKind,
    Sealed,
    SealedCode,
    SentCodeMessage,
    SentCodes,
    Showing,
    StoredCode,
)
from bot.domain.supplier import SECRETS, Environment
from bot.refusals import required
from storage.repositories.base import Repository, chunks
from storage.repositories.order_readings import read_order
from storage.tables import code_messages, codes, orders, reveals, showings, users

# Made once: to build it takes longer than SQLite takes to answer it.
_FIRST: Final = (
    select(codes.c.order_id, func.min(codes.c.expires_at).label("expires_at"))
    .where(
        codes.c.expires_at > bindparam("after"),
        codes.c.expires_at <= bindparam("until"),
        codes.c.deliver,
    )
    .group_by(codes.c.order_id)
    .subquery()
)
_EXPIRING: Final = (
    select(orders, _FIRST.c.expires_at.label("first"))
    .join(_FIRST, _FIRST.c.order_id == orders.c.id)
    .join(users, users.c.id == orders.c.user_id)
    .where(users.c.reminders)
    .order_by(orders.c.id)
)
ERASED: Final = ""  # in the place of a key: the codes of a customer who was forgotten
_MESSAGE_COLUMNS = (
    code_messages.c.id,
    code_messages.c.order_id,
    code_messages.c.user_id,
    code_messages.c.message_id,
    code_messages.c.part,
    code_messages.c.parts,
    code_messages.c.kind,
    code_messages.c.attempts,
)


def _sealed(row: Row[Any]) -> dict[str, Sealed]:
    """The sealed parts that a code has, by name (see SECRETS)."""
    blobs = {name: getattr(row, name) for name in SECRETS}
    return {name: Sealed(row.key_id, blob) for name, blob in blobs.items() if blob is not None}


def _columns(secrets: Mapping[str, Sealed]) -> dict[str, object]:
    """The columns for the sealed parts of a code. All parts are sealed with the same key."""
    blobs = {name: secrets[name].blob if name in secrets else None for name in SECRETS}
    return {"key_id": secrets[SECRETS[0]].key_id, **blobs}


def _sealed_code(row: Row[Any]) -> SealedCode:
    return SealedCode(
        row.order_id,
        row.position,
        Environment(row.environment) if row.environment else None,
        _sealed(row),
        row.fingerprint,
    )


class CodeRepository(Repository):
    async def add(self, stored: Iterable[StoredCode]) -> None:
        """Insert codes.

        Raises IntegrityError if one has a position or fingerprint that is stored already.
        """
        rows = [
            {
                "order_id": code.order_id,
                "position": code.position,
                **_columns(code.secrets),
                "fingerprint": code.fingerprint,
                "expires_at": code.expires_at,
                "deliver": code.deliver,
                "batch": code.batch,
            }
            for code in stored
        ]
        if rows:
            await self._db.execute(insert(codes), rows)

    async def of_order(self, order_id: int, user_id: int) -> Sequence[StoredCode]:
        """The codes of an order by ascending position; none if the order is not this user's.

        Codes that are withheld (`deliver` is false) are among them.
        """
        rows = await self._db.execute(
            select(codes)
            .join(orders, orders.c.id == codes.c.order_id)
            .where(codes.c.order_id == order_id, orders.c.user_id == user_id)
            .order_by(codes.c.position)
        )
        return [
            StoredCode(
                r.order_id,
                r.position,
                _sealed(r),
                r.fingerprint,
                r.expires_at,
                r.deliver,
                r.batch,
            )
            for r in rows
        ]

    async def release(self, order_id: int, position: int, batch: int) -> None:
        """Let the customer have a code that was withheld, as part of this batch of the delivery."""
        await self._db.execute(
            update(codes)
            .where(codes.c.order_id == order_id, codes.c.position == position)
            .values(deliver=True, batch=batch)
        )

    async def known_fingerprints(self, fingerprints: Sequence[bytes], excluding: int) -> set[bytes]:
        """Those of the fingerprints that an order other than this one has."""
        found: set[bytes] = set()
        for some in chunks(fingerprints):
            is_one = and_(codes.c.fingerprint.in_(some), codes.c.order_id != excluding)
            found.update(
                (await self._db.execute(select(codes.c.fingerprint).where(is_one))).scalars()
            )
        return found

    async def with_fingerprints(
        self, fingerprints: Sequence[bytes], excluding: int
    ) -> Sequence[SealedCode]:
        """The codes with one of the fingerprints, of orders other than this one."""
        found: list[SealedCode] = []
        for some in chunks(fingerprints):
            rows = await self._db.execute(
                select(codes, orders.c.environment)
                .join(orders, orders.c.id == codes.c.order_id)
                .where(codes.c.fingerprint.in_(some), codes.c.order_id != excluding)
            )
            found += map(_sealed_code, rows)
        return found

    async def key_ids(self) -> set[str]:
        """Ids of the encryption keys that stored codes are sealed with."""
        sealed = select(codes.c.key_id).where(codes.c.key_id != ERASED).distinct()
        return set((await self._db.execute(sealed)).scalars())

    async def sealed_with_other_keys(
        self, key_ids: Collection[str], after: tuple[int, int], limit: int
    ) -> Sequence[SealedCode]:
        """At most `limit` codes not sealed with these keys, by (order id, position) above `after`."""
        place = tuple_(codes.c.order_id, codes.c.position)
        rows = await self._db.execute(
            select(codes, orders.c.environment)
            .join(orders, orders.c.id == codes.c.order_id)
            .where(codes.c.key_id.not_in([*key_ids, ERASED]), place > tuple_(*after))
            .order_by(codes.c.order_id, codes.c.position)
            .limit(limit)
        )
        return [_sealed_code(row) for row in rows]

    async def reseal(self, resealed: Iterable[SealedCode]) -> None:
        """Replace ciphertexts and fingerprints by those sealed with another key."""
        for code in resealed:
            await self._db.execute(
                update(codes)
                .where(codes.c.order_id == code.order_id, codes.c.position == code.position)
                .values(**_columns(code.secrets), fingerprint=code.fingerprint)
            )

    async def expiring(self, after: datetime, until: datetime) -> Sequence[tuple[Order, datetime]]:
        """Orders with delivered codes that expire in (after, until], by ascending order id.

        Each with its first such time. Only of customers who want reminders.
        """
        rows = await self._db.execute(_EXPIRING, {"after": after, "until": until})
        return [(read_order(row), row.first) for row in rows]

    async def add_message(self, sent: SentCodes) -> None:
        """Note that codes were sent as this message. A second call changes nothing."""
        self._wakes.add(Job.HIDE, sent.hide_at)
        await self.insert_once(
            code_messages,
            order_id=sent.order_id,
            user_id=sent.user_id,
            message_id=sent.message_id,
            part=sent.part,
            parts=sent.parts,
            kind=sent.kind,
            again=sent.again,
            hide_at=sent.hide_at,
            attempts=0,
        )

    async def delivered_parts(self, order_id: int) -> set[int]:
        """Which parts of an order's delivery were sent; showing codes again does not count."""
        rows = await self._db.execute(
            select(code_messages.c.part).where(
                code_messages.c.order_id == order_id, code_messages.c.again.is_(False)
            )
        )
        return set(rows.scalars())

    async def messages_before_hiding(self, order_id: int) -> Sequence[SentCodes]:
        """Messages that show codes of an order and that nobody has tried to hide."""
        rows = await self._db.execute(
            select(*_MESSAGE_COLUMNS, code_messages.c.hide_at, code_messages.c.again).where(
                code_messages.c.order_id == order_id,
                code_messages.c.hidden_at.is_(None),
                code_messages.c.attempts == 0,
            )
        )
        return [
            SentCodes(
                r.order_id,
                r.user_id,
                r.message_id,
                r.part,
                r.parts,
                CodeMessageKind(r.kind),
                r.hide_at,
                r.again,
            )
            for r in rows
        ]

    async def visible_messages(self, order_id: int, user_id: int) -> Sequence[SentCodeMessage]:
        """Messages in this user's chat that still show codes of the order, the oldest first."""
        return await self._messages(
            code_messages.c.order_id == order_id, code_messages.c.user_id == user_id, limit=100
        )

    async def messages_to_hide(self, now: datetime, limit: int) -> Sequence[SentCodeMessage]:
        """Messages that are due to be hidden, the longest due first."""
        # In the order of the index: ordered by id, SQLite would read every message ever hidden.
        return await self._messages(
            code_messages.c.hide_at <= now, limit=limit, by=code_messages.c.hide_at
        )

    async def visible_to(self, user_id: int, after: int, limit: int) -> Sequence[SentCodeMessage]:
        """Messages in this user's chat that still show codes, of any order, the oldest first.

        Only rows with ids above `after`.
        """
        of_theirs = code_messages.c.user_id == user_id
        return await self._messages(of_theirs, code_messages.c.id > after, limit=limit)

    async def visible_message(self, row_id: int) -> SentCodeMessage | None:
        """The message of this row, while it shows codes."""
        return next(iter(await self._messages(code_messages.c.id == row_id, limit=1)), None)

    async def _messages(
        self, *conditions: object, limit: int, by: Column[Any] = code_messages.c.id
    ) -> Sequence[SentCodeMessage]:
        rows = await self._db.execute(
            select(*_MESSAGE_COLUMNS)
            .where(code_messages.c.hidden_at.is_(None), *conditions)  # type: ignore[arg-type]
            .order_by(by)
            .limit(limit)
        )
        return [
            SentCodeMessage(
                r.id,
                r.order_id,
                r.user_id,
                r.message_id,
                r.part,
                r.parts,
                CodeMessageKind(r.kind),
                r.attempts,
            )
            for r in rows
        ]

    async def set_hidden(self, message: SentCodeMessage, now: datetime) -> None:
        """Note that a message no longer shows codes."""
        await self._db.execute(
            update(code_messages).where(code_messages.c.id == message.id).values(hidden_at=now)
        )

    async def earliest_to_hide(self) -> datetime | None:
        """When the next message has to be hidden; None if no message shows codes."""
        shown = select(func.min(code_messages.c.hide_at)).where(code_messages.c.hidden_at.is_(None))
        found: datetime | None = (await self._db.execute(shown)).scalar_one_or_none()
        return found

    async def postpone_hiding(self, row_id: int, due_at: datetime) -> bool:
        """Try to hide the message of a row again at `due_at`, after one more failed attempt.

        False where no row shows codes: it was hidden meanwhile, or never recorded.
        """
        self._wakes.add(Job.HIDE, due_at)
        postponed = await self._db.execute(
            update(code_messages)
            .where(code_messages.c.id == row_id, code_messages.c.hidden_at.is_(None))
            .values(hide_at=due_at, attempts=code_messages.c.attempts + 1)
        )
        return postponed.rowcount == 1

    async def hide_again(self, user_id: int, now: datetime) -> None:
        """Let all messages be due now that could not be hidden from this person before."""
        due = await self._db.execute(
            update(code_messages)
            .where(
                code_messages.c.user_id == user_id,
                code_messages.c.hidden_at.is_(None),
                code_messages.c.attempts > 0,
                code_messages.c.hide_at > now,
            )
            .values(hide_at=now)
        )
        if due.rowcount:
            self._wakes.add(Job.HIDE, now)

    async def showing(self, order_id: int) -> Showing | None:
        """The showing of an order that has not ended."""
        return next(iter(await self._showings(showings.c.order_id == order_id)), None)

    async def showings(self) -> Sequence[Showing]:
        """All showings that have not ended."""
        return await self._showings()

    async def _showings(self, *conditions: ColumnElement[bool]) -> Sequence[Showing]:
        rows = await self._db.execute(select(showings).where(*conditions).order_by(showings.c.id))
        return [Showing(r.id, r.order_id, r.user_id, r.counts, r.until, r.owner) for r in rows]

    async def begin_showing(
        self, order_id: int, user_id: int, until: datetime, owner: str, *, counts: bool
    ) -> Showing:
        """Note that codes of a locked order are being sent, of which no showing is under way."""
        values = {"order_id": order_id, "user_id": user_id, "until": until, "counts": counts}
        row_id = required(await self.insert_for_id(showings, owner=owner, **values))
        return Showing(row_id, order_id, user_id, counts, until, owner)

    async def extend_showing(self, showing: Showing, until: datetime) -> bool:
        """Let a showing last until then; False where it has ended."""
        extended = await self._db.execute(
            update(showings).where(showings.c.id == showing.id).values(until=until)
        )
        return extended.rowcount == 1

    async def end_showing(self, showing: Showing) -> bool:
        """False where it had ended already."""
        ended = await self._db.execute(delete(showings).where(showings.c.id == showing.id))
        return ended.rowcount == 1

    async def add_reveal(self, order_id: int, user_id: int, reason: str, now: datetime) -> None:
        """Record that codes were shown to this user, and why. Every call adds a row."""
        await self._db.execute(
            insert(reveals).values(order_id=order_id, user_id=user_id, reason=reason, at=now)
        )

    async def count_reveals(self, order_id: int) -> int:
        """How often codes of this order were shown."""
        return await self._count(reveals.c.order_id == order_id)

    async def count_reveals_between(self, user_id: int, since: datetime, now: datetime) -> int:
        """How often codes of any order were shown to this user in [since, now].

        A stamp from the future was written before the clock was set back, and says nothing.
        """
        return await self._count(reveals.c.user_id == user_id, reveals.c.at.between(since, now))

    async def _count(self, *conditions: object) -> int:
        statement = select(func.count()).select_from(reveals).where(*conditions)  # type: ignore[arg-type]
        return (await self._db.execute(statement)).scalar_one()
