"""The catalogue as last fetched from the suppliers.

Rows have short ids, which buttons carry, and are never deleted.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, update
from sqlalchemy.exc import NoResultFound

from bot.domain.catalogue import (
    Category,
    Denomination,
    FallenCost,
    HeldValue,
    Hold,
    HoldReason,
    Product,
)
from bot.domain.pricing import MarkupKey, MarkupScope
from bot.domain.renumbering import Known, plain_name
from bot.domain.supplier import OfferedCategory, OfferedDenomination, ProductOffer
from storage.repositories.offers import (
    ROUNDED,
    SET_PRICED,
    changing,
    is_since,
    price_columns,
)
from storage.repositories.renumbering import RenumberingRepository, SavedOffer, StoredPrices
from storage.tables import categories, denominations, links, products, supplier_accounts

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
    denominations.c.held.is_not(None).label("held"),
)
_ON_SHELF = denominations.c.listed | denominations.c.priced_at.is_not(None)
# A product in each row, with one of its denominations, or with none. Each answer about prices is read back by it.
_PRODUCT = (
    select(*_PRODUCT_COLUMNS, *_DENOMINATION_COLUMNS)
    .outerjoin_from(
        products, denominations, (denominations.c.product_id == products.c.id) & _ON_SHELF
    )
    .where(products.c.id == bindparam("product_id"))
    .order_by(denominations.c.position, denominations.c.id)
)


class CatalogueRepository(RenumberingRepository):
    async def load(
        self,
    ) -> tuple[
        Sequence[Category],
        Sequence[Product],
        Sequence[Denomination],
        Mapping[int, int],
    ]:
        """The whole catalogue: categories, products, denominations and links.

        The first three are ordered as they are shown. Denominations are those that a supplier lists
        and those that a customer typed. Links map the id of an alias denomination to that of its primary.
        """
        run = self._db.execute
        product_rows = await run(
            select(*_PRODUCT_COLUMNS).order_by(products.c.position, products.c.id)
        )
        # After the products: on PostgreSQL each statement sees what was stored by then, and a product
        # of a category that is stored meanwhile must not come without it.
        category_rows = await run(
            select(categories.c.id, categories.c.title).order_by(
                categories.c.position, categories.c.id
            )
        )
        denomination_rows = await run(
            select(*_DENOMINATION_COLUMNS)
            .where(_ON_SHELF)
            .order_by(denominations.c.position, denominations.c.id)
        )
        link_rows = await run(select(links))
        return (
            [Category(*row) for row in category_rows],
            [Product(*row) for row in product_rows],
            [Denomination(**row._mapping) for row in denomination_rows],  # noqa: SLF001 - its public accessor
            {r.denomination_id: r.primary_id for r in link_rows},
        )

    async def product(self, product_id: int) -> tuple[Product, Sequence[Denomination]]:
        """One product as `load` returns it, with its denominations.

        Raises NoResultFound for an unknown id.
        """
        rows = (await self._db.execute(_PRODUCT, {"product_id": product_id})).all()
        if not rows:
            raise NoResultFound(f"there is no product {product_id}")
        of_product = len(_PRODUCT_COLUMNS)
        values = [Denomination(*row[of_product:]) for row in rows if row[of_product] is not None]
        return Product(*rows[0][:of_product]), values

    async def replace(
        self, supplier: str, offered: Sequence[OfferedCategory], now: datetime
    ) -> Sequence[int]:
        """Store a supplier's whole catalogue as fetched now; a second call changes nothing else.

        New products are added and missing ones disabled. None is deleted: buttons in chats carry
        their ids. Returns the ids of the new products.
        """
        await self._renumber_products(supplier, offered)
        before = await self.ids_of(supplier)
        category_ids = await self._categories([category.title for category in offered])
        rows = [
            {
                "supplier": supplier,
                "supplier_product_id": product.supplier_product_id,
                "category_id": category_ids[category.title],
                "title": product.title,
                "region": product.region,
                "enabled": product.enabled,
                "position": position,
            }
            for category in offered
            for position, product in enumerate(category.products)
        ]
        await self._upsert_all(products, ("supplier", "supplier_product_id"), rows)
        gone = products.c.supplier_product_id.not_in([row["supplier_product_id"] for row in rows])
        await self._db.execute(
            update(products).where(products.c.supplier == supplier, gone).values(enabled=False)
        )
        account = {"supplier": supplier, "catalogue_at": now}
        await self._upsert_all(supplier_accounts, ("supplier",), [account])
        return sorted(await self.ids_of(supplier) - before)

    async def ids_of(self, supplier: str) -> set[int]:
        """The ids of all products that a supplier ever had."""
        found = await self._db.execute(select(products.c.id).where(products.c.supplier == supplier))
        return set(found.scalars())

    async def offered_ids(self, supplier: str) -> set[int]:
        """The ids of the products that a supplier offers now."""
        theirs = select(products.c.id).where(products.c.supplier == supplier, products.c.enabled)
        return set((await self._db.execute(theirs)).scalars())

    async def _renumber_products(self, supplier: str, offered: Sequence[OfferedCategory]) -> None:
        rows = await self._db.execute(select(products).where(products.c.supplier == supplier))
        known = [
            Known(r.id, r.supplier_product_id, plain_name(r.title, r.region), r.enabled)
            for r in rows
        ]
        names = {
            product.supplier_product_id: plain_name(product.title, product.region)
            for category in offered
            for product in category.products
        }
        await self._renumber(products, "supplier_product_id", known, names)

    async def _categories(self, titles: Sequence[str]) -> dict[str, int]:
        """Store the categories in this order; returns their ids by their titles."""
        rows = [{"title": title, "position": position} for position, title in enumerate(titles)]
        await self._upsert_all(categories, ("title",), rows)
        named = categories.c.title.in_(titles)
        found = await self._db.execute(select(categories.c.title, categories.c.id).where(named))
        return {row.title: row.id for row in found}

    async def _upsert_all(
        self, table: Any, key: Sequence[str], rows: Sequence[dict[str, Any]]
    ) -> None:
        """Insert the rows, or change those of the same key; all have the same columns."""
        if not rows:
            return
        added = self.insert(table)
        changed = {name: added.excluded[name] for name in rows[0] if name not in key}
        await self._db.execute(
            added.on_conflict_do_update(index_elements=list(key), set_=changed), rows
        )

    async def set_offer(self, stored: StoredPrices, offer: ProductOffer) -> SavedOffer:
        """Store what a supplier sells of a product, and at which costs.

        A whole offer replaces the listed denominations; those that are missing from it are no
        longer listed. An offer of one denomination (`only`) changes that one's cost and stock. One
        that was asked for before the whole offer that is stored changes nothing, whichever came first.
        """
        # Nobody else changes `stored` before the transaction ends: `_change` leaves out what is stored.
        product_id, known = stored.product_id, stored.values
        lost: Sequence[int] = ()
        if stored.at is not None and is_since(offer.asked_at + ROUNDED, stored.at):
            return SavedOffer()
        labels = {type_id: row.label for type_id, row in known.items()}
        if offer.only is None and any(
            labels.get(d.supplier_type_id) != d.label for d in offer.denominations
        ):
            await self._renumber_values(known, offer)
            known = await self._known(product_id)
        if offer.only is None:
            priced = {"of_id": product_id, "asked_at": offer.asked_at}
            await self._db.execute(SET_PRICED, priced)
            lost = await self._unlist(known, offer)
        fallen = []
        changes: list[tuple[Row[Any], dict[str, Any]]] = []
        for position, item in enumerate(offer.denominations):
            before = known.get(item.supplier_type_id)
            values = price_columns(before, item, item.asked_at or offer.asked_at)
            if "held" in values and values["held"] is not None and before is not None:
                fallen.append(FallenCost(before.id, item.label, before.cost_minor, item.cost_minor))
            if offer.only is None:
                values |= {
                    "label": item.label,
                    "lowest_minor": item.lowest_minor,
                    "highest_minor": item.highest_minor,
                    "step_minor": item.step_minor,
                    "currency": item.currency,
                    "listed": True,
                    "unlisted_at": None,
                    "lost": False,
                    "position": position,
                }
            if before is not None:
                changes.append((before, values))
            elif offer.only is None:
                key = {"product_id": product_id, "supplier_type_id": item.supplier_type_id}
                await self._upsert_all(denominations, tuple(key), [key | values])
        await self._change(changes)
        found = [row.id for row, values in changes if row.lost and "lost" in values]
        return SavedOffer(fallen, lost, found)

    async def _change(self, changes: Sequence[tuple[Row[Any], dict[str, Any]]]) -> None:
        """Give these rows these values. Most answers about prices change little or nothing.

        Rows of which the same columns change take one statement.
        """
        by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row, values in changes:
            new = {name: value for name, value in values.items() if getattr(row, name) != value}
            if new:
                bound = {f"new_{name}": value for name, value in new.items()}
                by_columns.setdefault(tuple(new), []).append({"of_id": row.id, **bound})
        for names, rows in by_columns.items():
            await self._db.execute(changing(names), rows)

    async def _renumber_values(self, known: Mapping[str, Row[Any]], offer: ProductOffer) -> None:
        listed = [
            Known(r.id, r.supplier_type_id, plain_name(r.label, r.currency), r.listed)
            for r in known.values()
            if r.priced_at is None
        ]
        names = {d.supplier_type_id: plain_name(d.label, d.currency) for d in offer.denominations}
        await self._renumber(denominations, "supplier_type_id", listed, names)

    async def _set_denomination(self, denomination_id: int, **values: object) -> int:
        result = await self._db.execute(
            update(denominations).where(denominations.c.id == denomination_id).values(**values)
        )
        return result.rowcount

    async def add_value(
        self, stored: StoredPrices, offered: OfferedDenomination, now: datetime
    ) -> tuple[int, FallenCost | None]:
        """Store a value that a customer typed, with its cost; returns the id of its denomination.

        For a value that is stored already, only cost, stock and the time of the price change. The
        second part is set where the value is held from now on, because its cost fell too far.
        """
        before = stored.values.get(offered.supplier_type_id)
        values = {**price_columns(before, offered, now), "priced_at": now}
        if before is not None:
            await self._set_denomination(before.id, **values)
            if values.get("held") is None:
                return before.id, None
            return before.id, FallenCost(
                before.id, before.label, before.cost_minor, offered.cost_minor
            )
        face = {
            "label": offered.label,
            "lowest_minor": offered.lowest_minor,
            "highest_minor": offered.highest_minor,
            "currency": offered.currency,
        }
        key = {"product_id": stored.product_id, "supplier_type_id": offered.supplier_type_id}
        statement = (
            self.insert(denominations)
            .values(**key, **face, **values, listed=False, position=0)
            .on_conflict_do_update(index_elements=list(key), set_=values)
            .returning(denominations.c.id)
        )
        found: int = (await self._db.execute(statement)).scalar_one()
        return found, None

    async def set_sold_out(self, denomination_id: int, now: datetime) -> None:
        """The supplier said so just now: answers to earlier questions change it no more."""
        await self._set_denomination(denomination_id, stock=0, sold_out_at=now)

    async def hold_for_drift(self, denomination_id: int, charged_minor: int) -> bool:
        """Take a value off the shelf for which more was charged than it is known to cost.

        False where its known cost is as high already, and where it is held.
        """
        result = await self._db.execute(
            update(denominations)
            .where(
                denominations.c.id == denomination_id,
                denominations.c.held.is_(None),
                denominations.c.cost_minor < charged_minor,
            )
            .values(held=HoldReason.DRIFT, held_cost_minor=charged_minor)
        )
        return result.rowcount == 1

    async def hold_of(self, denomination_id: int) -> Hold | None:
        """Why a value is off the shelf; None where it is not held."""
        columns = denominations.c.held, denominations.c.held_cost_minor
        found = select(*columns).where(denominations.c.id == denomination_id)
        row = (await self._db.execute(found)).one_or_none()
        if row is None or row.held is None:
            return None
        return Hold(HoldReason(row.held), row.held_cost_minor or 0)

    async def held_values(self, limit: int) -> tuple[Sequence[HeldValue], int]:
        """Values that a doubtful cost keeps off the shelf, by ascending id, and how many in all."""
        held = denominations.c.held.is_not(None) & _ON_SHELF
        columns = denominations.c.id, products.c.title, denominations.c.label
        found = select(*columns).join_from(denominations, products).where(held)
        rows = await self._db.execute(found.order_by(denominations.c.id).limit(limit))
        count = await self._db.execute(select(func.count()).select_from(denominations).where(held))
        return [HeldValue(*row) for row in rows], count.scalar_one()

    async def end_hold(self, denomination_id: int) -> bool:
        """Put a held value on the shelf again; False where it is not held.

        A cost that fell too far is its cost from then on.
        """
        hold = await self.hold_of(denomination_id)
        if hold is None:
            return False
        cost = {"cost_minor": hold.cost_minor} if hold.reason is HoldReason.COST else {}
        await self._set_denomination(denomination_id, held=None, held_cost_minor=None, **cost)
        return True

    async def set_link(self, denomination_id: int, primary_id: int | None) -> bool:
        """Make a denomination an alias of another, in place of any link before; None: unlink it.

        False where that is so already.
        """
        is_this = links.c.denomination_id == denomination_id
        before = await self._db.execute(select(links.c.primary_id).where(is_this))
        if before.scalar_one_or_none() == primary_id:
            return False
        if primary_id is None:
            await self._db.execute(delete(links).where(is_this))
        else:
            link = {"denomination_id": denomination_id, "primary_id": primary_id}
            await self._upsert_all(links, ("denomination_id",), [link])
        return True

    async def fetched_at(self, supplier: str) -> datetime | None:
        """When this supplier's whole catalogue was last stored; None if it never was."""
        column = supplier_accounts.c.catalogue_at
        account = await self._db.execute(
            select(column).where(supplier_accounts.c.supplier == supplier)
        )
        found: datetime | None = account.scalar_one_or_none()
        return found

    async def has(self, key: MarkupKey) -> bool:
        """Whether there is such a category, product or value."""
        scope, target = key
        table = {
            MarkupScope.CATEGORY: categories,
            MarkupScope.PRODUCT: products,
            MarkupScope.DENOMINATION: denominations,
        }[scope]
        return (
            await self._db.execute(select(table.c.id).where(table.c.id == target))
        ).first() is not None
