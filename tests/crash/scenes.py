"""What happens in a shop, scene by scene; whatever point a crash is wanted at, some scene passes it."""

from collections.abc import Awaitable, Callable

from bot.domain.records import Locale
from bot.errors import SendFailure, SendLater, Unreachable
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.customers import choose_language, welcome
from bot.services.refund import ask_refund, confirm_refund
from bot.services.reveal import hide_codes, show_again
from tests.stage import OPERATOR, Stage

LINA = 1


async def delivered_shown_and_hidden(stage: Stage) -> None:
    customer = await stage.customer(LINA)
    await choose_language(stage.shop, LINA, Locale.FR)
    order = await stage.buy(LINA, 2)
    await stage.run(12)
    await show_again(stage.shop, customer, order.id)
    await hide_codes(stage.shop, customer, order.id, None)
    await show_again(stage.shop, customer, order.id)
    stage.clock.pass_time(700)
    await stage.run(2)


async def part_delivered_then_nothing(stage: Stage) -> None:
    await stage.customer(LINA)
    stage.book.next_outcomes += [1, 0]
    await stage.buy(LINA, 2)
    await stage.run(10)
    await stage.buy(LINA, 2)
    await stage.run(10)


async def answer_lost_and_found(stage: Stage) -> None:
    await stage.customer(LINA)
    stage.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder"))
    stage.book.script(Fault(FaultKind.STATUS, "list"))
    await stage.buy(LINA, 2)
    await stage.run(25)


async def never_arrived_and_refunded_by_an_operator(stage: Stage) -> None:
    await stage.customer(LINA)
    stage.book.script(Fault(FaultKind.HTML, "placeOrder", status=502))
    order = await stage.buy(LINA, 1)
    await stage.run(1300, step=20)
    _, _, action = await ask_refund(
        stage.shop, key="r1", operator_id=OPERATOR, order_id=order.id, reason="no trace"
    )
    await stage.run(2)
    if action is not None:
        await confirm_refund(stage.shop, OPERATOR, action)
    await stage.run(2)


async def empty_balance_then_topped_up(stage: Stage) -> None:
    await stage.customer(LINA)
    stage.book.balance *= 0
    await stage.buy(LINA, 1)
    await stage.run(5)
    stage.book.top_up(100_000)
    await stage.run(40)


async def sold_out_and_busy(stage: Stage) -> None:
    await stage.customer(LINA)
    stage.book.script(Fault(FaultKind.STATUS, "checkProduct", status=503))
    value = await _value(stage)
    stage.kind().quantity = 0
    await _buy_value(stage, value)
    await stage.run(10)


async def slow_and_stuck(stage: Stage) -> None:
    await stage.customer(LINA)
    stage.book.handling_seconds = 700
    await stage.buy(LINA, 1)
    await stage.run(720, step=15)


async def unknown_at_the_supplier_for_a_while(stage: Stage) -> None:
    await stage.customer(LINA)
    stage.book.script(Fault(FaultKind.STATUS, "checkOrder", times=2, status=404, code="NOT_FOUND"))
    await stage.buy(LINA, 1)
    await stage.run(15)


async def messages_that_do_not_arrive(stage: Stage) -> None:
    customer = await stage.customer(LINA)
    order = await stage.buy(LINA, 1)
    await stage.run(5)
    stage.recording.failures += [SendFailure(), SendLater(2.0), Unreachable()]
    await stage.run(30)
    await welcome(stage.shop, LINA, "en")
    await stage.run(30)
    stage.recording.failures.append(SendFailure())
    await hide_codes(stage.shop, customer, order.id, None)
    await stage.run(5)


async def _value(stage: Stage) -> int:
    stage.book.faults, kept = [], stage.book.faults
    value = await stage.denomination()
    stage.book.faults = kept
    return value


async def _buy_value(stage: Stage, value: int) -> None:
    from bot.services.checkout import buy
    from bot.services.quote import make_quote

    view = await make_quote(stage.shop, LINA, value, 1)
    await buy(stage.shop, LINA, view.quote.id, 77)


Scene = Callable[[Stage], Awaitable[None]]
SCENES: tuple[Scene, ...] = (
    delivered_shown_and_hidden,
    part_delivered_then_nothing,
    answer_lost_and_found,
    never_arrived_and_refunded_by_an_operator,
    empty_balance_then_topped_up,
    sold_out_and_busy,
    slow_and_stuck,
    unknown_at_the_supplier_for_a_while,
    messages_that_do_not_arrive,
)
