"""The answer to "Keep waiting" tells what became of the order since the question was asked."""

import pytest

from bot.domain.orders import Order
from bot.sandbox.telegram.world import text_of
from locales import words
from tests.bot_harness import LINA, BotHarness
from tests.harness import OPERATOR
from tests.integration.order_steps import ask_order_refund


async def goes_on(shop: BotHarness, order: Order) -> None:
    """Nothing happens to it."""


async def is_delivered(shop: BotHarness, order: Order) -> None:
    await shop.live(30)


async def is_refunded(shop: BotHarness, order: Order) -> None:
    operator = shop.person(OPERATOR)
    await shop.press(operator, f"refund:{await ask_order_refund(shop, order, 'again')}:1")


@pytest.mark.parametrize(
    ("meanwhile", "said"),
    [
        (goes_on, "the order continues"),
        (is_delivered, "#1: delivered"),
        (is_refunded, "#1: refunded"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
async def test_keep_waiting_says_what_became_of_the_order(chat_shop: BotHarness, meanwhile, said):
    operator = chat_shop.person(OPERATOR)
    await operator.say("/start")
    await chat_shop.pump()
    await chat_shop.customer(LINA)
    order = await chat_shop.buy(LINA)
    await chat_shop.place()
    action = await ask_order_refund(chat_shop, order)
    await meanwhile(chat_shop, order)

    await chat_shop.press(operator, f"refund:{action}:0")

    assert said in text_of(operator.inbox[-1]).replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize("action", [1, 999], ids=["a credit", "none"])
async def test_what_was_never_asked_is_refused(chat_shop: BotHarness, action):
    operator = chat_shop.person(OPERATOR)
    await operator.say("/start")
    await chat_shop.pump()
    await chat_shop.customer(LINA)  # with a credit, which is an action too
    query = await operator.forge(f"refund:{action}:0")
    await chat_shop.pump()

    assert query.answer
    assert query.answer["text"] == words("en").plain("refused-not-found-operator")
