"""Records in which order transactions lock rows, and finds those that take two tables the other way round.

PostgreSQL would lock: SELECT ... FOR UPDATE, UPDATE, DELETE, and an INSERT that names a row others insert too. The
statements are SQLAlchemy's own, so it is read from them on SQLite, which locks the whole database instead.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from storage.store import Store
from storage.transaction import Transaction

# The operator's action, wallet, order, payment, outbox: two transactions that lock in one order never wait for each
# other.
ORDER = ("operator_actions", "accounts", "orders", "payments", "outbox")


@dataclass
class LockOrder:
    """For each pair of tables (first, then), the transactions that locked them so."""

    taken: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    transactions: int = 0

    def note(self, name: str, tables: list[str]) -> None:
        self.transactions += 1
        order = list(dict.fromkeys(tables))
        for place, first in enumerate(order):
            for then in order[place + 1 :]:
                self.taken[first, then].add(name)

    def inversions(self) -> dict[tuple[str, str], set[str]]:
        """The pairs that were taken against `ORDER`, and by which transactions."""
        ranks = {table: rank for rank, table in enumerate(ORDER)}
        return {
            pair: names
            for pair, names in self.taken.items()
            if all(table in ranks for table in pair) and ranks[pair[0]] > ranks[pair[1]]
        }


def locked_table(statement: Any) -> str | None:
    """The table of which this statement locks rows that others lock too; None for the rest."""
    if isinstance(statement, sa.Select):
        table: Any = statement.get_final_froms()[0]
        return str(table.name) if statement._for_update_arg is not None else None
    if isinstance(statement, sa.Update | sa.Delete):
        table = statement.table
        return _unless_of_the_shop(str(table.name), statement)
    return None


def _unless_of_the_shop(name: str, statement: Any) -> str | None:
    """Only wallets: an order's escrow belongs to it, and the shop's accounts come last."""
    if name != "accounts":
        return name
    values = statement.compile().params.values()
    return name if any(str(value).startswith("wallet:") for value in values) else None


@contextmanager
def recorded() -> Iterator[LockOrder]:
    """Note what every transaction of every store locks, while the context lasts."""
    found = LockOrder()
    transaction = Store._transaction

    async def noting(store: Any, work: Any, *args: Any, **kwargs: Any) -> Any:
        tables: list[str] = []

        async def watched(tx: Transaction, *a: Any, **k: Any) -> Any:
            connection = tx.orders._db
            spy = _Spy(connection, tables)
            for repository in vars(tx).values():
                if getattr(repository, "_db", None) is connection:
                    repository._db = spy
            return await work(tx, *a, **k)

        try:
            return await transaction(store, watched, *args, **kwargs)
        finally:
            found.note(f"{work.__module__.rpartition('.')[2]}.{work.__name__}", tables)

    patched: Any = Store
    patched._transaction = noting
    try:
        yield found
    finally:
        patched._transaction = transaction


class _Spy:
    """A connection that notes what is locked through it."""

    def __init__(self, connection: Any, tables: list[str]) -> None:
        self._connection, self._tables = connection, tables

    async def execute(self, statement: Any, *parameters: Any) -> Any:
        table = locked_table(statement)
        if table is not None:
            self._tables.append(table)
        return await self._connection.execute(statement, *parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)
