"""Who made a transfer and was banned then may still show its receipt."""

import pytest

from bot import refusals
from bot.domain.payments import Method, PaymentState
from tests.harness import ShopHarness
from tests.integration.payment_steps import Payments
from tests.integration.test_bans import LINA, ban


async def test_a_transfer_begun_before_the_ban_takes_its_receipt(
    pay: Payments, paying_harness: ShopHarness
):
    await paying_harness.customer(LINA)
    transfer = await pay.begin(Method.TRANSFER)
    paying_harness.clock.pass_time(60)
    await ban(paying_harness)

    shown = await pay.receipt("picture")

    assert (shown.id, shown.state) == (transfer.id, PaymentState.REVIEW)


async def test_without_such_a_transfer_the_banned_show_nothing(
    pay: Payments, paying_harness: ShopHarness
):
    await paying_harness.customer(LINA)
    await ban(paying_harness)

    with pytest.raises(refusals.Banned):
        await pay.receipt("picture")
