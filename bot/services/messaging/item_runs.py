"""Running the items of a sweep, each by itself: one that fails or hangs holds up no other.

An item that fails rests, longer each time. After TRIES_BEFORE_ALERT failures it stands before the
operators, with one alert, and is still tried; when it works again, the alert is closed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Final, TypeVar

from bot.domain.alerts import AlertKind
from bot.errors import (
    CommitUnknown,
    NotLeading,
    StorageConflict,
    StorageFailure,
    StorageOutage,
    TriedLater,
)
from bot.log_fields import context_with_supplier, log_fields
from bot.services.items import TRIES_BEFORE_ALERT, Item, ItemKind, Trouble, wait_after
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.shop import Shop
from storage.transaction import Transaction

R = TypeVar("R")
Id = TypeVar("Id", int, str)
Postpone = Callable[[Transaction, Shop, Id, float], Awaitable[None]]

AT_ONCE: Final = 8
_LIMIT_SECONDS: Final = 300.0  # outside calls have limits of their own: this is for what has none
_LONGEST_NAME: Final = 40
# The database cannot be reached, or this process does not lead: no item is to blame, and none waits longer for it.
_AWAY: Final = (StorageOutage, StorageConflict, CommitUnknown, NotLeading)


async def run_items(
    shop: Shop,
    kind: ItemKind,
    ids: Iterable[Id],
    work: Callable[[Id], Awaitable[R]],
    *,
    lane: Callable[[Id], str] = lambda _id: "",
    at_once: int = AT_ONCE,
    postpone: Postpone[Id] | None = None,
) -> list[R]:
    """Run `work` for each id, at most `at_once` of a lane together; returns what those gave that ended.

    An item that runs or rests already is left out. Whatever `work` raises belongs to its item alone:
    it is reported without content, and the item rests, longer each time, unless it is TriedLater.
    `postpone` stores the same wait (in seconds) in the item's row, where that has a time at which it
    is due; it runs in a transaction of its own. Ends when all items have ended, or after the process's patience: slower
    items go on, and the next run leaves them out. Raises nothing that an item raised.
    """
    await load_troubles(shop)
    items, now = shop.items, shop.clock.monotonic()
    tasks: list[asyncio.Task[list[R]]] = []
    for one in dict.fromkeys(ids):
        item = Item(kind, one)
        if items.may_begin(item, now):
            items.begin(item)
            attempt = _in_lane(shop, item, partial(work, one), lane(one), at_once, postpone)
            # In a context of its own: the update whose commit woke the sweep has no part in this.
            tasks.append(
                asyncio.get_running_loop().create_task(attempt, context=context_with_supplier())
            )
            items.keep(tasks[-1])
    if not tasks:
        return []
    done, _ = await asyncio.wait(tasks, timeout=items.patience_seconds)
    ended = [task for task in tasks if task in done and not task.cancelled()]
    return [result for task in ended for result in task.result()]


async def _in_lane(
    shop: Shop,
    item: Item,
    work: Callable[[], Awaitable[R]],
    lane: str,
    at_once: int,
    postpone: Postpone[Id] | None,
) -> list[R]:
    """One item, when a place of its lane is free; its result alone in a list, none if it failed."""
    try:
        async with shop.items.lane(item.kind, lane, at_once):
            return await attempt_item(shop, item, work, postpone)
    finally:
        shop.items.end(item)


async def attempt_item(
    shop: Shop,
    item: Item,
    work: Callable[[], Awaitable[R]],
    postpone: Postpone[Id] | None = None,
) -> list[R]:
    """Try one item, and note whether it worked: `run_items` for a caller with places of its own."""
    with log_fields(order=int(item.id) if item.is_order else None):
        return await _attempt(shop, item, work, postpone)


async def _attempt(
    shop: Shop, item: Item, work: Callable[[], Awaitable[R]], postpone: Postpone[Id] | None
) -> list[R]:
    try:
        async with asyncio.timeout(_LIMIT_SECONDS):
            result = await work()
    except asyncio.CancelledError as cancelled:  # of something inside: a failure as any other
        if is_being_cancelled():
            raise
        await _note_failure(shop, item, cancelled, postpone)
        return []
    except TriedLater as later:
        shop.items.report(f"{item.kind} {item.id} is tried later: {_cause_of(later)}")
        return []
    except Exception as error:  # whatever it is, it must not reach the other items
        await _note_failure(shop, item, error, postpone)
        return []
    await _note_success(shop, item)
    return [result]


def _cause_of(error: BaseException) -> str:
    return type(error.__cause__ or error).__name__


def is_being_cancelled() -> bool:
    """Whether the present task is to end; else a CancelledError came out of what it called."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _note_failure(
    shop: Shop, item: Item, error: BaseException, postpone: Postpone[Id] | None
) -> None:
    trouble = shop.items.note_failure(item, error)
    shop.items.report(
        f"{item.kind} {item.id} failed {trouble.failures} times: {trouble.error}"
        f" at {place_of(error)}"
    )
    if isinstance(error, _AWAY):
        trouble.failures = min(trouble.failures, TRIES_BEFORE_ALERT - 1)
        trouble.rests_until = shop.clock.monotonic() + wait_after(trouble, storage_fails=True)
        return
    wait = wait_after(trouble, storage_fails=False)
    stored = await _store_failure(shop, item, trouble, wait, postpone)
    if not stored and isinstance(error, StorageFailure):
        wait = wait_after(trouble, storage_fails=True)
        trouble.failures = min(trouble.failures, TRIES_BEFORE_ALERT - 1)
    trouble.rests_until = shop.clock.monotonic() + wait


def place_of(error: BaseException) -> str:
    """The last file and line of a traceback: they name the fault, and hold no content."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None:
        return "?"
    return f"{last.tb_frame.f_globals.get('__name__', '?')}:{last.tb_lineno}"


async def _store_failure(
    shop: Shop, item: Item, trouble: Trouble, wait: float, postpone: Postpone[Id] | None
) -> bool:
    """Store the wait and the alert, in transactions of their own; True where one was stored."""
    tell = _is_to_be_told(item, trouble)
    stored = False
    try:
        if tell:
            await shop.store.write(_tell_failing, shop, item, trouble)
            trouble.told = stored = True
        if postpone is not None:
            await shop.store.write(postpone, shop, item.id, wait)  # type: ignore[arg-type]
            stored = True
    except Exception as failure:  # the process remembers the wait; the alert is tried again with it
        shop.items.report(f"{item.kind} {item.id} is not postponed: {type(failure).__name__}")
    return stored


def _is_to_be_told(item: Item, trouble: Trouble) -> bool:
    enough = trouble.failures >= TRIES_BEFORE_ALERT
    return enough and not trouble.told and item.kind is not ItemKind.ALERT


async def _tell_failing(tx: Transaction, shop: Shop, item: Item, trouble: Trouble) -> None:
    await tell_failing(tx, shop, item, trouble.error, trouble.failures)


async def tell_failing(
    tx: Transaction, shop: Shop, item: Item, error: str, failures: int, order: int = 0
) -> None:
    """Open the alert about an item, once: also for what knows its own number of failures, and its order.

    `error` is the name of the class of the last exception.
    """
    await raise_alert(
        tx,
        shop,
        item.alert_key,
        AlertKind.ITEM_FAILING,
        item=item.kind,
        id=item.id,
        trouble=error[:_LONGEST_NAME],
        count=failures,
        order=order or (item.id if item.is_order else await _order_of(tx, item)),
    )


async def _order_of(tx: Transaction, item: Item) -> int:
    """The order of a message of codes; 0 for what has none."""
    if item.kind is not ItemKind.HIDE:
        return 0
    message = await tx.codes.visible_message(int(item.id))
    return message.order_id if message else 0


async def _note_success(shop: Shop, item: Item) -> None:
    trouble = shop.items.troubles.get(item)
    if trouble is not None and trouble.told:
        try:
            await shop.store.write(resolve_alert, shop, item.alert_key)
        except Exception as failure:  # the item worked: its alert is closed with the next success
            shop.items.report(f"the alert {item.alert_key} stays open: {type(failure).__name__}")
            return
    shop.items.troubles.pop(item, None)


async def load_troubles(shop: Shop) -> None:
    """Read, once in a process, which items stand before the operators: each is tried at once.

    Their alerts are closed when they work. Raises StorageFailure.
    """
    if shop.items.loaded:
        return
    for item, error in await failing_items(shop):
        shop.items.troubles.setdefault(item, Trouble(TRIES_BEFORE_ALERT, error, 0.0, told=True))
    shop.items.loaded = True


async def failing_items(shop: Shop) -> list[tuple[Item, str]]:
    """The items that stand before the operators, the oldest first, each with its last error.

    An alert that names no item that this edition knows is left out: every sweep reads this list.
    """
    async with shop.store.reading() as tx:
        open_alerts = await tx.alerts.open_of(AlertKind.ITEM_FAILING)
    found = []
    for alert in open_alerts:
        kind, number = alert.data.get("item"), alert.data.get("id", "")
        if kind in set(ItemKind) and number.isascii() and number.isdecimal():
            found.append((Item(ItemKind(kind), int(number)), alert.data.get("trouble", "")))
    return found
