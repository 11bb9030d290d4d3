"""Payments, their receipts, and payment methods that are switched off."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Unpack

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)

from bot.domain.jobs import Job
from bot.domain.orders import Order
from bot.domain.payments import (
    DECIDABLE_STATES,
    PAID_STATES,
    UNPAID_STATES,
    Method,
    Payment,
    PaymentChanges,
    PaymentEvent,
    PaymentState,
    Receipt,
    ReceiptKind,
    next_state,
)
from bot.domain.schedule import LONGEST_WAIT
from bot.refusals import NotFound, required
from storage.due import earliest_due, is_due
from storage.repositories.base import Repository, chunks
from storage.tables import methods_off, payments, postings, receipts

# No provider knows these: their due time is when they end, not when somebody is asked about them.
_UNANNOUNCED = and_(payments.c.state.in_(UNPAID_STATES), payments.c.external_id.is_(None))
PAYMENT_COLUMNS = [c for c in payments.c if c.name not in ("key", "checked_at")]
_PAYMENTS: Final = select(*PAYMENT_COLUMNS)  # made once: its many columns take long


def read_payment(row: Row[Any]) -> Payment:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public accessor
    values["method"] = Method(values["method"])
    values["state"] = PaymentState(values["state"])
    return Payment(**values)


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(row.payment_id, ReceiptKind(row.kind), row.file_id, row.unique_id)


class PaymentRepository(Repository):
    async def add(
        self,
        *,
        key: str,
        user_id: int,
        method: Method,
        order_id: int | None,
        asked_minor: int,
        stars: int,
        now: datetime,
        expires_at: datetime,
        message_id: int | None,
        external_id: str | None = None,
        due_at: datetime | None = None,
    ) -> int | None:
        """Insert an open payment and return its id.

        None if its key or its external id exists already.
        """
        payment_id = await self.insert_for_id(
            payments,
            key=key,
            user_id=user_id,
            method=method,
            order_id=order_id,
            asked_minor=asked_minor,
            stars=stars,
            created_at=now,
            expires_at=expires_at,
            message_id=message_id,
            external_id=external_id,
            due_at=due_at,
            state=PaymentState.OPEN,
            paid_minor=0,
            attempts=0,
            reason="",
        )
        if payment_id is not None:
            self._collect_job(PaymentState.OPEN, due_at)
        return payment_id

    async def _one(self, *conditions: ColumnElement[bool], lock: bool = False) -> Payment | None:
        statement = _PAYMENTS.where(*conditions)
        row = (
            await self._db.execute(statement.with_for_update() if lock else statement)
        ).one_or_none()
        return read_payment(row) if row else None

    async def _many(self, *conditions: ColumnElement[bool], limit: int) -> Sequence[Payment]:
        rows = await self._db.execute(
            _PAYMENTS.where(*conditions).order_by(payments.c.id.desc()).limit(limit)
        )
        return [read_payment(row) for row in rows]

    async def for_owner(self, payment_id: int, user_id: int) -> Payment | None:
        """The payment, without a lock. None if it does not exist or belongs to another customer."""
        return await self._one(payments.c.id == payment_id, payments.c.user_id == user_id)

    async def that_paid(self, order: Order) -> Payment | None:
        """The payment that was meant for this order and brought the money that paid for it.

        Without a lock; None where the wallet held enough before, or other money came.
        """
        if order.paid_at is None:
            return None
        found = await self._many(
            payments.c.order_id == order.id,
            payments.c.user_id == order.user_id,
            payments.c.state == PaymentState.CREDITED,
            payments.c.settled_at <= order.paid_at,
            limit=1,
        )
        return found[0] if found else None

    async def by_key(self, key: str, user_id: int) -> Payment | None:
        """The payment that was begun with this key, without a lock.

        None if there is none of this customer.
        """
        return await self._one(payments.c.key == key, payments.c.user_id == user_id)

    async def by_external_id(self, method: Method, external_id: str) -> Payment | None:
        """The payment with this id at its provider, of any customer, locked.

        None if there is none.
        """
        return await self._one(
            payments.c.method == method, payments.c.external_id == external_id, lock=True
        )

    async def owner(self, payment_id: int) -> int:
        """The id of the customer of a payment, which never changes. Raises NotFound."""
        found = await self._db.execute(
            select(payments.c.user_id).where(payments.c.id == payment_id)
        )
        owner: int | None = found.scalar_one_or_none()
        return required(owner)

    async def owner_by_external_id(self, method: Method, external_id: str) -> int | None:
        """The id of the customer of the payment with this id at its provider."""
        found = await self._db.execute(
            select(payments.c.user_id).where(
                payments.c.method == method, payments.c.external_id == external_id
            )
        )
        return found.scalar_one_or_none()

    async def locked(self, payment_id: int) -> Payment:
        """The payment of any customer, locked until the transaction ends. Raises NotFound.

        For sweeps and operators. On behalf of a customer, load with `for_owner` first.
        """
        payment = await self._one(payments.c.id == payment_id, lock=True)
        if payment is None:
            raise NotFound
        return payment

    async def of_user(
        self, user_id: int, states: Sequence[PaymentState], since: datetime, limit: int
    ) -> Sequence[Payment]:
        """A customer's payments in these states that were begun since then, newest first."""
        return await self._many(
            payments.c.user_id == user_id,
            payments.c.state.in_(states),
            payments.c.created_at >= since,
            limit=limit,
        )

    async def move(
        self, payment: Payment, event: PaymentEvent, **changes: Unpack[PaymentChanges]
    ) -> Payment:
        """Apply an event to a locked payment, with further changes, and return the changed payment.

        Raises IllegalTransition if the payment's state does not allow the event, so a second call
        with the same event usually raises.
        """
        state = next_state(payment.state, event)
        await self._set(payment.id, state=state, **changes)
        self._collect_job(state, changes.get("due_at"))
        return replace(payment, state=state, **changes)

    async def update(self, payment: Payment, **changes: Unpack[PaymentChanges]) -> Payment:
        """Change a locked payment without changing its state; returns the changed payment."""
        await self._set(payment.id, **changes)
        self._collect_job(payment.state, changes.get("due_at"))
        return replace(payment, **changes)

    async def _set(self, payment_id: int, **values: object) -> None:
        await self._db.execute(update(payments).where(payments.c.id == payment_id).values(**values))

    def _collect_job(self, state: PaymentState, due_at: datetime | None) -> None:
        if due_at is not None:
            returning = state is PaymentState.RETURNING
            self._wakes.add(Job.PAYMENT_REFUNDS if returning else Job.PAYMENTS, due_at)

    async def earliest_due(
        self, states: Collection[PaymentState], now: datetime
    ) -> datetime | None:
        """The earliest due time of the payments in these states; None if none has one."""
        in_states, column = payments.c.state.in_(states), payments.c.due_at
        work = await earliest_due(self._db, column, now, LONGEST_WAIT, in_states, ~_UNANNOUNCED)
        ending = select(func.min(column)).where(in_states, _UNANNOUNCED)
        end: datetime | None = (await self._db.execute(ending)).scalar_one_or_none()
        return min(filter(None, [work, end]), default=None)

    async def claim_check(self, payment_id: int, now: datetime, before: datetime) -> bool:
        """Note that the customer has the provider asked now.

        False if they last did so at `before` or later: the provider is not to be asked then.
        """
        result = await self._db.execute(
            update(payments)
            .where(
                payments.c.id == payment_id,
                payments.c.checked_at.is_(None) | (payments.c.checked_at < before),
            )
            .values(checked_at=now)
        )
        return result.rowcount == 1

    async def due(
        self,
        states: Collection[PaymentState],
        now: datetime,
        limit: int,
        method: Method,
        ended_by: datetime | None = None,
    ) -> Sequence[Payment]:
        """Payments by a method in these states that are due, the longest due first, without a lock.

        Those that no provider knows are due where they ended by `ended_by`; None: by `now`.
        """
        column = payments.c.due_at
        work = and_(~_UNANNOUNCED, is_due(column, now, LONGEST_WAIT))
        ended = and_(_UNANNOUNCED, column <= (ended_by or now))
        rows = await self._db.execute(
            _PAYMENTS.where(
                or_(work, ended), payments.c.state.in_(states), payments.c.method == method
            )
            .order_by(payments.c.due_at)
            .limit(limit)
        )
        return [read_payment(row) for row in rows]

    async def among(
        self, ids: Sequence[int], states: Collection[PaymentState]
    ) -> Sequence[Payment]:
        """Those of a few payments that are in one of these states, without a lock."""
        which = payments.c.id.in_(ids), payments.c.state.in_(states)
        return [read_payment(row) for row in await self._db.execute(_PAYMENTS.where(*which))]

    async def count_asked(self, method: Method, before: datetime) -> int:
        """How many unpaid payments, begun before then, the provider is still asked about."""
        found = await self._db.execute(
            select(func.count())
            .select_from(payments)
            .where(
                payments.c.method == method,
                payments.c.state.in_(UNPAID_STATES),
                payments.c.external_id.is_not(None),
                payments.c.due_at.is_not(None),
                payments.c.created_at <= before,
            )
        )
        return found.scalar_one()

    async def asked_among(self, ids: Sequence[int]) -> set[int]:
        """Those of these payments that a provider is still asked about."""
        is_asked = and_(payments.c.state.in_(UNPAID_STATES), payments.c.due_at.is_not(None))
        asked: set[int] = set()
        for some in chunks(ids):
            found = await self._db.execute(
                select(payments.c.id).where(payments.c.id.in_(some), is_asked)
            )
            asked.update(found.scalars())
        return asked

    async def make_one_due(self, method: Method, external_id: str, now: datetime) -> int | None:
        """Have the provider asked now about an unpaid payment; its id, None where there is none."""
        found = await self._db.execute(
            update(payments)
            .where(
                payments.c.method == method,
                payments.c.external_id == external_id,
                payments.c.state.in_(UNPAID_STATES),
            )
            .values(due_at=now)
            .returning(payments.c.id)
        )
        payment_id: int | None = found.scalar_one_or_none()
        if payment_id is not None:
            self._wakes.add(Job.PAYMENTS, now)
        return payment_id

    async def to_decide(self, limit: int) -> tuple[Sequence[Payment], int]:
        """Payments that wait for an operator, the oldest first, and how many there are in all."""
        waiting = payments.c.state.in_(DECIDABLE_STATES)
        count = await self._db.execute(select(func.count()).select_from(payments).where(waiting))
        rows = await self._db.execute(_PAYMENTS.where(waiting).order_by(payments.c.id).limit(limit))
        return [read_payment(row) for row in rows], count.scalar_one()

    async def newest(self, limit: int) -> Sequence[Payment]:
        """The latest payments of all customers, newest first."""
        return await self._many(payments.c.id > 0, limit=limit)

    async def paid_since(self, method: Method, since: datetime) -> Sequence[Payment]:
        """Payments by this method that were paid and settled since then, by ascending id.

        Those refunded later are among them.
        """
        rows = await self._db.execute(
            _PAYMENTS.where(
                payments.c.method == method,
                payments.c.state.in_(PAID_STATES),
                payments.c.settled_at >= since,
            ).order_by(payments.c.id)
        )
        return [read_payment(row) for row in rows]

    async def add_receipt(self, receipt: Receipt, now: datetime) -> bool:
        """Store a receipt.

        False if this payment has the same file already: nothing is changed then.
        """
        return await self.insert_once(
            receipts,
            payment_id=receipt.payment_id,
            kind=receipt.kind,
            file_id=receipt.file_id,
            unique_id=receipt.unique_id,
            at=now,
        )

    async def receipts(self, payment_id: int) -> Sequence[Receipt]:
        """The receipts of a payment, the oldest first."""
        rows = await self._db.execute(
            select(receipts).where(receipts.c.payment_id == payment_id).order_by(receipts.c.id)
        )
        return [_receipt(r) for r in rows]

    async def newest_receipts(self, payment_id: int) -> Sequence[Receipt]:
        """The files of a payment's newest receipt: those that were stored at the same instant."""
        newest = select(func.max(receipts.c.at)).where(receipts.c.payment_id == payment_id)
        rows = await self._db.execute(
            select(receipts)
            .where(receipts.c.payment_id == payment_id, receipts.c.at == newest.scalar_subquery())
            .order_by(receipts.c.id)
        )
        return [_receipt(r) for r in rows]

    async def with_same_file(self, unique_id: str, excluding: int) -> Sequence[int]:
        """Ids of at most five other payments that this very file was sent for, ascending."""
        rows = await self._db.execute(
            select(receipts.c.payment_id)
            .where(receipts.c.unique_id == unique_id, receipts.c.payment_id != excluding)
            .order_by(receipts.c.payment_id)
            .limit(5)
        )
        return list(rows.scalars())

    async def count_refund_attempts(self, payment_id: int) -> int:
        """How often a refund of this payment was started, refused ones included."""
        started = postings.c.key.startswith(f"payback:{payment_id}:")
        cancelled = postings.c.key.endswith(":kept")
        found = await self._db.execute(
            select(func.count()).select_from(postings).where(started, ~cancelled)
        )
        return found.scalar_one()

    async def switch_off(self, method: Method, code: str, now: datetime) -> bool:
        """Offer a method no more, because of this error code. False if it is off already."""
        return await self.insert_once(methods_off, method=method, since=now, code=code)

    async def switch_on(self, method: Method) -> bool:
        """Offer a method again. False if it was on already."""
        deleted = await self._db.execute(delete(methods_off).where(methods_off.c.method == method))
        return deleted.rowcount == 1

    async def switched_off(self) -> set[Method]:
        """The methods that are not offered at present."""
        return {Method(m) for m in (await self._db.execute(select(methods_off.c.method))).scalars()}
