"""At start: the keys in hand must open what the database holds, or nothing starts."""

from bot.errors import VaultFailure
from bot.ports import Store, Tables, Vault

_WORD = "hanout"


def _place(key_id: str) -> str:
    return f"key_checks|{key_id}"


async def check_keys(store: Store, vault: Vault) -> None:
    """Raises VaultFailure where a key that the database was written with is missing or wrong."""
    async with store.reading() as tables:
        used = await tables.operators.key_check_ids() | await tables.codes.key_ids()
        for key_id in sorted(used):
            sealed = await tables.operators.key_check(key_id)
            if sealed is None:
                raise VaultFailure(
                    f"codes were sealed with the key {key_id!r}, which left no check"
                )
            vault.open(sealed, _place(key_id))
    await store.write(_leave_check, vault)


async def _leave_check(tables: Tables, vault: Vault) -> None:
    newest = vault.newest
    if await tables.operators.key_check(newest) is None:
        await tables.operators.add_key_check(vault.seal(_WORD, _place(newest)))
