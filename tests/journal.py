"""A shop's journal: every row that a step writes, every call of a supplier or provider, every message, every wake-up.

Times are seconds since the harness's beginning; secrets are left out (their ciphertexts differ each time).
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from bot.domain.jobs import Wakes
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.records import Customer
from bot.domain.supplier import Card
from storage.tables import metadata
from tests.crash.points import PAYMENT_METHOD_CALLS, SENDER_CALLS, SUPPLIER_CALLS
from tests.fakes import START
from tests.harness import ShopHarness

_UNRECORDED = ("inbox", "conversations", "key_checks")  # not written by stories
_WRITTEN = re.compile(r"(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) (\w+)")
_CHANCE = re.compile(r"(HN-\d+)-[0-9a-f]{16}")  # what is drawn by lot in a reference
_NOTHING = (None, "", 0, False, "{}")
_CALLS = {
    "supplier": SUPPLIER_CALLS,
    "sender": SENDER_CALLS,
    "payment_method": PAYMENT_METHOD_CALLS,
}

Rows = dict[tuple[Any, ...], Mapping[str, Any]]


def told(value: Any) -> str:
    """A value as a journal shows it."""
    if isinstance(value, datetime):
        return f"{(value - START).total_seconds():+g}s"
    if isinstance(value, Order):
        return f"order:{value.id}/{value.state}"
    if isinstance(value, Payment):
        return f"payment:{value.id}/{value.state}"
    if isinstance(value, Customer):
        return f"customer:{value.id}"
    if isinstance(value, Card):
        return value.leading_text
    if isinstance(value, Enum):
        return str(value.value)
    if is_dataclass(value) and not isinstance(value, type):
        inside = [(f.name, getattr(value, f.name)) for f in fields(value)]
        return "(" + " ".join(f"{k}={told(v)}" for k, v in inside if v not in (None, "", ())) + ")"
    if isinstance(value, Mapping):
        return "{" + " ".join(f"{k}={told(v)}" for k, v in value.items()) + "}"
    if isinstance(value, str):
        return value if value and " " not in value else json.dumps(value, ensure_ascii=False)
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return "[" + " ".join(map(told, value)) + "]"
    return str(value)


class Journal:
    """Wraps every port of a harness. `text` is what has happened since `begin`."""

    def __init__(self, harness: ShopHarness) -> None:
        self._harness = harness
        self._lines: list[str] = []
        self._known: dict[str, Rows] = {}
        self._at: datetime | None = None
        self._touched: set[str] = set()
        self._wakes = ""

    async def begin(self) -> None:
        harness, shop = self._harness, self._harness.shop
        sa.event.listen(harness.store._writer.sync_engine, "before_cursor_execute", self._see)
        self._known = await self._rows(metadata.tables)
        store: Any = _Told(harness.store, self, "store")
        shop.store = store
        shop.suppliers = {n: _Told(s, self, "supplier") for n, s in shop.suppliers.items()}
        shop.payment_methods = {
            method: _Told(found, self, "payment_method")
            for method, found in shop.payment_methods.items()
        }
        shop.sender = _Told(shop.sender, self, "sender")
        harness.store.subscribe(self._woken)

    def _woken(self, wakes: Wakes) -> None:
        jobs = ", ".join(
            str(job) if at <= self._harness.clock.now() else f"{job} at {told(at)}"
            for job, at in wakes
        )
        if jobs:  # a transaction may tell of ended orders alone
            self._wakes = f"    wake {jobs}"

    @property
    def text(self) -> str:
        return _CHANCE.sub(r"\1-…", "\n".join(self._lines)) + "\n"

    def note(self, line: str) -> None:
        now = self._harness.clock.now()
        if now != self._at:
            self._at = now
            self._lines.append(told(now))
        self._lines.append(line)

    async def changes(self, step: str) -> None:
        """Note what the step wrote; one that wrote nothing leaves no trace."""
        rows = await self._rows(self._touched)
        self._touched.clear()
        wakes, self._wakes = self._wakes, ""
        found = [
            line
            for table, now in rows.items()
            for line in _differences(table, self._known[table], now)
        ]
        self._known |= rows
        if found:
            self.note(f"  {step}")
            for line in found:
                self.note(f"    {line}")
        if wakes:
            self.note(wakes)

    def _see(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self._touched.update(_WRITTEN.findall(statement))

    async def _rows(self, among: Collection[str]) -> dict[str, Rows]:
        async with self._harness.store._reader.connect() as db:
            return {
                table.name: await _read(db, table)
                for table in metadata.sorted_tables
                if table.name in among and table.name not in _UNRECORDED
            }


async def _read(db: Any, table: sa.Table) -> Rows:
    shown = [
        column
        for column in table.columns
        if not isinstance(column.type, sa.LargeBinary) or column.primary_key
    ]
    keys = [column.name for column in table.primary_key] or [c.name for c in shown]
    found = await db.execute(sa.select(*shown).order_by(*(table.c[key] for key in keys)))
    return {tuple(row._mapping[key] for key in keys): row._mapping for row in found.all()}


def _differences(table: str, before: Rows, now: Rows) -> Iterable[str]:
    for key, row in now.items():
        name = f"{table} {'/'.join(map(told, key))}"
        was = before.get(key)
        if was is None:
            named = {column.name for column in metadata.tables[table].primary_key}
            values = {k: v for k, v in row.items() if v not in _NOTHING and k not in named}
            yield f"+ {name}: " + " ".join(f"{k}={told(v)}" for k, v in values.items())
        elif was != row:
            changed = [k for k in row if row[k] != was[k]]
            yield f"{name}: " + ", ".join(f"{k} {told(was[k])} > {told(row[k])}" for k in changed)
    for key in [one for one in before if one not in now]:
        yield f"- {table} {'/'.join(map(told, key))}"


class _Told:
    """Any port; its calls are told to the journal."""

    def __init__(self, port: Any, journal: Journal, name: str) -> None:
        self._port = port
        self._journal = journal
        self._name = name

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if self._name == "store":
            return self._written(found) if name == "write" else found
        return self._called(name, found) if name in _CALLS[self._name] else found

    def _written(self, write: Any) -> Any:
        async def through(work: Any, *args: Any, **named: Any) -> Any:
            try:
                return await write(work, *args, **named)
            finally:
                module = work.__module__.rpartition(".")[2]
                await self._journal.changes(f"{module}.{work.__name__}")

        return through

    def _called(self, name: str, call: Any) -> Any:
        async def through(*args: Any, **named: Any) -> Any:
            shown = [told(arg) for arg in args if not callable(arg)]
            shown += [f"{key}={told(value)}" for key, value in named.items()]
            try:
                result = await call(*args, **named)
            except Exception as failure:
                self._journal.note(
                    f"  {self._name}.{name} {' '.join(shown)} ! {type(failure).__name__}"
                )
                raise
            self._journal.note(f"  {self._name}.{name} {' '.join(shown)}")
            return result

        return through
