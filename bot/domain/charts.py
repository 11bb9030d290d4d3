"""What a picture of figures shows, in the words and numbers of one language: only shapes are left to draw."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class ChartKind(StrEnum):
    SALES = "sales"  # sales and profit over time
    OUTCOMES = "outcomes"  # how orders ended
    BEST = "best"  # values of which most codes were sold
    HOURS = "hours"  # orders by weekday and hour


@dataclass(frozen=True, slots=True)
class Column:
    """A vertical bar, the first at the reading start. `value` sets its height, `number` stands on it."""

    labels: tuple[str, ...]  # below it, one under the other
    value: int
    number: str
    line: int | None = None  # where the line passes, in the unit of `value`


@dataclass(frozen=True, slots=True)
class Row:
    """A horizontal bar, with its label above it."""

    label: str
    value: int
    number: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells that are the darker the larger their number is; the first column is at the reading start."""

    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]  # by row


@dataclass(frozen=True, slots=True)
class Chart:
    """One of `columns`, `rows` and `grid` is there; `legend` names the bars and the line."""

    title: str
    total: str
    right_to_left: bool
    note: str = ""
    legend: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    grid: Grid | None = None


def to_plain(chart: Chart) -> dict[str, Any]:
    """For JSON."""
    return asdict(chart)


def from_plain(plain: dict[str, Any]) -> Chart:
    """What `to_plain` made, also after JSON."""
    columns = [Column(**{**each, "labels": tuple(each["labels"])}) for each in plain["columns"]]
    grid = plain["grid"]
    return Chart(
        **{
            **plain,
            "legend": tuple(plain["legend"]),
            "columns": tuple(columns),
            "rows": tuple(Row(**each) for each in plain["rows"]),
            "grid": grid
            and Grid(
                tuple(grid["columns"]),
                tuple(grid["rows"]),
                tuple(tuple(row) for row in grid["cells"]),
            ),
        }
    )
