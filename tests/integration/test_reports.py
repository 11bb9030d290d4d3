"""What operators and customers are shown: statistics, balances, orders, wallets, and what waits for a decision."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot import refusals
from bot.domain.orders import Attention, OrderState
from bot.domain.payments import Method
from bot.domain.periods import Span
from bot.services.messaging.support import take_question
from bot.services.operations.customer_reports import (
    ORDERS_PAGE,
    MyOrders,
    my_order,
    my_orders,
    my_wallet,
)
from bot.services.operations.reports import (
    report_actions,
    report_attention,
    report_balances,
    report_order,
    report_stats,
)
from storage.tables import orders
from tests.database import overwrite
from tests.fakes import START
from tests.harness import ShopHarness
from tests.integration.order_steps import change_order
from tests.integration.payment_steps import PRICE

DAY = timedelta(days=1)


async def test_statistics_count_orders_in_every_span(harness: ShopHarness):
    await harness.customer(1)
    await harness.buy(1)
    await harness.run(20)

    for span in Span:
        stats = await report_stats(harness.shop, span)
        assert stats.orders == {"fulfilled": 1}
        assert stats.profit_minor == stats.sales_minor - stats.cost_minor > 0
    harness.clock.pass_time(2 * 86400)
    assert (await report_stats(harness.shop, Span.TODAY)).median_seconds is None
    assert (await report_order(harness.shop, 1)).codes == 1
    mine = await my_orders(harness.shop, 1, 5)
    assert (list(mine.orders), mine.pages) == ([], 1)


async def test_spans_begin_at_a_midnight_of_the_shop(harness: ShopHarness):
    harness.clock.moment = START.replace(hour=23, minute=30)  # half past midnight in Algiers
    await harness.customer(1)
    order = await harness.buy(1)
    midnight = START.replace(hour=23, minute=0)
    for span, begins_at in (
        (Span.TODAY, midnight),
        (Span.WEEK, midnight - 6 * DAY),
        (Span.MONTH, midnight - 29 * DAY),
    ):
        for created_at, count in ((begins_at, 1), (begins_at - timedelta(milliseconds=1), 0)):
            async with harness.store._writer.begin() as db:
                await db.execute(
                    update(orders).where(orders.c.id == order.id).values(created_at=created_at)
                )
            assert sum((await report_stats(harness.shop, span)).orders.values()) == count


async def test_days_left_follow_from_the_balance_and_the_spending(harness: ShopHarness):
    await harness.customer(1, dinars=500_000)
    report = (await report_balances(harness.shop))[0]
    assert (report.per_day_minor, report.days_left) == (0, None)
    await harness.buy(1)
    await harness.run(12)
    cost = (await harness.order(1)).cost_minor
    assert (
        ((await report_balances(harness.shop))[0]).per_day_minor == cost
    )  # over the one day so far
    harness.clock.pass_time(3.5 * 86_400)
    report = (await report_balances(harness.shop))[0]
    assert report.per_day_minor == pytest.approx(cost / 3.5, abs=cost / 1000)
    harness.clock.pass_time(86_400 * 3)
    report = (await report_balances(harness.shop))[0]
    assert report.days_left == pytest.approx(
        refusals.required(report.account.balance_minor) / report.per_day_minor
    )
    harness.book.balance *= 0
    (await report_balances(harness.shop))[0]
    assert ((await report_balances(harness.shop))[0]).days_left == 0


async def test_spending_a_day_is_counted_over_the_days_since_the_first_sale_and_seven_at_most(
    harness: ShopHarness,
):
    await harness.customer(1, dinars=900_000)
    order = await harness.buy(1, quantity=10)
    await harness.run(12)
    cost = (await harness.order(order.id)).cost_minor
    sold_at = refusals.required((await harness.order(order.id)).settled_at)

    harness.clock.moment = sold_at + 2 * DAY
    assert (await report_balances(harness.shop))[0].per_day_minor == cost // 2
    async with harness.store._writer.begin() as db:  # a sale of ten days ago, beside this week's
        await db.execute(update(orders).values(settled_at=sold_at))
    again = await harness.buy(1, quantity=10)
    await harness.run(12)
    assert (await harness.order(again.id)).cost_minor == cost
    harness.clock.moment = sold_at + 8.5 * DAY

    assert (await report_balances(harness.shop))[0].per_day_minor == round(cost / 7)


async def test_statistics_name_a_supplier_without_orders(harness: ShopHarness):
    assert (await report_stats(harness.shop, Span.ALL)).suppliers == {"oneclickdz": (0, 0)}


async def test_decisions_that_wait_for_operators_are_counted_by_kind(
    pay, paying_harness: ShopHarness
):
    for user in (1, 2):
        await pay.begin(Method.TRANSFER, user=user)
        await pay.receipt(f"file-{user}", user=user)
    await take_question(paying_harness.shop, 1, [10])

    report = await report_attention(paying_harness.shop)

    assert (report.payments, report.cases, report.count) == (2, 1, 0)
    assert not report.paused


async def test_the_first_page_of_actions_is_page_zero(paying_harness: ShopHarness):
    await paying_harness.customer(1)

    for asked in (-1, 0):
        actions, page, pages = await report_actions(paying_harness.shop, asked)
        assert (len(actions), page, pages) == (1, 0, 1)


async def _notice(tx, order_id):
    await overwrite(tx, orders, order_id, attention=Attention.NOT_FOUND)


async def test_orders_that_need_an_operator_are_listed_up_to_a_limit(harness: ShopHarness):
    await harness.customer(1, dinars=900_000)
    for _ in range(12):
        order = await harness.buy(1)
        await harness.store.write(_notice, order.id)
    report = await report_attention(harness.shop)
    assert (len(report.orders), report.count) == (10, 12)


async def test_customers_see_their_own_orders_page_by_page(harness: ShopHarness):
    await harness.customer(1, dinars=500_000)
    await harness.customer(2)
    orders = [await harness.buy(1) for _ in range(ORDERS_PAGE + 2)]
    theirs = await harness.buy(2)
    newest = [order.id for order in reversed(orders)]
    for page, expected in ((0, newest[:ORDERS_PAGE]), (1, newest[ORDERS_PAGE:]), (2, [])):
        mine = await my_orders(harness.shop, 1, page)
        shown = [order.id for order in mine.orders]
        assert (shown, mine.page, mine.pages) == (expected, page, 2)
        assert set(mine.waiting) == set(shown)
    assert (await my_orders(harness.shop, 1, -5)).page == 0
    assert await my_orders(harness.shop, 3, 0) == MyOrders([], 0, 1)
    assert (await my_order(harness.shop, 2, theirs.id)).order.id == theirs.id
    with pytest.raises(refusals.NotFound):
        await my_order(harness.shop, 1, theirs.id)


async def test_operators_see_an_order_with_its_escrow_and_number_of_codes(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    report = await report_order(harness.shop, order.id)
    assert (report.order.id, report.held_minor, report.codes) == (order.id, PRICE, 0)
    await harness.run(12)
    report = await report_order(harness.shop, order.id)
    assert (report.order.state, report.held_minor, report.codes) == (OrderState.FULFILLED, 0, 1)


async def test_the_wallet_shows_holds_and_a_statement_page_by_page(
    pay, paying_harness: ShopHarness
):
    await paying_harness.customer(1, dinars=20_000)
    for number in range(9):
        await paying_harness.credit(1, 10 + number)
    await paying_harness.buy(1)
    first, second = (
        await my_wallet(paying_harness.shop, 1, 0),
        await my_wallet(paying_harness.shop, 1, 1),
    )

    assert (first.pages, len(first.lines), len(second.lines)) == (2, 6, 5)
    assert first.held_minor == PRICE
    assert first.lines[0].kind == "hold"
    assert first.methods == tuple(Method)
    assert (await my_wallet(paying_harness.shop, 1, -3)).page == 0


async def test_an_order_with_attention_is_listed_for_operators(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await change_order(harness, order.id, attention=Attention.SURPLUS)

    report = await report_attention(harness.shop)

    listed = [waiting.id for waiting in report.orders]
    assert (listed, report.count, report.quarantine) == ([order.id], 1, 0)
