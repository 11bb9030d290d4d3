"""News to many people: when they may be sent, for whom, and what they count."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.news import (
    Audience,
    Letter,
    News,
    NewsState,
    Segment,
    Totals,
    is_another_crowd,
    length_of,
    minutes_for,
    most_people,
    opens_at,
)
from bot.domain.records import Locale
from bot.services.news.crowds import is_product
from locales import words
from tests.bot_harness import bare

ALGIERS = ZoneInfo("Africa/Algiers")  # an hour ahead of UTC, all year


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (at(21, 7, 59), at(21, 8)),
        (at(21, 8), None),
        (at(21, 19, 59), None),
        (at(21, 20), at(22, 8)),
        (at(21, 23, 30), at(22, 8)),  # half past midnight in the shop
        (at(30, 22), datetime(2026, 12, 1, 8, tzinfo=UTC)),
    ],
)
def test_news_is_sent_from_nine_to_nine_in_the_shops_time_zone(now, opens):
    assert opens_at(now, ALGIERS) == opens


def test_nine_is_nine_on_the_day_on_which_the_clocks_change():
    paris = ZoneInfo("Europe/Paris")
    night = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    assert opens_at(night, paris) == datetime(2026, 10, 25, 8, tzinfo=UTC)


def test_a_segment_counts_what_it_combines():
    assert Segment().parts == 0
    assert Segment(Locale.FR, "p7", True, 0).parts == 4


def test_a_news_goes_to_the_languages_that_are_written_and_meant():
    letters = {Locale.FR: Letter("Bonjour"), Locale.AR: Letter("مرحبا")}

    assert News(1, NewsState.DRAFT, 9, letters).locales == (Locale.FR, Locale.AR)
    assert News(1, NewsState.DRAFT, 9, letters, Segment(Locale.AR)).locales == (Locale.AR,)
    assert News(1, NewsState.DRAFT, 9, letters, Segment(Locale.EN)).locales == ()


def test_counts_are_summed():
    assert Totals(5, 4, 3, 2).tried == 14
    assert Audience({Locale.FR: 5, Locale.EN: 2}, refused=9).total == 7


@pytest.mark.parametrize(("people", "minutes"), [(0, 0), (1, 1), (480, 1), (481, 2), (10_000, 21)])
def test_the_least_time_is_that_of_eight_people_a_second(people, minutes):
    assert minutes_for(people) == minutes


@pytest.mark.parametrize(
    ("shown", "now", "another"),
    [(812, 812, False), (812, 852, False), (812, 853, True), (812, 771, True), (3, 4, False)],
)
def test_a_few_people_more_or_less_are_not_shown_again(shown, now, another):
    assert is_another_crowd(shown, now) is another


@pytest.mark.parametrize(
    ("confirmed", "most"), [(1, 2), (380, 399), (490, 500), (500, 500), (501, 526)]
)
def test_as_many_as_were_confirmed_and_a_few_get_it_and_what_an_owner_has_to_send_is_never_passed(
    confirmed, most
):
    assert most_people(confirmed) == most


def test_a_text_is_as_long_as_telegram_counts_it():
    assert length_of("aé📣") == 4


@pytest.mark.parametrize(("bought", "named"), [("p12", True), ("playstation", False), ("p", False)])
def test_a_segment_names_a_product_or_a_category(bought, named):
    assert is_product(bought) is named


@pytest.mark.parametrize(
    ("locale", "lines"),
    [
        (
            "fr",
            ["ont refusé les annonces : 1 · injoignables : 1 · bannis : 1", "· injoignables : 1"],
        ),
        (
            "ar",
            ["من أوقفوا الإعلانات 1 · من تعذّر الوصول إليهم 1 · المحظورون 1", "· تعذّر الوصول: 1"],
        ),
    ],
)
def test_figures_of_people_follow_their_labels_so_that_one_needs_no_form_of_its_own(locale, lines):
    left_out = words(locale).plain("news-left-out", refused=1, blocked=1, banned=1, lately=1)
    unreachable = words(locale).plain("news-unreachable", blocked=1)

    for line, told in zip(lines, (left_out, unreachable), strict=True):
        assert line in bare(told).replace("\u00a0", " ")
