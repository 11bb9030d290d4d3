"""Playing a scene until the process dies at a point, starting again, and looking at what is left."""

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.domain.payments import Method
from bot.services.codes.showing import end_interrupted_showings
from bot.services.messaging.customers import ensure_customer
from bot.services.operations.audit import audit_books
from bot.services.orders.place import recover_interrupted
from bot.services.payments.refunds import record_chargeback
from bot.services.payments.stars import take_stars
from bot.services.selling.pauses import resume_selling
from storage.tables import codes, orders, payments
from tests.crash.people import LINA
from tests.crash.points import (
    PAYMENT_METHOD_CALLS,
    SENDER_CALLS,
    SUPPLIER_CALLS,
    Killed,
    Points,
    WithFailpoints,
)
from tests.crash.scenes import Scene
from tests.database import store_at
from tests.harness import OPERATOR, books_agree
from tests.vouchers import VoucherHarness as ShopHarness

_QUIET_SECONDS = 1500


@dataclass
class Crashed:
    """`died` False: the scene never passed the point that often."""

    died: bool
    passed: set[str] = field(default_factory=set)


async def mined_stage(database: Path, points: Points) -> ShopHarness:
    harness = await ShopHarness(store_at(database), both=True).open()
    harness.offer()
    harness.set_policy(price_shared_for=timedelta(0))  # each order's own question is a point too
    _lay(harness, points)
    return harness


def _lay(harness: ShopHarness, points: Points) -> None:
    store: Any = WithFailpoints(harness.store, points, "store", ("write",))
    harness.shop.store = store
    harness.shop.suppliers = {
        name: WithFailpoints(supplier, points, "supplier", SUPPLIER_CALLS)
        for name, supplier in harness.shop.suppliers.items()
    }
    harness.shop.payment_methods = {
        method: WithFailpoints(way, points, "payment_method", PAYMENT_METHOD_CALLS)
        for method, way in harness.payment_methods.items()
    }
    harness.shop.sender = WithFailpoints(harness.sender, points, "sender", SENDER_CALLS)


async def crash(empty: Path, scene: Scene, point: str | None, at_pass: int = 1) -> Crashed:
    """Play it, die at the point, start again, wait for quiet, and check every invariant."""
    folder = Path(tempfile.mkdtemp())
    shutil.copy(empty, folder / "hanout.db")
    points = Points()
    harness = await mined_stage(folder / "hanout.db", points)
    if point is not None:
        points.arm(point, at_pass)
    try:
        try:
            await scene(harness)
        except Killed:
            await _start_again(harness)
        await check(harness)
    finally:
        await harness.close()
        await harness.store.close()
        shutil.rmtree(folder)
    return Crashed(points.dead, set(points.passed))


async def _start_again(harness: ShopHarness) -> None:
    harness.sender.failures.clear()
    harness.stars_gateway.failures.clear()
    harness.restart()
    await harness.reload()
    await end_interrupted_showings(harness.shop)
    await recover_interrupted(harness.shop)
    # What the scene would have brought still comes: a top-up, an operator who ends a pause, which lengthens the
    # window of an unpaid order, and a customer who unblocks the bot.
    harness.book.top_up(100_000)
    await resume_selling(harness.shop, key="start again", operator_id=OPERATOR)
    # The inbox works again on what Telegram had said.
    for charge in harness.stars_gateway.told:
        await take_stars(harness.shop, charge)
    for charge_id in harness.stars_gateway.refunded:
        await record_chargeback(harness.shop, Method.STARS, charge_id)
    await harness.run(30)
    for order_id in list(harness.vouchers.orders):
        harness.vouchers.release(order_id)
    await ensure_customer(harness.shop, LINA, "en")
    await harness.run(60)
    await harness.run(_QUIET_SECONDS)


async def check(harness: ShopHarness) -> None:
    """From outside: the supplier's books, what each customer saw, the ledger."""
    await books_agree(harness)
    found = await audit_books(harness.store, harness.clock)
    assert [str(d) for it in found for d in it.differences] == []
    async with harness.store._reader.connect() as db:
        rows = (await db.execute(select(orders))).all()
        stored = (await db.execute(select(codes.c.order_id))).all()
    await _money_came_in(harness)
    open_orders = [r for r in rows if r.settled_at is None and r.attention is None]
    assert open_orders == [], "every order ends, or stands in front of an operator"
    bound = {r.supplier_order_id for r in rows if r.supplier_order_id}
    vouchers = harness.vouchers.orders
    bought = set(harness.book.orders) | {str(number) for number in vouchers}
    assert bound == bought, "what was bought belongs to an order, once"
    assert len(bought) <= len(rows)
    handed_out = [c["value"] for o in harness.book.orders.values() for c in o.cards]
    handed_out += [
        v["card_number"] for o in vouchers.values() for v in o.vouchers[: o.shown_vouchers]
    ]
    assert len(stored) == len(handed_out), "every code lies here"
    assert set(harness.sender.codes_of(LINA)) == set(handed_out), "and its owner saw it"
    assert {s.user_id for s in harness.sender.sent if s.kind == "codes"} <= {LINA}


async def _money_came_in(harness: ShopHarness) -> None:
    """Every payment that a provider took lies in a wallet, went back, or stands before an operator, once."""
    async with harness.store._reader.connect() as db:
        rows = (await db.execute(select(payments))).all()
    here = {row.external_id: row for row in rows if row.external_id}
    for ref, card in harness.book.cards.payments.items():
        if card.status == "CONFIRMED":
            assert here[ref].state in ("credited", "held"), "a card was paid"
            assert here[ref].paid_minor == card.amount * 100
    for checkout in harness.chargily.checkouts.values():
        if checkout.status == "paid":
            assert here[checkout.id].state in ("credited", "held"), "a card was paid"
            assert here[checkout.id].paid_minor == checkout.amount * 100
    for movement in harness.stars_gateway.listed:
        gone = movement.charge_id in harness.stars_gateway.refunded
        assert here[movement.charge_id].state == ("returned" if gone else "credited"), "Stars moved"
    assert not [row for row in rows if row.state == "returning"]
