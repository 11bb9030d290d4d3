"""Encryption of codes: associated data, fingerprints, and the check of the keys."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from bot.domain.orders import Order
from bot.domain.records import Sealed, SealedCode, StoredCode
from bot.domain.supplier import SECRETS, Card, Environment
from bot.errors import VaultFailure
from bot.ports import Vault
from storage.store import Store
from storage.transaction import Transaction

_KEY_CHECK_TEXT = "hanout"


def associated_data(order_id: int, position: int, field: str) -> str:
    """The associated data of a code's ciphertext, which opens in no other row or field."""
    return f"codes|{order_id}|{position}|{field}"


def note_associated_data(note_id: int) -> str:
    """The associated data of an operator's note, which opens in no other row."""
    return f"notes|{note_id}|text"


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


def open_stored(vault: Vault, code: StoredCode) -> Card | None:
    """The card of a stored code; None where it does not open."""
    try:
        return open_card(vault, code.order_id, code.position, code.secrets, code.expires_at)
    except VaultFailure:
        return None


def sealed_again(vault: Vault, row: SealedCode, card: Card) -> SealedCode:
    """A stored code with these texts, sealed with the newest key.

    The fingerprint of a code that repeats another one stays unlike that one's.
    """
    place = (row.order_id, row.position, card)
    unique = unique_fingerprints(vault, *place)
    is_unique = row.fingerprint in unique
    prints = unique if is_unique else fingerprints(vault, row.environment, *place)
    secrets = seal_card(vault, *place)
    return replace(row, secrets=secrets, fingerprint=prints[0])


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
    return vault.fingerprints(_print_text(environment, order_id, position, card.identity))


def unique_fingerprints(
    vault: Vault, order_id: int, position: int, card: Card
) -> tuple[bytes, ...]:
    """Fingerprints for a code that repeats another one, or has no text: no other row has them."""
    return vault.fingerprints(_print_text(Environment.SANDBOX, order_id, position, card.identity))


def _print_text(
    environment: Environment | None, order_id: int, position: int, identity: str
) -> str:
    is_sandbox = environment is Environment.SANDBOX
    return f"{order_id}|{position}|{identity}" if is_sandbox else identity


async def belongs_to_another_order(
    tx: Transaction,
    vault: Vault,
    environment: Environment | None,
    order_id: int,
    position: int,
    card: Card,
) -> bool:
    """Whether the same code is stored for an order other than this one."""
    return bool(await of_other_orders(tx, vault, environment, order_id, {position: card}))


async def of_other_orders(
    tx: Transaction,
    vault: Vault,
    environment: Environment | None,
    order_id: int,
    cards: Mapping[int, Card],
) -> set[int]:
    """The positions of the cards whose code is stored for an order other than this one.

    Codes stored by version 1 have the fingerprint of their first text alone: such a row is opened,
    and all its texts are compared. One that does not open is never taken for the same code.
    """
    prints = {
        position: fingerprints(vault, environment, order_id, position, card)
        for position, card in cards.items()
    }
    known = await tx.codes.known_fingerprints(list(chain(*prints.values())), order_id)
    found = {position for position, each in prints.items() if not known.isdisjoint(each)}
    of_first_text = {
        position: vault.fingerprints(
            _print_text(environment, order_id, position, card.leading_text)
        )
        for position, card in cards.items()
        if position not in found and card.identity != card.leading_text
    }
    rows = await tx.codes.with_fingerprints(list(chain(*of_first_text.values())), order_id)
    former = {row.fingerprint: row for row in rows}
    for position, each in of_first_text.items():
        same = (former[one] for one in each if one in former)
        if any(_is_same(vault, row, cards[position]) for row in same):
            found.add(position)
    return found


def _is_same(vault: Vault, row: SealedCode, card: Card) -> bool:
    try:
        stored = open_card(vault, row.order_id, row.position, row.secrets)
    except VaultFailure:
        return False
    return stored.identity == card.identity


async def keep_unreadable(
    tx: Transaction, vault: Vault, order: Order, cards: Sequence[Card]
) -> int:
    """Store what could not be read as codes, withheld from the customer; returns how many are new.

    A second call with the same cards stores nothing.
    """
    if not cards:
        return 0
    stored = await tx.codes.of_order(order.id, order.user_id)
    opened = (open_stored(vault, code) for code in stored)
    known = {card.identity for card in opened if card is not None}
    rows: list[StoredCode] = []
    for position, card in enumerate(
        (card for card in dict.fromkeys(cards) if card.identity not in known), start=len(stored)
    ):
        sealed = seal_card(vault, order.id, position, card)
        prints = unique_fingerprints(vault, order.id, position, card)  # others may have the same
        rows.append(StoredCode(order.id, position, sealed, prints[0], None, deliver=False))
    await tx.codes.add(rows)
    return len(rows)


async def used_keys(tx: Transaction) -> set[str]:
    """The ids of the keys that something in the database is sealed with, without the lost ones."""
    used = await tx.codes.key_ids() | await tx.own_codes.key_ids()
    used |= await tx.inbox.key_ids() | await tx.notes.key_ids()
    return used - (await tx.keys.abandoned()).keys()


def opens_check(vault: Vault, check: Sealed) -> bool:
    """Whether the vault has the key that sealed this check."""
    try:
        vault.open(check, _check_associated_data(check.key_id))
    except VaultFailure:
        return False
    return True


async def check_keys(store: Store, vault: Vault) -> None:
    """Check at start that HANOUT_KEYS open what the database holds, and store a check of a new key.

    A lost key that is there again is not lost any more. Raises VaultFailure where a key that is
    needed is missing, or where an id has another key now.
    """
    async with store.reading() as tx:
        known = await compare_keys(tx, vault)
        found = (await tx.keys.abandoned()).keys() & known
    await store.write(_note_keys, vault, found)


async def compare_keys(tx: Transaction, vault: Vault) -> set[str]:
    """The ids of those of HANOUT_KEYS that the database knows. Raises VaultFailure as `check_keys` does."""
    used = await used_keys(tx)
    known = {k for k in await tx.keys.ids() if vault.holds(k)}
    for key_id in sorted(used | known):
        sealed = await tx.keys.get(key_id)
        if sealed is None:
            raise VaultFailure(f"codes were sealed with the key {key_id!r}, which left no check")
        vault.open(sealed, _check_associated_data(key_id))
    return known


async def _note_keys(tx: Transaction, vault: Vault, found: set[str]) -> None:
    if found:
        await tx.keys.find_again(found)
    newest = vault.newest
    if await tx.keys.get(newest) is None:
        await tx.keys.add(vault.seal(_KEY_CHECK_TEXT, _check_associated_data(newest)))
