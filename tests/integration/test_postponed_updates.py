"""Updates that are handled again later, because somebody else's chat takes nothing now."""

import pytest

from bot.sandbox.telegram.rules import too_many
from bot.sandbox.telegram.world import text_of
from storage.tables import inbox
from tests.bot_harness import LINA, BotHarness
from tests.harness import OPERATOR
from tests.integration.albums import groups_of, send_album
from tests.integration.readings import rows

pytestmark = pytest.mark.virtual_time


@pytest.fixture
async def shop(sqlite_store, monkeypatch):
    monkeypatch.setattr("handlers.middleware.retries.LONGEST_POSTPONEMENT_SECONDS", 0.3)
    made = await BotHarness(sqlite_store).open()
    await made.person(LINA).say("/start")
    await made.person(LINA).say("/paysupport where is it?")
    await made.pump()
    await made.live(2)
    yield made
    await made.close()


async def unhandled(shop: BotHarness) -> int:
    await shop.inbox.flush()
    return sum(row.handled_at is None for row in await rows(shop, inbox))


@pytest.mark.parametrize("kinds", [("photo",) * 3, ("document",) * 2], ids=["photos", "files"])
async def test_a_postponed_album_comes_back_whole(shop: BotHarness, kinds):
    """Its other items stayed in nobody's hands, and the customer got one picture."""
    asked = shop.person(OPERATOR).inbox[-1]
    shop.world.script("sendMediaGroup", too_many(61))
    await send_album(shop.person(OPERATOR), *kinds, caption="Look", reply_to_message=asked)
    await shop.pump()
    assert await unhandled(shop) == len(kinds)
    assert groups_of(shop.person(LINA)) == []
    shop.open_all_chats()

    await shop.wait_for_postponed(1.0)

    assert [len(group) for group in groups_of(shop.person(LINA))] == [len(kinds)]
    assert "Look" in text_of(shop.person(LINA).inbox[-1])
    assert await unhandled(shop) == 0


async def test_what_comes_meanwhile_does_not_part_a_postponed_album(shop: BotHarness):
    asked = shop.person(OPERATOR).inbox[-1]
    shop.world.script("sendMediaGroup", too_many(61))
    await send_album(shop.person(OPERATOR), "photo", "photo", reply_to_message=asked)
    await shop.pump()
    shop.open_all_chats()

    await shop.person(OPERATOR).say("/orders")
    await shop.pump()
    await shop.wait_for_postponed(1.0)

    assert [len(group) for group in groups_of(shop.person(LINA))] == [2]
    assert await unhandled(shop) == 0
