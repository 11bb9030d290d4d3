"""Fixed and lowest prices: one rule on every way to a price, one alert for each crossing."""

from dataclasses import replace
from decimal import Decimal
from unittest.mock import AsyncMock

import pytest

from bot.domain.pricing import Markup, MarkupScope, ValuePrice
from bot.refusals import AlreadyDecided, NotFound
from bot.services.catalogue import browse, price_tables, price_watch
from bot.services.catalogue.links import find_products, link_products
from bot.services.catalogue.markups import set_markup
from bot.services.catalogue.price_list import list_below
from bot.services.catalogue.price_watch import PriceWatch
from bot.services.catalogue.refresh import load_shelf
from bot.services.orders.quote import make_quote
from storage.tables import alerts
from tests.harness import OPERATOR, ShopHarness
from tests.integration.price_rule_steps import OWNER, cost_is, say_of
from tests.integration.readings import rows
from tests.vouchers import VoucherHarness


async def open_alerts(harness: ShopHarness) -> list[str]:
    return [a.key for a in await rows(harness, alerts) if a.closed_at is None]


async def test_every_way_to_a_price_asks_the_same_rule(harness: ShopHarness):
    shop, value = harness.shop, await harness.denomination()
    await harness.customer(5, dinars=90_000)
    known = shop.shelf.denomination(value)
    wanted = known.cost_minor * 2 // 1000 * 1000

    await say_of(shop, value, ValuePrice(fixed_minor=wanted))

    assert browse.price_of(shop, shop.shelf.denomination(value)) == wanted
    view = browse.view_product(shop, known.product_id)
    assert wanted in [offer.price_minor for offer in view.offers or ()]
    quote = (await make_quote(shop, 5, value, 1)).quote
    assert quote.unit_price_minor == wanted
    assert quote.highest_cost_minor == wanted - shop.policy.pricing.minimum_margin_minor

    await say_of(shop, value, ValuePrice(fixed_minor=100, floor_minor=known.cost_minor * 3))
    assert browse.price_of(shop, shop.shelf.denomination(value)) >= known.cost_minor * 3


async def test_a_linked_value_is_sold_at_the_fixed_price_of_its_primary(
    two_suppliers: VoucherHarness,
):
    shop = two_suppliers.shop
    await two_suppliers.customer(5, dinars=90_000)
    (mine,) = [p for p in find_products(shop, "PlayStation") if p.title == "PlayStation USA"]
    (theirs,) = find_products(shop, "PlayStation Store")
    await link_products(shop, mine.id, theirs.id, key="k", operator_id=OPERATOR)
    value = next(one for one in shop.shelf.of_product(mine.id) if one.label == "25 $")
    fixed = max(one.cost_minor for one in shop.shelf.linked(value)) * 2 // 1000 * 1000
    alias = next(one for one in shop.shelf.linked(value) if one.id != value.id)

    await say_of(shop, value.id, ValuePrice(fixed_minor=fixed))
    await say_of(shop, alias.id, ValuePrice(fixed_minor=fixed * 2))  # nobody sees the alias

    assert {browse.price_of(shop, one) for one in shop.shelf.linked(value)} == {fixed}
    assert (await make_quote(shop, 5, alias.id, 1)).quote.unit_price_minor == fixed
    assert [one.id for one in shop.shelf.fixed()] == [value.id]
    table = await price_tables.open_table(shop, (MarkupScope.PRODUCT, theirs.id), OPERATOR)
    assert table.key == (MarkupScope.PRODUCT, mine.id)


async def test_one_alert_tells_of_each_crossing(harness: ShopHarness):
    shop, value = harness.shop, await harness.denomination()
    cost, watch = shop.shelf.denomination(value).cost_minor, PriceWatch(shop)
    key = f"fixed_below_cost:{value}"
    await say_of(shop, value, ValuePrice(fixed_minor=cost * 2))
    await watch.check()
    assert await open_alerts(harness) == []

    await cost_is(shop, value, cost * 3)
    for _ in range(3):
        await watch.check()
    await PriceWatch(shop).check()  # after a restart

    (alert,) = await rows(harness, alerts)
    assert (alert.key, alert.kind, alert.times, alert.closed_at) == (
        key,
        "fixed_below_cost",
        1,
        None,
    )
    assert browse.price_of(shop, shop.shelf.denomination(value)) > cost * 3

    await cost_is(shop, value, cost)
    await watch.check()
    assert await open_alerts(harness) == []
    await cost_is(shop, value, cost * 3)
    await watch.check()
    assert await open_alerts(harness) == [key]
    assert (await rows(harness, alerts))[0].times == 2

    await say_of(shop, value, ValuePrice())
    assert await open_alerts(harness) == []
    await watch.check()
    assert await open_alerts(harness) == []


@pytest.mark.parametrize("restarted", [False, True])
async def test_an_alert_is_closed_when_its_value_leaves_the_shelf(harness: ShopHarness, restarted):
    shop, value = harness.shop, await harness.denomination()
    watch = PriceWatch(shop)
    await say_of(shop, value, ValuePrice(fixed_minor=100))
    await watch.check()
    assert len(await open_alerts(harness)) == 1

    await shop.store.run_sync(
        lambda db: db.exec_driver_sql("UPDATE catalogue_products SET enabled = false")
    )
    await load_shelf(shop)
    await (PriceWatch(shop) if restarted else watch).check()

    assert await open_alerts(harness) == []


async def test_a_fixed_price_that_was_removed_and_set_again_is_told_of_again(harness: ShopHarness):
    shop, value = harness.shop, await harness.denomination()
    watch = PriceWatch(shop)
    await say_of(shop, value, ValuePrice(fixed_minor=100))
    await watch.check()

    await say_of(shop, value, ValuePrice())
    await say_of(shop, value, ValuePrice(fixed_minor=100))
    await watch.check()

    assert await open_alerts(harness) == [f"fixed_below_cost:{value}"]


async def test_a_fixed_price_that_is_removed_during_a_look_opens_no_alert(
    harness: ShopHarness, monkeypatch
):
    shop, value = harness.shop, await harness.denomination()
    await say_of(shop, value, ValuePrice(fixed_minor=100))
    await harness.store.write(lambda tx: tx.prices.set_value(value, ValuePrice()))

    with monkeypatch.context() as patch:
        patch.setattr(price_watch, "load_shelf", AsyncMock())  # the shelf was loaded just before
        await PriceWatch(shop).check()

    assert await open_alerts(harness) == []


async def test_a_look_that_finds_nothing_new_writes_nothing(harness: ShopHarness, monkeypatch):
    shop, value = harness.shop, await harness.denomination()
    await say_of(shop, value, ValuePrice(fixed_minor=100))
    await PriceWatch(shop).check()
    monkeypatch.setattr(harness.store, "write", None)

    await PriceWatch(shop).check()


async def test_rules_that_a_command_changed_are_seen(harness: ShopHarness):
    shop, value = harness.shop, await harness.denomination()
    product = shop.shelf.denomination(value).product_id
    await harness.store.write(
        lambda tx: tx.prices.set_markup((MarkupScope.PRODUCT, product), Markup(Decimal(50)))
    )
    before = browse.price_of(shop, shop.shelf.denomination(value))

    await PriceWatch(shop).check()

    assert browse.price_of(shop, shop.shelf.denomination(value)) > before


async def test_the_smallest_margins_come_first(harness: ShopHarness):
    shop, value = harness.shop, await harness.denomination()
    await say_of(shop, value, ValuePrice(fixed_minor=100))

    page = list_below(shop, Decimal(60))

    assert page.values[0].label == shop.shelf.denomination(value).label
    assert [one.percent for one in page.values] == sorted(one.percent for one in page.values)
    assert page.count == len(page.values)
    assert list_below(shop, Decimal(60), 99).number == page.pages - 1
    assert list_below(shop, Decimal(0)).count == 0  # nothing is sold at a loss


async def test_what_has_no_cost_earns_neither_little_nor_much(harness: ShopHarness):
    shop, value = harness.shop, await harness.denomination()
    label = shop.shelf.denomination(value).label
    assert label in {one.label for one in list_below(shop, Decimal(60)).values}

    await cost_is(shop, value, 0)

    assert label not in {one.label for one in list_below(shop, Decimal(60)).values}


async def test_a_table_marks_what_a_rule_does_not_reach(harness: ShopHarness):
    shop, value = harness.shop, await harness.denomination()
    product = shop.shelf.denomination(value).product_id
    await set_markup(shop, (MarkupScope.DENOMINATION, value), Markup(Decimal(3)), OWNER)
    await say_of(shop, value, ValuePrice(fixed_minor=100))

    table = await price_tables.open_table(shop, (MarkupScope.PRODUCT, product), OPERATOR)

    row = table.row(value)
    assert (row.has_own_markup, row.is_beaten) == (True, True)
    assert sum(one.has_own_markup for one in table.rows) == 1
    with pytest.raises(NotFound):
        table.row(999_999)
    category = MarkupScope.CATEGORY, shop.shelf.product(product).category_id
    assert (await price_tables.open_table(shop, category, OPERATOR)).has_values is False


async def test_a_change_that_was_made_is_not_made_again(harness: ShopHarness):
    shop, value = harness.shop, await harness.denomination()
    key = MarkupScope.PRODUCT, shop.shelf.denomination(value).product_id
    for points in (1, 2):
        table = await price_tables.open_table(shop, key, OPERATOR)
        await price_tables.step_percent(shop, table.draft_id, OPERATOR, points)
        if points == 1:
            await price_tables.use_draft(shop, table.draft_id, OWNER)
            continue
        with pytest.raises(AlreadyDecided):
            await price_tables.use_draft(shop, table.draft_id, OWNER)

    assert shop.shelf.rules.markups[key] == Markup(Decimal(9))


async def test_what_was_before_a_typed_markup_can_be_taken_back(harness: ShopHarness):
    shop, value = harness.shop, await harness.denomination()
    key = MarkupScope.PRODUCT, shop.shelf.denomination(value).product_id
    await say_of(shop, value, ValuePrice(floor_minor=100))
    await set_markup(shop, key, Markup(Decimal(30)), OWNER)
    table = await price_tables.open_table(shop, key, OPERATOR)
    assert table.can_go_back

    back = await price_tables.go_back(shop, table.draft_id, OPERATOR)
    await price_tables.use_draft(shop, back.draft_id, replace(OWNER, key="2"))

    assert key not in shop.shelf.rules.markups
    assert shop.shelf.rules.values == {value: ValuePrice(floor_minor=100)}
    await say_of(shop, value, ValuePrice())  # not by the table: what was before is not known
    assert not (await price_tables.open_table(shop, key, OPERATOR)).can_go_back
    await set_markup(shop, key, Markup(Decimal(30)), replace(OWNER, key="3"))
    await shop.store.write(lambda tx: tx.prices.set_markup(key, None))
    assert not (await price_tables.open_table(shop, key, OPERATOR)).can_go_back


async def test_the_draft_of_another_operator_is_left_alone(harness: ShopHarness):
    shop, value = harness.shop, await harness.denomination()
    key = MarkupScope.PRODUCT, shop.shelf.denomination(value).product_id
    table = await price_tables.open_table(shop, key, OPERATOR)

    await price_tables.drop_draft(shop, table.draft_id, 901)
    await price_tables.drop_draft(shop, 999, OPERATOR)

    assert (await price_tables.view_table(shop, table.draft_id, OPERATOR)).key == key
    await price_tables.drop_draft(shop, table.draft_id, OPERATOR)
    with pytest.raises(NotFound):
        await price_tables.view_table(shop, table.draft_id, OPERATOR)


async def test_a_percentage_stays_within_its_bounds(harness: ShopHarness):
    shop, value = harness.shop, await harness.denomination()
    key = MarkupScope.PRODUCT, shop.shelf.denomination(value).product_id
    table = await price_tables.open_table(shop, key, OPERATOR)

    lowest = await price_tables.step_percent(shop, table.draft_id, OPERATOR, -99)
    highest = await price_tables.step_percent(shop, table.draft_id, OPERATOR, 5000)

    assert [int(each.proposed.percent) for each in (lowest, highest)] == [0, 1000]


@pytest.mark.parametrize("scope", [MarkupScope.CATEGORY, MarkupScope.PRODUCT])
async def test_a_category_has_no_single_values_to_price(harness: ShopHarness, scope):
    shop, value = harness.shop, await harness.denomination()
    product = shop.shelf.product(shop.shelf.denomination(value).product_id)
    target = product.category_id if scope is MarkupScope.CATEGORY else product.id
    table = await price_tables.open_table(shop, (scope, target), OPERATOR)
    wrong = value if scope is MarkupScope.CATEGORY else 999_999

    with pytest.raises(NotFound):
        await price_tables.propose_value(
            shop, table.draft_id, OPERATOR, wrong, lambda said: replace(said, fixed_minor=5)
        )
