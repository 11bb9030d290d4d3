"""Changing price rules: one transaction with its action, within what a manager may move in a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.price_rules import PriceRules, TargetRules
from bot.domain.pricing import NOTHING_SAID, MarkupKey
from bot.domain.roles import Role
from bot.refusals import PriceMoveTooLarge
from bot.services.catalogue.unpriced_moves import (
    EXAMPLE_MINOR,
    WHOLE,
    changes_of_today,
    example_price,
    moved_by,
    today_of,
)
from bot.services.messaging.alerts import resolve_alert
from bot.services.shop import Shop
from bot.services.standing import standing_of
from storage.repositories.prices import PricedValue
from storage.transaction import Transaction

FIXED_ALERT: Final = "fixed_below_cost:"  # how the keys of alerts about fixed prices begin
_PERCENT: Final = WHOLE // 100


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changes prices, and the idempotency key of the change."""

    operator_id: int
    key: str


def fixed_alert_key(denomination_id: int) -> str:
    """The key of the alert about a fixed price that does not cover its cost."""
    return f"{FIXED_ALERT}{denomination_id}"


def target_name(key: MarkupKey) -> str:
    """A target as operators write it: c3, p12, d45."""
    scope, target = key
    return f"{scope[0]}{target}"


async def change_rules(
    tx: Transaction,
    shop: Shop,
    editor: Editor,
    key: MarkupKey,
    before: TargetRules,
    after: TargetRules,
) -> None:
    """Put the rules of one target in place of what they were; the caller holds the lock of prices.

    Raises PriceMoveTooLarge for a manager who would move a price further than a day allows.
    """
    standing = await standing_of(tx, shop, editor.operator_id)
    if standing is None or standing.role is not Role.OWNER:
        await _note_moves(tx, shop, editor, key, before, after)
    await tx.prices.set_markup(key, after.markup)
    for denomination_id in sorted(before.values.keys() | after.values.keys()):
        said = after.values.get(denomination_id, NOTHING_SAID)
        if said == before.values.get(denomination_id):
            continue
        await tx.prices.set_value(denomination_id, said)
        if said.fixed_minor is None:
            await resolve_alert(tx, shop, fixed_alert_key(denomination_id))


async def _note_moves(
    tx: Transaction,
    shop: Shop,
    editor: Editor,
    key: MarkupKey,
    before: TargetRules,
    after: TargetRules,
) -> None:
    """Add this change to what managers moved today. Raises PriceMoveTooLarge."""
    now = await tx.prices.rules()
    planned = now.changed(key, before, after)
    await _check_unpriced(tx, shop, editor, key, now, planned)
    changes = _moves(shop, now, planned, await tx.prices.values_of(key))
    if not changes:
        return
    today = today_of(shop)
    known = await tx.prices.moved(changes, today)
    moved = {}
    for denomination_id, (old, new) in changes.items():
        moved[denomination_id] = known.get(denomination_id, WHOLE) * new // old
        _hold_to_step(shop, moved[denomination_id])
    await tx.prices.set_moved(moved, today)


async def _check_unpriced(
    tx: Transaction,
    shop: Shop,
    editor: Editor,
    key: MarkupKey,
    now: PriceRules,
    planned: PriceRules,
) -> None:
    """Hold products that have no values yet to the step as well. Raises PriceMoveTooLarge."""
    unpriced = await tx.prices.unpriced_of(key)
    changes = await changes_of_today(tx, shop, but_key=editor.key) if unpriced else ()
    for ids in unpriced:
        old, new = (example_price(shop, rules, *ids) for rules in (now, planned))
        if old != new:
            _hold_to_step(shop, int(moved_by(shop, now, changes, *ids) * WHOLE * new / old))


def _hold_to_step(shop: Shop, moved: int) -> None:
    """Raises PriceMoveTooLarge for a price that is this many millionths of what it was."""
    percent = shop.policy.manager_price_step
    if abs(moved - WHOLE) > percent * _PERCENT:
        raise PriceMoveTooLarge(percent)


def _moves(
    shop: Shop, before: PriceRules, after: PriceRules, values: Iterable[PricedValue]
) -> Mapping[int, tuple[int, int]]:
    """The prices of values before and after, at the cost of now that moves each furthest.

    That is a value's own, or of one that is sold under its name: an order takes either. Values whose
    prices stay are left out. Both prices are looked up by a value's own ids, though it may be sold
    under another name: that may end.
    """
    found = {}
    for value in values:
        ids = value.category_id, value.product_id, value.id
        prices = [
            tuple(rules.price(shop.policy.pricing, cost, *ids) for rules in (before, after))
            for cost in _costs(value)
        ]
        # Up and back again are measured at the same cost, so that they come to nothing.
        old, new = max(prices, key=lambda pair: max(pair) / min(pair))
        if old != new:
            found[value.id] = old, new
    return found


def _costs(value: PricedValue) -> Sequence[int]:
    own = () if value.is_range else (value.cost_minor,)
    return [cost for cost in (*own, *value.linked_minor) if cost > 0] or [EXAMPLE_MINOR]
