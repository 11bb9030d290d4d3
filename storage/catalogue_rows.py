"""The shelf as last seen at the suppliers; rows get small ids that buttons carry, and stay for ever."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from bot.domain.catalogue import Category, Denomination, Product
from bot.domain.pricing import Markup, MarkupKey, MarkupScope
from bot.domain.supplier import OfferedCategory, ProductOffer
from storage.base import Rows
from storage.tables import categories, denominations, markups, products, supplier_accounts

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
)


class SqlCatalogue(Rows):
    async def load(
        self,
    ) -> tuple[
        Sequence[Category], Sequence[Product], Sequence[Denomination], Mapping[MarkupKey, Markup]
    ]:
        run = self._db.execute
        shelf = await run(
            select(categories.c.id, categories.c.title).order_by(
                categories.c.position, categories.c.id
            )
        )
        goods = await run(select(*_PRODUCT_COLUMNS).order_by(products.c.position, products.c.id))
        values = await run(
            select(*_DENOMINATION_COLUMNS)
            .where(denominations.c.listed)
            .order_by(denominations.c.position, denominations.c.id)
        )
        rules = await run(select(markups))
        return (
            [Category(*row) for row in shelf],
            [Product(*row) for row in goods],
            [Denomination(*row) for row in values],
            {(MarkupScope(r.scope), r.target_id): Markup(r.percent, r.fixed_minor) for r in rules},
        )

    async def replace(
        self, supplier: str, offered: Sequence[OfferedCategory], now: datetime
    ) -> None:
        seen: list[str] = []
        for position, category in enumerate(offered):
            category_id = await self._category(category.title, position)
            for place, product in enumerate(category.products):
                seen.append(product.supplier_product_id)
                await self._upsert(
                    products,
                    {"supplier": supplier, "supplier_product_id": product.supplier_product_id},
                    {
                        "category_id": category_id,
                        "title": product.title,
                        "region": product.region,
                        "enabled": product.enabled,
                        "position": place,
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
        await self._db.execute(
            update(products).where(products.c.id == product_id).values(priced_at=offer.asked_at)
        )
        await self._db.execute(
            update(denominations)
            .where(denominations.c.product_id == product_id)
            .values(listed=False)
        )
        for place, item in enumerate(offer.denominations):
            await self._upsert(
                denominations,
                {"product_id": product_id, "supplier_type_id": item.supplier_type_id},
                {
                    "label": item.label,
                    "cost_minor": item.cost_minor,
                    "stock": item.stock,
                    "listed": True,
                    "position": place,
                },
            )

    async def fetched_at(self, supplier: str) -> datetime | None:
        found: datetime | None = (
            await self._db.execute(
                select(supplier_accounts.c.catalogue_at).where(
                    supplier_accounts.c.supplier == supplier
                )
            )
        ).scalar_one_or_none()
        return found

    async def set_markup(self, key: MarkupKey, markup: Markup | None) -> None:
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
