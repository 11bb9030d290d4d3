"""Sealing everything again with the newest key, so that older keys can be put away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.records import SealedCode
from bot.errors import VaultFailure
from bot.ports import Vault
from bot.services.codes.custody import (
    fingerprints,
    open_card,
    seal_card,
    update_associated_data,
    used_keys,
)
from storage.store import Store
from storage.transaction import Transaction

_BATCH = 200


@dataclass
class Rotation:
    """`failed` tells what does not open with any key in hand; it was left as it is."""

    sealed: int = 0
    failed: list[str] = field(default_factory=list)
    still_used: set[str] = field(default_factory=set)


async def rotate_keys(store: Store, vault: Vault, told: Callable[[int], None]) -> Rotation:
    """A batch a transaction, beside a running shop; a run that was killed is simply run again.

    `told` hears after each batch how many secrets are sealed anew.
    """
    done, last = Rotation(), (0, -1)
    while batch := await store.write(_seal_codes, vault, last, done.failed):
        done.sealed += sum(_is_anew(vault, code) for code in batch)
        last = (batch[-1].order_id, batch[-1].position)
        told(done.sealed)
    done.sealed += await store.write(_seal_updates, vault, done.failed)
    async with store.reading() as tx:
        done.still_used = await used_keys(tx) - {vault.newest}
    return done


async def _seal_codes(
    tx: Transaction, vault: Vault, last: tuple[int, int], failed: list[str]
) -> Sequence[SealedCode]:
    """The next codes, sealed anew but for those that do not open."""
    rows = await tx.codes.sealed_with_other_key(vault.newest, last, _BATCH)
    anew = [_anew(vault, row, failed) for row in rows]
    await tx.codes.reseal(code for code in anew if _is_anew(vault, code))
    return anew


def _is_anew(vault: Vault, code: SealedCode) -> bool:
    return all(sealed.key_id == vault.newest for sealed in code.secrets.values())


def _anew(vault: Vault, row: SealedCode, failed: list[str]) -> SealedCode:
    try:
        card = open_card(vault, row.order_id, row.position, row.secrets)
    except VaultFailure as failure:
        failed.append(str(failure))
        return row
    prints = fingerprints(vault, row.environment, row.order_id, row.position, card)
    anew = seal_card(vault, row.order_id, row.position, card)
    return replace(row, secrets=anew, fingerprint=prints[0])


async def _seal_updates(tx: Transaction, vault: Vault, failed: list[str]) -> int:
    """What waits in the inbox, or was set aside, is little."""
    sealed = 0
    for row in await tx.inbox.with_payload():
        if row.payload.key_id == vault.newest:
            continue
        place = update_associated_data(row.update_id)
        try:
            payload = vault.seal(vault.open(row.payload, place), place)
        except VaultFailure as failure:
            failed.append(str(failure))
        else:
            await tx.inbox.reseal(row.update_id, payload)
            sealed += 1
    return sealed
