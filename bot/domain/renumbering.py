"""What a supplier sells keeps its row, with its rules and links, when the supplier renumbers it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """A stored product or value: its row, the supplier's id of it, and its name in plain form."""

    row_id: int
    supplier_id: str
    name: str
    sold: bool  # by the last answer of the supplier


def plain_name(*parts: str) -> str:
    """A name by which two answers of a supplier are compared: without case and extra spaces."""
    return "|".join(" ".join(part.casefold().split()) for part in parts)


def follow_names(known: Sequence[Known], offered: Mapping[str, str]) -> dict[int, str]:
    """The rows whose supplier id has changed: new ids by row. `offered`: names by supplier id.

    A row follows its name, where that name is offered once and stands for one row; else its id.
    """
    ids_of_name: dict[str, list[str]] = defaultdict(list)
    for supplier_id, name in offered.items():
        ids_of_name[name].append(supplier_id)
    rows_of_name: dict[str, list[Known]] = defaultdict(list)
    for row in known:
        rows_of_name[row.name].append(row)
    moved: dict[int, str] = {}
    for name, ids in ids_of_name.items():
        rows = rows_of_name.get(name, [])
        if len(ids) > 1 or any(row.supplier_id in ids for row in rows):
            continue
        rows = [row for row in rows if row.sold] or rows
        if len(rows) == 1:
            moved[rows[0].row_id] = ids[0]
    return moved
