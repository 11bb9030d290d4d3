"""What is written, told and waited for, to the letter: times, reasons, names, figures, pages."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import errors as e
from bot.domain.catalogue import Category, Product
from bot.domain.orders import Attention, OrderState
from bot.domain.records import AlertKind, InboxRow, Locale
from bot.services.catalogue import browse
from bot.services.codes.custody import check_keys
from bot.services.codes.reveal import (
    hide_codes,
    hide_due_messages,
    mask,
    open_code_messages,
    show_again,
)
from bot.services.codes.rotate import rotate_keys
from bot.services.messaging.customers import choose_language
from bot.services.messaging.inbox import count_attempt, release_updates
from bot.services.operations.audit import audit_books, audit_supplier
from bot.services.operations.nightly import back_up, last_due, work_nightly
from bot.services.operations.reports import (
    ORDERS_PAGE,
    Span,
    _since,
    my_order,
    my_orders,
    report_attention,
    report_balances,
    report_order,
)
from bot.services.operations.watch import watch_waiting_orders
from bot.services.selling.access import close_for_access
from bot.services.selling.pauses import pause_selling, resume_selling
from bot.vault import AesVault, new_key, parse_keys
from storage.tables import alerts, operator_actions
from tests.harness import OPERATOR, START, ShopHarness
from tests.integration.payment_steps import PRICE
from tests.integration.readings import only_alert, rows

# --- money that goes back ---------------------------------------------------------------------------


# --- waiting ----------------------------------------------------------------------------------------


async def test_a_refusal_without_a_code_is_told_by_its_status(harness: ShopHarness):
    await close_for_access(harness.shop, "oneclickdz", e.AccessRefused("x", "", 403))
    await harness.round()
    assert only_alert(harness, AlertKind.CIRCUIT_OPEN)["code"] == "403"


async def test_an_empty_balance_is_told_with_what_the_order_costs(harness: ShopHarness):
    await harness.customer(1)
    harness.book.balance *= 0
    order = await harness.buy(1, quantity=2)
    await harness.run(1)
    empty = only_alert(harness, AlertKind.BALANCE_EMPTY)
    cost = (await harness.order(order.id)).unit_cost_minor * 2
    assert (empty["order"], empty["cost"]) == (str(order.id), str(cost))
    assert "balance_empty:oneclickdz" in {row.key for row in await rows(harness, alerts)}


async def test_slow_and_stuck_orders_are_told_with_their_numbers_once(harness: ShopHarness):
    harness.book.handling_seconds = 10_000
    await harness.customer(1, dinars=500_000)
    orders = [await harness.buy(1) for _ in range(12)]
    await harness.place()
    harness.clock.pass_time(601)
    await watch_waiting_orders(harness.shop, "oneclickdz")
    await harness.round()
    stuck = only_alert(harness, AlertKind.ORDERS_STUCK)

    assert (stuck["count"], stuck["more"]) == ("12", "7")
    assert stuck["orders"] == ", ".join(f"#{order.id}" for order in orders[:5])
    for order in orders:
        assert (await harness.order(order.id)).told_slow


# --- codes ------------------------------------------------------------------------------------------


async def opened(shop, order):
    return [
        card
        for code_message in await open_code_messages(shop, order)
        for card in code_message.cards
    ]


async def test_codes_are_opened_whole_and_masked_by_their_tails(harness: ShopHarness):
    lina = await harness.customer(1)
    order = await harness.buy(1, quantity=2)
    await harness.run(12)
    order = await harness.order(order.id)
    (there,) = harness.book.orders.values()
    cards = await opened(harness.shop, order)
    assert [(c.value, c.serial) for c in cards] == [
        (card["value"], card["serial"]) for card in there.cards
    ]
    seen = []

    async def remember(customer, of, message, masks, first):
        seen.append((customer, of.id, message.message_id, list(masks)))

    harness.sender.mask_codes = remember
    await hide_codes(harness.shop, lina, order.id, 1001)
    await hide_codes(harness.shop, lina, order.id, 4242)  # pressed before its record was written

    masked = [mask(card["value"]) for card in there.cards]
    assert seen == [(lina, order.id, 1001, masked), (lina, order.id, 4242, [])]
    sent = []

    async def show(customer, of, code_message, *, again):
        sent.append((customer.id, of.id, again))
        return 2000

    harness.sender.send_codes = show
    await show_again(harness.shop, lina, order.id)
    assert sent == [(1, order.id, True)]
    harness.set_policy(reveals_per_order=1)
    with pytest.raises(e.RevealsUsedUp) as refused:
        await show_again(harness.shop, lina, order.id)
    assert refused.value.limit == 1


async def test_what_cannot_be_hidden_now_is_hidden_later(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(12)
    harness.clock.pass_time(86_400)
    for failure, wait in ((e.SendFailure(), 1), (e.Unreachable(), 86_400)):
        harness.sender.failures.append(failure)
        await hide_due_messages(harness.shop)
        async with harness.store.reading() as tx:
            (message,) = await tx.codes.visible(order.id, 1)
            early = harness.clock.now() + timedelta(seconds=wait - 0.5)
            assert await tx.codes.to_hide(early, 9) == []
            late = harness.clock.now() + timedelta(seconds=wait + 0.5)
            assert [m.id for m in await tx.codes.to_hide(late, 9)] == [message.id]
        harness.clock.pass_time(wait + 1)
    async with harness.store.reading() as tx:
        assert not (await tx.customers.get(1)).reachable


async def test_rotation_keeps_serials_and_counts_what_it_sealed(harness: ShopHarness):
    keys = {**parse_keys(new_key("k2")), **parse_keys(new_key("k1"))}
    harness.shop.vault = AesVault({"k1": keys["k1"]})
    await check_keys(harness.store, harness.shop.vault)
    await harness.customer(1)
    order = await harness.buy(1, quantity=2)
    await harness.run(12)
    before = await opened(harness.shop, await harness.order(order.id))
    for number in (1, 2):
        await harness.store.write(_keep_update, harness.shop, number)
    done = await rotate_keys(harness.store, AesVault(keys), lambda _count: None)

    assert (done.sealed, done.failed, done.still_used) == (4, [], set())
    harness.shop.vault = AesVault({"k2": keys["k2"]})
    after = await opened(harness.shop, await harness.order(order.id))
    assert [(c.value, c.serial) for c in after] == [(c.value, c.serial) for c in before]
    assert all(c.serial for c in after)
    assert after[0] == before[0]


async def _keep_update(tx, shop, number):
    from bot.services.codes.custody import update_associated_data

    sealed = shop.vault.seal("{}", update_associated_data(number))
    await tx.inbox.add([InboxRow(number, 1, sealed)], shop.clock.now())


# --- what people look at ----------------------------------------------------------------------------


async def test_ones_own_orders_page_by_page_and_nobody_elses(harness: ShopHarness):
    await harness.customer(1, dinars=500_000)
    await harness.customer(2)
    orders = [await harness.buy(1) for _ in range(ORDERS_PAGE + 2)]
    theirs = await harness.buy(2)
    newest = [order.id for order in reversed(orders)]
    for page, expected in ((0, newest[:ORDERS_PAGE]), (1, newest[ORDERS_PAGE:]), (2, [])):
        found, number, pages = await my_orders(harness.shop, 1, page)
        assert ([order.id for order in found], number, pages) == (expected, page, 2)
    assert (await my_orders(harness.shop, 1, -5))[1] == 0
    assert await my_orders(harness.shop, 3, 0) == ([], 0, 1)
    assert (await my_order(harness.shop, 2, theirs.id)).order.id == theirs.id
    with pytest.raises(e.NotFound):
        await my_order(harness.shop, 1, theirs.id)


async def test_an_order_as_operators_see_it(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    report = await report_order(harness.shop, order.id)
    assert (report.order.id, report.held_minor, report.codes) == (order.id, PRICE, 0)
    await harness.run(12)
    report = await report_order(harness.shop, order.id)
    assert (report.order.state, report.held_minor, report.codes) == (OrderState.FULFILLED, 0, 1)


async def test_spans_begin_at_the_shops_midnight(harness: ShopHarness):
    harness.clock.moment = START.replace(hour=23, minute=30)  # half past midnight in Algiers
    assert _since(harness.shop, Span.TODAY) == START.replace(hour=23, minute=0)
    assert harness.clock.now() - _since(harness.shop, Span.MONTH) == timedelta(days=30)


async def test_the_balance_lasts_as_long_as_the_figures_say(harness: ShopHarness):
    await harness.customer(1, dinars=500_000)
    report = (await report_balances(harness.shop))[0]
    assert (report.per_day_minor, report.days_left) == (0, None)
    await harness.buy(1)
    await harness.run(12)
    cost = (await harness.order(1)).cost_minor
    assert ((await report_balances(harness.shop))[0]).per_day_minor == cost  # of the one day so far
    harness.clock.pass_time(3.5 * 86_400)
    report = (await report_balances(harness.shop))[0]
    assert report.per_day_minor == pytest.approx(cost / 3.5, abs=cost / 1000)
    harness.clock.pass_time(86_400 * 3)
    report = (await report_balances(harness.shop))[0]
    assert report.days_left == pytest.approx(report.account.balance_minor / report.per_day_minor)
    harness.book.balance *= 0
    (await report_balances(harness.shop))[0]
    assert ((await report_balances(harness.shop))[0]).days_left == 0


async def test_what_needs_an_operator_is_listed_to_a_limit(harness: ShopHarness):
    await harness.customer(1, dinars=900_000)
    for _ in range(12):
        order = await harness.buy(1)
        await harness.store.write(_notice, order.id)
    report = await report_attention(harness.shop)
    assert (len(report.orders), report.count) == (10, 12)


async def _notice(tx, order_id):
    await tx.orders.change(order_id, attention=Attention.NOT_FOUND)


async def test_shelves_are_turned_page_by_page(harness: ShopHarness):
    shelf = harness.shop.shelf
    assert browse.list_categories(harness.shop) == list(shelf.categories.values())
    category = Category(900, "Wide")
    other = Product(1999, 901, "s", "x", "Elsewhere", "", enabled=True, priced_at=None)
    products = [
        Product(1000 + n, 900, "s", f"p{n}", f"P{n}", "", enabled=True, priced_at=None)
        for n in range(browse.PAGE + 1)
    ]
    shelf.fill(
        [category, Category(901, "Else")], [*products, other], [], {}, {}, frozenset(), {"s"}
    )
    first = browse.list_products(harness.shop, 900)
    assert (first.category, first.number, first.pages) == (category, 0, 2)
    assert first.products == tuple(products[: browse.PAGE])
    last = browse.list_products(harness.shop, 900, 7)
    assert (last.number, last.products) == (1, tuple(products[browse.PAGE :]))
    assert browse.list_products(harness.shop, 900, -1).number == 0
    assert browse.list_products(harness.shop, 901).pages == 1
    view = browse.view_product(harness.shop, 1000)
    assert (view.category, view.product, view.offers, view.stale) == (
        category,
        products[0],
        None,
        True,
    )
    assert browse.exists(harness.shop, category_id=900)
    assert not browse.exists(harness.shop, category_id=5)


async def test_a_product_with_prices_shows_them_until_they_are_old(harness: ShopHarness):
    value = await harness.denomination()
    product_id = harness.shop.shelf.denomination(value).product_id
    view = browse.view_product(harness.shop, product_id)
    assert value in {offer.denomination_id for offer in view.offers}
    assert not view.stale
    harness.clock.pass_time(60)
    assert browse.view_product(harness.shop, product_id).stale


async def test_a_language_that_was_chosen_is_remembered_for_that_person(harness: ShopHarness):
    await harness.customer(1)
    chosen = await choose_language(harness.shop, 1, Locale.AR)
    assert (chosen.id, chosen.locale) == (1, Locale.AR)
    assert harness.shop.customers[1] == chosen


# --- operators --------------------------------------------------------------------------------------


async def test_what_operators_press_is_written_to_the_letter(harness: ShopHarness):
    from bot.domain.records import PauseReason

    await harness.store.write(pause_selling, harness.shop, PauseReason.AUDIT)
    await resume_selling(harness.shop, key="a", operator_id=OPERATOR)
    await harness.store.write(_keep_update, harness.shop, 7)
    for _ in range(5):
        last = await count_attempt(harness.shop, 7, "KeyError")
    assert last
    assert not await count_attempt(harness.shop, 8, "KeyError")  # it was never here
    await harness.round()
    assert only_alert(harness, AlertKind.UPDATE_QUARANTINED)["trouble"] == "KeyError"
    await release_updates(harness.shop, key="b", operator_id=OPERATOR)
    resumed, brought = await rows(harness, operator_actions)
    for row, target in ((resumed, "audit"), (brought, "1")):
        assert (row.target, row.amount_minor, row.note, row.done) == (target, 0, "", True)
    aside = next(r for r in await rows(harness, alerts) if r.key == "update_quarantined")
    assert aside.closed_at is not None


async def test_the_night_begins_when_the_shops_clock_says(harness: ShopHarness):
    zone = harness.shop.policy.time_zone
    for hour, day in ((1, 20), (2, 20), (3, 21), (9, 21)):
        harness.clock.moment = START.replace(hour=hour, minute=0)
        due = last_due(harness.shop).astimezone(zone)
        assert (due.day, due.hour, due.minute) == (day, 3, 30)
    harness.clock.moment = START.replace(hour=2, minute=30)
    assert last_due(harness.shop) == harness.clock.now()  # to the second
    harness.clock.moment = START
    assert not await work_nightly(harness.shop)
    harness.clock.pass_time(86_400)
    assert await work_nightly(harness.shop)
    assert not await work_nightly(harness.shop)


async def test_a_backup_that_works_again_ends_its_alert(harness: ShopHarness):
    class Archive:
        fails = True

        async def keep(self):
            if self.fails:
                raise e.ArchiveFailure("full")

    harness.shop.archive = Archive()
    await back_up(harness.shop)
    async with harness.store.reading() as tx:
        assert await tx.operators.alert_is_open("backup_failed")
    harness.shop.archive.fails = False
    await back_up(harness.shop)
    async with harness.store.reading() as tx:
        assert not await tx.operators.alert_is_open("backup_failed")


# --- the audit's own words --------------------------------------------------------------------------


async def test_the_audit_names_what_it_finds_and_by_how_much(harness: ShopHarness):
    await harness.customer(1)
    await harness.customer(2, dinars=0)
    order = await harness.buy(1, quantity=2)
    harness.book.next_outcomes = [1]
    await harness.run(12)
    harness.clock.pass_time(3600)
    await harness.store.write(lambda t: t.orders.change(order.id, returned_minor=PRICE - 7))
    found = {it.check: it for it in await audit_books(harness.store, harness.clock)}
    (off,) = found["orders"].differences
    assert off.subject == f"#{order.id}"
    assert f"paid {2 * PRICE}, accounted for {2 * PRICE - 7}" in str(off)
    await harness.store.write(lambda t: t.orders.change(order.id, returned_minor=PRICE))
    async with harness.store._writer.begin() as db:
        from sqlalchemy import text

        await db.execute(text("UPDATE accounts SET balance_minor = 5 WHERE name = 'wallet:1'"))
    (off,) = {it.check: it for it in await audit_books(harness.store, harness.clock)}[
        "balances"
    ].differences
    assert off.subject == "wallet:1"
    assert "says 5, its entries" in str(off)


async def test_the_audit_says_what_the_supplier_took_and_what_is_booked(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(12)
    harness.clock.pass_time(3600)
    done = await harness.order(order.id)
    await harness.store.write(lambda t: t.orders.change(order.id, cost_minor=done.cost_minor + 1))
    span = timedelta(days=2)
    listed, moved = await audit_supplier(harness.store, harness.supplier, harness.clock, span)
    assert (listed.looked_at, listed.is_well) == (1, True)
    (off,) = moved.differences
    assert f"the supplier took {done.cost_minor}, its books here say {done.cost_minor + 1}" in str(
        off
    )
    (there,) = harness.book.orders.values()
    harness.book.orders = {"other": replace(there, id="other")}
    listed, _ = await audit_supplier(harness.store, harness.supplier, harness.clock, span)
    assert {d.subject for d in listed.differences} == {"other", f"#{order.id}"}


async def test_queues_that_wait_are_named_with_how_many(harness: ShopHarness):
    for number in (1, 2, 3):
        await harness.store.write(_keep_update, harness.shop, number)
    harness.clock.pass_time(3600)
    (waiting,) = [
        i for i in await audit_books(harness.store, harness.clock) if i.check == "waiting"
    ]
    assert [d.subject for d in waiting.differences] == ["updates: 3"]
