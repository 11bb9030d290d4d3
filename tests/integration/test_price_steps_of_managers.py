"""What managers may move of a price in a day."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.pricing import Markup, MarkupScope, ValuePrice
from bot.domain.supplier import OfferedCategory
from bot.refusals import PriceMoveTooLarge
from bot.services.catalogue import browse, price_tables
from bot.services.catalogue.links import find_products, link_products
from bot.services.catalogue.markups import set_markup
from bot.services.catalogue.price_list import list_below
from bot.services.catalogue.refresh import refresh_product
from bot.services.catalogue.values import choose_value
from storage.tables import categories, operator_actions, price_moves
from tests.harness import OPERATOR, ShopHarness
from tests.integration.price_rule_steps import MANAGER, OWNER, cost_is, say_of
from tests.integration.readings import rows
from tests.vouchers import VoucherHarness


async def test_managers_share_what_a_price_may_move_in_a_day(harness: ShopHarness):
    shop, value = harness.shop, await harness.denomination()
    key = MarkupScope.PRODUCT, shop.shelf.denomination(value).product_id
    harness.set_policy(manager_price_step=10)
    other = replace(MANAGER, operator_id=902)
    await set_markup(shop, key, Markup(Decimal(17)), replace(MANAGER, key="1"))

    with pytest.raises(PriceMoveTooLarge):
        await set_markup(shop, key, Markup(Decimal(25)), replace(other, key="2"))
    await set_markup(shop, key, Markup(Decimal(8)), replace(other, key="3"))
    moved = {row.denomination_id: row.moved for row in await rows(harness, price_moves)}
    assert abs(moved[value] - 1_000_000) < 20_000  # nearly where it was
    await set_markup(shop, key, Markup(Decimal(90)), replace(OWNER, key="4"))
    await set_markup(shop, key, Markup(Decimal(100)), replace(MANAGER, key="5"))
    with pytest.raises(PriceMoveTooLarge):
        await set_markup(shop, key, Markup(Decimal(110)), replace(MANAGER, key="6"))

    assert len(await rows(harness, operator_actions)) == 4  # what was refused left no action
    harness.clock.pass_time(timedelta(days=1).total_seconds())
    await set_markup(shop, key, Markup(Decimal(110)), replace(MANAGER, key="7"))


async def test_managers_are_held_to_the_step_at_the_cost_of_what_is_sold(
    two_suppliers: VoucherHarness,
):
    """A price that stays the same at the cost of the primary, while an order takes its alias."""
    shop = two_suppliers.shop
    (mine,) = [p for p in find_products(shop, "PlayStation") if p.title == "PlayStation USA"]
    (theirs,) = find_products(shop, "PlayStation Store")
    await link_products(shop, mine.id, theirs.id, key="k", operator_id=OPERATOR)
    value = next(one for one in shop.shelf.of_product(mine.id) if one.label == "25 $")
    (alias,) = [one for one in shop.shelf.linked(value) if one.id != value.id]
    await cost_is(shop, alias.id, value.cost_minor // 2)
    same = browse.price_of(shop, value)

    with pytest.raises(PriceMoveTooLarge):
        await say_of(shop, value.id, ValuePrice(floor_minor=same), MANAGER)
    await cost_is(shop, alias.id, value.cost_minor)
    await say_of(shop, value.id, ValuePrice(floor_minor=same), MANAGER)

    assert await rows(two_suppliers, price_moves) == []


async def test_a_manager_who_may_move_no_price_may_still_use_what_changes_none(
    harness: ShopHarness,
):
    shop, value = harness.shop, await harness.denomination()
    harness.set_policy(manager_price_step=0)
    key = MarkupScope.DENOMINATION, value

    await set_markup(shop, key, Markup(Decimal(8)), MANAGER)  # as the shop's

    assert await rows(harness, price_moves) == []
    with pytest.raises(PriceMoveTooLarge):
        await set_markup(shop, key, Markup(Decimal(50)), replace(MANAGER, key="2"))


@pytest.mark.parametrize("scope", [MarkupScope.CATEGORY, MarkupScope.PRODUCT])
async def test_a_manager_is_held_to_the_step_before_values_are_fetched(harness: ShopHarness, scope):
    shop = harness.shop
    harness.set_policy(manager_price_step=10)
    product = next(one for one in shop.shelf.products.values() if one.priced_at is None)
    key = scope, product.category_id if scope is MarkupScope.CATEGORY else product.id

    with pytest.raises(PriceMoveTooLarge):
        await set_markup(shop, key, Markup(Decimal(900)), MANAGER)
    await set_markup(shop, key, Markup(Decimal(17)), replace(MANAGER, key="2"))

    assert shop.shelf.rules.markups == {key: Markup(Decimal(17))}


async def test_a_manager_is_held_to_the_step_in_a_category_without_products(harness: ShopHarness):
    shop = harness.shop
    offered = [OfferedCategory("Empty", ())]
    await harness.store.write(
        lambda tx: tx.catalogue.replace("another", offered, harness.clock.now())
    )
    (empty,) = [one.id for one in await rows(harness, categories) if one.title == "Empty"]

    with pytest.raises(PriceMoveTooLarge):
        await set_markup(shop, (MarkupScope.CATEGORY, empty), Markup(Decimal(900)), MANAGER)


async def test_values_that_customers_type_have_rows_and_are_measured(
    voucher_harness: VoucherHarness,
):
    shop = voucher_harness.shop
    product = browse.search_products(shop, "Amazon.de")[0]
    key = MarkupScope.PRODUCT, product.id
    await refresh_product(shop, product.id)
    (span,) = shop.shelf.of_product(product.id)
    assert (await price_tables.open_table(shop, key, OPERATOR)).rows == []
    with pytest.raises(PriceMoveTooLarge):  # at the cost of an example
        await set_markup(shop, key, Markup(Decimal(90)), MANAGER)

    await choose_value(shop, span.id, 3700)

    table = await price_tables.open_table(shop, key, OPERATOR)
    assert [(row.name, row.cost_minor) for row in table.rows] == [("37 EUR", 941_738)]
    assert product.id not in {one.product.id for one in list_below(shop, Decimal(60)).values}
