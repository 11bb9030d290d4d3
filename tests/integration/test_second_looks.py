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
from bot.services.catalogue import browse
from bot.services.catalogue.refresh import refresh_product
from bot.services.messaging.alerts import (
    tell_alerts,
)
from bot.services.operations.outbox import send_due_messages
from bot.services.orders import poll, reconcile
from bot.services.orders.checkout import buy
from bot.services.orders.place import RecentOffers
from bot.services.orders.quote import make_quote
from bot.services.orders.reconcile import reconcile_lost_orders
from bot.services.orders.refund import ask_refund, confirm_refund
from bot.services.orders.settle import settle_order
from bot.services.payments.top_up import MOST_OPEN
from bot.services.wallet.credit import Credit, credit_wallet
from storage.repositories.orders import OrderRepository
from storage.tables import orders, payments
from tests.harness import OPERATOR, ShopHarness
from tests.integration.payment_steps import PRICE, unpaid_order
from tests.integration.supplier_reports import accepted_order, report
from tests.vouchers import VoucherHarness

MOMENT = timedelta(microseconds=1)
S = SupplierStatus


# --- looks at many orders ---------------------------------------------------------------------------


async def test_what_the_list_and_single_answers_ended_is_counted_together(harness: ShopHarness):
    await harness.customer(1, dinars=900_000)
    placed = [await harness.buy(1) for _ in range(3)]
    await harness.place()
    first, *others = [await harness.order(order.id) for order in placed]
    spans, answers = [], iter("BC")

    async def listed(since, until):
        spans.append((since, until))
        return (report(first, S.FULFILLED, "A", final=True),)

    async def ask(there, _purchase):
        order = next(it for it in others if it.supplier_order_id == there)
        return report(order, S.FULFILLED, next(answers), final=True)

    harness.supplier.orders, harness.supplier.order = listed, ask
    harness.clock.pass_time(5)

    assert await poll.poll_due_orders(harness.shop, "oneclickdz") == 3
    margin = timedelta(minutes=2)
    assert spans == [(first.accepted_at - margin, harness.clock.now() + margin)]


async def test_an_answer_begins_the_count_of_silences_anew(sqlite_store):
    harness = await VoucherHarness(sqlite_store).open()
    for user in range(1, 6):
        await harness.customer(user)
        harness.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
        await harness.buy(user)
        await harness.place()
    answers, asked = iter("+--+-"), []

    async def repeat(request):
        asked.append(request)
        if next(answers) == "-":
            raise e.SupplierUnavailable("orders", "")
        return f"there-{len(asked)}"

    harness.starship.repeat = repeat
    harness.clock.pass_time(2)
    async with harness.store.reading() as tx:
        lost = await tx.orders.in_state(OrderState.UNCONFIRMED, "starship")
    assert len(await reconcile._repeat(harness.shop, lost)) == 2
    assert len(asked) == 5
    await harness.close()


async def test_a_lost_order_of_another_supplier_changes_no_search(sqlite_store):
    """Neither whether there is one, nor from when on the list is asked for."""
    harness = await VoucherHarness(sqlite_store, both=True).open()
    await harness.customer(1, dinars=900_000)
    mine, other = await harness.buy(1), await harness.buy(1)
    now, early = harness.clock.now(), harness.clock.now() - timedelta(hours=1)

    async def lose(order, supplier, sent_at, due_at):
        async with harness.store._writer.begin() as db:
            values = {"state": OrderState.UNCONFIRMED, "supplier": supplier}
            row = update(orders).where(orders.c.id == order.id)
            await db.execute(row.values(**values, sent_at=sent_at, due_at=due_at))

    spans = []

    async def listed(since, until):
        spans.append(since)
        return ()

    harness.starship.orders = listed
    await lose(mine, "starship", now, now + timedelta(seconds=1))
    await lose(other, "oneclickdz", early, now)
    assert await reconcile_lost_orders(harness.shop, "starship") == 0
    assert spans == []
    await lose(mine, "starship", now, now)
    await lose(other, "oneclickdz", early, now + timedelta(seconds=1))
    await reconcile_lost_orders(harness.shop, "starship")
    assert spans == [now - timedelta(minutes=2)]
    await harness.close()


async def test_a_purchase_of_the_list_is_ours_from_two_minutes_before_it_was_sent(
    harness: ShopHarness,
):
    order = await accepted_order(harness, 1)
    edge = order.sent_at - timedelta(minutes=2)
    for at, ours in ((None, True), (edge, True), (edge - MOMENT, False)):
        there = report(order, purchase=order.purchase, ordered_at=at)
        assert reconcile._matches(order, None, there) is ours


async def test_a_value_that_left_the_shelf_is_sold_out(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    kinds = next(
        g for shelf in harness.book.shelves for g in shelf.goods if harness.kind() in g.kinds
    )
    kinds.kinds.remove(harness.kind())
    await harness.place()
    assert (await harness.order(order.id)).return_reason is ReturnReason.SOLD_OUT


async def test_a_lost_answer_that_says_nothing_is_told_in_words(harness: ShopHarness):
    await harness.customer(1)

    async def lose(_request, commit_intent):
        await commit_intent()
        raise e.OutcomeUnknown("placeOrder", "")

    harness.supplier.buy = lose
    await harness.buy(1)
    await harness.place()
    await tell_alerts(harness.shop)
    await send_due_messages(harness.shop)
    assert [told["why"] for told in harness.sender.alerts(AlertKind.OUTCOME_UNKNOWN)] == [
        "no answer"
    ]


async def test_a_refund_leaves_nothing_for_an_operator_to_look_at(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    await settle_order(harness.shop, order, report(order, S.FULFILLED, final=True))
    assert (await harness.order(order.id)).attention is Attention.CONTRADICTION
    which = {"operator_id": OPERATOR, "order_id": order.id, "reason": "r"}
    _, _, action = await ask_refund(harness.shop, key="k", **which)
    await confirm_refund(harness.shop, OPERATOR, action)
    assert (await harness.order(order.id)).attention is None


async def test_two_suppliers_orders_are_looked_at_apart(sqlite_store):
    harness = await VoucherHarness(sqlite_store, both=True).open()
    asked = {name: [] for name in harness.shop.suppliers}
    for name, supplier in harness.shop.suppliers.items():

        async def ask(there, _purchase, name=name):
            asked[name].append(there)
            raise e.SupplierUnavailable("order", "")

        async def listed(_since, _until, name=name):
            asked[name].append("list")
            return ()

        supplier.order, supplier.orders = ask, listed
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.place()
    async with harness.store._writer.begin() as db:
        await db.execute(
            update(orders).values(state=OrderState.HANDLING, due_at=harness.clock.now())
        )
    assert await poll.poll_due_orders(harness.shop, "starship") == 0
    async with harness.store._writer.begin() as db:
        await db.execute(update(orders).values(state=OrderState.UNCONFIRMED))
    assert await reconcile_lost_orders(harness.shop, "starship") == 0

    assert order.supplier == "oneclickdz"
    assert asked["starship"] == []
    await harness.close()


async def test_a_purchase_under_way_elsewhere_keeps_no_other_suppliers_order_lost(sqlite_store):
    harness = await VoucherHarness(sqlite_store, both=True).open()
    await harness.customer(1)
    harness.book.script(Fault(FaultKind.RESET_AFTER, "placeOrder"))
    order, other = await harness.buy(1), await harness.buy(1)
    await harness.place()
    async with harness.store._writer.begin() as db:  # an equal purchase, at another supplier
        await db.execute(
            update(orders)
            .where(orders.c.id == other.id)
            .values(state=OrderState.PLACING, supplier="starship", supplier_order_id=None)
        )
    harness.clock.pass_time(2)

    assert await reconcile_lost_orders(harness.shop, "oneclickdz") == 1
    assert (await harness.order(order.id)).state is OrderState.HANDLING
    await harness.close()


async def test_what_is_found_by_asking_again_and_in_the_list_is_counted_together(sqlite_store):
    """One key is fresh and repeated, the other's time is over to the moment: it is looked for."""
    harness = await VoucherHarness(sqlite_store).open()
    for user in (1, 2):
        await harness.customer(user)
        harness.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
        await harness.buy(user)
        await harness.place()
    window = timedelta(seconds=harness.starship.policy.repeats_for)
    async with harness.store._writer.begin() as db:
        sent = harness.clock.now() + timedelta(seconds=2) - window
        await db.execute(update(orders).where(orders.c.id == 1).values(sent_at=sent))
    harness.clock.pass_time(2)
    repeated = harness.vouchers.count("POST /api/v1/orders")

    assert await reconcile_lost_orders(harness.shop, "starship") == 2
    assert harness.vouchers.count("POST /api/v1/orders") == repeated + 1
    await harness.close()


async def test_answers_about_prices_are_shared_for_ten_seconds_and_failures_for_less(
    harness: ShopHarness,
):
    await harness.customer(1, dinars=900_000)
    orders = [await harness.order((await harness.buy(1)).id) for _ in range(2)]
    offer = await harness.supplier.product(orders[0].supplier_product_id)
    now, goods = harness.clock.now(), (orders[0].supplier, orders[0].supplier_product_id)
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


# --- money and waiting ------------------------------------------------------------------------------


async def test_money_pays_the_oldest_orders_it_suffices_for_and_no_more(
    pay, paying_harness: ShopHarness
):
    waiting = [await unpaid_order(paying_harness) for _ in range(3)]
    await credit_wallet(paying_harness.shop, Credit("in", OPERATOR, 1, 2 * PRICE - 1, ""))
    assert [(await paying_harness.order(o.id)).state for o in waiting] == [
        OrderState.PAID,
        OrderState.AWAITING_PAYMENT,
        OrderState.AWAITING_PAYMENT,
    ]
    await credit_wallet(paying_harness.shop, Credit("on", OPERATOR, 1, PRICE + 1, ""))

    assert {(await paying_harness.order(o.id)).state for o in waiting} == {OrderState.PAID}
    assert await paying_harness.balance() == 0


async def test_as_many_payments_are_begun_in_an_hour_as_anybody_may(
    pay, paying_harness: ShopHarness
):
    first = await pay.begin(minor=100_000)
    for number in range(1, MOST_OPEN):
        await pay.begin(minor=100_000 + 100 * number)
    with pytest.raises(e.TooManyPayments):
        await pay.begin(minor=500_000)
    paying_harness.clock.moment = first.created_at + timedelta(hours=1)
    await pay.begin(minor=500_000)


async def test_one_key_is_one_payment_while_it_is_open(pay, paying_harness: ShopHarness):
    first = await pay.begin(key="k")
    assert (await pay.begin(key="k", minor=300_000)).id == first.id
    assert (await pay.begin()).id == first.id  # the same wish, a moment later
    async with paying_harness.store._writer.begin() as db:
        await db.execute(update(payments).values(state=PaymentState.EXPIRED))
    with pytest.raises(e.NotFound):
        await pay.begin(key="k")


async def test_a_quote_is_good_until_the_moment_it_expires(harness: ShopHarness):
    await harness.customer(1, dinars=900_000)
    for early, refused in ((timedelta(seconds=1), False), (timedelta(0), True)):
        view = await make_quote(harness.shop, 1, await harness.denomination(), 1)
        harness.clock.moment = view.quote.expires_at - early
        if refused:
            with pytest.raises(e.QuoteExpired):
                await buy(harness.shop, 1, view.quote.id, 77)
        else:
            assert (await buy(harness.shop, 1, view.quote.id, 77))[1]


async def test_a_wallet_that_just_suffices_pays_at_once(paying_harness: ShopHarness):
    await paying_harness.customer(1, dinars=PRICE // 100)
    order = await paying_harness.buy(1)
    assert (order.state, await paying_harness.balance()) == (OrderState.PAID, 0)


async def test_who_was_slower_with_one_quote_gets_the_order_of_the_other(
    harness: ShopHarness, monkeypatch
):
    await harness.customer(1)
    view = await make_quote(harness.shop, 1, await harness.denomination(), 1)
    first, _ = await buy(harness.shop, 1, view.quote.id, 77)
    woken = []
    harness.shop.wake = woken.append
    quote = OrderRepository.quote

    async def unused(self, quote_id, user_id):  # as it was before the other's commit
        return replace(await quote(self, quote_id, user_id), used=False)

    monkeypatch.setattr(OrderRepository, "quote", unused)
    again, is_new = await buy(harness.shop, 1, view.quote.id, 77)

    assert (again.id, is_new, woken) == (first.id, False, [])


async def test_a_quote_tells_what_its_buttons_need(harness: ShopHarness):
    await harness.customer(1)
    value = await harness.denomination()
    plain = await make_quote(harness.shop, 1, value, 10)
    assert (plain.can_pay, plain.sandbox, plain.quote.used) == (False, False, False)
    harness.offer()
    assert (await make_quote(harness.shop, 1, value, 1)).can_pay


async def test_the_last_piece_of_a_kind_can_be_quoted(harness: ShopHarness):
    await harness.customer(1)
    value = await harness.denomination()
    harness.kind().quantity = harness.shop.policy.stock_reserve + 1
    await refresh_product(harness.shop, harness.shop.shelf.denomination(value).product_id)
    assert (await make_quote(harness.shop, 1, value, 1)).quote.quantity == 1
    with pytest.raises(e.QuantityOutOfRange):
        await make_quote(harness.shop, 1, value, 2)


@pytest.mark.parametrize(
    ("stock", "cost", "left"), [(0, 5, 0), (2, 5, 0), (3, 5, 0), (4, 5, 1), (9, 0, 0), (9, 5, 6)]
)
async def test_a_reserve_stays_in_stock(harness: ShopHarness, stock, cost, left):
    harness.set_policy(stock_reserve=3)
    value = harness.shop.shelf.denomination(await harness.denomination())
    assert browse.stock_of(harness.shop, replace(value, stock=stock, cost_minor=cost)) == left
