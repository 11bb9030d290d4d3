"""The supplier is gone for an hour of the clock, while people go on buying."""

from datetime import timedelta

from bot.domain.orders import OrderState
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.checkout import buy
from bot.services.quote import make_quote
from tests.stage import Stage, books_agree

CEILING = 120  # calls a minute
_CUSTOMERS = 10


async def outage(stage: Stage, *, orders: int, step: float) -> int:
    """Half of the orders are there when it begins. Returns the most calls of any minute."""
    stage.set_policy(balance_alert_minor=0)
    stage.book.balance *= 1000
    stage.kind().quantity = 10_000
    value = await stage.denomination()
    for user in range(1, _CUSTOMERS + 1):
        await stage.customer(user, dinars=1_000_000)
    made = [await _bought(stage, n, value) for n in range(orders // 2)]
    stage.book.script(Fault(FaultKind.HTML, "", times=10**9, status=502))
    until, most = stage.clock.now() + timedelta(hours=1), 0
    while stage.clock.now() < until:
        some = min(10, orders - len(made))
        made += [await _bought(stage, n, value) for n in range(some)]
        before = len(stage.book.calls)
        await stage.run(60, step=step)
        most = max(most, len(stage.book.calls) - before)
    assert most < CEILING, most

    stage.book.faults.clear()
    await stage.run(600, step=step / 2)

    states = {(await stage.order(order)).state for order in made}
    assert states == {OrderState.FULFILLED}
    assert len(stage.book.orders) == len(made) == orders
    await books_agree(stage)
    return most


async def _bought(stage: Stage, number: int, value: int) -> int:
    user = 1 + number % _CUSTOMERS
    view = await make_quote(stage.shop, user, value, 1)
    return (await buy(stage.shop, user, view.quote.id, 7))[0].id
