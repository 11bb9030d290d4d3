"""Browsing the shelf: pages, prices and how old they are, what can be bought."""

from dataclasses import replace

import pytest

from bot.domain.catalogue import Category, Product
from bot.domain.price_rules import PriceRules
from bot.refusals import SoldOut, required
from bot.services.catalogue import browse
from bot.services.catalogue.browse import (
    Place,
    exists,
    list_products,
    view_product,
    view_quantities,
)
from bot.services.catalogue.refresh import refresh_product
from tests.harness import ShopHarness


async def test_categories_are_shown_page_by_page(harness: ShopHarness):
    shelf = harness.shop.shelf
    assert browse.list_categories(harness.shop) == list(shelf.categories.values())
    category = Category(900, "Wide")
    other = Product(1999, 901, "s", "x", "Elsewhere", "", enabled=True, priced_at=None)
    products = [
        Product(1000 + n, 900, "s", f"p{n}", f"P{n}", "", enabled=True, priced_at=None)
        for n in range(browse.PAGE + 1)
    ]
    shelf.fill(
        [category, Category(901, "Else")],
        [*products, other],
        [],
        {},
        PriceRules(),
        frozenset(),
        {"s"},
    )
    first = browse.list_products(harness.shop, 900)
    assert (first.category, first.number, first.pages) == (category, 0, 2)
    assert [each.product for each in first.products] == products[: browse.PAGE]
    last = browse.list_products(harness.shop, 900, 7)
    assert (last.number, last.products[0].product) == (1, products[-1])
    assert browse.list_products(harness.shop, 900, -1).number == 0
    assert browse.list_products(harness.shop, 901).pages == 1
    view = browse.view_product(harness.shop, 1000)
    assert (view.product, view.offers, view.stale) == (products[0], None, True)
    assert view.place == Place("other", "c900", "Wide", 2, browse.PAGE + 1)
    assert browse.exists(harness.shop, category_id=900)
    assert not browse.exists(harness.shop, category_id=5)


async def test_a_product_with_prices_shows_them_until_they_are_old(harness: ShopHarness):
    value = await harness.denomination()
    product_id = harness.shop.shelf.denomination(value).product_id
    view = browse.view_product(harness.shop, product_id)
    assert value in {offer.denomination_id for offer in required(view.offers)}
    assert not view.stale
    harness.clock.pass_time(60)
    assert browse.view_product(harness.shop, product_id).stale


async def test_products_and_categories_exist_or_do_not_and_pages_are_bounded(harness: ShopHarness):
    value = await harness.denomination()
    product = harness.shop.shelf.denomination(value).product_id
    harness.kind().quantity = 0
    harness.clock.pass_time(61)
    assert view_product(harness.shop, product).stale

    await refresh_product(harness.shop, product)

    with pytest.raises(SoldOut):
        view_quantities(harness.shop, value)
    assert exists(harness.shop, product_id=product)
    assert not exists(harness.shop, product_id=10**6)
    assert not exists(harness.shop, category_id=10**6)
    category = harness.shop.shelf.product(product).category_id
    assert (
        list_products(harness.shop, category, 99).number
        == list_products(harness.shop, category).pages - 1
    )


@pytest.mark.parametrize(
    ("stock", "cost", "left"), [(0, 5, 0), (2, 5, 0), (3, 5, 0), (4, 5, 1), (9, 0, 0), (9, 5, 6)]
)
async def test_a_reserve_stays_in_stock(harness: ShopHarness, stock, cost, left):
    harness.set_policy(stock_reserve=3)
    value = harness.shop.shelf.denomination(await harness.denomination())
    assert browse.stock_of(harness.shop, replace(value, stock=stock, cost_minor=cost)) == left
