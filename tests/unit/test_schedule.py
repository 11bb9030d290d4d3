"""How long until the next check, search, purchase or message."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.schedule import until_next_placing, until_next_reconciliation, until_next_send
from bot.suppliers.oneclickdz import OneClickDz


@given(st.floats(0, 10**6))
def test_polling_slows_down_and_never_stops(age):
    wait = OneClickDz.policy.until_next_check
    assert 5 <= wait(age) <= wait(age + 1) <= 120


def test_an_order_is_checked_more_rarely_from_each_age_on():
    policy = OneClickDz.policy
    ages = [below for below, _wait in policy.checks]
    waits = [wait for _below, wait in policy.checks]

    assert [policy.until_next_check(age) for age in ages] == [*waits[1:], policy.checks_old]
    assert policy.until_next_check(0) == waits[0]


def test_searching_is_quick_at_first_and_rare_after_fifteen_minutes():
    assert until_next_reconciliation(1, 1) == 5
    assert until_next_reconciliation(600, 50) == 60
    assert until_next_reconciliation(900, 3) == 600
    assert until_next_send(0) < until_next_send(99) == 3600
    assert until_next_placing(0) < until_next_placing(99) == 30
