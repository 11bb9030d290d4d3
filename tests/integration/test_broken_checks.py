"""A payment whose check breaks in an unforeseen way harms no other, and is tried again when an operator says so."""

from datetime import timedelta
from itertools import pairwise

from bot.domain.payments import Method, PaymentState
from bot.errors import PaymentFailure
from bot.services.operations.failing import retry_failing
from bot.services.operations.reports import report_payment
from bot.services.payments.provider_checks import check_due_payments, check_payment
from storage.tables import payments
from tests.database import overwrite
from tests.harness import ShopHarness
from tests.integration.payment_steps import Payments
from tests.sweeps import AT_INTERVALS

HOUR = 3600
CREDITED = {"state": "credited", "due_at": None}


async def test_a_payment_whose_check_breaks_is_asked_ever_more_rarely_and_tried_again(
    harness: ShopHarness, monkeypatch
):
    harness.leave_out(*AT_INTERVALS)
    harness.offer()
    pay = Payments(harness)
    broken, fine = await pay.begin(), await pay.begin(minor=300_000)
    provider, asked = harness.shop.payment_methods[Method.OCPAY], []
    check = provider.check

    async def breaks(payment):
        if payment.id == broken.id:
            asked.append(harness.clock.now())
            raise KeyError("amount")
        return await check(payment)

    monkeypatch.setattr(provider, "check", breaks)
    for payment in (broken, fine):
        harness.book.cards.pay(payment.external_id)
    await harness.run(6 * HOUR)
    assert await harness.balance() == 300_000
    assert (await pay.now(broken)).attempts == len(asked)
    waits = [later - earlier for earlier, later in pairwise(asked)]
    assert waits == sorted(waits)
    assert waits[-1] >= timedelta(minutes=15)
    (told,) = harness.sender.alerts("item_failing")
    assert (told["item"], told["id"], told["trouble"]) == ("payment", str(broken.id), "KeyError")

    monkeypatch.undo()
    assert await retry_failing(harness.shop) == (1, 0)
    assert await harness.balance() == 500_000


async def test_a_payment_that_was_decided_while_its_check_broke_is_left_alone(
    harness: ShopHarness, monkeypatch
):
    harness.offer()
    payment = await Payments(harness).begin()
    harness.clock.pass_time(60)

    async def decided_meanwhile(_payment):
        await harness.store.write(lambda tx: overwrite(tx, payments, payment.id, **CREDITED))
        raise KeyError

    monkeypatch.setattr(harness.shop.payment_methods[Method.OCPAY], "check", decided_meanwhile)
    await check_due_payments(harness.shop)
    after = await report_payment(harness.shop, payment.id)
    assert (after.state, after.due_at, after.attempts) == (PaymentState.CREDITED, None, 0)

    monkeypatch.setattr(harness.shop.payment_methods[Method.OCPAY], "check", None)
    await check_payment(harness.shop, payment.id)  # asks nobody: it is paid


async def test_a_silent_provider_ends_no_other_providers_round(harness: ShopHarness, monkeypatch):
    harness.offer()
    begun = Payments(harness)
    for user_id in range(1, 26):
        await harness.customer(user_id, dinars=0)
        await begun.begin(Method.OCPAY, user=user_id)
    asked = []

    class Other:
        method, can_ask, can_refund = Method.TRANSFER, True, False

        async def check(self, payment):
            asked.append(payment.id)
            raise PaymentFailure

    async def silent(_payment):
        raise PaymentFailure

    harness.shop.payment_methods[Method.TRANSFER] = Other()  # type: ignore[assignment]
    monkeypatch.setattr(harness.shop.payment_methods[Method.OCPAY], "check", silent)

    await harness.store.write(lambda tx: overwrite(tx, payments, 25, method="transfer"))
    harness.clock.pass_time(60)
    assert await check_due_payments(harness.shop) == 21  # 20 of the silent one, at most
    assert asked == [25]
