"""What operators change of the shelf: hide, feature, order, limit, name and describe.

Each change is one transaction with its action, before and after; then the shelf is filled anew. One that
changes nothing leaves no action. Changes come one after the other, those of a file too, so a new name is
compared with the names that are stored.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

from bot.domain.actions import ActionKind
from bot.domain.catalogue import Product
from bot.domain.curation import (
    CuratedText,
    Curation,
    CurationScope,
    OwnText,
    Subject,
    are_alike,
    moved,
    read_text,
)
from bot.domain.records import Locale
from bot.refusals import AlreadyDecided, NameTaken, NotFound, QuantityOutOfRange
from bot.services.catalogue.refresh import fill_shelf
from bot.services.shop import Shop
from storage.transaction import Transaction

SHOWN, HIDDEN, ON, OFF, NONE = "shown", "hidden", "on", "off", "none"  # as actions keep them
CURATED_WORDS: Final = frozenset({SHOWN, HIDDEN, ON, OFF, "waiting", "cancelled"})
CURATED_BY_WORD: Final = frozenset(
    {"hidden", "featured", "order"}
)  # notes of actions with such words
CURATED: Final = CURATED_BY_WORD | {
    "rank",
    "most",
    "picture",
    *CuratedText,
}  # notes; of a text, before its language
Change = Callable[[Transaction], Awaitable[tuple[str, str] | None]]


def check_subject(shop: Shop, subject: Subject) -> None:
    """Raises NotFound for a product that no supplier sells now, and for a category that is none."""
    if subject.scope is CurationScope.CATEGORY:
        if subject.target not in shop.shelf.brands.categories:
            raise NotFound
    elif int(subject.target) not in shop.shelf.goods:
        raise NotFound


async def change_and_record(
    shop: Shop, subject: Subject, what: str, change: Change, key: str, operator_id: int
) -> bool:
    """Make a change and record it as one of `what`; False where it changes nothing.

    `change` returns what was before and what is after, or None where it changed nothing. Raises NotFound,
    and AlreadyDecided for a second call with this key.

    The shelf is filled in any case: it may not show yet what is stored, if it could not be read before.
    """
    check_subject(shop, subject)
    async with shop.shelf_lock:
        done = await shop.store.write(_record, shop, subject, what, change, key, operator_id)
        await fill_shelf(shop)
    return done


async def _record(
    tx: Transaction,
    shop: Shop,
    subject: Subject,
    what: str,
    change: Change,
    key: str,
    operator_id: int,
) -> bool:
    await tx.curation.lock()
    changed = await change(tx)
    if changed is None:
        return False
    before, after = changed
    action_id = await tx.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.CURATION,
        target=subject.name,
        note=what,
        now=shop.clock.now(),
        before=before,
        after=after,
    )
    if action_id is None:
        raise AlreadyDecided
    return True


async def set_hidden(
    shop: Shop, subject: Subject, *, hidden: bool, key: str, operator_id: int
) -> bool:
    """Take something off the shelf, or put it there again. Raises NotFound.

    Orders that are there go on; `cancel_hidden_orders` ends those that wait for money.
    """

    async def change(tx: Transaction) -> tuple[str, str] | None:
        if (await tx.curation.marks(subject)).hidden is hidden:
            return None
        changes: dict[str, bool | datetime | None] = {"hidden": hidden}
        if not hidden:
            changes["arrived_at"] = None  # somebody has looked at it
        await tx.curation.mark(subject, **changes)
        return (SHOWN, HIDDEN) if hidden else (HIDDEN, SHOWN)

    return await change_and_record(shop, subject, "hidden", change, key, operator_id)


async def set_featured(
    shop: Shop, product_id: int, *, featured: bool, key: str, operator_id: int
) -> bool:
    """Put a product on the first page and before its siblings, or end that. Raises NotFound."""
    subject = Subject.product(product_id)

    async def change(tx: Transaction) -> tuple[str, str] | None:
        if (await tx.curation.marks(subject)).featured is featured:
            return None
        await tx.curation.mark(subject, featured=featured)
        return (OFF, ON) if featured else (ON, OFF)

    return await change_and_record(shop, subject, "featured", change, key, operator_id)


async def set_most(
    shop: Shop, product_id: int, most: int | None, *, key: str, operator_id: int
) -> bool:
    """The most codes of one order; None: as many as MAX_QUANTITY says.

    Raises NotFound, and QuantityOutOfRange beyond MAX_QUANTITY.
    """
    subject = Subject.product(product_id)
    if most is not None and not 1 <= most <= shop.policy.max_quantity:
        raise QuantityOutOfRange(1, shop.policy.max_quantity)

    async def change(tx: Transaction) -> tuple[str, str] | None:
        before = (await tx.curation.marks(subject)).max_quantity
        if before == most:
            return None
        await tx.curation.mark(subject, max_quantity=most)
        return str(before or NONE), str(most or NONE)

    return await change_and_record(shop, subject, "most", change, key, operator_id)


async def move(shop: Shop, subject: Subject, *, up: bool, key: str, operator_id: int) -> bool:
    """Swap something with the one before it, or after it; False at the end of the list.

    All siblings have a rank from then on, so that what a supplier adds comes last. Raises NotFound.
    """
    check_subject(shop, subject)

    async def change(tx: Transaction) -> tuple[str, str] | None:
        siblings = siblings_of(shop, subject)
        order = moved(siblings, subject, up=up)
        if order == siblings:
            return None
        for rank, one in enumerate(order):
            await tx.curation.mark(one, rank=rank)
        return str(siblings.index(subject) + 1), str(order.index(subject) + 1)

    return await change_and_record(shop, subject, "rank", change, key, operator_id)


def siblings_of(shop: Shop, subject: Subject) -> list[Subject]:
    """What stands in one list with it, in the order of the shelf, hidden ones too.

    Of a product: the others of its brand that are featured as it is; only itself for a follower. Raises NotFound.
    """
    shelf = shop.shelf
    tree = shelf.whole_tree()
    if subject.scope is CurationScope.CATEGORY:
        used = [Subject.category(key) for key in tree.categories]
        return used if subject in used else [subject]
    product_id = int(subject.target)
    node = tree.brand_of(product_id)
    if node is None:
        return [subject]
    featured = shelf.curation.of_product(product_id).featured
    marks = shelf.curation
    return [
        Subject.product(one) for one in node.products if marks.of_product(one).featured is featured
    ]


async def set_text(
    shop: Shop,
    subject: Subject,
    kind: CuratedText,
    locale: Locale,
    typed: str,
    *,
    key: str,
    operator_id: int,
) -> bool:
    """Name something in a language, or say how its codes are redeemed; a dash removes that.

    What was there is kept, for `undo_text`. Raises NotFound, BadName, BadGuide, and NameTaken where
    something beside it would read the same.
    """
    text = read_text(kind, typed)
    return await _set_text(shop, subject, kind, locale, text, key, operator_id)


async def undo_text(
    shop: Shop,
    subject: Subject,
    kind: CuratedText,
    locale: Locale,
    seen: int,
    *,
    key: str,
    operator_id: int,
) -> bool:
    """Put the text back that the last change replaced, which another call undoes. Raises as set_text.

    False where `seen`, a fingerprint, is not what stands there.
    """
    return await _set_text(shop, subject, kind, locale, seen, key, operator_id)


async def _set_text(
    shop: Shop,
    subject: Subject,
    kind: CuratedText,
    locale: Locale,
    wish: str | int,
    key: str,
    operator_id: int,
) -> bool:
    """`wish`: a text, or the fingerprint of the change that is undone."""
    if subject.scope is CurationScope.CATEGORY and kind is not CuratedText.NAME:
        raise NotFound

    async def change(tx: Transaction) -> tuple[str, str] | None:
        known = await tx.curation.text(subject, kind, locale)
        wanted = wish if isinstance(wish, str) else known.before
        if wanted == known.text or wish not in (wanted, known.fingerprint):
            return None
        await tx.curation.set_text(subject, kind, locale, OwnText(wanted, known.text))
        if kind is CuratedText.NAME:
            check_names(shop, subject, await tx.curation.load())
        return known.text or NONE, wanted or NONE

    return await change_and_record(shop, subject, f"{kind} {locale}", change, key, operator_id)


def check_names(shop: Shop, subject: Subject, curation: Curation) -> None:
    """Raises NameTaken where another product of its category, or another category, would read the same.

    `curation`: as stored, since a file may have named things that this shelf does not show yet.
    """
    shelf, names = shop.shelf, curation.names(subject)
    if subject.scope is CurationScope.CATEGORY:
        others = [
            (curation.names(Subject.category(key)), key)
            for key in shelf.brands.categories
            if key != subject.target
        ]
        standard = {shelf.brands.category_named(name) for _, name in names}
        if standard - {None, subject.target}:
            raise NameTaken
        title = subject.target
    else:
        product = shelf.goods[int(subject.target)]
        others = [
            (curation.names(Subject.product(one.id)), one.title) for one in _beside(shop, product)
        ]
        title = product.title
    if any(are_alike(names, title, *other) for other in others):
        raise NameTaken


def _beside(shop: Shop, product: Product) -> Sequence[Product]:
    """The other products of its category that customers can see, or could if nothing were hidden."""
    tree = shop.shelf.whole_tree()
    nodes = tree.categories.get(shop.shelf.placing(product).category, ())
    ids = (one for node in nodes for one in node.products if one != product.id)
    return [shop.shelf.goods[one] for one in ids]
