"""Orders that were delivered, and what keeps their product from being bought again."""

from bot.domain.orders import Order
from bot.domain.records import PauseReason
from bot.services.selling.pauses import pause_selling
from tests.harness import ShopHarness


async def delivered(shop: ShopHarness, quantity: int = 3, **which: str) -> Order:
    await shop.customer(1, dinars=90_000)
    order = await shop.buy(1, quantity, **which)
    await shop.run(30)
    order = await shop.order(order.id)
    assert order.delivered_quantity == quantity
    shop.clock.pass_time(3600)
    return order


async def orders_of(shop: ShopHarness, user_id: int = 1) -> int:
    async with shop.store.reading() as tx:
        return (await tx.orders.page(user_id, 0, 1))[1]


async def hidden(shop: ShopHarness, order: Order) -> None:
    product = shop.shop.shelf.product(order.product_id)
    title = shop.shop.shelf.category(product.category_id).title.casefold()
    shop.set_policy(hidden_categories=frozenset({title}))
    await shop.reload()


async def paused(shop: ShopHarness, _: Order) -> None:
    await shop.store.write(pause_selling, shop.shop, PauseReason.AUDIT)
