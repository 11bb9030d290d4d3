"""Updates whose handler fails: quarantined after five attempts, released by an operator."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final

from bot.domain.actions import ActionKind
from bot.domain.alerts import AlertKind
from bot.domain.records import InboxRow, UpdateKey
from bot.services.messaging.alerts import raise_alert, repeat_alert, resolve_alert
from bot.services.shop import Shop
from storage.transaction import Transaction

MOST_ATTEMPTS: Final = 5
QUARANTINED: Final = "update_quarantined"
POLLING_STOPPED: Final = "polling_stopped"
OTHER_POLLER: Final = "other_poller"
_QUIET: Final = timedelta(hours=1)
_RESTART: Final = "restart"


async def record_failed_attempt(
    shop: Shop, update_id: int, trouble: str, most: int = MOST_ATTEMPTS
) -> bool:
    """Count a failed attempt; True where it was the last one, and the update is now quarantined."""
    return await shop.store.write(_count, shop, update_id, trouble, most)


async def record_replay(shop: Shop, update_id: int) -> bool:
    """Count an attempt of an update that the last process left; True where it is quarantined.

    The update may have ended the process. Call this right before the update is handled again: one
    that only waited is not counted.
    """
    return await record_failed_attempt(shop, update_id, _RESTART)


async def leave_updates(shop: Shop, update_ids: Collection[int]) -> None:
    """Note that this process ends in order and leaves updates: the next one handles them.

    It counts that as an attempt (`record_replay`), before or after this, and they are not the cause.
    Another process may lead already. Raises StorageFailure.
    """
    if update_ids:
        await shop.store.write_unled(_forgive, [(shop.bot_id, one) for one in update_ids])


async def _forgive(tx: Transaction, keys: Collection[UpdateKey]) -> None:
    await tx.inbox.forgive_attempt(keys)


async def _count(tx: Transaction, shop: Shop, update_id: int, trouble: str, most: int) -> bool:
    key = (shop.bot_id, update_id)
    attempts = await tx.inbox.count_attempts([key], trouble)
    if attempts.get(key, 0) < most:
        return False
    await tx.inbox.quarantine([key], shop.clock.now())
    await tell_quarantined(tx, shop, trouble)
    return True


async def quarantine_album(shop: Shop, handled_id: int, item_ids: Sequence[int]) -> bool:
    """Quarantine all items of an album if the one by which it was handled is in quarantine.

    Otherwise they would be handled without it after a restart. False if it is not, and still waits
    to be handled: then they wait, too. A second call changes nothing.
    """
    return await shop.store.write(_quarantine_album, shop, handled_id, item_ids)


async def _quarantine_album(
    tx: Transaction, shop: Shop, handled_id: int, item_ids: Sequence[int]
) -> bool:
    handled = (shop.bot_id, handled_id)
    if any((row.bot_id, row.update_id) == handled for row in await tx.inbox.unhandled()):
        return False
    await tx.inbox.quarantine([(shop.bot_id, one) for one in item_ids], shop.clock.now())
    return True


async def tell_quarantined(tx: Transaction, shop: Shop, trouble: str) -> None:
    """Alert the operators, with the number of updates in quarantine and the last trouble."""
    count = await tx.inbox.count_quarantined()
    await repeat_alert(
        tx, shop, QUARANTINED, AlertKind.UPDATE_QUARANTINED, count=count, trouble=trouble
    )


async def release_updates(shop: Shop, *, key: str, operator_id: int) -> Sequence[InboxRow]:
    """Take updates out of quarantine and return them to be handled again.

    A second call finds nothing in quarantine and returns nothing.
    """
    return await shop.store.write(_release, shop, key, operator_id)


async def _release(tx: Transaction, shop: Shop, key: str, operator_id: int) -> Sequence[InboxRow]:
    rows = await tx.inbox.release_quarantined()
    if rows:
        await tx.alerts.close(QUARANTINED, shop.clock.now())
        await tx.operators.add_action(
            key=key,
            operator_id=operator_id,
            kind=ActionKind.INBOX,
            target=str(len(rows)),
            now=shop.clock.now(),
        )
    return rows


async def tell_polling_stopped(shop: Shop, seconds: int) -> None:
    """Alert the operators: updates were not fetched for so many seconds."""
    await shop.store.write(_tell_polling_stopped, shop, seconds)


async def _tell_polling_stopped(tx: Transaction, shop: Shop, seconds: int) -> None:
    await repeat_alert(tx, shop, POLLING_STOPPED, AlertKind.POLLING_STOPPED, seconds=seconds)


async def tell_other_poller(shop: Shop) -> None:
    """Alert the operators, at most once an hour: another program polls with the shop's token."""
    await shop.store.write(_tell_other_poller, shop)


async def _tell_other_poller(tx: Transaction, shop: Shop) -> None:
    await raise_alert(tx, shop, OTHER_POLLER, AlertKind.OTHER_POLLER, quiet_for=_QUIET)


async def end_other_poller(shop: Shop) -> None:
    """Close that alert: no other program has polled for a while."""
    await shop.store.write(resolve_alert, shop, OTHER_POLLER)
