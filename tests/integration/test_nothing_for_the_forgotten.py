"""Whoever was forgotten gets neither money nor messages, whatever was asked before."""

import pytest
from sqlalchemy import select

from bot.domain import ledger
from bot.domain.orders import Order
from bot.domain.outbox import OutboxKind
from bot.domain.payments import Method, PaymentReport, PaymentState, ReportStatus
from bot.domain.people import Obstacles, pseudonym
from bot.errors import Invariant
from bot.refusals import CustomerForgotten, OrderOwnerForgotten, UnknownCustomer
from bot.services.messaging.support import begin_case
from bot.services.orders.refund import ask_refund, confirm_refund
from bot.services.payments.decisions import accept_other_amount
from bot.services.payments.provider_checks import take_report
from bot.services.wallet.credit import Credit, credit_wallet
from storage.tables import operator_actions, outbox
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.forgetting_steps import NADIA, empty_wallet, forget
from tests.integration.order_steps import ask_order_refund
from tests.integration.readings import rows_of


async def _delivered(harness: ShopHarness) -> Order:
    await harness.customer(NADIA)
    order = await harness.buy(NADIA, 2)
    await harness.run(20)
    await empty_wallet(harness)
    await harness.run(20)
    return order


async def test_a_compensation_that_was_asked_about_before_moves_nothing(harness: ShopHarness):
    order = await _delivered(harness)
    action = await ask_order_refund(harness, order)
    assert await forget(harness) == Obstacles()

    with pytest.raises(OrderOwnerForgotten) as refused:
        await confirm_refund(harness.shop, OPERATOR, action)

    assert refused.value.order_id == order.id
    async with harness.store.reading() as tx:
        assert await tx.ledger.compensated(order.id) == 0
    await books_agree(harness)


async def test_no_compensation_is_asked_about_afterwards(harness: ShopHarness):
    order = await _delivered(harness)
    await forget(harness)

    with pytest.raises(OrderOwnerForgotten):
        await ask_refund(
            harness.shop, key="k", operator_id=OPERATOR, order_id=order.id, reason="bad code"
        )

    waiting = select(operator_actions).where(operator_actions.c.key == "k")
    assert await rows_of(harness, waiting) == []


async def test_another_amount_of_a_payment_is_not_even_asked_about(paying_harness, pay):
    harness = paying_harness
    harness.set_policy(confirm_above_minor=0)
    payment = await pay.begin(Method.OCPAY, user=NADIA)
    harness.clock.pass_time(4 * 86400)
    await harness.run(60)
    await forget(harness)
    report = PaymentReport(ReportStatus.CONFIRMED, payment.external_id, 200_000, sandbox=False)
    await harness.store.write(take_report, harness.shop, payment.id, report)

    with pytest.raises(CustomerForgotten):
        await accept_other_amount(harness.shop, pay.decision(payment, 100_000))

    held = await pay.now(payment)
    assert held.state is PaymentState.HELD
    told = select(outbox).where(outbox.c.user_id == held.user_id, outbox.c.kind == "payment")
    assert [row.data for row in await rows_of(harness, told) if row.data != "{}"] == []


async def test_a_pseudonym_is_nobody_to_credit_or_to_write_to(harness: ShopHarness):
    order = await _delivered(harness)
    await forget(harness)
    nobody = (await harness.order(order.id)).user_id

    with pytest.raises(UnknownCustomer):
        await credit_wallet(harness.shop, Credit("k", OPERATOR, nobody, 500, ""))
    with pytest.raises(UnknownCustomer):
        await begin_case(harness.shop, nobody, key="w", operator_id=OPERATOR)


async def test_the_ledger_and_the_outbox_take_nothing_for_a_pseudonym(harness: ShopHarness):
    now, nobody = harness.clock.now(), pseudonym(1)

    async def post(tx):
        await tx.ledger.post(ledger.credit("k", nobody, 500, ""), now, "test")

    async def tell(tx):
        return await tx.outbox.add("k", nobody, OutboxKind.CREDITED, now)

    with pytest.raises(Invariant):
        await harness.store.write(post)
    assert await harness.store.write(tell) is False
    await books_agree(harness)
