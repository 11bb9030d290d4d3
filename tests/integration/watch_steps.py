"""A value that is sold out, customers who wait for it, looks of the sweep, and who was told."""

from bot.domain.jobs import Job
from bot.services.catalogue.refresh import refresh_product
from bot.services.messaging.customers import ensure_customer
from bot.services.operations.watches import Watching, watch_value
from tests.harness import ShopHarness

LOOK = 600  # seconds from one look at a product to the next


async def sold_out(shop: ShopHarness, title: str = "PlayStation USA", label: str = "10 $") -> int:
    """The id of a value that is sold out from now on."""
    value = await shop.denomination(title, label)
    shop.kind(title, label).quantity = 0
    await refresh_product(shop.shop, shop.shop.shelf.denomination(value).product_id)
    return value


async def waiting(shop: ShopHarness, people: int = 1) -> int:
    """A value that is sold out, and for which so many people wait, the lowest id first."""
    value = await sold_out(shop)
    for user_id in range(1, people + 1):
        await ensure_customer(shop.shop, user_id, "en")
        assert await watch_value(shop.shop, user_id, value) is Watching.ON
        shop.clock.pass_time(1)
    shop.leave_out(Job.SILENCE, Job.BALANCE, Job.WATCH, Job.PLACE, Job.REMINDERS)
    return value


def told(shop: ShopHarness) -> list[int]:
    return [s.user_id for s in shop.sender.sent if s.kind == "back"]


async def looks(shop: ShopHarness, *stocks: int) -> None:
    """So many looks; before each the supplier has so many codes."""
    for stock in stocks:
        shop.kind().quantity = stock
        await shop.run(LOOK + 1)
