"""What somebody who is banned reads in the chat, and what forged presses do to a ban."""

import pytest

from bot.domain.roles import Role
from bot.sandbox.telegram.world import text_of
from bot.services.customers.bans import ask_ban
from handlers.routes import COMMANDS, FOR_BANNED_COMMANDS, FOR_BANNED_PRESSES, PRESSES
from locales import words
from storage.tables import operator_actions
from tests.bot_harness import LINA, PNG, BotHarness
from tests.harness import OPERATOR
from tests.integration.readings import rows
from tests.integration.test_customer_pages import press, read, say, shop

__all__ = ["shop"]  # a fixture

__all__ = ["shop"]

BANNED = words("en").plain("refused-banned")


@pytest.fixture
async def banned(shop: BotHarness) -> BotHarness:
    await shop.buy(LINA)
    await shop.run(20)
    await say(shop, f"/user {LINA}")
    await press(shop, f"uban:{LINA}")
    await press(shop, f"ubanw:{LINA}:fraud")
    assert "Ban" in text_of(shop.person(OPERATOR).inbox[-1])
    assert "⛔ Banned since" in await press(shop, "uban2:2:1")
    return shop


def test_what_is_left_to_the_banned_exists():
    assert set(PRESSES) > FOR_BANNED_PRESSES
    assert set(COMMANDS) > FOR_BANNED_COMMANDS


async def test_only_orders_privacy_and_support_answer(banned: BotHarness):
    for command in COMMANDS:
        refused = await say(banned, f"/{command}", LINA) == BANNED
        assert refused == (command not in FOR_BANNED_COMMANDS), command
        if command == "paysupport":
            await say(banned, "/cancel", LINA)
    for typed in ("steam 20", "/unknown", "/stats"):
        assert await say(banned, typed, LINA) == BANNED, typed
    await banned.person(LINA).attach(PNG, "receipt.png", photo=True)
    assert await read(banned, LINA) == BANNED
    await banned.press(banned.person(LINA), "show:1")
    await banned.run(5)
    assert any("🎮" in text_of(m) or "✅" in text_of(m) for m in banned.person(LINA).inbox[-2:])


async def test_one_message_a_day_reaches_support(banned: BotHarness):
    await say(banned, "/paysupport why", LINA)
    assert any(
        m.get("text", "").split("paysupport ")[-1] == "why" for m in banned.person(OPERATOR).inbox
    )

    assert await say(banned, "/paysupport again", LINA) == words("en").plain("support-once-a-day")


async def test_a_ban_ends_from_the_same_page(banned: BotHarness):
    await say(banned, f"/user {LINA}")
    await press(banned, f"uban:{LINA}")
    assert "⛔" not in await press(banned, "uban2:3:1")
    assert await say(banned, "/help", LINA) != BANNED
    assert [a.kind for a in await rows(banned, operator_actions) if a.done][-2:] == ["ban", "unban"]
    told = await say(banned, "/actions")
    assert f"banned {LINA}" in told
    assert f"lifted the ban on {LINA}" in told


@pytest.mark.parametrize("who", [LINA, 902, 901])
async def test_a_forged_confirmation_bans_nobody(shop: BotHarness, who):
    """A customer's, support's, and a manager's of somebody else's question."""
    await shop.person(77).say("/start")
    await shop.pump()
    await shop.hire(901, Role.MANAGER)
    await shop.hire(902, Role.SUPPORT)
    question = await ask_ban(shop.shop, 77, "fraud", key="k", operator_id=OPERATOR)

    await press(shop, f"uban2:{question.action_id}:1", who)

    assert await say(shop, "/help", 77) != BANNED
    assert [a for a in await rows(shop, operator_actions) if a.kind == "ban" and a.done] == []


async def test_words_of_the_operator_are_a_reason_too(shop: BotHarness):
    await say(shop, f"/user {LINA}")
    await press(shop, f"uban:{LINA}")
    await press(shop, f"ubanw:{LINA}:other")
    await say(shop, "x" * 301)
    told = await say(shop, "sells on to children")
    assert "sells on to children" in told
    assert "Nothing" in await press(shop, "uban2:2:0")
    assert await say(shop, "/help", LINA) != BANNED
