"""The short form of the kill campaign: a few deaths of the real process among a few customers."""

from tests.crash.kills import campaign


async def test_a_shop_that_is_killed_again_and_again_loses_nothing(tmp_path):
    figures = await campaign(tmp_path, kills=4, customers=5, seed=11)

    assert figures.kills == 4
    assert figures.codes > 0
    assert figures.own_orders > 0
    assert set(figures.harm.values()) == {0}, "; ".join(figures.lines())
