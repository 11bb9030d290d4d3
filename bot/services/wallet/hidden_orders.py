"""Orders that wait for money, of what operators have hidden: they go on unless an operator cancels them."""

from bot.domain.actions import ActionKind
from bot.domain.curation import CurationScope, Subject
from bot.domain.orders import Order, OrderState
from bot.refusals import NotFound
from bot.services.shop import Shop
from bot.services.wallet.unpaid_orders import close_unpaid
from storage.transaction import Transaction


async def count_hidden_orders(shop: Shop, subject: Subject) -> int:
    """How many orders of this product, or category, wait for money."""
    async with shop.store.reading() as tx:
        return len(await _waiting(tx, shop, subject))


async def _waiting(tx: Transaction, shop: Shop, subject: Subject) -> list[int]:
    found = await tx.orders.in_state(OrderState.AWAITING_PAYMENT)
    return [order.id for order in found if _is_of(shop, order, subject)]


def _is_of(shop: Shop, order: Order, subject: Subject) -> bool:
    """Whether it was ordered by this product's names, or by those of a product of this category."""
    if subject.scope is CurationScope.PRODUCT:
        return str(order.product_id) == subject.target
    product = shop.shelf.known.get(order.product_id)
    return product is not None and shop.shelf.placing(product).category == subject.target


async def cancel_hidden_orders(shop: Shop, subject: Subject, *, key: str, operator_id: int) -> int:
    """Cancel the orders that wait for money, tell their customers, and return how many there were.

    Each in a transaction of its own, with an action. Nothing is done while the product, or category, is shown:
    raises NotFound then. A second call finds none.
    """
    async with shop.store.reading() as tx:
        if not (await tx.curation.marks(subject)).hidden:
            raise NotFound
        waiting = await _waiting(tx, shop, subject)
    done = 0
    for order_id in waiting:
        done += await shop.store.write(_cancel, shop, subject, order_id, key, operator_id)
    return done


async def _cancel(
    tx: Transaction, shop: Shop, subject: Subject, order_id: int, key: str, operator_id: int
) -> bool:
    order = await tx.lock_order(order_id)
    hidden = (await tx.curation.marks(subject)).hidden
    if order.state is not OrderState.AWAITING_PAYMENT or not hidden:
        return False
    await close_unpaid(tx, shop, order)
    await tx.operators.add_action(
        key=f"{key}:{order_id}",
        operator_id=operator_id,
        kind=ActionKind.CURATION,
        target=f"#{order_id}",
        note="order",
        now=shop.clock.now(),
        before="waiting",
        after="cancelled",
    )
    return True
