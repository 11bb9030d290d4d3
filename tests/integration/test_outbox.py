"""Messages from the outbox: sent until they arrive, in parts where there is too much for one."""

from bot.domain.orders import OrderState
from bot.domain.records import OutboxKind
from bot.errors import SendFailure, SendLater, Undeliverable, Unreachable
from bot.services.messaging.customers import ensure_customer
from bot.services.orders import poll
from tests.harness import OPERATOR, ShopHarness


async def test_a_customer_who_comes_back_after_blocking_gets_the_codes(harness: ShopHarness):
    await harness.customer(1)
    await harness.run(1)
    order = await harness.buy(1)
    harness.sender.failures = [Unreachable()]
    await harness.run(20)
    assert harness.sender.codes_of(1) == []
    await harness.run(60)
    assert harness.sender.codes_of(1) == []

    await ensure_customer(harness.shop, 1, "en")
    await harness.run(1)

    assert len(harness.sender.codes_of(1)) == order.quantity


async def test_a_message_is_sent_again_after_a_time_out_and_after_a_flood_wait(
    harness: ShopHarness,
):
    await harness.customer(1)
    await harness.run(1)
    await harness.buy(1)
    harness.sender.failures = [SendFailure(), SendLater(7), SendFailure()]

    await harness.run(40)

    assert len(harness.sender.codes_of(1)) == 1


async def test_a_message_that_telegram_refuses_is_given_up_and_alerted(harness: ShopHarness):
    await harness.customer(1)
    await harness.run(1)
    order = await harness.buy(1)
    harness.sender.failures = [Undeliverable("bad")]

    await harness.run(20)

    assert [a["order"] for a in harness.sender.alerts("message_dead")] == [str(order.id)]
    assert (await harness.order(order.id)).state is OrderState.FULFILLED


async def test_forty_five_codes_come_as_one_document_and_thirty_in_two_messages(
    harness: ShopHarness,
):
    harness.set_policy(max_quantity=60)
    harness.kind().quantity = 200
    await harness.customer(1, dinars=500_000)

    for quantity, messages in ((45, 1), (30, 2)):
        before = len(harness.sender.sent)
        await harness.buy(1, quantity)
        await harness.run(20)
        sent = [s for s in harness.sender.sent[before:] if s.kind == "codes"]
        assert len(sent) == messages
        assert sum(len(s.codes) for s in sent) == quantity


async def test_a_message_about_nothing_and_an_alert_that_is_refused_are_given_up(
    harness: ShopHarness,
):
    await harness.customer(1, dinars=0)
    await harness.store.write(
        lambda t: t.outbox.add("x", 1, OutboxKind.ORDER_RESULT, harness.clock.now())
    )
    await harness.store.write(
        lambda t: t.outbox.add(
            "y", OPERATOR, OutboxKind.ALERT, harness.clock.now(), data={"alert": "balance_low"}
        )
    )

    harness.sender.failures = [Undeliverable("no")]
    await harness.round()
    await harness.run(5)

    async with harness.store.reading() as tx:
        assert await tx.outbox.due_news(harness.clock.now(), 10) == []


async def test_a_delivery_that_broke_off_goes_on_with_the_part_that_is_missing(
    harness: ShopHarness,
):
    harness.set_policy(max_quantity=60)
    harness.kind().quantity = 100
    await harness.customer(1, dinars=500_000)
    await harness.round()
    await harness.buy(1, 30)
    await harness.place()
    harness.clock.pass_time(5)
    await poll.poll_due_orders(harness.shop, "oneclickdz")
    send, parts = harness.sender.send_codes, []

    async def second_fails(customer, order, code_message, *, again):
        parts.append(code_message.part)
        if parts == [0, 1]:
            raise SendFailure
        return await send(customer, order, code_message, again=again)

    harness.sender.send_codes = second_fails
    await harness.run(10)

    assert parts == [0, 1, 1]
    assert len(set(harness.sender.codes_of(1))) == len(harness.sender.codes_of(1)) == 30
