"""Codes that are pasted where the shop does not ask for them are deleted, and shown to nobody."""

import pytest
from sqlalchemy import select

from bot.domain.stock import BatchState
from bot.sandbox.telegram.world import text_of
from handlers.routes import COMMANDS, OPERATOR_COMMANDS
from storage.tables import own_batches
from tests.bot_harness import LINA
from tests.harness import OPERATOR
from tests.integration.readings import rows_of
from tests.own_stock import OwnBotHarness

PASTED = "ABCD-EFGH-1234\nABCD-EFGH-5678"
SHORT = "K7PQ\nZ31"  # codes that look like words


@pytest.fixture
async def shop(sqlite_store):
    harness = OwnBotHarness(sqlite_store)
    yield await harness.open()
    await harness.close()


@pytest.fixture
def boss(shop):
    return shop.person(OPERATOR)


async def say(shop, who, text):
    await who.say(text)
    await shop.pump()


def last(who):
    return text_of(who.inbox[-1])


async def ask_for_names(shop, boss):
    await say(shop, boss, "/stock")
    await shop.press_newest(boss, "sadd")


async def ask_for_cost(shop, boss):
    await ask_for_names(shop, boss)
    await say(shop, boss, "Streaming\nNetflix TR\n200 TRY")
    await shop.press_newest(boss, "sload:")


async def ask_for_codes(shop, boss):
    await ask_for_cost(shop, boss)
    await say(shop, boss, "1240")


async def batches(shop):
    return [(r.state, r.cost_minor) for r in await rows_of(shop, select(own_batches))]


def assert_deleted(shop, boss, before, text):
    assert not any(line in last(boss) for line in text.splitlines())
    assert "deleteMessage" in [name for _, name, _ in shop.world.calls[before:]]


@pytest.mark.parametrize("command", sorted((OPERATOR_COMMANDS | COMMANDS).keys() - {"paysupport"}))
async def test_codes_below_any_command_are_never_searched_for(shop, boss, command):
    """/paysupport asks for something else, which says so."""
    await ask_for_codes(shop, boss)
    await say(shop, boss, f"/{command}")
    before = len(shop.world.calls)

    await say(shop, boss, PASTED)

    assert_deleted(shop, boss, before, PASTED)


@pytest.mark.parametrize("command", ["attention", "news", "orders", "pause", "resume", "stats"])
async def test_a_command_that_only_shows_something_leaves_the_question_for_codes_open(
    shop, boss, command
):
    await ask_for_codes(shop, boss)
    await say(shop, boss, f"/{command}")

    await say(shop, boss, PASTED)

    assert await batches(shop) == [(BatchState.DRAFT, 124_000)]


@pytest.mark.parametrize("text", [PASTED, SHORT])
@pytest.mark.parametrize("ask", [ask_for_names, ask_for_cost])
@pytest.mark.parametrize("how", ["forwarded", "late", "below a command"])
async def test_codes_that_come_too_early_and_answer_nothing_are_deleted(shop, boss, ask, how, text):
    await ask(shop, boss)
    if how == "late":
        shop.clock.pass_time(3601)
    if how == "below a command":
        await say(shop, boss, "/order 99")
    before = len(shop.world.calls)

    if how == "forwarded":
        await boss.forward(text, shop.person(LINA))
        await shop.pump()
    else:
        await say(shop, boss, text)

    assert_deleted(shop, boss, before, text)
    assert "Open /stock first" in last(boss)
    assert await batches(shop) == []


@pytest.mark.parametrize("code", ["X7Q2M9P4", "1234567890123456"])
async def test_one_code_where_its_cost_is_asked_for_is_deleted(shop, boss, code):
    await ask_for_cost(shop, boss)
    before = len(shop.world.calls)

    await say(shop, boss, code)

    assert_deleted(shop, boss, before, code)
    assert "an amount in dinars" in last(boss)


async def test_a_line_that_is_forwarded_is_refused_as_any_is(shop, boss):
    await ask_for_cost(shop, boss)
    await boss.forward("1240", shop.person(LINA))
    await shop.pump()
    assert "forwarded" in last(boss)

    await say(shop, boss, "1240")

    assert "paste the codes" in last(boss)


@pytest.mark.parametrize(
    "text",
    ["0550123456", "1234567890", "https://t.me/hanout?start=1", "+213 550 12 34 56", "#1042"],
)
async def test_a_line_of_an_operators_own_stays_in_the_chat(shop, boss, text):
    await say(shop, boss, "/start")
    before = len(shop.world.calls)

    await say(shop, boss, text)

    assert "deleteMessage" not in [name for _, name, _ in shop.world.calls[before:]]
    assert "Open /stock first" not in last(boss)


@pytest.mark.parametrize(
    "text",
    [PASTED, "X7Q2M9P4", "1234567890\n1234567891", "Mobilis 1000\n12345678901234\n12345678901235"],
)
async def test_codes_outside_any_question_are_deleted_and_that_is_explained(shop, boss, text):
    await say(shop, boss, "/start")
    before = len(shop.world.calls)

    await say(shop, boss, text)

    assert_deleted(shop, boss, before, text)
    assert "looks like a list of codes" in last(boss)
    assert "If it was something else" in last(boss)
    assert "Open /stock first" in last(boss)
