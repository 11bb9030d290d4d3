"""What operators hide is sold nowhere, by each of its entrances; and the most of one order."""

import pytest

from bot import refusals
from bot.domain.curation import Subject
from bot.domain.orders import OrderState
from bot.services.catalogue import curation
from bot.services.catalogue.browse import view_product, view_quantities
from bot.services.catalogue.curated import (
    view_card,
)
from bot.services.catalogue.refresh import load_shelf, refresh_product
from bot.services.catalogue.shelves import view_search
from bot.services.operations.watches import Watching, my_watches, watch_value, watched_products
from bot.services.orders.aftercare import how_to_redeem
from bot.services.orders.again import Again, Hindrance, NotAgain, find_last_bought, quote_again
from bot.services.orders.checkout import buy
from bot.services.orders.quote import can_be_sold, make_quote
from bot.services.wallet.hidden_orders import cancel_hidden_orders, count_hidden_orders
from storage.tables import operator_actions
from tests.harness import ShopHarness
from tests.integration.curation_steps import GAMES, behind_the_shelf, by, hide, product_of
from tests.integration.readings import rows
from tests.integration.test_links import linked
from tests.vouchers import VoucherHarness

# --- hidden, by each of its entrances


async def test_what_is_hidden_is_found_and_offered_nowhere(harness: ShopHarness):
    await harness.customer(1)
    value = await harness.denomination()
    subject, shelf = await product_of(harness), harness.shop.shelf
    number = int(subject.target)
    bought = await harness.buy()
    await harness.run(30)

    assert await hide(harness, subject)

    assert all(number not in node.products for node in shelf.tree.brands.values())
    assert all(hit.entry.product.id != number for hit in view_search(harness.shop, "psn usa").hits)
    for enter in (view_product, view_quantities):
        with pytest.raises(refusals.NotSold):
            enter(harness.shop, number if enter is view_product else value)
    with pytest.raises(refusals.NotSold):
        await make_quote(harness.shop, 1, value, 1)
    with pytest.raises(refusals.NotSold):
        await watch_value(harness.shop, 1, value)
    again = await quote_again(harness.shop, 1, bought.id)
    assert isinstance(again, NotAgain)
    assert (again.why, again.place) == (Hindrance.GONE, None)
    assert await find_last_bought(harness.shop, 1) is None


@pytest.mark.parametrize("subject", [None, GAMES])
async def test_a_quote_is_refused_in_its_transaction_though_the_shelf_is_older(
    harness: ShopHarness, subject
):
    await harness.customer(1)
    value = await harness.denomination()
    await behind_the_shelf(harness, subject or await product_of(harness))

    with pytest.raises(refusals.NotSold):
        await make_quote(harness.shop, 1, value, 1)
    async with harness.store.reading() as tx:
        assert not await can_be_sold(tx, harness.shop, value)


@pytest.mark.parametrize("subject", [None, GAMES])
async def test_a_stale_confirm_press_buys_nothing(harness: ShopHarness, subject):
    await harness.customer(1)
    view = await make_quote(harness.shop, 1, await harness.denomination(), 1)
    hidden = subject or await product_of(harness)
    await behind_the_shelf(harness, hidden)

    for _ in ("as the shelf was", "as the shelf is"):
        with pytest.raises(refusals.NotSold):
            await buy(harness.shop, 1, view.quote.id, 7)
        await load_shelf(harness.shop)

    assert await harness.balance() == 5_000_000
    await hide(harness, hidden, hidden=False)
    order, is_new = await buy(harness.shop, 1, view.quote.id, 7)
    assert is_new
    assert order.state is OrderState.PAID


async def test_nobody_is_told_that_a_hidden_value_is_back(harness: ShopHarness):
    await harness.customer(1)
    value = await harness.denomination()
    harness.kind().quantity = 0
    await refresh_product(harness.shop, harness.shop.shelf.denomination(value).product_id)
    assert await watch_value(harness.shop, 1, value) is Watching.ON
    subject = await product_of(harness)
    await hide(harness, subject)
    harness.kind().quantity = 5

    await harness.run(3000)
    assert [s for s in harness.sender.sent if s.kind == "back"] == []
    assert [one.denomination_id for one in await my_watches(harness.shop, 1, "en")] == [value]

    await hide(harness, subject, hidden=False, key="shown")
    await harness.run(3000)
    assert len([s for s in harness.sender.sent if s.kind == "back"]) == 1


async def test_a_paid_order_of_what_is_hidden_is_bought_and_its_codes_stay(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy()

    await hide(harness, await product_of(harness))
    await harness.run(60)

    done = await harness.order(order.id)
    assert done.state is OrderState.FULFILLED
    guide = await how_to_redeem(harness.shop, 1, order.id, "en")
    assert guide.guide is not None
    assert guide.guide.brand == "playstation"


async def test_an_order_that_waits_for_money_goes_on_unless_an_operator_cancels_it(
    paying_harness: ShopHarness,
):
    harness = paying_harness
    for user_id in (1, 2, 3):
        await harness.customer(user_id, dinars=0)
    goes_on, first, second = [await harness.buy(user_id) for user_id in (1, 2, 3)]
    subject = await product_of(harness)
    with pytest.raises(refusals.NotFound):
        await cancel_hidden_orders(harness.shop, subject, **by("c"))
    await hide(harness, subject)
    assert await count_hidden_orders(harness.shop, subject) == 3
    assert await count_hidden_orders(harness.shop, GAMES) == 3
    assert await count_hidden_orders(harness.shop, Subject.category("games-pc")) == 0

    await harness.credit(1, 50_000)
    await harness.run(60)
    assert (await harness.order(goes_on.id)).state is OrderState.FULFILLED
    assert await cancel_hidden_orders(harness.shop, subject, **by("c")) == 2
    assert await cancel_hidden_orders(harness.shop, subject, **by("c")) == 0
    await harness.run(5)

    for order in (first, second):
        assert (await harness.order(order.id)).state is OrderState.CANCELLED
    told = {s.user_id for s in harness.sender.sent if s.kind != "codes"}
    assert {2, 3} <= told
    done = [a for a in await rows(harness, operator_actions) if a.note == "order"]
    assert [(a.target, a.before, a.after) for a in done] == [
        (f"#{order.id}", "waiting", "cancelled") for order in (first, second)
    ]


async def test_an_order_that_is_paid_meanwhile_is_not_cancelled(
    paying_harness: ShopHarness, before_next_write
):
    harness = paying_harness
    await harness.customer(1, dinars=0)
    order, subject = await harness.buy(), await product_of(harness)
    await hide(harness, subject)
    before_next_write(lambda: harness.credit(1, 50_000))

    assert await cancel_hidden_orders(harness.shop, subject, **by("c")) == 0

    assert (await harness.order(order.id)).state is OrderState.PAID


async def test_a_hidden_leader_hides_its_followers_and_shows_them_again(
    two_suppliers: VoucherHarness,
):
    harness = two_suppliers
    await harness.customer(1)
    mine, theirs, _ = await linked(harness)
    follower = next(d.id for d in harness.shop.shelf.all_of(theirs.id))
    card = await view_card(harness.shop, theirs.id)
    assert (card.follows, card.place, card.places) == (True, 1, 1)
    leader = Subject.product(mine.id)

    await behind_the_shelf(harness, leader)
    with pytest.raises(refusals.NotSold):
        await make_quote(harness.shop, 1, follower, 1)
    await load_shelf(harness.shop)
    with pytest.raises(refusals.NotSold):
        await make_quote(harness.shop, 1, follower, 1)
    assert theirs.id not in harness.shop.shelf.products

    await hide(harness, leader, hidden=False)
    assert (await make_quote(harness.shop, 1, follower, 1)).product.id == mine.id


async def test_a_hidden_follower_sells_nothing_and_its_leader_does(two_suppliers: VoucherHarness):
    harness = two_suppliers
    await harness.customer(1)
    mine, theirs, _ = await linked(harness)
    value = next(d.id for d in harness.shop.shelf.of_product(mine.id) if d.label == "25 $")
    harness.kind("PlayStation USA", "25 $").price *= 3
    harness.clock.pass_time(61)
    await refresh_product(harness.shop, mine.id)
    sold = harness.shop.shelf
    cheap = (await make_quote(harness.shop, 1, value, 1)).quote.denomination_id
    assert sold.denomination(cheap).product_id == theirs.id

    await behind_the_shelf(harness, Subject.product(theirs.id))

    dear = (await make_quote(harness.shop, 1, value, 1)).quote.denomination_id
    assert sold.denomination(dear).product_id == mine.id


async def test_what_a_hidden_follower_sold_is_bought_again_and_watched_as_its_leader(
    two_suppliers: VoucherHarness,
):
    harness = two_suppliers
    await harness.customer(1)
    mine, theirs, _ = await linked(harness)
    shelf = harness.shop.shelf
    value = next(d.id for d in shelf.of_product(mine.id) if d.label == "25 $")
    harness.kind("PlayStation USA", "25 $").price *= 3
    harness.clock.pass_time(61)
    await refresh_product(harness.shop, mine.id)
    bought = await harness.buy(label="25 $", title="PlayStation USA")
    follower = (await harness.order(bought.id)).denomination_id
    assert shelf.denomination(follower).product_id == theirs.id
    await harness.run(30)

    await hide(harness, Subject.product(theirs.id))

    again = await quote_again(harness.shop, 1, bought.id)
    assert isinstance(again, Again)
    assert again.view.quote.denomination_id == value
    last = await find_last_bought(harness.shop, 1)
    assert last is not None
    assert last.id == bought.id
    now = harness.clock.now()
    watched = {follower: now, value: now}
    assert watched_products(harness.shop, watched) == {mine.id: [follower, value]}
    assert await watch_value(harness.shop, 1, follower) is Watching.AVAILABLE

    await hide(harness, Subject.product(mine.id), key="both")
    assert watched_products(harness.shop, watched) == {}
    assert isinstance(await quote_again(harness.shop, 1, bought.id), NotAgain)


# --- how many


async def test_the_most_of_an_order_bounds_what_is_offered_quoted_and_bought(harness: ShopHarness):
    await harness.customer(1, dinars=90_000)
    value, subject = await harness.denomination(), await product_of(harness)
    number = int(subject.target)
    view = await make_quote(harness.shop, 1, value, 5)

    assert await curation.set_most(harness.shop, number, 3, **by("m"))

    shown = view_quantities(harness.shop, value)
    assert (shown.quantities, shown.maximum) == ((1, 2, 3), 3)
    for attempt in (
        lambda: make_quote(harness.shop, 1, value, 4),
        lambda: buy(harness.shop, 1, view.quote.id, 7),
    ):
        with pytest.raises(refusals.QuantityOutOfRange) as refused:
            await attempt()
        assert refused.value.maximum == 3
    assert (await make_quote(harness.shop, 1, value, 3)).quote.quantity == 3

    assert await curation.set_most(harness.shop, number, None, **by("n"))
    order, _ = await buy(harness.shop, 1, view.quote.id, 7)
    assert order.quantity == 5


async def test_the_most_is_asked_in_the_transaction_of_a_quote(harness: ShopHarness):
    await harness.customer(1)
    value, subject = await harness.denomination(), await product_of(harness)
    await harness.store.write(lambda tx: tx.curation.mark(subject, max_quantity=1))

    with pytest.raises(refusals.QuantityOutOfRange):
        await make_quote(harness.shop, 1, value, 2)


@pytest.mark.parametrize("most", [0, 11])
async def test_the_most_stays_within_the_settings(harness: ShopHarness, most):
    number = int((await product_of(harness)).target)

    with pytest.raises(refusals.QuantityOutOfRange):
        await curation.set_most(harness.shop, number, most, **by("m"))
