"""Messages in the outbox: of an order, and news of their owner."""

from bot.domain.outbox import OutboxKind, OutboxRow
from bot.services.orders import poll
from tests.harness import ShopHarness


async def bought(harness: ShopHarness, *user_ids: int) -> None:
    """Up to the results of orders, which wait in the outbox."""
    for user_id in user_ids:
        await harness.customer(user_id)
    await harness.run(1)
    for user_id in user_ids:
        await harness.buy(user_id)
    await harness.place()
    harness.clock.pass_time(5)
    await poll.poll_due_orders(harness.shop, "oneclickdz")


async def add_news(harness: ShopHarness, key: str, user_id: int) -> None:
    data = {"amount_minor": "100", "balance_minor": "100", "amount": "1", "balance": "1"}
    now = harness.clock.now()
    await harness.store.write(
        lambda tx: tx.outbox.add(key, user_id, OutboxKind.CREDITED, now, data=data)
    )


def kinds(rows: list[OutboxRow], user_id: int) -> list[OutboxKind]:
    return [row.kind for row in rows if row.user_id == user_id]
