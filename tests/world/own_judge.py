"""Is the end of a scene right for what the shop decides itself: own stock, bans and pauses?"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bot.domain.orders import ReturnReason
from bot.domain.stock import OwnCode
from bot.errors import KeyMissing
from bot.ports import Vault
from bot.services.codes.abandon import abandon_key
from bot.services.codes.own_sealing import open_own, prints_of
from bot.services.selling.hand_pauses import list_pauses
from tests import pausing
from tests.harness import POLICY
from tests.world.scene import Scene
from tests.world.witness import noted

_RESERVED = """
    SELECT r.reference, r.order_id, r.quantity AS reserved, o.quantity AS ordered, o.state, o.highest_cost_minor,
           r.cost_minor, r.at, r.released_at, r.erased_at,
           (SELECT count(*) FROM own_codes c WHERE c.reservation = r.reference) AS codes,
           (SELECT min(c.expires_at) FROM own_codes c WHERE c.reservation = r.reference) AS first_end
    FROM own_reservations r JOIN orders o ON o.id = r.order_id
"""
_HELD_BY_TWO = """
    SELECT count(*) FROM (
        SELECT 1 FROM codes WHERE fingerprint IS NOT NULL
        GROUP BY fingerprint HAVING count(DISTINCT order_id) > 1)
"""
_KEPT_OF_ERASED = """
    SELECT count(*) FROM own_codes c LEFT JOIN own_reservations r ON r.reference = c.reservation
    WHERE (c.set_aside = 'withdrawn' OR r.erased_at IS NOT NULL) AND (c.value <> x'' OR c.pin IS NOT NULL)
"""
_LEFT = """
    SELECT count(*) FROM own_codes c JOIN own_batches b ON b.id = c.batch_id
    WHERE c.reservation IS NULL AND c.set_aside IS NULL AND b.state = 'on_sale'
"""


async def let_operators_act(scene: Scene) -> None:
    """Whoever paused selling lifts it after a minute, and a key that is lost is given up."""
    shop = scene.world.shop
    for view in await list_pauses(shop):
        await scene.world.run(60)
        await pausing.lift(shop, view.pause.id)
    if "lost key" in scene.facts.named:
        await abandon_key(shop.store, shop.vault, shop.clock, scene.facts.named["lost key"])


def look_at_stock(end: Any) -> Iterator[str]:
    """One code is one order's; an order has as many as it wants, in date, for what it may cost."""
    for row in _rows(end, _RESERVED):
        name = f"order {row['order_id']} ({row['state']})"
        wanted = 0 if row["released_at"] is not None else row["ordered"]
        if row["codes"] != wanted or row["reserved"] != row["ordered"]:
            yield f"{name} wants {wanted} codes, and {row['codes']} are reserved for it"
        if row["released_at"] is not None and row["state"] != "refunded":
            yield f"the codes of {name} were put on sale again"
        if row["cost_minor"] > row["highest_cost_minor"] * row["ordered"]:
            yield f"the codes of {name} cost more than its price allows"
        if row["first_end"] is not None and _at(row["first_end"]) < (
            _at(row["at"]) + POLICY.own_least_life
        ):
            yield f"{name} got a code that was too near its end"
    for query, what in (
        (_HELD_BY_TWO, "codes are held by two orders"),
        (_KEPT_OF_ERASED, "own codes that were erased are still stored"),
    ):
        if count := end.count(query):
            yield f"{count} {what}"
    left = 0 if {"refund", "stock", "fault"} & end.disturbed else end.count(_LEFT)
    sold_out = [o for o in end.orders if o["return_reason"] == ReturnReason.SOLD_OUT]
    if any(o["supplier"] == "own" and o["quantity"] <= left for o in sold_out) and (
        "put on sale" not in end.scene.tasks and "load" not in end.scene.tasks
    ):
        yield "an order was refunded as sold out, and codes are left"


async def look_at_sale(scene: Scene) -> list[str]:
    """What is on sale is nobody's: compared by the texts, as the stores of both print them differently."""
    world = scene.world
    if not world.sells_own:
        return []
    async with world.shop.store.reading() as tx:
        values = await tx.stock.values()
        free = [
            code
            for value in values
            for code, _ in await tx.own_codes.next_on_offer(value.id, 0, world.clock.now(), 100)
        ]
        prints = [one for code in free for one in _prints(world.vault, code)]
        known = await tx.codes.known_fingerprints(prints, excluding=0)
    return [f"{len(known)} own codes that an order holds are on sale"] if known else []


def _prints(vault: Vault, code: OwnCode) -> tuple[bytes, ...]:
    try:
        return prints_of(vault, open_own(vault, code))
    except KeyMissing:  # sealed with the key that is lost: nobody sells it
        return ()


def look_at_witness(end: Any) -> Iterator[str]:
    """Nothing is begun by the banned or sold under a pause, and no code leaves a batch that is off sale."""
    yield from noted(end.world.engine.raw)


def look_at_banned(end: Any) -> Iterator[str]:
    """A ban takes nothing away: what they paid for comes or is refunded, and nothing waits for more money."""
    for order in end.orders:
        if order["user_id"] not in end.scene.banned:
            continue
        if order["state"] == "awaiting_payment":
            yield f"order {order['id']} of a banned person still waits for money"
        if order["return_reason"] and order["returned_minor"] + (
            order["delivered_quantity"] * order["unit_price_minor"]
        ) != (order["quantity"] * order["unit_price_minor"]):
            yield f"order {order['id']} of a banned person kept some of their money"


def reservations(end: Any) -> dict[tuple[str, str], list[str]]:
    """The places of the codes that are reserved, by the supplier and its id of an order."""
    found: dict[tuple[str, str], list[str]] = {}
    query = (
        "SELECT r.reference, c.batch_id, c.position FROM own_reservations r"
        " JOIN own_codes c ON c.reservation = r.reference WHERE r.released_at IS NULL"
    )
    for row in _rows(end, query):
        place = f"{row['batch_id']}:{row['position']}"
        found.setdefault(("own", row["reference"]), []).append(place)
    return found


def happened_by_decision(end: Any) -> dict[str, int]:
    """How often something was banned, paused or sold from the own stock."""
    return {
        "own codes are sold": len(reservations(end)),
        "with a ban": end.count("SELECT count(*) FROM users WHERE banned_at IS NOT NULL"),
        "with a pause": end.count("SELECT count(*) FROM pauses WHERE state = 'lifted'"),
    }


def _rows(end: Any, query: str) -> list[dict[str, Any]]:
    cursor = end.world.engine.raw.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _at(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
