"""Operators' notes about customers: sealed, only added to, and theirs to read in their own data."""

from collections.abc import Sequence

from bot.domain.actions import ActionKind
from bot.domain.people import LONGEST_NOTE, MOST_NOTES, Note, SealedNote
from bot.errors import VaultFailure
from bot.refusals import AlreadyDecided, NoteRefused
from bot.services.codes.custody import note_associated_data
from bot.services.messaging.customers import find_customer
from bot.services.shop import Shop
from storage.transaction import Transaction


async def add_note(shop: Shop, user_id: int, words: str, *, key: str, operator_id: int) -> None:
    """Add a note; a second call with this key raises AlreadyDecided.

    Raises UnknownCustomer, and NoteRefused for one that is empty or too long, or one too many.
    """
    text = " ".join(words.split())
    if not 1 <= len(text) <= LONGEST_NOTE:
        raise NoteRefused(LONGEST_NOTE, MOST_NOTES)
    await shop.store.write(_add, shop, user_id, text, key, operator_id)


async def _add(
    tx: Transaction, shop: Shop, user_id: int, text: str, key: str, operator_id: int
) -> None:
    await find_customer(shop, tx, user_id)
    await tx.customers.lock_ban(user_id)  # of two notes at once, one is the fiftieth
    now, count = shop.clock.now(), await tx.notes.count(user_id)
    if count >= MOST_NOTES:
        raise NoteRefused(LONGEST_NOTE, MOST_NOTES)
    action_id = await tx.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.NOTE,
        target=str(user_id),
        now=now,
        before=str(count),
        after=str(count + 1),
    )
    if action_id is None:
        raise AlreadyDecided
    note_id = await tx.notes.begin(user_id, operator_id, now)
    await tx.notes.seal(note_id, shop.vault.seal(text, note_associated_data(note_id)))


async def notes_of(
    tx: Transaction, shop: Shop, user_id: int, limit: int | None = None
) -> Sequence[Note]:
    """The notes about a customer, the newest first."""
    rows = await tx.notes.of_user(user_id, limit)
    return [Note(row.operator_id, row.at, _open(shop, row)) for row in rows]


async def read_notes(shop: Shop, user_id: int) -> Sequence[Note]:
    async with shop.store.reading() as tx:
        return await notes_of(tx, shop, user_id)


def _open(shop: Shop, row: SealedNote) -> str | None:
    try:
        return shop.vault.open(row.text, note_associated_data(row.id))
    except VaultFailure:
        return None
