"""How far managers moved prices today of values that nobody had fetched yet.

A value's moves are stored with it. Where there is no value, they are counted from the day's actions, by the
price of an example: each has the rule before and after.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import Final

from bot.domain.actions import ActionKind, OperatorAction
from bot.domain.price_rules import SCOPES, PriceRules, read_rules
from bot.domain.pricing import Markup, MarkupKey, MarkupScope
from bot.domain.roles import Role
from bot.services.shop import Shop
from bot.services.standing import standing_of
from storage.repositories.renumbering import StoredPrices
from storage.transaction import Transaction

WHOLE: Final = 1_000_000  # a price that was not moved, in millionths
# In place of the cost of a value that has none yet, or that customers type.
EXAMPLE_MINOR: Final = 100_000
_NO_VALUE: Final = 0  # in place of the id of a value that nobody has fetched yet
_RULES: Final = (ActionKind.MARKUP, ActionKind.PRICES)


@dataclass(frozen=True, slots=True)
class RuleChange:
    """The rule of a target before and after somebody changed it. `counts`: no owner did."""

    key: MarkupKey
    before: Markup | None
    after: Markup | None
    counts: bool


def today_of(shop: Shop) -> date:
    """The day in which managers may move a price so far."""
    return shop.clock.now().astimezone(shop.policy.time_zone).date()


async def changes_of_today(
    tx: Transaction, shop: Shop, *, but_key: str = ""
) -> Sequence[RuleChange]:
    """Who changed which rule today, the newest first, without the change that has this key."""
    since = datetime.combine(today_of(shop), time(), shop.policy.time_zone)
    done = await tx.operators.done_since(_RULES, since, but_key)
    owners = {
        who
        for who in {action.operator_id for action in done}
        if (standing := await standing_of(tx, shop, who)) and standing.role is Role.OWNER
    }
    return [_change(action, counts=action.operator_id not in owners) for action in done]


def _change(action: OperatorAction, *, counts: bool) -> RuleChange:
    key = SCOPES[action.target[0]], int(action.target[1:])
    before, after = read_rules(action.before).markup, read_rules(action.after).markup
    return RuleChange(key, before, after, counts)


def example_price(shop: Shop, rules: PriceRules, category_id: int, product_id: int) -> int:
    """What a value of this product would cost whose cost is that of the example."""
    pricing = shop.policy.pricing
    return rules.price(pricing, EXAMPLE_MINOR, category_id, product_id, _NO_VALUE)


def moved_by(
    shop: Shop, now: PriceRules, changes: Sequence[RuleChange], category_id: int, product_id: int
) -> Fraction:
    """The example's price, as a part of what it was before managers moved it by these changes.

    They are walked back from the rules of `now`. What owners did is walked over, and moves nothing.
    """
    ids = category_id, product_id
    own = {(MarkupScope.CATEGORY, category_id), (MarkupScope.PRODUCT, product_id)}
    moved, markups = Fraction(1), now.markups
    for change in changes:
        if change.key not in own:
            continue
        after = PriceRules(_with(markups, change.key, change.after))
        before = PriceRules(_with(markups, change.key, change.before))
        if change.counts:
            moved *= Fraction(example_price(shop, after, *ids), example_price(shop, before, *ids))
        markups = before.markups
    return moved


def _with(
    markups: Mapping[MarkupKey, Markup], key: MarkupKey, markup: Markup | None
) -> Mapping[MarkupKey, Markup]:
    others = {each: rule for each, rule in markups.items() if each != key}
    return others if markup is None else {**others, key: markup}


@asynccontextmanager
async def carrying_moves(
    tx: Transaction, shop: Shop, product_id: int, types: Iterable[str]
) -> AsyncIterator[StoredPrices]:
    """What is stored of a product's prices, locked. Whoever stores values of these types within it, stores with new ones how far managers moved today.

    Nobody changes price rules between the two: else a new value would begin a new day for managers.
    """
    # The product before the rules, and its values last: who changes rules needs no lock of the product.
    stored = await tx.catalogue.locked_prices(product_id)
    if stored.values.keys() >= set(types):
        yield stored
        return
    await tx.prices.lock()
    yield stored
    await _carry_moves(tx, shop, product_id, {row.id for row in stored.values.values()})


async def _carry_moves(tx: Transaction, shop: Shop, product_id: int, known: set[int]) -> None:
    values = await tx.prices.values_of((MarkupScope.PRODUCT, product_id))
    new = [value for value in values if value.id not in known]
    if not new:
        return
    rules, changes = await tx.prices.rules(), await changes_of_today(tx, shop)
    moved = int(moved_by(shop, rules, changes, new[0].category_id, product_id) * WHOLE)
    if moved != WHOLE:
        await tx.prices.set_moved({value.id: moved for value in new}, today_of(shop))
