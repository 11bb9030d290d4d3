"""Price rules of values that a supplier lists no more: operators are told when prices are fetched."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.pricing import Markup, MarkupScope, ValuePrice
from bot.domain.supplier import ProductOffer
from bot.services.catalogue.refresh import save_offer
from storage.tables import alerts
from tests.harness import ShopHarness
from tests.integration.markup_steps import set_markup
from tests.integration.readings import rows

PRICES = [ValuePrice(fixed_minor=500_000), ValuePrice(floor_minor=500_000)]


async def offered(harness: ShopHarness, product: int) -> ProductOffer:
    """What the supplier says of a product now."""
    known = harness.shop.shelf.product(product)
    harness.clock.pass_time(120)
    return await harness.shop.suppliers[known.supplier].product(known.supplier_product_id)


def without(offer: ProductOffer, *labels: str) -> ProductOffer:
    left = tuple(one for one in offer.denominations if one.label not in labels)
    return replace(offer, denominations=left)


async def open_alerts(harness: ShopHarness) -> list[str]:
    return [a.key for a in await rows(harness, alerts) if a.closed_at is None]


@pytest.mark.parametrize("said", PRICES)
async def test_a_value_that_leaves_with_its_price_is_told_once(harness: ShopHarness, said):
    value = await harness.denomination()
    product = harness.shop.shelf.denomination(value).product_id
    await harness.store.write(lambda tx: tx.prices.set_value(value, said))

    for _ in range(2):
        offer = await offered(harness, product)
        await save_offer(harness.shop, product, without(offer, "10 $"))
        await harness.round()

    (alert,) = harness.sender.alerts(AlertKind.RULES_LOST)
    assert (alert["supplier"], alert["rules"]) == ("oneclickdz", f"d{value}")

    await save_offer(harness.shop, product, await offered(harness, product))

    assert await open_alerts(harness) == []


async def test_a_second_value_that_leaves_is_told_with_the_first(harness: ShopHarness):
    first, second = await harness.denomination(), await harness.denomination(label="25 $")
    product = harness.shop.shelf.denomination(first).product_id
    await set_markup(harness, (MarkupScope.DENOMINATION, first), Markup(Decimal(40)))
    await harness.store.write(lambda tx: tx.prices.set_value(second, PRICES[0]))

    for labels in (["10 $"], ["10 $", "25 $"], ["25 $"]):
        offer = await offered(harness, product)
        await save_offer(harness.shop, product, without(offer, *labels))
        await harness.round()

    told = [alert["rules"] for alert in harness.sender.alerts(AlertKind.RULES_LOST)]
    assert told == [f"d{first}", f"d{first}, d{second}"]
    assert await open_alerts(harness) == ["rules_lost:oneclickdz"]  # of the second


async def test_values_without_a_price_of_their_own_leave_quietly(harness: ShopHarness):
    value = await harness.denomination()
    product = harness.shop.shelf.denomination(value).product_id
    await set_markup(harness, (MarkupScope.PRODUCT, product), Markup(Decimal(40)))
    await harness.store.write(lambda tx: tx.prices.set_value(value, PRICES[0]))

    offer = await offered(harness, product)
    await save_offer(harness.shop, product, without(offer, "25 $", "50 $"))
    await save_offer(harness.shop, product, replace(offer, denominations=(), only="t"))

    assert await open_alerts(harness) == []
