"""The very moment, amount or count at which a service changes its mind: one less, exactly, one more."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import update

from bot import errors as e
from bot.domain.audit import Check
from bot.domain.orders import Attention, OrderState, ReturnReason
from bot.domain.payments import Method, PaymentState
from bot.domain.supplier import (
    Environment,
    KeyInfo,
    OfferedDenomination,
    SupplierOrder,
    SupplierStatus,
)
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services import browse, place, poll, values
from bot.services.access import check_access, renew_access
from bot.services.audit import audit_supplier
from bot.services.balance import check_balance
from bot.services.catalogue import refresh_catalogue, refresh_product
from bot.services.incoming import check_my_payment
from bot.services.links import find_products, link_products, list_links
from bot.services.nightly import judge_audit, last_due, work_nightly
from bot.services.place import find_orders_to_place
from bot.services.report import (
    Span,
    report_actions,
    report_attention,
    report_balances,
    report_stats,
)
from bot.services.star_book import audit_stars
from bot.services.support import open_case
from bot.services.values import choose_value
from storage.tables import orders
from tests.stage import OPERATOR, START, Stage
from tests.vouchers import VoucherStage

MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)


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


# --- typed values -----------------------------------------------------------------------------------


async def test_values_from_the_lowest_to_the_highest_can_be_typed(sqlite_store):
    stage = await VoucherStage(sqlite_store).open()
    (product,) = find_products(stage.shop, "Amazon.de")
    await refresh_product(stage.shop, product.id)
    (offer,) = browse.view_product(stage.shop, product.id).offers
    span = browse.view_range(stage.shop, offer.denomination_id)
    assert span is not None
    for value in (span.lowest_minor, span.lowest_minor + span.step_minor, span.highest_minor):
        assert await choose_value(stage.shop, offer.denomination_id, value)
    for value in (
        span.lowest_minor - span.step_minor,
        span.lowest_minor + span.step_minor + 1,
        span.highest_minor + span.step_minor,
    ):
        with pytest.raises(e.ValueOutOfRange) as refused:
            await choose_value(stage.shop, offer.denomination_id, value)
        assert refused.value.lowest_minor == span.lowest_minor
    await stage.close()


async def test_steps_are_counted_from_the_lowest_value(sqlite_store):
    stage = await VoucherStage(sqlite_store).open()
    (product,) = find_products(stage.shop, "Amazon.de")
    await refresh_product(stage.shop, product.id)
    (offer,) = browse.view_product(stage.shop, product.id).offers
    shelf = stage.shop.shelf._denominations
    shelf[offer.denomination_id] = replace(
        shelf[offer.denomination_id], lowest_minor=1500, step_minor=2000
    )

    async def price(_product, _of_range, value):
        return OfferedDenomination("typed", "35 EUR", 100, 9, lowest_minor=value)

    stage.starship.price_value = price
    assert await choose_value(stage.shop, offer.denomination_id, 3500)
    await stage.close()


async def test_nobody_waits_for_the_price_of_a_value_without_end(sqlite_store, monkeypatch):
    stage = await VoucherStage(sqlite_store).open()
    (product,) = find_products(stage.shop, "Amazon.de")
    await refresh_product(stage.shop, product.id)
    (offer,) = browse.view_product(stage.shop, product.id).offers
    monkeypatch.setattr(values, "_PATIENCE_SECONDS", 0.01)

    async def never(*_):
        await asyncio.sleep(5)

    stage.starship.price_value = never

    with pytest.raises(e.NoPrice):
        await choose_value(stage.shop, offer.denomination_id, 3700)
    await stage.close()


# --- asking one by one while the supplier stumbles --------------------------------------------------


def stumbling(answers: str, asked: list[str]):
    """An `order` of the supplier's that fails where `answers` has an F, in turn."""

    async def order(supplier_order_id, purchase):
        asked.append(supplier_order_id)
        if answers[len(asked) - 1] == "F":
            raise e.SupplierUnavailable("checkOrder", "X")
        return SupplierOrder(supplier_order_id, SupplierStatus.HANDLING, False, 1)

    return order


@pytest.mark.parametrize(("answers", "count"), [("FFFF", 3), ("F.FF.", 5), ("FF.FFF.", 6)])
async def test_three_failures_in_a_row_spare_the_rest_and_an_answer_begins_the_count_anew(
    stage: Stage, answers: str, count: int
):
    await stage.customer(1, dinars=900_000)
    stage.book.handling_seconds = 10**6
    for _ in answers:
        await stage.buy(1)
    await stage.place()
    stage.clock.pass_time(5)
    async with stage.store.reading() as tables:
        due = await tables.orders.in_state(OrderState.HANDLING)
    asked: list[str] = []
    stage.supplier.order = stumbling(answers, asked)

    assert await poll._poll_each(stage.shop, due) == 0

    assert len(asked) == count


async def test_an_id_that_is_unknown_for_a_quarter_of_an_hour_is_told_at_its_end(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    await stage.place()
    for seconds, attention in ((900 - 1, None), (1, Attention.NOT_FOUND)):
        stage.clock.pass_time(seconds)
        await stage.store.write(poll._note_unknown, stage.shop, order.id)
        assert (await stage.order(order.id)).attention is attention


# --- prices, stock and patience ---------------------------------------------------------------------


async def test_the_last_look_before_a_purchase_refuses_what_is_short_dear_or_priceless(
    stage: Stage,
):
    await stage.customer(1)
    order = await stage.buy(1, quantity=2)
    fits = OfferedDenomination("x", "10 $", order.highest_cost_minor, 2)
    for changes, reason in (
        ({}, None),
        ({"stock": 1}, ReturnReason.SOLD_OUT),
        ({"cost_minor": 0}, ReturnReason.SOLD_OUT),
        ({"cost_minor": 1}, None),
        ({"cost_minor": order.highest_cost_minor + 1}, ReturnReason.PRICE_ROSE),
    ):
        assert place._refusal(order, replace(fits, **changes)) is reason
    assert place._refusal(order, None) is ReturnReason.SOLD_OUT


async def test_what_could_not_be_bought_is_returned_at_the_end_of_its_patience(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    stage.clock.moment = order.paid_at + stage.shop.policy.return_unbought_after - MOMENT
    assert [o.id for o in await find_orders_to_place(stage.shop)] == [order.id]
    stage.clock.moment = order.paid_at + stage.shop.policy.return_unbought_after
    assert await find_orders_to_place(stage.shop) == []

    assert (await stage.order(order.id)).return_reason is ReturnReason.SUPPLIER_DOWN


async def test_a_shelf_is_asked_for_again_at_the_end_of_its_life(stage: Stage):
    stage.clock.pass_time(24 * 3600 - 1)
    assert not await refresh_catalogue(stage.shop, "oneclickdz")
    stage.clock.pass_time(1)
    assert await refresh_catalogue(stage.shop, "oneclickdz")


async def test_a_balance_is_read_again_after_two_minutes_to_the_moment(stage: Stage):
    assert await check_balance(stage.shop, "oneclickdz") is not None
    stage.clock.pass_time(120 - 1)
    assert await check_balance(stage.shop, "oneclickdz") is None
    stage.clock.pass_time(1)
    assert await check_balance(stage.shop, "oneclickdz") is not None


@pytest.mark.parametrize(
    ("enabled", "may_buy", "code"),
    [(True, False, "READ-ONLY"), (False, True, "DISABLED"), (False, False, "DISABLED")],
)
async def test_a_key_that_may_not_buy_or_is_switched_off_sells_nothing(
    stage: Stage, enabled: bool, may_buy: bool, code: str
):
    async def validate():
        return KeyInfo(Environment.PRODUCTION, enabled, may_buy)

    stage.supplier.validate = validate
    account = await check_access(stage.shop, "oneclickdz")
    await stage.round()

    assert account.paused_for_access
    assert [dict(a) for a in stage.sender.alerts("circuit_open")] == [
        {"alert": "circuit_open", "supplier": "oneclickdz", "code": code}
    ]


async def test_the_suppliers_books_are_compared_over_their_whole_span(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    await stage.run(10)
    asked = []
    real = stage.supplier.movements

    async def movements(since, until):
        asked.append((since, until))
        return await real(since, until)

    stage.supplier.movements = movements
    stage.clock.pass_time(3600)
    found = await audit_supplier(stage.store, stage.supplier, stage.clock, 2 * DAY)

    now = stage.clock.now()
    assert asked == [(now - 2 * DAY - timedelta(minutes=20), now)]
    assert [(it.check, it.looked_at, it.supplier) for it in found] == [
        (Check.SUPPLIER, 1, "oneclickdz"),
        (Check.MOVEMENTS, 1, "oneclickdz"),
    ]
    # What was accepted at the edge of the span may have been listed before it.
    stage.book.orders.clear()
    stage.clock.moment = order.created_at + 2 * DAY - timedelta(minutes=1)
    found = await audit_supplier(stage.store, stage.supplier, stage.clock, 2 * DAY)
    assert found[0].differences == ()
