"""What is written, told and waited for, to the letter: times, reasons, names, figures, pages."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import errors as e
from bot.domain.catalogue import Category, Product
from bot.domain.orders import Attention, OrderState, ReturnReason
from bot.domain.records import AlertKind, InboxRow, Locale
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services import browse
from bot.services.access import close_for_access, forget_access
from bot.services.audit import audit_books, audit_supplier
from bot.services.custody import check_keys
from bot.services.customers import choose_language
from bot.services.inbox import bring_back_updates, count_attempt
from bot.services.nightly import back_up, last_due, work_nightly
from bot.services.pauses import pause_selling, resume_selling
from bot.services.poll import poll_due_orders
from bot.services.refund import ask_refund, confirm_refund
from bot.services.report import (
    ORDERS_PAGE,
    Span,
    _since,
    my_order,
    my_orders,
    report_attention,
    report_balances,
    report_order,
)
from bot.services.reveal import hide_codes, hide_due_messages, mask, open_parcels, show_again
from bot.services.rotate import rotate_keys
from bot.services.watch import watch_waiting_orders
from bot.vault import AesVault, new_key, parse_keys
from storage.tables import alerts, operator_actions, outbox, postings
from tests.stage import OPERATOR, START, Stage

PRICE, COST = 177_000, 163_000


async def rows(stage: Stage, table):
    async with stage.store._reader.connect() as db:
        return (await db.execute(select(table))).all()


async def posting(stage: Stage, key: str):
    return next(row for row in await rows(stage, postings) if row.key == key)


async def told(stage: Stage, kind: AlertKind):
    (one,) = stage.sender.alerts(kind)
    return dict(one)


class Woken(list):
    def __call__(self, what) -> None:
        self.append(what)


@pytest.fixture
def woken(stage: Stage):
    stage.shop.wake = Woken()
    return stage.shop.wake


# --- money that goes back ---------------------------------------------------------------------------


async def test_an_order_that_is_returned_says_when_why_and_by_whom(stage: Stage, woken):
    await stage.customer(1)
    order = await stage.buy(1)
    stage.kind().quantity = 0
    woken.clear()
    await stage.place()
    done = await stage.order(order.id)

    assert (done.state, done.return_reason) == (OrderState.REFUNDED, ReturnReason.SOLD_OUT)
    assert (done.settled_at, done.due_at, done.attention) == (START, None, None)
    posted = await posting(stage, f"return:{order.id}")
    assert (posted.actor, posted.note) == ("shop", "")
    assert "send" in woken
    assert set(woken) <= {"send", "place", "poll", "search"}


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [(400, "ERR_STOCK", "sold_out"), (400, "ERR_VALIDATION", "not_available")],
)
async def test_a_refusal_while_buying_returns_with_its_reason(stage: Stage, status, code, reason):
    await stage.customer(1)
    stage.book.script(Fault(FaultKind.STATUS, "placeOrder", status=status, code=code))
    order = await stage.buy(1)
    await stage.run(2)

    assert (await stage.order(order.id)).return_reason == reason
    if reason == "not_available":
        assert await told(stage, AlertKind.REQUEST_REFUSED) == {
            "alert": "request_refused",
            "order": str(order.id),
            "code": code,
            "request": "req-fault",
        }


async def test_an_operators_refund_is_written_with_its_reason(stage: Stage, woken):
    await stage.customer(1)
    stage.book.balance *= 0
    order = await stage.buy(1)
    await stage.place()
    woken.clear()
    await ask_refund(
        stage.shop, key="k", operator_id=OPERATOR, order_id=order.id, reason="no stock"
    )

    done = await stage.order(order.id)
    assert done.return_reason is ReturnReason.OPERATOR
    assert (await posting(stage, f"return:{order.id}")).note == "no stock"
    assert "send" in woken
    with pytest.raises(e.NotRefundable) as refused:
        await ask_refund(stage.shop, key="k2", operator_id=OPERATOR, order_id=order.id, reason="x")
    assert refused.value.order_id == order.id


async def test_what_stayed_held_after_an_end_goes_back_under_a_key_of_its_own(stage: Stage, woken):
    await stage.customer(1)
    order = await stage.buy(1, quantity=2)
    await stage.place()
    stage.clock.pass_time(4)
    stage.book.finish_due()
    (there,) = stage.book.orders.values()
    there.cards[1] = dict(there.cards[0])  # the same code twice
    await stage.run(2)
    part = await stage.order(order.id)
    assert (part.state, part.attention) == (OrderState.PARTIAL, Attention.DUPLICATE_CODE)
    woken.clear()
    _, held, action = await ask_refund(
        stage.shop, key="k", operator_id=OPERATOR, order_id=order.id, reason="twice"
    )

    assert (held, action) == (PRICE, None)
    done = await stage.order(order.id)
    assert (done.returned_minor, done.return_reason, done.attention) == (PRICE, "operator", None)
    posted = await posting(stage, f"return:{order.id}:held")
    assert (posted.actor, posted.note) == ("operator", "twice")
    assert f"result:{order.id}:held" in {row.key for row in await rows(stage, outbox)}
    assert "send" in woken


async def test_a_confirmed_refund_names_its_order_when_it_comes_too_late(stage: Stage, woken):
    await stage.customer(1)
    stage.book.handling_seconds = 100
    order = await stage.buy(1)
    await stage.place()
    _, _, action = await ask_refund(
        stage.shop, key="k", operator_id=OPERATOR, order_id=order.id, reason="slow"
    )
    woken.clear()
    await confirm_refund(stage.shop, OPERATOR, action)
    assert "send" in woken
    _, _, later = None, None, None
    with pytest.raises(e.AlreadyDecided):
        await confirm_refund(stage.shop, OPERATOR, action)
    assert later is None


# --- waiting ----------------------------------------------------------------------------------------


async def test_a_price_that_cannot_be_asked_is_asked_later_and_counted(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    stage.book.script(Fault(FaultKind.HTML, "checkProduct", status=502))
    await stage.place()
    waits = await stage.order(order.id)

    assert waits.attempts == 1
    assert waits.due_at > stage.clock.now()


async def test_a_supplier_that_says_wait_is_waited_for_as_long_as_it_says(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    stage.book.script(
        Fault(
            FaultKind.STATUS, "placeOrder", status=429, code="RATE_LIMIT_EXCEEDED", retry_after=77
        )
    )
    await stage.place()
    waits = await stage.order(order.id)

    assert (waits.state, waits.sent_at) == (OrderState.PAID, None)
    assert waits.due_at - stage.clock.now() >= timedelta(seconds=76)


async def test_looks_come_after_and_failures_make_them_rarer(stage: Stage):
    stage.book.handling_seconds = 10_000
    await stage.customer(1)
    order = await stage.buy(1)
    await stage.place()
    waits = []
    stage.book.script(Fault(FaultKind.HTML, "checkOrder", times=7, status=502))
    for _ in range(8):
        stage.clock.moment = (await stage.order(order.id)).due_at
        await poll_due_orders(stage.shop, "oneclickdz")
        now = await stage.order(order.id)
        waits.append(((now.due_at - stage.clock.now()).total_seconds(), now.attempts))

    assert waits == [(5, 1), (5, 2), (8, 3), (16, 4), (32, 5), (60, 6), (60, 7), (5, 0)]


async def test_many_that_are_listed_wait_as_the_one(stage: Stage):
    stage.book.handling_seconds = 10_000
    await stage.customer(1)
    orders = [await stage.buy(1) for _ in range(3)]
    await stage.place()
    stage.clock.pass_time(2)
    assert await poll_due_orders(stage.shop, "oneclickdz") == 0
    for order in orders:
        now = await stage.order(order.id)
        assert (now.due_at - stage.clock.now(), now.attempts) == (timedelta(seconds=5), 0)
    stage.clock.pass_time(6)
    for there in stage.book.orders.values():
        there.ready_at = stage.clock.now()
    assert await poll_due_orders(stage.shop, "oneclickdz") == 3


async def test_a_refused_key_makes_all_wait_as_failures_do(stage: Stage):
    stage.book.handling_seconds = 10_000
    await stage.customer(1)
    order = await stage.buy(1)
    await stage.place()
    stage.clock.pass_time(2)
    stage.book.script(Fault(FaultKind.STATUS, "checkOrder", status=401, code="ERR_AUTH"))
    await poll_due_orders(stage.shop, "oneclickdz")
    assert (await stage.order(order.id)).attempts == 1
    await stage.round()
    assert (await told(stage, AlertKind.CIRCUIT_OPEN))["code"] == "ERR_AUTH"
    await forget_access(stage.shop)
    async with stage.store.reading() as tables:
        account = await tables.operators.account("oneclickdz")
        assert (account.environment, account.paused_for_access) == (None, False)
        assert not await tables.operators.alert_is_open("circuit_open:oneclickdz")


async def test_a_refusal_without_a_code_is_told_by_its_status(stage: Stage):
    await close_for_access(stage.shop, "oneclickdz", e.AccessRefused("x", "", 403))
    await stage.round()
    assert (await told(stage, AlertKind.CIRCUIT_OPEN))["code"] == "403"


async def test_a_lost_answer_is_searched_for_within_a_second_and_told(stage: Stage):
    await stage.customer(1)
    stage.book.script(Fault(FaultKind.HTML, "placeOrder", status=502))
    order = await stage.buy(1)
    await stage.place()
    lost = await stage.order(order.id)
    assert (lost.state, lost.attempts) == (OrderState.UNCONFIRMED, 0)
    assert lost.due_at - stage.clock.now() == timedelta(seconds=1)
    await stage.round()
    assert await told(stage, AlertKind.OUTCOME_UNKNOWN) == {
        "alert": "outcome_unknown",
        "order": str(order.id),
        "supplier": "oneclickdz",
        "why": "502",
    }
    await stage.run(1000, step=10)
    found = await told(stage, AlertKind.ORDER_NOT_FOUND)
    assert found["order"] == str(order.id)


async def test_an_empty_balance_is_told_with_what_the_order_costs(stage: Stage):
    await stage.customer(1)
    stage.book.balance *= 0
    order = await stage.buy(1, quantity=2)
    await stage.run(1)
    empty = await told(stage, AlertKind.BALANCE_EMPTY)
    cost = (await stage.order(order.id)).unit_cost_minor * 2
    assert (empty["order"], empty["cost"]) == (str(order.id), str(cost))
    assert "balance_empty:oneclickdz" in {row.key for row in await rows(stage, alerts)}


async def test_slow_and_stuck_orders_are_told_with_their_numbers_once(stage: Stage):
    stage.book.handling_seconds = 10_000
    await stage.customer(1, dinars=500_000)
    orders = [await stage.buy(1) for _ in range(12)]
    await stage.place()
    stage.clock.pass_time(601)
    await watch_waiting_orders(stage.shop, "oneclickdz")
    await stage.round()
    stuck = await told(stage, AlertKind.ORDERS_STUCK)

    assert (stuck["count"], stuck["more"]) == ("12", "7")
    assert stuck["orders"] == ", ".join(f"#{order.id}" for order in orders[:5])
    for order in orders:
        assert (await stage.order(order.id)).told_slow


async def test_an_id_that_nobody_knows_is_told_with_its_order(stage: Stage):
    await stage.customer(1)
    stage.book.handling_seconds = 10_000
    order = await stage.buy(1)
    await stage.place()
    stage.book.script(
        Fault(FaultKind.STATUS, "checkOrder", times=999, status=404, code="NOT_FOUND")
    )
    await stage.run(1100, step=20)
    assert (await told(stage, AlertKind.ORDER_NOT_FOUND))["order"] == str(order.id)


# --- codes ------------------------------------------------------------------------------------------


async def opened(shop, order):
    return [card for parcel in await open_parcels(shop, order) for card in parcel.cards]


async def test_codes_are_opened_whole_and_masked_by_their_tails(stage: Stage):
    lina = await stage.customer(1)
    order = await stage.buy(1, quantity=2)
    await stage.run(12)
    order = await stage.order(order.id)
    (there,) = stage.book.orders.values()
    cards = await opened(stage.shop, order)
    assert [(c.value, c.serial) for c in cards] == [
        (card["value"], card["serial"]) for card in there.cards
    ]
    seen = []

    async def remember(customer, of, message, masks, first):
        seen.append((customer, of.id, message.message_id, list(masks)))

    stage.sender.mask_codes = remember
    await hide_codes(stage.shop, lina, order.id, 1001)
    await hide_codes(stage.shop, lina, order.id, 4242)  # pressed before its record was written

    masked = [mask(card["value"]) for card in there.cards]
    assert seen == [(lina, order.id, 1001, masked), (lina, order.id, 4242, [])]
    assert mask("123456789012").endswith("9012")
    assert "8901" not in mask("12345678901")
    sent = []

    async def show(customer, of, parcel, *, again):
        sent.append((customer.id, of.id, again))
        return 2000

    stage.sender.send_codes = show
    await show_again(stage.shop, lina, order.id)
    assert sent == [(1, order.id, True)]
    stage.set_policy(reveals_per_order=1)
    with pytest.raises(e.RevealsUsedUp) as refused:
        await show_again(stage.shop, lina, order.id)
    assert refused.value.limit == 1


async def test_what_cannot_be_hidden_now_is_hidden_later(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    await stage.run(12)
    stage.clock.pass_time(86_400)
    for failure, wait in ((e.SendFailure(), 1), (e.Unreachable(), 86_400)):
        stage.sender.failures.append(failure)
        await hide_due_messages(stage.shop)
        async with stage.store.reading() as tables:
            (message,) = await tables.codes.visible(order.id, 1)
            early = stage.clock.now() + timedelta(seconds=wait - 0.5)
            assert await tables.codes.to_hide(early, 9) == []
            late = stage.clock.now() + timedelta(seconds=wait + 0.5)
            assert [m.id for m in await tables.codes.to_hide(late, 9)] == [message.id]
        stage.clock.pass_time(wait + 1)
    async with stage.store.reading() as tables:
        assert not (await tables.customers.get(1)).reachable


async def test_rotation_keeps_serials_and_counts_what_it_sealed(stage: Stage):
    keys = {**parse_keys(new_key("k2")), **parse_keys(new_key("k1"))}
    stage.shop.vault = AesVault({"k1": keys["k1"]})
    await check_keys(stage.store, stage.shop.vault)
    await stage.customer(1)
    order = await stage.buy(1, quantity=2)
    await stage.run(12)
    before = await opened(stage.shop, await stage.order(order.id))
    for number in (1, 2):
        await stage.store.write(_keep_update, stage.shop, number)
    done = await rotate_keys(stage.store, AesVault(keys), lambda _count: None)

    assert (done.sealed, done.failed, done.still_used) == (4, [], set())
    stage.shop.vault = AesVault({"k2": keys["k2"]})
    after = await opened(stage.shop, await stage.order(order.id))
    assert [(c.value, c.serial) for c in after] == [(c.value, c.serial) for c in before]
    assert all(c.serial for c in after)
    assert after[0] == before[0]


async def _keep_update(tables, shop, number):
    from bot.services.custody import place_of_update

    sealed = shop.vault.seal("{}", place_of_update(number))
    await tables.inbox.add([InboxRow(number, 1, sealed)], shop.clock.now())


# --- what people look at ----------------------------------------------------------------------------


async def test_ones_own_orders_page_by_page_and_nobody_elses(stage: Stage):
    await stage.customer(1, dinars=500_000)
    await stage.customer(2)
    orders = [await stage.buy(1) for _ in range(ORDERS_PAGE + 2)]
    theirs = await stage.buy(2)
    newest = [order.id for order in reversed(orders)]
    for page, expected in ((0, newest[:ORDERS_PAGE]), (1, newest[ORDERS_PAGE:]), (2, [])):
        found, number, pages = await my_orders(stage.shop, 1, page)
        assert ([order.id for order in found], number, pages) == (expected, page, 2)
    assert (await my_orders(stage.shop, 1, -5))[1] == 0
    assert await my_orders(stage.shop, 3, 0) == ([], 0, 1)
    assert (await my_order(stage.shop, 2, theirs.id)).order.id == theirs.id
    with pytest.raises(e.NotFound):
        await my_order(stage.shop, 1, theirs.id)


async def test_an_order_as_operators_see_it(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    report = await report_order(stage.shop, order.id)
    assert (report.order.id, report.held_minor, report.codes) == (order.id, PRICE, 0)
    await stage.run(12)
    report = await report_order(stage.shop, order.id)
    assert (report.order.state, report.held_minor, report.codes) == (OrderState.FULFILLED, 0, 1)


async def test_spans_begin_at_the_shops_midnight(stage: Stage):
    stage.clock.moment = START.replace(hour=23, minute=30)  # half past midnight in Algiers
    assert _since(stage.shop, Span.TODAY) == START.replace(hour=23, minute=0)
    assert stage.clock.now() - _since(stage.shop, Span.MONTH) == timedelta(days=30)


async def test_the_balance_lasts_as_long_as_the_figures_say(stage: Stage):
    await stage.customer(1, dinars=500_000)
    report = (await report_balances(stage.shop))[0]
    assert (report.per_day_minor, report.days_left) == (0, None)
    await stage.buy(1)
    await stage.run(12)
    cost = (await stage.order(1)).cost_minor
    assert ((await report_balances(stage.shop))[0]).per_day_minor == cost  # of the one day so far
    stage.clock.pass_time(3.5 * 86_400)
    report = (await report_balances(stage.shop))[0]
    assert report.per_day_minor == pytest.approx(cost / 3.5, abs=cost / 1000)
    stage.clock.pass_time(86_400 * 3)
    report = (await report_balances(stage.shop))[0]
    assert report.days_left == pytest.approx(report.account.balance_minor / report.per_day_minor)
    stage.book.balance *= 0
    (await report_balances(stage.shop))[0]
    assert ((await report_balances(stage.shop))[0]).days_left == 0


async def test_what_needs_an_operator_is_listed_to_a_limit(stage: Stage):
    await stage.customer(1, dinars=900_000)
    for _ in range(12):
        order = await stage.buy(1)
        await stage.store.write(_notice, order.id)
    report = await report_attention(stage.shop)
    assert (len(report.orders), report.count) == (10, 12)


async def _notice(tables, order_id):
    await tables.orders.change(order_id, attention=Attention.NOT_FOUND)


async def test_shelves_are_turned_page_by_page(stage: Stage):
    shelf = stage.shop.shelf
    assert browse.list_categories(stage.shop) == list(shelf.categories.values())
    category = Category(900, "Wide")
    other = Product(1999, 901, "s", "x", "Elsewhere", "", enabled=True, priced_at=None)
    products = [
        Product(1000 + n, 900, "s", f"p{n}", f"P{n}", "", enabled=True, priced_at=None)
        for n in range(browse.PAGE + 1)
    ]
    shelf.fill(
        [category, Category(901, "Else")], [*products, other], [], {}, {}, frozenset(), {"s"}
    )
    first = browse.list_products(stage.shop, 900)
    assert (first.category, first.number, first.pages) == (category, 0, 2)
    assert first.products == tuple(products[: browse.PAGE])
    last = browse.list_products(stage.shop, 900, 7)
    assert (last.number, last.products) == (1, tuple(products[browse.PAGE :]))
    assert browse.list_products(stage.shop, 900, -1).number == 0
    assert browse.list_products(stage.shop, 901).pages == 1
    view = browse.view_product(stage.shop, 1000)
    assert (view.category, view.product, view.offers, view.stale) == (
        category,
        products[0],
        None,
        True,
    )
    assert browse.exists(stage.shop, category_id=900)
    assert not browse.exists(stage.shop, category_id=5)


async def test_a_product_with_prices_shows_them_until_they_are_old(stage: Stage):
    value = await stage.denomination()
    product_id = stage.shop.shelf.denomination(value).product_id
    view = browse.view_product(stage.shop, product_id)
    assert value in {offer.denomination_id for offer in view.offers}
    assert not view.stale
    stage.clock.pass_time(60)
    assert browse.view_product(stage.shop, product_id).stale


async def test_a_language_that_was_chosen_is_remembered_for_that_person(stage: Stage):
    await stage.customer(1)
    chosen = await choose_language(stage.shop, 1, Locale.AR)
    assert (chosen.id, chosen.locale) == (1, Locale.AR)
    assert stage.shop.customers[1] == chosen


# --- operators --------------------------------------------------------------------------------------


async def test_what_operators_press_is_written_to_the_letter(stage: Stage):
    from bot.domain.records import PauseReason

    await stage.store.write(pause_selling, stage.shop, PauseReason.AUDIT)
    await resume_selling(stage.shop, key="a", operator_id=OPERATOR)
    await stage.store.write(_keep_update, stage.shop, 7)
    for _ in range(5):
        last = await count_attempt(stage.shop, 7, "KeyError")
    assert last
    assert not await count_attempt(stage.shop, 8, "KeyError")  # it was never here
    await stage.round()
    assert (await told(stage, AlertKind.UPDATE_SET_ASIDE))["trouble"] == "KeyError"
    await bring_back_updates(stage.shop, key="b", operator_id=OPERATOR)
    resumed, brought = await rows(stage, operator_actions)
    for row, target in ((resumed, "audit"), (brought, "1")):
        assert (row.target, row.amount_minor, row.note, row.done) == (target, 0, "", True)
    aside = next(r for r in await rows(stage, alerts) if r.key == "update_set_aside")
    assert aside.closed_at is not None


async def test_the_night_begins_when_the_shops_clock_says(stage: Stage):
    zone = stage.shop.policy.time_zone
    for hour, day in ((1, 20), (2, 20), (3, 21), (9, 21)):
        stage.clock.moment = START.replace(hour=hour, minute=0)
        due = last_due(stage.shop).astimezone(zone)
        assert (due.day, due.hour, due.minute) == (day, 3, 30)
    stage.clock.moment = START.replace(hour=2, minute=30)
    assert last_due(stage.shop) == stage.clock.now()  # to the second
    stage.clock.moment = START
    assert not await work_nightly(stage.shop)
    stage.clock.pass_time(86_400)
    assert await work_nightly(stage.shop)
    assert not await work_nightly(stage.shop)


async def test_a_backup_that_works_again_ends_its_alert(stage: Stage):
    class Archive:
        fails = True

        async def keep(self):
            if self.fails:
                raise e.ArchiveFailure("full")

    stage.shop.archive = Archive()
    await back_up(stage.shop)
    async with stage.store.reading() as tables:
        assert await tables.operators.alert_is_open("backup_failed")
    stage.shop.archive.fails = False
    await back_up(stage.shop)
    async with stage.store.reading() as tables:
        assert not await tables.operators.alert_is_open("backup_failed")


# --- the audit's own words --------------------------------------------------------------------------


async def test_the_audit_names_what_it_finds_and_by_how_much(stage: Stage):
    await stage.customer(1)
    await stage.customer(2, dinars=0)
    order = await stage.buy(1, quantity=2)
    stage.book.next_outcomes = [1]
    await stage.run(12)
    stage.clock.pass_time(3600)
    await stage.store.write(lambda t: t.orders.change(order.id, returned_minor=PRICE - 7))
    found = {it.check: it for it in await audit_books(stage.store, stage.clock)}
    (off,) = found["orders"].differences
    assert off.subject == f"#{order.id}"
    assert f"paid {2 * PRICE}, accounted for {2 * PRICE - 7}" in str(off)
    await stage.store.write(lambda t: t.orders.change(order.id, returned_minor=PRICE))
    async with stage.store._writer.begin() as db:
        from sqlalchemy import text

        await db.execute(text("UPDATE accounts SET balance_minor = 5 WHERE name = 'wallet:1'"))
    (off,) = {it.check: it for it in await audit_books(stage.store, stage.clock)}[
        "balances"
    ].differences
    assert off.subject == "wallet:1"
    assert "says 5, its entries" in str(off)


async def test_the_audit_says_what_the_supplier_took_and_what_is_booked(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    await stage.run(12)
    stage.clock.pass_time(3600)
    done = await stage.order(order.id)
    await stage.store.write(lambda t: t.orders.change(order.id, cost_minor=done.cost_minor + 1))
    span = timedelta(days=2)
    listed, moved = await audit_supplier(stage.store, stage.supplier, stage.clock, span)
    assert (listed.looked_at, listed.is_well) == (1, True)
    (off,) = moved.differences
    assert f"the supplier took {done.cost_minor}, its books here say {done.cost_minor + 1}" in str(
        off
    )
    (there,) = stage.book.orders.values()
    stage.book.orders = {"other": replace(there, id="other")}
    listed, _ = await audit_supplier(stage.store, stage.supplier, stage.clock, span)
    assert {d.subject for d in listed.differences} == {"other", f"#{order.id}"}


async def test_queues_that_wait_are_named_with_how_many(stage: Stage):
    for number in (1, 2, 3):
        await stage.store.write(_keep_update, stage.shop, number)
    stage.clock.pass_time(3600)
    (waiting,) = [i for i in await audit_books(stage.store, stage.clock) if i.check == "waiting"]
    assert [d.subject for d in waiting.differences] == ["updates: 3"]
