"""The supplier is gone for an hour of the clock, while people go on buying."""

from datetime import timedelta

from bot.domain.orders import Attention, OrderState
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.orders.checkout import buy
from bot.services.orders.quote import make_quote
from tests.harness import ShopHarness, books_agree

CEILING = 120  # calls a minute
_CUSTOMERS = 10


async def outage(harness: ShopHarness, *, orders: int) -> int:
    """Half of the orders are there when it begins. Returns the most calls of any minute."""
    harness.set_policy(balance_alert_minor=0)
    harness.book.balance *= 1000
    harness.kind().quantity = 10_000
    value = await harness.denomination()
    for user in range(1, _CUSTOMERS + 1):
        await harness.customer(user, dinars=1_000_000)
    made = [await _bought(harness, n, value) for n in range(orders // 2)]
    harness.book.script(Fault(FaultKind.HTML, "", times=10**9, status=502))
    until, most = harness.clock.now() + timedelta(hours=1), 0
    while harness.clock.now() < until:
        some = min(10, orders - len(made))
        made += [await _bought(harness, n, value) for n in range(some)]
        before = len(harness.book.calls)
        await harness.run(60)
        most = max(most, len(harness.book.calls) - before)
    assert most < CEILING, most

    harness.book.faults.clear()
    await harness.run(600)

    ends = [await harness.order(order) for order in made]
    lost = [order for order in ends if order.attention is Attention.NOT_FOUND]
    assert len(lost) <= 1, (
        "only the purchase that met the outage first; the next ones ask before they buy"
    )
    assert {order.state for order in ends if order not in lost} == {OrderState.FULFILLED}
    assert len(harness.book.orders) == len(made) - len(lost)
    assert len(made) == orders
    await books_agree(harness)
    return most


async def _bought(harness: ShopHarness, number: int, value: int) -> int:
    user = 1 + number % _CUSTOMERS
    view = await make_quote(harness.shop, user, value, 1)
    return (await buy(harness.shop, user, view.quote.id, 7))[0].id
