"""Watching the clocks: steps of our wall clock, and the difference to those of the suppliers.

Once a minute, and after each step, the shop notes that it is alive and what it has seen of its clocks. A later
process learns by that how long it was closed, whether the clock was set back meanwhile, and what the clock had
skipped before (decision 63).
"""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.alerts import AlertKind
from bot.domain.clocks import Noted, NotedSpan
from bot.domain.payments import LONGEST_LIFETIME
from bot.services.codes.reveal import longest_visible
from bot.services.codes.showing import LASTS
from bot.services.messaging.alerts import repeat_alert, resolve_alert
from bot.services.shop import Shop
from bot.services.timeline import Step
from storage.transaction import Transaction

_ALIVE: Final = "alive"
_NOTED_EVERY_SECONDS: Final = 60.0
_AGAIN_SECONDS: Final = 30.0
_DIFFERS: Final = timedelta(minutes=5)
_TOLD_AGAIN: Final = timedelta(minutes=5)


class ClockWatch:
    """Compares the clocks at each check, and acts on what it finds."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._noted_at: float | None = None
        self._noted_spans: tuple[NotedSpan, ...] = ()
        self._again_until = 0.0
        self._told: dict[str, timedelta] = {}  # by supplier: the difference that was told

    async def check(self) -> None:
        """Raises StorageFailure; then what was not done is done by the next check."""
        shop = self._shop
        known = {name: s.server_time for name, s in shop.suppliers.items() if s.server_time}
        for name, theirs in known.items():
            shop.timeline.compare(name, theirs)
        await self._act_on_steps()
        for name, theirs in known.items():
            await self._tell_difference(name, shop.timeline.difference(theirs))
        now = shop.clock.monotonic()
        if self._noted_at is None or now - self._noted_at >= _NOTED_EVERY_SECONDS:
            noted = shop.timeline.note()
            if shop.timeline.untold_steps():
                return  # it is noted with what is corrected for it, by the next check
            await shop.store.write(_note, noted, spans=noted.spans != self._noted_spans)
            self._remember(noted)

    def _remember(self, noted: Noted) -> None:
        self._noted_at, self._noted_spans = self._shop.clock.monotonic(), noted.spans

    async def _act_on_steps(self) -> None:
        shop = self._shop
        steps = shop.timeline.untold_steps()
        if steps:
            noted = shop.timeline.note()
            await shop.store.write(_act_on_steps, shop, steps, noted)
            shop.timeline.forget_steps(len(steps))
            self._again_until = shop.clock.monotonic() + _AGAIN_SECONDS
            self._remember(noted)
        elif shop.clock.monotonic() < self._again_until:
            # What was being written when the clock was set back has its due time, or its end, by the old one.
            self._again_until = 0.0
            await shop.store.write(_correct_again, shop)

    async def _tell_difference(self, supplier: str, difference: timedelta) -> None:
        told = self._told.get(supplier)
        if abs(difference) < _DIFFERS:
            if told != timedelta(0):  # also at the first look: an earlier process may have told it
                await self._shop.store.write(resolve_alert, self._shop, _difference_key(supplier))
                self._told[supplier] = timedelta(0)
        elif told is None or abs(difference - told) >= _TOLD_AGAIN:
            await self._shop.store.write(_tell_difference, self._shop, supplier, difference)
            self._told[supplier] = difference


def _difference_key(supplier: str) -> str:
    return f"supplier_clock:{supplier}"


async def resume_clock(shop: Shop) -> None:
    """Read at a start when the shop was last alive, and what it had seen of its clocks."""
    async with shop.store.reading() as tx:
        alive = await tx.runs.last(_ALIVE)
        noted = await tx.clocks.noted(alive) if alive is not None else None
    if noted is not None:
        shop.timeline.resume(noted)
    await shop.store.write(_shorten_ends, shop)


async def _note(tx: Transaction, noted: Noted, *, spans: bool) -> None:
    """`spans`: they have changed since they were noted."""
    await tx.runs.set_last(_ALIVE, noted.alive)
    await (tx.clocks.note(noted) if spans else tx.clocks.note_other_clocks(noted))


async def _act_on_steps(tx: Transaction, shop: Shop, steps: list[Step], noted: Noted) -> None:
    """Correct what is stored, and note the steps with it: a later process that knew of one alone would end early.

    What was written since a step lies at or before its `until`, and so do stamps that were moved: a commit
    whose answer was lost is repeated, and moves none twice.
    """
    now, back = shop.clock.now(), [step for step in steps if step.by < timedelta(0)]
    for step in back:
        await tx.stamps.take_back(step.until, -step.by)
    for step in steps:
        await _tell_step(tx, shop, step.by, now)
    if back:
        await _make_work_due(tx, shop)
    await _shorten_ends(tx, shop)
    await _note(tx, noted, spans=True)


async def _correct_again(tx: Transaction, shop: Shop) -> None:
    await _make_work_due(tx, shop)
    await _shorten_ends(tx, shop)


async def _make_work_due(tx: Transaction, shop: Shop) -> None:
    await tx.stamps.make_work_due(shop.clock.now())


async def _shorten_ends(tx: Transaction, shop: Shop) -> None:
    await tx.stamps.shorten_ends(
        shop.clock.now(),
        unpaid=shop.policy.payment_window,
        payment=LONGEST_LIFETIME,
        visible=longest_visible(shop),
        showing=LASTS,
    )


async def _tell_step(tx: Transaction, shop: Shop, step: timedelta, now: datetime) -> None:
    kind, zone = AlertKind.CLOCK_STEPPED, shop.policy.time_zone
    await repeat_alert(
        tx,
        shop,
        "clock_stepped",
        kind,
        **_parts(step),
        now=f"{now.astimezone(zone):%Y-%m-%d %H:%M:%S}",
    )


async def _tell_difference(
    tx: Transaction, shop: Shop, supplier: str, difference: timedelta
) -> None:
    kind = AlertKind.SUPPLIER_CLOCK
    await repeat_alert(
        tx, shop, _difference_key(supplier), kind, supplier=supplier, **_parts(difference)
    )


def _parts(time: timedelta) -> dict[str, str]:
    """How an alert tells a difference between two times: hours, minutes and seconds, and its sign."""
    minutes, seconds = divmod(round(abs(time).total_seconds()), 60)
    by = f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return {"ahead": "yes" if time > timedelta(0) else "no", "by": by}
