"""The shop as a process whose wall clock is set to other times while it runs: libfaketime sets it.

Each test prints what it saw; docs/reliability.md has the table.
"""

import asyncio
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.world import text_of
from tests.e2e.shop import Shopper, order_states
from tests.patience import until

pytestmark = pytest.mark.prove

_PLACES = [
    *Path("/usr/lib").glob("*/faketime/libfaketime.so.1"),
    Path("/usr/local/lib/faketime/libfaketime.so.1"),
]
LIBRARY = next((place for place in _PLACES if place.exists()), None)
needs_library = pytest.mark.skipif(
    LIBRARY is None, reason="libfaketime is not installed (Debian: apt-get install libfaketime)"
)
MINUTE, HOUR, DAY, YEAR = 60, 3600, 86_400, 365 * 86_400
IN_TIME_SECONDS = (
    30.0  # from the press of Buy to the codes: half of the smallest step; without one it is two
)


class Wall:
    """The wall clock of a process: `set` sets it so many seconds ahead of ours."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "faketime"
        self.set(0)

    def set(self, seconds: float) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:+.0f}\n")
        new.rename(self.file)  # never read while half of it is written

    def settings(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
            # With this "fix" a wait for Python's own lock ends at once: its threads spin.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }


@pytest.fixture
def wall(tmp_path_factory: pytest.TempPathFactory) -> Wall:
    return Wall(tmp_path_factory.mktemp("wall"))


async def seconds_to_codes(shopper: Shopper) -> float:
    """Buy one code, and wait for it."""
    before = len(shopper.me.codes())
    await shopper.buy(1)
    began = time.monotonic()
    await shopper.me.until(lambda me: len(me.codes()) > before, IN_TIME_SECONDS)
    return time.monotonic() - began


def backups(folder: Path) -> list[str]:
    return sorted(p.name for p in (folder / "data" / "backups").glob("*.backup"))


def told(what: str, *seen: object) -> None:
    print("|", " | ".join(map(str, (what, *seen))), "|")


@needs_library
@pytest.mark.parametrize("step", [-MINUTE, -HOUR, -DAY, HOUR, 25 * HOUR])
async def test_everybody_is_served_over_a_step(open_shop, shopper, operator, wall, step: int):
    shop = await open_shop(from_shell=True, **wall.settings())
    lina = await shopper()
    waits = [await seconds_to_codes(lina)]

    before = len(lina.me.codes())
    await lina.buy(1)
    wall.set(step)
    began = time.monotonic()
    await lina.me.until(lambda me: len(me.codes()) > before, IN_TIME_SECONDS)
    waits.append(time.monotonic() - began)
    way = "ahead" if step > 0 else "back"
    alert = await operator.reads(f"was set {way} by")
    waits.append(await seconds_to_codes(lina))
    wall.set(0)
    waits.append(await seconds_to_codes(lina))

    told(f"{step:+} s, then right", *(f"{wait:.1f} s" for wait in waits), text_of(alert)[:70])
    assert max(waits) < IN_TIME_SECONDS
    assert not any("refunded" in text_of(m) for m in lina.me.inbox)
    assert backups(shop.folder) == []


async def orders_that_wait(simulation, shopper, shop):
    """Lina has paid for what nobody sells for the moment; Omar has not paid yet."""
    lina, omar = await shopper(), await shopper(6, dinars=0)
    await lina.to_confirm()
    simulation.book.script(Fault(FaultKind.STATUS, "checkProduct", status=503, times=10**6))
    await asyncio.sleep(1.5)  # the price of the confirm screen is too old to buy with
    await lina.me.press(lina.words.plain("button-buy"), lina.me.chat.messages[lina.walk])
    await omar.to_confirm()
    await omar.me.press(omar.words.plain("button-buy-pay"), omar.me.chat.messages[omar.walk])
    await until(lambda: order_states(shop.folder) == ["paid", "awaiting_payment"])
    await asyncio.sleep(3)  # it has been tried to buy
    return lina, omar


async def nothing_has_ended(lina, omar, shop) -> None:
    await asyncio.sleep(1)
    words = " ".join(text_of(m) for m in (*lina.me.inbox, *omar.me.inbox))
    assert "refunded" not in words.lower()
    assert "expired" not in words.lower()
    assert order_states(shop.folder) == ["fulfilled", "awaiting_payment"]


@needs_library
async def test_a_clock_25_hours_ahead_for_a_moment_ends_no_order(
    simulation, pay_shop, shopper, wall
):
    shop = await pay_shop(
        from_shell=True, RETURN_UNBOUGHT_AFTER="1h", PRICE_SHARED_FOR="1s", **wall.settings()
    )
    lina, omar = await orders_that_wait(simulation, shopper, shop)

    wall.set(25 * HOUR)
    await asyncio.sleep(8)
    wall.set(0)
    simulation.book.faults.clear()
    began = time.monotonic()
    await lina.me.until(lambda me: me.codes(), 40)

    told("+25 h for 8 s", f"{time.monotonic() - began:.1f} s", "nothing refunded, nothing expired")
    await nothing_has_ended(lina, omar, shop)


@needs_library
@pytest.mark.long
async def test_a_restart_while_the_clock_is_25_hours_ahead_ends_no_order(
    simulation, pay_shop, shopper, wall
):
    shop = await pay_shop(
        from_shell=True, RETURN_UNBOUGHT_AFTER="1h", PRICE_SHARED_FOR="1s", **wall.settings()
    )
    lina, omar = await orders_that_wait(simulation, shopper, shop)

    wall.set(25 * HOUR)
    await asyncio.sleep(4)
    await shop.kill()
    await shop.start(from_shell=True)
    await asyncio.sleep(15)
    wall.set(0)
    simulation.book.faults.clear()
    began = time.monotonic()
    await lina.me.until(lambda me: me.codes(), 60)

    told("+25 h, restart", f"{time.monotonic() - began:.1f} s", "nothing refunded, nothing expired")
    await nothing_has_ended(lina, omar, shop)


@needs_library
@pytest.mark.long
async def test_a_first_start_a_year_ahead_leaves_a_shop_that_sells_and_keeps_its_nights(
    open_shop, shopper, operator, wall
):
    due = datetime.now(UTC) + timedelta(minutes=3)  # by then it is open, and its clock is right
    due = due.replace(second=0, microsecond=0)
    wall.set(YEAR)
    shop = await open_shop(
        from_shell=True, TIME_ZONE="UTC", NIGHTLY_AT=f"{due:%H:%M}", **wall.settings()
    )
    lina = await shopper()
    waits = [await seconds_to_codes(lina)]
    wall.set(0)
    await operator.reads("was set back by")
    waits.append(await seconds_to_codes(lina))
    await asyncio.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))
    for _ in range(90):
        if backups(shop.folder):
            break
        await asyncio.sleep(1)
    late = datetime.now(UTC) - due
    await asyncio.sleep(35)  # longer than the sweep's pause

    told("a year ahead, then right", *(f"{wait:.1f} s" for wait in waits), f"night after {late}")
    assert max(waits) < IN_TIME_SECONDS
    assert len(backups(shop.folder)) == 1


@needs_library
@pytest.mark.long
async def test_a_night_in_an_hour_that_summer_time_skips_is_worked_once(
    open_shop, shopper, wall, monkeypatch
):
    skipped = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 02:30 in Paris, where it becomes 03:30
    wall.set((skipped - datetime.now(UTC)).total_seconds() - 60)
    shop = await open_shop(
        from_shell=True, TIME_ZONE="Europe/Paris", NIGHTLY_AT="02:30", **wall.settings()
    )
    lina = await shopper()
    waits = [await seconds_to_codes(lina)]
    for _ in range(120):
        if backups(shop.folder):
            break
        await asyncio.sleep(1)
    waits.append(await seconds_to_codes(lina))
    await asyncio.sleep(65)

    told("NIGHTLY_AT in a skipped hour", *(f"{wait:.1f} s" for wait in waits), backups(shop.folder))
    assert len(backups(shop.folder)) == 1
    assert backups(shop.folder)[0].startswith("hanout-20260329-0130")
    assert os.environ.get("LD_PRELOAD") is None
