"""What became of everybody and everything after a trial: from outside, and from the books."""

import asyncio
import signal
import time
from dataclasses import dataclass, field

from tests.crash.kills import look, until_quiet
from tests.e2e.forked import start_hanout
from tests.failover.arena import Arena

CREDITED_WITHIN_SECONDS = 30.0
_SETTLE_SECONDS = 40.0
_OPEN_TIMES = 3
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
    await until_quiet(arena.simulation, arena.shop, arena.operator, arena.figures)
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
        if odd or "Traceback" in machine.log:
            verdict.said += [
                f"machine {machine.number} ended with {odd}",
                *machine.log.splitlines()[-25:],
            ]
    return count
