"""What operators see of one customer at a glance, and whose a number is. Nothing is locked."""

from collections.abc import Sequence

from sqlalchemy import String as Text
from sqlalchemy import cast, func, literal, select

from bot.domain.ledger import LOSSES, wallet
from bot.domain.payments import PaymentState
from bot.domain.people import CustomerFigures
from storage.repositories.base import Repository
from storage.tables import accounts, cases, entries, orders, payments, postings, users

_PAID_IN = (PaymentState.CREDITED,)


class CustomerPageRepository(Repository):
    async def figures(self, user_id: int) -> CustomerFigures:
        """What a customer ordered and paid; money in minor units."""
        mine = orders.c.user_id == user_id
        by_state = await self._db.execute(
            select(orders.c.state, func.count()).where(mine).group_by(orders.c.state)
        )
        sums = (
            await self._db.execute(
                select(
                    func.sum(orders.c.delivered_quantity * orders.c.unit_price_minor),
                    func.sum(orders.c.cost_minor),
                    func.max(orders.c.created_at),
                ).where(mine)
            )
        ).one()
        theirs = payments.c.user_id == user_id
        paid = (
            await self._db.execute(
                select(func.sum(payments.c.paid_minor)).where(
                    theirs, payments.c.state.in_(_PAID_IN)
                )
            )
        ).scalar_one()
        return CustomerFigures(
            orders={row[0]: row[1] for row in by_state},
            spent_minor=int(sums[0] or 0),
            cost_minor=int(sums[1] or 0),
            losses_minor=await self._losses(user_id),
            last_order_at=sums[2],
            paid_in_minor=int(paid or 0),
            rejected=await self._count(
                payments.c.id, theirs, payments.c.state == PaymentState.REJECTED
            ),
            cases=await self._count(cases.c.id, cases.c.user_id == user_id),
            last_case=(
                await self._db.execute(
                    select(func.max(cases.c.id)).where(cases.c.user_id == user_id)
                )
            ).scalar_one(),
        )

    async def _losses(self, user_id: int) -> int:
        """What the shop has borne to make codes of their orders good."""
        found = await self._db.execute(
            select(func.sum(entries.c.amount_minor))
            .select_from(orders)
            .join(postings, postings.c.order_id == orders.c.id)
            .join(entries, entries.c.posting_id == postings.c.id)
            .where(orders.c.user_id == user_id, entries.c.account == LOSSES)
        )
        return -int(found.scalar_one_or_none() or 0)

    async def _count(self, column: object, *conditions: object) -> int:
        counted = select(func.count(column)).where(*conditions)  # type: ignore[arg-type]
        return (await self._db.execute(counted)).scalar_one()

    async def owner_of_order(self, order_id: int) -> int | None:
        found = await self._db.execute(select(orders.c.user_id).where(orders.c.id == order_id))
        owner: int | None = found.scalar_one_or_none()
        return owner

    async def owner_of_payment(self, payment_id: int) -> int | None:
        found = await self._db.execute(
            select(payments.c.user_id).where(payments.c.id == payment_id)
        )
        owner: int | None = found.scalar_one_or_none()
        return owner

    async def owner_of_case(self, case_id: int) -> int | None:
        found = await self._db.execute(select(cases.c.user_id).where(cases.c.id == case_id))
        owner: int | None = found.scalar_one_or_none()
        return owner

    async def paid_though_banned(self, limit: int) -> tuple[Sequence[tuple[int, int]], int]:
        """Payments of banned people that came after the ban while their wallet holds money, as
        (payment, customer), the oldest first, and how many there are in all."""
        wallet_of = literal(wallet(0).removesuffix("0")) + cast(payments.c.user_id, Text)
        found = (
            select(payments.c.id, payments.c.user_id)
            .join(users, users.c.id == payments.c.user_id)
            .join(accounts, accounts.c.name == wallet_of)
            .where(
                users.c.banned_at.is_not(None),
                payments.c.state == PaymentState.CREDITED,
                payments.c.settled_at >= users.c.banned_at,
                accounts.c.balance_minor > 0,
            )
        )
        count = await self._db.execute(select(func.count()).select_from(found.subquery()))
        rows = await self._db.execute(found.order_by(payments.c.id).limit(limit))
        return [(row.id, row.user_id) for row in rows], count.scalar_one()
