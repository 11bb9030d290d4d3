"""/stock and /link where there is more than a message shows: each thing is reached by its pages."""

import pytest

from bot.sandbox.telegram.world import buttons, text_of
from bot.services.stock.goods import add_value
from tests.bot_harness import bare
from tests.harness import OPERATOR
from tests.own_stock import OwnBotHarness, codes_of


@pytest.fixture
async def shop(sqlite_store):
    harness = OwnBotHarness(sqlite_store)
    yield await harness.open()
    await harness.close()


def verbs(boss, verb):
    found = [button["callback_data"] for button in buttons(boss.inbox[-1])]
    return [data for data in found if data.startswith(f"{verb}:")]


async def test_every_value_is_reached(shop):
    for number in range(25):
        await add_value(shop.store, "Streaming", f"Product {number:02}", "1 $")
    boss = shop.person(OPERATOR)
    await boss.say("/stock")
    await shop.pump()
    assert "Page 1 of 2" in bare(text_of(boss.inbox[-1]))
    seen = set(verbs(boss, "sval"))

    await shop.press_newest(boss, "spage:1")

    assert len(seen | set(verbs(boss, "sval"))) == 25
    assert verbs(boss, "spage") == ["spage:0"]


async def test_every_batch_of_a_value_is_reached(shop):
    for number in range(8):
        await shop.load(codes_of(1, first=number), sell=False)
    boss = shop.person(OPERATOR)
    await boss.say("/stock")
    await shop.pump()
    await shop.press_newest(boss, "sval:")
    seen = set(verbs(boss, "sgo"))

    await shop.press_newest(boss, "sbats:.*:1")

    assert len(seen | set(verbs(boss, "sgo"))) == 2 * 8
