"""What one look at things leaves to the next: counts, places in a list, and whose turn comes after."""

from dataclasses import replace

import pytest

from bot.services.catalogue import browse
from tests.harness import ShopHarness

# --- looks at many orders ---------------------------------------------------------------------------


# --- money and waiting ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stock", "cost", "left"), [(0, 5, 0), (2, 5, 0), (3, 5, 0), (4, 5, 1), (9, 0, 0), (9, 5, 6)]
)
async def test_a_reserve_stays_in_stock(harness: ShopHarness, stock, cost, left):
    harness.set_policy(stock_reserve=3)
    value = harness.shop.shelf.denomination(await harness.denomination())
    assert browse.stock_of(harness.shop, replace(value, stock=stock, cost_minor=cost)) == left
