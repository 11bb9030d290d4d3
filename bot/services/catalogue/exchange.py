"""The catalogue as a CSV file and back: what an operator changed in a spreadsheet, in one transaction."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.domain.actions import ActionKind
from bot.domain.brands import NO_BRANDS, Brands
from bot.domain.catalogue import Denomination, Names, Product
from bot.domain.curation import Curation, Subject, find_alike
from bot.domain.pricing import MarkupScope, PricingPolicy
from bot.domain.shelf import Shelf
from bot.domain.text_files import text_of
from bot.errors import FileRefused
from bot.ports import Clock
from bot.refusals import Refused
from bot.services.catalogue.columns import PRICES, SHOWN, Editable, FilePolicy, FileRow, cell_of
from bot.services.catalogue.curated_columns import CURATED, NAMES
from bot.services.catalogue.price_changes import target_name
from storage.store import Store
from storage.transaction import Transaction

MOST_BYTES: Final = 20_000_000
_BY_COMMAND: Final = 0  # no operator in the chat
_BOM: Final = "\ufeff"  # without it, spreadsheets take the text for another encoding
_DELIMITERS: Final = ",;\t"
_ID, _VERSION = "id", "version"
_NAMES: Final = frozenset({"product", "value", "supplier"})
_CATEGORY_NAMES: Final = frozenset({"category"})
_EDITABLE: Final = (*PRICES, *CURATED)
_HEAD: Final = (*(c.name for c in SHOWN), *(c.name for c in _EDITABLE), _VERSION)
_CURATED_HEAD: Final = frozenset(c.name for c in CURATED)


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


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """`rows`: those of a file by their ids, in their order. `shelf`: with nothing hidden or named."""

    rows: Mapping[str, FileRow]
    shelf: Shelf
    curation: Curation


async def export_catalogue(store: Store, pricing: PricingPolicy) -> bytes:
    """All that suppliers sell, one row a category, product and value, as CSV for a spreadsheet."""
    async with store.reading() as tx:
        rows = (await _load(tx, pricing)).rows
    text = io.StringIO(_BOM, newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    writer.writerow(_HEAD)
    for row in rows.values():
        shown = [column.read(row) for column in SHOWN]
        editable = [cell_of(column, row) for column in _EDITABLE]
        writer.writerow([*shown, *editable, _version(row)])
    return text.getvalue().encode()


def _version(row: FileRow) -> str:
    """What a row was when it was written: its names, since ids count in every shop, and its editable cells."""
    return _digest(*_named(row).values(), *(cell_of(column, row) for column in _EDITABLE))


def _digest(*cells: str) -> str:
    """Of texts; its letters keep it from being a number."""
    return f"v{hashlib.sha256(chr(31).join(cells).encode()).hexdigest()[:12]}"


def _named(row: FileRow) -> dict[str, str]:
    """The cells that say what a row is, as a file has them; a product may stand in another category by now."""
    names = _CATEGORY_NAMES if row.key[0] is MarkupScope.CATEGORY else _NAMES
    return {column.name: column.read(row).strip() for column in SHOWN if column.name in names}


def _versions(line: _Line, row: FileRow) -> set[str]:
    """The versions of a row that is unchanged.

    A file of an earlier version of the program is held against the names that it shows; one of prices
    alone may be of when there were no more.
    """
    found = {_version(row)}
    if all(line.cells.get(name) == cell for name, cell in _named(row).items()):
        found.add(_digest(*(cell_of(column, row) for column in _EDITABLE)))
        if not _CURATED_HEAD & line.cells.keys():
            found.add(_digest(*(cell_of(column, row) for column in PRICES)))
    return found


async def _load(tx: Transaction, pricing: PricingPolicy, brands: Brands = NO_BRANDS) -> _Catalogue:
    """All that suppliers sell, as it would stand on the shelf with nothing hidden."""
    shelf, curation = Shelf(brands), await tx.curation.load()
    categories, products, denominations, links = await tx.catalogue.load()
    rules, suppliers = await tx.prices.rules(), {product.supplier for product in products}
    shelf.fill(categories, products, denominations, links, rules, frozenset(), suppliers)
    rows = {target_name(row.key): row for row in _shelf_rows(shelf, pricing, curation)}
    return _Catalogue(rows, shelf, curation)


def _shelf_rows(shelf: Shelf, pricing: PricingPolicy, curation: Curation) -> Iterator[FileRow]:
    for category in shelf.categories.values():
        key = MarkupScope.CATEGORY, category.id
        yield FileRow(key, category.title, "", "", "", None, None, shelf.rules)
        for product in shelf.of_category(category.id):
            key = MarkupScope.PRODUCT, product.id
            names = category.title, product.title
            own = curation.of_product(product.id), curation.names(Subject.product(product.id))
            yield FileRow(key, *names, "", product.supplier, None, None, shelf.rules, *own)
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


async def compare_file(store: Store, policy: FilePolicy, data: bytes) -> Sequence[Difference]:
    """What applying the file would change. Raises FileRefused."""
    lines = _read(data)
    async with store.reading() as tx:
        return await _compare(tx, policy, lines)


async def _compare(
    tx: Transaction, policy: FilePolicy, lines: Sequence[_Line]
) -> Sequence[Difference]:
    """Raises FileRefused."""
    known = await _load(tx, policy.pricing, policy.brands)
    found = _differences(lines, known.rows, policy)
    _check_renamed(found, known)
    return found


async def apply_file(
    store: Store, clock: Clock, policy: FilePolicy, data: bytes, key: str
) -> Sequence[Difference]:
    """Change what differs, all of it or nothing, with one action; returns it. Raises FileRefused.

    A second call finds no difference, and records nothing.
    """
    return await store.write(_apply, policy, _read(data), key, clock.now())


async def _apply(
    tx: Transaction, policy: FilePolicy, lines: Sequence[_Line], key: str, now: datetime
) -> Sequence[Difference]:
    await tx.prices.lock()
    await tx.curation.lock()
    found = await _compare(tx, policy, lines)
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
    unknown = [name for name in names if name not in _HEAD]
    if unknown:
        raise FileRefused(f"line 1 names a column that there is not: {unknown[0]}")


def _line(number: int, names: Sequence[str], cells: Sequence[str]) -> _Line:
    if len(cells) != len(names):
        raise FileRefused(f"line {number} has {len(cells)} cells, and the first line {len(names)}")
    return _Line(number, dict(zip(names, (cell.strip() for cell in cells), strict=True)))


def _differences(
    lines: Sequence[_Line], rows: Mapping[str, FileRow], policy: FilePolicy
) -> list[Difference]:
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
        changed = list(_changed_cells(line, row, policy))
        if changed and line.cells[_VERSION] not in _versions(line, row):
            raise FileRefused(
                f"line {line.number}: {name} was changed in the shop since the file was written, or the file is"
                " another shop's; export it anew"
            )
        found += changed
    return found


def _changed_cells(line: _Line, row: FileRow, policy: FilePolicy) -> Iterator[Difference]:
    for column in _EDITABLE:
        before = cell_of(column, row)
        after = line.cells.get(column.name, before)
        if after == before:
            continue
        if row.key[0] not in column.scopes:
            raise FileRefused(
                f"line {line.number}: {target_name(row.key)} can have nothing in the column {column.name}"
            )
        try:
            value = column.parse(after, policy)
        except (ValueError, Refused):
            raise FileRefused(
                f"line {line.number}: {after} cannot be read in the column {column.name},"
                f" which takes {column.takes}"
            ) from None
        if not _is_read_as(column, before, value, policy):
            yield Difference(line.number, row, column, before, after, value)


def _is_read_as(column: Editable, cell: str, value: Any, policy: FilePolicy) -> bool:
    """Whether a cell of the shop means this value; a setting may refuse by now what it once took."""
    try:
        return bool(column.parse(cell, policy) == value)
    except ValueError:
        return False


def _check_renamed(found: Sequence[Difference], known: _Catalogue) -> None:
    """Raises FileRefused where two products of a category would read the same, as the chat refuses it."""
    planned: dict[int, dict[str, str]] = {}
    renamed: dict[int, list[Difference]] = {}
    for one in found:
        if one.column in NAMES:
            product_id = one.row.key[1]
            names = planned.setdefault(product_id, dict(one.row.names))
            names[NAMES[one.column]] = one.value
            renamed.setdefault(product_id, []).append(one)
    for things in _by_category(known, planned).values():
        alike = find_alike(things, frozenset(renamed))
        if alike is not None:
            product_id, other = alike
            columns = " and ".join(one.column.name for one in renamed[product_id])
            raise FileRefused(
                f"line {renamed[product_id][0].line}: with what stands in {columns}, p{product_id}"
                f" would read the same as p{other} of its category"
            )


def _by_category(
    known: _Catalogue, planned: Mapping[int, Mapping[str, str]]
) -> Mapping[str, dict[int, tuple[Names, str]]]:
    """The products that customers may see beside each other, with names and suppliers' titles."""
    found: dict[str, dict[int, tuple[Names, str]]] = {}
    for category, nodes in known.shelf.whole_tree().categories.items() if planned else ():
        for product_id in (one for node in nodes for one in node.products):
            names = known.curation.names(Subject.product(product_id))
            if product_id in planned:
                names = tuple((k, text) for k, text in planned[product_id].items() if text)
            title = known.shelf.goods[product_id].title
            found.setdefault(category, {})[product_id] = names, title
    return found
