"""Rows of the catalogue that keep their rules when a supplier changes its ids, and lost rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Row, Table, bindparam, literal, or_, select, update

from bot.domain.catalogue import FallenCost
from bot.domain.pricing import MarkupScope
from bot.domain.renumbering import Known, follow_names
from bot.domain.supplier import ProductOffer
from storage.repositories.base import Repository
from storage.tables import denominations, markups, products, value_prices

# A value may be missing for minutes, and come back with its price rules.
_LOST_AFTER: Final = timedelta(days=1)
# The ids of values that have a rule of their own, or a fixed or lowest price.
_PRICED: Final = (
    select(markups.c.target_id)
    .where(markups.c.scope == MarkupScope.DENOMINATION)
    .union(select(value_prices.c.denomination_id))
)
# Built once: every answer about prices runs them.
_LOCKED: Final = (
    select(products.c.priced_at)
    .where(products.c.id == bindparam("product_id"))
    .with_for_update(key_share=True)
)
_VALUES: Final = select(denominations).where(denominations.c.product_id == bindparam("product_id"))


@dataclass(frozen=True, slots=True)
class StoredPrices:
    """What is stored of a product's prices: `at`, when they were asked for last; its values by their types."""

    product_id: int
    at: datetime | None
    values: Mapping[str, Row[Any]]


@dataclass(frozen=True, slots=True)
class SavedOffer:
    """What an offer changed. `fallen`: what is held from now on, because its cost fell too far.

    Ids of values: `lost` are so from now on, and `found` were so until now.
    """

    fallen: Sequence[FallenCost] = ()
    lost: Sequence[int] = ()
    found: Sequence[int] = ()


class RenumberingRepository(Repository):
    async def _renumber(
        self, table: Table, column: str, known: Sequence[Known], names: Mapping[str, str]
    ) -> None:
        """Give rows the new ids of what they stand for. An id that another row has is freed."""
        moved = follow_names(known, names)
        new_ids = set(moved.values())
        freed = [row.row_id for row in known if row.supplier_id in new_ids or row.row_id in moved]
        # In two steps, because ids may have changed places and are unique.
        for row_id in freed:
            await self._db.execute(
                update(table).where(table.c.id == row_id).values({column: f"gone:{row_id}"})
            )
        for row_id, new_id in moved.items():
            await self._db.execute(
                update(table).where(table.c.id == row_id).values({column: new_id})
            )

    async def locked_prices(self, product_id: int) -> StoredPrices:
        """What is stored of a product's prices, which nobody else changes until the transaction ends.

        Rows that refer to the product may be added meanwhile.
        """
        locked = await self._db.execute(_LOCKED, {"product_id": product_id})
        priced_at: datetime | None = locked.scalar_one_or_none()
        return StoredPrices(product_id, priced_at, await self._known(product_id))

    async def _known(self, product_id: int) -> dict[str, Row[Any]]:
        """What is stored of a product's denominations, by their types."""
        rows = await self._db.execute(_VALUES, {"product_id": product_id})
        return {row.supplier_type_id: row for row in rows}

    async def _unlist(self, known: Mapping[str, Row[Any]], offer: ProductOffer) -> Sequence[int]:
        """Take off the list what a whole offer is without; returns the ids of what is lost by now.

        A value is lost where such offers are without it for a day or more. Those that are empty, or of
        which a part could not be read, say nothing of that; what customers type was never listed.
        """
        offered = {d.supplier_type_id for d in offer.denominations}
        missing = [r for t, r in known.items() if t not in offered and r.priced_at is None]
        await self._set_all([r.id for r in missing if r.listed], listed=False)
        if not offer.denominations or not offer.complete:
            return ()
        now = offer.asked_at
        first = [r.id for r in missing if r.unlisted_at is None]
        await self._set_all(first, unlisted_at=now)
        waiting = [r for r in missing if r.unlisted_at is not None and not r.lost]
        lost = [r.id for r in waiting if now - r.unlisted_at >= _LOST_AFTER]
        await self._set_all(lost, lost=True)
        return lost

    async def _set_all(self, denomination_ids: Sequence[int], **values: object) -> None:
        if denomination_ids:
            which = denominations.c.id.in_(denomination_ids)
            await self._db.execute(update(denominations).where(which).values(**values))

    async def with_rules(self, denomination_ids: Sequence[int]) -> set[int]:
        """Those of these values that have price rules of their own."""
        if not denomination_ids:
            return set()
        of_these = denominations.c.id.in_(denomination_ids)
        found = await self._db.execute(
            select(denominations.c.id).where(of_these, denominations.c.id.in_(_PRICED))
        )
        return set(found.scalars())

    async def lost_rules(self, supplier: str) -> Sequence[str]:
        """Price rules that apply to nothing any more, as operators write them: c1, p12, d45.

        They are rules of a supplier's products and values that are gone, fixed and lowest prices
        among them, and of categories in which no supplier has a product.
        """
        key = (markups.c.scope, markups.c.target_id)
        gone = products.c.enabled.is_(False)
        of_products = select(*key).join(products, products.c.id == markups.c.target_id)
        filled = select(products.c.category_id).where(products.c.enabled)
        statements = (
            select(*key).where(
                markups.c.scope == MarkupScope.CATEGORY, markups.c.target_id.not_in(filled)
            ),
            of_products.where(
                markups.c.scope == MarkupScope.PRODUCT, products.c.supplier == supplier, gone
            ),
            select(literal(MarkupScope.DENOMINATION.value), denominations.c.id)
            .join(products, products.c.id == denominations.c.product_id)
            .where(
                denominations.c.id.in_(_PRICED),
                products.c.supplier == supplier,
                or_(gone, denominations.c.lost),
            ),
        )
        return [
            f"{scope[0]}{target}"
            for statement in statements
            for scope, target in sorted(await self._db.execute(statement), key=itemgetter(1))
        ]
