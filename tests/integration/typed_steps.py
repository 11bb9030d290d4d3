"""Questions that people answer by typing, and what the bot says to it."""

import pytest

from bot.sandbox.telegram.world import buttons, text_of
from locales import LOCALES
from tests.bot_harness import LINA, VoucherBotHarness
from tests.harness import books_agree

DIRECTION = str.maketrans("", "", "\u200e\u200f\u061c\u2066\u2068\u2069")


def newest(bot_harness: VoucherBotHarness, who: int = LINA) -> str:
    return text_of(bot_harness.person(who).inbox[-1]).translate(DIRECTION)


def labels(bot_harness: VoucherBotHarness, who: int = LINA) -> list[str]:
    made = buttons(bot_harness.person(who).inbox[-1])
    return [button["text"].translate(DIRECTION) for button in made]


async def ask_amount(bot_harness: VoucherBotHarness) -> None:
    await bot_harness.say("/wallet")
    for key in ("button-topup", "button-pay-transfer", "button-amount"):
        await bot_harness.press_label(bot_harness.words.plain(key))


async def ask_value(bot_harness: VoucherBotHarness) -> None:
    await bot_harness.say("/search Amazon.de")
    await bot_harness.press_label("Amazon.de")
    await bot_harness.live(2)
    await bot_harness.press_label("€")


@pytest.fixture(params=LOCALES)
async def bot_harness(sqlite_store, request):
    made = await VoucherBotHarness(sqlite_store, request.param).open()
    made.offer()
    made.set_policy(transfer_instructions=dict.fromkeys(LOCALES, "CCP 00 1234567890"))
    await made.say("/start")
    yield made
    await books_agree(made)
    await made.close()
