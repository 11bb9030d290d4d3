"""What a member may move in a day: counted with the money, over midnight, two devices and races."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot import refusals
from bot.domain.orders import Order
from bot.domain.payments import Method
from bot.domain.roles import Role
from bot.services.orders.refund import ask_refund, confirm_refund
from bot.services.payments.decisions import accept_payment
from bot.services.payments.refunds import ask_payment_refund, confirm_payment_refund
from bot.services.wallet.credit import Credit, confirm_credit, credit_wallet
from storage.repositories.ledger import LedgerRepository
from storage.repositories.operators import OperatorRepository
from storage.repositories.team import TeamRepository
from tests.harness import OPERATOR, ShopHarness
from tests.integration.payment_steps import Payments, star_payment

KARIM = 77


async def unbought(harness: ShopHarness, user_id: int = 1) -> Order:
    """A paid order that a refund ends at once."""
    await harness.customer(user_id, dinars=5_000)
    return await harness.buy(user_id)


async def refunded(harness: ShopHarness, order: Order, who: int = KARIM) -> int:
    key = f"refund:{order.id}:{who}"
    reason = "as they asked"
    _, amount, _ = await ask_refund(
        harness.shop, key=key, operator_id=who, order_id=order.id, reason=reason
    )
    return amount


async def credited(harness: ShopHarness, minor: int, user_id: int = 1, key: str = "") -> None:
    await credit_wallet(
        harness.shop, Credit(key or f"{user_id}:{minor}", KARIM, user_id, minor, "")
    )


async def test_support_refunds_and_accepts_receipts_up_to_one_cap(pay: Payments, paying_harness):
    harness = paying_harness
    first, second = await unbought(harness), await unbought(harness, 2)
    await harness.hire(KARIM, Role.SUPPORT, first.total_minor + 100_000)
    transfer = await pay.begin(Method.TRANSFER, 100_000)
    await pay.receipt()
    assert await refunded(harness, first) == first.total_minor

    with pytest.raises(refusals.CapReached) as refused:
        await refunded(harness, second)
    assert refused.value.left_minor == 100_000
    with pytest.raises(refusals.CapReached):
        await accept_payment(harness.shop, pay.decision(transfer, 100_001, KARIM))
    await accept_payment(harness.shop, pay.decision(transfer, 100_000, KARIM))


async def test_support_without_a_cap_moves_nothing(pay: Payments, paying_harness):
    harness = paying_harness
    order = await unbought(harness)
    await harness.hire(KARIM, Role.SUPPORT)
    transfer = await pay.begin(Method.TRANSFER, 100_000)
    await pay.receipt()

    with pytest.raises(refusals.NotFound):
        await refunded(harness, order)
    with pytest.raises(refusals.NotFound):
        await accept_payment(harness.shop, pay.decision(transfer, operator=KARIM))
    with pytest.raises(refusals.NotFound):
        await credited(harness, 1)


async def test_a_manager_changes_balances_and_gives_stars_back_up_to_one_cap(
    pay: Payments, paying_harness
):
    harness = paying_harness
    await harness.hire(KARIM, Role.MANAGER, 350_000)
    payment = await star_payment(pay, harness)
    await credited(harness, 50_000)

    action_id = await ask_back_as(harness, payment)
    await credited(harness, -1)
    with pytest.raises(refusals.CapReached) as refused:
        await confirm_payment_refund(harness.shop, KARIM, action_id)
    assert refused.value.left_minor == 299_999
    await harness.hire(KARIM, Role.MANAGER, 350_001)
    await confirm_payment_refund(harness.shop, KARIM, action_id)


async def ask_back_as(harness: ShopHarness, payment) -> int:
    _, action_id = await ask_payment_refund(
        harness.shop, key="back", operator_id=KARIM, payment_id=payment.id
    )
    return action_id


async def test_what_orders_hold_is_no_matter_of_a_managers_cap_but_the_shops_own_money_is(
    harness: ShopHarness,
):
    order = await unbought(harness)
    await harness.hire(KARIM, Role.MANAGER)
    await refunded(harness, order)

    delivered = await harness.buy(1)
    await harness.run(20)
    with pytest.raises(refusals.CapReached) as refused:
        await refunded(harness, delivered)
    assert refused.value.left_minor == 0


async def test_the_day_of_a_cap_ends_at_the_shops_own_midnight(harness: ShopHarness):
    harness.set_policy(time_zone=ZoneInfo("Africa/Algiers"))
    await harness.customer(1, dinars=0)
    await harness.hire(KARIM, Role.MANAGER, 100_000)
    harness.clock.moment = datetime.fromisoformat("2026-12-01T22:59:59Z")  # 23:59:59 in Algiers
    await credited(harness, 100_000)
    with pytest.raises(refusals.CapReached):
        await credited(harness, 1, key="a")

    harness.clock.pass_time(1)
    await credited(harness, 60_000)
    harness.clock.pass_time(3600 + 1)  # midnight in UTC does not count
    with pytest.raises(refusals.CapReached) as refused:
        await credited(harness, 40_001, key="b")
    assert refused.value.left_minor == 40_000


async def test_a_question_of_before_midnight_counts_for_the_day_of_its_answer(harness: ShopHarness):
    harness.set_policy(time_zone=ZoneInfo("Africa/Algiers"), confirm_above_minor=50_000)
    await harness.customer(1, dinars=0)
    await harness.hire(KARIM, Role.MANAGER, 100_000)
    harness.clock.moment = datetime.fromisoformat("2026-12-01T22:59:00Z")
    asked = await credit_wallet(harness.shop, Credit("q", KARIM, 1, 100_000, ""))
    harness.clock.pass_time(120)
    await confirm_credit(harness.shop, KARIM, refusals.required(asked.action_id))

    with pytest.raises(refusals.CapReached):
        await credited(harness, 1)


async def test_the_smaller_of_two_caps_holds(harness: ShopHarness):
    await harness.customer(1, dinars=0)
    await harness.hire(KARIM, Role.MANAGER, 100_000)
    harness.set_policy(daily_cap_minor=30_000)

    with pytest.raises(refusals.CapReached) as refused:
        await credited(harness, 30_001)
    assert refused.value.left_minor == 30_000


async def test_a_question_whose_operator_lost_cap_or_role_moves_nothing(harness: ShopHarness):
    harness.set_policy(confirm_above_minor=1)
    await harness.customer(1, dinars=0)
    await harness.hire(KARIM, Role.MANAGER, 100_000)
    asked = await credit_wallet(harness.shop, Credit("q", KARIM, 1, 100_000, ""))

    await harness.hire(KARIM, Role.MANAGER, 99_999)
    with pytest.raises(refusals.CapReached):
        await confirm_credit(harness.shop, KARIM, refusals.required(asked.action_id))
    await harness.hire(KARIM, Role.SUPPORT, 100_000)
    with pytest.raises(refusals.NotFound):
        await confirm_credit(harness.shop, KARIM, refusals.required(asked.action_id))
    await harness.dismiss(KARIM)
    with pytest.raises(refusals.NotFound):
        await confirm_credit(harness.shop, KARIM, refusals.required(asked.action_id))
    assert await harness.balance(1) == 0


async def test_a_refund_that_is_confirmed_counts_as_much(harness: ShopHarness):
    order, other = await unbought(harness), await unbought(harness, 2)
    harness.set_policy(confirm_above_minor=1)
    await harness.hire(KARIM, Role.SUPPORT, order.total_minor)
    _, _, action_id = await ask_refund(
        harness.shop, key="k", operator_id=KARIM, order_id=order.id, reason="x"
    )

    await confirm_refund(harness.shop, KARIM, refusals.required(action_id))

    with pytest.raises(refusals.CapReached):
        await refunded(harness, other)


async def of_a_member(harness: ShopHarness) -> None:
    await harness.hire(KARIM, Role.MANAGER, 100_000)


async def of_a_member_by_the_setting(harness: ShopHarness) -> None:
    harness.set_policy(daily_cap_minor=100_000)
    await harness.hire(KARIM, Role.MANAGER, 500_000)


async def of_an_owner(harness: ShopHarness) -> None:
    harness.set_policy(daily_cap_minor=100_000, admin_ids=frozenset({OPERATOR, KARIM}))


@pytest.mark.parametrize("cap", [of_a_member, of_a_member_by_the_setting, of_an_owner])
async def test_two_devices_at_once_have_one_cap(harness: ShopHarness, monkeypatch, cap):
    """For two customers, so that no wallet puts them in one line."""
    for user_id in (1, 2):
        await harness.customer(user_id, dinars=0)
    await cap(harness)
    moved_since = OperatorRepository.moved_since

    async def slow(repository, *args):
        found = await moved_since(repository, *args)
        await asyncio.sleep(0.05)
        return found

    monkeypatch.setattr(OperatorRepository, "moved_since", slow)
    results = await asyncio.gather(
        credited(harness, 100_000, 1), credited(harness, 100_000, 2), return_exceptions=True
    )

    assert [type(one) for one in results if one is not None] == [refusals.CapReached]
    assert await harness.balance(1) + await harness.balance(2) == 100_000


async def test_a_credit_and_its_confirmation_lock_the_wallet_before_the_member(
    harness: ShopHarness, monkeypatch
):
    """In another order, two of them about one customer could wait for each other."""
    harness.set_policy(confirm_above_minor=50_000)
    await harness.customer(1, dinars=0)
    await harness.hire(KARIM, Role.MANAGER, 100_000)
    locked: list[str] = []
    for repository, name in ((LedgerRepository, "lock_wallet"), (TeamRepository, "locked")):
        monkeypatch.setattr(repository, name, noting(locked, getattr(repository, name)))

    asked = await credit_wallet(harness.shop, Credit("q", KARIM, 1, 60_000, ""))
    assert list(dict.fromkeys(locked)) == ["lock_wallet", "locked"]
    locked.clear()
    await confirm_credit(harness.shop, KARIM, refusals.required(asked.action_id))
    assert list(dict.fromkeys(locked)) == ["lock_wallet", "locked"]


def noting(names: list[str], method):
    async def noted(repository, *args):
        names.append(method.__name__)
        return await method(repository, *args)

    return noted


async def test_owners_have_no_cap_of_their_own(harness: ShopHarness):
    await harness.customer(1, dinars=0)
    await harness.hire(OPERATOR, Role.SUPPORT)  # a row says nothing of whoever is in ADMIN_IDS

    await credit_wallet(harness.shop, Credit("k", OPERATOR, 1, 90_000_00, ""))
