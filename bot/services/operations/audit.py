"""The audit: compares ledger, orders, codes and messages, and the suppliers' books.

Changes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.audit import AuditCounts, Audited, AuditedOrder, Check, Difference
from bot.domain.orders import FINAL_STATES, OrderState
from bot.domain.payments import reference_of
from bot.domain.supplier import Movement, SupplierOrder, SupplierStatus
from bot.errors import RequestRefused, UnknownAtSupplier
from bot.ports import Clock
from bot.supplier_ports import Supplier
from storage.store import Store
from storage.transaction import Transaction

PATIENCE = timedelta(minutes=20)  # ignore rows younger than this: they may be in progress
_NEVER_PAID = (OrderState.AWAITING_PAYMENT, OrderState.CANCELLED, OrderState.EXPIRED)


async def audit_books(store: Store, clock: Clock) -> list[Audited]:
    """Every check that needs only the database."""
    async with store.reading(long=True) as tx:
        return await audit_transaction(tx, clock.now())


async def audit_transaction(tx: Transaction, now: datetime) -> list[Audited]:
    """The same, of what this transaction sees."""
    counts = await tx.audit.counts()
    suspects = await tx.audit.contradicting_orders(now - PATIENCE)
    return [
        await _postings(tx),
        await _balances(tx),
        _orders(suspects, counts),
        _holds(suspects, counts),
        _codes(suspects, counts, len(await tx.keys.lost_codes())),
        _deliveries(suspects, counts, now),
        await _payments(tx),
        *await audit_small_books(tx, now),
    ]


async def audit_small_books(tx: Transaction, now: datetime) -> list[Audited]:
    """The checks of own stock and queues, which are looked at whole each time."""
    return [await _stock(tx), await _waiting(tx, now)]


async def audit_supplier(
    store: Store, supplier: Supplier, clock: Clock, span: timedelta
) -> list[Audited]:
    """Compare the orders of the last `span` with a supplier's list and with its movements of money.

    Raises SupplierFailure.
    """
    if supplier.server_time is None:
        await supplier.balance()  # its answer tells the clock by which the list is asked for
    now = clock.now()
    since = now - span
    listed = {o.supplier_order_id: o for o in await supplier.orders(since, now)}
    booked = await _movements_of(supplier, since - PATIENCE, now)
    async with store.reading(long=True) as tx:
        found = await tx.audit.orders_of_supplier(supplier.name, since, sorted(listed))
    ours = {order.supplier_order_id: order for order in found if order.supplier_order_id}
    young = now - PATIENCE
    differences = [
        *_missing_there(ours.values(), listed.keys(), since + PATIENCE, young),
        *_unknown_here(listed.values(), ours.keys(), young),
        *_other_counts(listed, ours),
        *_taken_back(listed, ours),
    ]
    charged = {key: ours[key] for key, order in listed.items() if order.final and key in ours}
    return [
        Audited(Check.SUPPLIER, len(listed), tuple(differences), supplier.name),
        _movements(booked, charged, young, supplier.name),
    ]


async def _movements_of(supplier: Supplier, since: datetime, until: datetime) -> Sequence[Movement]:
    """Empty where the supplier does not show movements to our key: then they are not compared."""
    try:
        return await supplier.movements(since, until)
    except (UnknownAtSupplier, RequestRefused):
        return ()


def _of_order(order: AuditedOrder, text: str) -> Difference:
    return Difference(f"#{order.id}", f"order {order.id}{text}")


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
            account.account,
            f"{account.account} says {account.balance_minor}, its entries {account.booked_minor}",
        )
        for account in uneven
        if account.balance_minor != account.booked_minor
    ]
    differences += [
        Difference(account.account, f"{account.account} is negative: {account.balance_minor}")
        for account in uneven
        if account.balance_minor < 0 and not account.may_be_negative
    ]
    return Audited(Check.BALANCES, count, tuple(differences))


def _orders(suspects: Sequence[AuditedOrder], counts: AuditCounts) -> Audited:
    """The paid amount equals delivered codes times unit price, plus refunds, plus escrow."""
    differences = []
    for order in suspects:
        paid = 0 if order.state in _NEVER_PAID else order.quantity * order.unit_price_minor
        spent = (
            order.delivered_quantity * order.unit_price_minor
            + order.returned_minor
            + order.held_minor
        )
        if paid != spent:
            differences.append(
                _of_order(order, f" ({order.state}): paid {paid}, accounted for {spent}")
            )
    return Audited(Check.ORDERS, counts.orders, tuple(differences))


def _holds(suspects: Sequence[AuditedOrder], counts: AuditCounts) -> Audited:
    return Audited(
        Check.HOLDS,
        counts.ended,
        tuple(
            _of_order(order, f" ({order.state}) still holds {order.held_minor}")
            for order in suspects
            if order.state in FINAL_STATES and order.held_minor and not order.attention
        ),
    )


def _codes(suspects: Sequence[AuditedOrder], counts: AuditCounts, lost: int) -> Audited:
    return Audited(
        Check.CODES,
        counts.delivered_codes,
        tuple(
            _of_order(
                order,
                f" ({order.state}): {order.delivered_quantity} delivered, "
                f"{order.delivered_codes} codes",
            )
            for order in suspects
            if order.delivered_quantity != order.delivered_codes
        ),
        lost=lost,
    )


def _deliveries(suspects: Sequence[AuditedOrder], counts: AuditCounts, now: datetime) -> Audited:
    """Delivered codes were sent to the customer, or a message with them waits in the outbox."""
    return Audited(
        Check.DELIVERIES,
        counts.with_codes,
        tuple(
            _of_order(order, ": its codes were never sent")
            for order in suspects
            if order.delivered_quantity
            and not (order.messages or order.message_waits)
            and order.settled_at is not None
            and order.settled_at < now - PATIENCE
        ),
    )


async def _payments(tx: Transaction) -> Audited:
    """A payment in a paid state was posted to a wallet once, and one that was refunded left it."""
    count, uneven = await tx.audit.contradicting_ledger()
    return Audited(
        Check.PAYMENTS,
        count,
        tuple(
            Difference(
                reference_of(payment_id),
                f"payment {reference_of(payment_id)} ({state}) and its postings disagree",
            )
            for payment_id, state in uneven
        ),
    )


async def _stock(tx: Transaction) -> Audited:
    """Each own code is one order's at most: reservations, codes and orders say the same."""
    count, uneven = await tx.own_codes.contradictions()
    return Audited(
        Check.STOCK,
        count,
        tuple(
            Difference(subject, f"own stock {subject}: {found} codes, {expected} expected")
            for subject, found, expected in uneven
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
            if oldest is not None and oldest < now - PATIENCE
        ),
    )


def _missing_there(
    ours: Iterable[AuditedOrder], listed: Iterable[str], since: datetime, until: datetime
) -> list[Difference]:
    there = set(listed)
    return [
        _of_order(order, f": {order.supplier_order_id} is not in the supplier's list")
        for order in ours
        if order.accepted_at is not None
        and since < order.accepted_at < until
        and order.supplier_order_id not in there
    ]


def _unknown_here(
    listed: Iterable[SupplierOrder], ours: Iterable[str], young: datetime
) -> list[Difference]:
    here = set(ours)
    return [
        Difference(
            order.supplier_order_id,
            f"the supplier has {order.supplier_order_id}, of which no order here knows",
        )
        for order in listed
        if order.supplier_order_id not in here
        and (order.ordered_at is None or order.ordered_at < young)
    ]


def _other_counts(
    listed: Mapping[str, SupplierOrder], ours: Mapping[str, AuditedOrder]
) -> list[Difference]:
    """Every code of an ended order is stored: delivered, or withheld for an operator."""
    counts = {
        key: len(order.cards) for key, order in listed.items() if order.final and order.shows_codes
    }
    return [
        _of_order(ours[key], f": the supplier handed out {count} codes, {ours[key].codes} lie here")
        for key, count in counts.items()
        if key in ours and ours[key].state in FINAL_STATES and count != ours[key].codes
    ]


def _taken_back(
    listed: Mapping[str, SupplierOrder], ours: Mapping[str, AuditedOrder]
) -> list[Difference]:
    """What was delivered whole and is cancelled there now: its codes may not work any more.

    Only where the list shows no codes: else their count differs.
    """
    return [
        _of_order(ours[key], f": the supplier refunded {key}, whose codes were delivered")
        for key, order in listed.items()
        if order.status is SupplierStatus.REFUNDED
        and not order.shows_codes
        and key in ours
        and ours[key].state is OrderState.FULFILLED
    ]


def _movements(
    booked: Iterable[Movement], charged: Mapping[str, AuditedOrder], young: datetime, supplier: str
) -> Audited:
    """What a supplier took for an order, less what it gave back, is the stored cost of the order.

    Where no movement names an order of ours the supplier's book uses other ids: nothing is
    compared.
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
            order, f": the supplier took {taken.get(key, 0)}, its books here say {order.cost_minor}"
        )
        for key, order in charged.items()
        if order.state in FINAL_STATES
        and not order.sandbox
        and not order.attention
        and order.settled_at is not None
        and order.settled_at < young
        and taken.get(key, 0) != order.cost_minor
    ]
