"""A shop of many years: how long its screens, sweeps, audit and start take, beside a shop of a few days."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.clock import SystemClock
from bot.domain.ledger import paid_in, payment_key, wallet
from bot.domain.periods import Span
from bot.sandbox.simulation import open_simulation
from bot.services.catalogue.refresh import load_shelf
from bot.services.codes.custody import check_keys
from bot.services.codes.reveal import hide_due_messages
from bot.services.operations import customer_reports, reports
from bot.services.operations.audit import audit_books
from bot.services.operations.day_sums import close_days
from bot.services.operations.nightly_audit import audit_changes
from bot.services.operations.watch import watch_waiting_orders
from bot.services.orders.place import find_orders_to_place, recover_interrupted
from bot.services.orders.poll import poll_due_orders
from bot.services.orders.reconcile import reconcile_lost_orders
from storage.migrate import migrate
from storage.store import Store
from tests.e2e.shop import ShopProcess
from tests.harness import send_due_messages
from tests.soak.load import _harness

_BATCH = 20_000
_PRICE, _COST = 176_000, 163_200
_DAY_MS = 86_400_000
_PAID_IN = paid_in("transfer")


@dataclass(frozen=True)
class _Past:
    """So many past orders of so many users over a year; `now` is in milliseconds."""

    users: int
    orders: int
    now: int
    product: int
    denomination: int
    sealed: bytes

    def user(self, n: int) -> int:
        return 10**6 + n % self.users

    def at(self, n: int) -> int:
        return self.now - (self.orders - n) * (365 * _DAY_MS // self.orders)


def fill(database: Path, users: int, orders: int, sealed: bytes) -> None:
    """Past orders as the shop leaves them: delivered, settled, hidden. One in `orders` lines each."""
    now = int(time.time() * 1000)
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA foreign_keys = OFF")
        product, denomination = db.execute(
            "SELECT product_id, id FROM catalogue_denominations LIMIT 1"
        ).fetchone()
        db.executemany(
            "INSERT INTO users (id, locale, reachable, created_at) VALUES (?, 'fr', 1, ?)",
            ((10**6 + n, now) for n in range(users)),
        )
        past = _Past(users, orders, now, product, denomination, sealed)
        for first in range(0, orders, _BATCH):
            _batch(db, past, range(first, min(first + _BATCH, orders)))
            db.commit()
        db.executemany(
            "INSERT INTO accounts VALUES (?, 0, 0)",
            ((wallet(10**6 + n),) for n in range(users)),
        )
        db.execute("INSERT INTO accounts VALUES ('sales', ?, 1)", (orders * _PRICE,))
        db.execute("INSERT INTO accounts VALUES (?, ?, 1)", (_PAID_IN, -orders * _PRICE))
        db.commit()


def _batch(db: sqlite3.Connection, past: _Past, numbers: range) -> None:
    for statement, rows_of in _STATEMENTS.items():
        db.executemany(statement, (row for n in numbers for row in rows_of(past, n)))


# The rows of the n-th order, of each table.


def _quotes(past: _Past, n: int) -> list[tuple]:
    at = past.at(n)
    of = (n + 1, past.user(n), past.denomination, 1, _PRICE, _COST, _PRICE)
    return [(*of, at, "10 $", None, "")]


def _orders(past: _Past, n: int) -> list[tuple]:
    number, at = n + 1, past.at(n)
    of = (number, past.user(n), number, past.product, past.denomination)
    bought = ("PlayStation USA", "10 $", 1, _PRICE, _COST, _PRICE, "production", "fulfilled")
    supplier = ("oneclickdz", "p", "t", f"s{number}")
    times = (at, at, at, at, at + 9000, None)  # the last: nothing is due
    outcome = (1, 1, 0, _COST, None, None, 0, 7, "waiting", None)
    return [(*of, *bought, *supplier, *times, *outcome)]


def _codes(past: _Past, n: int) -> list[tuple]:
    number = n + 1
    return [(number, 0, "demo", past.sealed, None, number.to_bytes(32, "big"), None, 1)]


def _messages(past: _Past, n: int) -> list[tuple]:
    number, at = n + 1, past.at(n)
    return [(number, number, past.user(n), number, 0, 1, "text", 0, at, at + _DAY_MS, 0)]


def _accounts(_past: _Past, n: int) -> list[tuple]:
    return [(f"escrow:{n + 1}",)]


def _payments(past: _Past, n: int) -> list[tuple]:
    """Each order was paid for by a payment of its own."""
    number, at = n + 1, past.at(n)
    return [(number, f"pay:{number}", past.user(n), "transfer", "credited", _PRICE, _PRICE, at)]


def _postings(past: _Past, n: int) -> list[tuple]:
    number, at = n + 1, past.at(n)
    return [
        (3 * number, payment_key(number), "payment", None, "shop", str(number), at),
        (3 * number + 1, f"hold:{number}", "hold", number, "customer", "", at),
        (3 * number + 2, f"sale:{number}", "sale", number, "shop", "", at),
    ]


def _entries(past: _Past, n: int) -> list[tuple]:
    number = n + 1
    paid, hold, sale, escrow = *range(3 * number, 3 * number + 3), f"escrow:{number}"
    return [
        (paid, _PAID_IN, -_PRICE),
        (paid, wallet(past.user(n)), _PRICE),
        (hold, wallet(past.user(n)), -_PRICE),
        (hold, escrow, _PRICE),
        (sale, escrow, -_PRICE),
        (sale, "sales", _PRICE),
    ]


def _outbox(past: _Past, n: int) -> list[tuple]:
    return [(f"result:{n + 1}", past.user(n), n + 1, past.at(n))]


_STATEMENTS: dict[str, Callable[[_Past, int], list[tuple]]] = {
    "INSERT INTO quotes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)": _quotes,
    f"INSERT INTO orders VALUES ({', '.join('?' * 33)})": _orders,
    "INSERT INTO codes (order_id, position, key_id, value, serial, fingerprint, expires_at, deliver)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)": _codes,
    "INSERT INTO code_messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)": _messages,
    "INSERT INTO accounts VALUES (?, 0, 0)": _accounts,
    "INSERT INTO payments (id, key, user_id, method, state, asked_minor, stars, paid_minor, created_at, expires_at, "
    "attempts, settled_at, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?8, ?8, 0, ?8, '')": _payments,
    "INSERT INTO postings VALUES (?, ?, ?, ?, ?, ?, ?)": _postings,
    "INSERT INTO entries VALUES (?, ?, ?, 'DZD')": _entries,
    "INSERT INTO outbox (key, user_id, kind, order_id, data, state, attempts, due_at, "
    "created_at) VALUES (?1, ?2, 'order_result', ?3, '{}', 'sent', 0, ?4, ?4)": _outbox,
}


async def measure(folder: Path, *, users: int, orders: int) -> dict[str, float]:
    """Milliseconds of each; the sweeps together as one round; the start as a process."""
    async with open_simulation() as simulation:
        shop = ShopProcess(simulation, folder)
        store = Store(shop.settings["DATABASE_URL"])
        await migrate(store)
        harness = await _harness(simulation, shop, store).open()
        await harness.denomination()
        await check_keys(store, harness.vault)
        fill(folder / "data" / "hanout.db", users, orders, harness.vault.seal("X", "y").blob)
        await close_days(harness.shop)  # as the nights have done
        took = {
            "/orders": await _time(lambda: customer_reports.my_orders(harness.shop, 10**6, 0)),
            "/wallet": await _time(lambda: customer_reports.my_wallet(harness.shop, 10**6, 0)),
            "one round of the sweeps": await _time(lambda: _sweeps(harness)),
            "/stats today": await _time(lambda: reports.report_stats(harness.shop, Span.TODAY)),
            "/stats all": await _time(lambda: reports.report_stats(harness.shop, Span.ALL), 1),
            "/balance": await _time(lambda: reports.report_balances(harness.shop)),
            "audit": await _time(lambda: _audit(store), 1),
            "audit of a night": await _audit_of_a_night(harness),
            "keys and shelf at start": await _time(lambda: _start(harness, store)),
        }
        await harness.close()
        await store.close()
        began = time.monotonic()
        await shop.start()
        took["start to first poll"] = (time.monotonic() - began) * 1000
        assert await shop.stop() == 0
    return took


async def _sweeps(harness) -> None:
    for sweep in (find_orders_to_place, send_due_messages, hide_due_messages, recover_interrupted):
        await sweep(harness.shop)
    for supplier in harness.shop.suppliers:
        for look in (poll_due_orders, reconcile_lost_orders, watch_waiting_orders):
            await look(harness.shop, supplier)


async def _audit(store: Store) -> None:
    found = await audit_books(store, SystemClock())
    assert [str(d) for it in found for d in it.differences] == []


async def _audit_of_a_night(harness) -> float:
    await audit_changes(harness.shop)  # the first is whole
    return await _time(lambda: audit_changes(harness.shop))


async def _start(harness, store: Store) -> None:
    await check_keys(store, harness.vault)
    await load_shelf(harness.shop)


async def _time(work: Callable[[], Awaitable[object]], times: int = 5) -> float:
    """The median of some runs."""
    took = []
    for _ in range(times):
        began = time.monotonic()
        await work()
        took.append(time.monotonic() - began)
        await asyncio.sleep(0)
    return sorted(took)[len(took) // 2] * 1000
