"""What is read of orders, without a lock: by owner, by due time, by state, for the watch and for reports."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    String,
    cast,
    func,
    literal,
    select,
)

from bot.domain.ledger import wallet
from bot.domain.orders import (
    WAITING_STATES,
    Attention,
    Order,
    OrderState,
    ReturnReason,
    Stage,
)
from bot.domain.schedule import LONGEST_LOOK, LONGEST_WAIT
from bot.domain.supplier import Environment
from bot.refusals import required
from storage.due import earliest_due, is_due
from storage.repositories.base import Repository
from storage.tables import accounts, orders

ORDERS: Final = select(orders)  # made once: its many columns take long
_MAX_LATE = 1000  # orders that one run of the watch reports as slow or stuck


def read_order(row: Row[Any]) -> Order:
    """Convert a row that has all columns of `orders`, and possibly others."""
    values = {column.name: row._mapping[column] for column in orders.c}  # noqa: SLF001 - SQLAlchemy's public accessor
    values["state"] = OrderState(values["state"])
    values["environment"] = Environment(values["environment"])
    values["return_reason"] = (
        ReturnReason(values["return_reason"]) if values["return_reason"] else None
    )
    values["stage"] = Stage(values["stage"])
    values["attention"] = Attention(values["attention"]) if values["attention"] else None
    return Order(**values)


def of_supplier(supplier: str | None) -> list[ColumnElement[bool]]:
    """Conditions that select the orders of one supplier; None: of all suppliers."""
    return [] if supplier is None else [orders.c.supplier == supplier]


def _waiting_of_supplier(supplier: str) -> list[ColumnElement[bool]]:
    return [orders.c.state.in_(WAITING_STATES), orders.c.supplier == supplier]


def _watched(supplier: str) -> list[ColumnElement[bool]]:
    refunded = orders.c.state.in_((OrderState.REFUNDED, OrderState.PARTIAL))
    return [refunded, orders.c.supplier == supplier, orders.c.due_at.is_not(None)]


class OrderReadings(Repository):
    """The readings of `OrderRepository`."""

    async def _one(self, *conditions: ColumnElement[bool], lock: bool = False) -> Order | None:
        statement = ORDERS.where(*conditions)
        row = (
            await self._db.execute(statement.with_for_update() if lock else statement)
        ).one_or_none()
        return read_order(row) if row else None

    async def _many(
        self, *conditions: ColumnElement[bool], limit: int | None = None
    ) -> Sequence[Order]:
        rows = await self._db.execute(ORDERS.where(*conditions).order_by(orders.c.id).limit(limit))
        return [read_order(row) for row in rows]

    async def for_owner(self, order_id: int, user_id: int) -> Order | None:
        """The order, without a lock. None if it does not exist or belongs to another customer."""
        return await self._one(orders.c.id == order_id, orders.c.user_id == user_id)

    async def by_quote(self, quote_id: int, user_id: int) -> Order | None:
        """The order that used this quote, without a lock.

        None if there is none of this customer.
        """
        return await self._one(orders.c.quote_id == quote_id, orders.c.user_id == user_id)

    async def last_delivered(self, user_id: int) -> Order | None:
        """A customer's newest order that brought codes, without a lock."""
        rows = await self._db.execute(
            ORDERS.where(orders.c.user_id == user_id, orders.c.delivered_quantity > 0)
            .order_by(orders.c.id.desc())
            .limit(1)
        )
        row = rows.one_or_none()
        return read_order(row) if row else None

    async def owner(self, order_id: int) -> int:
        """The id of the customer of an order, which never changes. Raises NotFound."""
        found = await self._db.execute(select(orders.c.user_id).where(orders.c.id == order_id))
        owner: int | None = found.scalar_one_or_none()
        return required(owner)

    async def watched(self, supplier: str) -> Sequence[Order]:
        """Orders that were refunded though their supplier may still deliver, by ascending id.

        Without a lock. `due_at` is when their supplier is asked about them next.
        """
        return await self._many(*_watched(supplier))

    async def watched_due(self, supplier: str, now: datetime) -> set[int]:
        """Ids of those whose supplier is to be asked about them now."""
        due = is_due(orders.c.due_at, now, LONGEST_LOOK)
        found = await self._db.execute(select(orders.c.id).where(*_watched(supplier), due))
        return set(found.scalars())

    async def earliest_watched(self, supplier: str, now: datetime) -> datetime | None:
        """When the supplier is next asked about an order that was refunded; None: never."""
        return await earliest_due(self._db, orders.c.due_at, now, LONGEST_LOOK, *_watched(supplier))

    async def bound_ids(self, supplier: str, ids: Sequence[str]) -> set[str]:
        """Those of a supplier's order ids that an order of ours has."""
        rows = await self._db.execute(
            select(orders.c.supplier_order_id).where(
                orders.c.supplier == supplier, orders.c.supplier_order_id.in_(ids)
            )
        )
        return {found for found in rows.scalars() if found is not None}

    async def page(self, user_id: int, offset: int, limit: int) -> tuple[Sequence[Order], int]:
        """A part of a customer's orders, newest first, and how many orders they have in all."""
        mine = orders.c.user_id == user_id
        counted = await self._db.execute(select(func.count()).select_from(orders).where(mine))
        count = counted.scalar_one()
        rows = await self._db.execute(
            ORDERS.where(mine).order_by(orders.c.id.desc()).offset(offset).limit(limit)
        )
        return [read_order(row) for row in rows], count

    async def due(
        self, state: OrderState, now: datetime, limit: int, supplier: str | None = None
    ) -> Sequence[Order]:
        """Orders in this state with work that is due, the longest due first, without a lock."""
        return await self._due(
            is_due(orders.c.due_at, now, LONGEST_WAIT), state, limit, *of_supplier(supplier)
        )

    async def due_to_buy(
        self, supplier: str, now: datetime, limit: int, without: Collection[int]
    ) -> Sequence[Order]:
        """Paid orders of a supplier that are due, but those of these products, without a lock.

        The longest due come first.
        """
        others = orders.c.product_id.not_in(without)
        due = is_due(orders.c.due_at, now, LONGEST_WAIT)
        return await self._due(due, OrderState.PAID, limit, orders.c.supplier == supplier, others)

    async def due_paid_longest_ago(self, now: datetime, limit: int) -> Sequence[Order]:
        """Paid orders of all suppliers that are due, without a lock; the first paid come first."""
        rows = await self._db.execute(
            ORDERS.where(
                orders.c.state == OrderState.PAID,
                orders.c.paid_at.is_not(None),
                is_due(orders.c.due_at, now, LONGEST_WAIT),
            )
            .order_by(orders.c.paid_at, orders.c.id)
            .limit(limit)
        )
        return [read_order(row) for row in rows]

    async def unpaid_since(self, due_by: datetime, limit: int) -> Sequence[Order]:
        """Orders that were to be paid by then, the longest due first, without a lock."""
        return await self._due(orders.c.due_at <= due_by, OrderState.AWAITING_PAYMENT, limit)

    async def _due(
        self, due: ColumnElement[bool], state: OrderState, limit: int, *more: ColumnElement[bool]
    ) -> Sequence[Order]:
        rows = await self._db.execute(
            ORDERS.where(orders.c.state == state, due, *more).order_by(orders.c.due_at).limit(limit)
        )
        return [read_order(row) for row in rows]

    async def earliest_due(
        self, state: OrderState, now: datetime, supplier: str | None = None
    ) -> datetime | None:
        """When the first order in this state has work that is due; None if none has a time."""
        in_state = (orders.c.state == state, *of_supplier(supplier))
        return await earliest_due(self._db, orders.c.due_at, now, LONGEST_WAIT, *in_state)

    async def earliest_unpaid(self) -> datetime | None:
        """When the first of the orders that wait for money is to be paid."""
        unpaid = orders.c.state == OrderState.AWAITING_PAYMENT
        return await self._earliest(orders.c.due_at, unpaid)

    async def earliest_sent(self, state: OrderState) -> datetime | None:
        """When the first of the orders now in this state was sent to its supplier."""
        return await self._earliest(orders.c.sent_at, orders.c.state == state)

    async def earliest_unbought_paid(self, excluding: Collection[str]) -> datetime | None:
        """When the first order was paid that is not bought yet, at any supplier but these."""
        elsewhere = orders.c.supplier.not_in(excluding)
        return await self._earliest(orders.c.paid_at, orders.c.state == OrderState.PAID, elsewhere)

    async def earliest_unbought_due(
        self, suppliers: Collection[str], now: datetime
    ) -> datetime | None:
        """When the next order that is paid but not bought is due, at these suppliers."""
        here = (orders.c.state == OrderState.PAID, orders.c.supplier.in_(suppliers))
        return await earliest_due(self._db, orders.c.due_at, now, LONGEST_WAIT, *here)

    async def earliest_to_tell(self, supplier: str, now: datetime) -> datetime | None:
        """When it is next looked what the customer of a waiting order is to be told."""
        set_to = (orders.c.supplier == supplier, orders.c.tell_at.is_not(None))
        return await earliest_due(self._db, orders.c.tell_at, now, LONGEST_WAIT, *set_to)

    async def earliest_unalerted(self, supplier: str) -> datetime | None:
        """When the first of the waiting orders was paid for which no operator was alerted."""
        return await self._earliest(
            orders.c.paid_at, *_waiting_of_supplier(supplier), orders.c.alerted_stuck.is_(False)
        )

    async def _earliest(
        self, column: Column[Any], *conditions: ColumnElement[bool]
    ) -> datetime | None:
        found: datetime | None = (
            await self._db.execute(select(func.min(column)).where(*conditions))
        ).scalar_one_or_none()
        return found

    async def in_state(self, state: OrderState, supplier: str | None = None) -> Sequence[Order]:
        """All orders in this state, by ascending id, without a lock."""
        return await self._many(orders.c.state == state, *of_supplier(supplier))

    async def customers_able_to_pay(self) -> Sequence[int]:
        """Ids of customers whose wallet covers one of their orders that wait for payment."""
        wallet_of = literal(wallet(0).removesuffix("0")) + cast(orders.c.user_id, String)
        rows = await self._db.execute(
            select(orders.c.user_id)
            .distinct()
            .join(accounts, accounts.c.name == wallet_of)
            .where(
                orders.c.state == OrderState.AWAITING_PAYMENT,
                accounts.c.balance_minor >= orders.c.quantity * orders.c.unit_price_minor,
            )
        )
        return list(rows.scalars())

    async def needing_attention(self, limit: int) -> tuple[Sequence[Order], int]:
        """Orders that wait for an operator, the oldest first, and how many there are in all."""
        flagged = orders.c.attention.is_not(None)
        count = await self._db.execute(select(func.count()).select_from(orders).where(flagged))
        return await self._many(flagged, limit=limit), count.scalar_one()

    async def suppliers_with_waiting(self) -> set[str]:
        """Names of the suppliers of orders that are paid and have not ended."""
        waiting = select(orders.c.supplier).where(orders.c.state.in_(WAITING_STATES)).distinct()
        return set((await self._db.execute(waiting)).scalars())

    async def stuck(self, supplier: str, before: datetime) -> Sequence[Order]:
        """Waiting orders paid before then for which no operator was alerted, by ascending id."""
        return await self._waiting(supplier, before, orders.c.alerted_stuck.is_(False))

    async def to_tell(self, supplier: str, now: datetime) -> Sequence[Order]:
        """Orders of which it is to be looked now what their customers are told, by ascending id."""
        due = is_due(orders.c.tell_at, now, LONGEST_WAIT)
        return await self._many(orders.c.supplier == supplier, due, limit=_MAX_LATE)

    async def waits_of_product(
        self, product_id: int, environment: Environment, limit: int
    ) -> Sequence[float]:
        """Seconds from payment to the end of the newest orders of a product that were fulfilled."""
        mine = (orders.c.product_id == product_id, orders.c.environment == environment)
        return await self._waits(orders.c.settled_at, limit, *mine)

    async def waits_of_supplier(
        self, supplier: str, environment: Environment, limit: int
    ) -> Sequence[float]:
        """The same for all products of a supplier."""
        theirs = (orders.c.supplier == supplier, orders.c.environment == environment)
        return await self._waits(orders.c.accepted_at, limit, *theirs)

    async def _waits(
        self, newest: Column[Any], limit: int, *which: ColumnElement[bool]
    ) -> Sequence[float]:
        rows = await self._db.execute(
            select(orders.c.paid_at, orders.c.settled_at)
            .where(
                orders.c.state == OrderState.FULFILLED,
                newest.is_not(None),
                orders.c.paid_at.is_not(None),
                orders.c.settled_at.is_not(None),
                *which,
            )
            .order_by(newest.desc())
            .limit(limit)
        )
        return [(settled - paid).total_seconds() for paid, settled in rows]

    async def _waiting(
        self, supplier: str, before: datetime, condition: ColumnElement[bool]
    ) -> Sequence[Order]:
        waiting = orders.c.state.in_(WAITING_STATES)
        late = orders.c.paid_at < before
        return await self._many(waiting, late, condition, *of_supplier(supplier), limit=_MAX_LATE)

    async def oldest_unbought(self, supplier: str) -> Order | None:
        """The paid but unbought order of this supplier with the lowest id, if any."""
        paid = (orders.c.state == OrderState.PAID, *of_supplier(supplier))
        return next(iter(await self._many(*paid, limit=1)), None)
