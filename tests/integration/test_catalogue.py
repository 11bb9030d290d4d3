"""Fetching the catalogue: when it is due, what an empty or a failed answer does, when operators hear of it."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event

from bot import errors
from bot.domain.alerts import AlertKind
from bot.domain.jobs import Wakes
from bot.domain.price_rules import PriceRules
from bot.domain.pricing import Markup, MarkupScope
from bot.domain.supplier import OfferedCategory
from bot.errors import SupplierUnavailable
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.catalogue.browse import offer_of
from bot.services.catalogue.refresh import (
    fetch_catalogue,
    load_shelf,
    refresh_catalogue,
    refresh_product,
    save_offer,
)
from storage.repositories.catalogue import CatalogueRepository
from storage.transaction import Transaction
from tests.harness import ShopHarness
from tests.integration.markup_steps import set_markup

MOMENT = timedelta(microseconds=1)


async def test_a_fresh_catalogue_is_left_alone_and_an_old_one_is_fetched(harness: ShopHarness):
    life = harness.shop.policy.catalogue_lifetime
    asked = harness.book.count("catalog")
    assert not await refresh_catalogue(harness.shop, "oneclickdz")
    harness.clock.moment += life - MOMENT
    assert not await refresh_catalogue(harness.shop, "oneclickdz")
    assert harness.book.count("catalog") == asked
    harness.clock.moment += MOMENT
    assert await refresh_catalogue(harness.shop, "oneclickdz")
    assert await fetch_catalogue(harness.shop, "oneclickdz")


async def test_an_answer_writes_the_values_that_it_changes_and_no_others(harness: ShopHarness):
    value = harness.shop.shelf.denomination(await harness.denomination())
    goods = next(
        g for c in harness.book.categories for g in c.products if g.title == "PlayStation USA"
    )
    written: list[int] = []

    def note(_connection, _cursor, statement, given, _context, many) -> None:
        if statement.startswith("UPDATE catalogue_denominations"):
            written.append(len(given) if many else 1)

    event.listen(harness.store._writer.sync_engine, "before_cursor_execute", note)

    async def answer() -> list[int]:
        written.clear()
        harness.let_prices_age()
        await refresh_product(harness.shop, value.product_id)
        return sorted(written)

    assert len(goods.denominations) > 2
    assert await answer() == []
    goods.denominations[0].quantity += 1
    goods.denominations[1].quantity += 1
    assert sum(await answer()) == 2
    gone = goods.denominations.pop(0)
    assert sum(await answer()) >= 1
    assert gone.name not in {d.label for d in harness.shop.shelf.of_product(value.product_id)}
    goods.denominations.insert(0, gone)
    assert sum(await answer()) >= 1
    assert gone.name in {d.label for d in harness.shop.shelf.of_product(value.product_id)}
    assert await answer() == []


async def test_an_answer_that_changes_a_cost_takes_five_statements(harness: ShopHarness):
    value = harness.shop.shelf.denomination(await harness.denomination())
    offer = await harness.supplier.product(
        harness.shop.shelf.product(value.product_id).supplier_product_id
    )
    dearer = [replace(one, cost_minor=one.cost_minor + 100) for one in offer.denominations]
    said: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if "catalogue_" in statement:
            said.append(statement)

    for engine in (harness.store._writer, harness.store._reader):
        event.listen(engine.sync_engine, "before_cursor_execute", note)
    await save_offer(harness.shop, value.product_id, replace(offer, denominations=tuple(dearer)))

    # What is stored of the product and its values, both changes, and all of it for the shelf.
    assert len(set(said)) == 5, said
    assert harness.shop.shelf.denomination(value.id).cost_minor == value.cost_minor + 100


async def _later(value):
    return value


async def test_an_empty_catalogue_is_not_taken(harness: ShopHarness):
    harness.supplier.catalogue = lambda: _later(())
    assert not await fetch_catalogue(harness.shop, "oneclickdz")


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


async def test_a_stale_catalogue_is_told_after_twice_its_lifetime(harness: ShopHarness):
    await fetch_catalogue(harness.shop, "oneclickdz")
    life = harness.shop.policy.catalogue_lifetime

    async def fail():
        raise errors.SupplierUnavailable("catalog", "")

    harness.supplier.catalogue = fail
    for passed, told in ((2 * life, 0), (timedelta(microseconds=1), 1)):
        harness.clock.moment += passed
        with pytest.raises(errors.SupplierFailure):
            await refresh_catalogue(harness.shop, "oneclickdz")
        await harness.round()
        assert len(harness.sender.alerts(AlertKind.CATALOGUE_STALE)) == told


async def test_a_slow_reading_of_the_catalogue_does_not_undo_a_markup(
    harness: ShopHarness, monkeypatch
):
    read, seen = CatalogueRepository.load, asyncio.Event()

    async def slowly(catalogue):
        found = await read(catalogue)
        first = not seen.is_set()
        seen.set()
        if first:
            await asyncio.sleep(0.1)
        return found

    monkeypatch.setattr(CatalogueRepository, "load", slowly)
    denomination = harness.shop.shelf.denomination(await harness.denomination())
    markup = Markup(Decimal(25))

    slow = asyncio.create_task(load_shelf(harness.shop))
    await seen.wait()
    await set_markup(harness, (MarkupScope.DENOMINATION, denomination.id), markup)
    await slow

    key = MarkupScope.DENOMINATION, denomination.id
    assert harness.shop.shelf.rules.markups[key] == markup


async def test_products_keep_their_ids_and_hide_when_they_vanish(harness: ShopHarness):
    before = {p.title: p.id for p in harness.shop.shelf.products.values()}
    gone = harness.book.categories[0].products.pop(0)
    harness.clock.pass_time(25 * 3600)
    await refresh_catalogue(harness.shop, "oneclickdz")
    assert gone.title not in {p.title for p in harness.shop.shelf.products.values()}

    harness.book.categories[0].products.append(gone)
    await fetch_catalogue(harness.shop, "oneclickdz")

    assert {p.title: p.id for p in harness.shop.shelf.products.values()} == before
    assert not any(c.title == "Mobile & Internet" for c in harness.shop.shelf.categories.values())


async def test_an_empty_catalogue_never_empties_the_shop(harness: ShopHarness):
    count = len(harness.shop.shelf.products)
    harness.book.categories.clear()

    assert await fetch_catalogue(harness.shop, "oneclickdz") is False

    await load_shelf(harness.shop)
    assert len(harness.shop.shelf.products) == count


async def test_an_override_changes_the_price_and_its_removal_brings_it_back(harness: ShopHarness):
    shelf = harness.shop.shelf
    value = shelf.denomination(await harness.denomination())
    usual = offer_of(harness.shop, value).price_minor
    category = shelf.product(value.product_id).category_id

    await set_markup(harness, (MarkupScope.CATEGORY, category), Markup(Decimal(50)))
    assert offer_of(harness.shop, value).price_minor > usual
    await set_markup(harness, (MarkupScope.CATEGORY, category), None)

    assert offer_of(harness.shop, value).price_minor == usual


async def test_a_product_that_the_supplier_forgot_is_sold_out(harness: ShopHarness):
    value = await harness.denomination()
    product = harness.shop.shelf.denomination(value).product_id
    harness.book.categories[0].products.clear()

    await refresh_product(harness.shop, product)

    assert harness.shop.shelf.of_product(product) == ()


class _EachByItself:
    """A connection whose statements each see what was stored by then; after the first one, `meanwhile` happens."""

    def __init__(self, store, meanwhile) -> None:
        self._store, self._meanwhile = store, [meanwhile]

    async def execute(self, statement):
        async with self._store.reading() as tx:
            found = (await tx.catalogue._db.execute(statement)).freeze()
        if self._meanwhile:
            await self._meanwhile.pop()()
        return found()


async def test_the_shelf_can_be_filled_while_a_product_of_a_new_category_is_stored(
    harness: ShopHarness,
):
    offered = await harness.supplier.catalogue()
    first = offered[0].products[0]
    new = OfferedCategory("Stored meanwhile", (replace(first, supplier_product_id="new"),))
    now = harness.clock.now()

    async def stored() -> None:
        await harness.store.write(
            lambda tx: tx.catalogue.replace("oneclickdz", [*offered, new], now)
        )

    connection: Any = _EachByItself(harness.store, stored)
    found = await CatalogueRepository(connection, Wakes()).load()

    harness.shop.shelf.fill(*found, PriceRules(), frozenset(), harness.shop.suppliers.keys())
    await load_shelf(harness.shop)
    assert "Stored meanwhile" in [one.title for one in harness.shop.shelf.categories.values()]


@pytest.mark.parametrize("of_one", [False, True])
async def test_an_older_answer_does_not_outlive_a_newer_one_that_changes_nothing(
    harness: ShopHarness, monkeypatch, of_one
):
    value = await harness.denomination()
    product = harness.shop.shelf.denomination(value).product_id
    known = harness.shop.shelf.product(product)
    harness.clock.pass_time(120)
    newer = await harness.supplier.product(known.supplier_product_id)
    cost = harness.shop.shelf.denomination(value).cost_minor
    item = next(one for one in newer.denominations if one.cost_minor == cost)
    older = replace(
        newer,
        denominations=(replace(item, cost_minor=cost * 7 // 10),),
        asked_at=newer.asked_at - timedelta(seconds=1),
        only=item.supplier_type_id if of_one else None,
    )
    read, saved = CatalogueRepository._known, asyncio.Event()
    is_read = asyncio.Event()

    async def slow(repository, product_id):
        found = await read(repository, product_id)
        if not is_read.is_set():
            is_read.set()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(saved.wait(), 0.3)
        return found

    async def save_older() -> None:
        await is_read.wait()
        await save_offer(harness.shop, product, older)
        saved.set()

    monkeypatch.setattr(CatalogueRepository, "_known", slow)
    await asyncio.gather(save_offer(harness.shop, product, newer), save_older())

    assert harness.shop.shelf.denomination(value).cost_minor == cost
    assert [one.label for one in harness.shop.shelf.of_product(product)] == [
        one.label for one in newer.denominations
    ]


async def test_an_older_answer_adds_no_value(harness: ShopHarness):
    value = await harness.denomination()
    product = harness.shop.shelf.denomination(value).product_id
    newer = await harness.supplier.product(harness.shop.shelf.product(product).supplier_product_id)
    await save_offer(harness.shop, product, newer)
    added = replace(newer.denominations[0], supplier_type_id="added", label="Added")
    older = replace(
        newer,
        denominations=(*newer.denominations, added),
        asked_at=newer.asked_at - timedelta(seconds=1),
    )

    await save_offer(harness.shop, product, older)
    assert "Added" not in [one.label for one in harness.shop.shelf.of_product(product)]

    await save_offer(harness.shop, product, replace(older, asked_at=newer.asked_at))
    assert "Added" in [one.label for one in harness.shop.shelf.of_product(product)]


@pytest.mark.parametrize("minutes", [0, 11])
async def test_an_answer_is_taken_that_no_newer_one_came_before(harness: ShopHarness, minutes):
    """Of the same moment, and after a clock that was wrong: no question lasts so long."""
    value = await harness.denomination()
    product = harness.shop.shelf.denomination(value).product_id
    offer = await harness.supplier.product(harness.shop.shelf.product(product).supplier_product_id)
    await save_offer(harness.shop, product, offer)
    later = replace(
        offer,
        denominations=offer.denominations[:1],
        asked_at=offer.asked_at - timedelta(minutes=minutes),
    )

    await save_offer(harness.shop, product, later)

    assert len(harness.shop.shelf.of_product(product)) == 1


async def test_new_prices_are_taken_at_once_after_the_clock_was_set_back(harness: ShopHarness):
    value = await harness.denomination()
    product = harness.shop.shelf.denomination(value).product_id
    offer = await harness.supplier.product(harness.shop.shelf.product(product).supplier_product_id)
    first = offer.denominations[0]
    dearer = replace(first, cost_minor=first.cost_minor + 1)

    async def sell_out(tx: Transaction) -> None:
        for one in harness.shop.shelf.of_product(product):
            await tx.catalogue.set_sold_out(one.id, harness.clock.now())

    await save_offer(harness.shop, product, offer)
    await harness.store.write(sell_out)
    await harness.set_clock(-60)
    harness.clock.pass_time(1)
    asked_at = harness.clock.now()
    later = replace(offer, denominations=(dearer,), asked_at=asked_at)
    await save_offer(harness.shop, product, later)

    found = harness.shop.shelf.of_product(product)
    assert [(one.cost_minor, one.stock) for one in found] == [(dearer.cost_minor, dearer.stock)]
