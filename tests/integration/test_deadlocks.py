"""Two transactions that need the same wallet and the same order wait in one line; with a twin that deadlocks.

On SQLite there is one writer at a time, so only PostgreSQL could show a deadlock.
"""

import asyncio

from bot.domain import ledger
from bot.domain.orders import OrderState
from bot.errors import StorageConflict
from bot.services.wallet.credit import Credit, credit_wallet
from bot.services.wallet.unpaid_orders import pay_waiting_orders
from storage import attempts
from storage.repositories.ledger import LedgerRepository
from storage.repositories.orders import OrderRepository
from tests.harness import OPERATOR, ShopHarness

ROUNDS = 10


async def _affordable(harness: ShopHarness, number: int) -> int:
    """An order that waits for money, and the money for it in the wallet."""
    order = await harness.buy(1)
    assert order.state is OrderState.AWAITING_PAYMENT
    posting = ledger.credit(f"found {number}", 1, order.total_minor, "")
    await harness.store.write(lambda tx: tx.ledger.post(posting, harness.clock.now(), "test"))
    return order.id


async def _credit_and_sweep(harness: ShopHarness, number: int) -> list[object]:
    """An operator's /credit and what the unpaid sweep does, at once; what each of them raised."""
    credit = Credit(f"c{number}", OPERATOR, 1, 1, "")
    results = await asyncio.wait_for(
        asyncio.gather(
            credit_wallet(harness.shop, credit),
            harness.store.write(pay_waiting_orders, harness.shop, 1),
            return_exceptions=True,
        ),
        30,
    )
    return [result for result in results if isinstance(result, BaseException)]


async def _prepare(harness: ShopHarness, monkeypatch) -> None:
    """Between two locks of a transaction the other one comes as far as it can."""
    harness.offer()
    await harness.customer(1, dinars=0)
    locked_unpaid, move = OrderRepository.locked_unpaid, LedgerRepository._move

    async def slow_lock(repository, user_id):
        found = await locked_unpaid(repository, user_id)
        await asyncio.sleep(0.05)
        return found

    async def slow_move(repository, account, amount_minor):
        await move(repository, account, amount_minor)
        await asyncio.sleep(0.01)

    monkeypatch.setattr(OrderRepository, "locked_unpaid", slow_lock)
    monkeypatch.setattr(LedgerRepository, "_move", slow_move)


async def test_a_credit_and_the_unpaid_sweep_never_wait_for_each_other(harness, monkeypatch):
    await _prepare(harness, monkeypatch)

    for number in range(ROUNDS):
        order_id = await _affordable(harness, number)
        assert await _credit_and_sweep(harness, number) == []
        assert (await harness.order(order_id)).state is not OrderState.AWAITING_PAYMENT


async def _no_lock(_repository, _user_id):
    """As it was: each takes its locks as it needs them."""


async def test_a_deadlock_is_tried_again(harness, monkeypatch):
    await _prepare(harness, monkeypatch)
    monkeypatch.setattr(LedgerRepository, "lock_wallet", _no_lock)

    for number in range(3):
        order_id = await _affordable(harness, number)
        assert await _credit_and_sweep(harness, number) == []
        assert (await harness.order(order_id)).state is not OrderState.AWAITING_PAYMENT


async def test_without_the_wallets_lock_and_a_second_try_they_do(harness, monkeypatch):
    await _prepare(harness, monkeypatch)
    monkeypatch.setattr(LedgerRepository, "lock_wallet", _no_lock)
    monkeypatch.setattr(attempts, "_CONFLICTS", 1)
    raised: list[object] = []
    for number in range(ROUNDS):
        await _affordable(harness, number)
        raised += await _credit_and_sweep(harness, number)
        if raised:
            break

    if harness.store.url.get_backend_name() == "postgresql":
        assert isinstance(raised[0], StorageConflict)
        assert "deadlock" in str(raised[0])
    else:
        assert raised == []
