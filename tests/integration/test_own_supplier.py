"""The adapter of the own stock at its edges, and the watch over the stock."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot import errors
from bot.domain.catalogue import Denomination
from bot.domain.orders import OrderState
from bot.domain.supplier import Purchase, SupplierStatus
from bot.services.orders import reconcile
from bot.services.stock import watch
from bot.services.stock.watch import StockWatch, renew_shelf, tidy
from storage.tables import codes, own_codes, own_reservations
from tests.harness import ShopHarness
from tests.integration.readings import change, rows_of
from tests.own_stock import COST, codes_of


async def yes():
    return True


async def no():
    return False


async def delivered(own, quantity=1):
    await own.load(codes_of(3))
    await own.customer()
    order = await own.buy(quantity=quantity)
    await own.run(20)
    done = await own.order(order.id)
    assert done.state is OrderState.FULFILLED
    return done


async def test_an_order_whose_codes_were_erased_is_reported_without_them(own):
    order = await delivered(own)
    own.clock.pass_time(3700)
    await tidy(own.shop)
    report = await own.own.order(order.supplier_order_id, order.purchase)
    assert (report.status, report.final, report.shows_codes, report.cards) == (
        SupplierStatus.FULFILLED,
        False,
        False,
        (),
    )
    assert report.charged_minor == COST


async def test_an_order_that_gave_its_codes_back_is_reported_as_refunded(own):
    order = await delivered(own)
    released = own_reservations.update().values(released_at=own.clock.now())
    await change(own, released)
    report = await own.own.order(order.supplier_order_id, order.purchase)
    assert (report.status, report.final, report.charged_minor) == (SupplierStatus.REFUNDED, True, 0)
    since = own.clock.now() - timedelta(days=1)
    assert [one.status for one in await own.own.orders(since, own.clock.now())] == [
        SupplierStatus.REFUNDED
    ]
    booked = await own.own.movements(since, own.clock.now())
    assert sum(one.amount_minor for one in booked) == 0
    assert len(booked) == 2


async def test_codes_that_do_not_open_are_no_verdict_about_an_order(own):
    order = await delivered(own)
    await change(own, update(own_codes).values(value=b"\x01damaged-and-long-enough"))
    with pytest.raises(errors.SupplierUnavailable):
        await own.own.order(order.supplier_order_id, order.purchase)


async def test_a_database_that_fails_is_an_outage(own):
    async def fails(*_args):
        raise errors.StorageOutage("away")

    book = own.own._stock
    book.catalogue = book.offers = book.reservations = book.cards = book.reserve = fails
    now = own.clock.now()
    for ask in (
        own.own.catalogue(),
        own.own.product("1"),
        own.own.orders(now, now),
        own.own.movements(now, now),
        own.own.order("own:1:x", Purchase("1", "1", 1)),
    ):
        with pytest.raises(errors.SupplierUnavailable):
            await ask
    with pytest.raises(errors.OutcomeUnknown):
        await own.own.buy(own.own.build_request(Purchase("1", "1", 1), 7), yes)


async def test_what_the_stock_has_not_is_refused(own):
    for product in ("999", "x", "٣", "1" * 40):
        with pytest.raises(errors.UnknownAtSupplier):
            await own.own.product(product)
    for value in ("999", "TEST_REFUND"):
        request = own.own.build_request(Purchase("1", value, 1), 7)
        with pytest.raises(errors.RequestRefused):
            await own.own.buy(request, yes)
    with pytest.raises(errors.UnknownAtSupplier):
        await own.own.balance()
    with pytest.raises(errors.UnknownAtSupplier):
        await own.own.price_value("1", Denomination(1, 1, "1", "x", 1, 1), 500)


async def test_a_repetition_needs_the_intent_too(own):
    await own.load(codes_of(1))
    request = own.own.build_request(Purchase("1", "1", 1), 7)
    assert await own.own.repeat(request, no) is None
    assert await rows_of(own, select(own_reservations)) == []


async def test_an_order_that_got_only_some_of_its_codes_keeps_its_reservation(own):
    await delivered(own, quantity=2)
    await change(own, codes.delete().where(codes.c.position == 1))
    own.clock.pass_time(3700)
    await tidy(own.shop)
    (kept,) = await rows_of(own, select(own_reservations))
    assert (kept.released_at, kept.erased_at) == (None, None)


async def test_two_that_tidy_at_once_do_it_once(own):
    await delivered(own)
    own.clock.pass_time(3700)
    await asyncio.gather(tidy(own.shop), tidy(own.shop))
    (kept,) = await rows_of(own, select(own_reservations))
    assert kept.erased_at is not None
    await own.store.write(watch._end_reservation, own.shop, kept.order_id)


async def test_a_product_of_a_hidden_category_is_passed_over(own):
    own.set_policy(hidden_categories=frozenset({"streaming"}))
    await own.load(codes_of(2))
    await StockWatch(own.shop).check()
    assert [one for one in own.shop.shelf.products.values() if one.supplier == "own"] == []


async def test_a_shop_without_own_stock_shows_none(sqlite_store):
    harness = await ShopHarness(sqlite_store).open()
    before = dict(harness.shop.shelf.products)
    await renew_shelf(harness.shop)
    assert harness.shop.shelf.products == before
    await harness.close()


async def test_the_shelf_follows_a_batch_that_a_command_has_put_on_sale(own):
    await own.load(codes_of(2))
    look = StockWatch(own.shop)
    await look.check()
    value = own.shop.shelf.denomination(await own.denomination())
    assert value.stock == 2
    await change(
        own,
        update(own_codes)
        .where(own_codes.c.position == 0)
        .values(set_aside="sold", set_aside_at=own.clock.now()),
    )
    await look.check()
    assert own.shop.shelf.denomination(value.id).stock == 1


async def test_a_late_refusal_of_a_repetition_ends_no_order_that_goes_on(own):
    order = await delivered(own)
    await own.store.write(reconcile._refuse, own.shop, order.id, errors.OutOfStock("reserve"))
    assert (await own.order(order.id)).state is OrderState.FULFILLED
