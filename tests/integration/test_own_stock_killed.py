"""The process is killed at every step around a purchase of own codes, and the next one puts it right."""

import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.orders import OrderState
from bot.services.codes.showing import end_interrupted_showings
from bot.services.operations.audit import audit_books, audit_supplier
from bot.services.orders.place import recover_interrupted
from bot.services.stock.book import StockBook
from bot.suppliers.own import OwnStock
from bot.vault import AesVault
from storage.tables import codes, orders, own_codes, own_reservations
from tests.crash.points import SENDER_CALLS, SUPPLIER_CALLS, Killed, Points, WithFailpoints
from tests.database import store_at
from tests.harness import POLICY, books_agree
from tests.own_stock import OwnHarness, codes_of

pytestmark = pytest.mark.later
_STOCK = 6
_BUYERS = (1, 2, 3, 4)  # two codes each: one of them gets none
# Around a purchase: the writes, every call of the supplier, and the delivery.
_NEAR = (
    *("checkout.", "place.", "book.", "poll.", "settle.", "reconcile.", "watch."),
    *("supplier.", "sender.send_codes", "showing.", "sent.", "outbox."),
)


def lay(harness: OwnHarness, points: Points) -> None:
    store: Any = WithFailpoints(harness.store, points, "store", ("write",))
    book = StockBook(store, harness.vault, harness.clock, POLICY.own_least_life)
    harness.shop.store = store
    harness.shop.suppliers = {
        "own": WithFailpoints(OwnStock(book, harness.clock), points, "supplier", SUPPLIER_CALLS)
    }
    harness.shop.sender = WithFailpoints(harness.sender, points, "sender", SENDER_CALLS)


async def play(harness: OwnHarness) -> None:
    """Four customers want two codes each of six; everything is settled, and the stock tidied."""
    for user_id in _BUYERS:
        await harness.buy(user_id, 2)
    await harness.run(20)
    harness.clock.pass_time(4000)
    await harness.run(60)


async def start_again(harness: OwnHarness) -> None:
    harness.restart()
    await harness.reload()
    await end_interrupted_showings(harness.shop)
    await recover_interrupted(harness.shop)
    await harness.run(120)
    harness.clock.pass_time(4000)
    await harness.run(120)


async def look(harness: OwnHarness) -> None:
    """Every order ended; every code is one order's at most, and its owner saw it, and nobody else."""
    await books_agree(harness)
    found = await audit_books(harness.store, harness.clock)
    found += await audit_supplier(harness.store, harness.own, harness.clock, timedelta(days=1))
    assert [d.text for one in found for d in one.differences] == []
    async with harness.store._reader.connect() as db:
        made = (await db.execute(select(orders))).all()
        stored = (await db.execute(select(codes))).all()
        reserved = (await db.execute(select(own_codes).where(own_codes.c.reservation != ""))).all()
        kept = (await db.execute(select(own_reservations))).all()
    assert {row.state for row in made} <= {OrderState.FULFILLED, OrderState.REFUNDED}
    filled = [row for row in made if row.state == OrderState.FULFILLED]
    assert len(filled) == min(len(made), _STOCK // 2)
    assert len(stored) == len(reserved) == 2 * len(filled)
    assert len({row.fingerprint for row in stored}) == len(stored)
    assert {row.value for row in reserved} <= {b""}, "the stock keeps nothing that an order has"
    assert {row.order_id for row in kept} == {row.id for row in filled}
    shown = Counter(code for user_id in _BUYERS for code in set(harness.sender.codes_of(user_id)))
    assert set(shown.values()) <= {1}
    assert len(shown) == len(stored)


def in_clear(path: Path) -> list[str]:
    """The files of a database, its log among them, in which codes of the stock can be read."""
    files = [path.with_name(path.name + end) for end in ("", "-wal", "-shm")]
    found = [file for file in files if file.exists() and b"CANARY-" in file.read_bytes()]
    return [file.name for file in found]


async def prepare(migrated: Path, path: Path) -> AesVault:
    """A shop with six codes on sale and four customers with money; returns what opens its codes."""
    shutil.copy(migrated, path)
    harness = await OwnHarness(store_at(path)).open()
    await harness.load(codes_of(_STOCK))
    for user_id in _BUYERS:
        await harness.customer(user_id)
    await harness.close()
    await harness.store.close()
    return harness.vault


async def crash(prepared: Path, vault: AesVault, point: str | None, at_pass: int = 1) -> Points:
    path = prepared.with_name("played.db")
    shutil.copy(prepared, path)
    points = Points()
    harness = OwnHarness(store_at(path))
    harness.vault = vault
    harness.restart()
    await harness.open()
    await harness.reload()
    harness.set_policy(price_shared_for=timedelta(0))  # each order's own question is a point too
    lay(harness, points)
    if point is not None:
        points.arm(point, at_pass)
    try:
        try:
            await play(harness)
        except Killed:
            await start_again(harness)
        await look(harness)
        assert in_clear(path) == []
    finally:
        await harness.close()
        await harness.store.close()
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
    return points


async def test_a_hundred_kills_around_purchases_lose_and_double_nothing(
    migrated: Path, tmp_path: Path
):
    prepared = tmp_path / "prepared.db"
    vault = await prepare(migrated, prepared)
    passed = (await crash(prepared, vault, None)).passed
    near = {point: n for point, n in passed.items() if point.split(" ")[1].startswith(_NEAR)}
    assert {"before book._reserve", "after book._reserve", "after place._commit_intent"} <= set(
        near
    )
    kills = 0
    for point, times in near.items():
        for at_pass in range(1, min(times, 6) + 1):
            assert (await crash(prepared, vault, point, at_pass)).dead, point
            kills += 1
    assert kills >= 100
