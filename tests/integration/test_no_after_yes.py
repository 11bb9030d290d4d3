"""A question that was answered by "yes": a "no" that comes later, or at once, never says that nothing was changed."""

import pytest

from bot.domain.records import PauseReason
from bot.domain.roles import Role
from bot.sandbox.telegram.chats import Message
from bot.sandbox.telegram.world import buttons, text_of
from locales import words
from tests.bot_harness import LINA, BotHarness
from tests.harness import OPERATOR, books_agree

DONE = words("en").plain("refused-decided")
LEFT = words("en").plain("left-alone")
KARIM = 77


@pytest.fixture
async def shop(chat_shop: BotHarness) -> BotHarness:
    for user_id in (LINA, KARIM):
        await chat_shop.person(user_id).say("/start")
    await chat_shop.pump()
    await chat_shop.hire(KARIM, Role.SUPPORT)
    chat_shop.set_policy(confirm_above_minor=1000)
    return chat_shop


async def ask(shop: BotHarness, *steps: str) -> None:
    """What the owner types, and which of the newest buttons they press."""
    owner = shop.person(OPERATOR)
    for step in steps:
        if step.startswith("="):
            await owner.say(step[1:])
            await shop.pump()
        else:
            assert await shop.press_newest(owner, step), step


def question_of(shop: BotHarness, verb: str) -> tuple[str, Message]:
    """What is asked about, by its number, and the newest message that asks it."""
    asked = shop.person(OPERATOR).inbox[-1]
    (number,) = {b["callback_data"].split(":")[1] for b in buttons(asked) if _is(b, verb)}
    return number, asked


def _is(button: dict, verb: str) -> bool:
    return str(button.get("callback_data", "")).startswith(f"{verb}:")


QUESTIONS = [
    ("credit", (f"=/credit {LINA} 500 cash",)),
    ("uban2", (f"=/user {LINA}", "uban:", "ubanw:.*:fraud")),
    ("tgo", ("=/team", f"tmem:{KARIM}", "tout:")),
    ("pzgo", ("=/pause", "pz:shop", f"pzr:.*:{PauseReason.SOON}", "pzu:.*:open", "pzp:.*:0")),
]


@pytest.mark.parametrize(("verb", "steps"), QUESTIONS, ids=[verb for verb, _ in QUESTIONS])
async def test_a_no_after_a_yes_leaves_the_screen_that_says_what_was_done(
    shop: BotHarness, verb: str, steps: tuple[str, ...]
):
    await ask(shop, *steps)
    number, asked = question_of(shop, verb)
    owner = shop.person(OPERATOR)

    await owner.forge(f"{verb}:{number}:1", asked)
    query = await owner.forge(f"{verb}:{number}:0", asked)
    await shop.pump()

    assert query.answer is not None
    assert query.answer["text"] == DONE
    assert LEFT not in text_of(owner.chat.messages[asked["message_id"]])
    await books_agree(shop)


@pytest.mark.parametrize(("verb", "steps"), QUESTIONS, ids=[verb for verb, _ in QUESTIONS])
async def test_a_no_alone_says_that_nothing_was_changed(
    shop: BotHarness, verb: str, steps: tuple[str, ...]
):
    await ask(shop, *steps)

    await ask(shop, f"{verb}:.*:0")

    assert LEFT in text_of(shop.person(OPERATOR).inbox[-1])
    assert await shop.balance(LINA) == 0


@pytest.mark.parametrize("verb", ["credit", "amount", "back", "uban2", "tgo"])
async def test_a_no_to_a_question_of_another_kind_or_of_nobody_is_refused(
    shop: BotHarness, verb: str
):
    asking = f"=/credit {LINA} 500 cash" if verb != "credit" else f"=/user {LINA}"
    await ask(shop, asking, *(() if verb != "credit" else ("uban:", "ubanw:.*:fraud")))

    for number in (1, 999):
        query = await shop.person(OPERATOR).forge(f"{verb}:{number}:0")
        await shop.pump()
        assert query.answer is not None
        assert query.answer["text"] == words("en").plain("refused-not-found-operator")
