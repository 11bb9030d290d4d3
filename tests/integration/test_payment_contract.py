"""What every payment method does, whoever stands behind it: the same tests for all of them."""

import contextlib
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot import errors, refusals
from bot.domain.payments import Method, PaymentState, Shown
from bot.payment_ports import PaymentMethod
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.payments.decisions import accept_payment
from bot.services.wallet.methods import methods_on
from tests.harness import ShopHarness
from tests.integration.payment_steps import Payments, unpaid_order

S = PaymentState
HOUR = 3600
ASKED = (Method.OCPAY, Method.CHARGILY)  # their providers are asked what became of a payment


@dataclass
class Payer:
    """Somebody who pays by one method, at its simulator; `faults` break its provider's answers."""

    harness: ShopHarness
    pay: Payments
    method: Method
    faults: list[Fault] = field(default_factory=list)

    async def begin(self, minor=None, **which):
        return await self.pay.begin(self.method, minor, **which)

    async def money(self, payment, **reported) -> None:
        """The money of a payment comes, or comes once more."""
        if self.method is Method.OCPAY:
            self.harness.book.cards.pay(payment.external_id, **reported)
        elif self.method is Method.CHARGILY:
            self.harness.chargily.pay(payment.external_id, **reported)
        elif self.method is Method.STARS:
            await self.pay.stars(payment, f"charge-{payment.id}")
        else:
            with contextlib.suppress(refusals.NothingToPay):  # the receipt of what was accepted
                await self.pay.receipt(f"file-{payment.id}", caption=payment.reference)
                await accept_payment(self.harness.shop, self.pay.decision(payment))

    def script(self, fault: Fault) -> None:
        book = self.harness.book if self.method is Method.OCPAY else self.harness.chargily
        book.script(fault)
        self.faults.append(fault)

    def heal(self) -> None:
        for fault in self.faults:
            fault.times = 0

    def approve(self, *, approved: bool) -> None:
        self.harness.book.cards.merchant_validated = approved
        self.harness.chargily.approved = approved

    def close(self, payment) -> None:
        """The card is refused at the provider's page."""
        if self.method is Method.OCPAY:
            self.harness.book.cards.decline(payment.external_id)
        else:
            self.harness.chargily.fail(payment.external_id)


@pytest.fixture(params=Method)
async def payer(request, pay: Payments, paying_harness: ShopHarness) -> Payer:
    return Payer(paying_harness, pay, request.param)


@pytest.fixture(params=ASKED)
async def asked(request, pay: Payments, paying_harness: ShopHarness) -> Payer:
    return Payer(paying_harness, pay, request.param)


async def test_a_method_says_what_it_is(payer: Payer):
    provider: PaymentMethod = payer.harness.shop.payment_methods[payer.method]

    assert provider.method is payer.method
    assert provider.shown in Shown
    assert provider.terms
    assert provider.lifetime >= provider.reusable_for or not provider.can_ask
    await provider.examine()
    await provider.close()


async def test_what_is_paid_is_in_the_wallet_once(payer: Payer):
    payment = await payer.begin(200_000)
    for _ in range(2):
        await payer.money(payment)
        await payer.harness.run(2 * HOUR)

    assert await payer.harness.balance() == payment.asked_minor >= 200_000
    assert (await payer.pay.now(payment)).state is S.CREDITED
    assert payer.harness.sender.payments(1) == ["credited"]


async def test_what_is_paid_late_is_in_the_wallet(payer: Payer):
    payment = await payer.begin(200_000)
    lifetime = payment.expires_at - payment.created_at
    await payer.harness.run(lifetime.total_seconds() + 60)
    assert (await payer.pay.now(payment)).state in (S.EXPIRED, S.OPEN)

    await payer.money(payment)
    await payer.harness.run(HOUR)

    assert (await payer.pay.now(payment)).state is S.CREDITED
    assert await payer.harness.balance() == payment.asked_minor


async def test_the_same_press_and_an_equal_wish_give_one_payment(payer: Payer):
    first = await payer.begin(200_000, key="press")
    again = await payer.begin(200_000, key="press")
    equal = await payer.begin(200_000, key="another press")

    assert first.id == again.id == equal.id


async def test_amounts_beyond_the_limits_are_refused_before_anybody_is_asked(payer: Payer):
    limits = payer.harness.shop.payment_methods[payer.method].limits

    with pytest.raises(refusals.AmountOutOfRange):
        await payer.begin(limits.most_minor + 1)
    charge = payer.harness.shop.payment_methods[payer.method].charge_for(1)
    assert charge.amount_minor >= limits.least_minor


async def test_an_order_continues_with_its_money(payer: Payer):
    order = await unpaid_order(payer.harness)
    payment = await payer.begin(order=order.id)
    await payer.money(payment)
    await payer.harness.run(60)

    now = await payer.harness.order(order.id)
    assert now.delivered_quantity == order.quantity
    assert await payer.harness.balance() == payment.asked_minor - order.total_minor


async def test_two_payments_of_one_order_are_both_in_the_wallet(payer: Payer):
    order = await unpaid_order(payer.harness)
    first = await payer.begin(order=order.id)
    lifetime = payer.harness.shop.payment_methods[payer.method].reusable_for
    await payer.harness.run(lifetime.total_seconds() + 1)
    if (await payer.harness.order(order.id)).settled_at is not None:
        return  # it does not wait for as long as a transfer may take
    second = await payer.begin(order=order.id)
    assert second.id != first.id
    for payment in (first, second):
        await payer.money(payment)
        await payer.harness.run(HOUR)

    assert await payer.harness.balance() == 2 * first.asked_minor - order.total_minor


async def test_a_refund_is_made_or_refused_by_hand(payer: Payer):
    provider = payer.harness.shop.payment_methods[payer.method]
    payment = await payer.begin(200_000)
    await payer.money(payment)
    await payer.harness.run(HOUR)
    if provider.can_refund:
        await provider.refund(await payer.pay.now(payment))
        return
    with pytest.raises(errors.RefundRefused):
        await provider.refund(payment)


@pytest.mark.parametrize(
    ("reported", "reason"),
    [
        ({"amount": 1999}, "amount"),
        ({"amount": 2001}, "amount"),
        ({"amount": 200_000}, "amount"),  # centimes
        ({"amount": None}, "details"),
        ({"amount": "much"}, "details"),
        ({"currency": "EUR"}, "details"),
    ],
)
async def test_another_amount_is_held_for_an_operator(asked: Payer, reported, reason):
    payment = await asked.begin(200_000)
    await asked.money(payment, **reported)
    await asked.harness.run(60)

    now = await asked.pay.now(payment)
    assert (now.state, now.reason) == (S.HELD, reason)
    assert await asked.harness.balance() == 0
    await accept_payment(asked.harness.shop, asked.pay.decision(payment, 200_000))
    assert await asked.harness.balance() == 200_000


async def test_test_money_in_a_real_shop_is_held(asked: Payer):
    payment = await asked.begin(200_000)
    await asked.money(payment, isSandbox=True, livemode=False)
    await asked.harness.run(60)

    assert (await asked.pay.now(payment)).reason == "sandbox"


async def test_a_report_about_another_payment_is_held(asked: Payer):
    payment = await asked.begin(200_000)
    await asked.money(payment, paymentRef="OTHER", id="OTHER")
    await asked.harness.run(60)

    assert (await asked.pay.now(payment)).reason == "reference"


async def test_a_card_that_was_refused_may_still_be_paid(asked: Payer):
    payment = await asked.begin(200_000)
    asked.close(payment)
    await asked.harness.run(60)
    assert (await asked.pay.now(payment)).state is S.EXPIRED

    await asked.money(payment)
    await asked.harness.run(HOUR)

    assert await asked.harness.balance() == 200_000


OUTAGES: dict[str, dict[str, Any]] = {
    "server error": {"kind": FaultKind.STATUS, "status": 503},
    "html": {"kind": FaultKind.HTML, "status": 502},
    "no json": {"kind": FaultKind.GARBAGE},
    "torn": {"kind": FaultKind.TORN},
    "limited": {"kind": FaultKind.STATUS, "status": 429, "retry_after": 30},
}


@pytest.mark.parametrize("outage", OUTAGES)
async def test_a_provider_that_is_down_for_an_hour_costs_nobody_anything(asked: Payer, outage):
    payment = await asked.begin(200_000)
    asked.script(Fault(times=10**6, **OUTAGES[outage]))
    await asked.money(payment)
    await asked.harness.run(HOUR)
    assert (await asked.pay.now(payment)).state in (S.OPEN, S.EXPIRED)

    asked.heal()
    await asked.harness.run(HOUR)

    assert await asked.harness.balance() == 200_000


async def test_a_link_whose_answer_is_lost_is_made_anew(asked: Payer):
    asked.script(Fault(FaultKind.GARBAGE, "createLink"))
    asked.script(Fault(FaultKind.GARBAGE, "checkouts"))
    with pytest.raises(errors.PaymentFailure):
        await asked.begin(200_000)
    asked.heal()

    payment = await asked.begin(200_000)
    await asked.money(payment)
    await asked.harness.run(60)

    assert await asked.harness.balance() == 200_000


async def test_a_link_of_another_payment_is_shown_to_nobody(asked: Payer):
    first = await asked.begin(200_000)

    def same(body):
        if asked.method is Method.CHARGILY:
            return {**body, "id": first.external_id}
        return {**body, "data": {**body["data"], "paymentRef": first.external_id}}

    path = "createLink" if asked.method is Method.OCPAY else "checkouts"
    asked.script(Fault(FaultKind.EDITED, path, edit=same))
    with pytest.raises(errors.PaymentFailure, match="KNOWN_ID"):
        await asked.begin(300_000)

    asked.heal()
    await asked.money(first)
    await asked.harness.run(60)
    assert (await asked.pay.now(first)).state is S.CREDITED
    assert await asked.harness.balance() == 200_000
    assert (await asked.begin(300_000)).url


async def test_a_provider_that_refuses_the_shop_takes_its_method_off(asked: Payer):
    asked.approve(approved=False)
    with pytest.raises(refusals.MethodOff):
        await asked.begin(200_000)
    await asked.harness.run(30)

    assert asked.method not in await methods_on(asked.harness.shop)
    (told,) = asked.harness.sender.alerts("method_off")
    assert told["method"] == asked.method
