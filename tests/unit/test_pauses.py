"""The rules of pauses: what they cover, what customers read, when they end, what an order gains by one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pauses import (
    BY_HAND,
    Closed,
    Ending,
    Pause,
    PauseScope,
    PauseState,
    end_of,
    extended_until,
    read_words,
    text_in,
)
from bot.domain.records import Locale, PauseReason

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TARGETS = {
    PauseScope.SHOP: st.just(""),
    PauseScope.SUPPLIER: st.sampled_from(["oneclickdz", "starship"]),
    PauseScope.PRODUCT: st.sampled_from(["1", "2", "12"]),
}


def pause(scope=PauseScope.SHOP, target="", reason=PauseReason.SOON, number=1, **more) -> Pause:
    return Pause(number, PauseState.OPEN, scope, target, reason, NOW, **more)


PAUSES = st.lists(
    st.sampled_from(PauseScope).flatmap(
        lambda scope: st.builds(
            pause, st.just(scope), TARGETS[scope], st.sampled_from(PauseReason), st.integers(1, 9)
        )
    )
)


@given(
    PAUSES,
    st.sampled_from(["oneclickdz", "starship"]),
    st.sets(st.sampled_from([1, 2, 12]), min_size=1),
)
def test_something_is_sold_while_no_pause_covers_it(pauses, supplier, products):
    """Whatever pauses there are: each by what it names, written down once more, in another way."""
    named = {("shop", ""), ("supplier", supplier), *(("product", str(one)) for one in products)}

    closed = Closed(pauses=tuple(pauses))

    assert closed.has(supplier, products) == any((p.scope, p.target) in named for p in pauses)
    why = closed.why(supplier, products)
    told = [p for p in pauses if (p.scope, p.target) in named and p.reason in BY_HAND]
    assert (why in told) if told else why is None


def test_customers_read_the_narrowest_reason_and_never_the_audits():
    shop, product = pause(), pause(PauseScope.PRODUCT, "2", PauseReason.PRICES, 2)
    audit = pause(reason=PauseReason.AUDIT, number=3)

    assert Closed(pauses=(audit, shop, product)).why("starship", {2}) == product
    assert Closed(pauses=(audit, shop, product)).why("starship", {1}) == shop
    assert Closed(pauses=(audit,)).why("starship", {1}) is None
    assert Closed(frozenset({"starship"})).has("starship", {1})
    assert not Closed(frozenset({"starship"})).has("oneclickdz", {1})


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        ("back at ten", {"en": "back at ten"}),
        ("fr: à dix heures\nar: في العاشرة", {"fr": "à dix heures", "ar": "في العاشرة"}),
        ("FR : bientôt\n  \nback soon", {"fr": "bientôt", "en": "back soon"}),
        ("note: from ten", {"en": "note: from ten"}),
        ("one\ntwo", {"en": "one two"}),
        ("", None),
        (" \n ", None),
        ("fr:", None),
        ("x" * 101, None),
    ],
)
def test_words_for_customers_are_read_by_language(typed, texts):
    assert read_words(typed, Locale.EN) == texts


def test_words_in_another_language_are_better_than_none():
    assert text_in({"fr": "vite"}, Locale.AR) == "vite"
    assert text_in({"fr": "vite", "ar": "قريبًا"}, Locale.AR) == "قريبًا"
    assert text_in({}, Locale.AR) == ""


def test_a_pause_ends_in_an_hour_tomorrow_at_nine_or_never():
    assert end_of(Ending.OPEN, NOW, UTC) is None
    assert end_of(Ending.HOUR, NOW, UTC) == NOW + HOUR
    algiers = ZoneInfo("Africa/Algiers")
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # the 22nd there
    assert end_of(Ending.TOMORROW, late, algiers) == datetime(2026, 11, 23, 8, tzinfo=UTC)
    paris = ZoneInfo("Europe/Paris")  # the clocks go back on the 25th of October
    before = datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert end_of(Ending.TOMORROW, before, paris) == datetime(2026, 10, 25, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ordered", "lifted", "due"),
    [
        (NOW - HOUR, NOW + 3 * HOUR, NOW + 4 * HOUR),  # an hour was left, so an hour is left
        (NOW + HOUR, NOW + 2 * HOUR, NOW + 4 * HOUR),  # ordered meanwhile: all of two hours
        (NOW - HOUR, NOW + 30 * HOUR, NOW + 25 * HOUR),  # a day more at most
    ],
)
def test_an_unpaid_order_gains_what_the_pause_took(ordered, lifted, due):
    window = 2 * HOUR

    assert extended_until(pause(), ordered, window, ordered + window, lifted) == due


def test_an_order_never_has_less_time_than_before():
    later = NOW + 40 * HOUR

    assert extended_until(pause(), NOW, 2 * HOUR, later, NOW + HOUR) == later
