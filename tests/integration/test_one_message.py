"""One event is told in one message: it says the money and brings the codes, and nothing says it again."""

import asyncio

import pytest

from bot.domain.jobs import Job
from bot.domain.orders import OrderState
from bot.domain.outbox import OutboxKind, OutboxRow
from bot.domain.payments import Method
from bot.domain.records import Customer, Locale
from bot.domain.supplier import SupplierStatus as S
from bot.errors import SendFailure, SendLater, Undeliverable
from bot.refusals import required
from bot.services.codes.reveal import show_again
from bot.services.operations.outbox import Sending, find_messages_to_send, try_message
from bot.services.orders.refund import ask_refund
from bot.services.orders.settle import settle_order
from bot.services.wallet.credit import Credit, credit_wallet
from storage.tables import outbox
from tests.harness import OPERATOR, ShopHarness
from tests.integration.order_steps import accepted_order, report
from tests.integration.payment_steps import PRICE, unpaid_order
from tests.integration.readings import rows


def told(harness: ShopHarness, user_id: int = 1) -> list[str]:
    """What this customer was sent, besides edits."""
    sent = [s.kind for s in harness.sender.sent if s.user_id == user_id]
    return [kind for kind in sent if kind != "credited"]


def money_of(harness: ShopHarness, place: int = -1):
    return required([s.money for s in harness.sender.sent if s.user_id == 1 and s.money][place])


async def test_a_card_that_pays_for_an_order_is_told_with_the_codes(
    pay, paying_harness: ShopHarness
):
    order = await unpaid_order(paying_harness, dinars=500)
    payment = await pay.begin(order=order.id)
    paying_harness.sender.sent.clear()
    paying_harness.book.cards.pay(payment.external_id)

    await paying_harness.run(120)

    assert told(paying_harness) == ["codes"]
    money = money_of(paying_harness)
    assert (money.paid_minor, money.paid_by) == (payment.asked_minor, Method.OCPAY)
    assert money.wallet_minor == 0
    assert {row.state for row in await rows(paying_harness, outbox)} == {"sent"}


async def test_news_does_not_wait_for_a_payment_that_the_codes_have_told(
    pay, paying_harness: ShopHarness
):
    order = await unpaid_order(paying_harness)
    payment = await pay.begin(Method.STARS, order=order.id)
    await pay.stars(payment)
    while not told(paying_harness):
        await paying_harness.run(1)
    before = paying_harness.clock.now()

    await credit_wallet(paying_harness.shop, Credit("k", OPERATOR, 1, 500, "CCP"))
    while not [s for s in paying_harness.sender.sent if s.kind == "credited"]:
        await paying_harness.run(0.5)

    assert (paying_harness.clock.now() - before).total_seconds() <= 2
    assert told(paying_harness) == ["codes"]


async def test_stars_for_an_order_that_takes_longer_are_told_at_once_and_not_again(
    pay, paying_harness: ShopHarness
):
    paying_harness.book.handling_seconds = 60.0
    order = await unpaid_order(paying_harness)
    payment = await pay.begin(Method.STARS, order=order.id)
    await pay.stars(payment)

    await paying_harness.run(30)
    assert told(paying_harness) == ["payment"]
    note = required(paying_harness.sender.sent[-1].note)
    assert note.paid_orders == (order.id,)
    await paying_harness.run(90)

    assert told(paying_harness) == ["payment", "codes"]
    assert money_of(paying_harness).paid_by is None


async def test_a_payment_is_told_with_the_refund_of_its_order(pay, paying_harness: ShopHarness):
    order = await unpaid_order(paying_harness)
    payment = await pay.begin(Method.STARS, order=order.id)
    paying_harness.book.next_outcomes.append(0)
    await pay.stars(payment)

    await paying_harness.run(60)

    assert told(paying_harness) == ["returned"]
    money = money_of(paying_harness)
    assert (money.paid_minor, money.wallet_minor) == (payment.asked_minor, payment.asked_minor)


@pytest.mark.parametrize("failure", [SendFailure, Undeliverable])
async def test_a_payment_is_told_by_itself_only_where_the_codes_cannot_be_sent(
    pay, paying_harness: ShopHarness, failure
):
    order = await unpaid_order(paying_harness)
    payment = await pay.begin(Method.STARS, order=order.id)
    await pay.stars(payment)
    paying_harness.sender.failures = [
        failure() for _ in range(1 if failure is Undeliverable else 6)
    ]

    await paying_harness.run(400)

    if failure is Undeliverable:
        assert told(paying_harness) == ["payment"]
    else:
        assert told(paying_harness) == ["codes"]
        assert money_of(paying_harness).paid_minor == payment.asked_minor


async def test_a_top_up_that_pays_for_several_orders_names_them_in_one_message(
    pay, paying_harness: ShopHarness
):
    first, second = await unpaid_order(paying_harness), await unpaid_order(paying_harness)
    payment = await pay.begin(Method.STARS, 2 * PRICE)

    await pay.stars(payment)
    await paying_harness.round()

    assert told(paying_harness) == ["payment"]
    note = required(paying_harness.sender.sent[-1].note)
    assert note.paid_orders == (first.id, second.id)
    assert note.wallet_minor == await paying_harness.balance()
    await paying_harness.run(30)
    assert told(paying_harness) == ["payment", "codes", "codes"]


async def test_an_operators_credit_says_what_it_paid_for_and_what_is_left(
    paying_harness: ShopHarness,
):
    first, second = await unpaid_order(paying_harness), await unpaid_order(paying_harness)
    wish = Credit("k", OPERATOR, 1, 2 * PRICE + 500, "CCP")

    credited = await credit_wallet(paying_harness.shop, wish)
    await paying_harness.run(1)

    said = next(s for s in paying_harness.sender.sent if s.kind == "credited")
    assert said.data["orders"] == f"{first.id} {second.id}"
    assert said.data["balance"] == "500"
    assert credited.balance_minor == 500


async def test_a_refund_that_pays_for_another_order_says_so(paying_harness: ShopHarness):
    await paying_harness.customer(1, dinars=PRICE // 100)
    order = await paying_harness.buy(1)
    waiting = await unpaid_order(paying_harness)
    paying_harness.book.next_outcomes.append(0)
    paying_harness.sender.sent.clear()

    await paying_harness.run(8)

    assert (await paying_harness.order(order.id)).state is OrderState.REFUNDED
    assert told(paying_harness)[0] == "returned"
    assert money_of(paying_harness, 0).orders == (waiting.id,)
    assert money_of(paying_harness, 0).wallet_minor == 0


async def test_a_partial_delivery_says_in_the_message_of_its_codes_what_was_refunded(
    harness: ShopHarness,
):
    await harness.customer(1)
    harness.book.next_outcomes.append(1)
    order = await harness.buy(1, quantity=3)
    harness.sender.sent.clear()

    await harness.run(20)

    assert (await harness.order(order.id)).returned_minor == 2 * PRICE
    assert told(harness) == ["codes"]
    assert money_of(harness).wallet_minor == await harness.balance()


async def test_a_refund_of_what_is_still_missing_is_a_message_of_its_own(harness: ShopHarness):
    order = await accepted_order(harness, 2)
    said = report(order, S.PARTIALLY_FILLED, "A", final=True, fulfilled_quantity=0)
    await settle_order(harness.shop, order, said)  # it counts fewer codes than it sent
    await harness.run(10)
    assert told(harness)[-1] == "codes"
    _, _, action = await ask_refund(
        harness.shop, key="r", operator_id=OPERATOR, order_id=order.id, reason="x"
    )
    assert action is None, "refunded at once"
    await harness.run(5)

    assert told(harness)[-2:] == ["codes", "returned"]
    assert required(harness.sender.sent[-1].order).delivered_quantity == 1


async def test_a_payment_is_told_where_the_customer_opened_the_codes_first(
    pay, paying_harness: ShopHarness
):
    order = await unpaid_order(paying_harness, dinars=500)
    payment = await pay.begin(order=order.id)
    paying_harness.sender.sent.clear()
    paying_harness.book.cards.pay(payment.external_id)
    while (await paying_harness.order(order.id)).state is not OrderState.FULFILLED:
        paying_harness.sender.failures = [SendLater(30.0)] * 3
        await paying_harness.run(1)
    paying_harness.sender.failures = []
    await show_again(paying_harness.shop, Customer(1, Locale.EN), order.id)

    await paying_harness.run(600)

    assert told(paying_harness) == ["codes", "payment"]
    assert required(paying_harness.sender.sent[-1].note).paid_orders == (order.id,)


async def payment_row(harness: ShopHarness):
    async with harness.store.reading() as tx:
        due = await tx.outbox.due_news(harness.clock.now(), 10, set())
    return next(row for row in due if row.kind is OutboxKind.PAYMENT)


async def deliver(harness: ShopHarness, sending: Sending, row: OutboxRow) -> None:
    await try_message(harness.shop, row)
    sending.end(row)


async def test_codes_that_overtake_the_message_of_their_payment_do_not_tell_of_it(
    pay, paying_harness: ShopHarness, monkeypatch
):
    harness = paying_harness
    harness.book.handling_seconds = 60.0
    order = await unpaid_order(harness)
    payment = await pay.begin(Method.STARS, order=order.id)
    await pay.stars(payment)
    go_on, send = asyncio.Event(), harness.sender.send_payment

    async def slow(*told_what):
        await go_on.wait()
        return await send(*told_what)

    monkeypatch.setattr(harness.sender, "send_payment", slow)
    sending, tasks = Sending(harness.clock.monotonic), []
    for _ in range(90):
        harness.clock.pass_time(1)
        harness.book.finish_due()
        await harness.run_due(but={Job.OUTBOX})
        for row in await find_messages_to_send(harness.shop, sending):
            tasks.append(asyncio.create_task(deliver(harness, sending, row)))
        await asyncio.sleep(0.01)
    assert told(harness) == ["codes"]
    go_on.set()
    await asyncio.gather(*tasks)

    assert told(harness) == ["codes", "payment"]
    assert money_of(harness).paid_by is None
    assert not harness.shop.unrecorded.payments


async def test_a_message_of_a_payment_that_fails_may_be_told_with_the_codes(
    pay, paying_harness: ShopHarness
):
    paying_harness.book.handling_seconds = 60.0
    order = await unpaid_order(paying_harness)
    payment = await pay.begin(Method.STARS, order=order.id)
    await pay.stars(payment)
    await paying_harness.run(1)
    paying_harness.clock.pass_time(30)
    row = await payment_row(paying_harness)
    paying_harness.sender.failures = [SendFailure()]

    await try_message(paying_harness.shop, row)

    assert not paying_harness.shop.unrecorded.payments
