"""Nightly work is done once for each night, whatever the clock does, and noted when it is done."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.nights import night_begins, night_of
from bot.errors import ArchiveFailure
from bot.services.operations.nightly import nightly_due, run_nightly
from storage.tables import last_runs
from tests.fakes import START
from tests.harness import ShopHarness
from tests.integration.readings import only_alert, rows

HOUR, DAY, YEAR = 3600, 86_400, 365 * 86_400
PARIS = ZoneInfo("Europe/Paris")


class Archive:
    """Implements the Archive port: notes when it kept a backup, fails, or is killed in the middle."""

    def __init__(self, harness: ShopHarness) -> None:
        self.harness = harness
        self.kept: list[datetime] = []
        self.tried: list[datetime] = []
        self.failure: Exception | None = None

    async def keep(self) -> Path:
        self.tried.append(self.harness.clock.now())
        if self.failure is not None:
            raise self.failure
        self.kept.append(self.harness.clock.now())
        return Path("x")


@pytest.fixture
async def archive(harness: ShopHarness) -> Archive:
    made = harness.shop.archive = Archive(harness)
    await run_nightly(harness.shop)  # a new shop waits for its first night
    return made


async def live(harness: ShopHarness, seconds: int, every: int = 30) -> None:
    """The sweep of nightly work, every so many seconds."""
    for _ in range(0, seconds, every):
        harness.clock.pass_time(every)
        await run_nightly(harness.shop)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def test_a_night_has_one_instant_also_where_the_zone_skips_or_repeats_an_hour():
    at = time(2, 30)
    for night, begins in (
        (date(2026, 3, 28), utc(2026, 3, 28, 1, 30)),
        (date(2026, 3, 29), utc(2026, 3, 29, 1, 30)),  # 02:30 is skipped
        (date(2026, 3, 30), utc(2026, 3, 30, 0, 30)),
        (date(2026, 10, 25), utc(2026, 10, 25, 0, 30)),  # 02:30 comes twice: the first
        (date(2026, 10, 26), utc(2026, 10, 26, 1, 30)),
    ):
        assert night_begins(night, at, PARIS) == begins
        assert night_of(begins, at, PARIS) == night
        assert night_of(begins - timedelta(seconds=1), at, PARIS) == night - timedelta(days=1)


@pytest.mark.parametrize("start", [utc(2026, 3, 28, 20), utc(2026, 10, 24, 20)])
async def test_a_change_of_summer_time_brings_one_run_each_night(
    harness: ShopHarness, archive: Archive, start: datetime
):
    harness.set_policy(time_zone=PARIS, nightly_at=time(2, 30))
    harness.clock.step((start - harness.clock.now()).total_seconds())
    await run_nightly(harness.shop)
    assert archive.kept == []

    await live(harness, 2 * DAY, every=900)

    assert [kept.date() - start.date() for kept in archive.kept] == [
        timedelta(days=1),
        timedelta(days=2),
    ]


@pytest.mark.parametrize("step", [-60, -HOUR, -DAY, HOUR, 25 * HOUR])
async def test_a_step_of_the_clock_after_a_night_brings_no_second_run(
    harness: ShopHarness, archive: Archive, step: int
):
    await live(harness, DAY, every=900)
    assert len(archive.kept) == 1
    await harness.set_clock(step)
    await live(harness, 600)
    await harness.set_clock(-step)
    await live(harness, 600)
    assert len(archive.kept) == 1

    await live(harness, DAY, every=900)

    assert len(archive.kept) == 2


async def test_a_new_shop_whose_clock_is_set_back_a_day_waits_for_its_first_night_all_the_same(
    harness: ShopHarness, archive: Archive
):
    await harness.set_clock(-DAY)
    await live(harness, 600)

    assert archive.kept == []


@pytest.mark.parametrize("step", [-60, -600])
async def test_a_night_whose_hour_comes_twice_because_the_clock_was_set_back_is_run_once(
    harness: ShopHarness, archive: Archive, step: int
):
    harness.clock.moment = START.replace(day=22, hour=2, minute=20)  # 03:20 in Algiers
    await live(harness, 660)
    assert len(archive.kept) == 1
    await harness.set_clock(step)

    await live(harness, 1800)

    assert len(archive.kept) == 1


async def test_a_night_that_the_clock_skipped_to_for_good_is_run_an_hour_later(
    harness: ShopHarness, archive: Archive
):
    await harness.set_clock(DAY)
    await live(harness, HOUR - 60)
    assert archive.kept == []

    await live(harness, 180)

    assert len(archive.kept) == 1


async def test_a_first_start_a_year_ahead_stops_no_night(harness: ShopHarness):
    archive = harness.shop.archive = Archive(harness)
    harness.clock.step(YEAR)
    harness.restart()
    harness.shop.archive = archive
    await run_nightly(harness.shop)
    await live(harness, DAY, every=900)
    assert len(archive.kept) == 1
    await harness.set_clock(-YEAR)

    await live(harness, DAY, every=900)

    assert len(archive.kept) == 2


async def test_a_night_that_a_killed_process_left_is_made_up_for_and_told(
    harness: ShopHarness, archive: Archive
):
    class Killed(BaseException):
        pass

    archive.failure = Killed()  # type: ignore[assignment]
    with pytest.raises(Killed):
        await live(harness, DAY, every=900)
    archive.failure = None
    harness.restart()
    harness.shop.archive = archive
    await live(harness, 60)
    await harness.round()

    assert len(archive.kept) == 1
    assert only_alert(harness, AlertKind.NIGHT_INTERRUPTED)["night"] == "2026-11-22"
    await live(harness, 2 * HOUR)
    await harness.round()
    assert len(archive.kept) == 1
    assert len(harness.sender.alerts(AlertKind.NIGHT_INTERRUPTED)) == 1


async def test_a_night_that_fails_is_tried_again_ever_more_rarely_and_told_once(
    harness: ShopHarness, archive: Archive
):
    archive.failure = ArchiveFailure("full")
    harness.clock.moment = START.replace(day=22, hour=2, minute=30)
    await live(harness, 8 * HOUR)
    await harness.round()

    waits = [b - a for a, b in zip(archive.tried, archive.tried[1:], strict=False)]
    assert [w.total_seconds() for w in waits[:4]] == [60, 120, 240, 480]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)
    assert len(harness.sender.alerts(AlertKind.BACKUP_FAILED)) == 1
    async with harness.store.reading() as tx:
        due = await nightly_due(tx, harness.shop)
    assert harness.clock.now() < due <= harness.clock.now() + timedelta(hours=1)
    archive.failure = None
    await live(harness, HOUR + 60)
    assert len(archive.kept) == 1
    assert harness.shop.night.rests_until == 0.0


async def test_a_part_that_is_done_is_not_done_again_for_the_sake_of_another(
    harness: ShopHarness, archive: Archive, monkeypatch
):
    from bot.services.operations import nightly

    async def fails(_shop, **_how):
        raise KeyError("audit")

    monkeypatch.setattr(nightly, "audit_now", fails)
    harness.clock.moment = START.replace(day=22, hour=2, minute=30)
    with pytest.raises(KeyError):
        await run_nightly(harness.shop)
    assert not await run_nightly(harness.shop), "it rests"
    monkeypatch.undo()

    await live(harness, 120)

    assert len(archive.kept) == 1
    assert not await run_nightly(harness.shop)


async def test_a_night_that_an_earlier_edition_noted_is_not_run_again(harness: ShopHarness):
    archive = harness.shop.archive = Archive(harness)

    async def note(tx):
        await tx.runs.set_last("nightly", START - timedelta(hours=6))

    await harness.store.write(note)
    assert not await run_nightly(harness.shop)
    await live(harness, DAY, every=900)

    assert len(archive.kept) == 1


async def test_notes_of_old_nights_are_forgotten(harness: ShopHarness, archive: Archive):
    for _ in range(40):
        await live(harness, DAY, every=DAY)

    kept = [row.name for row in await rows(harness, last_runs) if row.name.startswith("nightly ")]
    assert len(archive.kept) == 40
    assert 3 * 30 <= len(kept) <= 3 * 32


async def test_what_is_done_is_due_again_with_the_next_night(
    harness: ShopHarness, archive: Archive
):
    await live(harness, DAY, every=DAY)
    assert len(archive.kept) == 1

    async with harness.store.reading() as tx:
        due = await nightly_due(tx, harness.shop)

    assert timedelta(0) < due - harness.clock.now() <= timedelta(days=1)
    policy = harness.shop.policy
    assert due.astimezone(policy.time_zone).time() == policy.nightly_at
