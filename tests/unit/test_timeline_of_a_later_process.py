"""A later process continues with what an earlier one had seen of its clocks."""

from datetime import timedelta

import pytest

from bot.services.timeline import Timeline
from bot.supplier_ports import ServerTime
from tests.fakes import START, HarnessClock

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
ROUNDING = timedelta(milliseconds=10)
STEPS = [(25, -25), (25, 25), (-1, 25), (25, -1, 3), (-2, -3), (1, 1, 1, -3)]


@pytest.fixture
def clock() -> HarnessClock:
    return HarnessClock()


def begun(clock: HarnessClock) -> Timeline:
    return Timeline(clock.now, clock.monotonic)


def later(clock: HarnessClock, earlier: Timeline, stopped: float = 5) -> Timeline:
    """The next process, so many seconds after the earlier one had noted what it knew."""
    noted = earlier.note()
    clock.pass_time(stopped)
    timeline = begun(clock)
    timeline.resume(noted)
    return timeline


def about(time: timedelta, seconds: float) -> bool:
    return abs(time.total_seconds() - seconds) < ROUNDING.total_seconds()


def tell(timeline: Timeline, clock: HarnessClock) -> None:
    """Another clock answers, which is three hours off."""
    timeline.compare("supplier", ServerTime(clock.true() - 3 * HOUR, clock.monotonic()))


def test_what_was_skipped_before_a_stop_counts_no_more_after_it(clock):
    timeline = begun(clock)
    tell(timeline, clock)
    clock.pass_time(60)
    clock.step(25 * 3600)
    timeline.look()
    for _ in range(3):
        clock.pass_time(10)
        timeline = later(clock, timeline)
        assert timeline.age(START) <= 105 * SECOND
        tell(timeline, clock)

    assert about(timeline.age(START), 105)
    assert timeline.older_than(106 * SECOND) < START < timeline.older_than(104 * SECOND)
    assert timeline.untold_steps() == []
    assert about(timeline.highest_age(START), 25 * 3600 + 105)


@pytest.mark.parametrize("steps", STEPS)
@pytest.mark.parametrize("answers", [True, False])
def test_no_stamp_is_found_older_than_it_is_over_steps_and_stops(clock, steps, answers):
    timeline = begun(clock)
    tell(timeline, clock)
    stamp = clock.now()
    for step in steps:
        clock.pass_time(600)
        clock.step(step * 3600)
        timeline.look()
        if stamp > clock.now():  # as `StampRepository.take_back` moves it
            stamp += step * HOUR
        clock.pass_time(10)
        if answers:
            tell(timeline, clock)
        timeline = later(clock, timeline, 300)
        if answers:
            tell(timeline, clock)

        age = timedelta(seconds=clock.monotonic())
        assert timeline.age(stamp) <= age + ROUNDING
        assert timeline.older_than(age + ROUNDING) <= stamp
        assert timeline.highest_age(stamp) >= age - ROUNDING


def test_the_stop_of_an_earlier_process_is_confirmed_by_a_later_answer(clock):
    timeline = begun(clock)
    tell(timeline, clock)
    clock.pass_time(60)
    timeline = later(clock, timeline, 3600)
    clock.pass_time(60)
    timeline = later(clock, timeline, 1800)
    assert about(timeline.age(START), 120)
    tell(timeline, clock)

    assert about(timeline.age(START), clock.monotonic())


def test_an_answer_of_long_ago_does_not_confirm_what_was_skipped_since(clock):
    """Two days pass without one, in which the shop was closed and opened again."""
    timeline = begun(clock)
    tell(timeline, clock)
    timeline = later(clock, timeline, 2 * 86_400)
    clock.pass_time(60)
    paid = clock.now()
    clock.step(25 * 3600)
    timeline = later(clock, timeline)
    tell(timeline, clock)

    assert timeline.age(START) <= timedelta(seconds=clock.monotonic()) + ROUNDING
    assert about(timeline.age(paid), 5)


def test_only_the_last_spans_are_kept_over_many_stops(clock):
    timeline = begun(clock)
    for _ in range(120):
        timeline = later(clock, timeline)

    assert len(timeline.note().spans) == 100
