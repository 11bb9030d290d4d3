"""What managers may move in a day, of values that nobody had fetched yet."""

import asyncio
import contextlib
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.catalogue import Product
from bot.domain.pricing import Markup, MarkupKey, MarkupScope
from bot.refusals import PriceMoveTooLarge
from bot.services.catalogue import browse, markups, price_tables
from bot.services.catalogue.price_changes import Editor
from bot.services.catalogue.refresh import refresh_product, save_offer
from bot.services.catalogue.values import choose_value
from storage.repositories.prices import PriceRepository
from storage.tables import price_moves
from tests.harness import OPERATOR, ShopHarness
from tests.integration.readings import rows
from tests.vouchers import VoucherHarness

OWNER, MANAGER, OTHER = OPERATOR, 901, 902
A_DAY = 24 * 3600
SCOPES = [MarkupScope.CATEGORY, MarkupScope.PRODUCT]


class Editors:
    """People who change rules, at most by ten percent a day where they are managers."""

    def __init__(self, harness: ShopHarness) -> None:
        harness.set_policy(manager_price_step=10)
        self.shop, self.changes = harness.shop, 0

    def key(self, operator_id: int) -> Editor:
        self.changes += 1
        return Editor(operator_id, f"change:{self.changes}")

    async def set(self, key: MarkupKey, percent: int | None, who: int = MANAGER) -> None:
        rule = None if percent is None else Markup(Decimal(percent))
        await markups.set_markup(self.shop, key, rule, self.key(who))

    async def refused(self, key: MarkupKey, percent: int | None, who: int = MANAGER) -> None:
        with pytest.raises(PriceMoveTooLarge):
            await self.set(key, percent, who)


@pytest.fixture
def editors(harness: ShopHarness) -> Editors:
    return Editors(harness)


def unpriced(harness: ShopHarness) -> Product:
    """A product that nobody has looked at, in a category of such products; the shop adds 8 percent."""
    shelf = harness.shop.shelf
    return next(
        one
        for one in shelf.products.values()
        if all(other.priced_at is None for other in shelf.of_category(one.category_id))
    )


def key_of(product: Product, scope: MarkupScope) -> MarkupKey:
    return scope, product.id if scope is MarkupScope.PRODUCT else product.category_id


@pytest.mark.parametrize("scope", SCOPES)
async def test_managers_share_a_day_before_values_are_fetched(
    harness: ShopHarness, editors: Editors, scope
):
    key = key_of(unpriced(harness), scope)

    await editors.set(key, 17)
    await editors.refused(key, 25)
    await editors.refused(key, 25, OTHER)
    await editors.set(key, 9, OTHER)  # nearly where it was
    await editors.set(key, 90, OWNER)
    await editors.set(key, 100, OTHER)
    await editors.refused(key, 110)

    harness.clock.pass_time(A_DAY)
    await editors.set(key, 110)
    assert await rows(harness, price_moves) == []


async def test_both_ways_to_a_price_count_together(harness: ShopHarness, editors: Editors):
    product = unpriced(harness)
    key = key_of(product, MarkupScope.PRODUCT)
    table = await price_tables.open_table(harness.shop, key, MANAGER)
    await price_tables.propose_markup(harness.shop, table.draft_id, MANAGER, Markup(Decimal(17)))
    await price_tables.use_draft(harness.shop, table.draft_id, editors.key(MANAGER))

    await editors.refused(key, 25)
    await editors.set(key, None)


async def test_a_rule_of_its_own_keeps_a_product_from_moving_with_its_category(
    harness: ShopHarness, editors: Editors
):
    product = unpriced(harness)
    own, whole = (key_of(product, scope) for scope in reversed(SCOPES))
    await editors.set(own, 8, OWNER)
    await editors.set(whole, 17)

    await editors.set(own, 17)  # as far as its category
    await editors.refused(own, 25)
    await editors.set(own, 8)
    await editors.set(own, None)  # its price is that of the category, which it did not move with


async def test_a_move_counts_by_the_rules_of_its_moment(harness: ShopHarness, editors: Editors):
    product = unpriced(harness)
    own, whole = (key_of(product, scope) for scope in reversed(SCOPES))
    await editors.set(own, 8, OWNER)
    await editors.set(whole, 17)  # the product stays where it is
    await editors.set(own, None, OWNER)  # it follows its category now, by an owner's word

    await editors.set(own, 25)
    await editors.refused(own, 29)


async def test_what_was_moved_before_holds_for_the_first_values(
    harness: ShopHarness, editors: Editors
):
    product = unpriced(harness)
    own, whole = (key_of(product, scope) for scope in reversed(SCOPES))
    await editors.set(whole, 17)

    await refresh_product(harness.shop, product.id)

    moved = {row.moved for row in await rows(harness, price_moves)}
    assert len(await rows(harness, price_moves)) == len(harness.shop.shelf.of_product(product.id))
    assert {round(each, -4) for each in moved} == {1_080_000}
    await editors.refused(own, 25)
    harness.clock.pass_time(A_DAY)
    await editors.set(own, 25)


async def test_the_first_values_of_what_only_owners_moved_are_not_moved(
    harness: ShopHarness, editors: Editors
):
    product = unpriced(harness)
    await editors.set(key_of(product, MarkupScope.CATEGORY), 50, OWNER)

    await refresh_product(harness.shop, product.id)

    assert await rows(harness, price_moves) == []
    await editors.set(key_of(product, MarkupScope.PRODUCT), 60)


async def test_a_value_that_the_supplier_adds_begins_no_new_day(
    harness: ShopHarness, editors: Editors
):
    product, value = await priced(harness)
    await editors.set(key_of(product, MarkupScope.PRODUCT), 17)
    before = await rows(harness, price_moves)
    offer = await harness.supplier.product(product.supplier_product_id)
    added = replace(offer.denominations[0], supplier_type_id="added", label="7 $")

    await save_offer(
        harness.shop, product.id, replace(offer, denominations=(*offer.denominations, added))
    )

    new = await harness.denomination(label="7 $")
    moves = await rows(harness, price_moves)
    assert [row for row in moves if row.denomination_id != new] == before
    await editors.refused((MarkupScope.DENOMINATION, new), 27)
    await editors.set((MarkupScope.DENOMINATION, new), 18)
    await editors.refused((MarkupScope.DENOMINATION, value), 27)


async def test_a_value_that_a_customer_types_begins_no_new_day(voucher_harness: VoucherHarness):
    shop, editors = voucher_harness.shop, Editors(voucher_harness)
    product = browse.search_products(shop, "Amazon.de")[0]
    await refresh_product(shop, product.id)
    (span,) = shop.shelf.of_product(product.id)
    await editors.set(key_of(product, MarkupScope.PRODUCT), 17)

    typed = await choose_value(shop, span.id, 3700)

    await editors.refused((MarkupScope.DENOMINATION, typed), 27)
    await editors.set((MarkupScope.DENOMINATION, typed), 18)


async def test_values_wait_for_a_change_of_the_rules_that_is_under_way(
    harness: ShopHarness, editors: Editors, monkeypatch
):
    product = unpriced(harness)
    own = key_of(product, MarkupScope.PRODUCT)
    set_rule, is_set, saved = PriceRepository.set_markup, asyncio.Event(), asyncio.Event()

    async def slow(repository, key, markup):
        await set_rule(repository, key, markup)
        is_set.set()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(saved.wait(), 0.3)

    async def save() -> None:
        await is_set.wait()
        await refresh_product(harness.shop, product.id)
        saved.set()

    monkeypatch.setattr(PriceRepository, "set_markup", slow)
    await asyncio.gather(editors.set(own, 17), save())

    await editors.refused(own, 25)


async def priced(harness: ShopHarness) -> tuple[Product, int]:
    """A product whose values are fetched, and one of them; the shop adds 8 percent."""
    value = await harness.denomination()
    return harness.shop.shelf.product(harness.shop.shelf.denomination(value).product_id), value
