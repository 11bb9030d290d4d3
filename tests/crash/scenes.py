"""What happens in a shop, scene by scene; whatever point a crash is wanted at, some scene passes it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.domain.payments import Method, ReceiptKind, Rejection
from bot.domain.records import Locale, PauseReason
from bot.domain.supplier import SupplierEvent
from bot.errors import (
    GiveBackRefused,
    MethodOff,
    PaymentFailure,
    SendFailure,
    SendLater,
    Unreachable,
)
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.supplier.vouchers import Outcome
from bot.services import browse
from bot.services.awaiting import cancel_order
from bot.services.catalogue import refresh_product
from bot.services.credit import Credit, confirm_credit, credit_wallet
from bot.services.customers import choose_language, welcome
from bot.services.events import take_event
from bot.services.incoming import check_my_payment, take_stars
from bot.services.links import find_products, link_products
from bot.services.nightly import audit_now
from bot.services.pauses import pause_selling, resume_selling
from bot.services.payback import ask_payback, confirm_payback, take_back
from bot.services.receipts import Decision, Proof, accept_payment, reject_payment, send_receipt
from bot.services.refund import ask_refund, confirm_refund
from bot.services.remind import set_reminders
from bot.services.reveal import hide_codes, show_again
from bot.services.topup import Wish, begin_payment, switch_on
from bot.services.values import choose_value
from tests.stage import OPERATOR
from tests.vouchers import VoucherStage as Stage

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


async def _begin(stage: Stage, method: Method, key: str, minor=None, order=None):
    wish = Wish(method, minor, order, key, 7)
    return await begin_payment(stage.shop, await welcome(stage.shop, LINA, "en"), wish)


async def a_card_pays_for_an_order(stage: Stage) -> None:
    await stage.customer(LINA, dinars=500)
    stage.set_policy(payment_window=timedelta(minutes=10))
    order = await stage.buy(LINA, 1)
    payment = await _begin(stage, Method.OCPAY, "p1", order=order.id)
    await check_my_payment(stage.shop, LINA, payment.id)
    stage.book.script(Fault(FaultKind.HTML, "checkPayment", status=502))
    await stage.run(15)
    stage.book.cards.pay(payment.external_id)
    await stage.run(20)


async def cards_that_are_refused_late_or_doubtful(stage: Stage) -> None:
    await stage.customer(LINA, dinars=0)
    stage.book.script(Fault(FaultKind.HTML, "createLink", status=502))
    try:
        await _begin(stage, Method.OCPAY, "p1", 200_000)
    except PaymentFailure:
        payment = await _begin(stage, Method.OCPAY, "p2", 200_000)
    stage.book.cards.merchant_validated = False
    try:
        await _begin(stage, Method.OCPAY, "p3", 300_000)
    except MethodOff:
        await stage.run(2)
    stage.book.cards.merchant_validated = True
    await switch_on(stage.shop, Method.OCPAY, key="on", operator_id=OPERATOR)
    doubtful = await _begin(stage, Method.OCPAY, "p4", 400_000)
    stage.book.cards.start(payment.external_id)
    stage.book.cards.pay(doubtful.external_id, isSandbox=True)
    await stage.run(20, step=5)
    await stage.run(1500, step=60)
    stage.book.cards.pay(payment.external_id)
    await stage.run(1300, step=60)
    await accept_payment(stage.shop, Decision("d1", OPERATOR, doubtful.id))


async def a_receipt_is_rejected_then_accepted(stage: Stage) -> None:
    await stage.customer(LINA, dinars=0)
    payment = await _begin(stage, Method.TRANSFER, "p1", 500_000)
    for number, decide in enumerate((reject_payment, accept_payment)):
        proof = Proof(ReceiptKind.PHOTO, f"f{number}", f"u{number}", "")
        await send_receipt(stage.shop, LINA, proof)
        await stage.run(2)
        decision = Decision(f"d{number}", OPERATOR, payment.id)
        why = (Rejection.UNREADABLE,) if decide is reject_payment else ()
        await decide(stage.shop, decision, *why)
        await stage.run(2)


async def stars_are_paid_and_given_back(stage: Stage) -> None:
    await stage.customer(LINA, dinars=0)
    for number, failures in enumerate(
        ([], [PaymentFailure("TimedOut")], [GiveBackRefused("NO")], [])
    ):
        payment = await _begin(stage, Method.STARS, f"p{number}", 100_000 * (number + 1))
        await take_stars(stage.shop, stage.till.pay(payment, f"charge-{number}"))
        await stage.run(2)
        if number == 3:  # Telegram itself takes it back
            stage.till.refunded.append("charge-3")
            await take_back(stage.shop, Method.STARS, "charge-3")
            continue
        stage.till.failures += failures
        _, action = await ask_payback(
            stage.shop, key=f"b{number}", operator_id=OPERATOR, payment_id=payment.id
        )
        await confirm_payback(stage.shop, OPERATOR, action)
        await stage.run(2)
    await stage.run(90, step=10)
    await audit_now(stage.shop)


async def orders_that_nobody_pays(stage: Stage) -> None:
    await stage.customer(LINA, dinars=0)
    stage.set_policy(payment_window=timedelta(minutes=5))
    first, second = await stage.buy(LINA, 1), await stage.buy(LINA, 1)
    await cancel_order(stage.shop, LINA, first.id)
    await stage.run(400, step=20)
    late = await stage.buy(LINA, 1)
    await stage.store.write(pause_selling, stage.shop, PauseReason.AUDIT)
    stage.set_policy(confirm_above_minor=0)
    asked = await credit_wallet(stage.shop, Credit("c", OPERATOR, LINA, late.total_minor, ""))
    await confirm_credit(stage.shop, OPERATOR, asked.action_id)
    await resume_selling(stage.shop, key="r", operator_id=OPERATOR)
    await stage.run(20)
    assert second.id != late.id


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


async def vouchers_in_parts_lost_and_late(stage: Stage) -> None:
    """The second supplier: a part first, an answer that is lost, one that it rings for."""
    await stage.customer(LINA, dinars=400_000)
    stage.next(Outcome.PARTIAL)
    await stage.buy(LINA, 3, title="Amazon.com", label="25 USD")
    await stage.run(10)
    stage.vouchers.release(stage.there.id)
    await stage.run(60, step=5)
    stage.vouchers.script(Fault(FaultKind.STATUS_AFTER, "/orders"))
    await stage.buy(LINA, 1, title="Amazon.com", label="25 USD")
    await stage.run(20)
    stage.next(Outcome.PENDING)
    await stage.buy(LINA, 1, title="Amazon.com", label="25 USD")
    await stage.run(60, step=5)
    order = stage.there
    stage.vouchers.release(order.id)
    await take_event(stage.shop, "starship", SupplierEvent(f"evt-{order.id}", str(order.id)))
    await stage.run(10)


async def vouchers_that_end_otherwise_and_expire(stage: Stage) -> None:
    """A part and then nothing, a typed value, linked products, and a reminder."""
    await stage.customer(LINA, dinars=400_000)
    stage.next(Outcome.PARTIAL_CANCELLED)
    await stage.buy(LINA, 3, title="Amazon.com", label="25 USD")
    await stage.run(10)
    stage.vouchers.release(stage.there.id)
    await stage.run(60, step=5)
    euros = find_products(stage.shop, "Amazon.de")[0]
    await refresh_product(stage.shop, euros.id)
    (span,) = browse.view_product(stage.shop, euros.id).offers
    await _buy_value(stage, await choose_value(stage.shop, span.denomination_id, 3700))
    await stage.run(10)
    (mine,) = [p for p in find_products(stage.shop, "PlayStation") if p.title == "PlayStation USA"]
    (theirs,) = find_products(stage.shop, "PlayStation Store")
    await link_products(stage.shop, mine.id, theirs.id, key="link", operator_id=OPERATOR)
    await stage.buy(LINA, 1)
    await stage.run(10)
    await set_reminders(stage.shop, LINA, wanted=True)
    stage.clock.pass_time(340 * 86_400)
    await stage.run(5)


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
    a_card_pays_for_an_order,
    cards_that_are_refused_late_or_doubtful,
    a_receipt_is_rejected_then_accepted,
    stars_are_paid_and_given_back,
    orders_that_nobody_pays,
    vouchers_in_parts_lost_and_late,
    vouchers_that_end_otherwise_and_expire,
)
