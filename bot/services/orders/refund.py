"""An operator refunds the money an order holds in escrow, into the customer's wallet.

Large amounts, and orders that the supplier may still deliver, have to be confirmed.
"""

from bot.domain import ledger
from bot.domain.actions import ActionKind, OperatorAction
from bot.domain.orders import Order, OrderEvent, OrderState, ReturnReason
from bot.domain.people import is_pseudonym
from bot.refusals import (
    AlreadyDecided,
    CompensationChanged,
    NotFound,
    NotRefundable,
    OrderOwnerForgotten,
    required,
)
from bot.services.messaging.notifications import notify_result
from bot.services.orders.refunded import next_look
from bot.services.orders.release import end_and_refund
from bot.services.shop import Shop
from bot.services.wallet.credit import left_to_compensate, tell_credited
from bot.services.wallet.limits import check_cap, check_fresh, needs_confirmation
from bot.services.wallet.unpaid_orders import pay_waiting_orders
from storage.transaction import Transaction

# The supplier has, or may have, an order for these: the shop may pay for a code that it refunded.
MAY_ARRIVE = (OrderState.UNCONFIRMED, OrderState.HANDLING)
_REFUNDS = (ActionKind.REFUND, ActionKind.COMPENSATION)


async def ask_refund(
    shop: Shop, *, key: str, operator_id: int, order_id: int, reason: str
) -> tuple[Order, int, int | None]:
    """Refund at once where nothing was bought; else ask for a confirmation.

    Where all was delivered, the price of one code is given back, as a loss of the shop.

    Returns the order, the amount in minor units, and the id of the action to confirm or None. `key`
    names the operator's message: a second call with it raises AlreadyDecided. Raises NotFound,
    NotRefundable (nothing is in escrow, or the purchase is being sent), OrderOwnerForgotten,
    CapReached.
    """
    return await shop.store.write(_ask, shop, key, operator_id, order_id, reason)


async def _ask(
    tx: Transaction, shop: Shop, key: str, operator_id: int, order_id: int, reason: str
) -> tuple[Order, int, int | None]:
    order = await _refundable(tx, order_id)
    held = await tx.ledger.balance(ledger.escrow(order.id))
    kind = ActionKind.REFUND if held else ActionKind.COMPENSATION
    held = held or await _price_to_compensate(tx, order)
    await check_cap(tx, shop, operator_id, kind, held)
    must_confirm = (
        kind is ActionKind.COMPENSATION
        or order.state in MAY_ARRIVE
        or needs_confirmation(shop, held)
    )
    action_id = await tx.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=kind,
        target=str(order_id),
        amount_minor=held,
        note=reason,
        done=not must_confirm,
        now=shop.clock.now(),
        before="" if kind is ActionKind.REFUND else str(await tx.ledger.compensated(order.id)),
    )
    if action_id is None:
        raise AlreadyDecided
    if must_confirm:
        return order, held, action_id
    await _refund(tx, shop, order, held, reason)
    return order, held, None


async def _refundable(tx: Transaction, order_id: int) -> Order:
    """The order, locked. Raises NotFound, NotRefundable, OrderOwnerForgotten."""
    order = await tx.lock_order(order_id)
    if is_pseudonym(order.user_id):
        raise OrderOwnerForgotten(order_id)
    if order.state is OrderState.PLACING:  # a call is under way: its answer comes first
        raise NotRefundable(order_id)
    return order


async def _price_to_compensate(tx: Transaction, order: Order) -> int:
    """The price of one delivered code that was not made good yet. Raises NotRefundable."""
    left = await left_to_compensate(tx, order)
    if order.is_open or left < order.unit_price_minor:
        raise NotRefundable(order.id)
    return order.unit_price_minor


async def confirm_refund(shop: Shop, operator_id: int, action_id: int) -> tuple[Order, int]:
    """Carry out a refund that was asked for; returns the order after it, and the amount.

    The order's `due_at` is set where its supplier may still deliver: it is asked about it then. The
    amount is in minor units.

    Raises NotFound, AlreadyDecided, AskedTooLongAgo, NotRefundable, OrderOwnerForgotten,
    CompensationChanged, CapReached.
    """
    return await shop.store.write(_confirm, shop, operator_id, action_id)


async def view_compensated(shop: Shop, order: Order) -> int:
    """Minor units that the shop has borne so far to make codes of an order good."""
    async with shop.store.reading() as tx:
        return await tx.ledger.compensated(order.id)


async def view_asked(shop: Shop, operator_id: int, action_id: int) -> Order:
    """The order that `ask_refund` asked this operator about, as it is now. Raises NotFound."""
    async with shop.store.reading() as tx:
        action = required(await tx.operators.action(action_id, operator_id))
        if action.kind not in _REFUNDS:
            raise NotFound
        return await tx.orders.locked(int(action.target))


async def _confirm(
    tx: Transaction, shop: Shop, operator_id: int, action_id: int
) -> tuple[Order, int]:
    action = required(await tx.operators.action(action_id, operator_id))
    if action.kind not in _REFUNDS:
        raise NotFound
    check_fresh(shop, action)
    order = await _refundable(tx, int(action.target))
    if action.kind is ActionKind.COMPENSATION:
        return await _compensate(tx, shop, order, action), action.amount_minor
    held = await tx.ledger.balance(ledger.escrow(order.id))
    if not held:
        raise NotRefundable(order.id)
    await check_cap(tx, shop, operator_id, ActionKind.REFUND, held)
    await tx.operators.decide(action_id, shop.clock.now(), amount_minor=held)
    await _refund(tx, shop, order, held, action.note)
    return await tx.orders.locked(order.id), held


async def _compensate(tx: Transaction, shop: Shop, order: Order, action: OperatorAction) -> Order:
    compensated = await tx.ledger.compensated(order.id)
    if str(compensated) != action.before:  # two may have asked about one bad code
        raise CompensationChanged(order.id, compensated)
    await _price_to_compensate(tx, order)
    await check_cap(tx, shop, action.operator_id, action.kind, action.amount_minor)
    now = shop.clock.now()
    key, amount = f"compensation:{action.id}", action.amount_minor
    await tx.operators.decide(action.id, now, amount_minor=amount)
    posting = ledger.compensate(key, order.id, order.user_id, amount, action.note)
    await tx.ledger.post(posting, now, f"operator:{action.operator_id}")
    await tell_credited(tx, shop, key, order.user_id, amount, action.note)
    return order


def _is_ours(shop: Shop, order: Order) -> bool:
    """Whether the shop sells it from its own stock, which takes back what the order did not get."""
    supplier = shop.suppliers.get(order.supplier)
    return supplier is not None and not supplier.policy.has_account


async def _refund(tx: Transaction, shop: Shop, order: Order, held: int, reason: str) -> None:
    if order.is_open:
        await end_and_refund(
            tx, shop, order, OrderEvent.RELEASE, ReturnReason.OPERATOR, note=reason
        )
        was_sent = order.state in MAY_ARRIVE and (order.supplier_order_id or order.sent_at)
        if was_sent and not _is_ours(shop, order):
            now = shop.clock.now()
            ended = await tx.orders.locked(order.id)
            await tx.orders.update(ended, due_at=next_look(shop, now))
        return
    # Some codes were delivered, and money stayed in escrow: the supplier's figures disagreed.
    now = shop.clock.now()
    posting = ledger.release_escrow(
        order.id, order.user_id, held, key=f"return:{order.id}:held", note=reason
    )
    await tx.ledger.post(posting, now, "operator")
    await tx.orders.update(
        order,
        returned_minor=order.returned_minor + held,
        return_reason=ReturnReason.OPERATOR,
        attention=None,
    )
    paid = await pay_waiting_orders(tx, shop, order.user_id)
    await notify_result(tx, shop, order, again=":held", paid=paid)
