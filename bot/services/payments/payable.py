"""Whether an order that waits for money could be bought with it now."""

from bot.domain.orders import Order, OrderState
from bot.refusals import NotFound, required
from bot.services.selling.pauses import check_order_open
from bot.services.shop import Shop
from bot.services.wallet.unpaid_orders import unpaid_ended_by
from storage.transaction import Transaction


async def check_payable(tx: Transaction, shop: Shop, order: Order) -> None:
    """Check that the order still waits, and can still be bought for its price.

    Money for one that cannot would only come into the wallet, and from a card it does not go back.
    Raises SellingPaused, NotFound.
    """
    await check_order_open(tx, shop, order)
    if order.state is not OrderState.AWAITING_PAYMENT:
        raise NotFound
    if order.due_at is not None and order.due_at <= unpaid_ended_by(shop):
        raise NotFound
    # Also of what was hidden since: the order was made before, and goes on.
    denomination = required(shop.shelf.on_sale(order.denomination_id))
    is_in_stock = denomination.stock >= order.quantity
    if not is_in_stock or denomination.cost_minor > order.highest_cost_minor:
        raise NotFound
