"""Whoever has pressed a way to pay does not wait behind the questions about other payments."""

import httpx
import pytest

from bot.domain.payments import Method
from bot.services.payments.provider_checks import check_due_payments
from bot.suppliers.throttle import Throttle, Urgency
from tests.harness import ShopHarness
from tests.integration.payment_steps import Payments
from tests.unit.test_oneclickdz import adapter


@pytest.fixture
def asked(monkeypatch) -> list[Urgency]:
    """How urgent each call was."""
    found: list[Urgency] = []
    acquire = Throttle.acquire

    async def noted(self: Throttle, urgency: Urgency) -> None:
        found.append(urgency)
        await acquire(self, urgency)

    monkeypatch.setattr(Throttle, "acquire", noted)
    return found


async def test_a_link_to_pay_is_asked_for_before_the_states_of_others(asked):
    supplier = adapter(lambda _request: httpx.Response(200, json={"success": True, "data": {}}))

    await supplier.payment_call("ocpay/createLink", {})
    await supplier.payment_call("ocpay/checkPayment/1")

    assert asked == [Urgency.START, Urgency.PAYMENT]
    assert Urgency.START < Urgency.POLL < Urgency.PAYMENT


async def test_a_checkout_at_chargily_too(asked, pay: Payments, paying_harness: ShopHarness):
    await pay.begin(Method.CHARGILY)
    begun = list(asked)
    paying_harness.clock.pass_time(15)
    await check_due_payments(paying_harness.shop)

    assert Urgency.START in begun
    assert asked[len(begun) :] == [Urgency.PAYMENT]
