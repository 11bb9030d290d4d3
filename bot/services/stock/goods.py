"""The products and values of the own stock."""

from bot.domain.catalogue import Denomination, face_of
from bot.domain.stock import LONGEST_LABEL, LONGEST_TITLE, OwnValue
from bot.refusals import AlreadyDecided, BadName
from storage.store import Store
from storage.transaction import Transaction

LOW_AT = 5  # codes of a new value, below which an alert tells


async def add_value(
    store: Store, category: str, title: str, label: str, *, region: str = "", low_at: int = LOW_AT
) -> OwnValue:
    """A value of a product; both are made where they do not exist. Raises BadName.

    The face value is read from the label: `200 TL`, `10 $`.
    """
    category, title = _checked(category, LONGEST_TITLE), _checked(title, LONGEST_TITLE)
    label = _checked(label, LONGEST_LABEL)
    where = " ".join(region.split())[:LONGEST_TITLE]
    return await store.write(_add, category, title, label, where, low_at)


async def _add(
    tx: Transaction, category: str, title: str, label: str, region: str, low_at: int
) -> OwnValue:
    face = face_of(Denomination(0, 0, "", label, 0, 0))
    product_id = await tx.stock.add_product(category, title, region)
    return await tx.stock.value(await tx.stock.add_value(product_id, label, face, low_at))


async def remove_value(store: Store, value_id: int) -> None:
    """Remove a value for which nothing was ever loaded, and its product if that has no other.

    Raises NotFound, also when it is removed already; AlreadyDecided once it has a batch.
    """
    await store.write(_remove, value_id)


async def _remove(tx: Transaction, value_id: int) -> None:
    value = await tx.stock.lock_value(value_id)
    if value_id in await tx.stock.used_values():
        raise AlreadyDecided
    await tx.stock.remove_value(value)


def _checked(name: str, longest: int) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > longest or not plain.isprintable():
        raise BadName(longest)
    return plain
