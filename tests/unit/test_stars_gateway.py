"""Telegram's side of Stars, against the Telegram simulator: bills, refunds, and the list of what moved."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.payments import Method
from bot.domain.records import Customer, Locale
from bot.errors import PaymentFailure, RefundRefused
from bot.sandbox.telegram.api import TelegramApi
from bot.sandbox.telegram.rules import ApiError
from bot.sandbox.telegram.world import World
from handlers.bot import ShopBot
from handlers.request import TelegramRequest
from handlers.stars_gateway import TelegramStarsGateway
from tests.bot_harness import TOKEN, FaultyTransport
from tests.unit.test_payments import PAYMENT

LINA = Customer(5, Locale.AR)
BILL = replace(PAYMENT, method=Method.STARS, stars=500, asked_minor=75_000)


@pytest.fixture
async def world():
    return World(TOKEN)


@pytest.fixture
async def stars_gateway(world):
    world.person(5).chat  # noqa: B018 - they have met
    wires = {"transport": FaultyTransport(TelegramApi(world).app)}
    bot = ShopBot(
        TOKEN, base_url="http://telegram/bot", request=TelegramRequest(httpx_kwargs=wires)
    )
    async with bot:
        yield TelegramStarsGateway(bot)


async def test_a_bill_is_one_that_telegram_takes(world, stars_gateway):
    for locale in Locale:
        await stars_gateway.send_invoice(Customer(5, locale), BILL)

    bill = world.person(5).invoice
    assert bill["invoice"]["total_amount"] == 500
    assert bill["invoice"]["start_parameter"]
    assert world.stars.payloads[5, bill["message_id"]] == "payment:12"
    assert world.refused == []


async def test_a_bill_that_cannot_be_sent_is_a_failure(world, stars_gateway):
    world.blocked.add(5)
    with pytest.raises(PaymentFailure, match="cannot be reached"):
        await stars_gateway.send_invoice(LINA, BILL)


async def test_a_refund_that_was_made_already_is_a_success(world, stars_gateway):
    charge = await world.stars.charge(world.person(5), 500, "payment:12")
    for _ in range(2):
        await stars_gateway.refund(5, charge)
    assert world.stars.refunded == {charge}
    with pytest.raises(RefundRefused, match=r"(?i)charge_not_found"):
        await stars_gateway.refund(6, charge)
    world.refusals.append(("refundStarPayment", ApiError(500, "Internal Server Error")))
    with pytest.raises(PaymentFailure):
        await stars_gateway.refund(5, charge)


@pytest.mark.parametrize("backwards", [False, True])
async def test_all_movements_of_the_span_are_read_in_either_order(world, stars_gateway, backwards):
    now = datetime.now(UTC)
    for number in range(250):
        await world.stars.charge(world.person(5), number + 1, f"payment:{number}", notify=False)
        world.stars.transactions[-1]["date"] = int(
            (now - timedelta(hours=250 - number)).timestamp()
        )
    world.stars.refund_to_payer(world.stars.transactions[-1]["id"])
    world.stars.transactions.append(
        {"id": "w", "amount": 9, "date": int(now.timestamp()), "receiver": {"type": "fragment"}}
    )
    if backwards:
        world.stars.transactions.reverse()

    found = await stars_gateway.movements(now - timedelta(hours=48, minutes=1))

    assert sum(not m.back for m in found) == 48
    assert [m.stars for m in found if m.back] == [250]
    assert {m.user_id for m in found} == {5}


async def test_a_list_that_cannot_be_read_is_a_failure(world, stars_gateway):
    world.stars.transactions.append({"id": "x", "amount": 1, "date": 1, "source": {"type": "user"}})
    with pytest.raises(PaymentFailure):
        await stars_gateway.movements(datetime.now(UTC))
