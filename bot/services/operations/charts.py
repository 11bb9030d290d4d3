"""The figures of a picture, with those of /stats and of the span before, from one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.domain.charts import ChartKind
from bot.domain.periods import Bar, Span, bars, before, offsets, since
from bot.domain.statistics import Best, Sold, Stats
from bot.services.shop import Shop
from storage.transaction import Transaction

_MOST_ROWS: Final = 7  # of best sellers in a picture
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ChartFigures:
    """What of `bars`, `best` and `hours` is there depends on the kind; `stats` always is."""

    kind: ChartKind
    span: Span
    stats: Stats
    previous: Sold | None  # of the span before; None: there is none before all time
    bars: Sequence[tuple[Bar, Sold]] = ()
    best: Sequence[Best] = ()
    hours: Sequence[Sequence[int]] = ()  # orders by weekday, Monday first, and hour

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        if self.kind in (ChartKind.OUTCOMES, ChartKind.HOURS):
            return not sum(self.stats.orders.values())
        return not self.stats.sales_minor and not self.stats.profit_minor


async def report_chart(shop: Shop, kind: ChartKind, span: Span) -> ChartFigures:
    """The figures of one picture: all its parts add up to those of `report_stats` at the same moment."""
    now, zone = shop.clock.now(), shop.policy.time_zone
    begun, previous = since(span, now, zone), before(span, now, zone)
    async with shop.store.reading(long=True) as tx:
        stats = await tx.statistics.stats(begun)
        earlier = await _sold(tx, *previous) if previous else None
        if kind is ChartKind.SALES:
            drawn = bars(span, now, zone, await tx.figures.first_sale_at() or now)
            sold = await tx.figures.bars(drawn, begun, now)
            of_bars = list(zip(drawn, sold, strict=True))
            return ChartFigures(kind, span, stats, earlier, bars=of_bars)
        if kind is ChartKind.BEST:
            best = await tx.figures.best(begun, None, _MOST_ROWS)
            return ChartFigures(kind, span, stats, earlier, best=best)
        if kind is ChartKind.HOURS:
            start = begun or await tx.figures.first_order_at() or now
            week = await tx.figures.hours(begun, offsets(zone, max(start, _EPOCH), now))
            return ChartFigures(kind, span, stats, earlier, hours=week)
        return ChartFigures(kind, span, stats, earlier)


async def _sold(tx: Transaction, begun: datetime, until: datetime) -> Sold:
    by_supplier = (await tx.figures.sold(begun, until)).values()
    return Sold(
        sum(sales for sales, _, _ in by_supplier),
        sum(codes for _, _, codes in by_supplier),
        sum(cost for _, cost, _ in by_supplier),
        await tx.figures.losses(begun, until),
    )
