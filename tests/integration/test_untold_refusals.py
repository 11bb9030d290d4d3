"""What was refused is never done later, whatever becomes of its answer: only the telling is repeated."""

import asyncio

import pytest

from bot.domain.records import PauseReason
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.world import Person, text_of
from bot.services.selling.pauses import pause_selling, resume_selling
from locales import words
from tests.bot_harness import LINA, BotHarness
from tests.harness import OPERATOR, books_agree

pytestmark = pytest.mark.virtual_time
NEWCOMER = 777
CREDIT = f"/credit {NEWCOMER} 500"


@pytest.fixture
def shop(chat_shop: BotHarness) -> BotHarness:
    return chat_shop


def lose_answers(shop: BotHarness, kind: FaultKind, *methods: str) -> list[Fault]:
    faults = [Fault(kind, method, times=99) for method in methods]
    shop.telegram.faults += faults
    return faults


def mend(faults: list[Fault]) -> None:
    for fault in faults:
        fault.times = 0


async def quarantined(shop: BotHarness) -> int:
    async with shop.store.reading() as tx:
        return await tx.inbox.count_quarantined()


def missed(who: Person) -> int:
    return [text_of(message) for message in who.inbox].count(words("en").plain("missed-answer"))


async def try_again(shop: BotHarness, operator: Person) -> None:
    """All that may bring an earlier update back: the button for what is quarantined, and a restart."""
    await shop.press_newest(operator, "inbox")
    for update in await shop.inbox.unhandled():
        await shop.application.update_queue.put(update)
    await shop.wait_for_postponed(0)


@pytest.mark.parametrize(
    "kind", [FaultKind.RESET_BEFORE, FaultKind.SILENCE_AFTER, FaultKind.STATUS, FaultKind.HTML]
)
async def test_a_credit_that_was_refused_is_not_given_beside_the_one_asked_for_again(
    shop: BotHarness, kind: FaultKind
):
    operator = shop.person(OPERATOR, "en")
    lost = lose_answers(shop, kind, "sendMessage")
    await operator.say(CREDIT)
    await shop.pump()
    mend(lost)
    await shop.person(NEWCOMER).say("/start")
    await shop.live(400, step=20)
    left = await quarantined(shop), missed(operator)

    await operator.say(CREDIT)
    await shop.pump()
    await try_again(shop, operator)

    assert await shop.balance(NEWCOMER) == 500_00
    assert left == (0, 1)


async def test_a_purchase_that_was_refused_is_not_made_beside_the_one_pressed_again(
    shop: BotHarness,
):
    lina, operator = shop.person(LINA), shop.person(OPERATOR, "en")
    shop.offer()
    await shop.refresh()
    await lina.say("/start")
    await shop.pump()
    await shop.credit(LINA, 100_000)
    await shop._walk(lina, "brand:", "prod:", "den:", "qty:.*:1$")
    await shop.store.write(pause_selling, shop.shop, PauseReason.AUDIT)
    lost = lose_answers(shop, FaultKind.RESET_BEFORE, "answerCallbackQuery", "sendMessage")
    await shop.press_newest(lina, "buy:")
    mend(lost)
    await resume_selling(shop.shop, key="k", operator_id=OPERATOR)
    await shop.live(30)
    left = await quarantined(shop), missed(lina)

    await shop.press_to_buy(lina, 1)
    await shop.live(30)
    await try_again(shop, operator)

    async with shop.store.reading() as tx:
        _, count = await tx.orders.page(LINA, 0, 10)
    assert count == 1
    assert left == (0, 1)
    await books_agree(shop)


async def test_a_refusal_that_may_have_arrived_comes_once_and_holds_its_chat_for_no_minute(
    shop: BotHarness,
):
    operator = shop.person(OPERATOR, "en")
    lose_answers(shop, FaultKind.SILENCE_AFTER, "sendMessage")
    before, began = len(operator.inbox), asyncio.get_running_loop().time()

    await operator.say(CREDIT)
    await shop.pump()

    assert len(operator.inbox) - before == 1
    assert asyncio.get_running_loop().time() - began < 10
    assert await quarantined(shop) == 0
