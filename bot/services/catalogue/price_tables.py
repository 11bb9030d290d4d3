"""Price tables: an operator looks at prices, tries rules in a draft, and uses them.

A draft is a row: it outlives a restart, and no price changes before `use_draft`.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from bot.domain.actions import ActionKind
from bot.domain.catalogue import Denomination
from bot.domain.price_rules import PriceRules, TargetRules, read_rules, write_markup, write_rules
from bot.domain.priced_shelf import PricedShelf
from bot.domain.pricing import (
    NOTHING_SAID,
    Markup,
    MarkupKey,
    MarkupScope,
    ValuePrice,
    narrowest,
)
from bot.domain.typed_rules import LARGEST_PERCENT
from bot.refusals import AlreadyDecided, AskedTooLongAgo, NotFound, PricesChanged, required
from bot.services.catalogue.price_changes import Editor, change_rules, target_name
from bot.services.catalogue.refresh import load_shelf
from bot.services.shop import Shop
from storage.repositories.prices import PriceDraft
from storage.transaction import Transaction

PAGE: Final = 10  # values on one page
_ANSWERED_WITHIN: Final = timedelta(hours=1)
_NO_CATEGORY: Final = 0
_EXAMPLES: Final = 30  # of a category

_Change = Callable[[Transaction, PriceDraft, TargetRules], Awaitable[TargetRules]]


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A value in a price table, in minor units: what it costs us, its price now and by the draft.

    `cost_minor` 0: no cost is known, so it has no price. `said`: what the draft says of it.
    `has_own_markup`: a rule of its own, or of its product, is nearer than the table's.
    `is_beaten`: the draft's fixed price does not cover cost and margin. `is_hidden`: it is of a hidden product.
    """

    denomination_id: int
    name: str
    cost_minor: int
    now_minor: int
    draft_minor: int
    said: ValuePrice
    has_own_markup: bool
    is_beaten: bool
    is_hidden: bool = False

    @property
    def margin_minor(self) -> int:
        return self.draft_minor - self.cost_minor


@dataclass(frozen=True, slots=True)
class PriceTable:
    """What one target's prices are and would be. `rows`: one page of them.

    `now` and `proposed`: the markups that apply; `is_inherited`: the draft has none of its own.
    `can_go_back`: the rule before the last change is known.
    """

    draft_id: int
    key: MarkupKey
    title: str
    now: Markup
    proposed: Markup
    is_inherited: bool
    is_changed: bool
    can_go_back: bool
    rows: Sequence[PriceRow]
    page: int  # from 0
    pages: int
    is_hidden: bool = False  # nobody can buy anything of it

    @property
    def has_values(self) -> bool:
        """Whether single values can have a fixed or a lowest price here."""
        return self.key[0] is MarkupScope.PRODUCT and bool(self.rows)

    def row(self, denomination_id: int) -> PriceRow:
        """Raises NotFound."""
        return required(next((r for r in self.rows if r.denomination_id == denomination_id), None))


async def open_table(shop: Shop, key: MarkupKey, operator_id: int) -> PriceTable:
    """A new draft that changes nothing yet, in the place of any other of this operator.

    What is sold under another product's name opens that product's table, and what is hidden has one too.
    Raises NotFound.
    """
    key = _shown(shop, key)
    return await shop.store.write(_open, shop, key, operator_id)


def _shown(shop: Shop, key: MarkupKey) -> MarkupKey:
    scope, target = key
    shelf = PricedShelf(shop.shelf)
    if scope is MarkupScope.CATEGORY:
        return scope, shelf.category(target).id
    if scope is MarkupScope.DENOMINATION:
        target = required(shop.shelf.on_sale(target)).product_id
    return MarkupScope.PRODUCT, shelf.shown_as(shelf.product(target).id)


async def _open(tx: Transaction, shop: Shop, key: MarkupKey, operator_id: int) -> PriceTable:
    rules = write_rules(await _rules_of(tx, key))
    draft = await tx.prices.open_draft(operator_id, key, rules, rules, shop.clock.now())
    return await _view(tx, shop, draft)


async def _rules_of(tx: Transaction, key: MarkupKey) -> TargetRules:
    rules = await tx.prices.rules()
    is_product = key[0] is MarkupScope.PRODUCT
    values = await tx.prices.values_of(key) if is_product else ()
    return rules.of(key, [value.id for value in values])


async def view_table(shop: Shop, draft_id: int, operator_id: int, page: int = 0) -> PriceTable:
    """The draft as it stands. Raises as `_change` does."""
    return await _change(shop, draft_id, operator_id, lambda rules: rules, page)


async def view_with(
    shop: Shop, draft_id: int, operator_id: int, denomination_id: int
) -> PriceTable:
    """The draft at the page with this value. Raises NotFound where it has none, and as `_change`."""
    return await shop.store.write(_view_with, shop, draft_id, operator_id, denomination_id)


async def _view_with(
    tx: Transaction, shop: Shop, draft_id: int, operator_id: int, denomination_id: int
) -> PriceTable:
    draft = await _draft_of(tx, shop, draft_id, operator_id)
    ids = [one.id for _, one in _values(PricedShelf(shop.shelf), draft.key)]
    if draft.key[0] is not MarkupScope.PRODUCT or denomination_id not in ids:
        raise NotFound
    return await _view(tx, shop, draft, ids.index(denomination_id) // PAGE)


async def step_percent(
    shop: Shop, draft_id: int, operator_id: int, points: int, page: int = 0
) -> PriceTable:
    """Add percent points to the draft's markup, which it inherits first where it has none.

    It stays between 0 and LARGEST_PERCENT. Raises as `_change` does.
    """

    async def step(tx: Transaction, draft: PriceDraft, rules: TargetRules) -> TargetRules:
        current = rules.markup or _inherited(shop, await tx.prices.rules(), draft.key)
        percent = min(max(current.percent + points, Decimal(0)), LARGEST_PERCENT)
        return replace(rules, markup=replace(current, percent=percent))

    return await shop.store.write(_change_draft, shop, draft_id, operator_id, step, page)


async def propose_markup(
    shop: Shop, draft_id: int, operator_id: int, markup: Markup | None
) -> PriceTable:
    """Try this markup; None: that of the category or the shop. Raises as `_change` does."""
    return await _change(shop, draft_id, operator_id, lambda rules: replace(rules, markup=markup))


async def propose_value(
    shop: Shop,
    draft_id: int,
    operator_id: int,
    denomination_id: int,
    change: Callable[[ValuePrice], ValuePrice],
) -> PriceTable:
    """Try another fixed or lowest price for one value of the table. Raises as `_change` does."""
    view = await view_with(shop, draft_id, operator_id, denomination_id)

    def changed(rules: TargetRules) -> TargetRules:
        said = rules.values.get(denomination_id, NOTHING_SAID)
        return rules.with_value(denomination_id, change(said))

    return await _change(shop, draft_id, operator_id, changed, view.page)


async def go_back(shop: Shop, draft_id: int, operator_id: int) -> PriceTable:
    """Try the rules as they were before the last change. Raises NotFound where they are not known."""

    async def back(tx: Transaction, draft: PriceDraft, _rules: TargetRules) -> TargetRules:
        return required(await _before(tx, draft))

    return await shop.store.write(_change_draft, shop, draft_id, operator_id, back, 0)


async def _before(tx: Transaction, draft: PriceDraft) -> TargetRules | None:
    """The rules before the last change, as long as nothing else has changed them since."""
    kinds = (ActionKind.PRICES, ActionKind.MARKUP)
    last = await tx.operators.last_of(kinds, target_name(draft.key))
    if last is None:
        return None
    now = read_rules(draft.base)
    if last.kind is ActionKind.PRICES:
        return read_rules(last.before) if last.after == draft.base else None
    is_same = last.after == write_markup(now.markup)
    return replace(now, markup=read_rules(last.before).markup) if is_same else None


async def _change(
    shop: Shop,
    draft_id: int,
    operator_id: int,
    change: Callable[[TargetRules], TargetRules],
    page: int = 0,
) -> PriceTable:
    """Raises NotFound for a draft that there is not any more, or that is another operator's;
    AskedTooLongAgo."""

    async def changed(_tx: Transaction, _draft: PriceDraft, rules: TargetRules) -> TargetRules:
        return change(rules)

    return await shop.store.write(_change_draft, shop, draft_id, operator_id, changed, page)


async def _change_draft(
    tx: Transaction,
    shop: Shop,
    draft_id: int,
    operator_id: int,
    change: _Change,
    page: int,
) -> PriceTable:
    draft = await _draft_of(tx, shop, draft_id, operator_id)
    rules = await change(tx, draft, read_rules(draft.proposed))
    draft = replace(draft, proposed=write_rules(rules))
    await tx.prices.change_draft(draft)
    return await _view(tx, shop, draft, page)


async def _draft_of(tx: Transaction, shop: Shop, draft_id: int, operator_id: int) -> PriceDraft:
    draft = required(await tx.prices.draft(draft_id))
    if draft.operator_id != operator_id:
        raise NotFound
    if shop.clock.now() - draft.at > _ANSWERED_WITHIN:
        raise AskedTooLongAgo
    return draft


async def use_draft(shop: Shop, draft_id: int, editor: Editor) -> PriceTable:
    """Make the draft the rules of its target; a second call raises AlreadyDecided.

    So does a draft that changes nothing. Raises PricesChanged where the rules are not those any more
    that the draft began with, PriceMoveTooLarge, NotFound, AskedTooLongAgo.
    """
    table = await shop.store.write(_use, shop, draft_id, editor)
    await load_shelf(shop)
    return table


async def _use(tx: Transaction, shop: Shop, draft_id: int, editor: Editor) -> PriceTable:
    await tx.prices.lock()
    draft = await _draft_of(tx, shop, draft_id, editor.operator_id)
    if draft.proposed == draft.base:
        raise AlreadyDecided
    before = await _rules_of(tx, draft.key)
    if write_rules(before) != draft.base:
        raise PricesChanged
    action_id = await tx.operators.add_action(
        key=editor.key,
        operator_id=editor.operator_id,
        kind=ActionKind.PRICES,
        target=target_name(draft.key),
        now=shop.clock.now(),
        before=draft.base,
        after=draft.proposed,
    )
    if action_id is None:
        raise AlreadyDecided
    await change_rules(tx, shop, editor, draft.key, before, read_rules(draft.proposed))
    draft = replace(draft, base=draft.proposed, at=shop.clock.now())
    await tx.prices.change_draft(draft)
    return await _view(tx, shop, draft)


async def drop_draft(shop: Shop, draft_id: int, operator_id: int) -> None:
    """Forget a draft. A second call changes nothing."""
    await shop.store.write(_drop, draft_id, operator_id)


async def _drop(tx: Transaction, draft_id: int, operator_id: int) -> None:
    draft = await tx.prices.draft(draft_id)
    if draft is not None and draft.operator_id == operator_id:
        await tx.prices.drop_draft(draft_id)


async def reopen(shop: Shop, draft_id: int, operator_id: int) -> PriceTable:
    """The same target's table anew, with the rules as they are now. Raises NotFound."""
    return await shop.store.write(_reopen, shop, draft_id, operator_id)


async def _reopen(tx: Transaction, shop: Shop, draft_id: int, operator_id: int) -> PriceTable:
    draft = await _draft_of(tx, shop, draft_id, operator_id)
    return await _open(tx, shop, draft.key, operator_id)


async def _view(tx: Transaction, shop: Shop, draft: PriceDraft, page: int = 0) -> PriceTable:
    current = await tx.prices.rules()
    base, proposed = read_rules(draft.base), read_rules(draft.proposed)
    planned = current.changed(draft.key, base, proposed)
    shelf = PricedShelf(shop.shelf)
    values = _values(shelf, draft.key)
    pages = max(1, -(-len(values) // PAGE))
    number = min(page, pages - 1)
    shown = values[number * PAGE : (number + 1) * PAGE]
    inherited = _inherited(shop, current, draft.key)
    scope, target = draft.key
    is_category = scope is MarkupScope.CATEGORY
    return PriceTable(
        draft.id,
        draft.key,
        shelf.category(target).title if is_category else shelf.product(target).title,
        current.markups.get(draft.key, inherited),
        proposed.markup or inherited,
        proposed.markup is None,
        draft.base != draft.proposed,
        draft.base == draft.proposed and await _before(tx, draft) is not None,
        [_row(shop, shelf, draft.key, name, one, current, planned) for name, one in shown],
        number,
        pages,
        target in shelf.hidden_categories() if is_category else shelf.is_hidden(target),
    )


def _inherited(shop: Shop, rules: PriceRules, key: MarkupKey) -> Markup:
    """The markup that applies where the target has none of its own."""
    scope, target = key
    if scope is MarkupScope.CATEGORY:
        return shop.policy.pricing.markup
    category = MarkupScope.CATEGORY, required(shop.shelf.goods.get(target)).category_id
    return rules.markups.get(category, shop.policy.pricing.markup)


def _values(shelf: PricedShelf, key: MarkupKey) -> list[tuple[str, Denomination]]:
    """What a table shows: a product's values, or of each product of a category the cheapest.

    Of a category the cheapest come first, those of hidden products after all others.
    """
    scope, target = key
    if scope is MarkupScope.PRODUCT:
        return [(one.label, one) for one in shelf.priced(target)]
    found = []
    for product in shelf.of_category(target):
        known = [one for one in shelf.priced(product.id) if one.cost_minor > 0]
        if known:
            found.append((product.title, min(known, key=lambda one: one.cost_minor)))
    found.sort(key=lambda each: (shelf.is_hidden(each[1].product_id), each[1].cost_minor))
    return found[:_EXAMPLES]


def _row(
    shop: Shop,
    shelf: PricedShelf,
    key: MarkupKey,
    name: str,
    value: Denomination,
    current: PriceRules,
    planned: PriceRules,
) -> PriceRow:
    pricing, price = shop.policy.pricing, shelf.price
    unit, said = shelf.next_sold(value), planned.value(value.id)
    others = {each: rule for each, rule in planned.markups.items() if each != key}
    nearer = narrowest(others, _NO_CATEGORY, value.product_id, value.id)
    return PriceRow(
        value.id,
        name,
        unit.cost_minor,
        price(pricing, unit, current) if unit.cost_minor else 0,
        price(pricing, unit, planned) if unit.cost_minor else 0,
        said,
        nearer is not None,
        pricing.is_beaten(unit.cost_minor, said),
        shelf.is_hidden(value.product_id),
    )
