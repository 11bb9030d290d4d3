"""What became of everybody and everything after a trial: from outside, and from the books."""

import asyncio
import signal
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.crash.kills import look, until_quiet
from tests.e2e.forked import start_hanout
from tests.failover.arena import Arena

CREDITED_WITHIN_SECONDS = 30.0
_SETTLE_SECONDS = 40.0
_OPEN_TIMES = 3
_LATEST_CODE_SECONDS = 330.0  # a showing that was interrupted lasts five minutes
_OF_AN_ORDER = (
    "SELECT id, user_id, state, attention, settled_at, quantity, delivered_quantity FROM orders WHERE supplier_order_id = $1",
    "SELECT o.* FROM outbox o JOIN orders r ON r.id = o.order_id WHERE r.supplier_order_id = $1",
    "SELECT s.* FROM showings s JOIN orders r ON r.id = s.order_id WHERE r.supplier_order_id = $1",
    "SELECT m.* FROM code_messages m JOIN orders r ON r.id = m.order_id WHERE r.supplier_order_id = $1",
    "SELECT c.position, c.deliver FROM codes c JOIN orders r ON r.id = c.order_id WHERE r.supplier_order_id = $1",
)
_ENDS = (0, 75, -signal.SIGKILL)


@dataclass
class Verdict:
    """`harm`: what must be zero in every trial. `late`: where a trial forbids it."""

    presses: int = 0
    payments: int = 0
    orders: int = 0
    codes: int = 0
    slowest_credit: float = 0.0
    late: int = 0
    harm: dict[str, int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        return not any(self.harm.values())

    def words(self) -> str:
        found = [f"{what}: {count}" for what, count in self.harm.items() if count]
        return "; ".join(found) or "0 lost, doubled, leaked"


async def judge(arena: Arena) -> Verdict:
    """Let the load end, wait until the shop is quiet, and look. The shop must be reachable for its people by now."""
    await arena.end_load()
    await _settle(arena)
    verdict = Verdict()
    _presses(arena, verdict)
    _payments(arena, verdict)
    verdict.harm["updates not handled"] = await arena.unhandled()
    if verdict.harm["updates not handled"]:
        verdict.said += await arena.open_updates()
    await until_quiet(arena.simulation, arena.shop, arena.operator, arena.figures)
    await _until_shown(arena, verdict)
    await look(arena.simulation, arena.shop, arena.buyers, arena.figures)
    verdict.harm |= arena.figures.harm
    verdict.orders, verdict.codes = arena.figures.orders, arena.figures.codes
    verdict.harm["audit"] = await _audit(arena, verdict)
    verdict.harm["ends with an error"] = _ends(arena, verdict)
    return verdict


async def _settle(arena: Arena) -> None:
    """Wait until every press is answered, every update handled and every payment credited; or for long enough."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    while time.monotonic() < deadline:
        open_payments = set(_charges(arena)) - set(arena.credited)
        if not arena.recorder.unanswered() and not open_payments and not await arena.unhandled():
            return
        await asyncio.sleep(0.25)


def _charges(arena: Arena) -> dict[str, float]:
    """When each charge was made, by its id."""
    return {charge: at for payer in arena.payers for charge, at in payer.paid.items()}


def _presses(arena: Arena, verdict: Verdict) -> None:
    recorder = arena.recorder
    verdict.presses = len(recorder.presses)
    unanswered, late = recorder.unanswered(), recorder.late()
    verdict.harm["presses without an answer"] = len(unanswered)
    verdict.late = len(late)
    now = time.monotonic()
    verdict.said += [
        f"no answer: {p.data} of {p.chat}, {now - p.at:.1f} s ago" for p in unanswered[:_OPEN_TIMES]
    ]
    verdict.said += late[:_OPEN_TIMES]


def _payments(arena: Arena, verdict: Verdict) -> None:
    made = _charges(arena)
    verdict.payments = len(made)
    took = {charge: arena.credited.get(charge, float("inf")) - at for charge, at in made.items()}
    verdict.slowest_credit = max(took.values(), default=0.0)
    slow = [charge for charge, seconds in took.items() if seconds > CREDITED_WITHIN_SECONDS]
    verdict.harm["payments in Stars not credited in 30 s"] = len(slow)
    verdict.said += [
        f"{charge}: credited after {took[charge]:.1f} s" for charge in slow[:_OPEN_TIMES]
    ]


def _not_shown(arena: Arena) -> dict[str, str]:
    """The supplier's order of each code that was handed out and that nobody has seen."""
    book, vouchers = arena.simulation.book, arena.simulation.vouchers
    handed_out = {card["value"]: order.id for order in book.orders.values() for card in order.cards}
    for order in vouchers.orders.values():
        shown = order.vouchers[: order.shown_vouchers]
        handed_out |= {voucher["card_number"]: str(order.id) for voucher in shown}
    seen = {code for buyer in arena.buyers for code in buyer.shopper.me.ever_saw()}
    return {code: number for code, number in handed_out.items() if code not in seen}


async def _until_shown(arena: Arena, verdict: Verdict) -> None:
    """Wait until every code was shown: one that comes late is no lost one, and is told."""
    began = time.monotonic()
    late = set(_not_shown(arena).values())
    while time.monotonic() < began + _LATEST_CODE_SECONDS and _not_shown(arena):
        await asyncio.sleep(1)
    if late:
        seconds = time.monotonic() - began
        verdict.said.append(
            f"codes of {sorted(late)} were shown up to {seconds:.0f} s after all else"
        )
    for number in sorted(set(_not_shown(arena).values())):
        for statement in _OF_AN_ORDER:
            rows = await arena.cluster.query(statement, number)
            verdict.said += [f"not shown, {number}: {dict(row)}" for row in rows]


async def _audit(arena: Arena, verdict: Verdict) -> int:
    """1 where `hanout audit` is not content."""
    said = arena.folder / "audit.log"
    settings = arena.shop.settings
    process = start_hanout("audit", settings=settings, folder=arena.folder, said=said)
    status = await asyncio.wait_for(process.wait(), 120)
    if status:
        verdict.said += said.read_text().splitlines()[-5:]
    return int(status != 0)


def _ends(arena: Arena, verdict: Verdict) -> int:
    """How often a process ended otherwise than by a signal of ours, in order, or for another leader."""
    count = 0
    for machine in arena.machines:
        odd = [status for _, status in machine.ends if status not in _ENDS]
        count += len(odd)
        if odd:
            verdict.said += [
                f"machine {machine.number} ended with {odd}",
                *machine.log.splitlines()[-12:],
            ]
        verdict.said += _tracebacks(machine.log)
    return count


def _tracebacks(log: str) -> list[str]:
    """The first and the last line of each kind of traceback, and how often it came."""
    kinds = Counter[tuple[str, str]]()
    lines = iter(log.splitlines())
    last = ""
    for line in lines:
        if line.startswith("Traceback"):
            end = next((text for text in lines if text and not text.startswith(" ")), "")
            kinds[last[24:], end] += 1
        last = line
    return [f"{count} times: {where}: {end}" for (where, end), count in kinds.items()]
