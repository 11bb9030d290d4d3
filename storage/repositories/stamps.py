"""Stored times after the wall clock was set back: what was written by it lies in the future."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Column, and_, case, or_, true, type_coerce, update

from bot.domain.jobs import Job
from bot.domain.orders import OrderState
from bot.domain.outbox import OutboxState
from bot.domain.payments import UNPAID_STATES, PaymentState
from storage.repositories.base import Repository
from storage.tables import (
    code_messages,
    denominations,
    orders,
    outbox,
    payments,
    products,
    showings,
)

# Times at which something happened. Those at which it is due or ends may lie in the future; the
# showings of codes are append-only, and whoever counts them leaves out those of the future.
_STAMPS: Final[tuple[tuple[Column[Any], ...], ...]] = (
    tuple(
        orders.c[name] for name in ("created_at", "paid_at", "sent_at", "accepted_at", "settled_at")
    ),
    tuple(payments.c[name] for name in ("created_at", "settled_at", "checked_at")),
    # An answer that was asked for before these changes nothing.
    (products.c.priced_at,),
    (denominations.c.priced_at, denominations.c.sold_out_at),
)
_WORK: Final = (
    (
        orders.c.due_at,
        and_(orders.c.state != OrderState.AWAITING_PAYMENT, orders.c.due_at.is_not(None)),
    ),
    (
        payments.c.due_at,
        or_(
            payments.c.state == PaymentState.RETURNING,
            and_(payments.c.state.in_(UNPAID_STATES), payments.c.external_id.is_not(None)),
        ),
    ),
    (outbox.c.due_at, outbox.c.state == OutboxState.PENDING),
)
_WORKING: Final = (
    *(Job.PLACE, Job.POLL, Job.RECONCILE, Job.INTERRUPTED, Job.UNPAID, Job.WATCH),
    *(Job.PAYMENTS, Job.PAYMENT_REFUNDS, Job.OUTBOX, Job.HIDE, Job.BALANCE, Job.NIGHTLY),
)


class StampRepository(Repository):
    async def take_back(self, until: datetime, back: timedelta) -> None:
        """Move stamps after `until` by as much as the clock was set back: they were written before that."""
        moved = round(back.total_seconds() * 1000)
        latest = round(until.timestamp() * 1000)
        for columns in _STAMPS:
            values = {}
            for column in columns:
                stamp = type_coerce(column, BigInteger)
                taken = case((stamp - moved > latest, latest), else_=stamp - moved)
                values[column.name] = case((column > until, taken), else_=stamp)
            table = columns[0].table
            ahead = or_(*(column > until for column in columns))
            await self._db.execute(update(table).where(ahead).values(values))

    async def make_work_due(self, now: datetime) -> None:
        """Have all work that waits for its time tried now, and wake its jobs.

        What ends something is left: messages to hide, orders and payments that wait for money.
        """
        for column, waits in _WORK:
            late = update(column.table).where(waits, column > now)
            await self._db.execute(late.values({column.name: now}))
        for job in _WORKING:
            self._wakes.add(job)

    async def shorten_ends(
        self,
        now: datetime,
        *,
        unpaid: timedelta,
        payment: timedelta,
        visible: timedelta,
        showing: timedelta,
    ) -> None:
        """Set ends that lie further ahead than they are ever set to that time from now.

        Those of unpaid orders, of payments that no provider knows, of messages that show codes, and
        of showings that send them.
        """
        ends: tuple[tuple[Column[Any], Any, timedelta], ...] = (
            (orders.c.due_at, orders.c.state == OrderState.AWAITING_PAYMENT, unpaid),
            (
                payments.c.due_at,
                and_(payments.c.state.in_(UNPAID_STATES), payments.c.external_id.is_(None)),
                payment,
            ),
            (code_messages.c.hide_at, code_messages.c.hidden_at.is_(None), visible),
            (showings.c.until, true(), showing),
        )
        for column, open_rows, longest in ends:
            end = now + longest
            late = update(column.table).where(open_rows, column > end)
            await self._db.execute(late.values({column.name: end}))
