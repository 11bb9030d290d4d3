"""Spans, months and bars: a day is one of the shop's time zone, also where clocks are changed."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.books import Month
from bot.domain.periods import MOST_BARS, Span, bars, before, midnight, offsets, since

ALGIERS = ZoneInfo("Africa/Algiers")
PARIS = ZoneInfo("Europe/Paris")
BEIRUT = ZoneInfo("Asia/Beirut")  # clocks are changed at midnight there
NOW = datetime(2026, 11, 27, 14, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOMENTS = st.integers(1_577_836_800, 1_893_456_000).map(lambda it: datetime.fromtimestamp(it, UTC))
ZONES = st.sampled_from([ALGIERS, PARIS, BEIRUT, ZoneInfo("Asia/Kathmandu"), ZoneInfo("UTC")])


def test_spans_begin_at_midnight_and_today_counts_as_a_day():
    assert since(Span.TODAY, NOW, ALGIERS) == datetime(2026, 11, 26, 23, tzinfo=UTC)
    assert since(Span.WEEK, NOW, ALGIERS) == datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert since(Span.MONTH, NOW, ALGIERS) == datetime(2026, 10, 28, 23, tzinfo=UTC)
    assert since(Span.ALL, NOW, ALGIERS) is None


def test_the_span_before_ends_at_the_same_time_of_day():
    day = before(Span.TODAY, NOW, ALGIERS)
    week = before(Span.WEEK, datetime(2026, 10, 26, 12, tzinfo=UTC), PARIS)

    assert day == (datetime(2026, 11, 25, 23, tzinfo=UTC), NOW - DAY)
    # 13:00 in winter is compared with 13:00 in summer, which was an hour earlier.
    assert week == (datetime(2026, 10, 12, 22, tzinfo=UTC), datetime(2026, 10, 19, 11, tzinfo=UTC))
    assert before(Span.ALL, NOW, ALGIERS) is None


@given(st.sampled_from(Span), MOMENTS, ZONES, st.integers(0, 4000))
def test_bars_follow_each_other_and_reach_from_the_beginning_to_now(span, now, zone, days):
    first = now - timedelta(days=days)

    found = bars(span, now, zone, first)

    assert 1 <= len(found) <= MOST_BARS
    assert all(one.ends_at == other.starts_at for one, other in pairwise(found))
    assert all(bar.starts_at < bar.ends_at for bar in found)
    begun = since(span, now, zone)
    assert found[0].starts_at <= (first if begun is None else begun)
    assert found[-1].ends_at > now


def test_a_day_has_a_bar_for_every_two_hours_and_a_week_one_a_day():
    assert len(bars(Span.TODAY, NOW, ALGIERS, NOW)) == 12
    assert {bar.ends_at - bar.starts_at for bar in bars(Span.WEEK, NOW, ALGIERS, NOW)} == {DAY}
    assert len(bars(Span.MONTH, NOW, ALGIERS, NOW)) == 10


@pytest.mark.parametrize(
    ("days", "count", "longest"),
    [(0, 1, 1), (13, 14, 1), (14, 5, 3), (42, 7, 7), (98, 4, 31), (500, 6, 92), (5000, 14, 366)],
)
def test_all_time_is_in_days_weeks_months_or_years_as_it_grows(days, count, longest):
    found = bars(Span.ALL, NOW, ALGIERS, NOW - days * DAY)

    assert (len(found), max(bar.ends_at - bar.starts_at for bar in found).days) == (count, longest)


def test_offsets_change_at_the_second_at_which_clocks_do():
    changed = datetime(2026, 10, 25, 1, tzinfo=UTC)

    found = offsets(PARIS, changed - 9 * DAY, changed + 9 * DAY)

    assert found == [(changed, 2 * HOUR), (changed + 9 * DAY, HOUR)]
    assert offsets(ALGIERS, NOW, NOW) == [(NOW, HOUR)]


@given(ZONES, MOMENTS, st.floats(0, 400))
def test_every_instant_has_its_offset(zone, start, share):
    end = start + timedelta(days=400)
    moment = start + timedelta(days=share)

    found = next(it for until, it in offsets(zone, start, end) if moment < until or until == end)

    assert found == moment.astimezone(zone).utcoffset()


def test_midnight_where_there_is_none_is_the_moment_at_which_clocks_jump():
    assert midnight(date(2026, 3, 29), BEIRUT) == datetime(2026, 3, 28, 22, tzinfo=UTC)


def test_months_are_read_with_and_without_a_dash():
    assert Month.parse("2026-10") == Month.parse(" 202610 ") == Month(2026, 10)
    assert (Month(2026, 10).number, str(Month(2026, 1))) == (202610, "2026-01")
    for text in (
        "",
        "2026",
        "2026-13",
        "2026-00",
        "0000-10",
        "2026-1",
        "october",
        "2026-10-01",
    ):
        assert Month.parse(text) is None, text


def test_a_month_ends_at_a_midnight_of_the_shop():
    assert Month(2026, 10).bounds(PARIS) == (
        datetime(2026, 9, 30, 22, tzinfo=UTC),
        datetime(2026, 10, 31, 23, tzinfo=UTC),
    )
    _, end = Month(2026, 12).bounds(ALGIERS)
    assert end == Month(2027, 1).bounds(ALGIERS)[0] == datetime(2026, 12, 31, 23, tzinfo=UTC)


def test_a_month_is_closed_an_hour_after_its_end():
    """A purchase that took its time before midnight may be committed after it."""
    _, end = Month(2026, 12).bounds(ALGIERS)
    assert Month(2026, 12).has_ended(end + HOUR, ALGIERS)
    assert not Month(2026, 12).has_ended(end + HOUR - timedelta(seconds=1), ALGIERS)
    assert Month.last_ended(end + HOUR, ALGIERS) == Month(2026, 12)
    assert Month.last_ended(end, ALGIERS) == Month(2026, 11)
