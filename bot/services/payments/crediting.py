"""Credits payments to wallets, or holds them for an operator. Only this module does."""

from datetime import timedelta

from bot.domain import ledger
from bot.domain.alerts import AlertKind
from bot.domain.outbox import OutboxKind
from bot.domain.payments import Doubt, Payment, PaymentEvent
from bot.domain.schedule import TELL_PAYMENT_AFTER_SECONDS
from bot.services.messaging.alerts import raise_alert
from bot.services.messaging.notifications import order_numbers
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
    fee_minor: int = 0,
) -> None:
    """Move a locked payment into its customer's wallet, tell them, and pay their waiting orders.

    `paid_minor` is in minor units; `actor` is kept with the posting; `decided_by` is an operator's
    id; `fee_minor` is what the provider says that it keeps, which the shop bears. The caller checks the state: a second call for a credited payment raises IllegalTransition.
    """
    now = shop.clock.now()
    posting = ledger.payment(payment.id, payment.method, payment.user_id, paid_minor)
    await tx.ledger.post(posting, now, actor)
    if fee_minor:
        await tx.ledger.post(ledger.fee(payment.id, payment.method, fee_minor), now, actor)
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
    paid = await pay_waiting_orders(tx, shop, payment.user_id)
    # Whoever paid for this very order reads of it in the message that brings the codes, unless
    # these take longer.
    is_told_with_codes = [order.id for order in paid] == [payment.order_id]
    wait = timedelta(seconds=TELL_PAYMENT_AFTER_SECONDS if is_told_with_codes else 0)
    orders = {"orders": order_numbers(paid)} if paid else {}
    await notify_payment(tx, shop, payment, "credited", wait=wait, **orders)


async def notify_payment(
    tx: Transaction,
    shop: Shop,
    payment: Payment,
    what: str,
    *,
    again: str = "",
    wait: timedelta = timedelta(0),
    **data: str,
) -> None:
    """Tell the customer what became of a payment, once for each `what` and `again`."""
    key, now = f"payment:{payment.id}:{what}{again}", shop.clock.now()
    told = {"payment": str(payment.id), "what": what, **data}
    due_at = now + wait
    await tx.outbox.add(key, payment.user_id, OutboxKind.PAYMENT, now, data=told, due_at=due_at)


def review_alert_key(payment_id: int) -> str:
    """The key of the alert about a payment that waits for a decision."""
    return f"payment_held:{payment_id}"


async def flag_for_review(
    tx: Transaction,
    shop: Shop,
    payment: Payment,
    reported_minor: int,
    doubt: Doubt,
    *,
    fee_minor: int = 0,
) -> None:
    """Hold a locked payment that the provider reports as paid with something doubtful.

    `reported_minor` is the amount that it reports, 0 for none, of which it keeps `fee_minor`. An
    operator decides; the customer is told that it is checked.
    """
    await tx.payments.move(
        payment,
        PaymentEvent.DOUBT,
        paid_minor=reported_minor,
        fee_minor=fee_minor,
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
