"""Transactions lock rows in one order: wallet, order, payment, outbox. The stories of test_journals are watched for it."""

from bot.domain import ledger
from bot.services.orders.refund import ask_refund
from storage.transaction import Transaction
from tests.harness import OPERATOR
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

    assert list(locks.inversions()) == [("orders", "accounts")]


async def test_a_refund_that_locks_the_order_before_the_wallet_is_found(harness, monkeypatch):
    """As it was: the order is loaded first, and its owner's wallet when money moves."""

    async def order_alone(tx, order_id):
        return await tx.orders.locked(order_id)

    monkeypatch.setattr(Transaction, "lock_order", order_alone)
    await harness.customer()
    order = await harness.buy()

    with recorded() as locks:
        await ask_refund(harness.shop, key="r", operator_id=OPERATOR, order_id=order.id, reason="?")

    assert locks.inversions() == {("orders", "accounts"): {"refund._ask"}}


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
