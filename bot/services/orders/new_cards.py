"""Comparing the cards of a report with the codes that its order has, and with those of others."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from bot.domain.orders import Order
from bot.domain.records import SealedCode, StoredCode
from bot.domain.supplier import Card, Environment, SupplierOrder
from bot.ports import Vault
from bot.refusals import required
from bot.services.codes.custody import (
    belongs_to_another_order,
    fingerprints,
    of_other_orders,
    open_stored,
    seal_card,
    sealed_again,
    unique_fingerprints,
)
from bot.services.shop import Shop
from storage.transaction import Transaction

# More cards than these are no answer to the order.
_CARDS_OF_ONE: Final = 10
_CARDS_OF_ANY: Final = 100


@dataclass(frozen=True, slots=True)
class NewCard:
    """A card that was not delivered before; `stored` where it is kept already, withheld."""

    card: Card
    position: int
    fingerprint: bytes
    stored: StoredCode | None
    repeated: bool  # another order has it, or the report has it twice


@dataclass(frozen=True, slots=True)
class NewCards:
    report: SupplierOrder  # without the cards that were delivered before
    cards: tuple[NewCard, ...]
    completed: tuple[SealedCode, ...]  # stored codes of which this report tells more

    @property
    def repeated(self) -> frozenset[int]:
        return frozenset(place for place, new in enumerate(self.cards) if new.repeated)

    async def store(
        self, tx: Transaction, vault: Vault, order: Order, wanted: int, *, batch: int
    ) -> int:
        """Seal and store the cards; returns how many. One that is held is stored once only.

        The first `wanted` that a customer can be given are delivered, in this batch; every other
        one is withheld.
        """
        rows: list[StoredCode] = []
        for new in self.cards:
            deliver = wanted > 0 and not new.repeated and not new.card.is_blank
            wanted -= deliver
            if new.stored is None:
                secrets = seal_card(vault, order.id, new.position, new.card)
                kept = (order.id, new.position, secrets, new.fingerprint, new.card.expires_at)
                rows.append(StoredCode(*kept, deliver, batch))
            elif deliver:
                await tx.codes.release(order.id, new.position, batch)
        await tx.codes.add(rows)
        await tx.codes.reseal(self.completed)
        return len(rows)


def within_limit(order: Order, report: SupplierOrder) -> tuple[SupplierOrder, tuple[Card, ...]]:
    """The report with no more cards than an order can have, and the others as one unreadable card.

    They are kept for an operator, who sees that something is wrong; each by itself would hold up
    the shop, which stores all of an order in one transaction.
    """
    limit = _CARDS_OF_ONE * order.quantity + _CARDS_OF_ANY
    kept, beyond = report.cards[:limit], report.cards[limit:]
    if not beyond:
        return report, ()
    texts = json.dumps({"beyond": [card.texts for card in beyond]})
    return replace(report, cards=kept), (Card(texts),)


async def compare_cards(
    tx: Transaction, shop: Shop, order: Order, report: SupplierOrder, stored: Sequence[StoredCode]
) -> NewCards:
    """Find the new cards by their texts: a supplier may list cards in another order each time."""
    vault, environment = shop.vault, order.environment
    is_sandbox = environment is Environment.SANDBOX  # it gives the same codes again and again
    opened = {code.position: open_stored(vault, code) for code in stored}
    matched = _match(vault, order, report.cards, stored, opened)
    used = {code.fingerprint for code in stored}
    places = _positions(report.cards, matched, len(stored))
    asked = {
        at: card
        for index, (at, card) in enumerate(zip(places, report.cards, strict=True))
        if not card.is_blank and not (index in matched and matched[index].deliver)
    }
    of_others = await of_other_orders(tx, vault, environment, order.id, asked)
    completed: list[SealedCode] = []
    found: list[NewCard] = []
    seen: dict[str, list[Card]] = {}
    for index, (at, card) in enumerate(zip(places, report.cards, strict=True)):
        code = matched.get(index)
        prints = fingerprints(vault, environment, order.id, at, card)
        if code is not None and (kept := opened[at]) and (whole := kept.completed_by(card)) != kept:
            completed.append(await _completed(tx, vault, order, code, whole))
        earlier = seen.setdefault(card.identity, [])
        is_twice = not is_sandbox and any(map(card.repeats, earlier))
        earlier.append(card)
        if code is not None and code.deliver:
            continue
        repeated = not card.is_blank and (is_twice or at in of_others)
        is_taken = repeated or card.is_blank or not used.isdisjoint(prints)
        fingerprint = (unique_fingerprints(vault, order.id, at, card) if is_taken else prints)[0]
        used.update(prints)
        found.append(NewCard(card, at, fingerprint, code, repeated))
    cards = tuple(new.card for new in found)
    return NewCards(replace(report, cards=cards), tuple(found), tuple(completed))


def _positions(
    cards: Sequence[Card], matched: Mapping[int, StoredCode], free_from: int
) -> list[int]:
    """The position of each card: that of its stored code, else the next free one."""
    free = count(free_from)
    return [
        matched[index].position if index in matched else next(free) for index in range(len(cards))
    ]


async def _completed(
    tx: Transaction, vault: Vault, order: Order, code: StoredCode, whole: Card
) -> SealedCode:
    """A stored code with all of its texts; its fingerprint is its own also where another order has them."""
    place = (order.id, code.position, whole)
    is_taken = await belongs_to_another_order(tx, vault, order.environment, *place)
    fingerprint = unique_fingerprints(vault, *place)[0] if is_taken else code.fingerprint
    row = SealedCode(order.id, code.position, order.environment, code.secrets, fingerprint)
    return sealed_again(vault, row, whole)


def _match(
    vault: Vault,
    order: Order,
    cards: Sequence[Card],
    stored: Sequence[StoredCode],
    opened: Mapping[int, Card | None],
) -> dict[int, StoredCode]:
    """The stored code of each card that has one, by the card's place in the report.

    Equal references go first, and codes of which one side tells less last. A code that does not
    open is recognised by its fingerprint alone.
    """
    matched: dict[int, StoredCode] = {}
    free: dict[str, list[StoredCode]] = {}
    closed: list[StoredCode] = []
    for code in stored:
        kept = opened[code.position]
        (closed if kept is None else free.setdefault(kept.identity, [])).append(code)

    def has_equal_reference(card: Card, code: StoredCode) -> bool:
        return required(opened[code.position]).reference == card.reference

    def is_repeated(card: Card, code: StoredCode) -> bool:
        return card.repeats(required(opened[code.position]))

    def has_fingerprint(card: Card, code: StoredCode) -> bool:
        place = (vault, order.environment, order.id, code.position)
        return code.fingerprint in fingerprints(*place, card)

    for is_same in (has_equal_reference, is_repeated, has_fingerprint):
        for index, card in enumerate(cards):
            among = closed if is_same is has_fingerprint else free.get(card.identity, [])
            found = next((code for code in among if is_same(card, code)), None)
            if found is not None and index not in matched:
                matched[index] = found
                among.remove(found)
    _match_parts(matched, cards, [code for codes in free.values() for code in codes], opened)
    return matched


def _match_parts(
    matched: dict[int, StoredCode],
    cards: Sequence[Card],
    free: list[StoredCode],
    opened: Mapping[int, Card | None],
) -> None:
    """Add the stored codes of which a report tells more than an earlier one, or less."""
    for index, card in enumerate(cards):
        if index in matched:
            continue
        found = next((c for c in free if card.agrees_with(required(opened[c.position]))), None)
        if found is not None:
            matched[index] = found
            free.remove(found)
