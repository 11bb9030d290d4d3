"""Telling customers that a value they wait for is back in stock: once, and then they wait no more.

A value is back where two looks, five minutes apart, have found it on sale and none between has not.
Those who asked first are told first, a few at a time, so that a hundred people are not told of two
codes. Looks are the last of all calls to a supplier: bounded for each product and in all.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.outbox import OutboxKind, OutboxRow, OutboxState
from bot.domain.people import BackInStock, Watch, WatchedValue
from bot.domain.schedule import due_after
from bot.errors import SendFailure, SendLater, SupplierFailure, Unreachable
from bot.refusals import NotFound, SoldOut
from bot.services.catalogue.browse import offer_of, view_quantities
from bot.services.catalogue.refresh import is_stale, renew_when_idle
from bot.services.items import ItemKind
from bot.services.messaging.customers import find_customer, mark_unreachable
from bot.services.messaging.item_runs import run_items
from bot.services.orders.quote import can_be_sold
from bot.services.selling.pauses import read_closed
from bot.services.shop import Shop
from storage.transaction import Transaction

MOST_WATCHES: Final = 5  # of one customer
WATCHED_FOR: Final = timedelta(days=60)
BETWEEN_BATCHES: Final = timedelta(minutes=15)
_TOLD_FOR_EACH_CODE: Final = 3
_ASKED_EVERY_SECONDS: Final = 600.0  # a product's prices: six times an hour at most
_ASKED_IN_A_RUN: Final = 10  # products of one supplier; a run comes each minute at most
_LOOKS_APART_SECONDS: Final = 300.0
_RUN_SECONDS: Final = 60.0
_BATCH: Final = "back "
_BATCHES_KEPT: Final = timedelta(days=1)


class Watching(StrEnum):
    """What became of the wish to be told."""

    ON = "on"
    AVAILABLE = "available"  # it is in stock already
    FULL = "full"  # the customer waits for as many values as one may


async def watch_value(shop: Shop, user_id: int, denomination_id: int) -> Watching:
    """Have a customer told when a value is back; a second call changes nothing.

    A value that follows another one is that one. Raises NotFound, also for what is never sold out.
    """
    shown = shop.shelf.shown(denomination_id)
    if shown.is_range or shown.typed:
        raise NotFound
    offer = offer_of(shop, shown, await read_closed(shop))
    if not offer.sold_out and not offer.paused:
        return Watching.AVAILABLE
    return await shop.store.write(_watch, shop, user_id, shown.id)


async def _watch(tx: Transaction, shop: Shop, user_id: int, denomination_id: int) -> Watching:
    known = [one.denomination_id for one in await tx.watches.of_user(user_id)]
    if denomination_id not in known and len(known) >= MOST_WATCHES:
        return Watching.FULL
    await tx.watches.add(user_id, denomination_id, shop.clock.now())
    return Watching.ON


async def unwatch_value(shop: Shop, user_id: int, denomination_id: int) -> bool:
    """Tell a customer no more; False where they did not wait for it."""
    return await shop.store.write(_unwatch, user_id, denomination_id)


async def _unwatch(tx: Transaction, user_id: int, denomination_id: int) -> bool:
    return await tx.watches.remove(user_id, denomination_id)


async def my_watches(shop: Shop, user_id: int, locale: str) -> tuple[WatchedValue, ...]:
    """What a customer waits for, the oldest first, with the names that they read."""
    async with shop.store.reading() as tx:
        found = await tx.watches.of_user(user_id)
    known = shop.shelf.known
    return tuple(
        replace(one, product_title=known[one.product_id].name_in(locale))
        if one.product_id in known
        else one
        for one in found
    )


async def watches_due(shop: Shop) -> datetime | None:
    """When the sweep has something to look at; None while nobody waits. Reads nothing."""
    at = shop.watched.next_look
    if at is None:
        return None
    return shop.clock.now() + timedelta(seconds=max(0.0, at - shop.clock.monotonic()))


def watched_products(shop: Shop, watched: Mapping[int, datetime]) -> dict[int, list[int]]:
    """The watched values by product, those that are on the shelf: under the product that shows them."""
    found: dict[int, list[int]] = {}
    for denomination_id in watched:
        try:
            shown = shop.shelf.shown(denomination_id)
            shop.shelf.product(shown.product_id)
        except NotFound:
            continue
        found.setdefault(shown.product_id, []).append(denomination_id)
    return found


async def tell_what_is_back(shop: Shop) -> int:
    """Look at the values that customers wait for; returns how many products were looked at.

    A second call within the minute finds what is not due. Raises StorageFailure.
    """
    memory = shop.watched
    async with shop.store.reading() as tx:
        watched = await tx.watches.watched()
    memory.seen = {one: since for one, since in memory.seen.items() if one in watched}
    memory.next_look = shop.clock.monotonic() + _RUN_SECONDS if watched else None
    cutoff = shop.timeline.older_than(WATCHED_FOR)
    if any(since < cutoff for since in watched.values()):
        await shop.store.write(_forget, cutoff)
    products = watched_products(shop, watched)
    chosen = _next_products(shop, products)

    async def look(product_id: int) -> None:
        await _look(shop, product_id, products[product_id])

    def lane(product_id: int) -> str:
        return shop.shelf.product(product_id).supplier

    await run_items(shop, ItemKind.WATCHED, chosen, look, lane=lane, at_once=1)
    return len(chosen)


async def _forget(tx: Transaction, before: datetime) -> None:
    await tx.watches.forget(before)


def _next_products(shop: Shop, products: Mapping[int, object]) -> list[int]:
    """The products to look at now: those that were asked for longest ago, a few of each supplier."""
    memory, now = shop.watched, shop.clock.monotonic()
    places: dict[str, int] = {}
    found = []
    for product_id in sorted(products, key=lambda one: memory.asked.get(one, float("-inf"))):
        supplier = shop.shelf.product(product_id).supplier
        if _may_ask(shop, product_id, now) and places.get(supplier, 0) < _ASKED_IN_A_RUN:
            places[supplier] = places.get(supplier, 0) + 1
            found.append(product_id)
    return found


def _may_ask(shop: Shop, product_id: int, now: float) -> bool:
    asked = shop.watched.asked.get(product_id)
    return asked is None or now - asked >= _ASKED_EVERY_SECONDS


async def _look(shop: Shop, product_id: int, denomination_ids: list[int]) -> None:
    """Ask for prices of a product and of what is linked with it, then judge its watched values."""
    now = shop.clock.monotonic()
    for each in sorted(shop.shelf.priced_together(product_id)):
        product = shop.shelf.products.get(each)
        if product is None or not _may_ask(shop, each, now):
            continue
        shop.watched.asked[each] = now
        if is_stale(shop, product):
            await _ask(shop, each)
    for denomination_id in denomination_ids:
        await _judge(shop, denomination_id)


async def _ask(shop: Shop, product_id: int) -> None:
    try:
        await renew_when_idle(shop, product_id)
    except (SupplierFailure, NotFound) as failure:  # no look: its silence has an alert of its own
        shop.items.report(f"a watched product {product_id}: {type(failure).__name__}")


async def _judge(shop: Shop, denomination_id: int) -> None:
    stock = _stock_now(shop, denomination_id)
    if stock is None:
        return
    seen, now = shop.watched.seen, shop.clock.monotonic()
    async with shop.store.reading() as tx:
        is_back = stock > 0 and await can_be_sold(tx, shop, denomination_id)
    if not is_back:
        seen.pop(denomination_id, None)
    elif now - seen.setdefault(denomination_id, now) >= _LOOKS_APART_SECONDS:
        await shop.store.write(_tell_next, shop, denomination_id, stock)


def _stock_now(shop: Shop, denomination_id: int) -> int | None:
    """How many codes of a value can be bought; None where no price is fresh, 0 where it is gone."""
    try:
        twins = shop.shelf.twins(denomination_id)
        fresh = [d for d in twins if not is_stale(shop, shop.shelf.product(d.product_id))]
        return offer_of(shop, twins[0]).stock if fresh else None
    except NotFound:
        return 0


async def _tell_next(tx: Transaction, shop: Shop, denomination_id: int, stock: int) -> int:
    """Put the news for those who asked first into the outbox; their watches are gone.

    0 where others were told of the value a moment ago, or it cannot be sold.
    """
    now, name = shop.clock.now(), f"{_BATCH}{denomination_id}"
    told = await tx.runs.last(name)
    if told is not None and due_after(told, BETWEEN_BATCHES, now) > now:
        return 0
    if not await can_be_sold(tx, shop, denomination_id):
        return 0
    people = await tx.watches.take(denomination_id, _TOLD_FOR_EACH_CODE * stock)
    for watch in people:
        await tx.outbox.add(
            f"back:{denomination_id}:{watch.user_id}:{now.timestamp():.3f}",
            watch.user_id,
            OutboxKind.BACK,
            now,
            data={"value": str(denomination_id), "since": watch.since.isoformat()},
        )
    await tx.runs.forget(_BATCH, shop.timeline.older_than(_BATCHES_KEPT))
    await tx.runs.set_last(name, now)
    return len(people)


async def tell_back(shop: Shop, row: OutboxRow) -> None:
    """Send the news that a value is back, at most once: it counts as sent before it is sent.

    Where the value is gone again, the customer waits on as before, and reads nothing. Raises
    SendLater, and the row is open again then: Telegram has taken nothing.
    """
    denomination_id = int(row.data["value"])
    since = datetime.fromisoformat(row.data["since"])
    try:
        view = view_quantities(shop, denomination_id)
    except (NotFound, SoldOut):
        watch = Watch(row.user_id, denomination_id, since)
        await shop.store.write(_wait_on, row, watch)
        return
    offer = view.offer
    async with shop.store.reading() as tx:
        customer = await find_customer(shop, tx, row.user_id)
    name = view.product.name_in(customer.locale)
    value = BackInStock(offer.denomination_id, name, offer.label, offer.price_minor)
    await shop.store.write(_close, row)
    try:
        await shop.sender.send_back_in_stock(customer, value)
    except SendLater:
        await shop.store.write(_open_again, row)
        raise
    except Unreachable:
        await shop.store.write(mark_unreachable, shop, row.user_id)
    except SendFailure as failure:  # it may have arrived: twice is worse than never
        shop.items.report(f"message {row.id} is not sent again: {type(failure).__name__}")


async def _close(tx: Transaction, row: OutboxRow) -> None:
    await tx.outbox.close(row.id, OutboxState.SENT)


async def _open_again(tx: Transaction, row: OutboxRow) -> None:
    await tx.outbox.open_again(row.id)


async def _wait_on(tx: Transaction, row: OutboxRow, watch: Watch) -> None:
    await tx.outbox.close(row.id, OutboxState.SENT)
    await tx.watches.add(watch.user_id, watch.denomination_id, watch.since)
