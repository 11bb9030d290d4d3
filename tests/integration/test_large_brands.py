"""A brand of ten thousand products costs a press no more than what its screen shows."""

import pytest

from bot.domain.catalogue import Category, Denomination, Product
from bot.domain.pauses import Closed
from bot.domain.price_rules import PriceRules
from bot.services.catalogue import browse, shelves
from bot.services.catalogue.browse import State, entry_of, state_of
from tests.fakes import START
from tests.harness import ShopHarness

_PRODUCTS = 10_000


@pytest.fixture
def built(harness: ShopHarness, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of the products for which a whole entry, with prices, was built."""
    ids: list[int] = []

    def counting(shop, product, closed):
        ids.append(product.id)
        return entry_of(shop, product, closed)

    monkeypatch.setattr(browse, "entry_of", counting)
    monkeypatch.setattr(shelves, "entry_of", counting)
    return ids


def _fill(harness: ShopHarness, stocks: list[int], priced: bool = True) -> str:
    """One brand with a product for each number in stock; returns its key."""
    shop, supplier = harness.shop, next(iter(harness.shop.suppliers))
    at = START if priced else None
    products = [
        Product(i, 1, supplier, f"s{i}", f"Zzyx thing {i}", "", True, at)
        for i in range(1, len(stocks) + 1)
    ]
    values = [
        Denomination(i, i, f"t{i}", "10 USD", 100, stock) for i, stock in enumerate(stocks, 1)
    ]
    shop.shelf.fill(
        [Category(1, "Deals")], products, values, {}, PriceRules(), frozenset(), (supplier,)
    )
    return next(iter(shop.shelf.tree.brands))


async def test_a_page_of_a_large_brand_builds_only_what_it_shows(harness: ShopHarness, built):
    key = _fill(harness, [0, *[5] * (_PRODUCTS - 1)])
    page = shelves.list_brand(harness.shop, key)
    assert page.pages == _PRODUCTS // browse.PAGE
    assert [entry.product.id for entry in page.products] == built == [*range(2, 10)]
    built.clear()
    last = shelves.list_brand(harness.shop, key, page.pages)
    assert [entry.product.id for entry in last.products] == built == [*range(9994, 10001), 1]


async def test_a_sold_out_product_of_a_large_brand_builds_three_others(harness: ShopHarness, built):
    _fill(harness, [0, 0, *[5] * (_PRODUCTS - 2)])
    view = browse.view_product(harness.shop, 1)
    assert view.state is State.SOLD_OUT
    assert [entry.product.id for entry in view.others] == built == [3, 4, 5]


async def test_a_search_in_a_large_brand_builds_only_what_it_shows(harness: ShopHarness, built):
    _fill(harness, [5] * _PRODUCTS)
    assert shelves.view_search(harness.shop, "zzyx thing").hits
    assert len(built) <= browse.PAGE


@pytest.mark.parametrize("priced", [True, False])
@pytest.mark.parametrize("is_closed", [True, False])
async def test_the_cheap_state_is_that_of_the_entry(harness: ShopHarness, priced, is_closed):
    _fill(harness, [0, 5], priced)
    shop = harness.shop
    closed = Closed(frozenset(shop.suppliers) if is_closed else frozenset())
    products = list(shop.shelf.products.values())
    assert [state_of(shop, one, closed) for one in products] == [
        entry_of(shop, one, closed).state for one in products
    ]
