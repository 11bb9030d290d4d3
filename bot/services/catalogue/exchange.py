"""The catalogue as a CSV file and back: what an operator changed in a spreadsheet, in one transaction."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.domain.actions import ActionKind
from bot.domain.catalogue import Denomination, Product
from bot.domain.pricing import MarkupScope, PricingPolicy
from bot.domain.shelf import Shelf
from bot.domain.text_files import text_of
from bot.errors import FileRefused
from bot.ports import Clock
from bot.refusals import OtherCurrency
from bot.services.catalogue.columns import EDITABLE, SHOWN, Editable, FileRow, cell_of
from bot.services.catalogue.price_changes import target_name
from storage.store import Store
from storage.transaction import Transaction

MOST_BYTES: Final = 20_000_000
_BY_COMMAND: Final = 0  # no operator in the chat
_BOM: Final = "\ufeff"  # without it, spreadsheets take the text for another encoding
_DELIMITERS: Final = ",;\t"
_ID, _VERSION = "id", "version"
_NAMES: Final = (*(c.name for c in SHOWN), *(c.name for c in EDITABLE), _VERSION)


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell of a file that is to change; `value`: what it was read as."""

    line: int
    row: FileRow
    column: Editable
    before: str
    after: str
    value: Any


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: Mapping[str, str]


async def export_catalogue(store: Store, pricing: PricingPolicy) -> bytes:
    """All that suppliers sell, one row a category, product and value, as CSV for a spreadsheet."""
    async with store.reading() as tx:
        rows = await _rows(tx, pricing)
    text = io.StringIO(_BOM, newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    writer.writerow(_NAMES)
    for row in rows.values():
        shown = [column.read(row) for column in SHOWN]
        editable = [cell_of(column, row) for column in EDITABLE]
        writer.writerow([*shown, *editable, _version(row)])
    return text.getvalue().encode()


def _version(row: FileRow) -> str:
    """What a row's editable cells were when it was written; letters keep it from being a number."""
    cells = "\x1f".join(cell_of(column, row) for column in EDITABLE)
    return f"v{hashlib.sha256(cells.encode()).hexdigest()[:12]}"


async def _rows(tx: Transaction, pricing: PricingPolicy) -> Mapping[str, FileRow]:
    """The rows of a file by their ids, in their order."""
    shelf = Shelf()
    categories, products, denominations, links = await tx.catalogue.load()
    rules, suppliers = await tx.prices.rules(), {product.supplier for product in products}
    shelf.fill(categories, products, denominations, links, rules, frozenset(), suppliers)
    return {target_name(row.key): row for row in _shelf_rows(shelf, pricing)}


def _shelf_rows(shelf: Shelf, pricing: PricingPolicy) -> Iterator[FileRow]:
    for category in shelf.categories.values():
        key = MarkupScope.CATEGORY, category.id
        yield FileRow(key, category.title, "", "", "", None, None, shelf.rules)
        for product in shelf.of_category(category.id):
            key = MarkupScope.PRODUCT, product.id
            names = category.title, product.title
            yield FileRow(key, *names, "", product.supplier, None, None, shelf.rules)
            for value in shelf.of_product(product.id):
                yield _value_row(shelf, pricing, category.title, product, value)


def _value_row(
    shelf: Shelf, pricing: PricingPolicy, category: str, product: Product, value: Denomination
) -> FileRow:
    unit = shelf.next_sold(value)
    is_priced = unit.cost_minor > 0 and not value.is_range
    return FileRow(
        (MarkupScope.DENOMINATION, value.id),
        category,
        product.title,
        value.label,
        product.supplier,
        unit.cost_minor if is_priced else None,
        shelf.price(pricing, unit) if is_priced else None,
        shelf.rules,
    )


async def compare_file(store: Store, pricing: PricingPolicy, data: bytes) -> Sequence[Difference]:
    """What applying the file would change. Raises FileRefused."""
    lines = _read(data)
    async with store.reading() as tx:
        return _differences(lines, await _rows(tx, pricing))


async def apply_file(
    store: Store, clock: Clock, pricing: PricingPolicy, data: bytes, key: str
) -> Sequence[Difference]:
    """Change what differs, all of it or nothing, with one action; returns it. Raises FileRefused.

    A second call finds no difference, and records nothing.
    """
    return await store.write(_apply, pricing, _read(data), key, clock.now())


async def _apply(
    tx: Transaction, pricing: PricingPolicy, lines: Sequence[_Line], key: str, now: datetime
) -> Sequence[Difference]:
    await tx.prices.lock()
    found = _differences(lines, await _rows(tx, pricing))
    if not found:
        return found
    await tx.operators.add_action(
        key=key,
        operator_id=_BY_COMMAND,
        kind=ActionKind.IMPORT,
        target="catalogue",
        note=str(len(found)),
        now=now,
        before=_written(found, "before"),
        after=_written(found, "after"),
    )
    for one in found:
        await one.column.apply(tx, one.row.key, one.value, now)
    return found


def _written(found: Sequence[Difference], side: str) -> str:
    """The changed cells, for the row of the action: `d45 fixed 4180; d46 floor -`."""
    return "; ".join(
        f"{target_name(one.row.key)} {one.column.name} {getattr(one, side) or '-'}" for one in found
    )


def _read(data: bytes) -> list[_Line]:
    """The lines of a file by the names of their columns. Raises FileRefused."""
    text = text_of(data) if len(data) <= MOST_BYTES else None
    if text is None:
        raise FileRefused("this is no text file of the catalogue; save it as CSV in UTF-8")
    head = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        names = [name.strip().lower() for name in next(reader, [])]
        _check_names(names)
        return [_line(reader.line_num, names, cells) for cells in reader if any(cells)]
    except csv.Error as error:
        raise FileRefused(f"line {reader.line_num} is no line of a CSV file: {error}") from None


def _check_names(names: Sequence[str]) -> None:
    """Raises FileRefused."""
    if _ID not in names or _VERSION not in names or len(set(names)) != len(names):
        raise FileRefused("line 1 has to name the columns, id and version among them, each once")
    unknown = [name for name in names if name not in _NAMES]
    if unknown:
        raise FileRefused(f"line 1 names a column that there is not: {unknown[0]}")


def _line(number: int, names: Sequence[str], cells: Sequence[str]) -> _Line:
    if len(cells) != len(names):
        raise FileRefused(f"line {number} has {len(cells)} cells, and the first line {len(names)}")
    return _Line(number, dict(zip(names, (cell.strip() for cell in cells), strict=True)))


def _differences(lines: Sequence[_Line], rows: Mapping[str, FileRow]) -> list[Difference]:
    """Raises FileRefused."""
    found: list[Difference] = []
    seen: set[str] = set()
    for line in lines:
        name = line.cells[_ID]
        row = rows.get(name)
        if row is None:
            raise FileRefused(f"line {line.number}: nothing has the id {name or 'that is missing'}")
        if name in seen:
            raise FileRefused(f"line {line.number}: {name} stands in the file twice")
        seen.add(name)
        changed = list(_changed_cells(line, row))
        if changed and line.cells[_VERSION] != _version(row):
            raise FileRefused(
                f"line {line.number}: {name} was changed in the shop since the file was written; export it anew"
            )
        found += changed
    return found


def _changed_cells(line: _Line, row: FileRow) -> Iterator[Difference]:
    for column in EDITABLE:
        before = cell_of(column, row)
        after = line.cells.get(column.name, before)
        if after and row.key[0] not in column.scopes:
            raise FileRefused(
                f"line {line.number}: {target_name(row.key)} can have nothing in the column {column.name}"
            )
        try:
            value = column.parse(after)
        except (ValueError, OtherCurrency):
            raise FileRefused(
                f"line {line.number}: {after} cannot be read in the column {column.name}"
            ) from None
        if value != column.parse(before):
            yield Difference(line.number, row, column, before, after, value)
