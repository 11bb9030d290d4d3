"""The shelf as last seen at the suppliers; rows get small ids that buttons carry, and stay for ever."""

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
        """The last: which denomination follows which."""
        run = self._db.execute
        shelf = await run(
            select(categories.c.id, categories.c.title).order_by(
                categories.c.position, categories.c.id
            )
        )
        goods = await run(select(*_PRODUCT_COLUMNS).order_by(products.c.position, products.c.id))
        values = await run(
            select(*_DENOMINATION_COLUMNS)
            .where(_ON_SHELF)
            .order_by(denominations.c.position, denominations.c.id)
        )
        rules = await run(select(markups))
        followed = await run(select(links))
        return (
            [Category(*row) for row in shelf],
            [Product(*row) for row in goods],
            [Denomination(**row._mapping) for row in values],  # noqa: SLF001 - its public accessor
            {(MarkupScope(r.scope), r.target_id): Markup(r.percent, r.fixed_minor) for r in rules},
            {r.denomination_id: r.primary_id for r in followed},
        )

    async def product(self, product_id: int) -> tuple[Product, Sequence[Denomination]]:
        """One product as `load` would give it, with its denominations."""
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
        """Add what is new, hide what is gone, delete nothing: ids stay for ever."""
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
        if offer.only is None:
            await self._db.execute(
                update(products).where(products.c.id == product_id).values(priced_at=offer.asked_at)
            )
            await self._db.execute(
                update(denominations)
                .where(denominations.c.product_id == product_id)
                .values(listed=False)
            )
        for place, item in enumerate(offer.denominations):
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
                denominations, key, {**face, **price, "listed": True, "position": place}
            )

    async def add_value(self, product_id: int, offered: OfferedDenomination, now: datetime) -> int:
        """Keep a value that a customer typed, with its price; returns its denomination."""
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
        """Have a denomination follow another; None: none any more."""
        if primary_id is None:
            gone = delete(links).where(links.c.denomination_id == denomination_id)
            await self._db.execute(gone)
        else:
            await self._upsert(
                links, {"denomination_id": denomination_id}, {"primary_id": primary_id}
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
