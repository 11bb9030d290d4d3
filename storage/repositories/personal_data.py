"""What the shop keeps of one customer, to be given to them: readings that other repositories have not."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from bot.domain.actions import ActionKind, OperatorAction
from bot.domain.cases import SupportCase
from bot.domain.payments import Payment
from bot.domain.people import CustomerProfile
from bot.domain.records import Locale
from storage.repositories.base import Repository
from storage.repositories.operators import read_action
from storage.repositories.payments import PAYMENT_COLUMNS, read_payment
from storage.tables import (
    cases,
    code_messages,
    conversations,
    inbox,
    news_sent,
    operator_actions,
    outbox,
    payments,
    quotes,
    receipts,
    reveals,
    users,
)

_COUNTED = {
    "prices quoted": quotes,
    "times that codes were shown again": reveals,
    "messages that showed codes": code_messages,
    "messages sent or to be sent to you": outbox,
    "news of the shop sent to you": news_sent,
    "open questions of the bot": conversations,
}


class PersonalDataRepository(Repository):
    async def profile(self, user_id: int) -> CustomerProfile | None:
        row = (await self._db.execute(select(users).where(users.c.id == user_id))).one_or_none()
        if row is None:
            return None
        return CustomerProfile(
            row.id,
            Locale(row.locale),
            row.reachable,
            row.reminders,
            row.news,
            row.created_at,
        )

    async def payments(
        self, user_id: int, offset: int, limit: int
    ) -> tuple[Sequence[Payment], int]:
        """A part of a customer's payments, newest first, and how many there are in all."""
        theirs = payments.c.user_id == user_id
        count = await self._db.execute(select(func.count()).select_from(payments).where(theirs))
        rows = await self._db.execute(
            select(*PAYMENT_COLUMNS)
            .where(theirs)
            .order_by(payments.c.id.desc())
            .offset(offset)
            .limit(limit)
        )
        return [read_payment(row) for row in rows], count.scalar_one()

    async def receipts(self, user_id: int) -> Mapping[int, int]:
        """How many receipts the customer's payments have, by payment."""
        rows = await self._db.execute(
            select(receipts.c.payment_id, func.count())
            .join(payments, payments.c.id == receipts.c.payment_id)
            .where(payments.c.user_id == user_id)
            .group_by(receipts.c.payment_id)
        )
        return {row[0]: row[1] for row in rows}

    async def cases(
        self, user_id: int, offset: int, limit: int
    ) -> tuple[Sequence[SupportCase], int]:
        """A part of a customer's cases, newest first, and how many there are in all."""
        theirs = cases.c.user_id == user_id
        count = await self._db.execute(select(func.count()).select_from(cases).where(theirs))
        rows = await self._db.execute(
            select(cases).where(theirs).order_by(cases.c.id.desc()).offset(offset).limit(limit)
        )
        return [SupportCase(*row) for row in rows], count.scalar_one()

    async def credits(
        self, user_id: int, offset: int, limit: int
    ) -> tuple[Sequence[OperatorAction], int]:
        """A part of the credits and debits of a customer's wallet by operators, newest first, and
        how many there are in all."""
        theirs = (
            operator_actions.c.target == str(user_id),
            operator_actions.c.kind == ActionKind.CREDIT,
            operator_actions.c.done.is_(True),
        )
        count = await self._db.execute(
            select(func.count()).select_from(operator_actions).where(*theirs)
        )
        rows = await self._db.execute(
            select(operator_actions)
            .where(*theirs)
            .order_by(operator_actions.c.id.desc())
            .offset(offset)
            .limit(limit)
        )
        return [read_action(row) for row in rows], count.scalar_one()

    async def counts(self, user_id: int) -> Mapping[str, int]:
        """Of the rows that hold no more than that something happened: how many, by what they are."""
        found = {}
        for name, table in _COUNTED.items():
            counted = select(func.count()).select_from(table).where(table.c.user_id == user_id)
            found[name] = (await self._db.execute(counted)).scalar_one()
        unread = select(func.count()).where(inbox.c.chat_id == user_id)
        found["messages of yours that wait to be handled, encrypted"] = (
            await self._db.execute(unread)
        ).scalar_one()
        return found
