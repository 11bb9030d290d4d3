"""Comparing what must agree: ledger, orders, codes, messages, and the supplier's list. Changes nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.domain.audit import Audited, AuditedOrder, Check
from bot.domain.orders import OrderState
from bot.domain.supplier import SupplierOrder
from bot.ports import Clock, Store, Supplier, Tables

_PATIENCE = timedelta(minutes=20)  # what is younger may still be on its way
_NEVER_PAID = (OrderState.AWAITING_PAYMENT, OrderState.CANCELLED, OrderState.EXPIRED)
_ENDED = (OrderState.FULFILLED, OrderState.PARTIAL, OrderState.REFUNDED, *_NEVER_PAID[1:])


async def audit_books(store: Store, clock: Clock) -> list[Audited]:
    """All that the database can tell by itself."""
    async with store.reading() as tables:
        orders = await tables.audit.orders()
        return [
            await _postings(tables),
            await _balances(tables),
            _orders(orders),
            _holds(orders),
            _codes(orders),
            _deliveries(orders, clock.now()),
            await _waiting(tables, clock.now()),
        ]


async def audit_supplier(
    store: Store, supplier: Supplier, clock: Clock, span: timedelta
) -> Audited:
    """Our orders of the last days against the supplier's list. Raises SupplierFailure."""
    now = clock.now()
    listed = {o.supplier_order_id: o for o in await supplier.orders(now - span, now)}
    async with store.reading() as tables:
        ours = {
            order.supplier_order_id: order
            for order in await tables.audit.orders()
            if order.supplier == supplier.name and order.supplier_order_id
        }
    young = now - _PATIENCE
    differences = [
        *_missing_there(ours.values(), listed.keys(), now - span + _PATIENCE, young),
        *_unknown_here(listed.values(), ours.keys(), young),
        *_other_counts(listed, ours),
    ]
    return Audited(Check.SUPPLIER, len(listed), tuple(differences))


async def _postings(tables: Tables) -> Audited:
    count, uneven = await tables.audit.uneven_postings()
    return Audited(
        Check.POSTINGS,
        count,
        tuple(f"posting {key} sums to {amount}" for key, amount in uneven),
    )


async def _balances(tables: Tables) -> Audited:
    balances = await tables.audit.balances()
    differences = [
        f"{it.account} says {it.balance_minor}, its entries {it.booked_minor}"
        for it in balances
        if it.balance_minor != it.booked_minor
    ]
    differences += [
        f"{it.account} is negative: {it.balance_minor}"
        for it in balances
        if it.balance_minor < 0 and not it.may_be_negative
    ]
    return Audited(Check.BALANCES, len(balances), tuple(differences))


def _orders(orders: Sequence[AuditedOrder]) -> Audited:
    """Paid = codes delivered x unit price + returned + held."""
    differences = []
    for it in orders:
        paid = 0 if it.state in _NEVER_PAID else it.quantity * it.unit_price_minor
        spent = it.delivered_quantity * it.unit_price_minor + it.returned_minor + it.held_minor
        if paid != spent:
            differences.append(f"order {it.id} ({it.state}): paid {paid}, accounted for {spent}")
    return Audited(Check.ORDERS, len(orders), tuple(differences))


def _holds(orders: Sequence[AuditedOrder]) -> Audited:
    ended = [it for it in orders if it.state in _ENDED]
    return Audited(
        Check.HOLDS,
        len(ended),
        tuple(
            f"order {it.id} ({it.state}) still holds {it.held_minor}"
            for it in ended
            if it.held_minor and not it.attention
        ),
    )


def _codes(orders: Sequence[AuditedOrder]) -> Audited:
    return Audited(
        Check.CODES,
        sum(it.delivered_codes for it in orders),
        tuple(
            f"order {it.id} ({it.state}): {it.delivered_quantity} delivered, {it.delivered_codes} codes"
            for it in orders
            if it.delivered_quantity != it.delivered_codes
        ),
    )


def _deliveries(orders: Sequence[AuditedOrder], now: datetime) -> Audited:
    """Whoever has codes was sent them, or a message with them waits to be sent."""
    settled = [it for it in orders if it.delivered_quantity and it.settled_at]
    return Audited(
        Check.DELIVERIES,
        len(settled),
        tuple(
            f"order {it.id}: its codes were never sent"
            for it in settled
            if not (it.messages or it.message_waits)
            and it.settled_at is not None
            and it.settled_at < now - _PATIENCE
        ),
    )


async def _waiting(tables: Tables, now: datetime) -> Audited:
    waiting = await tables.audit.waiting()
    return Audited(
        Check.WAITING,
        len(waiting),
        tuple(
            f"{kind}: {count} wait, the oldest since {oldest:%Y-%m-%d %H:%M} UTC"
            for kind, count, oldest in waiting
            if oldest is not None and oldest < now - _PATIENCE
        ),
    )


def _missing_there(
    ours: Iterable[AuditedOrder], listed: Iterable[str], since: datetime, until: datetime
) -> list[str]:
    there = set(listed)
    return [
        f"order {it.id}: {it.supplier_order_id} is not in the supplier's list"
        for it in ours
        if it.accepted_at is not None
        and since < it.accepted_at < until
        and it.supplier_order_id not in there
    ]


def _unknown_here(
    listed: Iterable[SupplierOrder], ours: Iterable[str], young: datetime
) -> list[str]:
    here = set(ours)
    return [
        f"the supplier has {it.supplier_order_id}, of which no order here knows"
        for it in listed
        if it.supplier_order_id not in here and (it.ordered_at is None or it.ordered_at < young)
    ]


def _other_counts(listed: dict[str, SupplierOrder], ours: dict[str, AuditedOrder]) -> list[str]:
    """Every code of a finished order lies here: delivered, or kept in front of an operator."""
    counts = Counter({key: len(listed[key].cards) for key in listed if listed[key].final})
    return [
        f"order {ours[key].id}: the supplier handed out {count} codes, {ours[key].codes} lie here"
        for key, count in counts.items()
        if key in ours and ours[key].state in _ENDED and count != ours[key].codes
    ]
