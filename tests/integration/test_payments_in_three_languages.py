"""What a customer reads while a wallet is filled, by each payment method: through handlers and Telegram's API.

tests/e2e/test_getting_paid.py does the same with a process of the shop, in French.
"""

import re

import pytest

from bot.errors import required
from bot.sandbox.telegram.world import buttons, text_of
from locales import LOCALES
from tests.bot_harness import PNG, VoucherBotHarness, bare
from tests.harness import OPERATOR, books_agree

INSTRUCTIONS = "CCP 00 1234567890"


@pytest.fixture(params=LOCALES)
async def wire(sqlite_store, request):
    made = await VoucherBotHarness(sqlite_store, request.param).open()
    made.offer()
    made.set_policy(transfer_instructions=dict.fromkeys(LOCALES, INSTRUCTIONS))
    await made.say("/start")
    yield made
    await books_agree(made)
    await made.close()


async def choose(wire: VoucherBotHarness, method: str, dinars: float) -> dict:
    """To the screen on which this amount is paid."""
    await wire.say("/wallet")
    for label in (
        wire.words.plain("button-topup"),
        wire.words.plain(f"button-pay-{method}"),
        wire.words.money(int(dinars * 100)),
    ):
        await wire.press_label(label)
    return wire.lina.inbox[-1]


async def send_receipt(wire: VoucherBotHarness, content: bytes) -> None:
    await wire.lina.attach(content, "receipt.png", photo=True)
    await wire.pump()
    await wire.live(2)


async def wallet(wire: VoucherBotHarness) -> str:
    await wire.say("/wallet")
    return text_of(wire.lina.inbox[-1]).splitlines()[0]


def newest_receipt(wire: VoucherBotHarness) -> dict:
    return [m for m in wire.person(OPERATOR).inbox if "photo" in m][-1]


async def test_a_transfer_is_accepted(wire: VoucherBotHarness):
    shown = await choose(wire, "transfer", 5000)
    assert INSTRUCTIONS in bare(text_of(shown))
    found = re.search(r"HN\d+", text_of(shown))
    assert found is not None
    await send_receipt(wire, PNG)
    assert found[0] in text_of(newest_receipt(wire))

    await wire.press_label("Approve", wire.person(OPERATOR))
    await wire.live(2)

    amount = wire.words.money(500_000)
    assert wire.line("paid-credited", amount=amount, wallet=amount) in wire.told()
    assert amount in await wallet(wire)


async def test_a_receipt_is_rejected_with_its_reason(wire: VoucherBotHarness):
    await choose(wire, "transfer", 1000)
    await send_receipt(wire, PNG + b"blurred")

    await wire.press_label("Reject", wire.person(OPERATOR))
    await wire.press_label("cannot be read", wire.person(OPERATOR))
    await wire.live(2)

    assert wire.line("rejected-unreadable") in wire.told()
    assert wire.words.money(0) in await wallet(wire)


async def test_a_card_is_paid(wire: VoucherBotHarness):
    shown = await choose(wire, "ocpay", 2000)
    (link,) = [b["url"] for b in buttons(shown) if "url" in b]
    paid = wire.words.plain("button-paid")

    query = await wire.lina.press(paid, shown)
    await wire.pump()
    assert required(query.answer)["text"] == wire.words.plain("toast-not-yet")
    wire.book.cards.pay(link.rpartition("/")[2])
    wire.clock.pass_time(6)
    query = await wire.lina.press(paid, shown)
    await wire.pump()
    assert required(query.answer)["text"] == wire.words.plain("toast-paid")
    await wire.live(2)

    assert wire.words.money(200_000) in await wallet(wire)


async def test_stars_are_paid_and_given_back(wire: VoucherBotHarness):
    await choose(wire, "stars", 1000.5)  # 667 Stars, of 1.50 dinars each
    bill = wire.lina.invoice
    paid = wire.words.money(100_050)
    question = await wire.world.stars.send_pre_checkout_query(wire.lina, bill)
    await wire.pump()
    assert question.ok
    await wire.world.stars.charge_for(wire.lina, bill)
    await wire.pump()
    await wire.live(2)
    assert paid in await wallet(wire)
    again = await wire.world.stars.send_pre_checkout_query(wire.lina, bill)
    await wire.pump()
    assert not again.ok

    operator = wire.person(OPERATOR)
    await wire.say("/payments", operator)
    for label in ("in the wallet", "Give the Stars back", "Give ⭐"):
        await wire.press_label(label, operator)
    await wire.live(20)

    assert "↩️" in wire.told()
    assert wire.words.money(0) in await wallet(wire)
