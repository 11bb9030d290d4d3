"""What one look at things leaves to the next: counts, places in a list, and whose turn comes after."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot import errors as e
from bot.domain.orders import Attention, OrderState, ReturnReason
from bot.domain.payments import Method, PaymentState
from bot.domain.records import AlertKind, Customer, Locale
from bot.domain.supplier import Card, SupplierOrder, SupplierStatus
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services import browse, poll
from bot.services.access import is_sandbox
from bot.services.alerts import raise_alert, tell_alerts
from bot.services.awaiting import MOST_AWAITING
from bot.services.balance import check_balance
from bot.services.catalogue import refresh_catalogue, refresh_product
from bot.services.checkout import buy
from bot.services.credit import Credit, credit_wallet
from bot.services.customers import welcome
from bot.services.links import find_products, link_products
from bot.services.place import RecentOffers, find_orders_to_place
from bot.services.quote import make_quote
from bot.services.remind import remind_of_expiry
from bot.services.reveal import hide_codes, hide_due_messages, mask
from bot.services.search import search_lost_orders
from bot.services.settle import settle_order
from bot.services.topup import MOST_OPEN
from bot.services.watch import watch_supplier
from storage.order_rows import SqlOrders
from storage.tables import codes, orders, payments, postings
from tests.integration.test_payments import PRICE, Payments, waiting_order
from tests.stage import OPERATOR, Stage, books_agree
from tests.vouchers import VoucherStage

MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)
LINA = Customer(1, Locale.EN)
S = SupplierStatus


@pytest.fixture
def till(stage: Stage):
    stage.offer()
    return stage


@pytest.fixture
def pay(till: Stage):
    return Payments(till)


# --- reports of an order ----------------------------------------------------------------------------


async def handled(stage: Stage, quantity: int):
    await stage.customer(1)
    order = await stage.buy(1, quantity=quantity)
    await stage.place()
    return await stage.order(order.id)


def report(order, status=S.HANDLING, cards=(), *, final=False, **more) -> SupplierOrder:
    named = tuple(Card(text) for text in cards)
    there = order.supplier_order_id
    return SupplierOrder(there, status, final, order.quantity, named, **more)


async def kept(stage: Stage) -> list[tuple[int, int, bool]]:
    async with stage.store._reader.connect() as db:
        found = await db.execute(
            select(codes.c.position, codes.c.batch, codes.c.deliver).order_by(codes.c.position)
        )
        return [tuple(row) for row in found.all()]


async def test_codes_that_come_one_by_one_have_places_and_postings_of_their_own(stage: Stage):
    order = await handled(stage, 3)
    for count in (1, 2, 2):  # the third report says nothing new
        assert not await settle_order(stage.shop, order, report(order, cards="ABC"[:count]))
    assert (await stage.order(order.id)).cost_minor == 2 * order.unit_cost_minor
    assert await settle_order(
        stage.shop, order, report(order, S.FULFILLED, "CAB", final=True, fulfilled_quantity=3)
    )

    assert await kept(stage) == [(0, 0, True), (1, 1, True), (2, 2, True)]
    async with stage.store._reader.connect() as db:
        keys = (await db.execute(select(postings.c.key).where(postings.c.kind == "sale"))).scalars()
        assert sorted(keys) == ["sale:1", "sale:1:1", "sale:1:2"]
    after = await stage.order(order.id)
    assert (after.state, after.return_reason) == (OrderState.FULFILLED, None)
    await books_agree(stage)


async def test_one_code_twice_in_a_report_is_held_wherever_it_stands(stage: Stage):
    order = await handled(stage, 3)
    said = report(order, S.FULFILLED, "ABA", final=True, fulfilled_quantity=3)
    await settle_order(stage.shop, order, said)

    after = await stage.order(order.id)
    assert (after.delivered_quantity, after.attention) == (2, Attention.DUPLICATE_CODE)
    assert await kept(stage) == [(0, 0, True), (1, 0, True)]


async def test_a_code_of_another_order_is_held(stage: Stage):
    first, second = await handled(stage, 1), await handled(stage, 2)
    await settle_order(stage.shop, first, report(first, S.FULFILLED, "A", final=True))
    await settle_order(stage.shop, second, report(second, S.FULFILLED, "BA", final=True))

    after = await stage.order(second.id)
    assert (after.delivered_quantity, after.attention) == (1, Attention.DUPLICATE_CODE)


async def test_what_was_held_and_comes_again_keeps_its_place(stage: Stage):
    """Contradicted first, confirmed later: the code that lies here is released, and kept once."""
    order = await handled(stage, 2)
    await settle_order(stage.shop, order, report(order, S.REFUNDED, "AB", final=True))
    assert await kept(stage) == [(0, 0, False), (1, 0, False)]
    said = report(order, S.FULFILLED, "BA", final=True, fulfilled_quantity=2)
    assert await settle_order(stage.shop, order, said)

    assert await kept(stage) == [(0, 0, True), (1, 0, True)]
    assert (await stage.order(order.id)).attention is None


async def test_an_order_that_ends_in_part_says_why_and_costs_what_came(stage: Stage):
    order = await handled(stage, 3)
    said = report(
        order, S.PARTIALLY_FILLED, "A", final=True, fulfilled_quantity=1, unit_cost_minor=90_000
    )
    await settle_order(stage.shop, order, said)

    after = await stage.order(order.id)
    assert (after.return_reason, after.cost_minor) == (ReturnReason.NOT_AVAILABLE, 90_000)
    assert after.returned_minor == 2 * PRICE
    assert stage.sender.alerts(AlertKind.PRICE_DRIFT) == []


@pytest.mark.parametrize("kind", ["PRODUCTION", "SANDBOX"])
async def test_a_dearer_price_is_told_for_real_orders_alone(sqlite_store, kind):
    stage = await Stage(sqlite_store, key_kind=kind).open()
    order = await handled(stage, 1)
    dear = order.unit_cost_minor + 1
    said = report(order, S.FULFILLED, "A", final=True, unit_cost_minor=dear)
    await settle_order(stage.shop, order, said)
    await stage.round()

    told = stage.sender.alerts(AlertKind.PRICE_DRIFT)
    figures = [(alert["expected"], alert["paid"]) for alert in told]
    assert figures == ([(str(dear - 1), str(dear))] if kind == "PRODUCTION" else [])
    await stage.close()


async def test_a_doubt_that_stays_is_told_once(stage: Stage):
    order = await handled(stage, 1)
    for _ in range(2):
        await settle_order(stage.shop, order, report(order, S.FULFILLED, final=True))
        await stage.round()

    assert len(stage.sender.alerts(AlertKind.ORDER_ATTENTION)) == 1


async def test_after_a_part_nothing_more_is_a_return_of_the_rest(stage: Stage):
    order = await handled(stage, 2)
    await settle_order(stage.shop, order, report(order, cards="A"))
    said = report(order, S.PARTIALLY_FILLED, "A", final=True, fulfilled_quantity=1)
    assert await settle_order(stage.shop, order, said)

    after = await stage.order(order.id)
    assert (after.state, after.delivered_quantity) == (OrderState.PARTIAL, 1)
    assert (after.returned_minor, after.cost_minor) == (PRICE, after.unit_cost_minor)


# --- looks at many orders ---------------------------------------------------------------------------


async def test_failures_in_between_answers_hold_up_only_their_own_orders(stage: Stage):
    """Two silences, an answer, two silences: nobody is left out, and each waits for its own reason."""
    await stage.customer(1, dinars=900_000)
    placed = [await stage.buy(1) for _ in range(5)]
    await stage.place()
    due = [await stage.order(order.id) for order in placed]
    answers = iter("--+--")

    async def ask(_there, _purchase):
        if next(answers) == "-":
            raise e.SupplierUnavailable("checkOrder", "")
        return report(due[2], S.FULFILLED, "A", final=True)

    stage.supplier.order = ask
    assert await poll._poll_each(stage.shop, due) == 1
    after = [(await stage.order(order.id)).attempts for order in due]
    assert after == [1, 1, 0, 1, 1]


async def test_three_failures_in_a_row_make_the_rest_wait_unasked(stage: Stage):
    await stage.customer(1, dinars=900_000)
    placed = [await stage.buy(1) for _ in range(5)]
    await stage.place()
    due = [await stage.order(order.id) for order in placed]
    asked = []

    async def ask(there, _purchase):
        asked.append(there)
        raise e.SupplierUnavailable("checkOrder", "")

    stage.supplier.order = ask
    assert await poll._poll_each(stage.shop, due) == 0
    assert len(asked) == 3
    assert [(await stage.order(order.id)).attempts for order in due] == [1] * 5


async def test_two_suppliers_orders_are_looked_at_apart(sqlite_store):
    stage = await VoucherStage(sqlite_store, both=True).open()
    asked = {name: [] for name in stage.shop.suppliers}
    for name, supplier in stage.shop.suppliers.items():

        async def ask(there, _purchase, name=name):
            asked[name].append(there)
            raise e.SupplierUnavailable("order", "")

        async def listed(_since, _until, name=name):
            asked[name].append("list")
            return ()

        supplier.order, supplier.orders = ask, listed
    await stage.customer(1)
    order = await stage.buy(1)
    await stage.place()
    async with stage.store._writer.begin() as db:
        await db.execute(update(orders).values(state=OrderState.HANDLING, due_at=stage.clock.now()))
    assert await poll.poll_due_orders(stage.shop, "starship") == 0
    async with stage.store._writer.begin() as db:
        await db.execute(update(orders).values(state=OrderState.UNCONFIRMED))
    assert await search_lost_orders(stage.shop, "starship") == 0

    assert order.supplier == "oneclickdz"
    assert asked["starship"] == []
    await stage.close()


async def test_a_purchase_under_way_elsewhere_keeps_no_other_suppliers_order_lost(sqlite_store):
    stage = await VoucherStage(sqlite_store, both=True).open()
    await stage.customer(1)
    stage.book.script(Fault(FaultKind.RESET_AFTER, "placeOrder"))
    order, other = await stage.buy(1), await stage.buy(1)
    await stage.place()
    async with stage.store._writer.begin() as db:  # an equal purchase, at another supplier
        await db.execute(
            update(orders)
            .where(orders.c.id == other.id)
            .values(state=OrderState.PLACING, supplier="starship", supplier_order_id=None)
        )
    stage.clock.pass_time(2)

    assert await search_lost_orders(stage.shop, "oneclickdz") == 1
    assert (await stage.order(order.id)).state is OrderState.HANDLING
    await stage.close()


async def test_what_is_found_by_asking_again_and_in_the_list_is_counted_together(sqlite_store):
    """One key is fresh and repeated, the other's time is over to the moment: it is looked for."""
    stage = await VoucherStage(sqlite_store).open()
    for user in (1, 2):
        await stage.customer(user)
        stage.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
        await stage.buy(user)
        await stage.place()
    window = timedelta(seconds=stage.starship.manners.repeats_for)
    async with stage.store._writer.begin() as db:
        sent = stage.clock.now() + timedelta(seconds=2) - window
        await db.execute(update(orders).where(orders.c.id == 1).values(sent_at=sent))
    stage.clock.pass_time(2)
    repeated = stage.vouchers.count("POST /api/v1/orders")

    assert await search_lost_orders(stage.shop, "starship") == 2
    assert stage.vouchers.count("POST /api/v1/orders") == repeated + 1
    await stage.close()


async def test_an_order_is_returned_at_the_very_end_of_its_patience(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    order = await stage.order(order.id)
    stage.clock.moment = order.paid_at + stage.shop.policy.return_unbought_after - MOMENT
    assert [it.id for it in await find_orders_to_place(stage.shop)] == [order.id]
    stage.clock.moment += MOMENT

    assert await find_orders_to_place(stage.shop) == []
    assert (await stage.order(order.id)).return_reason is ReturnReason.SUPPLIER_DOWN


async def test_answers_about_prices_are_shared_for_ten_seconds_and_failures_for_less(stage: Stage):
    await stage.customer(1, dinars=900_000)
    orders = [await stage.order((await stage.buy(1)).id) for _ in range(2)]
    offer = await stage.supplier.product(orders[0].supplier_product_id)
    now, goods = stage.clock.now(), (orders[0].supplier, orders[0].supplier_product_id)
    failure = e.SupplierUnavailable("checkProduct", "")
    recent = RecentOffers({goods: offer}, {goods: (now, failure)})
    ten, share = offer.asked_at + timedelta(seconds=10), now + timedelta(seconds=1.5)

    assert recent.for_order(orders[1], ten - MOMENT) is offer
    assert recent.for_order(orders[1], ten) is None
    assert recent.for_order(replace(orders[1], paid_at=offer.asked_at), now) is offer
    assert recent.for_order(replace(orders[1], paid_at=offer.asked_at + MOMENT), now) is None
    assert recent.for_order(replace(orders[1], paid_at=None), now) is None
    single = RecentOffers({goods: replace(offer, only="x")})
    assert single.for_order(orders[1], now) is None
    assert recent.failure(orders[0], share - MOMENT) is failure
    assert recent.failure(orders[0], share) is None


async def test_orders_of_one_product_ask_for_its_prices_once(stage: Stage):
    await stage.customer(1, dinars=900_000)
    for _ in range(3):
        await stage.buy(1)
    before = stage.book.count("checkProduct")
    await stage.place()
    assert stage.book.count("checkProduct") == before + 1


# --- money and waiting ------------------------------------------------------------------------------


async def test_money_pays_the_oldest_orders_it_suffices_for_and_no_more(pay, till: Stage):
    waiting = [await waiting_order(till) for _ in range(3)]
    await credit_wallet(till.shop, Credit("in", OPERATOR, 1, 2 * PRICE - 1, ""))
    assert [(await till.order(o.id)).state for o in waiting] == [
        OrderState.PAID,
        OrderState.AWAITING_PAYMENT,
        OrderState.AWAITING_PAYMENT,
    ]
    await credit_wallet(till.shop, Credit("on", OPERATOR, 1, PRICE + 1, ""))

    assert {(await till.order(o.id)).state for o in waiting} == {OrderState.PAID}
    assert await till.balance() == 0


async def test_as_many_orders_wait_as_anybody_may_have(till: Stage):
    for _ in range(MOST_AWAITING):
        await waiting_order(till)
    with pytest.raises(e.TooManyPayments):
        await waiting_order(till)


async def test_as_many_payments_are_begun_in_an_hour_as_anybody_may(pay, till: Stage):
    first = await pay.begin(minor=100_000)
    for number in range(1, MOST_OPEN):
        await pay.begin(minor=100_000 + 100 * number)
    with pytest.raises(e.TooManyPayments):
        await pay.begin(minor=500_000)
    till.clock.moment = first.created_at + timedelta(hours=1)
    await pay.begin(minor=500_000)


async def test_one_key_is_one_payment_while_it_is_open(pay, till: Stage):
    first = await pay.begin(key="k")
    assert (await pay.begin(key="k", minor=300_000)).id == first.id
    assert (await pay.begin()).id == first.id  # the same wish, a moment later
    async with till.store._writer.begin() as db:
        await db.execute(update(payments).values(state=PaymentState.EXPIRED))
    with pytest.raises(e.NotFound):
        await pay.begin(key="k")


async def test_a_quote_is_good_until_the_moment_it_expires(stage: Stage):
    await stage.customer(1, dinars=900_000)
    for early, refused in ((timedelta(seconds=1), False), (timedelta(0), True)):
        view = await make_quote(stage.shop, 1, await stage.denomination(), 1)
        stage.clock.moment = view.quote.expires_at - early
        if refused:
            with pytest.raises(e.QuoteExpired):
                await buy(stage.shop, 1, view.quote.id, 77)
        else:
            assert (await buy(stage.shop, 1, view.quote.id, 77))[1]


async def test_a_wallet_that_just_suffices_pays_at_once(till: Stage):
    await till.customer(1, dinars=PRICE // 100)
    order = await till.buy(1)
    assert (order.state, await till.balance()) == (OrderState.PAID, 0)


async def test_who_was_slower_with_one_quote_gets_the_order_of_the_other(stage: Stage, monkeypatch):
    await stage.customer(1)
    view = await make_quote(stage.shop, 1, await stage.denomination(), 1)
    first, _ = await buy(stage.shop, 1, view.quote.id, 77)
    woken = []
    stage.shop.wake = woken.append
    quote = SqlOrders.quote

    async def unused(self, quote_id, user_id):  # as it was before the other's commit
        return replace(await quote(self, quote_id, user_id), used=False)

    monkeypatch.setattr(SqlOrders, "quote", unused)
    again, is_new = await buy(stage.shop, 1, view.quote.id, 77)

    assert (again.id, is_new, woken) == (first.id, False, [])


async def test_a_quote_tells_what_its_buttons_need(stage: Stage):
    await stage.customer(1)
    value = await stage.denomination()
    plain = await make_quote(stage.shop, 1, value, 10)
    assert (plain.can_pay, plain.sandbox, plain.quote.used) == (False, False, False)
    stage.offer()
    assert (await make_quote(stage.shop, 1, value, 1)).can_pay


async def test_the_last_piece_of_a_kind_can_be_quoted(stage: Stage):
    await stage.customer(1)
    value = await stage.denomination()
    stage.kind().quantity = stage.shop.policy.stock_reserve + 1
    await refresh_product(stage.shop, stage.shop.shelf.denomination(value).product_id)
    assert (await make_quote(stage.shop, 1, value, 1)).quote.quantity == 1
    with pytest.raises(e.QuantityOutOfRange):
        await make_quote(stage.shop, 1, value, 2)


@pytest.mark.parametrize(
    ("stock", "cost", "left"), [(0, 5, 0), (2, 5, 0), (3, 5, 0), (4, 5, 1), (9, 0, 0), (9, 5, 6)]
)
async def test_a_reserve_stays_in_stock(stage: Stage, stock, cost, left):
    stage.set_policy(stock_reserve=3)
    value = stage.shop.shelf.denomination(await stage.denomination())
    assert browse.stock_of(stage.shop, replace(value, stock=stock, cost_minor=cost)) == left


# --- balance, catalogue, suppliers ------------------------------------------------------------------


async def test_sales_go_on_once_the_balance_covers_what_waits(stage: Stage):
    stage.set_policy(balance_floor_minor=0)
    await stage.customer(1)
    stage.book.balance *= 0
    order = await stage.buy(1, quantity=2)
    await stage.place()
    needed = 2 * (await stage.order(order.id)).unit_cost_minor
    for minor, selling in ((needed - 1, False), (needed, True)):

        async def balance(minor=minor):
            return minor

        stage.supplier.balance = balance
        await check_balance(stage.shop, "oneclickdz", force=True)
        async with stage.store.reading() as tables:
            account = await tables.operators.account("oneclickdz")
        assert account.paused_for_balance is not selling


@pytest.mark.parametrize(("minor", "selling"), [(999, False), (1_000, True)])
async def test_a_balance_at_its_floor_sells(stage: Stage, minor, selling):
    stage.set_policy(balance_floor_minor=1_000)

    async def balance():
        return minor

    stage.supplier.balance = balance
    woken = []
    stage.shop.wake = woken.append
    await check_balance(stage.shop, "oneclickdz", force=True)
    async with stage.store.reading() as tables:
        account = await tables.operators.account("oneclickdz")
    assert account.paused_for_balance is not selling
    assert "place" not in woken


async def test_a_sandbox_that_ran_dry_sells_again_with_any_balance(sandbox_stage: Stage):
    stage = sandbox_stage
    stage.set_policy(balance_floor_minor=1_000, balance_alert_minor=1_000)

    async def balance():
        return 0

    async def paused(tables):
        await tables.operators.set_account("oneclickdz", paused_for_balance=True)

    stage.supplier.balance = balance
    woken = []
    stage.shop.wake = woken.append
    await check_balance(stage.shop, "oneclickdz", force=True)
    assert woken == []
    await stage.store.write(paused)
    await check_balance(stage.shop, "oneclickdz", force=True)

    assert "place" in woken
    async with stage.store.reading() as tables:
        assert not (await tables.operators.account("oneclickdz")).paused_for_balance


async def test_a_fresh_catalogue_is_left_alone_and_an_old_one_is_fetched(stage: Stage):
    life = stage.shop.policy.catalogue_lifetime
    asked = stage.book.count("catalog")
    assert not await refresh_catalogue(stage.shop, "oneclickdz")
    stage.clock.moment += life - MOMENT
    assert not await refresh_catalogue(stage.shop, "oneclickdz")
    assert stage.book.count("catalog") == asked
    stage.clock.moment += MOMENT
    assert await refresh_catalogue(stage.shop, "oneclickdz")
    assert await refresh_catalogue(stage.shop, "oneclickdz", force=True)


@pytest.mark.parametrize(("kind", "sandbox"), [("live", False), ("test", False)])
async def test_one_real_supplier_makes_a_real_shop(sqlite_store, kind, sandbox):
    stage = await VoucherStage(sqlite_store, both=True, kind=kind).open()
    async with stage.store.reading() as tables:
        kinds = [(await tables.operators.account(n)).environment for n in stage.shop.suppliers]
        assert await is_sandbox(tables, stage.shop) is sandbox
    assert len(set(kinds)) == (1 if kind == "live" else 2)
    await stage.close()


async def test_a_sandbox_alone_is_a_sandbox(sandbox_stage: Stage):
    async with sandbox_stage.store.reading() as tables:
        assert await is_sandbox(tables, sandbox_stage.shop)


async def test_a_silence_is_told_once_and_its_end_is_noticed(stage: Stage):
    stage.book.script(Fault(FaultKind.HTML, "", times=10**9, status=502))
    for _ in range(3):
        await check_balance(stage.shop, "oneclickdz", force=True)
        stage.clock.pass_time(61)
    writes = []
    write = stage.shop.store.write

    async def counted(work, *args, **named):
        writes.append(work.__name__)
        return await write(work, *args, **named)

    stage.shop.store.write = counted
    for _ in range(2):
        await watch_supplier(stage.shop, "oneclickdz")
    stage.book.faults.clear()
    await check_balance(stage.shop, "oneclickdz", force=True)
    for _ in range(2):
        await watch_supplier(stage.shop, "oneclickdz")

    assert [name for name in writes if name.startswith("_tell")] == ["_tell_silent", "_tell_back"]


async def test_what_follows_is_priced_with_what_it_follows(sqlite_store):
    stage = await VoucherStage(sqlite_store, both=True).open()
    mine = browse.search_products(stage.shop, "PlayStation USA")[0]
    theirs = next(
        p
        for p in stage.shop.shelf.products.values()
        if p.supplier == "starship" and "PlayStation" in p.title
    )
    await link_products(stage.shop, mine.id, theirs.id, key="k", operator_id=OPERATOR)
    stage.clock.pass_time(60)
    await refresh_product(stage.shop, mine.id)

    assert stage.shop.shelf.product(theirs.id).priced_at == stage.clock.now()
    await stage.close()


async def test_products_are_found_by_name_as_far_as_a_list_goes(stage: Stage):
    there = len(stage.shop.shelf.products)
    assert len(find_products(stage.shop, "", 3)) == 3
    assert len(find_products(stage.shop, "")) == min(there, 20)


# --- alerts, people, messages -----------------------------------------------------------------------


async def test_as_many_alerts_are_counted_as_were_told(stage: Stage):
    async def raised(tables):
        for order in (1, 2):
            await raise_alert(
                tables, stage.shop, f"price:{order}", AlertKind.PRICE_DRIFT, order=order
            )
        await raise_alert(tables, stage.shop, "low", AlertKind.BALANCE_LOW, supplier="oneclickdz")

    assert await tell_alerts(stage.shop) == 0
    await stage.store.write(raised)
    assert await tell_alerts(stage.shop) == 3
    assert await tell_alerts(stage.shop) == 0


async def test_an_alert_is_quiet_until_its_time_is_over(stage: Stage):
    async def raised(tables):
        quiet = {"quiet_for": timedelta(minutes=10), "order": 1}
        made = await raise_alert(tables, stage.shop, "k", AlertKind.PRICE_DRIFT, **quiet)
        await tables.operators.close_alert("k", stage.clock.now())
        return made

    assert await stage.store.write(raised)
    stage.clock.moment += timedelta(minutes=10) - MOMENT
    assert not await stage.store.write(raised)
    stage.clock.moment += MOMENT
    assert await stage.store.write(raised)


async def test_an_alert_that_is_open_is_not_opened_again(stage: Stage):
    async def raised(tables):
        return await raise_alert(tables, stage.shop, "k", AlertKind.PRICE_DRIFT, order=1)

    assert [await stage.store.write(raised) for _ in range(2)] == [True, False]


async def test_who_comes_is_known_by_language_and_who_comes_back_is_reachable_again(stage: Stage):
    assert (await welcome(stage.shop, 5, "fr")).locale is Locale.FR
    assert (await welcome(stage.shop, 5, "ar")).locale is Locale.FR
    stage.restart()
    woken = []
    stage.shop.wake = woken.append
    assert (await welcome(stage.shop, 5, "ar")).locale is Locale.FR
    assert woken == []  # nothing was written for who was reachable all along

    async def gone(tables):
        await tables.customers.set_reachable(5, reachable=False)

    await stage.store.write(gone)
    stage.restart()
    assert (await welcome(stage.shop, 5, "ar")).reachable
    async with stage.store.reading() as tables:
        assert (await tables.customers.get(5)).reachable


async def test_who_is_remembered_needs_no_database(stage: Stage, monkeypatch):
    await welcome(stage.shop, 5, "fr")
    monkeypatch.setattr(stage.shop, "store", None)
    assert (await welcome(stage.shop, 5, "fr")).locale is Locale.FR


async def test_a_reminder_is_for_codes_that_were_not_just_bought(sqlite_store):
    stage = await VoucherStage(sqlite_store).open()
    await stage.customer(1)
    bought = [await stage.buy(1) for _ in range(3)]
    await stage.run(6)
    paid_at = (await stage.order(bought[0].id)).paid_at
    async with stage.store._writer.begin() as db:
        for order, late in zip(bought, (-1, 0, 1), strict=True):
            expires = paid_at + 30 * DAY + timedelta(seconds=late)
            row = orders.c.id == order.id
            await db.execute(update(orders).where(row).values(paid_at=paid_at))
            mine = codes.c.order_id == order.id
            await db.execute(update(codes).where(mine).values(expires_at=expires))

    async def looked(tables):
        await tables.operators.set_last_run("remind", paid_at - timedelta(minutes=5))

    await stage.store.write(looked)
    assert await remind_of_expiry(stage.shop) == 1
    stage.clock.pass_time(60)
    assert await remind_of_expiry(stage.shop) == 0
    await stage.close()


async def test_a_part_that_is_hidden_names_its_own_codes(stage: Stage, monkeypatch):
    await stage.customer(1, dinars=900_000)
    order = await handled(stage, 10)
    await settle_order(stage.shop, order, report(order, cards=["A" * 16, "B" * 16]))
    await settle_order(stage.shop, order, report(order, cards=["A" * 16, "B" * 16, "C" * 16]))
    await stage.round()
    hidden = []

    async def mask_codes(customer, order, message, masks, first):
        hidden.append((message.part, list(masks), first))

    monkeypatch.setattr(stage.sender, "mask_codes", mask_codes)
    assert await hide_codes(stage.shop, LINA, order.id, stage.sender._ids) == 2

    assert sorted(hidden) == [(0, ["••••AAAA", "••••BBBB"], 0), (1, ["••••CCCC"], 2)]


async def test_a_press_waits_no_longer_than_its_message_takes_to_be_known(stage: Stage):
    order = await handled(stage, 1)
    await settle_order(stage.shop, order, report(order, S.FULFILLED, ["A" * 16], final=True))
    await stage.round()
    before = stage.clock.now()
    await hide_codes(stage.shop, LINA, order.id, stage.sender._ids)
    assert stage.clock.now() == before
    await hide_codes(stage.shop, LINA, order.id, 4242)  # no record knows it: waited for in vain
    assert stage.clock.now() == before + timedelta(seconds=1.7)


def test_a_mask_shows_four_characters_of_twelve_and_none_of_eleven():
    assert (mask("ABCDEFGHIJKL"), mask("ABCDEFGHIJK")) == ("••••IJKL", "••••")


async def test_twenty_messages_are_hidden_in_one_look(stage: Stage):
    await stage.customer(1, dinars=900_000)
    for number in range(21):
        order = await handled(stage, 1)
        said = report(order, S.FULFILLED, [f"{number:016}"], final=True)
        await settle_order(stage.shop, order, said)
    await stage.run(5)
    stage.clock.moment += stage.shop.policy.codes_visible_for
    assert [await hide_due_messages(stage.shop) for _ in range(3)] == [20, 1, 0]


async def test_a_payment_that_nobody_can_be_asked_about_ends_at_its_hour(pay, till: Stage):
    payment = await pay.begin(Method.TRANSFER)
    till.clock.moment = payment.expires_at
    await till.round()
    after = await pay.now(payment)
    assert (after.state, after.settled_at) == (PaymentState.EXPIRED, payment.expires_at)
