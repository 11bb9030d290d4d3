"""What one look at things leaves to the next: counts, places in a list, and whose turn comes after."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot import errors as e
from bot.domain.orders import Attention, OrderState, ReturnReason
from bot.domain.payments import PaymentState
from bot.domain.records import (
    AlertKind,
)
from bot.domain.supplier import SupplierStatus
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services import browse, poll, search
from bot.services.alerts import (
    tell_alerts,
)
from bot.services.awaiting import MOST_AWAITING
from bot.services.catalogue import refresh_product
from bot.services.checkout import buy
from bot.services.credit import Credit, credit_wallet
from bot.services.deliver import send_due_messages
from bot.services.place import RecentOffers, find_orders_to_place
from bot.services.quote import make_quote
from bot.services.refund import ask_refund, confirm_refund
from bot.services.search import search_lost_orders
from bot.services.settle import settle_order
from bot.services.topup import MOST_OPEN
from storage.order_rows import SqlOrders
from storage.tables import orders, payments
from tests.integration.test_payments import PRICE, waiting_order
from tests.integration.test_reports_of_orders import handled, report
from tests.stage import OPERATOR, Stage
from tests.vouchers import VoucherStage

MOMENT = timedelta(microseconds=1)
S = SupplierStatus


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


async def test_what_the_list_and_single_answers_ended_is_counted_together(stage: Stage):
    await stage.customer(1, dinars=900_000)
    placed = [await stage.buy(1) for _ in range(3)]
    await stage.place()
    first, *others = [await stage.order(order.id) for order in placed]
    spans, answers = [], iter("BC")

    async def listed(since, until):
        spans.append((since, until))
        return (report(first, S.FULFILLED, "A", final=True),)

    async def ask(there, _purchase):
        order = next(it for it in others if it.supplier_order_id == there)
        return report(order, S.FULFILLED, next(answers), final=True)

    stage.supplier.orders, stage.supplier.order = listed, ask
    stage.clock.pass_time(5)

    assert await poll.poll_due_orders(stage.shop, "oneclickdz") == 3
    margin = timedelta(minutes=2)
    assert spans == [(first.accepted_at - margin, stage.clock.now() + margin)]


async def test_an_answer_begins_the_count_of_silences_anew(sqlite_store):
    stage = await VoucherStage(sqlite_store).open()
    for user in range(1, 6):
        await stage.customer(user)
        stage.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
        await stage.buy(user)
        await stage.place()
    answers, asked = iter("+--+-"), []

    async def repeat(request):
        asked.append(request)
        if next(answers) == "-":
            raise e.SupplierUnavailable("orders", "")
        return f"there-{len(asked)}"

    stage.starship.repeat = repeat
    stage.clock.pass_time(2)
    async with stage.store.reading() as tables:
        lost = await tables.orders.in_state(OrderState.UNCONFIRMED, "starship")
    assert len(await search._repeat(stage.shop, lost)) == 2
    assert len(asked) == 5
    await stage.close()


async def test_a_lost_order_of_another_supplier_changes_no_search(sqlite_store):
    """Neither whether there is one, nor from when on the list is asked for."""
    stage = await VoucherStage(sqlite_store, both=True).open()
    await stage.customer(1, dinars=900_000)
    mine, other = await stage.buy(1), await stage.buy(1)
    now, early = stage.clock.now(), stage.clock.now() - timedelta(hours=1)

    async def lose(order, supplier, sent_at, due_at):
        async with stage.store._writer.begin() as db:
            values = {"state": OrderState.UNCONFIRMED, "supplier": supplier}
            row = update(orders).where(orders.c.id == order.id)
            await db.execute(row.values(**values, sent_at=sent_at, due_at=due_at))

    spans = []

    async def listed(since, until):
        spans.append(since)
        return ()

    stage.starship.orders = listed
    await lose(mine, "starship", now, now + timedelta(seconds=1))
    await lose(other, "oneclickdz", early, now)
    assert await search_lost_orders(stage.shop, "starship") == 0
    assert spans == []
    await lose(mine, "starship", now, now)
    await lose(other, "oneclickdz", early, now + timedelta(seconds=1))
    await search_lost_orders(stage.shop, "starship")
    assert spans == [now - timedelta(minutes=2)]
    await stage.close()


async def test_a_purchase_of_the_list_is_ours_from_two_minutes_before_it_was_sent(stage: Stage):
    order = await handled(stage, 1)
    edge = order.sent_at - timedelta(minutes=2)
    for at, ours in ((None, True), (edge, True), (edge - MOMENT, False)):
        there = report(order, purchase=order.purchase, ordered_at=at)
        assert search._matches(order, None, there) is ours


async def test_a_value_that_left_the_shelf_is_sold_out(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    kinds = next(g for shelf in stage.book.shelves for g in shelf.goods if stage.kind() in g.kinds)
    kinds.kinds.remove(stage.kind())
    await stage.place()
    assert (await stage.order(order.id)).return_reason is ReturnReason.SOLD_OUT


async def test_a_lost_answer_that_says_nothing_is_told_in_words(stage: Stage):
    await stage.customer(1)

    async def lose(_request, commit_intent):
        await commit_intent()
        raise e.OutcomeUnknown("placeOrder", "")

    stage.supplier.buy = lose
    await stage.buy(1)
    await stage.place()
    await tell_alerts(stage.shop)
    await send_due_messages(stage.shop)
    assert [told["why"] for told in stage.sender.alerts(AlertKind.OUTCOME_UNKNOWN)] == ["no answer"]


async def test_a_refund_leaves_nothing_for_an_operator_to_look_at(stage: Stage):
    order = await handled(stage, 1)
    await settle_order(stage.shop, order, report(order, S.FULFILLED, final=True))
    assert (await stage.order(order.id)).attention is Attention.CONTRADICTION
    which = {"operator_id": OPERATOR, "order_id": order.id, "reason": "r"}
    _, _, action = await ask_refund(stage.shop, key="k", **which)
    await confirm_refund(stage.shop, OPERATOR, action)
    assert (await stage.order(order.id)).attention is None


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
