"""The figures that an audit compares, each read in one query."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, case, cast, func, literal, select

from bot.domain.audit import AuditedBalance, AuditedOrder
from bot.domain.ledger import escrow, may_be_negative
from bot.domain.orders import OrderState
from bot.domain.records import OutboxKind, OutboxState
from storage.base import Rows
from storage.tables import accounts, code_messages, codes, entries, inbox, orders, outbox, postings


class SqlAudit(Rows):
    async def uneven_postings(self) -> tuple[int, Sequence[tuple[str, int]]]:
        count = await self._db.execute(select(func.count()).select_from(postings))
        total = func.coalesce(func.sum(entries.c.amount_minor), 0)
        rows = await self._db.execute(
            select(postings.c.key, total)
            .outerjoin(entries, entries.c.posting_id == postings.c.id)
            .group_by(postings.c.id, postings.c.key)
            .having((total != 0) | (func.count(entries.c.account) < 2))  # noqa: PLR2004
        )
        return count.scalar_one(), [(key, int(amount)) for key, amount in rows]

    async def balances(self) -> Sequence[AuditedBalance]:
        booked = (
            select(entries.c.account, func.sum(entries.c.amount_minor).label("booked"))
            .group_by(entries.c.account)
            .subquery()
        )
        rows = await self._db.execute(
            select(accounts.c.name, accounts.c.balance_minor, func.coalesce(booked.c.booked, 0))
            .outerjoin(booked, booked.c.account == accounts.c.name)
            .order_by(accounts.c.name)
        )
        return [
            AuditedBalance(name, balance, int(entered), may_be_negative(name))
            for name, balance, entered in rows
        ]

    async def orders(self) -> Sequence[AuditedOrder]:
        held = select(accounts.c.name, accounts.c.balance_minor).subquery()
        kept = (
            select(
                codes.c.order_id,
                func.count().label("codes"),
                func.sum(case((codes.c.deliver, 1), else_=0)).label("delivered"),
            )
            .group_by(codes.c.order_id)
            .subquery()
        )
        sent = (
            select(code_messages.c.order_id, func.count().label("messages"))
            .group_by(code_messages.c.order_id)
            .subquery()
        )
        waits = (
            select(outbox.c.order_id, func.count().label("waits"))
            .where(outbox.c.kind == OutboxKind.ORDER_RESULT, outbox.c.state != OutboxState.SENT)
            .group_by(outbox.c.order_id)
            .subquery()
        )
        hold_of = literal(escrow(0).removesuffix("0")) + cast(orders.c.id, String)
        rows = await self._db.execute(
            select(
                orders,
                func.coalesce(held.c.balance_minor, 0).label("held_minor"),
                func.coalesce(kept.c.codes, 0).label("codes"),
                func.coalesce(kept.c.delivered, 0).label("delivered_codes"),
                func.coalesce(sent.c.messages, 0).label("messages"),
                func.coalesce(waits.c.waits, 0).label("waits"),
            )
            .outerjoin(held, held.c.name == hold_of)
            .outerjoin(kept, kept.c.order_id == orders.c.id)
            .outerjoin(sent, sent.c.order_id == orders.c.id)
            .outerjoin(waits, waits.c.order_id == orders.c.id)
            .order_by(orders.c.id)
        )
        return [
            AuditedOrder(
                id=r.id,
                state=OrderState(r.state),
                attention=bool(r.attention),
                quantity=r.quantity,
                unit_price_minor=r.unit_price_minor,
                delivered_quantity=r.delivered_quantity,
                returned_minor=r.returned_minor,
                held_minor=r.held_minor,
                codes=r.codes,
                delivered_codes=int(r.delivered_codes),
                messages=r.messages,
                message_waits=bool(r.waits),
                supplier=r.supplier,
                supplier_order_id=r.supplier_order_id,
                accepted_at=r.accepted_at,
                settled_at=r.settled_at,
            )
            for r in rows
        ]

    async def waiting(self) -> Sequence[tuple[str, int, datetime | None]]:
        updates = select(func.count(), func.min(inbox.c.received_at)).where(
            inbox.c.handled_at.is_(None)
        )
        messages = select(func.count(), func.min(outbox.c.created_at)).where(
            outbox.c.state == OutboxState.PENDING
        )
        found = []
        for kind, question in (("updates", updates), ("messages", messages)):
            count, oldest = (await self._db.execute(question)).one()
            found.append((kind, count, oldest))
        return found
