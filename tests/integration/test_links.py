"""Products of two suppliers sold as one."""

import pytest

from bot import errors, refusals
from bot.domain.curation import Subject
from bot.domain.orders import OrderState
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.catalogue import browse
from bot.services.catalogue.curated import hidden_ids
from bot.services.catalogue.links import (
    MOST_FOUND,
    find_products,
    link_products,
    list_links,
    unlink_product,
    view_link,
)
from bot.services.catalogue.refresh import refresh_product
from bot.services.operations.reports import report_balances
from bot.services.orders.quote import make_quote
from bot.services.selling.access import check_access
from bot.services.selling.balance import check_balance
from bot.services.shop import Shop
from tests.harness import OPERATOR, ShopHarness
from tests.integration.curation_steps import hide
from tests.vouchers import VoucherHarness

# --- one value at two suppliers -----------------------------------------------------------------------


async def linked(two_suppliers: VoucherHarness):
    """PlayStation USA of OneClickDz is the primary, Starship's PlayStation Store USA its alias."""
    (mine,) = [
        p for p in find_products(two_suppliers.shop, "PlayStation") if p.title == "PlayStation USA"
    ]
    (theirs,) = find_products(two_suppliers.shop, "PlayStation Store")
    count = await link_products(
        two_suppliers.shop, mine.id, theirs.id, key="k", operator_id=OPERATOR
    )
    return mine, theirs, count


async def test_linked_products_are_one_and_the_cheaper_is_bought(two_suppliers: VoucherHarness):
    await two_suppliers.customer(1, dinars=90_000)
    mine, theirs, count = await linked(two_suppliers)
    assert count == 4
    assert [(f.id, to.id) for f, to in list_links(two_suppliers.shop)] == [(theirs.id, mine.id)]
    titles = [p.title for p in browse.search_products(two_suppliers.shop, "PlayStation")]
    assert "PlayStation Store USA" not in titles
    assert theirs.category_id not in two_suppliers.shop.shelf.categories, "it held nothing else"

    cheap = await two_suppliers.buy(1, title="PlayStation USA", label="25 $")
    await two_suppliers.place()
    two_suppliers.kind("PlayStation USA", "25 $").price *= 3
    two_suppliers.clock.pass_time(61)
    await refresh_product(two_suppliers.shop, mine.id)
    dear = await two_suppliers.buy(1, title="PlayStation USA", label="25 $")
    await two_suppliers.run(20)

    cheap, dear = await two_suppliers.order(cheap.id), await two_suppliers.order(dear.id)
    assert [cheap.supplier, dear.supplier] == ["oneclickdz", "starship"]
    assert cheap.product_title == dear.product_title == "PlayStation USA"
    assert cheap.denomination_label == dear.denomination_label == "25 $"
    assert cheap.state is dear.state is OrderState.FULFILLED
    assert len(two_suppliers.book.orders) == len(two_suppliers.vouchers.orders) == 1


async def test_a_paused_supplier_sells_nothing_and_the_other_goes_on(
    two_suppliers: VoucherHarness,
):
    await two_suppliers.customer(1, dinars=90_000)
    await linked(two_suppliers)
    await two_suppliers.denomination("Xbox USA", "10 $")
    two_suppliers.book.keys.clear()
    await check_access(two_suppliers.shop, "oneclickdz")
    order = await two_suppliers.buy(1, title="PlayStation USA", label="25 $")
    await two_suppliers.run(20)
    assert (await two_suppliers.order(order.id)).supplier == "starship"
    with pytest.raises(refusals.SellingPaused):
        await two_suppliers.buy(1, title="Xbox USA", label="10 $")
    reports = await report_balances(two_suppliers.shop)
    assert [r.account.supplier for r in reports] == ["oneclickdz", "starship"]
    assert [r.account.selling for r in reports] == [False, True]
    assert [r.rate is None for r in reports] == [True, False]


async def test_a_quantity_that_the_cheaper_supplier_lacks_comes_from_the_other(
    two_suppliers: VoucherHarness,
):
    await two_suppliers.customer(1, dinars=90_000)
    mine, *_ = await linked(two_suppliers)
    two_suppliers.kind("PlayStation USA", "10 $").quantity = 1
    two_suppliers.clock.pass_time(61)
    await refresh_product(two_suppliers.shop, mine.id)
    order = await two_suppliers.buy(1, quantity=3, title="PlayStation USA", label="10 $")
    await two_suppliers.run(20)
    assert (await two_suppliers.order(order.id)).supplier == "starship"


async def test_unlinked_products_are_shown_apart_again(two_suppliers: VoucherHarness):
    _, theirs, count = await linked(two_suppliers)
    assert (
        await unlink_product(two_suppliers.shop, theirs.id, key="u", operator_id=OPERATOR) == count
    )
    assert list_links(two_suppliers.shop) == []
    titles = [p.title for p in browse.search_products(two_suppliers.shop, "PlayStation")]
    assert "PlayStation Store USA" in titles


@pytest.mark.parametrize("is_leader", [True, False])
async def test_hidden_products_can_be_unlinked(two_suppliers: VoucherHarness, is_leader):
    mine, theirs, count = await linked(two_suppliers)
    shop = two_suppliers.shop
    await hide(two_suppliers, Subject.product(mine.id if is_leader else theirs.id))

    assert await unlink_product(shop, theirs.id, key="u", operator_id=OPERATOR) == count

    assert await unlink_product(shop, theirs.id, key="v", operator_id=OPERATOR) == 0
    assert (theirs.id in shop.shelf.products) is is_leader
    with pytest.raises(refusals.NotFound):
        await unlink_product(shop, 777, key="w", operator_id=OPERATOR)


async def test_products_that_have_no_values_in_common_or_are_linked_already_are_not_linked(
    two_suppliers: VoucherHarness,
):
    mine, theirs, _ = await linked(two_suppliers)
    other = find_products(two_suppliers.shop, "PlayStation France")[0]
    amazon = find_products(two_suppliers.shop, "Amazon.com")[0]
    uber = find_products(two_suppliers.shop, "Uber")[0]
    xbox = find_products(two_suppliers.shop, "Xbox Türkiye")[0]
    steam = find_products(two_suppliers.shop, "Steam USA")[0]
    for primary, alias in (
        (mine, other),  # one supplier
        (xbox, uber),  # nothing in common
        (theirs, steam),  # an alias cannot be a primary
        (amazon, mine),  # a primary cannot be an alias
    ):
        with pytest.raises(refusals.CannotLink):
            await view_link(two_suppliers.shop, primary.id, alias.id)
    spotify = find_products(two_suppliers.shop, "Spotify")[0]
    two_suppliers.vouchers.script(Fault(FaultKind.HTML, "products/103", times=9, status=502))
    with pytest.raises(refusals.CannotLink):  # its face value is unknown
        await view_link(two_suppliers.shop, steam.id, spotify.id)


async def test_values_that_only_the_alias_has_are_sold_by_themselves(two_suppliers: VoucherHarness):
    refusals.required(two_suppliers.vouchers.product(105)).values += ("77",)
    mine, theirs, _ = await linked(two_suppliers)
    view = browse.view_product(two_suppliers.shop, theirs.id)
    assert [o.label for o in refusals.required(view.offers)] == ["77 USD"]
    assert mine.id != theirs.id


async def test_a_link_shows_which_values_have_no_pair(two_suppliers: VoucherHarness):
    refusals.required(two_suppliers.vouchers.product(105)).values += ("77",)
    mine = next(
        p for p in find_products(two_suppliers.shop, "PlayStation") if p.title == "PlayStation USA"
    )
    (theirs,) = find_products(two_suppliers.shop, "PlayStation Store")
    view = await view_link(two_suppliers.shop, mine.id, theirs.id)

    assert [d.label for d in view.alone] == ["77 USD"]
    assert len(view.pairs) == 4


async def test_an_alias_that_does_not_answer_does_not_hide_its_primary(
    two_suppliers: VoucherHarness,
):
    mine, *_ = await linked(two_suppliers)
    two_suppliers.clock.pass_time(600)
    two_suppliers.vouchers.script(Fault(FaultKind.HTML, "products", times=99, status=502))
    await refresh_product(two_suppliers.shop, mine.id)
    two_suppliers.book.script(Fault(FaultKind.HTML, "checkProduct", times=9, status=502))
    with pytest.raises(errors.SupplierFailure):
        await refresh_product(two_suppliers.shop, mine.id)


# --- suppliers that ring ----------------------------------------------------------------------------


async def test_links_are_listed_by_the_titles_of_primary_and_alias(two_suppliers: VoucherHarness):
    (primary,) = find_products(two_suppliers.shop, "Amazon USA")
    for title in ("PlayStation Store USA", "Amazon.com"):
        (alias,) = find_products(two_suppliers.shop, title)
        await link_products(
            two_suppliers.shop, primary.id, alias.id, key=title, operator_id=OPERATOR
        )

    listed = [(primary.title, alias.title) for alias, primary in list_links(two_suppliers.shop)]

    assert listed == [("Amazon USA", "Amazon.com"), ("Amazon USA", "PlayStation Store USA")]


async def test_an_alias_is_priced_with_its_primary(two_suppliers: VoucherHarness):
    mine = browse.search_products(two_suppliers.shop, "PlayStation USA")[0]
    theirs = next(
        p
        for p in two_suppliers.shop.shelf.products.values()
        if p.supplier == "starship" and "PlayStation" in p.title
    )
    await link_products(two_suppliers.shop, mine.id, theirs.id, key="k", operator_id=OPERATOR)
    two_suppliers.clock.pass_time(60)
    await refresh_product(two_suppliers.shop, mine.id)

    assert two_suppliers.shop.shelf.product(theirs.id).priced_at == two_suppliers.clock.now()


async def test_hidden_products_and_their_links_come_last(two_suppliers: VoucherHarness):
    mine, theirs, _ = await linked(two_suppliers)
    shop = two_suppliers.shop
    amazon = find_products(shop, "Amazon USA")[0]
    other = next(one for one in find_products(shop, "Amazon") if one.supplier != amazon.supplier)
    await link_products(shop, amazon.id, other.id, key="k2", operator_id=OPERATOR)
    assert linked_ids(shop) == [(other.id, amazon.id), (theirs.id, mine.id)]

    await hide(two_suppliers, Subject.product(amazon.id))

    assert linked_ids(shop) == [(theirs.id, mine.id), (other.id, amazon.id)]
    found = find_products(shop, "Amazon")
    hidden = hidden_ids(shop)
    assert hidden == {amazon.id, other.id}
    assert [one.id in hidden for one in found] == [False] * (len(found) - 2) + [True, True]
    for pair in ((amazon.id, other.id), (mine.id, amazon.id)):
        with pytest.raises(refusals.CannotLink):
            await view_link(shop, *pair)
    assert await unlink_product(shop, other.id, key="k3", operator_id=OPERATOR) > 0
    assert linked_ids(shop) == [(theirs.id, mine.id)]


def linked_ids(shop: Shop) -> list[tuple[int, int]]:
    return [(alias.id, primary.id) for alias, primary in list_links(shop)]


async def test_products_are_found_by_name_up_to_a_limit(harness: ShopHarness):
    assert len(harness.shop.shelf.products) > MOST_FOUND
    assert len(find_products(harness.shop, "")) == MOST_FOUND


@pytest.mark.parametrize(("cheap", "dear", "most"), [(3, 1, 3), (1, 3, 3), (0, 2, 2)])
async def test_where_no_balance_pays_the_most_that_one_pays_for_is_offered(
    two_suppliers: VoucherHarness, cheap: int, dear: int, most: int
):
    await two_suppliers.customer(1, dinars=90_000)
    await linked(two_suppliers)
    value = await two_suppliers.denomination("PlayStation USA", "10 $")
    shelf = two_suppliers.shop.shelf
    for one, units in zip(shelf.twins(value), (cheap, dear), strict=True):
        supplier = two_suppliers.shop.suppliers[shelf.product(one.product_id).supplier]
        balance = one.cost_minor * units

        async def known(minor=balance) -> int:
            return minor

        supplier.balance = known
        await check_balance(two_suppliers.shop, supplier.name, force=True)

    with pytest.raises(refusals.QuantityOutOfRange) as refused:
        await make_quote(two_suppliers.shop, 1, value, 4)

    assert refused.value.maximum == most
