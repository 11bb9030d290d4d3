"""Pictures of figures: what is drawn, and the same figures as text, which stands below the picture."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.charts import Chart, ChartKind, Column, Grid, Row
from bot.domain.money import MINOR_PER_UNIT
from bot.domain.orders import OrderState
from bot.domain.periods import Bar, Span
from bot.domain.statistics import Stats
from bot.services.operations.charts import ChartFigures
from handlers.callback_data import pack
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from handlers.screens.values import value_label
from locales import Words

LONGEST_CAPTION: Final = 1024  # letters, of Telegram
_PACKAGE: Final = "hanout[charts]"  # as pip names it
_LONGEST_LABEL: Final = 40
_UNITS: Final = (1_000_000, 1_000, 1)  # dinars, of the numbers on bars
_WHOLE: Final = 100  # from here on, numbers on bars have no decimals
_DAY: Final = timedelta(hours=26)  # longer than any day
_MONTH: Final = timedelta(days=27)  # shorter than any month
_HOURS: Final = timedelta(hours=12)
_ENDED: Final = {
    OrderState.FULFILLED: "fulfilled",
    OrderState.PARTIAL: "partial",
    OrderState.REFUNDED: "refunded",
    OrderState.CANCELLED: "ended",
    OrderState.EXPIRED: "ended",
}
_OF_ORDERS: Final = (ChartKind.OUTCOMES, ChartKind.HOURS)  # the others are of what was sold
_OUTCOMES: Final = ("fulfilled", "partial", "refunded", "open", "ended")


def picture_button(screen: ScreenBuilder, span: Span) -> None:
    """Add the button under /stats that draws its sales."""
    screen.button("button-picture", pack("chart", ChartKind.SALES, span))


def chart(words: Words, figures: ChartFigures, zone: ZoneInfo, *, profit: bool) -> Chart:
    """What is drawn. `profit`: whether whoever sees it may see what the shop earns."""
    title = words.plain(
        "chart-title", kind=_kind(words, figures, profit), span=_span(words, figures)
    )
    drawn = Chart(title, _total(words, figures, profit=profit), words.right_to_left)
    if figures.kind is ChartKind.SALES:
        names = ("chart-legend-sales", "chart-legend-profit")[: 2 if profit else 1]
        return replace(
            drawn,
            note=_note(words, figures),
            legend=tuple(words.plain(name) for name in names),
            columns=tuple(_columns(words, figures, zone, profit=profit)),
        )
    if figures.kind is ChartKind.HOURS:
        days, hours = words.weekdays(), tuple(f"{hour:02d}" for hour in range(24))
        cells = tuple(tuple(day[hour] for day in figures.hours) for hour in range(24))
        grid = Grid(days, hours, cells)
        return replace(drawn, note=words.plain("chart-hours-note"), grid=grid)
    return replace(drawn, rows=tuple(_rows(words, figures)))


def caption(
    words: Words, figures: ChartFigures, zone: ZoneInfo, *, profit: bool, note: str = ""
) -> Screen:
    """The figures as text. `note`: the key of a line that says why there is no picture."""
    screen = ScreenBuilder(words)
    kind, span = _kind(words, figures, profit), _span(words, figures)
    screen.line("chart-head", kind=kind, span=span)
    if figures.is_empty:
        screen.line("chart-none" if figures.kind in _OF_ORDERS else "chart-none-sold")
    else:
        screen.literal_line(_total(words, figures, profit=profit))
        _change(screen, figures, profit=profit)
        _lines(screen, figures, zone, profit=profit)
    if note:
        screen.line(note, package=_PACKAGE)
    others = [kind for kind in ChartKind if kind is not figures.kind]
    screen.grid(
        [screen.make_button(f"chart-{kind}", pack("chart", kind, figures.span)) for kind in others]
    )
    spans = [other for other in Span if other is not figures.span]
    screen.row(*(screen.make_button(f"stats-{s}", pack("chart", figures.kind, s)) for s in spans))
    return screen.done()


def _kind(words: Words, figures: ChartFigures, profit: bool) -> str:
    if figures.kind is ChartKind.SALES and profit:
        return words.plain("chart-sales-profit")
    return words.plain(f"chart-{figures.kind}")


def _span(words: Words, figures: ChartFigures) -> str:
    return words.plain(f"stats-{figures.span}")


def _total(words: Words, figures: ChartFigures, *, profit: bool) -> str:
    stats = figures.stats
    if figures.kind in _OF_ORDERS:
        return words.plain("chart-total-orders", count=sum(stats.orders.values()))
    sales = words.money(stats.sales_minor)
    if figures.kind is ChartKind.BEST:
        return words.plain("chart-total-codes", count=stats.codes, sales=sales)
    if profit:
        earned = words.money(stats.profit_minor)
        return words.plain("chart-total-profit", sales=sales, profit=earned)
    return words.plain("chart-total-sales", sales=sales)


def _change(screen: ScreenBuilder, figures: ChartFigures, *, profit: bool) -> None:
    """How sales and profit changed against the span before, where there is one."""
    earlier = figures.previous
    if earlier is None or figures.kind is not ChartKind.SALES:
        return
    if earlier.sales_minor <= 0:
        screen.line("chart-change-none")
        return
    change = _percent(screen.words, figures.stats.sales_minor, earlier.sales_minor)
    screen.line(f"chart-change-{figures.span}", change=change)
    if profit and earlier.profit_minor > 0:
        earned = _percent(screen.words, figures.stats.profit_minor, earlier.profit_minor)
        screen.line("chart-change-profit", change=earned)


def _percent(words: Words, now: int, before: int) -> str:
    """Such as +12%, rounded to whole percent. `before` is above zero."""
    return words.signed_percent(round((now - before) * 100 / before))


def _lines(screen: ScreenBuilder, figures: ChartFigures, zone: ZoneInfo, *, profit: bool) -> None:
    words = screen.words
    for bar, sold in figures.bars:
        if sold.sales_minor or sold.profit_minor:
            when, sales = _when(words, bar, zone), words.money(sold.sales_minor)
            if profit:
                earned = words.money(sold.profit_minor)
                screen.line("chart-line-profit", when=when, sales=sales, profit=earned)
            else:
                screen.line("chart-line", when=when, sales=sales)
    if figures.kind in (ChartKind.OUTCOMES, ChartKind.BEST):
        _row_lines(screen, figures)
    for name, hours in zip(words.weekdays(), figures.hours, strict=False):
        if count := sum(hours):
            busiest = f"{hours.index(max(hours)):02d}:00"
            screen.line("chart-hours-line", day=name, count=count, hour=busiest)


def _row_lines(screen: ScreenBuilder, figures: ChartFigures) -> None:
    words = screen.words
    if figures.kind is ChartKind.OUTCOMES:
        for row in _rows(words, figures):
            if row.value:
                screen.line("chart-row", label=row.label, number=row.number)
        return
    for label, codes, sales in _sold(words, figures):
        number, money = words.number(codes), words.money(sales)
        screen.line("chart-row-sold", label=label[:_LONGEST_LABEL], count=number, sales=money)


def _columns(
    words: Words, figures: ChartFigures, zone: ZoneInfo, *, profit: bool
) -> Iterator[Column]:
    unit = _unit(figures) * MINOR_PER_UNIT
    last = ""
    for bar, sold in figures.bars:
        first, second = _labels(words, bar, zone)
        number = _short(words, sold.sales_minor / unit)
        line = sold.profit_minor if profit else None
        # Months and years stand where they change: below each bar there is no room for them.
        labels = (first,) if second == last and figures.span is not Span.WEEK else (first, second)
        last = second
        yield Column(labels, sold.sales_minor, number, line)


def _unit(figures: ChartFigures) -> int:
    """What the numbers on bars count: the largest unit of which the highest bar has one."""
    highest = max((abs(sold.sales_minor) for _, sold in figures.bars), default=0) / MINOR_PER_UNIT
    return next((unit for unit in _UNITS if highest >= unit), 1)


def _short(words: Words, number: float) -> str:
    return words.number(number, 0 if abs(number) >= _WHOLE or number == int(number) else 1)


def _note(words: Words, figures: ChartFigures) -> str:
    unit = words.plain(f"chart-unit-{_unit(figures)}")
    bar = figures.bars[0][0]
    length = bar.ends_at - bar.starts_at
    if length < _HOURS:
        step = words.plain("chart-step-hours", count=round(length / timedelta(hours=1)))
    elif length < _MONTH:
        step = words.plain("chart-step-days", count=round(length / timedelta(days=1)))
    else:
        step = words.plain("chart-step-months", count=round(length / timedelta(days=30.4)))
    return words.plain("chart-note", unit=unit, step=step)


def _labels(words: Words, bar: Bar, zone: ZoneInfo) -> tuple[str, str]:
    """Two short lines below a bar."""
    local, length = bar.starts_at.astimezone(zone), bar.ends_at - bar.starts_at
    if length < _HOURS:
        return f"{local:%H}", ""
    if length < _DAY:
        return words.weekdays()[local.weekday()], str(local.day)
    if length < _MONTH:
        return str(local.day), words.month(local)
    return str(local.month), str(local.year)


def _when(words: Words, bar: Bar, zone: ZoneInfo) -> str:
    """When a bar begins, in a line of text."""
    length = bar.ends_at - bar.starts_at
    if length < _HOURS:
        return f"{bar.starts_at.astimezone(zone):%H:%M}"
    if length < _MONTH:
        return words.day(bar.starts_at, zone)
    return words.month_of_year(bar.starts_at.astimezone(zone))


def _rows(words: Words, figures: ChartFigures) -> Iterator[Row]:
    if figures.kind is ChartKind.OUTCOMES:
        for outcome, count in zip(_OUTCOMES, _outcomes(figures.stats), strict=True):
            yield Row(words.plain(f"chart-outcome-{outcome}"), count, words.number(count))
        return
    for label, codes, sales in _sold(words, figures):
        said = words.plain("chart-sold", count=words.number(codes), sales=words.money(sales))
        yield Row(words.isolated(label), codes, said)


def _sold(words: Words, figures: ChartFigures) -> Iterator[tuple[str, int, int]]:
    """What was sold most, and all else together: its name, how many codes, and for how much."""
    for best in figures.best:
        yield f"{best.title} · {value_label(words, best.label)}", best.codes, best.sales_minor
    codes = figures.stats.codes - sum(best.codes for best in figures.best)
    sales = figures.stats.sales_minor - sum(best.sales_minor for best in figures.best)
    if codes:
        yield words.plain("chart-others"), codes, sales


def _outcomes(stats: Stats) -> Sequence[int]:
    counts = dict.fromkeys(_OUTCOMES, 0)
    for state, count in stats.orders.items():
        counts[_ENDED.get(OrderState(state), "open")] += count
    return tuple(counts.values())
