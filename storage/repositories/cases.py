"""Support cases of customers, and the messages in chats that belong to each case."""

from datetime import datetime

from sqlalchemy import func, select, update

from bot.domain.records import SupportCase
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

    async def close(self, case_id: int, now: datetime) -> bool:
        """End a case.

        False if it does not exist or was closed before, so a second call returns False.
        """
        result = await self._db.execute(
            update(cases)
            .where(cases.c.id == case_id, cases.c.closed_at.is_(None))
            .values(closed_at=now)
        )
        return result.rowcount == 1

    async def count_open(self) -> int:
        """How many cases are open."""
        open_cases = select(func.count()).select_from(cases).where(cases.c.closed_at.is_(None))
        return (await self._db.execute(open_cases)).scalar_one()
