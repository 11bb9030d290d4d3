"""An operator refunds the money an order holds in escrow, into the customer's wallet.

Large amounts, and orders that the supplier may still deliver, have to be confirmed.
"""

from bot.domain import ledger
from bot.domain.orders import Order, OrderEvent, OrderState, ReturnReason
from bot.domain.records import ActionKind
from bot.errors import AlreadyDecided, NotFound, NotRefundable, required
from bot.services.messaging.notifications import notify_result
from bot.services.orders.release import end_and_refund
from bot.services.shop import Shop
from bot.services.wallet.limits import check_cap, check_fresh, needs_confirmation
from bot.services.wallet.unpaid_orders import pay_waiting_orders
from storage.transaction import Transaction

# The supplier has, or may have, an order for these: the shop may pay for a code that it refunded.
_RISKY = (OrderState.UNCONFIRMED, OrderState.HANDLING)


async def ask_refund(
    shop: Shop, *, key: str, operator_id: int, order_id: int, reason: str
) -> tuple[Order, int, int | None]:
    """Refund at once where nothing was bought; else ask for a confirmation.

    Returns the order, the amount in minor units, and the id of the action to confirm or None. `key`
    names the operator's message: a second call with it raises AlreadyDecided. Raises NotFound,
    NotRefundable (nothing is in escrow, or the purchase is being sent), CapReached.
    """
    return await shop.store.write(_ask, shop, key, operator_id, order_id, reason)


async def _ask(
    tx: Transaction, shop: Shop, key: str, operator_id: int, order_id: int, reason: str
) -> tuple[Order, int, int | None]:
    order = await tx.orders.locked(order_id)
    held = await tx.ledger.balance(ledger.escrow(order.id))
    if not held or order.state is OrderState.PLACING:  # a call is under way: its answer comes first
        raise NotRefundable(order_id)
    await check_cap(tx, shop, operator_id, held)
    must_confirm = order.state in _RISKY or needs_confirmation(shop, held)
    action_id = await tx.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.REFUND,
        target=str(order_id),
        amount_minor=held,
        note=reason,
        done=not must_confirm,
        now=shop.clock.now(),
    )
    if action_id is None:
        raise AlreadyDecided
    if must_confirm:
        return order, held, action_id
    await _refund(tx, shop, order, held, reason)
    return order, held, None


async def confirm_refund(shop: Shop, operator_id: int, action_id: int) -> tuple[Order, int]:
    """Carry out a refund that was asked for; returns the order and the amount in minor units.

    Raises NotFound, AlreadyDecided, AskedTooLongAgo, NotRefundable, CapReached.
    """
    return await shop.store.write(_confirm, shop, operator_id, action_id)


async def _confirm(
    tx: Transaction, shop: Shop, operator_id: int, action_id: int
) -> tuple[Order, int]:
    action = required(await tx.operators.action(action_id, operator_id))
    if action.kind is not ActionKind.REFUND:
        raise NotFound
    order = await tx.orders.locked(int(action.target))
    held = await tx.ledger.balance(ledger.escrow(order.id))
    check_fresh(shop, action)
    if not held or order.state is OrderState.PLACING:
        raise NotRefundable(order.id)
    await check_cap(tx, shop, operator_id, held)
    await tx.operators.decide(action_id, shop.clock.now())
    await _refund(tx, shop, order, held, action.note)
    return order, held


async def _refund(tx: Transaction, shop: Shop, order: Order, held: int, reason: str) -> None:
    if order.is_open:
        await end_and_refund(
            tx, shop, order, OrderEvent.RELEASE, ReturnReason.OPERATOR, note=reason
        )
        return
    # Some codes were delivered, and money stayed in escrow: the supplier's figures disagreed.
    now = shop.clock.now()
    posting = ledger.release_escrow(
        order.id, order.user_id, held, key=f"return:{order.id}:held", note=reason
    )
    await tx.ledger.post(posting, now, "operator")
    await pay_waiting_orders(tx, shop, order.user_id)
    await tx.orders.update(
        order,
        returned_minor=order.returned_minor + held,
        return_reason=ReturnReason.OPERATOR,
        attention=None,
    )
    await notify_result(tx, shop, order, again=":held")
