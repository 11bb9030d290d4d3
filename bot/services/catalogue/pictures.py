"""Pictures of products: operators put them in, customers ask for them one at a time.

Telegram keeps the photo. The shop keeps its id, which is good for one bot only, so it may be refused some day.
"""

from dataclasses import dataclass
from typing import Final
from zlib import crc32

from bot.domain.catalogue import Product
from bot.domain.curation import OwnPicture, Subject
from bot.refusals import NoPictureHere, required
from bot.services.catalogue.curation import NONE, change_and_record
from bot.services.catalogue.refused_pictures import close_refusal, refusal_key, tell_refused
from bot.services.shop import Shop
from storage.transaction import Transaction

PICTURE: Final = "picture"  # the note of its actions
BY_ITSELF: Final = 0  # no operator


@dataclass(frozen=True, slots=True)
class PictureView:
    """A product, its picture, and what that replaced; either may be none."""

    product: Product
    picture: OwnPicture | None
    before: OwnPicture | None

    @property
    def can_undo(self) -> bool:
        return self.picture != self.before

    @property
    def fingerprint(self) -> int:
        """Tells what stands here apart from what may stand here later, in the data of a button."""
        return _fingerprint(self.picture, self.before)


def view_picture(shop: Shop, product_id: int) -> tuple[Product, OwnPicture]:
    """What a customer gets. Raises NotFound, NotSold for what is off the shelf, NoPictureHere where it has none."""
    product = shop.shelf.product(product_id)
    picture = shop.shelf.curation.pictures.get(product_id)
    if picture is None:
        raise NoPictureHere
    return product, picture


async def view_own_picture(shop: Shop, product_id: int) -> PictureView:
    """What an operator has put in, also of a hidden product. Raises NotFound."""
    product = required(shop.shelf.goods.get(product_id))
    async with shop.store.reading() as tx:
        picture, before = await tx.curation.pictures(product_id)
    return PictureView(product, picture, before)


async def look_at_picture(shop: Shop, product_id: int) -> PictureView:
    """The same for whoever opens its page: they see what an alert would ask them to see. Raises NotFound."""
    view = await view_own_picture(shop, product_id)
    async with shop.store.reading() as tx:
        is_told = await tx.alerts.is_open(refusal_key(product_id))
    if is_told:
        await shop.store.write(close_refusal, shop, product_id)
    return view


async def set_picture(
    shop: Shop, product_id: int, picture: OwnPicture, *, key: str, operator_id: int
) -> bool:
    """Have customers shown this picture from now on. Raises NotFound.

    What was there is kept, for `undo_picture`. The same photo under a new id takes the old id's place.
    """

    async def change(tx: Transaction) -> tuple[str, str] | None:
        known, before = await tx.curation.pictures(product_id)
        if known is not None and picture.unique_id == known.unique_id:
            await _put(tx, shop, product_id, picture, before)
            return None
        return await _replace(tx, shop, product_id, known, picture)

    subject = Subject.product(product_id)
    return await change_and_record(shop, subject, PICTURE, change, key, operator_id)


async def remove_picture(
    shop: Shop, product_id: int, seen: int, *, key: str, operator_id: int
) -> bool:
    """Have customers shown none. False where `seen`, a fingerprint, is not what stands there. Raises NotFound."""
    return await _change_as_seen(shop, product_id, seen, key, operator_id, undo=False)


async def undo_picture(
    shop: Shop, product_id: int, seen: int, *, key: str, operator_id: int
) -> bool:
    """Put back what the last change replaced, which another call undoes. Otherwise as `remove_picture`."""
    return await _change_as_seen(shop, product_id, seen, key, operator_id, undo=True)


async def _change_as_seen(
    shop: Shop, product_id: int, seen: int, key: str, operator_id: int, *, undo: bool
) -> bool:
    async def change(tx: Transaction) -> tuple[str, str] | None:
        known, before = await tx.curation.pictures(product_id)
        if _fingerprint(known, before) != seen:
            return None
        return await _replace(tx, shop, product_id, known, before if undo else None)

    subject = Subject.product(product_id)
    return await change_and_record(shop, subject, PICTURE, change, key, operator_id)


async def take_off_picture(shop: Shop, product_id: int, refused: OwnPicture, *, key: str) -> bool:
    """Telegram refuses this picture: nobody is offered it any more, and the operators are told once.

    It is kept, for `undo_picture`: Telegram may have been wrong. False where another one is there by now, or none. Raises NotFound.
    """
    subject = Subject.product(product_id)

    async def change(tx: Transaction) -> tuple[str, str] | None:
        known, _ = await tx.curation.pictures(product_id)
        if known != refused:
            return None
        await tx.curation.set_pictures(product_id, None, refused)
        title = shop.shelf.goods[product_id].title
        await tell_refused(tx, shop, product_id, title, subject.name)
        return refused.unique_id, NONE

    return await change_and_record(shop, subject, PICTURE, change, key, BY_ITSELF)


async def _replace(
    tx: Transaction,
    shop: Shop,
    product_id: int,
    known: OwnPicture | None,
    picture: OwnPicture | None,
) -> tuple[str, str] | None:
    if picture == known:
        return None
    await _put(tx, shop, product_id, picture, known)
    return _name(known), _name(picture)


async def _put(
    tx: Transaction,
    shop: Shop,
    product_id: int,
    picture: OwnPicture | None,
    before: OwnPicture | None,
) -> None:
    """What was refused is replaced by it."""
    await tx.curation.set_pictures(product_id, picture, before)
    await close_refusal(tx, shop, product_id)


def _name(picture: OwnPicture | None) -> str:
    return picture.unique_id if picture is not None else NONE


def _fingerprint(picture: OwnPicture | None, before: OwnPicture | None) -> int:
    """Never 0, which buttons of older versions name."""
    return crc32(f"{_name(picture)} {_name(before)}".encode()) or 1
