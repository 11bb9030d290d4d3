"""What a customer reads while a wallet is filled, by each payment method: through handlers and Telegram's API.

tests/e2e/test_getting_paid.py does the same with a process of the shop, in French.
"""

import re

import pytest

from bot.refusals import required
from bot.sandbox.telegram.world import buttons, text_of
from locales import LOCALES
from tests.bot_harness import PNG, VoucherBotHarness, bare
from tests.harness import OPERATOR, books_agree

INSTRUCTIONS = "CCP 00 1234567890"


@pytest.fixture(params=LOCALES)
async def bot_harness(sqlite_store, request):
    made = await VoucherBotHarness(sqlite_store, request.param).open()
    made.offer()
    made.set_policy(transfer_instructions=dict.fromkeys(LOCALES, INSTRUCTIONS))
    await made.say("/start")
    yield made
    await books_agree(made)
    await made.close()


async def choose(bot_harness: VoucherBotHarness, method: str, dinars: float) -> dict:
    """To the screen on which this amount is paid."""
    await bot_harness.say("/wallet")
    for label in (
        bot_harness.words.plain("button-topup"),
        bot_harness.words.plain(f"button-pay-{method}"),
        bot_harness.words.money(int(dinars * 100)),
    ):
        await bot_harness.press_label(label)
    return bot_harness.lina.inbox[-1]


async def send_receipt(bot_harness: VoucherBotHarness, content: bytes) -> None:
    await bot_harness.lina.attach(content, "receipt.png", photo=True)
    await bot_harness.pump()
    await bot_harness.live(2)


async def wallet(bot_harness: VoucherBotHarness) -> str:
    await bot_harness.say("/wallet")
    return text_of(bot_harness.lina.inbox[-1]).splitlines()[0]


def newest_receipt(bot_harness: VoucherBotHarness) -> dict:
    return [m for m in bot_harness.person(OPERATOR).inbox if "photo" in m][-1]


async def test_a_transfer_is_accepted(bot_harness: VoucherBotHarness):
    shown = await choose(bot_harness, "transfer", 5000)
    assert INSTRUCTIONS in bare(text_of(shown))
    found = re.search(r"HN\d+", text_of(shown))
    assert found is not None
    await send_receipt(bot_harness, PNG)
    assert found[0] in text_of(newest_receipt(bot_harness))

    await bot_harness.press_label("Approve", bot_harness.person(OPERATOR))
    await bot_harness.live(2)

    amount = bot_harness.words.money(500_000)
    assert bot_harness.line("paid-credited", amount=amount, wallet=amount) in bot_harness.told()
    assert amount in await wallet(bot_harness)


async def test_a_receipt_is_rejected_with_its_reason(bot_harness: VoucherBotHarness):
    await choose(bot_harness, "transfer", 1000)
    await send_receipt(bot_harness, PNG + b"blurred")

    await bot_harness.press_label("Reject", bot_harness.person(OPERATOR))
    await bot_harness.press_label("can’t be read", bot_harness.person(OPERATOR))
    await bot_harness.live(2)

    assert bot_harness.line("rejected-unreadable") in bot_harness.told()
    assert bot_harness.words.money(0) in await wallet(bot_harness)


async def test_a_card_is_paid(bot_harness: VoucherBotHarness):
    shown = await choose(bot_harness, "ocpay", 2000)
    (link,) = [b["url"] for b in buttons(shown) if "url" in b]
    paid = bot_harness.words.plain("button-paid")

    query = await bot_harness.lina.press(paid, shown)
    await bot_harness.pump()
    assert required(query.answer)["text"] == bot_harness.words.plain("toast-not-yet")
    bot_harness.book.cards.pay(link.rpartition("/")[2])
    bot_harness.clock.pass_time(6)
    query = await bot_harness.lina.press(paid, shown)
    await bot_harness.pump()
    assert required(query.answer)["text"] == bot_harness.words.plain("toast-paid")
    await bot_harness.live(2)

    assert bot_harness.words.money(200_000) in await wallet(bot_harness)


async def test_a_card_is_paid_at_chargily_and_the_page_leads_back(bot_harness: VoucherBotHarness):
    shown = await choose(bot_harness, "chargily", 2000)
    (link,) = [b["url"] for b in buttons(shown) if "url" in b]
    (checkout,) = bot_harness.chargily.checkouts.values()
    assert link.endswith(f"/checkouts/{checkout.id}/pay")
    assert checkout.asked["locale"] == bot_harness.words.locale
    back = checkout.asked["success_url"].partition("start=")[2]
    await bot_harness.say(f"/start {back}")
    assert link in [b.get("url") for b in buttons(bot_harness.lina.inbox[-1])]

    bot_harness.chargily.pay(checkout.id, fees=60)
    await bot_harness.say(f"/start {back}")  # too soon after the last time
    bot_harness.clock.pass_time(6)
    await bot_harness.say(f"/start {back}")
    assert bot_harness.words.money(200_000) in text_of(bot_harness.lina.inbox[-1])
    await bot_harness.live(2)
    amount = bot_harness.words.money(200_000)
    assert bot_harness.line("paid-credited", amount=amount, wallet=amount) in bot_harness.told()

    operator = bot_harness.person(OPERATOR)
    await bot_harness.say("/payments HN1", operator)
    assert "60" in text_of(operator.inbox[-1])
    stranger = bot_harness.person(77)
    await bot_harness.say(f"/start {back}", stranger)
    assert amount not in text_of(stranger.inbox[-1])


async def test_an_amount_that_a_card_may_not_take_is_warned_of(bot_harness: VoucherBotHarness):
    ceiling = bot_harness.words.money(5_000_000)
    await bot_harness.say("/wallet")
    for key in ("button-topup", "button-pay-chargily"):
        await bot_harness.press_label(bot_harness.words.plain(key))
    warning = bot_harness.line("card-ceiling", ceiling=ceiling)
    assert warning in bare(text_of(bot_harness.lina.inbox[-1]))
    await bot_harness.press_label(bot_harness.words.plain("button-amount"))
    assert warning in bare(text_of(bot_harness.lina.inbox[-1]))

    await bot_harness.say("60000")
    await bot_harness.press_label(bot_harness.words.money(6_000_000))

    shown = bare(text_of(bot_harness.lina.inbox[-1]))
    assert bot_harness.line("card-ceiling-now") in shown
    (checkout,) = bot_harness.chargily.checkouts.values()
    assert checkout.amount == 60_000


async def test_stars_are_paid_and_given_back(bot_harness: VoucherBotHarness):
    await choose(bot_harness, "stars", 1000.5)  # 667 Stars, of 1.50 dinars each
    bill = bot_harness.lina.invoice
    paid = bot_harness.words.money(100_050)
    question = await bot_harness.world.stars.send_pre_checkout_query(bot_harness.lina, bill)
    await bot_harness.pump()
    assert question.ok
    await bot_harness.world.stars.charge_for(bot_harness.lina, bill)
    await bot_harness.pump()
    await bot_harness.live(2)
    assert paid in await wallet(bot_harness)
    again = await bot_harness.world.stars.send_pre_checkout_query(bot_harness.lina, bill)
    await bot_harness.pump()
    assert not again.ok

    operator = bot_harness.person(OPERATOR)
    await bot_harness.say("/payments", operator)
    for label in ("added to the wallet", "Refund the Stars", "Refund ⭐"):
        await bot_harness.press_label(label, operator)
    await bot_harness.live(20)

    assert "↩️" in bot_harness.told()
    assert bot_harness.words.money(0) in await wallet(bot_harness)
