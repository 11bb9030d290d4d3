"""Credits and debits by operators: small ones at once, large ones confirmed by who asked."""

import pytest

from bot import refusals
from bot.services.wallet.credit import Credit, confirm_credit, credit_wallet
from tests.harness import OPERATOR, ShopHarness, books_agree


async def test_large_credits_are_confirmed_within_an_hour_by_who_asked(paying_harness: ShopHarness):
    paying_harness.set_policy(confirm_above_minor=100_000)
    await paying_harness.customer(1, dinars=0)
    small = await credit_wallet(paying_harness.shop, Credit("a", OPERATOR, 1, 100_000, ""))
    assert (small.action_id, small.balance_minor) == (None, 100_000)
    asked = await credit_wallet(paying_harness.shop, Credit("b", OPERATOR, 1, 100_001, "CCP"))
    assert asked.action_id is not None
    assert await paying_harness.balance() == 100_000
    with pytest.raises(refusals.NotFound):
        await confirm_credit(paying_harness.shop, 901, asked.action_id)
    assert (
        await confirm_credit(paying_harness.shop, OPERATOR, asked.action_id)
    ).balance_minor == 200_001
    with pytest.raises(refusals.AlreadyDecided):
        await confirm_credit(paying_harness.shop, OPERATOR, asked.action_id)
    late = await credit_wallet(paying_harness.shop, Credit("c", OPERATOR, 1, 500_000, ""))
    paying_harness.clock.pass_time(3601)
    assert late.action_id is not None
    with pytest.raises(refusals.AskedTooLongAgo):
        await confirm_credit(paying_harness.shop, OPERATOR, late.action_id)
    with pytest.raises(refusals.DebitTooLarge) as refused:
        await credit_wallet(paying_harness.shop, Credit("x", OPERATOR, 1, -300_001, ""))
    assert (refused.value.user_id, refused.value.balance_minor) == (1, 200_001)
    taken = await credit_wallet(paying_harness.shop, Credit("d", OPERATOR, 1, -150_000, ""))
    assert taken.action_id is not None
    await books_agree(paying_harness)


async def test_a_whole_wallet_can_be_taken_back_and_no_centime_more(harness: ShopHarness):
    harness.set_policy(confirm_above_minor=0)
    await harness.customer(1, dinars=0)
    asked = await credit_wallet(harness.shop, Credit("in", OPERATOR, 1, 5_000, ""))
    await confirm_credit(harness.shop, OPERATOR, refusals.required(asked.action_id))
    with pytest.raises(refusals.DebitTooLarge):
        await credit_wallet(harness.shop, Credit("more", OPERATOR, 1, -5_001, ""))
    asked = await credit_wallet(harness.shop, Credit("out", OPERATOR, 1, -5_000, ""))
    await confirm_credit(harness.shop, OPERATOR, refusals.required(asked.action_id))

    assert await harness.balance() == 0


async def test_a_credit_that_is_sent_twice_is_booked_once(harness: ShopHarness):
    await harness.customer(1, dinars=0)
    asked = Credit("the same message", OPERATOR, 1, 5_000, "")
    await credit_wallet(harness.shop, asked)

    with pytest.raises(refusals.AlreadyDecided):
        await credit_wallet(harness.shop, asked)

    assert await harness.balance() == 5_000
    await books_agree(harness)
