"""/markup: single price rules, each change recorded with the rule before and after."""

from bot.domain.actions import ActionKind
from bot.domain.price_rules import TargetRules, write_markup
from bot.domain.pricing import Markup, MarkupKey
from bot.refusals import AlreadyDecided, NotFound
from bot.services.catalogue.price_changes import Editor, change_rules, target_name
from bot.services.catalogue.refresh import load_shelf
from bot.services.shop import Shop
from storage.transaction import Transaction


async def set_markup(shop: Shop, key: MarkupKey, markup: Markup | None, editor: Editor) -> None:
    """Set the markup of a category, product or value; None removes it.

    Raises NotFound for one that the catalogue has not, PriceMoveTooLarge, and AlreadyDecided for a
    second call with the same key of the editor.
    """
    await shop.store.write(_set_markup, shop, key, markup, editor)
    await load_shelf(shop)


async def _set_markup(
    tx: Transaction, shop: Shop, key: MarkupKey, markup: Markup | None, editor: Editor
) -> None:
    if not await tx.catalogue.has(key):
        raise NotFound
    await tx.prices.lock()
    before = (await tx.prices.rules()).markups.get(key)
    action_id = await tx.operators.add_action(
        key=editor.key,
        operator_id=editor.operator_id,
        kind=ActionKind.MARKUP,
        target=target_name(key),
        now=shop.clock.now(),
        before=write_markup(before),
        after=write_markup(markup),
    )
    if action_id is None:
        raise AlreadyDecided
    await change_rules(tx, shop, editor, key, TargetRules(before), TargetRules(markup))
