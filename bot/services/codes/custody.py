"""Encryption of codes: associated data, fingerprints, and the check of the keys."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.records import Sealed
from bot.domain.supplier import SECRETS, Card, Environment
from bot.errors import VaultFailure
from bot.ports import Vault
from storage.store import Store
from storage.transaction import Transaction

_KEY_CHECK_TEXT = "hanout"


def associated_data(order_id: int, position: int, field: str) -> str:
    """The associated data of a code's ciphertext, which opens in no other row or field."""
    return f"codes|{order_id}|{position}|{field}"


def seal_card(vault: Vault, order_id: int, position: int, card: Card) -> dict[str, Sealed]:
    """Seal the texts of a card by field name.

    Empty texts are left out, except the first field: every stored code has at least one ciphertext.
    """
    texts = {name: getattr(card, name) for name in SECRETS}
    return {
        name: vault.seal(text, associated_data(order_id, position, name))
        for name, text in texts.items()
        if text or name == SECRETS[0]
    }


def open_card(
    vault: Vault,
    order_id: int,
    position: int,
    secrets: Mapping[str, Sealed],
    expires_at: datetime | None = None,
) -> Card:
    """The card whose texts `seal_card` sealed. Raises VaultFailure."""
    texts = {
        name: vault.open(sealed, associated_data(order_id, position, name))
        for name, sealed in secrets.items()
    }
    return Card(**texts, expires_at=expires_at)


def update_associated_data(update_id: int) -> str:
    """The associated data of an update that is kept in the inbox."""
    return f"inbox|{update_id}|payload"


def _check_associated_data(key_id: str) -> str:
    return f"key_checks|{key_id}"


def fingerprints(
    vault: Vault, environment: Environment | None, order_id: int, position: int, card: Card
) -> tuple[bytes, ...]:
    """Keyed hashes of a code, one for each key, the newest first; equal codes have equal ones.

    A sandbox gives the same codes to every order, so order and position are added there.
    """
    text = card.identity
    if environment is Environment.SANDBOX:
        text = f"{order_id}|{position}|{text}"
    return vault.fingerprints(text)


async def used_keys(tx: Transaction) -> set[str]:
    """The ids of the keys that something in the database is sealed with."""
    return await tx.codes.key_ids() | await tx.inbox.key_ids()


async def check_keys(store: Store, vault: Vault) -> None:
    """Check at start that HANOUT_KEYS open what the database holds, and store a check of a new key.

    Raises VaultFailure where a key that is needed is missing, or where an id has another key now.
    """
    async with store.reading() as tx:
        used = await used_keys(tx)
        known = {k for k in await tx.keys.ids() if vault.holds(k)}
        for key_id in sorted(used | known):
            sealed = await tx.keys.get(key_id)
            if sealed is None:
                raise VaultFailure(
                    f"codes were sealed with the key {key_id!r}, which left no check"
                )
            vault.open(sealed, _check_associated_data(key_id))
    await store.write(_add_key_check, vault)


async def _add_key_check(tx: Transaction, vault: Vault) -> None:
    newest = vault.newest
    if await tx.keys.get(newest) is None:
        await tx.keys.add(vault.seal(_KEY_CHECK_TEXT, _check_associated_data(newest)))
