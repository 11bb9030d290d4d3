"""How much money an operator may move in a day."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot import refusals
from bot.domain.payments import Method
from bot.services.payments.decisions import accept_payment
from bot.services.wallet.credit import Credit, credit_wallet
from tests.harness import OPERATOR, ShopHarness


async def test_a_day_has_its_cap_for_each_operator_and_ends_at_midnight(
    pay, paying_harness: ShopHarness
):
    both = frozenset({OPERATOR, 901})
    paying_harness.set_policy(daily_cap_minor=600_000, admin_ids=both)
    await paying_harness.customer(1, dinars=0)
    payment = await pay.begin(Method.TRANSFER, 500_000)
    await pay.receipt()
    await accept_payment(paying_harness.shop, pay.decision(payment))
    with pytest.raises(refusals.CapReached) as refused:
        await credit_wallet(paying_harness.shop, Credit("a", OPERATOR, 1, 100_001, ""))
    assert refused.value.left_minor == 100_000
    # A debit counts as much.
    await credit_wallet(paying_harness.shop, Credit("b", OPERATOR, 1, -100_000, ""))
    with pytest.raises(refusals.CapReached):
        await credit_wallet(paying_harness.shop, Credit("c", OPERATOR, 1, 1, ""))
    await credit_wallet(
        paying_harness.shop, Credit("d", 901, 1, 600_000, "")
    )  # another operator's day
    paying_harness.clock.pass_time(24 * 3600)
    await credit_wallet(paying_harness.shop, Credit("e", OPERATOR, 1, 600_000, ""))


async def test_an_operators_day_begins_at_the_shops_own_midnight(harness: ShopHarness):
    harness.set_policy(daily_cap_minor=100_000, time_zone=ZoneInfo("Africa/Algiers"))
    await harness.customer(1, dinars=0)
    harness.clock.moment = datetime.fromisoformat("2026-12-01T22:59:59Z")  # 23:59:59 in Algiers
    await credit_wallet(harness.shop, Credit("a", OPERATOR, 1, 100_000, ""))
    with pytest.raises(refusals.CapReached) as refused:
        await credit_wallet(harness.shop, Credit("b", OPERATOR, 1, 1, ""))
    assert refused.value.left_minor == 0

    harness.clock.pass_time(1)
    await credit_wallet(harness.shop, Credit("c", OPERATOR, 1, 60_000, ""))
    harness.clock.pass_time(3600 + 1)  # midnight in UTC does not count
    with pytest.raises(refusals.CapReached) as refused:
        await credit_wallet(harness.shop, Credit("d", OPERATOR, 1, 40_001, ""))
    assert refused.value.left_minor == 40_000


async def test_a_cap_that_was_lowered_below_what_was_moved_leaves_nothing(harness: ShopHarness):
    await harness.customer(1, dinars=1_000)
    harness.set_policy(daily_cap_minor=50_000)
    with pytest.raises(refusals.CapReached) as refused:
        await credit_wallet(harness.shop, Credit("a", OPERATOR, 1, 1, ""))
    assert refused.value.left_minor == 0
