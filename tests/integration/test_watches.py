"""Values that customers wait for: told once, in the order in which they asked, a few at a time."""

import asyncio

import pytest

from bot.domain.jobs import Job
from bot.domain.outbox import OutboxKind
from bot.domain.records import PauseReason
from bot.errors import SendFailure, SendLater, UnknownAtSupplier, Unreachable
from bot.refusals import NotFound
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.world import text_of
from bot.services.catalogue.links import find_products, link_products
from bot.services.catalogue.refresh import load_shelf, refresh_product
from bot.services.items import ItemKind
from bot.services.messaging.customers import ensure_customer, mark_unreachable
from bot.services.operations import watches
from bot.services.operations.gone_items import HAVE_WORK
from bot.services.operations.watches import (
    MOST_WATCHES,
    Watching,
    my_watches,
    unwatch_value,
    watch_value,
)
from bot.services.orders.quote import can_be_sold
from bot.services.selling.pauses import pause_selling, resume_selling
from tests.bot_harness import LINA, BotHarness, bare
from tests.harness import AT_INTERVALS, OPERATOR, ShopHarness
from tests.integration.test_values import span_of
from tests.vouchers import VoucherHarness

LOOK = 600  # seconds from one look at a product to the next


async def sold_out(shop: ShopHarness, title: str = "PlayStation USA", label: str = "10 $") -> int:
    """The id of a value that is sold out from now on."""
    value = await shop.denomination(title, label)
    shop.kind(title, label).quantity = 0
    await refresh_product(shop.shop, shop.shop.shelf.denomination(value).product_id)
    return value


async def waiting(shop: ShopHarness, people: int = 1) -> int:
    """A value that is sold out, and for which so many people wait, the lowest id first."""
    value = await sold_out(shop)
    for user_id in range(1, people + 1):
        await ensure_customer(shop.shop, user_id, "en")
        assert await watch_value(shop.shop, user_id, value) is Watching.ON
        shop.clock.pass_time(1)
    shop.leave_out(Job.SILENCE, Job.BALANCE, Job.WATCH, Job.PLACE, Job.REMINDERS)
    return value


def told(shop: ShopHarness) -> list[int]:
    return [s.user_id for s in shop.sender.sent if s.kind == "back"]


async def looks(shop: ShopHarness, *stocks: int) -> None:
    """So many looks; before each the supplier has so many codes."""
    for stock in stocks:
        shop.kind().quantity = stock
        await shop.run(LOOK + 1)


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


# --- who is told, and how often -----------------------------------------------------------------------


async def test_who_blocked_the_bot_is_dropped_and_takes_nobodys_place(harness: ShopHarness):
    await waiting(harness, people=4)

    async def block(tx):
        await mark_unreachable(tx, harness.shop, 1)

    await harness.store.write(block)
    await looks(harness, 1, 1)

    assert sorted(told(harness)) == [2, 3, 4]
    assert await my_watches(harness.shop, 1, "en") == ()


@pytest.mark.parametrize(
    ("failure", "sent"),
    [(SendLater(30), 1), (SendFailure("gone dark"), 0), (Unreachable(), 0)],
    ids=["told to wait", "unknown", "blocked"],
)
async def test_the_news_is_sent_at_most_once(harness: ShopHarness, failure, sent):
    harness.leave_out(*AT_INTERVALS)
    await waiting(harness)
    await looks(harness, 5)
    harness.sender.failures.append(failure)

    await looks(harness, 5)
    await harness.run(3600)

    assert len(told(harness)) == sent
    assert await my_watches(harness.shop, 1, "en") == ()
    async with harness.store.reading() as tx:
        found = await tx.customers.get(1)
    assert found is not None
    assert found.reachable == (not isinstance(failure, Unreachable))


async def test_a_process_that_ends_between_the_mark_and_the_news_sends_it_no_second_time(
    harness: ShopHarness, monkeypatch
):
    await waiting(harness)
    await looks(harness, 5)

    class Ended(BaseException):
        pass

    async def ends(customer, value):
        raise Ended

    monkeypatch.setattr(harness.sender, "send_back_in_stock", ends)
    with pytest.raises(Ended):
        await looks(harness, 5)
    monkeypatch.undo()
    harness.restart()
    await load_shelf(harness.shop)
    await harness.run(3 * LOOK)

    assert told(harness) == []
    assert await my_watches(harness.shop, 1, "en") == ()


async def test_a_restart_before_the_news_delays_it_and_loses_nobody(harness: ShopHarness):
    await waiting(harness, people=9)
    await looks(harness, 1, 1)
    assert sorted(told(harness)) == [1, 2, 3]

    harness.restart()
    harness.leave_out(Job.SILENCE, Job.BALANCE, Job.WATCH, Job.PLACE, Job.REMINDERS)
    await load_shelf(harness.shop)
    await looks(harness, 1, 1, 1, 1)

    assert sorted(told(harness)) == list(range(1, 10))


async def test_where_the_value_is_gone_again_before_the_news_the_customer_waits_on(
    harness: ShopHarness,
):
    value = await waiting(harness)
    (before,) = await my_watches(harness.shop, 1, "en")
    harness.leave_out(Job.OUTBOX)
    await looks(harness, 5, 5)
    assert await my_watches(harness.shop, 1, "en") == ()
    await sold_out(harness)

    await harness.send()

    assert told(harness) == []
    assert await my_watches(harness.shop, 1, "en") == (before,)
    assert before.denomination_id == value
    harness.restart()
    await load_shelf(harness.shop)
    await looks(harness, 5, 5, 5)
    assert told(harness) == [1]


async def test_a_watch_ends_after_sixty_days(harness: ShopHarness):
    await waiting(harness)
    harness.clock.pass_time(59 * 86400)
    await watches.tell_what_is_back(harness.shop)
    assert len(await my_watches(harness.shop, 1, "en")) == 1
    harness.clock.pass_time(2 * 86400)

    await watches.tell_what_is_back(harness.shop)

    assert await my_watches(harness.shop, 1, "en") == ()


async def test_a_customer_waits_for_five_values_at_most(harness: ShopHarness):
    await ensure_customer(harness.shop, 1, "en")
    for goods in [g for c in harness.book.categories for g in c.products]:
        for kind in goods.denominations:
            kind.quantity = 0
    for one in list(harness.shop.shelf.products):
        await refresh_product(harness.shop, one)
    values = [d.id for p in harness.shop.shelf.products for d in harness.shop.shelf.of_product(p)]

    found = [await watch_value(harness.shop, 1, one) for one in values[: MOST_WATCHES + 1]]
    same = [await watch_value(harness.shop, 1, values[0]) for _ in range(5)]

    assert found == [Watching.ON] * MOST_WATCHES + [Watching.FULL]
    assert same == [Watching.ON] * 5
    assert len(await my_watches(harness.shop, 1, "en")) == MOST_WATCHES
    assert await unwatch_value(harness.shop, 1, values[0])
    assert not await unwatch_value(harness.shop, 1, values[0])
    assert await watch_value(harness.shop, 1, values[MOST_WATCHES]) is Watching.ON


async def test_a_range_is_never_waited_for(voucher_harness: VoucherHarness):
    await ensure_customer(voucher_harness.shop, 1, "en")
    span = await span_of(voucher_harness)

    for unknown in (span, 10**6):
        with pytest.raises(NotFound):
            await watch_value(voucher_harness.shop, 1, unknown)


async def test_a_product_that_nobody_waits_for_has_no_work(harness: ShopHarness):
    value = await waiting(harness)
    product_id = harness.shop.shelf.denomination(value).product_id
    has_work = HAVE_WORK[ItemKind.WATCHED]
    async with harness.store.reading() as tx:
        assert await has_work(tx, harness.shop, product_id)
        assert not await has_work(tx, harness.shop, product_id + 1)


async def test_a_press_and_a_look_at_the_same_time_lose_no_watch(harness: ShopHarness):
    value = await waiting(harness, people=3)

    await asyncio.gather(
        *(watch_value(harness.shop, n, value) for n in (1, 2, 3)),
        watches.tell_what_is_back(harness.shop),
    )

    async with harness.store.reading() as tx:
        assert set(await tx.watches.watched()) == {value}


# --- in the chat --------------------------------------------------------------------------------------


async def test_the_press_on_a_sold_out_value_offers_it_and_the_news_leads_to_the_quantity(
    chat_shop: BotHarness,
):
    lina = chat_shop.person(LINA)
    await lina.say("/start")
    await chat_shop.pump()
    value = await sold_out(chat_shop)
    await chat_shop.press(lina, f"sold:{value}")
    assert "is sold out" in text_of(lina.inbox[-1])

    for _ in range(5):
        await chat_shop.press(lina, f"watch:{value}")
    assert "We’ll message you here when PlayStation USA · 10 $ is back" in bare(
        text_of(lina.inbox[-1])
    )
    assert len(await my_watches(chat_shop.shop, LINA, "en")) == 1
    await chat_shop.press(lina, "langs")
    assert await chat_shop.press_newest(lina, "watches")
    assert "Back-in-stock alerts" in text_of(lina.inbox[-1])
    chat_shop.kind().quantity = 3
    await chat_shop.run(3 * LOOK)
    await chat_shop.pump()

    assert "is back in stock" in text_of(lina.inbox[-1])
    async with chat_shop.store.reading() as tx:
        assert not await tx.outbox.is_waiting(LINA, OutboxKind.BACK)
    assert await chat_shop.press_newest(lina, f"den:{value}")
    assert "How many?" in text_of(lina.inbox[-1])
    await chat_shop.press(lina, f"watch:{value}")
    assert "is back in stock" in text_of(lina.inbox[-1]), "there is nothing to wait for"


async def test_the_list_takes_values_off_and_a_sixth_is_refused(chat_shop: BotHarness, monkeypatch):
    lina = chat_shop.person(LINA)
    await lina.say("/start")
    await chat_shop.pump()
    value = await sold_out(chat_shop)
    other = await sold_out(chat_shop, label="25 $")
    monkeypatch.setattr(watches, "MOST_WATCHES", 1)
    await chat_shop.press(lina, f"watch:{value}")

    await chat_shop.press(lina, f"watch:{other}")
    assert "Remove one first" in text_of(lina.inbox[-1])
    await chat_shop.press(lina, f"unwatch:{value}")
    assert "No alerts yet" in text_of(lina.inbox[-1])
    await chat_shop.press(lina, f"unwatch:{other}")

    assert await my_watches(chat_shop.shop, LINA, "en") == ()


async def test_a_stale_button_of_a_sold_out_value_offers_to_tell(chat_shop: BotHarness):
    lina = chat_shop.person(LINA)
    await lina.say("/start")
    await chat_shop.pump()
    value = await sold_out(chat_shop)

    await chat_shop.press(lina, f"den:{value}")
    assert "is sold out" in text_of(lina.inbox[-1])
    chat_shop.kind().quantity = 4
    product = chat_shop.shop.shelf.denomination(value).product_id
    await refresh_product(chat_shop.shop, product)
    await chat_shop.press(lina, f"sold:{value}")

    assert "is back in stock" in text_of(lina.inbox[-1])
