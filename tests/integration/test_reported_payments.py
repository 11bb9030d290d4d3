"""Payments and refunds that Telegram reports: booked whoever the message is from, and whatever came first."""

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.payments import Method, PaymentState
from bot.sandbox.telegram.world import text_of
from locales import words
from tests.bot_harness import LINA, BotHarness
from tests.harness import OPERATOR

STARS = 4000  # at the harness's 1.50 DA each


@pytest.fixture
def shop(stars_shop: BotHarness) -> BotHarness:
    return stars_shop


def message(shop: BotHarness, sender: dict, **body) -> dict:
    return {
        "message_id": 999,
        "date": int(shop.world.now()),
        "chat": shop.world.chat_json(shop.person(LINA).chat),
        "from": sender,
        **body,
    }


def paid(charge: str) -> dict:
    body = {"currency": "XTR", "total_amount": STARS, "invoice_payload": "payment:77"}
    return body | {"telegram_payment_charge_id": charge, "provider_payment_charge_id": ""}


def refunded(charge: str) -> dict:
    body = paid(charge)
    del body["provider_payment_charge_id"]
    return body


async def tell_paid(shop: BotHarness, charge: str = "c") -> None:
    sender = shop.person(LINA).user
    shop.world.push("message", message(shop, sender, successful_payment=paid(charge)))
    await shop.pump()


async def tell_refunded(shop: BotHarness, charge: str = "c") -> None:
    """As the real server tells it: from the bot itself, in the payer's chat."""
    shop.world.push("message", message(shop, shop.world.me, refunded_payment=refunded(charge)))
    await shop.pump()


async def payment_of(shop: BotHarness, charge: str = "c"):
    async with shop.store.reading() as tx:
        return await tx.payments.by_external_id(Method.STARS, charge)


async def test_a_refund_from_the_bot_itself_takes_back_what_is_left(shop: BotHarness):
    await tell_paid(shop)
    assert await shop.balance(LINA) == STARS * 150

    await tell_refunded(shop)
    await tell_refunded(shop)

    assert await shop.balance(LINA) == 0
    assert (await payment_of(shop)).state is PaymentState.RETURNED
    async with shop.store.reading() as tx:
        untold = await tx.alerts.untold()
    assert [alert.kind for alert in untold] == [AlertKind.PAYMENT_CHARGED_BACK]


async def test_what_was_spent_is_the_shops_loss_and_told(shop: BotHarness):
    await tell_paid(shop)
    await shop.refresh()
    await shop.press_to_buy(shop.person(LINA), 1)
    left = await shop.balance(LINA)
    assert left < STARS * 150

    await tell_refunded(shop)
    await shop.live(2)

    assert await shop.balance(LINA) == 0
    spent = words("en").money(STARS * 150 - left)
    assert any(spent in text_of(m) for m in shop.person(OPERATOR).inbox)


async def test_a_refund_that_comes_before_its_payment_leaves_nothing_to_credit(shop: BotHarness):
    await tell_refunded(shop)
    assert (await payment_of(shop)).state is PaymentState.REJECTED

    await tell_paid(shop)
    await tell_refunded(shop)

    assert await shop.balance(LINA) == 0
    assert (await payment_of(shop)).state is PaymentState.REJECTED


async def test_somebody_who_never_wrote_is_credited_and_told(shop: BotHarness):
    new = shop.world.person(6, "Nour", "fr")
    body = {**message(shop, new.user, successful_payment=paid("d"))}
    body["chat"] = shop.world.chat_json(new.chat)
    shop.world.push("message", body)
    await shop.pump()
    await shop.live(2)

    assert await shop.balance(6) == STARS * 150
    assert new.inbox


async def test_a_payment_is_credited_also_behind_a_flood(shop: BotHarness):
    lina = shop.person(LINA)
    for _ in range(80):
        await lina.say("netflix")
    shop.world.push("message", message(shop, lina.user, successful_payment=paid("c")))
    await shop.pump()

    assert await shop.balance(LINA) == STARS * 150


@pytest.mark.parametrize("sender", ["missing", "a bot"])
async def test_a_payment_without_a_payer_is_credited_to_nobody(shop: BotHarness, sender: str):
    body = message(shop, shop.world.me, successful_payment=paid("e"))
    if sender == "missing":
        del body["from"]
    shop.world.push("message", body)
    await shop.pump()

    assert await payment_of(shop, "e") is None
