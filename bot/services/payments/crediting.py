"""Credits payments to wallets, or holds them for an operator. Only this module does."""

from bot.domain import ledger
from bot.domain.payments import Doubt, Payment, PaymentEvent
from bot.domain.records import AlertKind, OutboxKind
from bot.services.messaging.alerts import raise_alert
from bot.services.shop import Shop
from bot.services.wallet.unpaid_orders import pay_waiting_orders
from storage.transaction import Transaction


async def credit(
    tx: Transaction,
    shop: Shop,
    payment: Payment,
    paid_minor: int,
    actor: str,
    *,
    decided_by: int | None = None,
) -> None:
    """Move a locked payment into its customer's wallet, tell them, and pay their waiting orders.

    `paid_minor` is in minor units; `actor` is kept with the posting; `decided_by` is an operator's
    id. The caller checks the state: a second call for a credited payment raises IllegalTransition.
    """
    now = shop.clock.now()
    posting = ledger.payment(payment.id, payment.method, payment.user_id, paid_minor)
    await tx.ledger.post(posting, now, actor)
    if decided_by is not None:
        payment = await tx.payments.update(payment, decided_by=decided_by)
    await tx.payments.move(
        payment,
        PaymentEvent.CONFIRM,
        paid_minor=paid_minor,
        settled_at=now,
        due_at=None,
        reason="",
    )
    paid_orders = await pay_waiting_orders(tx, shop, payment.user_id)
    is_order_paid = any(order.id == payment.order_id for order in paid_orders)
    went_on = "yes" if is_order_paid else "no"
    await notify_payment(tx, shop, payment, "credited", went_on=went_on)


async def notify_payment(
    tx: Transaction, shop: Shop, payment: Payment, what: str, *, again: str = "", **data: str
) -> None:
    """Tell the customer what became of a payment, once for each `what` and `again`."""
    key = f"payment:{payment.id}:{what}{again}"
    told = {"payment": str(payment.id), "what": what, **data}
    await tx.outbox.add(key, payment.user_id, OutboxKind.PAYMENT, shop.clock.now(), data=told)


def review_alert_key(payment_id: int) -> str:
    """The key of the alert about a payment that waits for a decision."""
    return f"payment_held:{payment_id}"


async def flag_for_review(
    tx: Transaction, shop: Shop, payment: Payment, reported_minor: int, doubt: Doubt
) -> None:
    """Hold a locked payment that the provider reports as paid with something doubtful.

    `reported_minor` is the amount that it reports. An operator decides; the customer is told that it is
    checked.
    """
    await tx.payments.move(
        payment,
        PaymentEvent.DOUBT,
        paid_minor=reported_minor,
        reason=doubt,
        due_at=None,
    )
    await raise_alert(
        tx,
        shop,
        review_alert_key(payment.id),
        AlertKind.PAYMENT_HELD,
        payment=payment.id,
        method=payment.method,
        user=payment.user_id,
        asked=payment.asked_minor,
        paid=reported_minor,
        doubt=doubt,
    )
    await notify_payment(tx, shop, payment, "held")
