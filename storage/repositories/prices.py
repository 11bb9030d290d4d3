"""Price rules: markups, what is said of single values, and drafts of price tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, String, bindparam, cast, delete, func, select, text, update

from bot.domain.jobs import Job
from bot.domain.price_rules import PriceRules
from bot.domain.pricing import (
    NOTHING_SAID,
    Markup,
    MarkupKey,
    MarkupScope,
    ValuePrice,
)
from bot.refusals import required
from storage.repositories.base import Repository
from storage.tables import (
    alerts,
    categories,
    denominations,
    links,
    markups,
    price_drafts,
    price_moves,
    products,
    value_prices,
)

# Read every half minute: to build a statement takes longer than SQLite takes to answer it.
_MARKUPS: Final = select(markups)
_VALUE_PRICES: Final = select(value_prices)
_ALERTED: Final = (
    select(value_prices.c.denomination_id)
    .join(
        alerts,
        alerts.c.key
        == bindparam("prefix", type_=String) + cast(value_prices.c.denomination_id, String),
    )
    .where(alerts.c.closed_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class PriceDraft:
    """A price table that an operator changes: its rules when they opened it, and as they want them.

    Both as `write_rules` writes them.
    """

    id: int
    operator_id: int
    key: MarkupKey
    base: str
    proposed: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PricedValue:
    """A value with the ids that its markup is looked up by; `is_range`: customers type it.

    `linked_minor`: the costs of those that are sold under its name.
    """

    id: int
    product_id: int
    category_id: int
    cost_minor: int
    is_range: bool
    linked_minor: Sequence[int]


class PriceRepository(Repository):
    async def lock(self) -> None:
        """Let nobody else change price rules until the transaction ends; they may be read."""
        if self._db.dialect.name == "postgresql":
            await self._db.execute(text("LOCK TABLE markups IN SHARE ROW EXCLUSIVE MODE"))

    async def rules(self) -> PriceRules:
        """All price rules of the shop."""
        markup_rows = await self._db.execute(_MARKUPS)
        value_rows = await self._db.execute(_VALUE_PRICES)
        return PriceRules(
            {
                (MarkupScope(r.scope), r.target_id): Markup(r.percent, r.fixed_minor)
                for r in markup_rows
            },
            {r.denomination_id: ValuePrice(r.fixed_minor, r.floor_minor) for r in value_rows},
        )

    async def set_markup(self, key: MarkupKey, markup: Markup | None) -> None:
        """Set the price rule for (scope, target id), in place of any before; None removes it."""
        scope, target = key
        if markup is None:
            await self._db.execute(
                delete(markups).where(markups.c.scope == scope, markups.c.target_id == target)
            )
            return
        rule = {"percent": markup.percent, "fixed_minor": markup.fixed_minor}
        added = self.insert(markups).values(scope=scope, target_id=target, **rule)
        await self._db.execute(
            added.on_conflict_do_update(index_elements=["scope", "target_id"], set_=rule)
        )

    async def value(self, denomination_id: int) -> ValuePrice:
        """What is said of a value's price."""
        found = select(value_prices).where(value_prices.c.denomination_id == denomination_id)
        row = (await self._db.execute(found)).one_or_none()
        return ValuePrice(row.fixed_minor, row.floor_minor) if row else NOTHING_SAID

    async def set_value(self, denomination_id: int, said: ValuePrice) -> None:
        """Set what is said of a value's price, in place of all before."""
        self._wakes.add(Job.PRICES)
        if said == NOTHING_SAID:
            await self._db.execute(
                delete(value_prices).where(value_prices.c.denomination_id == denomination_id)
            )
            return
        prices = {"fixed_minor": said.fixed_minor, "floor_minor": said.floor_minor}
        added = self.insert(value_prices).values(denomination_id=denomination_id, **prices)
        await self._db.execute(
            added.on_conflict_do_update(index_elements=["denomination_id"], set_=prices)
        )

    async def alerted(self, alert_prefix: str) -> set[int]:
        """Values of whose prices something is said, and about which such an alert is open.

        The alert's key is the prefix and the value's id, so each is looked up by its key.
        """
        found = await self._db.execute(_ALERTED, {"prefix": alert_prefix})
        return set(found.scalars())

    async def values_of(self, key: MarkupKey) -> Sequence[PricedValue]:
        """All values that a rule of this target may reach, also those that are not on the shelf."""
        scope, target = key
        column = {
            MarkupScope.CATEGORY: products.c.category_id,
            MarkupScope.PRODUCT: products.c.id,
            MarkupScope.DENOMINATION: denominations.c.id,
        }[scope]
        rows = await self._db.execute(
            select(
                denominations.c.id,
                denominations.c.product_id,
                products.c.category_id,
                denominations.c.cost_minor,
                denominations.c.step_minor.is_not(None).label("is_range"),
            )
            .join(products, products.c.id == denominations.c.product_id)
            .where(column == target)
            .order_by(denominations.c.id)
        )
        linked = await self._linked_costs(column == target)
        return [
            PricedValue(**row._mapping, linked_minor=linked.get(row.id, ()))  # noqa: SLF001 - its public accessor
            for row in rows
        ]

    async def _linked_costs(self, which: ColumnElement[bool]) -> Mapping[int, Sequence[int]]:
        """The costs of the aliases of these values, by the ids of the values."""
        alias = denominations.alias()
        rows = await self._db.execute(
            select(links.c.primary_id, alias.c.cost_minor)
            .join(alias, alias.c.id == links.c.denomination_id)
            .join(denominations, denominations.c.id == links.c.primary_id)
            .join(products, products.c.id == denominations.c.product_id)
            .where(which)
        )
        costs: dict[int, list[int]] = {}
        for primary_id, cost in rows:
            costs.setdefault(primary_id, []).append(cost)
        return costs

    async def unpriced_of(self, key: MarkupKey) -> Sequence[tuple[int, int]]:
        """Products under this target of which no value was ever fetched: (category id, product id).

        A category without products is one of them, with 0 as its product.
        """
        scope, target = key
        column = {
            MarkupScope.CATEGORY: categories.c.id,
            MarkupScope.PRODUCT: products.c.id,
            MarkupScope.DENOMINATION: denominations.c.id,
        }[scope]
        rows = await self._db.execute(
            select(categories.c.id, func.coalesce(products.c.id, 0))
            .outerjoin(products, products.c.category_id == categories.c.id)
            .outerjoin(denominations, denominations.c.product_id == products.c.id)
            .where(column == target, denominations.c.id.is_(None))
        )
        return [(category_id, product_id) for category_id, product_id in rows]

    # --- drafts of price tables

    async def open_draft(
        self, operator_id: int, key: MarkupKey, base: str, proposed: str, now: datetime
    ) -> PriceDraft:
        """A new draft, in the place of any other of this operator."""
        mine = price_drafts.c.operator_id == operator_id
        await self._db.execute(delete(price_drafts).where(mine))
        scope, target = key
        rules = {"base": base, "proposed": proposed, "at": now}
        draft_id = required(
            await self.insert_for_id(
                price_drafts, operator_id=operator_id, scope=scope, target_id=target, **rules
            )
        )
        return PriceDraft(draft_id, operator_id, key, base, proposed, now)

    async def draft(self, draft_id: int) -> PriceDraft | None:
        """A draft, locked until the transaction ends."""
        found = select(price_drafts).where(price_drafts.c.id == draft_id).with_for_update()
        row = (await self._db.execute(found)).one_or_none()
        if row is None:
            return None
        key = MarkupScope(row.scope), row.target_id
        return PriceDraft(row.id, row.operator_id, key, row.base, row.proposed, row.at)

    async def change_draft(self, draft: PriceDraft) -> None:
        """Store what a draft says by now."""
        changed = update(price_drafts).where(price_drafts.c.id == draft.id)
        values = {"base": draft.base, "proposed": draft.proposed, "at": draft.at}
        await self._db.execute(changed.values(values))

    async def drop_draft(self, draft_id: int) -> None:
        await self._db.execute(delete(price_drafts).where(price_drafts.c.id == draft_id))

    # --- how far managers moved prices today

    async def moved(self, denomination_ids: Iterable[int], day: date) -> Mapping[int, int]:
        """The price of values now, in millionths of what it was before managers moved it that day.

        Only those that they have moved.
        """
        rows = await self._db.execute(
            select(price_moves.c.denomination_id, price_moves.c.moved).where(
                price_moves.c.day == day.isoformat(),
                price_moves.c.denomination_id.in_(list(denomination_ids)),
            )
        )
        return {row.denomination_id: row.moved for row in rows}

    async def set_moved(self, moved: Mapping[int, int], day: date) -> None:
        """Remember this of each value, in place of what was there; `moved` has at least one."""
        added = self.insert(price_moves)
        changed = {name: added.excluded[name] for name in ("day", "moved")}
        await self._db.execute(
            added.on_conflict_do_update(index_elements=["denomination_id"], set_=changed),
            [
                {"denomination_id": each, "day": day.isoformat(), "moved": parts}
                for each, parts in moved.items()
            ],
        )
