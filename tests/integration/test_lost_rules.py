"""Price rules of values that a supplier lists no more: operators are told once they stay away."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.pricing import Markup, MarkupScope, ValuePrice
from bot.domain.supplier import ProductOffer
from bot.services.catalogue.refresh import save_offer
from storage.tables import alerts
from tests.harness import ShopHarness
from tests.integration.markup_steps import set_markup
from tests.integration.readings import rows

A_DAY = 24 * 3600
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


async def said_of(harness: ShopHarness, said: ValuePrice) -> tuple[int, int]:
    """A value with a price of its own, and its product."""
    value = await harness.denomination()
    await harness.store.write(lambda tx: tx.prices.set_value(value, said))
    return value, harness.shop.shelf.denomination(value).product_id


async def leave_out(harness: ShopHarness, product: int, *labels: str, **changes: Any) -> None:
    offer = without(await offered(harness, product), *labels)
    await save_offer(harness.shop, product, replace(offer, **changes))
    await harness.round()


def told(harness: ShopHarness) -> list[str]:
    return [alert["rules"] for alert in harness.sender.alerts(AlertKind.RULES_LOST)]


@pytest.mark.parametrize("said", PRICES)
async def test_a_value_that_stays_away_for_a_day_is_told_of_once(harness: ShopHarness, said):
    value, product = await said_of(harness, said)

    await leave_out(harness, product, "10 $")
    harness.clock.pass_time(A_DAY - 300)
    await leave_out(harness, product, "10 $")
    assert told(harness) == []
    for _ in range(2):
        harness.clock.pass_time(A_DAY)
        await leave_out(harness, product, "10 $")

    (alert,) = harness.sender.alerts(AlertKind.RULES_LOST)
    assert (alert["supplier"], alert["rules"]) == ("oneclickdz", f"d{value}")

    await save_offer(harness.shop, product, await offered(harness, product))

    assert await open_alerts(harness) == []
    await leave_out(harness, product, "10 $")  # a new day begins
    assert await open_alerts(harness) == []


async def test_a_value_that_comes_and_goes_is_not_told_of(harness: ShopHarness):
    _, product = await said_of(harness, PRICES[0])

    for _ in range(6):
        await leave_out(harness, product, "10 $")
        harness.clock.pass_time(A_DAY // 3)
        await leave_out(harness, product)

    assert told(harness) == []
    assert await open_alerts(harness) == []


@pytest.mark.parametrize("changes", [{"complete": False}, {"denominations": ()}])
async def test_an_answer_that_misses_more_tells_of_no_value(harness: ShopHarness, changes):
    value, product = await said_of(harness, PRICES[0])

    for _ in range(3):
        await leave_out(harness, product, "10 $", **changes)
        harness.clock.pass_time(A_DAY)
    await leave_out(harness, product, "10 $")
    for _ in range(2):
        harness.clock.pass_time(A_DAY)
        await leave_out(harness, product, "10 $", **changes)
    assert told(harness) == []

    await leave_out(harness, product, "10 $")

    assert told(harness) == [f"d{value}"]


async def test_a_second_value_that_stays_away_is_told_with_the_first(harness: ShopHarness):
    first, second = await harness.denomination(), await harness.denomination(label="25 $")
    product = harness.shop.shelf.denomination(first).product_id
    await set_markup(harness, (MarkupScope.DENOMINATION, first), Markup(Decimal(40)))
    await harness.store.write(lambda tx: tx.prices.set_value(second, PRICES[0]))

    for labels in (["10 $"], ["10 $", "25 $"], ["10 $", "25 $"], ["25 $"]):
        await leave_out(harness, product, *labels)
        harness.clock.pass_time(A_DAY)

    assert told(harness) == [f"d{first}", f"d{first}, d{second}"]
    assert await open_alerts(harness) == ["rules_lost:oneclickdz"]  # of the second


async def test_values_without_a_price_of_their_own_leave_quietly(harness: ShopHarness):
    _, product = await said_of(harness, PRICES[0])
    await set_markup(harness, (MarkupScope.PRODUCT, product), Markup(Decimal(40)))

    for _ in range(2):
        await leave_out(harness, product, "25 $", "50 $")
        await leave_out(harness, product, denominations=(), only="t")
        harness.clock.pass_time(A_DAY)

    assert await open_alerts(harness) == []
