"""Queries of the audit: they return only the rows that contradict each other."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
)

from bot.domain.audit import AuditCounts, AuditedBalance, AuditedOrder
from bot.domain.ledger import PostingKind, escrow, may_be_negative, payment_key, refund_key
from bot.domain.orders import FINAL_STATES, OrderState
from bot.domain.outbox import OutboxKind, OutboxState
from bot.domain.payments import PAID_STATES, PaymentState
from bot.domain.supplier import Environment
from storage.repositories.base import Repository
from storage.tables import (
    accounts,
    code_messages,
    codes,
    entries,
    inbox,
    orders,
    outbox,
    payments,
    postings,
)

_NEVER_PAID = (OrderState.AWAITING_PAYMENT, OrderState.CANCELLED, OrderState.EXPIRED)
QUARANTINED = "quarantined updates"
PAYMENT_KEY, REFUND_KEY = payment_key(0).removesuffix("0"), refund_key(0).removesuffix("0")
_MAX_PARAMETERS = 500  # of one statement

_in_escrow = func.coalesce(accounts.c.balance_minor, 0)
_codes = select(func.count()).where(codes.c.order_id == orders.c.id).scalar_subquery()
_delivered_codes = (
    select(func.count()).where(codes.c.order_id == orders.c.id, codes.c.deliver).scalar_subquery()
)
# Subqueries, because they are needed only for the few orders that pass the other comparisons.
_messages = select(func.count()).where(code_messages.c.order_id == orders.c.id).scalar_subquery()
_pending_results = (
    select(func.count())
    .where(
        outbox.c.order_id == orders.c.id,
        outbox.c.kind.in_((OutboxKind.ORDER_RESULT, OutboxKind.ORDER_PART)),
        outbox.c.state != OutboxState.SENT,
    )
    .scalar_subquery()
)


def _all_orders() -> Select[Any]:
    """Orders by ascending id with their escrow, stored codes, code messages and unsent results."""
    escrow_account = literal(escrow(0).removesuffix("0")) + cast(orders.c.id, String)
    return (
        select(
            orders,
            _in_escrow.label("held_minor"),
            _codes.label("codes"),
            _delivered_codes.label("delivered_codes"),
            _messages.label("messages"),
            _pending_results.label("waits"),
        )
        .outerjoin(accounts, accounts.c.name == escrow_account)
        .order_by(orders.c.id)
    )


def _contradicts(settled_before: datetime) -> ColumnElement[bool]:
    """Whether an order of `_all_orders` contradicts its money, its codes or its messages."""
    paid = case(
        (orders.c.state.in_(_NEVER_PAID), 0),
        else_=orders.c.quantity * orders.c.unit_price_minor,
    )
    spent = orders.c.delivered_quantity * orders.c.unit_price_minor + orders.c.returned_minor
    return or_(
        paid != spent + _in_escrow,
        and_(orders.c.state.in_(FINAL_STATES), _in_escrow != 0, orders.c.attention.is_(None)),
        orders.c.delivered_quantity != _delivered_codes,
        and_(
            orders.c.delivered_quantity > 0,
            orders.c.settled_at < settled_before,
            _messages == 0,
            _pending_results == 0,
        ),
    )


def contradicting(settled_before: datetime) -> Select[Any]:
    """Orders that contradict their money, their codes or their messages, by ascending id."""
    return _all_orders().where(_contradicts(settled_before))


def unbalanced() -> Select[Any]:
    """Postings whose entries do not sum to zero, or that have fewer than two: (key, sum)."""
    total = func.coalesce(func.sum(entries.c.amount_minor), 0)
    return (
        select(postings.c.key, total)
        .outerjoin(entries, entries.c.posting_id == postings.c.id)
        .group_by(postings.c.id, postings.c.key)
        .having((total != 0) | (func.count(entries.c.account) < 2))  # noqa: PLR2004
    )


def contradicting_payments() -> Select[Any]:
    """Payments (id, state) that have not the postings of their state, each looked up by its key.

    One that was paid is credited once, one that was returned is refunded once, and any other has
    no posting of either kind.
    """
    number = cast(payments.c.id, String)
    credited = exists().where(postings.c.key == literal(PAYMENT_KEY) + number)
    refunded = exists().where(postings.c.key == literal(REFUND_KEY) + number)
    return select(payments.c.id, payments.c.state).where(
        or_(
            _differ(credited, payments.c.state.in_(PAID_STATES)),
            _differ(refunded, payments.c.state == PaymentState.RETURNED),
        )
    )


def odd_postings() -> Select[Any]:
    """Postings (key) whose kind or note says something else about a payment than their key does.

    The audit counts what was booked for a payment by kind and note. Without these,
    `contradicting_payments` comes to the same by the keys, each of which can exist only once.
    """
    kind, key, note = postings.c.kind, postings.c.key, postings.c.note
    credit = and_(kind == PostingKind.PAYMENT, key == literal(PAYMENT_KEY) + note)
    refund = and_(kind == PostingKind.PAYBACK, key == literal(REFUND_KEY) + note)
    return select(key).where(
        or_(
            and_(or_(kind == PostingKind.PAYMENT, key.startswith(PAYMENT_KEY)), not_(credit)),
            and_(key.startswith(REFUND_KEY), not_(refund)),
        )
    )


def _differ(one: ColumnElement[bool], other: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(and_(one, not_(other)), and_(not_(one), other))


class AuditRepository(Repository):
    async def unbalanced_postings(self) -> tuple[int, Sequence[tuple[str, int]]]:
        """How many postings there are, and the wrong ones: (key, sum of entries in minor units).

        A posting is wrong if its entries do not sum to zero or if it has fewer than two.
        """
        count = await self._db.execute(select(func.count()).select_from(postings))
        rows = await self._db.execute(unbalanced())
        return count.scalar_one(), [(key, int(amount)) for key, amount in rows]

    async def wrong_balances(self) -> tuple[int, Sequence[AuditedBalance]]:
        """How many accounts there are, and those that are negative or not the sum of their entries.

        They are ordered by name, and include accounts that may be negative.
        """
        count = await self._db.execute(select(func.count()).select_from(accounts))
        booked = (
            select(entries.c.account, func.sum(entries.c.amount_minor).label("booked"))
            .group_by(entries.c.account)
            .subquery()
        )
        entered = func.coalesce(booked.c.booked, 0)
        # Which accounts may be negative comes from the rules: the row's column may be damaged too.
        rows = await self._db.execute(
            select(accounts.c.name, accounts.c.balance_minor, entered)
            .outerjoin(booked, booked.c.account == accounts.c.name)
            .where((accounts.c.balance_minor != entered) | (accounts.c.balance_minor < 0))
            .order_by(accounts.c.name)
        )
        return count.scalar_one(), [
            AuditedBalance(name, balance, int(booked_minor), may_be_negative(name))
            for name, balance, booked_minor in rows
        ]

    async def counts(self) -> AuditCounts:
        """How many orders and codes the audit compares, as described at AuditCounts."""
        ended = orders.c.state.in_(FINAL_STATES)
        row = (
            await self._db.execute(
                select(
                    func.count(),
                    func.sum(case((ended, 1), else_=0)),
                    func.sum(case((orders.c.delivered_quantity > 0, 1), else_=0)),
                ).select_from(orders)
            )
        ).one()
        delivered = await self._db.execute(
            select(func.count()).select_from(codes).where(codes.c.deliver)
        )
        return AuditCounts(row[0], int(row[1] or 0), delivered.scalar_one(), int(row[2] or 0))

    async def contradicting_orders(self, settled_before: datetime) -> Sequence[AuditedOrder]:
        """Orders that contradict their money, their codes or their messages, by ascending id.

        A delivered order without a code message counts only if it was settled before then and no
        message about its result waits in the outbox.
        """
        rows = await self._db.execute(contradicting(settled_before))
        return [_audited(row) for row in rows]

    async def orders_of_supplier(
        self, supplier: str, since: datetime, ids: Sequence[str]
    ) -> Sequence[AuditedOrder]:
        """Orders that the supplier accepted since then, or that have one of these supplier ids."""
        at_supplier = orders.c.supplier == supplier
        found: dict[int, AuditedOrder] = {}
        chunks = [
            ids[first : first + _MAX_PARAMETERS] for first in range(0, len(ids), _MAX_PARAMETERS)
        ]
        for condition in (
            orders.c.accepted_at >= since,
            *(orders.c.supplier_order_id.in_(chunk) for chunk in chunks),
        ):
            rows = await self._db.execute(
                _all_orders().where(at_supplier, orders.c.supplier_order_id.is_not(None), condition)
            )
            found |= {row.id: _audited(row) for row in rows}
        return list(found.values())

    async def backlog(self) -> Sequence[tuple[str, int, datetime | None]]:
        """What waits to be processed: (kind, how many, since when the oldest or None).

        The kinds are "updates" (not handled yet), QUARANTINED, and "messages" (to be sent).
        """
        received = select(func.count(), func.min(inbox.c.received_at)).where(
            inbox.c.handled_at.is_(None)
        )
        messages = select(func.count(), func.min(outbox.c.created_at)).where(
            outbox.c.state == OutboxState.PENDING
        )
        found = []
        for kind, statement in (
            ("updates", received.where(inbox.c.quarantined_at.is_(None))),
            (QUARANTINED, received.where(inbox.c.quarantined_at.is_not(None))),
            ("messages", messages),
        ):
            count, oldest = (await self._db.execute(statement)).one()
            found.append((kind, count, oldest))
        return found

    async def contradicting_ledger(self) -> tuple[int, Sequence[tuple[int, str]]]:
        """How many payments there are, and at most 100 whose postings contradict their state.

        Those are (id, state) by ascending id. A payment that was paid is credited once, a returned
        one is refunded once, and any other has no posting of either kind.
        """
        count = await self._db.execute(select(func.count()).select_from(payments))
        kinds = (PostingKind.PAYMENT, PostingKind.PAYBACK)
        booked = (
            select(
                postings.c.note.label("payment"),
                func.sum(case((postings.c.kind == PostingKind.PAYMENT, 1), else_=0)).label(
                    "credited"
                ),
                func.sum(case((postings.c.key.startswith(REFUND_KEY), 1), else_=0)).label(
                    "refunded"
                ),
            )
            .where(postings.c.kind.in_(kinds))
            .group_by(postings.c.note)
            .subquery()
        )
        credited = func.coalesce(booked.c.credited, 0)
        refunded = func.coalesce(booked.c.refunded, 0)
        expected_credited = case((payments.c.state.in_(PAID_STATES), 1), else_=0)
        expected_refunded = case((payments.c.state == PaymentState.RETURNED, 1), else_=0)
        rows = await self._db.execute(
            select(payments.c.id, payments.c.state)
            .outerjoin(booked, booked.c.payment == cast(payments.c.id, String))
            .where((credited != expected_credited) | (refunded != expected_refunded))
            .order_by(payments.c.id)
            .limit(100)
        )
        return count.scalar_one(), [(row.id, row.state) for row in rows]


def _audited(r: Row[Any]) -> AuditedOrder:
    return AuditedOrder(
        id=r.id,
        state=OrderState(r.state),
        attention=bool(r.attention),
        quantity=r.quantity,
        unit_price_minor=r.unit_price_minor,
        delivered_quantity=r.delivered_quantity,
        returned_minor=r.returned_minor,
        held_minor=r.held_minor,
        cost_minor=r.cost_minor,
        codes=r.codes,
        delivered_codes=int(r.delivered_codes),
        messages=r.messages,
        message_waits=bool(r.waits),
        sandbox=r.environment == Environment.SANDBOX,
        supplier=r.supplier,
        supplier_order_id=r.supplier_order_id,
        accepted_at=r.accepted_at,
        settled_at=r.settled_at,
    )
