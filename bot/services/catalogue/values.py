"""Values that customers type, where a product is sold between two bounds."""

import asyncio
from typing import Final

from bot.domain.supplier import OfferedDenomination
from bot.errors import SupplierFailure, UnknownAtSupplier
from bot.refusals import NoPrice, NotFound, ValueOutOfRange
from bot.services.catalogue.browse import view_range
from bot.services.catalogue.refresh import load_product, tell_fallen_cost
from bot.services.catalogue.unpriced_moves import carrying_moves
from bot.services.shop import Shop
from storage.transaction import Transaction

_PATIENCE_SECONDS: Final = 10.0


async def choose_value(shop: Shop, denomination_id: int, value_minor: int) -> int:
    """The id of the denomination for a typed value, with a price that is fetched now.

    `value_minor` is in hundredths of the range's currency. A second call with the same value renews
    the price of the same denomination. Raises NotFound, ValueOutOfRange, and NoPrice where the
    supplier names no price within ten seconds.
    """
    span = view_range(shop, denomination_id)
    if span is None:
        raise NotFound
    low, high, step = span.lowest_minor, span.highest_minor, span.step_minor
    if not span.holds(value_minor):
        raise ValueOutOfRange(low, high, step, span.currency)
    of_range = shop.shelf.denomination(denomination_id)
    supplier = shop.suppliers[span.product.supplier]
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            offered = await supplier.price_value(
                span.product.supplier_product_id, of_range, value_minor
            )
    except UnknownAtSupplier:
        raise ValueOutOfRange(low, high, step, span.currency) from None
    except (SupplierFailure, TimeoutError):
        raise NoPrice from None
    chosen = await shop.store.write(_save_value, shop, span.product.id, offered)
    await load_product(shop, span.product.id)
    return chosen


async def _save_value(
    tx: Transaction, shop: Shop, product_id: int, offered: OfferedDenomination
) -> int:
    now = shop.clock.now()
    async with carrying_moves(tx, shop, product_id, [offered.supplier_type_id]) as stored:
        denomination_id, fallen = await tx.catalogue.add_value(stored, offered, now)
    if fallen is not None:
        await tell_fallen_cost(tx, shop, product_id, fallen)
    return denomination_id
