"""What fails again and again: items that operators try again, and sweeps that fail as a whole."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Final

from bot.domain.alerts import AlertKind
from bot.domain.jobs import Job
from bot.refusals import NotFound
from bot.services.codes.reveal import hide_message
from bot.services.items import Item, ItemKind
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.messaging.item_runs import attempt_item, failing_items, load_troubles
from bot.services.orders.poll import poll_order
from bot.services.payments.provider_checks import check_payment
from bot.services.payments.refunds import repeat_refund
from bot.services.shop import Shop
from storage.transaction import Transaction

_LONGEST_NAME: Final = 40
_AT_ONCE: Final = 20  # items that one press tries again

# Items whose rows are due only after their wait: a press does not wait for that.
_BY_ID: Final[Mapping[ItemKind, Callable[[Shop, int], Awaitable[object]]]] = {
    ItemKind.POLL: poll_order,
    ItemKind.HIDE: hide_message,
    ItemKind.PAYMENT: check_payment,
    ItemKind.PAYMENT_REFUND: repeat_refund,
}
# The rows of the others are due all the time: their sweep finds them, if they still have work.
_JOBS: Final[Mapping[ItemKind, Job]] = {
    ItemKind.PLACE: Job.PLACE,
    ItemKind.OVERDUE: Job.PLACE,
    ItemKind.INTERRUPTED: Job.INTERRUPTED,
    ItemKind.RECONCILE: Job.RECONCILE,
    ItemKind.PAY: Job.UNPAID,
    ItemKind.EXPIRE: Job.UNPAID,
    ItemKind.RECORD: Job.RECORD,
    ItemKind.MESSAGE: Job.OUTBOX,
    ItemKind.REMINDER: Job.REMINDERS,
    ItemKind.SLOW: Job.WATCH,
    ItemKind.WATCHED: Job.WATCHES,
    ItemKind.ALERT: Job.ALERTS,
}


async def retry_failing(shop: Shop) -> tuple[int, int]:
    """Try the items again that stand before the operators; returns how many, and how many still fail.

    An item that works, or has no work any more, is off the list. One whose turn comes with its
    sweep is off the list until it fails again. A second call tries those that still fail.
    """
    await load_troubles(shop)
    found = [item for item, _ in await failing_items(shop)][:_AT_ONCE]
    failed = 0
    for item in found:
        if item.kind in _BY_ID:
            failed += not await _retry_now(shop, item)
        else:
            await _give_new_chance(shop, item)
    return len(found), failed


async def _retry_now(shop: Shop, item: Item) -> bool:
    if not shop.items.may_begin(item, float("inf")):  # its sweep is trying it at this moment
        return False
    shop.items.begin(item)
    try:
        return bool(await attempt_item(shop, item, partial(_work, shop, item)))
    finally:
        shop.items.end(item)


async def _work(shop: Shop, item: Item) -> None:
    with suppress(NotFound):  # the row is gone, and the item with it
        await _BY_ID[item.kind](shop, int(item.id))


async def _give_new_chance(shop: Shop, item: Item) -> None:
    shop.items.troubles.pop(item, None)
    await shop.store.write(resolve_alert, shop, item.alert_key)
    shop.store.wake(_JOBS[item.kind])


def _sweep_alert_key(sweep: str) -> str:
    return f"sweep:{sweep}"[:64]


async def tell_sweep_failing(shop: Shop, sweep: str, trouble: str, failures: int) -> None:
    """Alert the operators, once, that a sweep has failed as a whole so many times in a row."""
    await shop.store.write(_tell_sweep_failing, shop, sweep, trouble, failures)


async def _tell_sweep_failing(
    tx: Transaction, shop: Shop, sweep: str, trouble: str, failures: int
) -> None:
    await raise_alert(
        tx,
        shop,
        _sweep_alert_key(sweep),
        AlertKind.SWEEP_FAILING,
        sweep=sweep,
        trouble=trouble[:_LONGEST_NAME],
        count=failures,
    )


async def failing_sweeps(shop: Shop) -> set[str]:
    """The sweeps of which an alert is open, of this process or an earlier one."""
    async with shop.store.reading() as tx:
        return {alert.data["sweep"] for alert in await tx.alerts.open_of(AlertKind.SWEEP_FAILING)}


async def tell_sweep_works(shop: Shop, sweep: str) -> None:
    """Close that alert, and tell the operators that the sweep works again."""
    await shop.store.write(_tell_sweep_works, shop, sweep)


async def _tell_sweep_works(tx: Transaction, shop: Shop, sweep: str) -> None:
    now = shop.clock.now()
    if not await tx.alerts.close(_sweep_alert_key(sweep), now):
        return
    key = f"works:{sweep}"[:64]
    await resolve_alert(tx, shop, key)
    await raise_alert(tx, shop, key, AlertKind.SWEEP_WORKS, sweep=sweep)
