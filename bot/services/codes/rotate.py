"""Sealing everything again with the newest key, so that older keys can be removed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.domain.people import SealedNote
from bot.domain.records import SealedCode
from bot.errors import VaultFailure
from bot.ports import Vault
from bot.services.codes.custody import (
    note_associated_data,
    open_card,
    sealed_again,
    update_associated_data,
    used_keys,
)
from bot.services.codes.own_sealing import resealed
from storage.store import Store
from storage.transaction import Transaction

_BATCH = 200


@dataclass
class Rotation:
    """What a rotation did. `failed` names what no key opens; it was left unchanged."""

    sealed: int = 0  # secrets that were sealed with the newest key
    failed: list[str] = field(default_factory=list)
    still_used: set[str] = field(default_factory=set)  # ids of older keys that are still needed


async def rotate_keys(store: Store, vault: Vault, on_progress: Callable[[int], None]) -> Rotation:
    """Seal codes, own stock, notes and kept updates with the newest key, in small transactions.

    Codes whose key was given up are left. The shop may run meanwhile. A second call continues where an interrupted one ended, and changes
    nothing after a complete one. `on_progress` is called after each batch with the number of
    secrets that are sealed again so far.
    """
    done, last = Rotation(), (0, -1)
    while batch := await store.write(_seal_codes, vault, last, done.failed):
        done.sealed += sum(_has_newest_key(vault, code) for code in batch)
        last = (batch[-1].order_id, batch[-1].position)
        on_progress(done.sealed)
    after = 0
    while notes := await store.write(_seal_notes, vault, after, done):
        after = notes[-1].id
    place = (0, -1)
    while own := await store.write(_seal_own_codes, vault, place, done.failed):
        done.sealed += sum(code.sealed for code in own)
        place = own[-1].place
        on_progress(done.sealed)
    done.sealed += await store.write(_seal_updates, vault, done.failed)
    async with store.reading(long=True) as tx:
        done.still_used = await used_keys(tx) - {vault.newest}
    return done


async def _seal_codes(
    tx: Transaction, vault: Vault, last: tuple[int, int], failed: list[str]
) -> Sequence[SealedCode]:
    """The next batch of codes, sealed again except those that do not open."""
    settled = {vault.newest, *await tx.keys.abandoned()}
    rows = await tx.codes.sealed_with_other_keys(settled, last, _BATCH)
    resealed = [_reseal_code(vault, row, failed) for row in rows]
    await tx.codes.reseal(code for code in resealed if _has_newest_key(vault, code))
    return resealed


async def _seal_notes(
    tx: Transaction, vault: Vault, after: int, done: Rotation
) -> Sequence[SealedNote]:
    """The next batch of operators' notes, sealed again except those that do not open."""
    settled = {vault.newest, *await tx.keys.abandoned()}
    rows = await tx.notes.sealed_with_others(settled, after, _BATCH)
    for row in rows:
        associated_data = note_associated_data(row.id)
        try:
            sealed = vault.seal(vault.open(row.text, associated_data), associated_data)
        except VaultFailure as failure:
            done.failed.append(str(failure))
        else:
            await tx.notes.seal(row.id, sealed)
            done.sealed += 1
    return rows


def _has_newest_key(vault: Vault, code: SealedCode) -> bool:
    return all(sealed.key_id == vault.newest for sealed in code.secrets.values())


def _reseal_code(vault: Vault, row: SealedCode, failed: list[str]) -> SealedCode:
    try:
        card = open_card(vault, row.order_id, row.position, row.secrets)
    except VaultFailure as failure:
        failed.append(str(failure))
        return row
    return sealed_again(vault, row, card)


class _Own(NamedTuple):
    place: tuple[int, int]
    sealed: bool


async def _seal_own_codes(
    tx: Transaction, vault: Vault, last: tuple[int, int], failed: list[str]
) -> Sequence[_Own]:
    """The next batch of the own stock, sealed again except those that do not open."""
    settled = {vault.newest, *await tx.keys.abandoned()}
    done = []
    for row in await tx.own_codes.sealed_with_other_keys(settled, last, _BATCH):
        try:
            await tx.own_codes.reseal([resealed(vault, row)])
        except VaultFailure as failure:
            failed.append(str(failure))
            done.append(_Own((row.batch_id, row.position), sealed=False))
        else:
            done.append(_Own((row.batch_id, row.position), sealed=True))
    return done


async def _seal_updates(tx: Transaction, vault: Vault, failed: list[str]) -> int:
    """Seal the updates that wait or are quarantined; they are few, so one transaction is enough."""
    sealed = 0
    for row in await tx.inbox.with_payload():
        if row.payload.key_id == vault.newest:
            continue
        associated_data = update_associated_data(row.update_id)
        try:
            payload = vault.seal(vault.open(row.payload, associated_data), associated_data)
        except VaultFailure as failure:
            failed.append(str(failure))
        else:
            await tx.inbox.reseal(row.key, payload)
            sealed += 1
    return sealed
