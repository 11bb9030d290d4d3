"""What is done twice, too late, or for something that moved on meanwhile: no second effect."""

import pytest

from bot.domain.records import AlertKind, OutboxKind
from bot.errors import (
    SoldOut,
    SupplierUnavailable,
)
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.catalogue.browse import exists, list_products, view_product, view_quantities
from bot.services.catalogue.refresh import refresh_catalogue
from bot.services.messaging import customers
from bot.services.messaging.alerts import raise_alert
from bot.services.messaging.customers import welcome
from bot.services.operations.reports import Span, my_orders, report_order, report_stats
from bot.services.orders import poll
from tests.harness import OPERATOR, ShopHarness


async def test_alerts_wait_for_an_operator_who_has_not_written_yet(harness: ShopHarness):
    harness.set_policy(admin_ids=frozenset({OPERATOR, 901}))
    await harness.store.write(
        lambda t: raise_alert(t, harness.shop, "k", AlertKind.CATALOGUE_STALE)
    )
    await harness.round()
    assert [s.user_id for s in harness.sender.sent] == [OPERATOR]

    await welcome(harness.shop, 901, "en")
    await harness.round()

    assert [s.user_id for s in harness.sender.sent] == [OPERATOR, 901]


async def test_a_message_about_nothing_and_an_alert_nobody_takes_are_set_aside(
    harness: ShopHarness,
):
    await harness.customer(1, dinars=0)
    await harness.store.write(
        lambda t: t.outbox.add("x", 1, OutboxKind.ORDER_RESULT, harness.clock.now())
    )
    await harness.store.write(
        lambda t: t.outbox.add(
            "y", OPERATOR, OutboxKind.ALERT, harness.clock.now(), data={"alert": "balance_low"}
        )
    )
    from bot.errors import Undeliverable

    harness.sender.failures = [Undeliverable("no")]
    await harness.round()
    await harness.run(5)

    async with harness.store.reading() as tx:
        assert await tx.outbox.due(harness.clock.now(), 10) == []


async def test_a_stale_catalogue_is_told_after_two_days(harness: ShopHarness):
    harness.book.script(Fault(FaultKind.STATUS, "catalog", times=9))
    harness.clock.pass_time(25 * 3600)
    with pytest.raises(SupplierUnavailable):
        await refresh_catalogue(harness.shop, "oneclickdz")
    await harness.round()
    assert harness.sender.alerts("catalogue") == []

    harness.clock.pass_time(25 * 3600)
    with pytest.raises(SupplierUnavailable):
        await refresh_catalogue(harness.shop, "oneclickdz")
    await harness.round()

    assert len(harness.sender.alerts("catalogue")) == 1
    harness.book.faults.clear()
    assert await refresh_catalogue(harness.shop, "oneclickdz")


async def test_the_shelf_answers_for_what_is_and_is_not_there(harness: ShopHarness):
    value = await harness.denomination()
    product = harness.shop.shelf.denomination(value).product_id
    harness.kind().quantity = 0
    harness.clock.pass_time(61)
    assert view_product(harness.shop, product).stale
    from bot.services.catalogue.refresh import refresh_product

    await refresh_product(harness.shop, product)

    with pytest.raises(SoldOut):
        view_quantities(harness.shop, value)
    assert exists(harness.shop, product_id=product)
    assert not exists(harness.shop, product_id=10**6)
    assert not exists(harness.shop, category_id=10**6)
    category = harness.shop.shelf.product(product).category_id
    assert (
        list_products(harness.shop, category, 99).number
        == list_products(harness.shop, category).pages - 1
    )


async def test_many_customers_are_remembered_up_to_a_bound(harness: ShopHarness, monkeypatch):
    monkeypatch.setattr(customers, "_REMEMBERED", 2)
    for user in (1, 2, 3):
        await welcome(harness.shop, user, "en")

    assert set(harness.shop.customers) == {2, 3}


async def test_reports_for_every_span(harness: ShopHarness):
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
    orders, _, pages = await my_orders(harness.shop, 1, 5)
    assert (list(orders), pages) == ([], 1)


async def test_a_delivery_that_broke_off_goes_on_with_the_part_that_is_missing(
    harness: ShopHarness,
):
    from bot.errors import SendFailure

    harness.set_policy(max_quantity=60)
    harness.kind().quantity = 100
    await harness.customer(1, dinars=500_000)
    await harness.round()
    await harness.buy(1, 30)
    await harness.place()
    harness.clock.pass_time(5)
    await poll.poll_due_orders(harness.shop, "oneclickdz")
    send, parts = harness.sender.send_codes, []

    async def second_fails(customer, order, code_message, *, again):
        parts.append(code_message.part)
        if parts == [0, 1]:
            raise SendFailure
        return await send(customer, order, code_message, again=again)

    harness.sender.send_codes = second_fails
    await harness.run(10)

    assert parts == [0, 1, 1]
    assert len(set(harness.sender.codes_of(1))) == len(harness.sender.codes_of(1)) == 30


async def test_orders_stuck_one_after_the_other_are_told_ten_minutes_apart(harness: ShopHarness):
    harness.book.handling_seconds = 10_000
    await harness.customer(1)
    await harness.buy(1)
    await harness.run(120, step=20)
    await harness.buy(1)

    await harness.run(14 * 60, step=20)
    assert [a["orders"] for a in harness.sender.alerts("stuck")] == ["#1"]
    await harness.run(8 * 60, step=20)

    assert [a["orders"] for a in harness.sender.alerts("stuck")] == ["#1", "#2"]
