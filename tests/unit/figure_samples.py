"""Pictures of figures and files of months, as operators see them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle, product

from bot.domain.books import Month
from bot.domain.charts import ChartKind
from bot.domain.periods import Span, bars
from bot.domain.statistics import Best, Sold, Stats
from bot.services.operations.charts import ChartFigures
from handlers.screen import Screen
from handlers.screens import charts, exports
from locales import Words
from tests.unit.samples import ZONE

NOW = datetime(2026, 11, 27, 14, 10, tzinfo=UTC)
FIRST = datetime(2025, 10, 3, tzinfo=UTC)
LONG = "بطاقة PlayStation Network 🎮 " * 9


def figures(kind: ChartKind, span: Span, *, scale: int = 1, previous: int = 1) -> ChartFigures:
    """As full as they can be: every bar has its sales, and one a loss."""
    drawn = bars(span, NOW, ZONE, FIRST) if kind is ChartKind.SALES else ()
    sold = [
        Sold(scale * 1_234_567_89 * place % 7_654_321_00, 2, scale * 99_999 * place, 0)
        for place, _ in enumerate(drawn, 1)
    ]
    sold[1:2] = [Sold(0, 0, 7_000_000, 5)] if drawn else []
    best = [Best(LONG, "20 USD", 3, 700_000)] * 7 if kind is ChartKind.BEST else ()
    hours = [[(day * hour) % 13 for hour in range(24)] for day in range(7)]
    is_hours = kind is ChartKind.HOURS
    stats = Stats(
        {
            "fulfilled": sum(map(sum, hours)) - 9 if is_hours else 2,
            "partial": 1,
            "paid": 3,
            "expired": 5,
        },
        sum(it.sales_minor for it in sold) or 5_000_000,
        sum(it.cost_minor for it in sold) or 4_000_000,
        25,
        1.0,
        1.0,
        (),
        {},
        1,
    )
    earlier = Sold(previous * 1_000_000, 2, previous * 900_000) if span is not Span.ALL else None
    return ChartFigures(
        kind,
        span,
        stats,
        earlier,
        list(zip(drawn, sold, strict=True)),
        best,
        hours if is_hours else (),
    )


def figure_screens(w: Words) -> Iterator[Screen]:
    notes = cycle(("", "chart-no-picture", "chart-no-package"))
    for (kind, span), note in zip(product(ChartKind, Span), notes, strict=False):
        yield charts.caption(w, figures(kind, span), ZONE, profit=bool(note), note=note)
    for previous in (0, 900_000):
        found = figures(ChartKind.SALES, Span.WEEK, previous=previous)
        yield charts.caption(w, found, ZONE, profit=True)
    nothing = ChartFigures(
        ChartKind.SALES, Span.WEEK, Stats({}, 0, 0, 0, None, None, (), {}, 0), Sold(), []
    )
    yield charts.caption(w, nothing, ZONE, profit=True)
    for month, count in product((Month(2026, 10), Month(2027, 1)), (0, 1, 2, 3, 11, 100, 1204)):
        yield exports.ask(w, month, count)
    yield exports.making(w, Month(2026, 10))
    yield exports.caption(w, Month(2026, 10))
    yield exports.failed(w, Month(2026, 10))
    for count in (1, 9):
        yield exports.not_tied(w, Month(2026, 10), ("wallet: 1 at the beginning " * 9,) * count)
