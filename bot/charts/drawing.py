"""Draws a chart as SVG. A pure function: the same chart is the same text.

Letters are no smaller than 34 of 1350 pixels, which a phone shows at about the size of a message. The
ground is light, also on a phone that is set to dark.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from bot.domain.charts import Chart, Column, Grid, Row

WIDTH: Final = 1080
HEIGHT: Final = 1350
SMALLEST: Final = 34  # pixels of letters

_MARGIN: Final = 56
_TOP, _BOTTOM = 310, 1140  # of the bars
_LETTER: Final = 0.56  # an average letter, of the size
_GROUND, _INK, _PALE, _LINES = "#f5f7fa", "#16202b", "#51606f", "#d5dce4"
_BAR, _LOSS, _LINE = "#2b6cb0", "#b83232", "#d9650b"
_FONT: Final = "Hanout Sans"  # both scripts in one: fonts/README.md
_MINUS, _DASH = "\u2212", "\u2013"  # the font has no minus sign; a dash is as wide
_EMBED, _EMBED_END = "\u202b", "\u202c"  # the renderer takes every line as one from left to right
_HALO: Final = f' stroke="{_GROUND}" stroke-width="10" paint-order="stroke" stroke-linejoin="round"'
_LARGEST_TITLE: Final = 56
_DARK_CELL: Final = 0.5  # from here on, white numbers can be read on it
# What the font has no letters for would be boxes: pictures, and scripts of which the shop speaks none.
_NOT_DRAWN: Final = re.compile(
    "[^ -~\u00a0-\u017f\u0600-\u06ff\u0750-\u077f\u200e\u200f\u2010-\u2026\u202a-\u202f\u2030-\u203a"
    "\u2066-\u2069\u20ac\ufb50-\ufdff\ufe70-\ufefc]"
)


def draw(chart: Chart) -> str:
    """The whole picture, WIDTH × HEIGHT."""
    canvas = _Canvas(right_to_left=chart.right_to_left)
    canvas.text(_MARGIN, 104, chart.title, _fitting(chart.title, _LARGEST_TITLE))
    canvas.text(_MARGIN, 172, chart.total, _fitting(chart.total, 42))
    if chart.note:
        canvas.text(_MARGIN, 228, chart.note, _fitting(chart.note, SMALLEST), _PALE)
    if chart.columns:
        _columns(canvas, chart.columns)
    if chart.rows:
        _rows(canvas, chart.rows)
    if chart.grid:
        _grid(canvas, chart.grid)
    _legend(canvas, chart.legend)
    return canvas.done()


def _fitting(text: str, largest: float) -> float:
    """The size at which a text fits between the margins, by its number of letters."""
    return max(SMALLEST, min(largest, (WIDTH - 2 * _MARGIN) / (_LETTER * max(1, len(text)))))


class _Canvas:
    """Collects shapes. Places are counted from the reading start: from the right in Arabic."""

    def __init__(self, *, right_to_left: bool) -> None:
        self._mirrored = right_to_left
        self._parts: list[str] = []

    def done(self) -> str:
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{_FONT}">'
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{_GROUND}"/>'
        )
        return head + "".join(self._parts) + "</svg>"

    def text(
        self,
        at: float,
        y: float,
        text: str,
        size: float = SMALLEST,
        fill: str = _INK,
        anchor: str = "start",
        *,
        halo: bool = False,
    ) -> None:
        """`anchor`: which part of the text is at `at`, counted like `at`: start, middle or end.

        `halo`: with an edge of the ground's colour, where a line may lie below.
        """
        if self._mirrored:
            anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
        shown = _NOT_DRAWN.sub("", text.replace(_MINUS, _DASH)).strip()
        if self._mirrored:
            shown = f"{_EMBED}{shown}{_EMBED_END}"
        shown = escape(shown)
        self._parts.append(
            f'<text x="{self._x(at):.1f}" y="{y:.1f}" font-size="{size:.1f}" fill="{fill}" '
            f'text-anchor="{anchor}"{_HALO if halo else ""}>{shown}</text>'
        )

    def box(self, at: float, y: float, width: float, height: float, fill: str) -> None:
        x = self._x(at + width) if self._mirrored else at
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="6" '
            f'fill="{fill}"/>'
        )

    def line(self, points: Sequence[tuple[float, float]], fill: str, width: float) -> None:
        path = " ".join(f"{self._x(at):.1f},{y:.1f}" for at, y in points)
        self._parts.append(
            f'<polyline points="{path}" fill="none" stroke="{fill}" stroke-width="{width}"/>'
        )

    def dot(self, at: float, y: float, fill: str) -> None:
        self._parts.append(
            f'<circle cx="{self._x(at):.1f}" cy="{y:.1f}" r="11" fill="{fill}" '
            f'stroke="{_GROUND}" stroke-width="4"/>'
        )

    def _x(self, at: float) -> float:
        return WIDTH - at if self._mirrored else at


def _columns(canvas: _Canvas, columns: Sequence[Column]) -> None:
    values = [*(it.value for it in columns), *(it.line for it in columns if it.line is not None), 0]
    unit = (_BOTTOM - _TOP) / ((max(values) - min(values)) or 1)
    ground = _TOP + max(values) * unit
    step = (WIDTH - 2 * _MARGIN) / len(columns)
    width = min(step * 0.74, 150)
    middles = [_MARGIN + (index + 0.5) * step for index in range(len(columns))]
    for middle, column in zip(middles, columns, strict=True):
        if column.value:
            top = min(ground, ground - column.value * unit)
            fill = _BAR if column.value > 0 else _LOSS
            canvas.box(middle - width / 2, top, width, max(3, abs(column.value * unit)), fill)
        for place, label in enumerate(column.labels):
            canvas.text(middle, _BOTTOM + 50 + 44 * place, label, fill=_PALE, anchor="middle")
    canvas.line([(_MARGIN, ground), (WIDTH - _MARGIN, ground)], _LINES, 3)
    points = [
        (middle, ground - column.line * unit)
        for middle, column in zip(middles, columns, strict=True)
        if column.line is not None
    ]
    if points:
        canvas.line(points, _LINE, 7)
    for point in points:
        canvas.dot(*point, _LINE)
    for middle, column in zip(middles, columns, strict=True):  # last: nothing may lie on a number
        if column.value:
            top = min(ground, ground - column.value * unit)
            canvas.text(middle, top - 16, column.number, anchor="middle", halo=True)


def _rows(canvas: _Canvas, rows: Sequence[Row]) -> None:
    highest = max((row.value for row in rows), default=0) or 1
    room = WIDTH - 2 * _MARGIN
    step = min(150, (HEIGHT - 270 - _MARGIN) / len(rows))
    for index, row in enumerate(rows):
        top = 270 + index * step
        number_room = _LETTER * SMALLEST * len(row.number) + 24
        canvas.text(_MARGIN, top + 36, _cut(row.label, room - number_room))
        canvas.text(WIDTH - _MARGIN, top + 36, row.number, anchor="end")
        canvas.box(_MARGIN, top + 50, room, step - 74, _LINES)
        if row.value:
            canvas.box(_MARGIN, top + 50, max(6, room * row.value / highest), step - 74, _BAR)


def _cut(text: str, room: float) -> str:
    most = int(room / (_LETTER * SMALLEST))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _grid(canvas: _Canvas, grid: Grid) -> None:
    highest = max((max(row) for row in grid.cells), default=0) or 1
    start, top = _MARGIN + 76, 300
    width = (WIDTH - _MARGIN - start) / len(grid.columns)
    height = (HEIGHT - 30 - top) / len(grid.rows)
    for place, label in enumerate(grid.columns):
        canvas.text(start + (place + 0.5) * width, top - 16, label, fill=_PALE, anchor="middle")
    for line, (label, row) in enumerate(zip(grid.rows, grid.cells, strict=True)):
        y = top + line * height
        canvas.text(_MARGIN, y + height - 8, label, fill=_PALE)
        for place, count in enumerate(row):
            share = count / highest
            canvas.box(start + place * width + 3, y + 3, width - 6, height - 5, _shade(share))
            if count:
                ink = "#ffffff" if share > _DARK_CELL else _INK
                middle = start + (place + 0.5) * width
                canvas.text(middle, y + height - 9, str(count), fill=ink, anchor="middle")


def _shade(share: float) -> str:
    """From nearly the ground to the colour of bars."""
    pale, full = (0xE4, 0xEA, 0xF1), (0x2B, 0x6C, 0xB0)
    parts = [round(low + (high - low) * share) for low, high in zip(pale, full, strict=True)]
    return "#" + "".join(f"{part:02x}" for part in parts)


def _legend(canvas: _Canvas, legend: Sequence[str]) -> None:
    at = float(_MARGIN)
    for name, fill in zip(legend, _colours(), strict=False):
        canvas.box(at, HEIGHT - 74, 34, 34, fill)
        canvas.text(at + 50, HEIGHT - 44, name)
        at += 50 + _LETTER * SMALLEST * len(name) + 60


def _colours() -> Iterator[str]:
    yield _BAR
    yield _LINE
