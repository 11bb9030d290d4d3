"""Mistakes in transitions that mypy has to refuse: an ignore that nothing needs fails `make check`."""

from datetime import datetime

from bot.domain.orders import Order, OrderEvent, OrderState
from bot.domain.payments import Payment, PaymentEvent, PaymentState
from storage.transaction import Transaction


async def misspelled_columns(tx: Transaction, order: Order, payment: Payment, at: datetime) -> None:
    await tx.orders.move(order, OrderEvent.FILL, setled_at=at)  # type: ignore[call-arg]
    await tx.payments.move(payment, PaymentEvent.EXPIRE, setled_at=at)  # type: ignore[call-arg]


async def states_past_the_table(tx: Transaction, order: Order, payment: Payment) -> None:
    await tx.orders.update(order, state=OrderState.PAID)  # type: ignore[call-arg]
    await tx.payments.update(payment, state=PaymentState.OPEN)  # type: ignore[call-arg]


async def due_times_of_another_type(tx: Transaction, order: Order, payment: Payment) -> None:
    await tx.orders.update(order, due_at="tomorrow")  # type: ignore[arg-type]
    await tx.payments.update(payment, due_at="tomorrow")  # type: ignore[arg-type]


def jobs_named_by_strings(tx: Transaction) -> None:
    tx.wakes.add("sned")  # type: ignore[arg-type]


async def what_is_right(tx: Transaction, order: Order, at: datetime) -> Order:
    return await tx.orders.move(order, OrderEvent.FILL, settled_at=at, due_at=None)
