"""Who works in the shop besides its owners, and who was asked to."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, delete, select, text, update

from bot.domain.roles import VOID_INVITATION, Member, MemberState, Role
from storage.repositories.base import Repository
from storage.tables import operators

# Ids of Telegram have more bits than one of the two numbers of an advisory lock.
_LOCK_OWNER: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(:owner, 0))")


def _read(r: Row[Any]) -> Member:
    return Member(
        r.user_id,
        Role(r.role),
        r.cap_minor,
        MemberState(r.state),
        r.added_by,
        r.at,
        r.invitation,
    )


class TeamRepository(Repository):
    async def member(self, user_id: int) -> Member | None:
        return await self._member(select(operators).where(operators.c.user_id == user_id))

    async def locked(self, user_id: int) -> Member | None:
        """A member, locked until the transaction ends, after any wallet."""
        statement = select(operators).where(operators.c.user_id == user_id).with_for_update()
        return await self._member(statement)

    async def lock_owner(self, user_id: int) -> None:
        """Lock an owner, who is in no row, until the transaction ends, after any wallet."""
        if self._db.dialect.name == "postgresql":
            await self._db.execute(_LOCK_OWNER, {"owner": f"hanout owner {user_id}"})

    async def _member(self, statement: Any) -> Member | None:
        row = (await self._db.execute(statement)).one_or_none()
        return _read(row) if row else None

    async def members(self) -> Sequence[Member]:
        """All of them, by their ids."""
        rows = await self._db.execute(select(operators).order_by(operators.c.user_id))
        return [_read(row) for row in rows]

    async def put(self, member: Member) -> None:
        """Store a member, in place of what the same person was."""
        values = {
            "role": member.role,
            "cap_minor": member.cap_minor,
            "state": member.state,
            "added_by": member.added_by,
            "at": member.at,
            "invitation": member.invitation,
        }
        await self._db.execute(
            self.insert(operators)
            .values(user_id=member.user_id, **values)
            .on_conflict_do_update(index_elements=["user_id"], set_=values)
        )

    async def remove(self, user_id: int) -> bool:
        """False if they were none."""
        result = await self._db.execute(delete(operators).where(operators.c.user_id == user_id))
        return result.rowcount == 1

    async def void_all(self) -> int:
        """Leave everybody without rights and without a button that accepts; returns how many they are."""
        result = await self._db.execute(
            update(operators).values(state=MemberState.INVITED, invitation=VOID_INVITATION)
        )
        return result.rowcount
