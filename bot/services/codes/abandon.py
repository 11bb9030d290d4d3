"""Giving up a key that is lost: what it sealed stays in its rows, and is known to be lost."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.actions import ActionKind
from bot.domain.alerts import AlertKind
from bot.errors import VaultFailure
from bot.ports import Clock, Vault
from bot.services.codes.custody import opens_check
from storage.store import Store
from storage.transaction import Transaction

_BY_COMMAND: Final = 0  # no operator in the chat


@dataclass(frozen=True, slots=True)
class SealedByKey:
    """What only this key opens."""

    codes: int
    orders: int
    unsent: int  # of these orders: codes that their customers have never got
    updates: int  # that wait to be handled, or are quarantined
    notes: int = 0  # of operators about customers
    own: int = 0  # codes of the own stock that no order has
    abandoned_at: datetime | None = None


async def find_sealed(store: Store, vault: Vault, key_id: str) -> SealedByKey:
    """What would be lost with this key. Raises VaultFailure for a key that must not be given up."""
    async with store.reading() as tx:
        return await _find(tx, vault, key_id)


async def _find(tx: Transaction, vault: Vault, key_id: str) -> SealedByKey:
    if vault.holds(key_id):
        check = await tx.keys.get(key_id)
        if check is None or opens_check(vault, check):
            raise VaultFailure(
                f"{key_id} is in HANOUT_KEYS; only a key that is lost can be given up"
            )
        raise VaultFailure(
            f"HANOUT_KEYS has another key by the name of {key_id}; give that one a new name, such as "
            f"{key_id}b, and repeat this"
        )
    codes, orders, unsent = await tx.keys.sealed_codes(key_id)
    updates = await tx.inbox.count_sealed(key_id)
    notes = await tx.notes.count_sealed(key_id)
    own = await tx.own_codes.count_sealed(key_id)
    used = codes or updates or notes or own
    if key_id not in await tx.keys.ids() and not used:
        raise VaultFailure(f"this database has never used a key {key_id}")
    since = (await tx.keys.abandoned()).get(key_id)
    return SealedByKey(codes, orders, unsent, updates, notes, own, since)


async def abandon_key(store: Store, vault: Vault, clock: Clock, key_id: str) -> SealedByKey:
    """Mark a key as lost; a second call changes nothing. Raises VaultFailure as `find_sealed` does.

    Waiting updates that it sealed count as handled: nobody can read them. If the key is found, it
    only has to be put into HANOUT_KEYS again: `check_keys` takes the mark away.
    """
    return await store.write(_abandon, vault, clock.now(), key_id)


async def _abandon(tx: Transaction, vault: Vault, now: datetime, key_id: str) -> SealedByKey:
    found = await _find(tx, vault, key_id)
    if found.abandoned_at is not None:
        return found
    await tx.keys.abandon(key_id, now)
    await tx.inbox.lose(key_id, now)
    await tx.operators.add_action(
        key=f"abandon:{key_id}:{now.timestamp():.3f}",
        operator_id=_BY_COMMAND,
        kind=ActionKind.ABANDON,
        target=key_id,
        note=f"{found.codes} codes, {found.orders} orders, {found.updates} updates"
        + (f", {found.own} own codes" if found.own else ""),
        now=now,
    )
    alert = f"key_abandoned:{key_id}"
    figures = {"name": key_id, "sealed": str(found.codes), "orders": str(found.orders)}
    await tx.alerts.close(alert, now)
    await tx.alerts.open(alert, AlertKind.KEY_ABANDONED, now, figures)
    return found
