"""Support cases of customers, and the messages in chats that belong to each case."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from bot.domain.cases import TALKS_AFTER_CLOSING, TALKS_FOR, SupportCase
from storage.repositories.base import Repository
from storage.tables import case_messages, cases


class CaseRepository(Repository):
    async def open_case(self, user_id: int, now: datetime) -> tuple[SupportCase, bool]:
        """The customer's open case, opened now if there was none, and whether it was opened now."""
        found = await self._open_case_of(user_id)
        if found is not None:
            return found, False
        case_id = await self.insert_for_id(cases, user_id=user_id, opened_at=now)
        return SupportCase(case_id or 0, user_id, now, None), True

    async def _open_case_of(self, user_id: int) -> SupportCase | None:
        statement = select(cases).where(cases.c.user_id == user_id, cases.c.closed_at.is_(None))
        row = (await self._db.execute(statement.order_by(cases.c.id).limit(1))).one_or_none()
        return SupportCase(*row) if row else None

    async def get(self, case_id: int) -> SupportCase | None:
        row = (await self._db.execute(select(cases).where(cases.c.id == case_id))).one_or_none()
        return SupportCase(*row) if row else None

    async def by_message(self, chat_id: int, message_id: int) -> SupportCase | None:
        """The case that a message in this chat belongs to; None if it belongs to none."""
        row = (
            await self._db.execute(
                select(cases)
                .join(case_messages, case_messages.c.case_id == cases.c.id)
                .where(
                    case_messages.c.operator_id == chat_id,
                    case_messages.c.message_id == message_id,
                )
            )
        ).one_or_none()
        return SupportCase(*row) if row else None

    async def add_message(
        self, case_id: int, chat_id: int, message_id: int, update_id: int
    ) -> None:
        """Note that an update was forwarded to a chat as this message.

        `chat_id` is an operator's chat for a question, the customer's for an answer. A second call
        with the same update and chat, or the same message, changes nothing.
        """
        await self.insert_once(
            case_messages,
            case_id=case_id,
            operator_id=chat_id,
            message_id=message_id,
            update_id=update_id,
        )

    async def add_further_message(self, case_id: int, chat_id: int, message_id: int) -> None:
        """Note a message of a case besides the one that `add_message` noted for its update.

        For example the rest of a long text, or a picture of an album. A second call changes
        nothing.
        """
        # An update has one row in each chat, so the id of the message stands for one, negated:
        # ids of updates are never negative.
        await self.add_message(case_id, chat_id, message_id, -message_id)

    async def has_message(self, chat_id: int, update_id: int) -> bool:
        """Whether this update was forwarded to this chat."""
        statement = select(case_messages.c.id).where(
            case_messages.c.operator_id == chat_id, case_messages.c.update_id == update_id
        )
        return (await self._db.execute(statement)).scalar_one_or_none() is not None

    async def has_messages(self, case_id: int) -> bool:
        """Whether anything was sent on in this case."""
        statement = select(case_messages.c.id).where(case_messages.c.case_id == case_id).limit(1)
        return (await self._db.execute(statement)).scalar_one_or_none() is not None

    async def talking(self, user_id: int, now: datetime) -> SupportCase | None:
        """The customer's newest case that takes what they write now, also a closed one."""
        statement = select(cases).where(cases.c.user_id == user_id, cases.c.talks_until > now)
        rows = await self._db.execute(statement.order_by(cases.c.id.desc()).limit(5))
        found = (SupportCase(*row) for row in rows)
        return next((case for case in found if case.talks(now)), None)

    async def note_question(self, case: SupportCase, now: datetime) -> SupportCase:
        """Note that the customer wrote; a closed case is open again, unless another one is.

        Returns the case that is open.
        """
        if case.closed_at is not None:
            case = await self._open_case_of(case.user_id) or case
        waits_since = case.waits_since or now
        return await self._change(
            case, closed_at=None, talks_until=now + TALKS_FOR, waits_since=waits_since
        )

    async def note_answer(self, case: SupportCase, now: datetime) -> None:
        """Note that support answered: nobody waits, and what the customer writes goes to the case."""
        await self._change(case, talks_until=now + TALKS_FOR, waits_since=None)

    async def ask_for_words(
        self, case: SupportCase, order_id: int | None, now: datetime
    ) -> SupportCase:
        """Let the case take what the customer writes; `order_id` replaces its order, None does not.

        A closed case is open again, unless another one is. Returns the case that is open.
        """
        if case.closed_at is not None:
            case = await self._open_case_of(case.user_id) or case
        named = case.order_id if order_id is None else order_id
        return await self._change(case, closed_at=None, order_id=named, talks_until=now + TALKS_FOR)

    async def _change(self, case: SupportCase, **values: Any) -> SupportCase:
        changed = update(cases).where(cases.c.id == case.id).values(values).returning(cases)
        return SupportCase(*(await self._db.execute(changed)).one())

    async def stop_talking(self, user_id: int) -> None:
        """Let no case of the customer take what they write without a button or a reply."""
        await self._db.execute(
            update(cases)
            .where(cases.c.user_id == user_id, cases.c.talks_until.is_not(None))
            .values(talks_until=None)
        )

    async def close(self, case_id: int, now: datetime, *, by_customer: bool = False) -> bool:
        """End a case; what its customer was typing meanwhile opens it again, but for their own end.

        False if it does not exist or was closed before, so a second call returns False.
        """
        talks_until = None if by_customer else now + TALKS_AFTER_CLOSING
        result = await self._db.execute(
            update(cases)
            .where(cases.c.id == case_id, cases.c.closed_at.is_(None))
            .values(closed_at=now, talks_until=talks_until, waits_since=None)
        )
        return result.rowcount == 1

    async def count_waiting(self) -> int:
        """How many customers wait for an answer."""
        waiting = cases.c.closed_at.is_(None) & cases.c.waits_since.is_not(None)
        statement = select(func.count()).select_from(cases).where(waiting)
        return (await self._db.execute(statement)).scalar_one()
