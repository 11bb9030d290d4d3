"""The very moment, amount or count at which a service changes its mind: one less, exactly, one more."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import update

from bot import errors as e
from bot.domain.payments import Limits, Method, PaymentState, Rejection
from bot.payments.transfer import Transfer
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.access import renew_access
from bot.services.balance import check_balance
from bot.services.incoming import check_my_payment, check_star_order, payload_of
from bot.services.links import find_products, link_products, list_links
from bot.services.nightly import judge_audit, last_due, work_nightly
from bot.services.receipts import reject_payment, show_receipt
from bot.services.report import (
    Span,
    report_actions,
    report_attention,
    report_balances,
    report_stats,
)
from bot.services.star_book import audit_stars
from bot.services.support import open_case
from bot.services.topup import view_amounts
from storage.tables import orders
from tests.integration.test_payments import Payments, waiting_order
from tests.stage import LIMITS, OPERATOR, START, Stage
from tests.vouchers import VoucherStage

PRICE = 177_000
MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)


@pytest.fixture
def till(stage: Stage):
    stage.offer()
    return stage


@pytest.fixture
def pay(till: Stage):
    return Payments(till)


# --- a bill in Stars, right before it is paid -------------------------------------------------------


async def looked_at(till: Stage, payment) -> None:
    await check_star_order(
        till.shop, payment.user_id, payload_of(payment), currency="XTR", stars=payment.stars
    )


async def test_a_bill_can_be_paid_until_the_moment_it_expires(pay, till: Stage):
    payment = await pay.begin(Method.STARS)
    till.clock.moment = payment.expires_at - MOMENT
    await looked_at(till, payment)
    till.clock.moment = payment.expires_at

    with pytest.raises(e.NotFound):
        await looked_at(till, payment)


async def test_a_bill_for_an_order_can_be_paid_until_the_moment_the_order_expires(pay, till: Stage):
    till.set_policy(payment_window=timedelta(minutes=5))
    order = await waiting_order(till)
    payment = await pay.begin(Method.STARS, order=order.id)
    till.clock.moment = order.due_at - MOMENT
    await looked_at(till, payment)
    till.clock.moment = order.due_at

    with pytest.raises(e.NotFound):
        await looked_at(till, payment)


async def test_the_last_piece_at_the_highest_cost_can_still_be_paid_for(pay, till: Stage):
    order = await waiting_order(till)
    payment = await pay.begin(Method.STARS, order=order.id)
    shelf = till.shop.shelf
    there = shelf.denomination(order.denomination_id)
    for stock, cost, refused in (
        (order.quantity, order.highest_cost_minor, False),
        (order.quantity - 1, order.highest_cost_minor, True),
        (order.quantity, order.highest_cost_minor + 1, True),
    ):
        shelf._denominations[there.id] = replace(there, stock=stock, cost_minor=cost)
        if refused:
            with pytest.raises(e.NotFound):
                await looked_at(till, payment)
        else:
            await looked_at(till, payment)


# --- who is asked, and how often --------------------------------------------------------------------


async def test_what_is_decided_or_has_nobody_to_ask_is_never_asked_too_fast(pay, till: Stage):
    card, transfer = await pay.begin(), await pay.begin(Method.TRANSFER)
    till.book.cards.pay(card.external_id)
    await check_my_payment(till.shop, 1, card.id)

    for payment in (card, card, transfer, transfer):
        await check_my_payment(till.shop, 1, payment.id)

    assert (await pay.now(card)).state is PaymentState.CREDITED


async def test_a_blocked_address_is_tried_again_after_sixteen_minutes_to_the_moment(stage: Stage):
    stage.book.script(Fault(FaultKind.STATUS, "balance", status=403, code="IP_BLOCKED"))
    await check_balance(stage.shop, "oneclickdz")
    stage.clock.pass_time(16 * 60 - 1)
    await renew_access(stage.shop, "oneclickdz")
    assert stage.supplier.refusal == "IP_BLOCKED"
    stage.clock.pass_time(1)
    await renew_access(stage.shop, "oneclickdz")

    assert stage.supplier.refusal is None


# --- receipts and amounts ---------------------------------------------------------------------------


async def test_an_older_transfer_that_waits_comes_before_a_newer_one_that_was_rejected(
    pay, till: Stage
):
    older, newer = await pay.begin(Method.TRANSFER), await pay.begin(Method.TRANSFER, 300_000)
    await pay.receipt("a", newer.reference)
    await reject_payment(till.shop, pay.decision(newer), Rejection.USED)

    assert (await pay.receipt("b")).id == older.id


async def test_of_three_receipts_operators_see_the_last_again(pay, till: Stage):
    payment = await pay.begin(Method.TRANSFER)
    operator = await till.customer(OPERATOR, dinars=0)
    for name in ("a", "b", "c"):
        await pay.receipt(name)
    await show_receipt(till.shop, operator, payment)

    assert till.sender.sent[-1].data == {"receipt": "c"}


async def test_amounts_up_to_both_limits_are_offered(till: Stage):
    till.shop.ways[Method.TRANSFER] = Transfer(Limits(50_000, 2_000_000))
    offers = (await view_amounts(till.shop, Method.TRANSFER)).offers
    assert [offer.amount_minor for offer in offers][:: len(offers) - 1] == [50_000, 2_000_000]

    till.shop.ways[Method.TRANSFER] = Transfer(Limits(50_001, 1_999_999))
    offers = (await view_amounts(till.shop, Method.TRANSFER)).offers
    assert [offer.amount_minor for offer in offers][:: len(offers) - 1] == [100_000, 1_000_000]
    assert LIMITS.least_minor < 50_000


# --- figures ----------------------------------------------------------------------------------------


async def test_spending_a_day_is_counted_over_the_days_since_the_first_sale_and_seven_at_most(
    stage: Stage,
):
    await stage.customer(1, dinars=900_000)
    order = await stage.buy(1, quantity=10)
    await stage.run(12)
    cost = (await stage.order(order.id)).cost_minor
    sold_at = (await stage.order(order.id)).settled_at

    stage.clock.moment = sold_at + 2 * DAY
    assert (await report_balances(stage.shop))[0].per_day_minor == cost // 2
    async with stage.store._writer.begin() as db:  # a sale of ten days ago, beside this week's
        await db.execute(update(orders).values(settled_at=sold_at))
    again = await stage.buy(1, quantity=10)
    await stage.run(12)
    assert (await stage.order(again.id)).cost_minor == cost
    stage.clock.moment = sold_at + 8.5 * DAY

    assert (await report_balances(stage.shop))[0].per_day_minor == round(cost / 7)


async def test_a_supplier_without_orders_stands_in_the_statistics(stage: Stage):
    assert (await report_stats(stage.shop, Span.ALL)).suppliers == {"oneclickdz": (0, 0)}


async def test_what_waits_for_operators_is_counted_by_kind(pay, till: Stage):
    for user in (1, 2):
        await pay.begin(Method.TRANSFER, user=user)
        await pay.receipt(f"file-{user}", user=user)
    await open_case(till.shop, 1)

    report = await report_attention(till.shop)

    assert (report.payments, report.cases, report.count) == (2, 1, 0)
    assert not report.paused


async def test_the_first_page_of_actions_is_page_nought(till: Stage):
    await till.customer(1)

    for asked in (-1, 0):
        actions, page, pages = await report_actions(till.shop, asked)
        assert (len(actions), page, pages) == (1, 0, 1)


# --- nights -----------------------------------------------------------------------------------------


async def test_a_night_is_due_at_its_moment_by_the_shops_own_date(stage: Stage):
    # Algiers is an hour ahead: there it is tomorrow already.
    stage.set_policy(nightly_at=time(0, 15))
    for moment, due in (
        (START.replace(hour=23, minute=15) - MOMENT, START.replace(hour=23, minute=15) - DAY),
        (START.replace(hour=23, minute=15), START.replace(hour=23, minute=15)),
        (START.replace(hour=23, minute=30), START.replace(hour=23, minute=15)),
    ):
        stage.clock.moment = moment
        assert last_due(stage.shop) == due


async def test_a_night_that_was_worked_at_its_moment_is_not_worked_again(stage: Stage):
    await work_nightly(stage.shop)
    stage.clock.moment = last_due(stage.shop) + DAY

    assert [await work_nightly(stage.shop) for _ in range(2)] == [True, False]


async def test_books_without_a_difference_stop_nothing(stage: Stage):
    assert await stage.store.write(judge_audit, stage.shop, []) is False


async def test_a_star_that_is_booked_and_not_listed_is_told_in_words(pay, till: Stage):
    payment = await pay.begin(Method.STARS)
    await pay.stars(payment)
    for seconds, named in ((600, []), (1, [payment.reference])):
        till.clock.pass_time(seconds)
        (found,) = await audit_stars(till.shop, 2 * DAY)
        assert [d.subject for d in found.differences] == named
    assert [str(d) for d in found.differences] == [
        f"payment {payment.reference}: paid here, and not in Telegram's list"
    ]
    # At the edge of the span it may have fallen out of Telegram's list already.
    till.clock.moment = START + 2 * DAY - timedelta(minutes=10) + timedelta(seconds=1)
    (found,) = await audit_stars(till.shop, 2 * DAY)
    assert found.differences == ()


# --- links ------------------------------------------------------------------------------------------


async def test_links_are_listed_by_the_names_of_what_leads_and_of_what_follows(sqlite_store):
    stage = await VoucherStage(sqlite_store, both=True).open()
    (leader,) = find_products(stage.shop, "Amazon USA")
    for title in ("PlayStation Store USA", "Amazon.com"):
        (follower,) = find_products(stage.shop, title)
        await link_products(stage.shop, leader.id, follower.id, key=title, operator_id=OPERATOR)

    listed = [(leader.title, follower.title) for follower, leader in list_links(stage.shop)]

    assert listed == [("Amazon USA", "Amazon.com"), ("Amazon USA", "PlayStation Store USA")]
    await stage.close()
