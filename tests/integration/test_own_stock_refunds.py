"""Own orders that an operator refunds while their codes were not delivered yet."""

from sqlalchemy import select

from bot import errors
from bot.domain.orders import OrderState
from bot.services.orders.refund import ask_refund, confirm_refund
from bot.services.orders.settle import settle_order
from bot.services.stock.watch import tidy
from storage.tables import codes, own_codes
from tests.harness import OPERATOR, books_agree
from tests.integration.order_steps import ask_order_refund
from tests.integration.readings import rows_of
from tests.own_stock import codes_of


async def test_a_report_that_is_older_than_the_release_of_its_codes_keeps_none_of_them(own):
    """A process that stood still for an hour between asking the stock and storing what it said."""
    await own.load(["code,pin", *(f"{code},1234" for code in codes_of(1))])
    await own.customer()
    order = await own.buy(quantity=1)
    await own.place()
    accepted = await own.order(order.id)
    report = await own.own.order(accepted.supplier_order_id, accepted.purchase)
    await confirm_refund(own.shop, OPERATOR, await ask_order_refund(own, order))
    own.clock.pass_time(3700)
    await tidy(own.shop)

    await settle_order(own.shop, accepted, report)

    assert await rows_of(own, select(codes.c.order_id)) == []
    await own.customer(2)
    later = await own.buy(2, quantity=1)
    await own.run(20)
    assert (await own.order(later.id)).state is OrderState.FULFILLED
    assert own.sender.codes_of(1) == []
    await books_agree(own)


async def test_codes_of_an_order_that_is_refunded_before_delivery_are_for_sale_again(own):
    await own.load(codes_of(1))
    await own.customer()
    order = await own.buy(quantity=1)
    real = own.own.order

    async def sealed(*args):
        raise errors.SupplierUnavailable("order", "SEALED")

    own.own.order = sealed
    await own.run(20)
    assert (await own.order(order.id)).state is OrderState.HANDLING

    _, _, action = await ask_refund(
        own.shop, key="r", operator_id=OPERATOR, order_id=order.id, reason="late"
    )
    assert action is not None
    refunded, _ = await confirm_refund(own.shop, OPERATOR, action)
    own.own.order = real
    await own.run(7200)
    await tidy(own.shop)

    assert (refunded.state, refunded.due_at) == (OrderState.REFUNDED, None)
    assert await rows_of(own, select(codes.c.order_id)) == []
    free = select(own_codes.c.reservation, own_codes.c.set_aside)
    assert await rows_of(own, free) == [(None, None)]
    async with own.store.reading() as tx:
        (left,) = (await tx.stock.on_offer(own.clock.now())).values()
    assert left.left == 1
    await books_agree(own)
