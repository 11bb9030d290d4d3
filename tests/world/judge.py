"""Is the end of a scene right? Read from outside: the suppliers' books, what people saw, and the ledger."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.domain.jobs import Job
from bot.domain.schedule import GIVE_UP_RECONCILING_AFTER_SECONDS, LONGEST_WAIT_SECONDS
from bot.services.operations.audit import audit_books, audit_supplier
from tests.harness import books_agree
from tests.world.own_judge import (
    happened_by_decision,
    let_operators_act,
    look_at_banned,
    look_at_sale,
    look_at_stock,
    look_at_witness,
    reservations,
)
from tests.world.own_situations import LINA
from tests.world.scene import Scene

_ENDED = ("fulfilled", "partial", "refunded", "cancelled", "expired")
_TOLD_ONCE = ("returned", "ended", "credited", "payment", "receipt", "alert")


@dataclass
class Verdict:
    """`happened` counts what must happen somewhere, or the search looked at nothing."""

    problems: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)


async def judge(scene: Scene) -> Verdict:
    """Let the shop run on by itself for a day, and then look at everything."""
    await _run_on(scene)
    verdict = Verdict(list(scene.raised))
    try:
        await books_agree(scene.world)
    except AssertionError as wrong:
        verdict.problems.append(f"the books disagree: {str(wrong).splitlines()[:1]}")
    end = _End(scene)
    for look in (
        *(_orders, _in_time, _purchases, _codes, _messages, _money),
        *(look_at_stock, look_at_banned, look_at_witness),
    ):
        verdict.problems += look(end)
    verdict.problems += await look_at_sale(scene)
    verdict.problems += [text async for text in _audits(scene, end)]
    verdict.happened = _happened(end)
    return verdict


async def _run_on(scene: Scene) -> None:
    """Only what is due or was woken runs: a wake-up that was lost is missed here."""
    world = scene.world
    if {"second process", "fault"} & scene.disturbed:
        # What another process wrote wakes nobody here; a minute later each sweep looks by itself.
        world.clock.pass_time(60)
        for sweep in world.sweeps:
            await world.agenda.reschedule(sweep)
    await world.clock_watch.check()  # a sweep of its own, which the world leaves out
    await world.run(70)
    await let_operators_act(scene)
    for order_id in list(world.vouchers.orders):
        world.vouchers.release(order_id)
    await world.run(GIVE_UP_RECONCILING_AFTER_SECONDS + 120)
    if {"clock", "crash"} <= scene.disturbed:
        # A step that no process has lived to see may put a look off, by as long as looks are ever apart.
        world.clock.pass_time(LONGEST_WAIT_SECONDS)
        await world.run(70)
    # What is left for the next day: codes are covered, and what nobody paid expires.
    world.leave_out(*(set(Job) - {Job.HIDE, Job.OUTBOX, Job.UNPAID, Job.PAYMENTS, Job.STOCK}))
    world.clock.pass_time(25 * 3600)
    await world.run(60)


class _End:
    """The rows and messages that the checks read."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.world = scene, scene.world
        self.disturbed, self.facts = scene.disturbed, scene.facts
        raw = scene.world.engine.raw
        cursor = raw.execute("SELECT * FROM orders ORDER BY id")
        names = [column[0] for column in cursor.description]
        self.orders = [dict(zip(names, row, strict=True)) for row in cursor]
        self.sent = scene.world.sender.sent
        self.new = self.sent[scene.told_before :]
        self.alerts = [s.data for s in self.sent if s.kind == "alert"]

    def count(self, query: str) -> int:
        found: int = self.world.engine.raw.execute(query).fetchone()[0]
        return found

    def bought(self) -> dict[tuple[str, str], list[str]]:
        """The codes of each order at a supplier, by the supplier and its id."""
        world = self.world
        first = {
            ("oneclickdz", o.id): [card["value"] for card in o.cards]
            for o in world.book.orders.values()
        }
        second = {
            ("starship", str(o.id)): [v["card_number"] for v in o.vouchers]
            for o in world.vouchers.orders.values()
        }
        return first | second | reservations(self)

    def never_shown(self) -> set[str]:
        """The orders whose codes their supplier has shown to nobody, and shows no more."""
        orders = self.world.vouchers.orders.values()
        return {str(o.id) for o in orders if o.hidden and not o.shown_vouchers}

    def is_told(self, name: str) -> bool:
        """Whether an alert names this, an order at a supplier perhaps."""
        return any(name in data.values() for data in self.alerts)


def _orders(end: _End) -> Iterator[str]:
    """Every order ends, or stands before an operator; one that nothing disturbed is delivered."""
    for order in end.orders:
        name = f"order {order['id']} ({order['state']})"
        if order["state"] not in _ENDED and not order["attention"]:
            yield f"{name} never ends"
        quiet = not end.disturbed - {"second process", "clock"}
        if order["id"] in end.facts.faultless and quiet and order["state"] != "fulfilled":
            yield f"{name} met no fault, and is not delivered"


def _in_time(end: _End) -> Iterator[str]:
    """An order that nobody ended by hand waits its whole time for its money, or to be bought, by true time."""
    policy, since = end.world.shop.policy, end.world.since
    for order in end.orders:
        number, state = order["id"], order["state"]
        if state == "expired":
            began, least = "awaiting_payment", policy.payment_window
        elif state == "refunded" and order["return_reason"] == "supplier_down":
            began, least = "paid", policy.return_unbought_after
        else:
            continue
        waited = since[number, state] - since[number, began]
        if waited < least and "refund" not in end.disturbed:
            yield f"order {number} is {state} after {waited}, and its time is {least}"


def _purchases(end: _End) -> Iterator[str]:
    """Nothing is bought twice or for nobody without an operator who is told."""
    bound = {(o["supplier"], o["supplier_order_id"]): o for o in end.orders}
    bought = end.bought()
    wanted = sum(order["sent_at"] is not None for order in end.orders)
    if len(bought) > wanted:
        yield f"{len(bought)} orders at suppliers for {wanted} of ours"
    for (supplier, number), codes in bought.items():
        order = bound.get((supplier, number))
        if order is None:
            if not end.is_told(number):
                yield "an order at a supplier belongs to nobody, and no operator is told"
        elif order["state"] != "refunded" or not codes or number in end.never_shown():
            continue
        elif "refund" not in end.disturbed:
            # An operator who refunds an order that the supplier handles is asked first.
            yield f"order {order['id']} was refunded, and the supplier gave codes for it"


def _codes(end: _End) -> Iterator[str]:
    """Codes reach their owner, once, and are covered when their time is over."""
    showings: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for message in end.sent:
        if message.kind == "codes":
            for code in message.codes:
                showings[code].append((message.user_id, message.again))
    again_allowed = {"crash", "fault"} & end.disturbed
    for seen in showings.values():
        if len({user for user, _ in seen}) > 1:
            yield "a code went to two people"
        if sum(not again for _, again in seen) > 1 and not again_allowed:
            yield "codes were delivered twice, and it did not count as showing them again"
        if end.facts.once and len(seen) > 1 and not again_allowed:
            yield "codes that are shown once were shown twice"
    for order in end.orders:
        if order["delivered_quantity"] and not any(
            s.kind == "codes" and s.order is not None and s.order.id == order["id"]
            for s in end.sent
        ):
            yield f"the codes of order {order['id']} were never sent"
    if open_ones := end.count("SELECT count(*) FROM code_messages WHERE hidden_at IS NULL"):
        yield f"{open_ones} messages of codes stay uncovered"


def _messages(end: _End) -> Iterator[str]:
    """Everybody is told how it ended, once; nothing waits for ever."""
    waiting = "SELECT count(*) FROM outbox WHERE state = 'pending'"
    if left := end.count(waiting):
        yield f"{left} messages never leave the outbox"
    told = {s.order.id for s in end.sent if s.order and s.kind in ("codes", "returned", "ended")}
    for order in end.orders:
        silent = ("cancelled", "awaiting_payment")
        if order["state"] in _ENDED and order["state"] not in silent and order["id"] not in told:
            yield f"nobody told the customer how order {order['id']} ended"
    if {"crash", "fault", "second process"} & end.disturbed:
        return
    # Whoever sets the clock runs the sweeps too: beside `send` that is a second sender, and alerts
    # are promised at least once. Those about clocks are told at each step.
    clock_was_set = any(_is_about_a_clock(s.data) for s in end.new)
    said = Counter(
        (
            s.kind,
            s.user_id,
            s.order.id if s.order else 0,
            s.payment.id if s.payment else 0,
            s.note.what if s.note else "",
            repr(sorted(s.data.items())),
        )
        for s in end.new
        if s.kind in _TOLD_ONCE and not (clock_was_set and s.kind == "alert")
    )
    for (kind, *_), times in said.items():
        if times > 1:
            yield f"told {times} times: {kind}"


def _is_about_a_clock(data: Any) -> bool:
    """Told at each step and each difference: two people who set the clock are two steps."""
    return {"ahead", "by"} <= set(data)


def _money(end: _End) -> Iterator[str]:
    """What the payments brought is in the wallet, in orders, or went back."""
    credited = end.count(
        "SELECT coalesce(sum(paid_minor), 0) FROM payments WHERE state = 'credited'"
    )
    booked = end.count(
        "SELECT coalesce(sum(e.amount_minor), 0) FROM entries e JOIN postings p ON p.id = e.posting_id"
        f" WHERE e.account = 'wallet:{LINA}' AND p.kind IN ('payment', 'payback')"
    )
    gone = end.count("SELECT count(*) FROM payments WHERE state IN ('returning', 'returned')")
    if credited != booked and not gone:
        yield f"payments credited {credited}, the wallet got {booked}"


async def _audits(scene: Scene, end: _End) -> Any:
    """What the nightly audit would say, except of what an operator has been told already."""
    world = scene.world
    found = await audit_books(world.shop.store, world.shop.clock)
    for name in world.shop.suppliers:
        span = timedelta(days=3)
        found += await audit_supplier(
            world.shop.store, world.shop.suppliers[name], world.shop.clock, span
        )
    for audited in found:
        for difference in audited.differences:
            if not _is_known(end, difference.subject):
                yield f"audit: {difference.text}"


def _is_known(end: _End, key: str) -> bool:
    if end.is_told(key):
        return True
    by_id = {f"#{order['id']}": order for order in end.orders}
    order = by_id.get(key)
    return order is not None and ("refund" in end.disturbed or bool(order["attention"]))


def _happened(end: _End) -> Counter[str]:
    found: Counter[str] = Counter(f"an order is {order['state']}" for order in end.orders)
    found.update(f"a person reads {message.kind}" for message in end.new)
    found.update({"codes are covered": len(end.world.sender.masked)})
    found.update(
        f"a payment is {state}"
        for (state,) in end.world.engine.raw.execute("SELECT state FROM payments")
    )
    found.update(f"with a {what}" for what in end.disturbed)
    found.update(happened_by_decision(end))
    return Counter({what: 1 for what, times in found.items() if times})
