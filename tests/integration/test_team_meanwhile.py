"""/team: somebody is removed or given another role while another owner answers a question about them."""

import pytest

from bot.domain.roles import Role
from bot.services.standing import rights_of
from storage.tables import operator_actions
from tests.bot_harness import BotHarness
from tests.harness import OPERATOR
from tests.integration.readings import rows
from tests.integration.test_customer_pages import say

KARIM = 77


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    await made.person(KARIM).say("/start")
    await made.pump()
    yield made
    await made.close()


@pytest.mark.parametrize("asked", [f"tcap:{KARIM}", f"trole:{KARIM}:manager"])
@pytest.mark.parametrize("meanwhile", ["removed", "lowered"])
async def test_an_answer_about_somebody_who_has_become_something_else_saves_nothing(
    shop: BotHarness, asked: str, meanwhile: str
):
    """Else a limit for a manager would hire again, or promote, whom another owner has just taken out."""
    await shop.hire(KARIM, Role.MANAGER, 500_000)
    await say(shop, "/team")
    await shop.press(shop.person(OPERATOR), asked)
    if meanwhile == "removed":
        await shop.dismiss(KARIM)
    else:
        await shop.hire(KARIM, Role.SUPPORT, 500_000)
    before = await rights_of(shop.shop, KARIM), len(await rows(shop, operator_actions))

    assert "Nothing was saved" in await say(shop, "20000")

    assert (await rights_of(shop.shop, KARIM), len(await rows(shop, operator_actions))) == before
    assert "Nothing was saved" not in await say(shop, "30000"), "the question is over"
