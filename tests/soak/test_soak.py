"""Short forms of `make soak`: a few seconds of load, and a shop of a few hundred orders."""

import pytest

from tests.soak.load import load
from tests.soak.size import measure


async def test_a_crowd_is_served_and_no_limit_is_broken(tmp_path):
    figures = await load(tmp_path, customers=20, pending=20, rate=20, seconds=4, seed=2)

    assert figures.unanswered == 0
    assert figures.messages > 20
    assert figures.most_calls_a_minute <= 120
    assert (figures.refused_by_supplier, figures.refused_by_telegram) == (0, 0)
    assert figures.differences == []
    assert len(figures.lines()) == 7


@pytest.mark.alone
async def test_a_shop_with_a_past_is_measured(tmp_path):
    took = await measure(tmp_path, users=20, orders=300)

    assert len(took) == 10
    assert took["/orders"] < 1000
