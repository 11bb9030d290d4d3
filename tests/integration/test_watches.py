"""Values that customers wait for: told once, in the order in which they asked, a few at a time."""

from bot.domain.records import PauseReason
from bot.errors import UnknownAtSupplier
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.catalogue.links import find_products, link_products
from bot.services.catalogue.refresh import load_shelf
from bot.services.items import ItemKind
from bot.services.messaging.customers import ensure_customer
from bot.services.operations import watches
from bot.services.operations.watches import Watching, my_watches, watch_value
from bot.services.orders.quote import can_be_sold
from bot.services.selling.pauses import pause_selling, resume_selling
from tests.harness import OPERATOR, ShopHarness
from tests.integration.watch_steps import LOOK, looks, sold_out, told, waiting
from tests.vouchers import VoucherHarness


async def test_who_waits_is_told_once_after_two_looks_and_waits_no_more(harness: ShopHarness):
    value = await waiting(harness)

    await looks(harness, 0, 5)
    assert told(harness) == []
    await looks(harness, 5)
    assert told(harness) == [1]
    assert await my_watches(harness.shop, 1, "en") == ()
    await looks(harness, 5, 0, 5, 5, 5)

    assert told(harness) == [1]
    (news,) = [s for s in harness.sender.sent if s.kind == "back"]
    assert int(news.data["value"]) == value
    assert int(news.data["price"]) > 0


async def test_a_value_that_comes_and_goes_is_told_of_once(harness: ShopHarness):
    await waiting(harness)

    await looks(harness, 0, 1, 0, 1, 0, 1)
    assert told(harness) == []
    await looks(harness, 1, 0, 1, 1)

    assert told(harness) == [1]


async def test_of_two_hundred_six_are_told_of_two_codes_and_the_next_after_a_quarter_of_an_hour(
    harness: ShopHarness,
):
    await waiting(harness, people=200)

    harness.kind().quantity = 2
    while not told(harness):
        await harness.run(60)
    assert sorted(told(harness)) == list(range(1, 7))
    await harness.run(13 * 60)
    assert len(told(harness)) == 6
    await harness.run(12 * 60)
    assert sorted(told(harness)) == list(range(1, 13))
    await looks(harness, 0, 0, 0)
    assert len(told(harness)) == 12
    async with harness.store.reading() as tx:
        assert len(await tx.watches.watched()) == 1


async def test_no_product_is_asked_about_more_than_six_times_an_hour(harness: ShopHarness):
    await waiting(harness)
    harness.book.calls.clear()

    await harness.run(3 * 3600)

    asked = [call for call in harness.book.calls if "checkProduct" in call.what]
    assert 15 <= len(asked) <= 19
    assert told(harness) == []


async def test_while_nobody_waits_nothing_is_asked_or_read(harness: ShopHarness, monkeypatch):
    await harness.run(1)
    harness.book.calls.clear()
    reads = []
    monkeypatch.setattr(
        "storage.repositories.watches.WatchRepository.watched",
        lambda _self: reads.append(1),
    )

    await harness.run(7200)

    assert reads == []
    assert [call for call in harness.book.calls if "checkProduct" in call.what] == []


async def test_many_products_are_looked_at_a_few_at_a_time(harness: ShopHarness):
    titles = {
        goods.title: goods.denominations[0].name
        for category in harness.book.categories
        if category.title.casefold() not in harness.shop.policy.hidden_categories
        for goods in category.products
        if goods.denominations
    }
    for number, (title, label) in enumerate(list(titles.items())[:14], start=1):
        await ensure_customer(harness.shop, number, "en")
        await watch_value(harness.shop, number, await sold_out(harness, title, label))
    harness.clock.pass_time(3600)
    harness.book.calls.clear()

    looked = await watches.tell_what_is_back(harness.shop)
    again = await watches.tell_what_is_back(harness.shop)

    assert (looked, again) == (10, min(14, len(titles)) - 10)


# --- what counts as back ------------------------------------------------------------------------------


async def test_what_is_paused_or_held_is_not_back(harness: ShopHarness):
    value = await waiting(harness)
    await harness.store.write(pause_selling, harness.shop, PauseReason.AUDIT)
    await looks(harness, 5, 5, 5)
    assert told(harness) == []
    await resume_selling(harness.shop, key="r", operator_id=OPERATOR)
    harness.kind().price = harness.kind().price * 3 / 10
    await looks(harness, 5, 5, 5)
    assert harness.shop.shelf.denomination(value).held
    assert told(harness) == []
    async with harness.store.reading() as tx:
        assert not await can_be_sold(tx, harness.shop, value)
        assert not await can_be_sold(tx, harness.shop, 10**6)

    harness.kind().price = harness.kind().price * 10 / 3
    await harness.store.write(_end_hold, value)
    await looks(harness, 5, 5, 5)

    assert told(harness) == [1]


async def _end_hold(tx, value):
    await tx.catalogue.end_hold(value)


async def test_a_pause_between_the_look_and_the_news_holds_it(harness: ShopHarness, monkeypatch):
    await waiting(harness)
    await looks(harness, 5)
    real = can_be_sold
    answers = iter([True, False])

    async def pauses(tx, shop, value):
        return next(answers) and await real(tx, shop, value)

    monkeypatch.setattr(watches, "can_be_sold", pauses)
    await looks(harness, 5)

    assert told(harness) == []
    assert len(await my_watches(harness.shop, 1, "en")) == 1


async def test_a_silent_supplier_is_no_look_and_no_alert_of_this_sweep(harness: ShopHarness):
    await waiting(harness)
    await looks(harness, 5)
    harness.book.faults.append(Fault(FaultKind.STATUS, "checkProduct", times=1000, status=503))

    await harness.run(6 * LOOK)

    assert told(harness) == []
    assert not [t for t in harness.shop.items.troubles if t.kind is ItemKind.WATCHED]
    harness.book.faults.clear()
    await harness.run(3 * LOOK)
    assert told(harness) == [1]


async def test_a_value_that_left_the_shelf_is_waited_for_until_it_comes_back(harness: ShopHarness):
    await waiting(harness)
    hidden = harness.shop.shelf.categories
    harness.set_policy(hidden_categories=frozenset(c.title.casefold() for c in hidden.values()))
    await load_shelf(harness.shop)

    await looks(harness, 5, 5, 5)
    assert told(harness) == []
    harness.set_policy(hidden_categories=frozenset({"mobile & internet"}))
    await load_shelf(harness.shop)
    await looks(harness, 5, 5)

    assert told(harness) == [1]


async def test_a_value_that_its_supplier_lists_no_more_is_not_back(harness: ShopHarness):
    await waiting(harness)
    await looks(harness, 5)
    await not_listed(harness)

    await harness.run(2 * LOOK + 2)

    assert told(harness) == []
    assert len(await my_watches(harness.shop, 1, "en")) == 1


async def not_listed(shop: ShopHarness) -> None:
    (goods,) = [g for c in shop.book.categories for g in c.products if g.title == "PlayStation USA"]
    gone = shop.kind()
    goods.denominations = [kind for kind in goods.denominations if kind is not gone]


async def test_a_product_that_its_supplier_knows_no_more_is_not_back(
    harness: ShopHarness, monkeypatch
):
    await waiting(harness)

    async def unknown(*_args: object, **_options: object):
        raise UnknownAtSupplier("product", "GONE")

    monkeypatch.setattr(harness.shop.suppliers["oneclickdz"], "product", unknown)
    await looks(harness, 3, 3)

    assert told(harness) == []


async def test_the_follower_of_a_value_brings_it_back(two_suppliers: VoucherHarness):
    shop = two_suppliers.shop
    (mine,) = [p for p in find_products(shop, "PlayStation") if p.title == "PlayStation USA"]
    (theirs,) = find_products(shop, "PlayStation Store")
    value = await sold_out(two_suppliers, label="25 $")
    await ensure_customer(shop, 1, "en")
    assert await watch_value(shop, 1, value) is Watching.ON

    await link_products(shop, mine.id, theirs.id, key="k", operator_id=OPERATOR)
    follower = shop.shelf.twins(value)[0].id
    assert follower != value
    assert await watch_value(shop, 1, follower) is Watching.AVAILABLE
    shop.watched.asked[theirs.id] = shop.clock.monotonic()  # for another value of that product
    await two_suppliers.run(3 * LOOK)

    assert told(two_suppliers) == [1]
    (news,) = [s for s in two_suppliers.sender.sent if s.kind == "back"]
    assert int(news.data["value"]) == value, "under the name that customers see"
