"""How much time has surely passed, while the wall clock is set to other times."""

from datetime import timedelta

import pytest

from bot.domain.clocks import Noted
from bot.services.timeline import STEP, Timeline
from bot.supplier_ports import ServerTime
from tests.fakes import START, HarnessClock

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
YEAR = timedelta(days=365)


@pytest.fixture
def clock() -> HarnessClock:
    return HarnessClock()


@pytest.fixture
def timeline(clock: HarnessClock) -> Timeline:
    return Timeline(clock.now, clock.monotonic)


def their_time(clock: HarnessClock, ahead: timedelta = timedelta(0)) -> ServerTime:
    return ServerTime(clock.true() + ahead, clock.monotonic())


def taken_steps(timeline: Timeline) -> list[timedelta]:
    steps = timeline.untold_steps()
    timeline.forget_steps(len(steps))
    return [step.by for step in steps]


def test_without_a_step_time_passes_as_on_the_wall(clock, timeline):
    clock.pass_time(7200)

    assert taken_steps(timeline) == []
    assert timeline.older_than(HOUR) == clock.now() - HOUR
    assert timeline.older_than(DAY) == clock.now() - DAY
    assert timeline.surely(DAY) == clock.now()
    assert timeline.highest_age(START) == 2 * HOUR
    assert timeline.highest_age(START - DAY) == DAY + 2 * HOUR


def test_a_clock_that_is_slewed_steps_nowhere(clock, timeline):
    for _ in range(1000):
        clock.pass_time(10)
        clock.step(0.005)
        assert not timeline.look()

    assert taken_steps(timeline) == []
    assert timeline.older_than(HOUR) == clock.now() - HOUR


@pytest.mark.parametrize("step", [-YEAR, -DAY, -HOUR, -60 * SECOND, STEP, HOUR, 25 * HOUR, YEAR])
def test_a_step_is_noticed_once_with_its_direction(clock, timeline, step):
    clock.pass_time(100)
    clock.step(step.total_seconds())
    clock.pass_time(1)

    assert timeline.look()
    assert not timeline.look()
    assert taken_steps(timeline) == [step]
    assert taken_steps(timeline) == []


def test_a_step_knows_what_was_written_since_then(clock, timeline):
    """Steps that are acted on together: stamps of between lie before what the first one moves."""
    clock.step(-DAY.total_seconds())
    clock.pass_time(3)
    between = clock.now()
    timeline.look()
    clock.step(-HOUR.total_seconds())

    first, second = timeline.untold_steps()
    assert (first.until, second.until) == (between, clock.now())
    timeline.forget_steps(1)
    clock.step(3 * DAY.total_seconds())
    assert [step.until for step in timeline.untold_steps()] == [clock.now()] * 2


def test_a_step_of_which_nothing_is_kept_any_more_moves_no_later_stamp(clock, timeline):
    clock.step(-DAY.total_seconds())
    timeline.look()
    latest = clock.now()
    for nth in range(101):
        clock.step(-10 if nth % 2 else 10)
        timeline.look()
        latest = max(latest, clock.now())

    assert timeline.untold_steps()[0].until == latest


@pytest.mark.parametrize("ahead", [HOUR, 25 * HOUR, YEAR])
def test_time_that_the_wall_clock_skipped_makes_nothing_old(clock, timeline, ahead):
    stamp = clock.now()
    clock.pass_time(600)
    clock.step(ahead.total_seconds())
    timeline.look()
    clock.pass_time(600)

    assert timeline.age(stamp) == 1200 * SECOND
    assert timeline.age(clock.now()) == timedelta(0)
    assert timeline.age(stamp + timedelta(minutes=30)) == 600 * SECOND, "skipped, and not confirmed"
    assert stamp <= timeline.older_than(1199 * SECOND)
    assert not stamp < timeline.older_than(1200 * SECOND)
    end = stamp + HOUR  # set an hour ahead
    assert end > timeline.surely(HOUR)
    clock.pass_time(2400)
    assert end <= timeline.surely(HOUR)


def test_a_clock_that_was_ahead_for_a_moment_ends_nothing(clock, timeline):
    stamp = clock.now()
    clock.pass_time(60)
    clock.step(25 * 3600)
    assert timeline.surely(DAY) < stamp + DAY
    clock.pass_time(30)
    during = clock.now()
    clock.step(-25 * 3600)
    clock.pass_time(60)

    assert not stamp < timeline.older_than(151 * SECOND)
    assert stamp <= timeline.older_than(149 * SECOND)
    assert timeline.age(stamp) == 150 * SECOND
    assert timeline.age(during) == timedelta(0), "a stamp from the future has no age"
    assert during > timeline.older_than(timedelta(0))
    assert taken_steps(timeline) == [25 * HOUR, -25 * HOUR]


def test_a_clock_that_was_set_back_makes_nothing_older(clock, timeline):
    stamp = clock.now()
    clock.pass_time(7200)
    clock.step(-3600)

    assert stamp <= timeline.older_than(HOUR)
    assert not stamp < timeline.older_than(HOUR + SECOND)
    assert timeline.age(stamp) == HOUR
    assert timeline.age(clock.now() - SECOND) == SECOND, "written since, or moved back"
    assert timeline.surely(HOUR) == clock.now()


def test_an_age_at_most_counts_what_was_skipped_and_what_was_gone_through_twice(clock, timeline):
    stamp = clock.now()
    clock.pass_time(100)
    clock.step(3600)
    clock.pass_time(100)
    assert timeline.highest_age(stamp) == HOUR + 200 * SECOND
    assert timeline.highest_age(stamp + HOUR) == 200 * SECOND, "in the hour that was skipped"
    clock.step(-7200)
    assert timeline.highest_age(stamp) == HOUR + 200 * SECOND
    assert timeline.highest_age(clock.now() + DAY) == timedelta.max
    clock.pass_time(7400)
    assert timeline.highest_age(stamp + 3700 * SECOND) == 7500 * SECOND, "it may be of before"


def test_another_clock_confirms_what_has_really_passed(clock, timeline):
    stamp = clock.now()
    timeline.compare("supplier", their_time(clock, 3 * HOUR))
    clock.pass_time(60)
    # The machine slept for two hours: its monotonic clock stood still.
    clock.step(7200)
    asleep = timedelta(hours=2)
    assert not stamp < timeline.older_than(HOUR)

    timeline.compare("supplier", their_time(clock, 3 * HOUR + asleep))

    assert timeline.age(stamp) == asleep + 60 * SECOND
    assert timeline.age(clock.now() - HOUR) == HOUR, "of the time that was slept through"
    assert stamp <= timeline.older_than(2 * HOUR)
    assert not stamp < timeline.older_than(2 * HOUR + 61 * SECOND)
    assert timeline.surely(HOUR) == clock.now()


def test_another_clock_confirms_no_more_than_has_passed(clock, timeline):
    stamp = clock.now()
    timeline.compare("supplier", their_time(clock))
    clock.pass_time(60)
    clock.step(25 * 3600)
    clock.pass_time(60)

    timeline.compare("supplier", their_time(clock))
    timeline.compare("another", their_time(clock))

    assert not stamp < timeline.older_than(121 * SECOND)


def test_a_stop_counts_as_far_as_another_clock_confirms_it(clock):
    stamp, alive = clock.now(), clock.now() + HOUR
    clock.moment += 2 * DAY
    timeline = Timeline(clock.now, clock.monotonic)
    timeline.resume(Noted(alive, known={"supplier": (alive, alive)}))
    assert stamp <= timeline.older_than(HOUR)
    assert not stamp < timeline.older_than(HOUR + SECOND)
    assert abs(timeline.age(stamp) - HOUR) < timedelta(milliseconds=5)
    assert taken_steps(timeline) == []

    timeline.compare("supplier", their_time(clock))

    assert stamp <= timeline.older_than(2 * DAY - SECOND)
    assert abs(timeline.older_than(3 * DAY) - (clock.now() - 3 * DAY)) < timedelta(milliseconds=5)
    assert timeline.older_than(DAY) == clock.now() - DAY, "within the stop"


def test_a_clock_that_was_set_back_during_a_stop_is_noticed(clock):
    alive = clock.now()
    clock.step(-3600)
    timeline = Timeline(clock.now, clock.monotonic)

    timeline.resume(Noted(alive))

    assert taken_steps(timeline) == [-HOUR]
    assert timeline.older_than(HOUR) == clock.now() - HOUR


def test_the_difference_to_another_clock_follows_a_step_of_ours(clock, timeline):
    theirs = their_time(clock, 3 * HOUR)
    clock.pass_time(30)
    assert timeline.difference(theirs) == 3 * HOUR
    clock.step(3600)
    assert timeline.difference(theirs) == 2 * HOUR


def test_only_the_last_steps_are_remembered(clock, timeline):
    stamp = clock.now()
    for _ in range(120):
        clock.pass_time(10)
        clock.step(10)
        timeline.look()

    assert len(taken_steps(timeline)) == 120
    assert timeline.older_than(timedelta(seconds=1000)) >= stamp
