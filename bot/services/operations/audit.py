"""Comparing what must agree: ledger, orders, codes, messages, and the supplier's books. Changes nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.audit import AuditCounts, Audited, AuditedOrder, Check, Difference
from bot.domain.orders import FINAL_STATES, OrderState
from bot.domain.payments import reference_of
from bot.domain.supplier import Movement, SupplierOrder
from bot.errors import RequestRefused, UnknownAtSupplier
from bot.ports import Clock, Supplier
from storage.store import Store
from storage.transaction import Transaction

_PATIENCE = timedelta(minutes=20)  # what is younger may still be on its way
_NEVER_PAID = (OrderState.AWAITING_PAYMENT, OrderState.CANCELLED, OrderState.EXPIRED)


async def audit_books(store: Store, clock: Clock) -> list[Audited]:
    """All that the database can tell by itself."""
    now = clock.now()
    async with store.reading() as tx:
        counts = await tx.audit.counts()
        suspects = await tx.audit.contradicting_orders(now - _PATIENCE)
        return [
            await _postings(tx),
            await _balances(tx),
            _orders(suspects, counts),
            _holds(suspects, counts),
            _codes(suspects, counts),
            _deliveries(suspects, counts, now),
            await _payments(tx),
            await _waiting(tx, now),
        ]


async def audit_supplier(
    store: Store, supplier: Supplier, clock: Clock, span: timedelta
) -> list[Audited]:
    """The last days against the supplier's list and its movements of money. Raises SupplierFailure."""
    now = clock.now()
    since = now - span
    listed = {o.supplier_order_id: o for o in await supplier.orders(since, now)}
    booked = await _movements_of(supplier, since - _PATIENCE, now)
    async with store.reading() as tx:
        found = await tx.audit.orders_of_supplier(supplier.name, since, sorted(listed))
    ours = {order.supplier_order_id: order for order in found if order.supplier_order_id}
    young = now - _PATIENCE
    differences = [
        *_missing_there(ours.values(), listed.keys(), since + _PATIENCE, young),
        *_unknown_here(listed.values(), ours.keys(), young),
        *_other_counts(listed, ours),
    ]
    charged = {key: ours[key] for key, it in listed.items() if it.final and key in ours}
    return [
        Audited(Check.SUPPLIER, len(listed), tuple(differences), supplier.name),
        _movements(booked, charged, young, supplier.name),
    ]


async def _movements_of(supplier: Supplier, since: datetime, until: datetime) -> Sequence[Movement]:
    """Empty where the supplier keeps no such book for our key: then nothing is compared with it."""
    try:
        return await supplier.movements(since, until)
    except (UnknownAtSupplier, RequestRefused):
        return ()


def _of_order(it: AuditedOrder, text: str) -> Difference:
    return Difference(f"#{it.id}", f"order {it.id}{text}")


async def _postings(tx: Transaction) -> Audited:
    count, uneven = await tx.audit.unbalanced_postings()
    return Audited(
        Check.POSTINGS,
        count,
        tuple(Difference(key, f"posting {key} sums to {amount}") for key, amount in uneven),
    )


async def _balances(tx: Transaction) -> Audited:
    count, uneven = await tx.audit.wrong_balances()
    differences = [
        Difference(
            it.account, f"{it.account} says {it.balance_minor}, its entries {it.booked_minor}"
        )
        for it in uneven
        if it.balance_minor != it.booked_minor
    ]
    differences += [
        Difference(it.account, f"{it.account} is negative: {it.balance_minor}")
        for it in uneven
        if it.balance_minor < 0 and not it.may_be_negative
    ]
    return Audited(Check.BALANCES, count, tuple(differences))


def _orders(suspects: Sequence[AuditedOrder], counts: AuditCounts) -> Audited:
    """Paid = codes delivered x unit price + returned + held."""
    differences = []
    for it in suspects:
        paid = 0 if it.state in _NEVER_PAID else it.quantity * it.unit_price_minor
        spent = it.delivered_quantity * it.unit_price_minor + it.returned_minor + it.held_minor
        if paid != spent:
            differences.append(_of_order(it, f" ({it.state}): paid {paid}, accounted for {spent}"))
    return Audited(Check.ORDERS, counts.orders, tuple(differences))


def _holds(suspects: Sequence[AuditedOrder], counts: AuditCounts) -> Audited:
    return Audited(
        Check.HOLDS,
        counts.ended,
        tuple(
            _of_order(it, f" ({it.state}) still holds {it.held_minor}")
            for it in suspects
            if it.state in FINAL_STATES and it.held_minor and not it.attention
        ),
    )


def _codes(suspects: Sequence[AuditedOrder], counts: AuditCounts) -> Audited:
    return Audited(
        Check.CODES,
        counts.delivered_codes,
        tuple(
            _of_order(
                it, f" ({it.state}): {it.delivered_quantity} delivered, {it.delivered_codes} codes"
            )
            for it in suspects
            if it.delivered_quantity != it.delivered_codes
        ),
    )


def _deliveries(suspects: Sequence[AuditedOrder], counts: AuditCounts, now: datetime) -> Audited:
    """Whoever has codes was sent them, or a message with them waits to be sent."""
    return Audited(
        Check.DELIVERIES,
        counts.with_codes,
        tuple(
            _of_order(it, ": its codes were never sent")
            for it in suspects
            if it.delivered_quantity
            and not (it.messages or it.message_waits)
            and it.settled_at is not None
            and it.settled_at < now - _PATIENCE
        ),
    )


async def _payments(tx: Transaction) -> Audited:
    """What is marked as paid came into a wallet once, and what is marked as returned left it."""
    count, uneven = await tx.payments.contradicting_ledger()
    return Audited(
        Check.PAYMENTS,
        count,
        tuple(
            Difference(
                reference_of(it), f"payment {reference_of(it)} ({state}) and its postings disagree"
            )
            for it, state in uneven
        ),
    )


async def _waiting(tx: Transaction, now: datetime) -> Audited:
    waiting = await tx.audit.backlog()
    return Audited(
        Check.WAITING,
        len(waiting),
        tuple(
            Difference(
                f"{kind}: {count}",
                f"{kind}: {count} wait, the oldest since {oldest:%Y-%m-%d %H:%M} UTC",
            )
            for kind, count, oldest in waiting
            if oldest is not None and oldest < now - _PATIENCE
        ),
    )


def _missing_there(
    ours: Iterable[AuditedOrder], listed: Iterable[str], since: datetime, until: datetime
) -> list[Difference]:
    there = set(listed)
    return [
        _of_order(it, f": {it.supplier_order_id} is not in the supplier's list")
        for it in ours
        if it.accepted_at is not None
        and since < it.accepted_at < until
        and it.supplier_order_id not in there
    ]


def _unknown_here(
    listed: Iterable[SupplierOrder], ours: Iterable[str], young: datetime
) -> list[Difference]:
    here = set(ours)
    return [
        Difference(
            it.supplier_order_id,
            f"the supplier has {it.supplier_order_id}, of which no order here knows",
        )
        for it in listed
        if it.supplier_order_id not in here and (it.ordered_at is None or it.ordered_at < young)
    ]


def _other_counts(
    listed: Mapping[str, SupplierOrder], ours: Mapping[str, AuditedOrder]
) -> list[Difference]:
    """Every code of a finished order lies here: delivered, or kept in front of an operator."""
    counts = {key: len(it.cards) for key, it in listed.items() if it.final and it.shows_codes}
    return [
        _of_order(ours[key], f": the supplier handed out {count} codes, {ours[key].codes} lie here")
        for key, count in counts.items()
        if key in ours and ours[key].state in FINAL_STATES and count != ours[key].codes
    ]


def _movements(
    booked: Iterable[Movement], charged: Mapping[str, AuditedOrder], young: datetime, supplier: str
) -> Audited:
    """What the supplier took for an order and kept is what the order's books say it cost.

    Where no movement names an order of ours, its book is kept by other names: nothing is compared.
    """
    taken: Counter[str] = Counter()
    for movement in booked:
        if movement.supplier_order_id in charged:
            taken[movement.supplier_order_id] -= movement.amount_minor
    differences = _other_costs(taken, charged, young) if taken else []
    return Audited(Check.MOVEMENTS, len(taken), tuple(differences), supplier)


def _other_costs(
    taken: Mapping[str, int], charged: Mapping[str, AuditedOrder], young: datetime
) -> list[Difference]:
    return [
        _of_order(
            it, f": the supplier took {taken.get(key, 0)}, its books here say {it.cost_minor}"
        )
        for key, it in charged.items()
        if it.state in FINAL_STATES
        and not it.sandbox
        and not it.attention
        and it.settled_at is not None
        and it.settled_at < young
        and taken.get(key, 0) != it.cost_minor
    ]
