"""Loading a batch: codes are sealed as they are read, and nothing is for sale before it is confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from bot.domain.actions import ActionKind
from bot.domain.stock import BatchState, Refusals
from bot.domain.stock_files import ReadCodes
from bot.domain.supplier import Card
from bot.ports import Clock, Vault
from bot.refusals import BadCodes
from bot.services.codes.custody import used_keys
from bot.services.codes.own_sealing import prints_of, seal_own
from storage.store import Store
from storage.transaction import Transaction

KEY_MISSING: Final = (
    "key_missing"  # the fault of a batch: this process cannot tell what is here already
)
_AT_ONCE: Final = 200  # codes of one statement


@dataclass(frozen=True, slots=True)
class LoadRequest:
    """`key` names the update or the command that loads: repeated, it finds the same batch."""

    key: str
    value_id: int
    cost_minor: int  # of one code
    loaded_by: int  # the operator's id; 0: by a command of the shell
    codes: ReadCodes


async def load_batch(store: Store, vault: Vault, clock: Clock, request: LoadRequest) -> int:
    """Store the codes of a new batch, sealed, all or none; returns its id. Raises NotFound for an
    unknown value; BadCodes where codes were sealed anew, beside this process, with a key that it lacks.

    Codes that are here already, or that an order has, are counted and left out. A batch without any
    code is discarded at once. A second call with the same key stores nothing more.
    """
    cards = [_Printed(card, prints_of(vault, card)) for card in request.codes.cards]
    return await store.write(_load, vault, request, cards, clock.now())


class _Printed(NamedTuple):
    card: Card
    prints: tuple[bytes, ...]  # all that the same code may have


async def _load(
    tx: Transaction, vault: Vault, request: LoadRequest, cards: Sequence[_Printed], now: datetime
) -> int:
    await tx.stock.lock_value(request.value_id)
    batch_id = await tx.stock.add_batch(
        request.key, request.value_id, request.cost_minor, request.loaded_by, now
    )
    if batch_id is None:
        return (await tx.stock.batch_of_key(request.key)).id
    if not all(map(vault.holds, await used_keys(tx))):
        raise BadCodes(KEY_MISSING, 0)
    for start in range(0, len(cards), _AT_ONCE):
        await _add(tx, vault, batch_id, start, cards[start : start + _AT_ONCE])
    counts = await tx.stock.counts([batch_id])
    stored = counts[batch_id].loaded if counts else 0
    await _end(tx, request, batch_id, stored, now)
    return batch_id


async def _add(
    tx: Transaction, vault: Vault, batch_id: int, first: int, cards: Sequence[_Printed]
) -> None:
    """Store those of the cards that nobody knows."""
    known = await tx.own_codes.known([one for of_card in cards for one in of_card.prints])
    await tx.own_codes.add(
        seal_own(vault, batch_id, position, one.card)
        for position, one in enumerate(cards, start=first)
        if known.isdisjoint(one.prints)
    )


async def _end(
    tx: Transaction, request: LoadRequest, batch_id: int, stored: int, now: datetime
) -> None:
    codes = request.codes
    first = codes.unreadable[0] if codes.unreadable else 0
    known = len(codes.cards) - stored
    refusals = Refusals(known, codes.twice, len(codes.unreadable), codes.expired, first)
    await tx.stock.end_loading(batch_id, refusals)
    if not stored:
        await tx.stock.move_batch(batch_id, BatchState.DRAFT, BatchState.DISCARDED)
    await tx.operators.add_action(
        key=f"load:{batch_id}",
        operator_id=request.loaded_by,
        kind=ActionKind.STOCK,
        target=f"batch {batch_id}",
        amount_minor=request.cost_minor * stored,
        note=f"loaded {stored}",
        now=now,
    )
