"""Reminders before codes expire: on three days, once each, to who wants them."""

from datetime import datetime, timedelta

from sqlalchemy import update

from bot.domain.outbox import OutboxKind
from bot.refusals import required
from bot.services.codes.reminders import send_expiry_reminders, set_reminders
from bot.services.operations.customer_reports import my_order
from storage.tables import codes, orders
from tests.harness import send_due_messages
from tests.vouchers import VoucherHarness

DAY = 86_400


def reminded(voucher_harness: VoucherHarness) -> list[str]:
    return [s.data["days"] for s in voucher_harness.sender.sent if s.kind == "reminder"]


async def test_expiry_is_told_thirty_seven_and_one_day_before(voucher_harness: VoucherHarness):
    await voucher_harness.customer(1)
    order = await voucher_harness.buy(1, quantity=2)
    await voucher_harness.run(6)
    assert (await my_order(voucher_harness.shop, 1, order.id)).expires_at is not None
    for days in (334, 1, 1, 21, 1, 1, 5, 1, 1):  # around each of the days that count
        voucher_harness.clock.pass_time(days * DAY)
        await voucher_harness.round()

    assert reminded(voucher_harness) == ["30", "7", "1"]


async def test_reminders_missed_while_the_shop_was_closed_are_sent_as_one(
    voucher_harness: VoucherHarness,
):
    await voucher_harness.customer(1)
    await voucher_harness.buy(1)
    await voucher_harness.run(6)
    voucher_harness.clock.pass_time(361 * DAY)  # thirty and seven days before have both gone by
    await send_expiry_reminders(voucher_harness.shop)
    await voucher_harness.round()
    assert reminded(voucher_harness) == ["4"]
    assert await send_expiry_reminders(voucher_harness.shop) == 0
    voucher_harness.clock.pass_time(10 * DAY)
    assert await send_expiry_reminders(voucher_harness.shop) == 0, "it has expired"


async def test_a_customer_who_switched_reminders_off_gets_none(voucher_harness: VoucherHarness):
    await voucher_harness.customer(1)
    await voucher_harness.buy(1)
    await voucher_harness.run(6)
    voucher_harness.clock.pass_time(336 * DAY)
    assert await send_expiry_reminders(voucher_harness.shop) == 1
    await set_reminders(voucher_harness.shop, 1, wanted=False)  # before it was sent
    await voucher_harness.round()
    voucher_harness.clock.pass_time(23 * DAY)
    await voucher_harness.round()
    assert reminded(voucher_harness) == []
    await set_reminders(voucher_harness.shop, 1, wanted=True)
    voucher_harness.clock.pass_time(5 * DAY)
    await voucher_harness.round()
    assert reminded(voucher_harness) == ["1"]


async def test_a_code_that_is_short_lived_is_not_reminded_of_at_once(
    voucher_harness: VoucherHarness,
):
    await voucher_harness.customer(1)
    required(voucher_harness.vouchers.product(101)).expires_in = timedelta(days=20)
    await voucher_harness.buy(1)
    await voucher_harness.run(6)
    await voucher_harness.round()
    assert reminded(voucher_harness) == []
    voucher_harness.set_policy(expiry_reminders=frozenset())
    voucher_harness.clock.pass_time(15 * DAY)
    assert await send_expiry_reminders(voucher_harness.shop) == 0


async def test_a_reminder_is_for_codes_that_were_not_just_bought(voucher_harness: VoucherHarness):
    await voucher_harness.customer(1)
    bought = [await voucher_harness.buy(1) for _ in range(3)]
    await voucher_harness.run(6)
    paid_at = required((await voucher_harness.order(bought[0].id)).paid_at)
    async with voucher_harness.store._writer.begin() as db:
        for order, late in zip(bought, (-1, 0, 1), strict=True):
            expires = paid_at + timedelta(days=30) + timedelta(seconds=late)
            row = orders.c.id == order.id
            await db.execute(update(orders).where(row).values(paid_at=paid_at))
            mine = codes.c.order_id == order.id
            await db.execute(update(codes).where(mine).values(expires_at=expires))

    async def looked(tx):
        await tx.runs.set_last("remind", paid_at - timedelta(minutes=5))

    await voucher_harness.store.write(looked)
    assert await send_expiry_reminders(voucher_harness.shop) == 1
    voucher_harness.clock.pass_time(60)
    assert await send_expiry_reminders(voucher_harness.shop) == 0


async def test_a_code_that_expires_this_moment_is_not_reminded_of(voucher_harness: VoucherHarness):
    await voucher_harness.customer(1)
    await voucher_harness.buy(1)
    await voucher_harness.run(6)
    voucher_harness.clock.pass_time(336 * 86_400)
    assert await send_expiry_reminders(voucher_harness.shop) == 1
    async with voucher_harness.store.reading() as tx:
        (row,) = [
            message
            for message in await tx.outbox.due_news(voucher_harness.clock.now(), 9)
            if message.kind is OutboxKind.EXPIRY
        ]
    voucher_harness.clock.moment = datetime.fromisoformat(row.data["expires_at"])
    await send_due_messages(voucher_harness.shop)
    assert [sent for sent in voucher_harness.sender.sent if sent.kind == "reminder"] == []
