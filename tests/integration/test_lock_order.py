"""Transactions lock rows in one order: wallet, order, payment, outbox. The stories of test_journals are watched for it."""

from bot.domain import ledger
from tests.world.locks import recorded


async def test_a_lock_order_that_is_turned_round_is_found(harness):
    await harness.customer()
    order = await harness.buy()

    async def order_first(tx):
        found = await tx.orders.locked(order.id)
        posting = ledger.credit("late", found.user_id, 100, "")
        await tx.ledger.post(posting, harness.clock.now(), "test")

    with recorded() as locks:
        await harness.store.write(order_first)

    assert list(locks.new_inversions()) == [("orders", "accounts")]


async def test_the_right_order_and_the_shops_own_accounts_are_none(harness):
    await harness.customer()
    order = await harness.buy()

    async def wallet_first(tx):
        now = harness.clock.now()
        await tx.ledger.post(ledger.credit("c", order.user_id, 100, ""), now, "test")
        await tx.orders.locked(order.id)
        await tx.ledger.post(ledger.sale(order.id, order.total_minor, 0), now, "test")

    with recorded() as locks:
        await harness.store.write(wallet_first)

    assert locks.transactions == 1
    assert locks.inversions() == {}
