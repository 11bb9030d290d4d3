"""Who sets prices, how, and at which cost."""

from bot.domain.pricing import MarkupScope, ValuePrice
from bot.services.catalogue.price_changes import Editor, change_rules
from bot.services.catalogue.refresh import load_shelf
from bot.services.shop import Shop
from tests.harness import OPERATOR

OWNER, MANAGER = Editor(OPERATOR, "o"), Editor(901, "m")


async def say_of(shop: Shop, value: int, said: ValuePrice, editor: Editor = OWNER) -> None:
    """Put this about one value's price in place of what was said before."""

    async def work(tx):
        await tx.prices.lock()
        rules = await tx.prices.rules()
        key = MarkupScope.PRODUCT, shop.shelf.denomination(value).product_id
        before = rules.of(key, [value])
        await change_rules(tx, shop, editor, key, before, before.with_value(value, said))

    await shop.store.write(work)
    await load_shelf(shop)


async def cost_is(shop: Shop, value: int, minor: int) -> None:
    """As if the supplier had said so."""
    await shop.store.run_sync(
        lambda db: db.exec_driver_sql(
            f"UPDATE catalogue_denominations SET cost_minor = {minor} WHERE id = {value}"
        )
    )
    await load_shelf(shop)
