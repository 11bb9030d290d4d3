"""What the last audit found right, and whether anything that changed since then contradicts itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, false, func, insert, or_, select, update

from bot.domain.ledger import PostingKind, escrow, may_be_negative
from bot.domain.payments import PAID_STATES, PaymentState
from storage.repositories.audit import (
    PAYMENT_KEY,
    REFUND_KEY,
    contradicting,
    contradicting_payments,
    odd_postings,
    unbalanced,
)
from storage.repositories.base import Repository, chunks
from storage.repositories.day_sums import day_of, outside
from storage.tables import (
    accounts,
    audit_marks,
    closed_days,
    entries,
    orders,
    payments,
    postings,
)

_MOST_RANGES = 50  # of open days, in one condition
_ESCROW = escrow(0).removesuffix("0")


@dataclass(frozen=True, slots=True)
class AuditMarks:
    """What one audit found right.

    `totals`: of the shop's own accounts, the sum of their entries up to `posting_id`. `days`: all
    their orders. Nothing of it can change without its mark being taken away; see the migration.
    """

    posting_id: int
    totals: dict[str, int]
    days: Sequence[int]


def count_of_keys(prefix: str) -> Select[Any]:
    """How many postings have a key of this prefix, which ends in a colon, and a number.

    The range is for the index, which neither database uses for LIKE or in another collation than
    its own. Where a database compares as a language does, a colon has no place of its own, but
    all numbers come before letters: such a range may hold too much, so the text is compared too.
    """
    key = postings.c.key
    return select(func.count()).where(
        key >= prefix, key < f"{prefix}a", func.substr(key, 1, len(prefix)) == prefix
    )


class AuditMarkRepository(Repository):
    """To be read with one snapshot."""

    async def last(self) -> AuditMarks | None:
        """What is known to be right; None: nothing, so everything has to be audited."""
        rows = (await self._db.execute(select(audit_marks))).all()
        if not rows:
            return None
        days = await self._db.execute(
            select(closed_days.c.day).where(closed_days.c.audited).order_by(closed_days.c.day)
        )
        marks = AuditMarks(
            min(row.posting_id for row in rows),
            {row.account: row.balance_minor for row in rows},
            list(days.scalars()),
        )
        return None if len(outside(marks.days)) > _MOST_RANGES else marks

    async def next(self, booked_before: datetime, settled_before: datetime) -> AuditMarks:
        """What may be kept if an audit finds everything right that this transaction sees.

        Left to the next audit: postings of that time and later, of which some may not be seen
        yet, and days with orders that were settled since then, whose codes may be on their way.
        """
        newest = select(postings.c.id).where(postings.c.at < booked_before)
        found = await self._db.execute(newest.order_by(postings.c.id.desc()).limit(1))
        posting_id = found.scalar_one_or_none() or 0
        own = await self._db.execute(
            select(accounts.c.name, accounts.c.balance_minor).where(accounts.c.may_be_negative)
        )
        later = await self._booked_after(posting_id)
        settled = await self._db.execute(
            select(orders.c.created_at).where(orders.c.settled_at >= settled_before)
        )
        young = {day_of(created_at) for created_at in settled.scalars()}
        days = await self._db.execute(select(closed_days.c.day).where(~closed_days.c.audited))
        return AuditMarks(
            posting_id,
            {name: balance - later.get(name, 0) for name, balance in own},
            [day for day in days.scalars() if day not in young],
        )

    async def keep(self, marks: AuditMarks) -> None:
        """Note what was found right. A day that was opened meanwhile stays open."""
        await self.forget()
        if marks.totals:
            await self._db.execute(
                insert(audit_marks),
                [
                    {"account": name, "balance_minor": total, "posting_id": marks.posting_id}
                    for name, total in marks.totals.items()
                ],
            )
        for some in chunks(marks.days):
            await self._db.execute(
                update(closed_days).where(closed_days.c.day.in_(some)).values(audited=True)
            )

    async def forget(self) -> None:
        """Have the next audit look at everything."""
        await self._db.execute(delete(audit_marks))

    async def contradicts(
        self, known: AuditMarks, settled_before: datetime, paid_since: datetime
    ) -> bool:
        """Whether postings, balances, orders or payments contradict themselves, as far as they are not known.

        Every check of the audit for them, on what changed, and on all accounts and payments
        together. It does not say what: the whole audit does. Payments that were begun since
        `paid_since` are all looked at.
        """
        booked = await self._booked_after(known.posting_id)
        held = {int(name.removeprefix(_ESCROW)) for name in booked if name.startswith(_ESCROW)}
        return (
            await self._any_of(
                found.where(postings.c.id > known.posting_id)
                for found in (unbalanced(), odd_postings())
            )
            or await self._totals_contradict(known, booked)
            or await self._accounts_contradict(
                [name for name in booked if not may_be_negative(name)]
            )
            or await self._orders_contradict(known.days, sorted(held), settled_before)
            or await self._counts_of_payments_contradict()
            or await self._payments_contradict(known.posting_id, paid_since)
        )

    async def _booked_after(self, posting_id: int) -> dict[str, int]:
        """What later postings booked, by account, in minor units."""
        # Grouped by an expression: by the column, SQLite would walk the whole of its index.
        account = entries.c.account.concat("")
        rows = await self._db.execute(
            select(account, func.sum(entries.c.amount_minor))
            .where(entries.c.posting_id > posting_id)
            .group_by(account)
        )
        return {name: int(amount) for name, amount in rows}

    async def _totals_contradict(self, known: AuditMarks, booked: dict[str, int]) -> bool:
        """The shop's own accounts have too many entries to be summed up again; and all sum to zero."""
        everything = await self._db.execute(select(func.sum(accounts.c.balance_minor)))
        if everything.scalar_one_or_none():
            return True
        rows = await self._db.execute(
            select(accounts.c.name, accounts.c.balance_minor).where(
                or_(
                    accounts.c.balance_minor < 0,
                    accounts.c.name.in_([*known.totals, *filter(may_be_negative, booked)]),
                )
            )
        )
        return any(
            not may_be_negative(name) or balance != known.totals.get(name, 0) + booked.get(name, 0)
            for name, balance in rows
        )

    async def _accounts_contradict(self, names: Sequence[str]) -> bool:
        total = (
            select(func.coalesce(func.sum(entries.c.amount_minor), 0))
            .where(entries.c.account == accounts.c.name)
            .scalar_subquery()
        )
        wrong = select(accounts.c.name).where(accounts.c.balance_minor != total)
        return await self._any_of(wrong.where(accounts.c.name.in_(some)) for some in chunks(names))

    async def _orders_contradict(
        self, days: Sequence[int], held: Sequence[int], settled_before: datetime
    ) -> bool:
        conditions: list[ColumnElement[bool]] = [or_(false(), *outside(days))]
        conditions += [orders.c.id.in_(some) for some in chunks(held)]
        wrong = contradicting(settled_before).order_by(None)
        return await self._any_of(wrong.where(condition) for condition in conditions)

    async def _counts_of_payments_contradict(self) -> bool:
        """Whether more or fewer payments were paid, or refunded, than postings say; from indexes alone."""
        found = await self._db.execute(
            select(payments.c.state, func.count()).group_by(payments.c.state)
        )
        states = {PaymentState(state): int(count) for state, count in found}
        paid = sum(states.get(state, 0) for state in PAID_STATES)
        booked = await self._db.execute(count_of_keys(PAYMENT_KEY))
        returned = await self._db.execute(count_of_keys(REFUND_KEY))
        expected = (paid, states.get(PaymentState.RETURNED, 0))
        return (booked.scalar_one(), returned.scalar_one()) != expected

    async def _payments_contradict(self, posting_id: int, paid_since: datetime) -> bool:
        """Of those that are young, and those that were booked since then.

        Young are all from the first one that is dated so: one with a wrong date hides no others.
        """
        young = select(func.min(payments.c.id)).where(payments.c.created_at >= paid_since)
        first = (await self._db.execute(young)).scalar_one_or_none()
        notes = await self._db.execute(
            select(postings.c.note).where(
                postings.c.id > posting_id,
                postings.c.kind.in_((PostingKind.PAYMENT, PostingKind.PAYBACK)),
            )
        )
        booked = sorted({int(note) for note in notes.scalars() if note.isdecimal()})
        conditions = [false() if first is None else payments.c.id >= first]
        conditions += [payments.c.id.in_(some) for some in chunks(booked)]
        return await self._any_of(contradicting_payments().where(c) for c in conditions)

    async def _any_of(self, statements: Iterable[Select[Any]]) -> bool:
        """Whether one of them finds a row."""
        for statement in statements:
            if (await self._db.execute(statement.limit(1))).first() is not None:
                return True
        return False
