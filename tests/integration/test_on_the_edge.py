"""The very moment, amount or count at which a service changes its mind: one less, exactly, one more."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import update

from bot import errors as e
from bot.domain.audit import Check
from bot.domain.payments import Method
from bot.domain.supplier import (
    Environment,
    KeyInfo,
    OfferedDenomination,
)
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.catalogue import browse, values
from bot.services.catalogue.links import find_products, link_products, list_links
from bot.services.catalogue.refresh import refresh_product
from bot.services.catalogue.values import choose_value
from bot.services.messaging.support import open_case
from bot.services.operations.audit import audit_supplier
from bot.services.operations.nightly import judge_audit, last_due, work_nightly
from bot.services.operations.reports import (
    Span,
    report_actions,
    report_attention,
    report_balances,
    report_stats,
)
from bot.services.selling.access import check_access, renew_access
from bot.services.selling.balance import check_balance
from storage.tables import orders
from tests.harness import OPERATOR, START, ShopHarness
from tests.vouchers import VoucherHarness

MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)


# --- who is asked, and how often --------------------------------------------------------------------


async def test_a_blocked_address_is_tried_again_after_sixteen_minutes_to_the_moment(
    harness: ShopHarness,
):
    harness.book.script(Fault(FaultKind.STATUS, "balance", status=403, code="IP_BLOCKED"))
    await check_balance(harness.shop, "oneclickdz")
    harness.clock.pass_time(16 * 60 - 1)
    await renew_access(harness.shop, "oneclickdz")
    assert harness.supplier.refusal == "IP_BLOCKED"
    harness.clock.pass_time(1)
    await renew_access(harness.shop, "oneclickdz")

    assert harness.supplier.refusal is None


# --- figures ----------------------------------------------------------------------------------------


async def test_spending_a_day_is_counted_over_the_days_since_the_first_sale_and_seven_at_most(
    harness: ShopHarness,
):
    await harness.customer(1, dinars=900_000)
    order = await harness.buy(1, quantity=10)
    await harness.run(12)
    cost = (await harness.order(order.id)).cost_minor
    sold_at = (await harness.order(order.id)).settled_at

    harness.clock.moment = sold_at + 2 * DAY
    assert (await report_balances(harness.shop))[0].per_day_minor == cost // 2
    async with harness.store._writer.begin() as db:  # a sale of ten days ago, beside this week's
        await db.execute(update(orders).values(settled_at=sold_at))
    again = await harness.buy(1, quantity=10)
    await harness.run(12)
    assert (await harness.order(again.id)).cost_minor == cost
    harness.clock.moment = sold_at + 8.5 * DAY

    assert (await report_balances(harness.shop))[0].per_day_minor == round(cost / 7)


async def test_a_supplier_without_orders_stands_in_the_statistics(harness: ShopHarness):
    assert (await report_stats(harness.shop, Span.ALL)).suppliers == {"oneclickdz": (0, 0)}


async def test_what_waits_for_operators_is_counted_by_kind(pay, paying_harness: ShopHarness):
    for user in (1, 2):
        await pay.begin(Method.TRANSFER, user=user)
        await pay.receipt(f"file-{user}", user=user)
    await open_case(paying_harness.shop, 1)

    report = await report_attention(paying_harness.shop)

    assert (report.payments, report.cases, report.count) == (2, 1, 0)
    assert not report.paused


async def test_the_first_page_of_actions_is_page_nought(paying_harness: ShopHarness):
    await paying_harness.customer(1)

    for asked in (-1, 0):
        actions, page, pages = await report_actions(paying_harness.shop, asked)
        assert (len(actions), page, pages) == (1, 0, 1)


# --- nights -----------------------------------------------------------------------------------------


async def test_a_night_is_due_at_its_moment_by_the_shops_own_date(harness: ShopHarness):
    # Algiers is an hour ahead: there it is tomorrow already.
    harness.set_policy(nightly_at=time(0, 15))
    for moment, due in (
        (START.replace(hour=23, minute=15) - MOMENT, START.replace(hour=23, minute=15) - DAY),
        (START.replace(hour=23, minute=15), START.replace(hour=23, minute=15)),
        (START.replace(hour=23, minute=30), START.replace(hour=23, minute=15)),
    ):
        harness.clock.moment = moment
        assert last_due(harness.shop) == due


async def test_a_night_that_was_worked_at_its_moment_is_not_worked_again(harness: ShopHarness):
    await work_nightly(harness.shop)
    harness.clock.moment = last_due(harness.shop) + DAY

    assert [await work_nightly(harness.shop) for _ in range(2)] == [True, False]


async def test_books_without_a_difference_stop_nothing(harness: ShopHarness):
    assert await harness.store.write(judge_audit, harness.shop, []) is False


# --- links ------------------------------------------------------------------------------------------


async def test_links_are_listed_by_the_names_of_what_leads_and_of_what_follows(sqlite_store):
    harness = await VoucherHarness(sqlite_store, both=True).open()
    (primary,) = find_products(harness.shop, "Amazon USA")
    for title in ("PlayStation Store USA", "Amazon.com"):
        (alias,) = find_products(harness.shop, title)
        await link_products(harness.shop, primary.id, alias.id, key=title, operator_id=OPERATOR)

    listed = [(primary.title, alias.title) for alias, primary in list_links(harness.shop)]

    assert listed == [("Amazon USA", "Amazon.com"), ("Amazon USA", "PlayStation Store USA")]
    await harness.close()


# --- typed values -----------------------------------------------------------------------------------


async def test_values_from_the_lowest_to_the_highest_can_be_typed(sqlite_store):
    harness = await VoucherHarness(sqlite_store).open()
    (product,) = find_products(harness.shop, "Amazon.de")
    await refresh_product(harness.shop, product.id)
    (offer,) = browse.view_product(harness.shop, product.id).offers
    span = browse.view_range(harness.shop, offer.denomination_id)
    assert span is not None
    for value in (span.lowest_minor, span.lowest_minor + span.step_minor, span.highest_minor):
        assert await choose_value(harness.shop, offer.denomination_id, value)
    for value in (
        span.lowest_minor - span.step_minor,
        span.lowest_minor + span.step_minor + 1,
        span.highest_minor + span.step_minor,
    ):
        with pytest.raises(e.ValueOutOfRange) as refused:
            await choose_value(harness.shop, offer.denomination_id, value)
        assert refused.value.lowest_minor == span.lowest_minor
    await harness.close()


async def test_steps_are_counted_from_the_lowest_value(sqlite_store):
    harness = await VoucherHarness(sqlite_store).open()
    (product,) = find_products(harness.shop, "Amazon.de")
    await refresh_product(harness.shop, product.id)
    (offer,) = browse.view_product(harness.shop, product.id).offers
    shelf = harness.shop.shelf._denominations
    shelf[offer.denomination_id] = replace(
        shelf[offer.denomination_id], lowest_minor=1500, step_minor=2000
    )

    async def price(_product, _of_range, value):
        return OfferedDenomination("typed", "35 EUR", 100, 9, lowest_minor=value)

    harness.starship.price_value = price
    assert await choose_value(harness.shop, offer.denomination_id, 3500)
    await harness.close()


async def test_nobody_waits_for_the_price_of_a_value_without_end(sqlite_store, monkeypatch):
    harness = await VoucherHarness(sqlite_store).open()
    (product,) = find_products(harness.shop, "Amazon.de")
    await refresh_product(harness.shop, product.id)
    (offer,) = browse.view_product(harness.shop, product.id).offers
    monkeypatch.setattr(values, "_PATIENCE_SECONDS", 0.01)

    async def never(*_):
        await asyncio.sleep(5)

    harness.starship.price_value = never

    with pytest.raises(e.NoPrice):
        await choose_value(harness.shop, offer.denomination_id, 3700)
    await harness.close()


# --- asking one by one while the supplier stumbles --------------------------------------------------


# --- prices, stock and patience ---------------------------------------------------------------------


async def test_a_balance_is_read_again_after_two_minutes_to_the_moment(harness: ShopHarness):
    assert await check_balance(harness.shop, "oneclickdz") is not None
    harness.clock.pass_time(120 - 1)
    assert await check_balance(harness.shop, "oneclickdz") is None
    harness.clock.pass_time(1)
    assert await check_balance(harness.shop, "oneclickdz") is not None


@pytest.mark.parametrize(
    ("enabled", "may_buy", "code"),
    [(True, False, "READ-ONLY"), (False, True, "DISABLED"), (False, False, "DISABLED")],
)
async def test_a_key_that_may_not_buy_or_is_switched_off_sells_nothing(
    harness: ShopHarness, enabled: bool, may_buy: bool, code: str
):
    async def validate():
        return KeyInfo(Environment.PRODUCTION, enabled, may_buy)

    harness.supplier.validate = validate
    account = await check_access(harness.shop, "oneclickdz")
    await harness.round()

    assert account.paused_for_access
    assert [dict(a) for a in harness.sender.alerts("circuit_open")] == [
        {"alert": "circuit_open", "supplier": "oneclickdz", "code": code}
    ]


async def test_the_suppliers_books_are_compared_over_their_whole_span(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(10)
    asked = []
    real = harness.supplier.movements

    async def movements(since, until):
        asked.append((since, until))
        return await real(since, until)

    harness.supplier.movements = movements
    harness.clock.pass_time(3600)
    found = await audit_supplier(harness.store, harness.supplier, harness.clock, 2 * DAY)

    now = harness.clock.now()
    assert asked == [(now - 2 * DAY - timedelta(minutes=20), now)]
    assert [(it.check, it.looked_at, it.supplier) for it in found] == [
        (Check.SUPPLIER, 1, "oneclickdz"),
        (Check.MOVEMENTS, 1, "oneclickdz"),
    ]
    # What was accepted at the edge of the span may have been listed before it.
    harness.book.orders.clear()
    harness.clock.moment = order.created_at + 2 * DAY - timedelta(minutes=1)
    found = await audit_supplier(harness.store, harness.supplier, harness.clock, 2 * DAY)
    assert found[0].differences == ()
