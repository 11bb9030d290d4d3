"""Groups are answered seldom, and no chat that somebody floods on purpose holds up another."""

import asyncio

import pytest

from bot.sandbox.telegram.rules import too_many
from bot.sandbox.telegram.world import Chat, Person
from handlers.middleware import groups
from handlers.middleware.groups import GroupAnswers
from tests.bot_harness import LINA, BotHarness

MALLORY = 66

pytestmark = pytest.mark.virtual_time


@pytest.fixture
def shop(chat_shop: BotHarness) -> BotHarness:
    return chat_shop


async def met(shop: BotHarness, who: int = LINA) -> Person:
    person = shop.person(who)
    await person.say("/start")
    await shop.pump()
    return person


def group(shop: BotHarness, number: int, told: int = 0) -> Chat:
    """A group; `told`: the seconds that it is told to wait, as above twenty messages a minute."""
    made = shop.world.chats.setdefault(-1000 - number, Chat(-1000 - number, "supergroup", "G"))
    if told:
        shop.world.close_chat(made.id, too_many(told))
    return made


@pytest.mark.parametrize("told", [55, 300, 3600])
@pytest.mark.parametrize("closed", [(-1001, -1002), (-1001, -1002, 11), (11, 12)], ids=str)
async def test_chats_that_a_stranger_floods_hold_up_no_customer(shop: BotHarness, closed, told):
    """Two groups closed all screens of the shop, for a minute or for an hour, and dropped presses."""
    lina = await met(shop)
    for number in closed:
        if number > 0:
            await met(shop, number)
            shop.world.close_chat(number, too_many(told))
    for number in closed:
        if number < 0:
            await shop.person(MALLORY).say("/start", group(shop, -1000 - number, told))
        else:
            await shop.person(number).say("/help")
    pumping = asyncio.create_task(shop.pump())
    await asyncio.sleep(0.3)
    queue, before, began = (
        shop.application.update_queue,
        len(shop.world.calls),
        asyncio.get_running_loop().time(),
    )

    query = await lina.forge("wallet:0", lina.inbox[-1])
    await shop.polling.poll()
    await asyncio.wait_for(shop.application.process_update(queue.get_nowait()), 3)

    assert asyncio.get_running_loop().time() - began < 2
    assert query.answer is not None
    assert [n for _, n, v in shop.world.calls[before:] if v.get("chat_id") == LINA]
    pumping.cancel()
    await asyncio.gather(pumping, return_exceptions=True)


async def test_a_group_is_answered_once_in_a_while_and_after_everybody_else(shop: BotHarness):
    place = group(shop, 1)
    for _ in range(30):
        await shop.person(MALLORY).say("/start", place)
        await shop.person(MALLORY).say("/help", place)

    await shop.pump()

    answers = [m for m in place.messages.values() if m["from"]["id"] == shop.bot.id]
    assert len(answers) == 1


async def test_a_thousand_groups_get_few_answers(shop: BotHarness):
    for number in range(40):
        await shop.person(MALLORY).say("/start", group(shop, number))

    await shop.pump()

    answered = [name for _, name, v in shop.world.calls if (v.get("chat_id") or 0) < 0]
    assert len(answered) == 5


def test_a_group_is_answered_again_after_ten_minutes_and_what_is_remembered_is_bounded(
    monkeypatch,
):
    now = [0.0]
    answers = GroupAnswers(lambda: now[0])
    assert answers.may_answer(-1)
    now[0] = 599.0
    assert not answers.may_answer(-1)
    assert answers.may_answer(-2)
    now[0] = 600.0
    assert answers.may_answer(-1)

    monkeypatch.setattr(groups, "_MOST_REMEMBERED", 2)
    for number in range(9):
        now[0] += 10
        assert answers.may_answer(-100 - number)
    assert len(answers._answered) == 2
