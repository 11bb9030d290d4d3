"""The own stock through everything else: keys, backups, restores, moves, links, test shops."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.backups import BackupFolder
from bot.domain.curation import Subject
from bot.domain.nights import night_of
from bot.domain.orders import OrderState
from bot.domain.pauses import PauseScope
from bot.domain.price_rules import PriceRules
from bot.domain.stock import BatchState
from bot.domain.supplier import OWN
from bot.move import Report, move
from bot.refusals import QuantityOutOfRange
from bot.services.catalogue.browse import offer_of
from bot.services.catalogue.curated import list_values
from bot.services.catalogue.links import find_products, link_products
from bot.services.catalogue.refresh import refresh_product
from bot.services.codes.abandon import abandon_key, find_sealed
from bot.services.codes.custody import check_keys, used_keys
from bot.services.codes.rotate import rotate_keys
from bot.services.operations.reports import report_balances
from bot.services.operations.restored import quarantine_restored
from bot.services.orders.again import Again, quote_again
from bot.services.orders.checkout import buy
from bot.services.orders.quote import make_quote
from bot.services.selling.hand_pauses import draft_pause
from bot.services.selling.held_orders import products_of
from bot.services.stock.batches import view_batch
from bot.services.stock.watch import StockWatch
from bot.vault import AesVault, new_key, parse_keys
from storage.copying import COPIED
from storage.store import Store
from storage.tables import alerts, orders, own_codes
from tests import pausing
from tests.database import store_at
from tests.harness import OPERATOR, POLICY
from tests.integration.curation_steps import hide
from tests.integration.readings import rows_of
from tests.own_stock import OwnHarness, codes_of
from tests.postgres import POSTGRES, new_database

OLD, NEW = new_key("k1"), new_key("k2")


def ring(*keys: str) -> AesVault:
    return AesVault(parse_keys(",".join(keys)))


async def opened_with(store, *keys: str, both: bool = False) -> OwnHarness:
    harness = OwnHarness(store, both=both)
    await use(harness, *keys)
    return await harness.open()


async def use(harness, *keys: str) -> None:
    """As if the process had been started with these keys."""
    harness.vault = ring(*keys)
    harness.restart()
    await harness.reload()


async def test_a_rotation_covers_the_own_stock(sqlite_store):
    harness = await opened_with(sqlite_store, OLD)
    await check_keys(harness.store, harness.vault)
    batch = await harness.load(codes_of(3))
    await use(harness, NEW, OLD)
    await check_keys(harness.store, harness.vault)

    done = await rotate_keys(harness.store, harness.vault, lambda _: None)

    assert (done.sealed, done.failed, done.still_used) == (3, [], set())
    assert (await rotate_keys(harness.store, harness.vault, lambda _: None)).sealed == 0
    await use(harness, NEW)
    await check_keys(harness.store, harness.vault)
    assert (await view_batch(harness.store, harness.vault, batch)).hints == ("••••0000", "••••5838")
    again = await harness.load(codes_of(4), sell=False)
    assert (await view_batch(harness.store, harness.vault, again)).batch.refusals.known == 3
    await harness.customer()
    order = await harness.buy()
    await harness.run(20)
    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    await harness.close()


async def test_what_no_key_opens_is_named_and_left_by_a_rotation(sqlite_store):
    harness = await opened_with(sqlite_store, OLD)
    await harness.load(codes_of(3))
    with closing(sqlite3.connect(sqlite_store.url.database)) as db:
        db.execute(
            "UPDATE own_codes SET value = CAST(x'01' || zeroblob(40) AS BLOB) WHERE position = 1"
        )
        db.commit()
    await use(harness, NEW, OLD)
    done = await rotate_keys(harness.store, harness.vault, lambda _: None)
    assert (done.sealed, len(done.failed), done.still_used) == (2, 1, {"k1"})
    await harness.close()


async def test_codes_of_a_key_that_is_given_up_are_counted_and_not_sold(sqlite_store):
    harness = await opened_with(sqlite_store, OLD)
    await check_keys(harness.store, harness.vault)
    await harness.load(codes_of(3))
    await use(harness, NEW)
    assert (await find_sealed(harness.store, harness.vault, "k1")).own == 3
    await abandon_key(harness.store, harness.vault, harness.clock, "k1")
    await check_keys(harness.store, harness.vault)
    async with harness.store.reading() as tx:
        assert await used_keys(tx) == set()
        assert await tx.stock.on_offer(harness.clock.now()) == {}
    (hint, _) = (await view_batch(harness.store, harness.vault, 1)).hints
    assert hint == "?"
    batch = await harness.load(codes_of(2, first=50))
    await harness.customer()
    order = await harness.buy()
    await harness.run(20)
    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert batch == 2
    await harness.close()


async def test_a_restored_stock_is_off_sale_until_somebody_has_looked(sqlite_store):
    harness = await opened_with(sqlite_store, OLD)
    batch = await harness.load(codes_of(3))
    await harness.load(codes_of(3, first=10), sell=False)

    restored = await quarantine_restored(harness.store, harness.clock)

    assert restored.batches == 2
    assert (await view_batch(harness.store, harness.vault, batch)).batch.state is BatchState.DRAFT
    async with harness.store.reading() as tx:
        assert await tx.stock.on_offer(harness.clock.now()) == {}
    assert [r.kind for r in await rows_of(harness, select(alerts.c.kind))] == ["stock_held"]
    await harness.sell(batch)
    async with harness.store.reading() as tx:
        assert [one.left for one in (await tx.stock.on_offer(harness.clock.now())).values()] == [3]
    await harness.close()


async def test_backups_take_the_stock_along_and_hold_no_code_in_clear(sqlite_store, tmp_path: Path):
    harness = await opened_with(sqlite_store, OLD)
    await harness.load(codes_of(3))
    await harness.customer()
    await harness.buy()
    await harness.run(20)
    folder = tmp_path / "backups"
    archive = BackupFolder(
        folder,
        sqlite_store.url.render_as_string(hide_password=False),
        parse_keys(OLD),
        harness.clock,
        3,
        lambda moment: night_of(moment, POLICY.nightly_at, POLICY.time_zone),
    )
    made = await archive.keep()
    assert made.exists()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".db"}
    assert not [path for path in files if b"CANARY" in path.read_bytes()]
    await harness.close()


def test_a_move_copies_the_stock_after_what_it_refers_to():
    names = [table.name for table in COPIED]
    assert {"own_products", "own_values", "own_batches", "own_reservations", "own_codes"} <= set(
        names
    )
    assert names.index("own_batches") < names.index("own_codes")
    assert names.index("own_reservations") < names.index("own_codes")


@pytest.fixture
async def beside(sqlite_store):
    """PlayStation USA of OneClickDz, with own codes of 10 $ linked to it: two, and dearer."""
    harness = await opened_with(sqlite_store, OLD, both=True)
    await harness.customer()
    value = await harness.value(label="10 $", title="PlayStation Store own")
    await harness.load(codes_of(2), value=value, cost=170_000)
    (theirs,) = [
        p for p in find_products(harness.shop, "PlayStation") if p.title == "PlayStation USA"
    ]
    (mine,) = find_products(harness.shop, "PlayStation Store own")
    await link_products(harness.shop, theirs.id, mine.id, key="k", operator_id=OPERATOR)
    yield harness
    await harness.close()


async def supplier_of(harness, order_id):
    found = await rows_of(harness, select(orders.c.supplier).where(orders.c.id == order_id))
    return found[0].supplier


async def test_own_codes_go_first_where_they_are_enough_for_the_whole_order(beside):
    for quantity, supplier in ((3, "oneclickdz"), (2, OWN), (1, "oneclickdz")):
        order = await beside.buy(quantity=quantity, title="PlayStation USA", label="10 $")
        await beside.run(20)
        assert await supplier_of(beside, order.id) == supplier, quantity
        assert (await beside.order(order.id)).state is OrderState.FULFILLED
    left = await rows_of(beside, select(own_codes.c.reservation))
    assert len({r.reservation for r in left}) == 1


def ends(harness):
    """The products that `beside` links: the supplier's, which customers see, and the own one."""
    known = {p.title: p for p in harness.shop.shelf.known.values()}
    return known["PlayStation USA"], known["PlayStation Store own"]


@pytest.mark.parametrize("hidden", ["leader", "follower", "gone"])
async def test_a_paused_paid_order_waits_though_what_it_is_for_is_hidden(beside, hidden):
    order = await beside.buy(quantity=2, title="PlayStation USA", label="10 $")
    leader, own = ends(beside)
    waits = await pausing.draft(beside.shop, PauseScope.PRODUCT, str(own.id), waits=True)
    await pausing.confirm(beside.shop, waits)

    if hidden == "gone":  # its supplier lists it no more
        beside.shop.shelf.fill([], [leader, own], [], {}, PriceRules(), frozenset(), [])
    else:
        await hide(beside, Subject.product(leader.id if hidden == "leader" else own.id))
    assert products_of(beside.shop, order) == {leader.id, own.id}
    await beside.run(20)

    assert (await beside.order(order.id)).state is OrderState.PAID
    assert await pausing.lift(beside.shop, waits)
    await beside.run(20)
    assert (await beside.order(order.id)).state is OrderState.FULFILLED


async def test_stock_that_changed_while_it_was_hidden_is_shown_as_it_is(beside):
    _, own = ends(beside)
    watch = StockWatch(beside.shop)
    await watch.check()
    await hide(beside, Subject.product(own.id))
    await beside.load(codes_of(3, first=60), value=1, cost=90_000)
    await watch.check()

    await hide(beside, Subject.product(own.id), hidden=False, key="shown")
    await watch.check()

    (value,) = beside.shop.shelf.all_of(own.id)
    assert value.stock == 5


async def test_operators_read_the_prices_that_customers_pay(beside):
    leader, own = ends(beside)
    (mine,) = beside.shop.shelf.all_of(own.id)
    value = next(d for d in beside.shop.shelf.of_product(leader.id) if d.label == "10 $")
    assert mine.cost_minor > value.cost_minor
    paid = offer_of(beside.shop, value).price_minor

    async def read(product) -> int:
        found = await list_values(beside.shop, product.id)
        return next(one.price_minor for one in found if one.denomination.label == "10 $")

    assert (await read(leader), await read(own)) == (paid, paid)
    await hide(beside, Subject.product(own.id))
    assert (await read(leader), await read(own)) == (
        offer_of(beside.shop, value).price_minor,
        paid,  # if it were shown and linked to nothing
    )


async def test_a_hidden_product_can_be_paused_by_hand(beside):
    order = await beside.buy(quantity=2, title="PlayStation USA", label="10 $")
    leader, _ = ends(beside)
    await hide(beside, Subject.product(leader.id))

    view = await draft_pause(beside.shop, PauseScope.PRODUCT, str(leader.id), OPERATOR)

    assert (view.name, view.pause.target, view.paid) == (leader.title, str(leader.id), 1)
    assert (await beside.order(order.id)).state is OrderState.PAID


async def test_while_own_codes_are_paused_no_more_is_offered_than_the_supplier_has(beside):
    view = await make_quote(beside.shop, 1, await beside.denomination("PlayStation USA", "10 $"), 2)
    before, _ = await buy(beside.shop, 1, view.quote.id, 7)
    await beside.load(codes_of(2, first=20), value=1, cost=170_000)
    beside.kind("PlayStation USA", "10 $").quantity = 1
    theirs = beside.shop.shelf.denomination(await beside.denomination("PlayStation USA", "10 $"))
    beside.clock.pass_time(120)  # the adapter's answer of before is too old
    await refresh_product(beside.shop, theirs.product_id)
    pause = await pausing.draft(beside.shop, PauseScope.SUPPLIER, OWN)
    await pausing.confirm(beside.shop, pause)

    with pytest.raises(QuantityOutOfRange) as refused:
        await make_quote(beside.shop, 1, view.quote.denomination_id, 2)

    assert refused.value.maximum == 1
    again = await quote_again(beside.shop, 1, before.id)
    assert isinstance(again, Again)
    assert again.view.quote.quantity == 1


async def test_the_balance_is_asked_of_those_who_have_one(beside):
    assert [one.account.supplier for one in await report_balances(beside.shop)] == ["oneclickdz"]


async def test_the_price_on_the_shelf_is_that_of_the_own_codes_which_go_first(beside):
    own = beside.shop.suppliers[OWN]
    view = await make_quote(beside.shop, 1, await beside.denomination("PlayStation USA", "10 $"), 1)
    assert view.quote.unit_cost_minor == 170_000
    own.forget_prices("1")
    await own.close()


@pytest.mark.later
@pytest.mark.skipif(not POSTGRES, reason="TEST_POSTGRES_URL is not set: no PostgreSQL to test on")
async def test_a_moved_shop_sells_the_stock_that_it_took_along(migrated: Path, tmp_path: Path):
    path = tmp_path / "moved.db"
    shutil.copy(migrated, path)
    harness = await opened_with(store_at(path), OLD)
    await harness.load(codes_of(3))
    await harness.customer()
    await harness.buy()
    await harness.run(20)
    await harness.close()
    await harness.store.close()
    async with new_database() as url:
        await move(f"sqlite:///{path}", url, Report(print, lambda *_: None, lambda _: None))
        store = Store(url)
        there = await opened_with(store, OLD)
        second = await there.buy()
        await there.run(20)
        assert (await there.order(second.id)).state is OrderState.FULFILLED
        taken = await rows_of(there, select(own_codes.c.reservation).order_by(own_codes.c.position))
        assert [bool(row.reservation) for row in taken] == [True, True, False]
        await there.close()
        await store.close()
