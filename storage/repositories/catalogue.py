"""The catalogue as last fetched from the suppliers.

Rows have short ids, which buttons carry, and are never deleted.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from bot.domain.catalogue import Category, Denomination, Product
from bot.domain.pricing import Markup, MarkupKey, MarkupScope
from bot.domain.supplier import OfferedCategory, OfferedDenomination, ProductOffer
from storage.repositories.base import Repository
from storage.tables import categories, denominations, links, markups, products, supplier_accounts

_PRODUCT_COLUMNS = (
    products.c.id,
    products.c.category_id,
    products.c.supplier,
    products.c.supplier_product_id,
    products.c.title,
    products.c.region,
    products.c.enabled,
    products.c.priced_at,
)
_DENOMINATION_COLUMNS = (
    denominations.c.id,
    denominations.c.product_id,
    denominations.c.supplier_type_id,
    denominations.c.label,
    denominations.c.cost_minor,
    denominations.c.stock,
    denominations.c.lowest_minor,
    denominations.c.highest_minor,
    denominations.c.step_minor,
    denominations.c.currency,
    (~denominations.c.listed).label("typed"),
)


_ON_SHELF = denominations.c.listed | denominations.c.priced_at.is_not(None)


class CatalogueRepository(Repository):
    async def load(
        self,
    ) -> tuple[
        Sequence[Category],
        Sequence[Product],
        Sequence[Denomination],
        Mapping[MarkupKey, Markup],
        Mapping[int, int],
    ]:
        """The whole catalogue: categories, products, denominations, markups and links.

        The first three are ordered as they are shown. Denominations are those that a supplier lists
        and those that a customer typed. Markups are by (scope, target id). Links map the id of an
        alias denomination to that of its primary.
        """
        run = self._db.execute
        category_rows = await run(
            select(categories.c.id, categories.c.title).order_by(
                categories.c.position, categories.c.id
            )
        )
        product_rows = await run(
            select(*_PRODUCT_COLUMNS).order_by(products.c.position, products.c.id)
        )
        denomination_rows = await run(
            select(*_DENOMINATION_COLUMNS)
            .where(_ON_SHELF)
            .order_by(denominations.c.position, denominations.c.id)
        )
        markup_rows = await run(select(markups))
        link_rows = await run(select(links))
        return (
            [Category(*row) for row in category_rows],
            [Product(*row) for row in product_rows],
            [Denomination(**row._mapping) for row in denomination_rows],  # noqa: SLF001 - its public accessor
            {
                (MarkupScope(r.scope), r.target_id): Markup(r.percent, r.fixed_minor)
                for r in markup_rows
            },
            {r.denomination_id: r.primary_id for r in link_rows},
        )

    async def product(self, product_id: int) -> tuple[Product, Sequence[Denomination]]:
        """One product as `load` returns it, with its denominations.

        Raises NoResultFound for an unknown id.
        """
        found = await self._db.execute(select(*_PRODUCT_COLUMNS).where(products.c.id == product_id))
        values = await self._db.execute(
            select(*_DENOMINATION_COLUMNS)
            .where(_ON_SHELF, denominations.c.product_id == product_id)
            .order_by(denominations.c.position, denominations.c.id)
        )
        return Product(*found.one()), [Denomination(**row._mapping) for row in values]  # noqa: SLF001 - its public accessor

    async def replace(
        self, supplier: str, offered: Sequence[OfferedCategory], now: datetime
    ) -> None:
        """Store a supplier's whole catalogue as fetched now; a second call changes nothing else.

        New products are added and missing ones disabled. None is deleted: buttons in chats carry
        their ids.
        """
        seen: list[str] = []
        for position, category in enumerate(offered):
            category_id = await self._category(category.title, position)
            for product_position, product in enumerate(category.products):
                seen.append(product.supplier_product_id)
                await self._upsert(
                    products,
                    {"supplier": supplier, "supplier_product_id": product.supplier_product_id},
                    {
                        "category_id": category_id,
                        "title": product.title,
                        "region": product.region,
                        "enabled": product.enabled,
                        "position": product_position,
                    },
                )
        gone = products.c.supplier_product_id.not_in(seen)
        await self._db.execute(
            update(products).where(products.c.supplier == supplier, gone).values(enabled=False)
        )
        await self._upsert(supplier_accounts, {"supplier": supplier}, {"catalogue_at": now})

    async def _category(self, title: str, position: int) -> int:
        await self._upsert(categories, {"title": title}, {"position": position})
        found: int = (
            await self._db.execute(select(categories.c.id).where(categories.c.title == title))
        ).scalar_one()
        return found

    async def _upsert(self, table: Any, key: dict[str, Any], values: dict[str, Any]) -> None:
        await self._db.execute(
            self.insert(table)
            .values(**key, **values)
            .on_conflict_do_update(index_elements=list(key), set_=values)
        )

    async def set_offer(self, product_id: int, offer: ProductOffer) -> None:
        """Store what a supplier sells of a product, and at which costs.

        A whole offer replaces the listed denominations; those that are missing from it are no
        longer listed. An offer of one denomination (`only`) changes that one's cost and stock.
        """
        if offer.only is None:
            await self._db.execute(
                update(products).where(products.c.id == product_id).values(priced_at=offer.asked_at)
            )
            await self._db.execute(
                update(denominations)
                .where(denominations.c.product_id == product_id)
                .values(listed=False)
            )
        for position, item in enumerate(offer.denominations):
            key = {"product_id": product_id, "supplier_type_id": item.supplier_type_id}
            price = {"cost_minor": item.cost_minor, "stock": item.stock}
            if offer.only is not None:
                await self._db.execute(update(denominations).filter_by(**key).values(price))
                continue
            face = {
                "label": item.label,
                "lowest_minor": item.lowest_minor,
                "highest_minor": item.highest_minor,
                "step_minor": item.step_minor,
                "currency": item.currency,
            }
            await self._upsert(
                denominations, key, {**face, **price, "listed": True, "position": position}
            )

    async def add_value(self, product_id: int, offered: OfferedDenomination, now: datetime) -> int:
        """Store a value that a customer typed, with its cost; returns the id of its denomination.

        For a value that is stored already, only cost, stock and the time of the price change.
        """
        key = {"product_id": product_id, "supplier_type_id": offered.supplier_type_id}
        price = {"cost_minor": offered.cost_minor, "stock": offered.stock, "priced_at": now}
        face = {
            "label": offered.label,
            "lowest_minor": offered.lowest_minor,
            "highest_minor": offered.highest_minor,
            "currency": offered.currency,
        }
        statement = (
            self.insert(denominations)
            .values(**key, **face, **price, listed=False, position=0)
            .on_conflict_do_update(index_elements=list(key), set_=price)
            .returning(denominations.c.id)
        )
        found: int = (await self._db.execute(statement)).scalar_one()
        return found

    async def set_link(self, denomination_id: int, primary_id: int | None) -> None:
        """Make a denomination an alias of another, in place of any link before; None: unlink it."""
        if primary_id is None:
            await self._db.execute(delete(links).where(links.c.denomination_id == denomination_id))
        else:
            await self._upsert(
                links, {"denomination_id": denomination_id}, {"primary_id": primary_id}
            )

    async def fetched_at(self, supplier: str) -> datetime | None:
        """When this supplier's whole catalogue was last stored; None if it never was."""
        found: datetime | None = (
            await self._db.execute(
                select(supplier_accounts.c.catalogue_at).where(
                    supplier_accounts.c.supplier == supplier
                )
            )
        ).scalar_one_or_none()
        return found

    async def set_markup(self, key: MarkupKey, markup: Markup | None) -> None:
        """Set the price rule for (scope, target id), in place of any before; None removes it."""
        scope, target = key
        if markup is None:
            await self._db.execute(
                delete(markups).where(markups.c.scope == scope, markups.c.target_id == target)
            )
        else:
            await self._upsert(
                markups,
                {"scope": scope, "target_id": target},
                {"percent": markup.percent, "fixed_minor": markup.fixed_minor},
            )
