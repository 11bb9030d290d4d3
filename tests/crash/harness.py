"""Playing a scene until the process dies at a point, starting again, and looking at what is left."""

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from bot.domain.payments import Method
from bot.services.audit import audit_books
from bot.services.customers import welcome
from bot.services.incoming import take_stars
from bot.services.payback import take_back
from bot.services.place import recover_interrupted
from storage.tables import codes, orders, payments
from tests.crash.points import SENDER_CALLS, SUPPLIER_CALLS, WAY_CALLS, Killed, Mined, Points
from tests.crash.scenes import LINA, Scene
from tests.database import store_at
from tests.stage import books_agree
from tests.vouchers import VoucherStage as Stage

_QUIET_SECONDS = 1500


@dataclass
class Crashed:
    """`died` False: the scene never passed the point that often."""

    died: bool
    passed: set[str] = field(default_factory=set)


async def mined_stage(database: Path, points: Points) -> Stage:
    stage = await Stage(store_at(database), both=True).open()
    stage.offer()
    stage.recording = stage.sender
    _lay(stage, points)
    return stage


def _lay(stage: Stage, points: Points) -> None:
    stage.shop.store = Mined(stage.store, points, "store", ("write",))
    stage.shop.suppliers = {
        name: Mined(supplier, points, "supplier", SUPPLIER_CALLS)
        for name, supplier in stage.shop.suppliers.items()
    }
    stage.shop.ways = {
        method: Mined(way, points, "way", WAY_CALLS) for method, way in stage.ways.items()
    }
    stage.shop.sender = Mined(stage.sender, points, "sender", SENDER_CALLS)


async def crash(empty: Path, scene: Scene, point: str | None, at_pass: int = 1) -> Crashed:
    """Play it, die at the point, start again, wait for quiet, and check every invariant."""
    folder = Path(tempfile.mkdtemp())
    shutil.copy(empty, folder / "hanout.db")
    points = Points()
    stage = await mined_stage(folder / "hanout.db", points)
    if point is not None:
        points.arm(point, at_pass)
    try:
        try:
            await scene(stage)
        except Killed:
            await _start_again(stage)
        await check(stage)
    finally:
        await stage.close()
        await stage.store.close()
        shutil.rmtree(folder)
    return Crashed(points.dead, set(points.passed))


async def _start_again(stage: Stage) -> None:
    stage.recording.failures.clear()
    stage.till.failures.clear()
    stage.restart()
    await stage.reload()
    await recover_interrupted(stage.shop)
    # What the scene would have brought still comes: a top-up, and a customer who unblocks the bot.
    stage.book.top_up(100_000)
    # The inbox works again on what Telegram had said.
    for charge in stage.till.told:
        await take_stars(stage.shop, charge)
    for charge_id in stage.till.refunded:
        await take_back(stage.shop, Method.STARS, charge_id)
    await stage.run(30, step=2)
    for order_id in list(stage.vouchers.orders):
        stage.vouchers.release(order_id)
    await welcome(stage.shop, LINA, "en")
    await stage.run(60, step=5)
    await stage.run(_QUIET_SECONDS, step=60)


async def check(stage: Stage) -> None:
    """From outside: the supplier's books, what each customer saw, the ledger."""
    await books_agree(stage)
    found = await audit_books(stage.store, stage.clock)
    assert [str(d) for it in found for d in it.differences] == []
    async with stage.store._reader.connect() as db:
        rows = (await db.execute(select(orders))).all()
        stored = (await db.execute(select(codes.c.order_id))).all()
    await _money_came_in(stage)
    open_orders = [r for r in rows if r.settled_at is None and r.attention is None]
    assert open_orders == [], "every order ends, or stands in front of an operator"
    bound = {r.supplier_order_id for r in rows if r.supplier_order_id}
    vouchers = stage.vouchers.orders
    bought = set(stage.book.orders) | {str(number) for number in vouchers}
    assert bound == bought, "what was bought belongs to an order, once"
    assert len(bought) <= len(rows)
    handed_out = [c["value"] for o in stage.book.orders.values() for c in o.cards]
    handed_out += [v["card_number"] for o in vouchers.values() for v in o.vouchers[: o.handed]]
    assert len(stored) == len(handed_out), "every code lies here"
    assert set(stage.recording.codes_of(LINA)) == set(handed_out), "and its owner saw it"
    assert {s.user_id for s in stage.recording.sent if s.kind == "codes"} <= {LINA}


async def _money_came_in(stage: Stage) -> None:
    """Every payment that a provider took lies in a wallet, went back, or stands before an operator, once."""
    async with stage.store._reader.connect() as db:
        rows = (await db.execute(select(payments))).all()
    here = {row.external_id: row for row in rows if row.external_id}
    for ref, card in stage.book.cards.payments.items():
        if card.status == "CONFIRMED":
            assert here[ref].state in ("credited", "held"), "a card was paid"
            assert here[ref].paid_minor == card.amount * 100
    for movement in stage.till.listed:
        gone = movement.charge_id in stage.till.refunded
        assert here[movement.charge_id].state == ("returned" if gone else "credited"), "Stars moved"
    assert not [row for row in rows if row.state == "returning"]
