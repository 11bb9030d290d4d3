"""Products that a supplier's catalogue lists more than once."""

import logging

from bot.domain.renumbering import plain_name
from bot.domain.supplier import OfferedCategory, OfferedProduct

_log = logging.getLogger(__name__)


def without_conflicting_products(
    offered: tuple[OfferedCategory, ...], request: str
) -> tuple[OfferedCategory, ...]:
    """Leave out products of one id that are named differently: nobody knows which one is bought by it.

    One that is listed twice by the same name, in two categories perhaps, stays. Both are counted in
    the log.
    """
    names: dict[str, list[str]] = {}
    for category in offered:
        for product in category.products:
            names.setdefault(product.supplier_product_id, []).append(_name(product))
    repeated = {each: told for each, told in names.items() if len(told) > 1}
    conflicting = {each for each, told in repeated.items() if len(set(told)) > 1}
    if conflicting:
        _log.warning(
            "%s: %d products have several names each, and are not used", request, len(conflicting)
        )
    if same := len(repeated) - len(conflicting):
        _log.info("%s: %d products are listed more than once", request, same)
    return tuple(
        OfferedCategory(
            category.title,
            tuple(p for p in category.products if p.supplier_product_id not in conflicting),
        )
        for category in offered
    )


def _name(product: OfferedProduct) -> str:
    return plain_name(product.title, product.region)
