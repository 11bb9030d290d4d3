"""Custody of secrets: where each ciphertext belongs, how equal codes are noticed, and which keys must be in hand."""

from bot.domain.supplier import Card, Environment
from bot.errors import VaultFailure
from bot.ports import Store, Tables, Vault

_WORD = "hanout"


def place_of(order_id: int, position: int, field: str) -> str:
    """Where a code's ciphertext belongs; it opens nowhere else."""
    return f"codes|{order_id}|{position}|{field}"


def place_of_update(update_id: int) -> str:
    return f"inbox|{update_id}|payload"


def _place_of_check(key_id: str) -> str:
    return f"key_checks|{key_id}"


def fingerprints(
    vault: Vault, environment: Environment | None, order_id: int, position: int, card: Card
) -> tuple[bytes, ...]:
    """Keyed hashes of a code. A sandbox hands the same codes to every order, so there they are salted."""
    text = card.value.strip() or card.serial.strip()
    if environment is Environment.SANDBOX:
        text = f"{order_id}|{position}|{text}"
    return vault.fingerprints(text)


async def used_keys(tables: Tables) -> set[str]:
    """The ids of the keys without which something in the database cannot be opened."""
    return await tables.codes.key_ids() | await tables.inbox.key_ids()


async def check_keys(store: Store, vault: Vault) -> None:
    """At start: the keys in hand must open what the database holds, or nothing starts.

    Raises VaultFailure where a key that is needed is missing, or where one is not what it was.
    """
    async with store.reading() as tables:
        used = await used_keys(tables)
        known = {k for k in await tables.operators.key_check_ids() if vault.holds(k)}
        for key_id in sorted(used | known):
            sealed = await tables.operators.key_check(key_id)
            if sealed is None:
                raise VaultFailure(
                    f"codes were sealed with the key {key_id!r}, which left no check"
                )
            vault.open(sealed, _place_of_check(key_id))
    await store.write(_leave_check, vault)


async def _leave_check(tables: Tables, vault: Vault) -> None:
    newest = vault.newest
    if await tables.operators.key_check(newest) is None:
        await tables.operators.add_key_check(vault.seal(_WORD, _place_of_check(newest)))
