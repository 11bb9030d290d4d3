"""Sealing everything again with the newest key, so that older keys can be removed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.domain.records import SealedCode
from bot.errors import VaultFailure
from bot.ports import Vault
from bot.services.codes.custody import (
    open_card,
    sealed_again,
    update_associated_data,
    used_keys,
)
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
    """Seal codes and kept updates with the newest key, one transaction for each batch.

    Codes whose key was given up are left. The shop may run meanwhile. A second call continues where an interrupted one ended, and changes
    nothing after a complete one. `on_progress` is called after each batch with the number of
    secrets that are sealed again so far.
    """
    done, last = Rotation(), (0, -1)
    while batch := await store.write(_seal_codes, vault, last, done.failed):
        done.sealed += sum(_has_newest_key(vault, code) for code in batch)
        last = (batch[-1].order_id, batch[-1].position)
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


def _has_newest_key(vault: Vault, code: SealedCode) -> bool:
    return all(sealed.key_id == vault.newest for sealed in code.secrets.values())


def _reseal_code(vault: Vault, row: SealedCode, failed: list[str]) -> SealedCode:
    try:
        card = open_card(vault, row.order_id, row.position, row.secrets)
    except VaultFailure as failure:
        failed.append(str(failure))
        return row
    return sealed_again(vault, row, card)


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
