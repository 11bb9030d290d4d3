"""What happens in a shop, scene by scene; whatever point a crash is wanted at, some scene passes it."""

import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.domain.news import Letter
from bot.domain.payments import Method, PaymentRing, ReceiptKind, Rejection
from bot.domain.people import pseudonym
from bot.domain.records import Locale, PauseReason
from bot.errors import BadFile, PaymentFailure, RefundRefused, SendFailure, SendLater, Unreachable
from bot.refusals import MethodOff, required
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.catalogue.refresh import refresh_product
from bot.services.codes.reveal import hide_codes, show_again
from bot.services.messaging.customers import choose_language, ensure_customer
from bot.services.messaging.missed_answers import note_missed_answer
from bot.services.messaging.support import (
    close_case,
    end_case,
    open_case,
    reopen_case,
    stop_talking,
    take_question,
    tell_answered,
)
from bot.services.news.drafts import (
    draft_news,
    show_card,
    skip_letter,
    start_news,
    stop_news,
    view_news,
    write_letter,
)
from bot.services.news.wishes import set_wants_news
from bot.services.operations.forgetting import forget_customer
from bot.services.operations.nightly import audit_now
from bot.services.operations.watches import watch_value
from bot.services.orders.refund import ask_refund, confirm_refund
from bot.services.payments.decisions import Decision, accept_payment, reject_payment
from bot.services.payments.provider_checks import check_my_payment
from bot.services.payments.provider_reconciliation import reconcile_provider
from bot.services.payments.receipts import ReceiptFile, ReceiptUpload, send_receipt
from bot.services.payments.refunds import (
    ask_payment_refund,
    confirm_payment_refund,
    record_chargeback,
)
from bot.services.payments.rings import take_ring
from bot.services.payments.stars import take_stars
from bot.services.payments.top_up import TopUpRequest, begin_payment, withdraw_earlier
from bot.services.selling.pauses import pause_selling, resume_selling
from bot.services.wallet.credit import Credit, confirm_credit, credit_wallet
from bot.services.wallet.methods import switch_on
from bot.services.wallet.unpaid_orders import cancel_order
from tests.crash.people import LINA
from tests.crash.team_scenes import somebody_joins_the_team_and_the_day_is_told
from tests.crash.voucher_scenes import (
    buy_value,
    find_value,
    vouchers_in_parts_lost_and_late,
    vouchers_that_end_otherwise_and_expire,
)
from tests.harness import OPERATOR
from tests.vouchers import VoucherHarness as ShopHarness


async def delivered_shown_and_hidden(harness: ShopHarness) -> None:
    customer = await harness.customer(LINA)
    await choose_language(harness.shop, LINA, Locale.FR)
    order = await harness.buy(LINA, 2)
    await harness.run(12)
    await show_again(harness.shop, customer, order.id)
    await hide_codes(harness.shop, customer, order.id, None)
    await show_again(harness.shop, customer, order.id)
    harness.clock.pass_time(700)
    await harness.run(2)


async def part_delivered_then_nothing(harness: ShopHarness) -> None:
    await harness.customer(LINA)
    harness.book.next_outcomes += [1, 0]
    await harness.buy(LINA, 2)
    await harness.run(10)
    await harness.buy(LINA, 2)
    await harness.run(10)


async def answer_lost_and_found(harness: ShopHarness) -> None:
    await harness.customer(LINA)
    harness.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder"))
    harness.book.script(Fault(FaultKind.STATUS, "list"))
    await harness.buy(LINA, 2)
    await harness.run(25)


async def never_arrived_and_refunded_by_an_operator(harness: ShopHarness) -> None:
    await harness.customer(LINA)
    harness.book.script(Fault(FaultKind.HTML, "placeOrder", status=502))
    order = await harness.buy(LINA, 1)
    await harness.run(1300)
    _, _, action = await ask_refund(
        harness.shop, key="r1", operator_id=OPERATOR, order_id=order.id, reason="no trace"
    )
    await harness.run(2)
    if action is not None:
        await confirm_refund(harness.shop, OPERATOR, action)
    await harness.run(2)


async def empty_balance_then_topped_up(harness: ShopHarness) -> None:
    await harness.customer(LINA)
    harness.book.balance *= 0
    await harness.buy(LINA, 1)
    await harness.run(5)
    harness.book.top_up(100_000)
    await harness.run(40)


async def sold_out_and_busy(harness: ShopHarness) -> None:
    await harness.customer(LINA)
    harness.book.script(Fault(FaultKind.STATUS, "checkProduct", status=503))
    value = await find_value(harness)
    harness.kind().quantity = 0
    await buy_value(harness, value)
    await harness.run(10)


async def slow_and_stuck(harness: ShopHarness) -> None:
    await harness.customer(LINA)
    harness.book.handling_seconds = 700
    await harness.buy(LINA, 1)
    await harness.run(735)


async def unknown_at_the_supplier_for_a_while(harness: ShopHarness) -> None:
    await harness.customer(LINA)
    harness.book.script(
        Fault(FaultKind.STATUS, "checkOrder", times=2, status=404, code="NOT_FOUND")
    )
    await harness.buy(LINA, 1)
    await harness.run(15)


async def messages_that_do_not_arrive(harness: ShopHarness) -> None:
    customer = await harness.customer(LINA)
    order = await harness.buy(LINA, 1)
    await harness.run(5)
    harness.sender.failures += [SendFailure(), SendLater(2.0), Unreachable()]
    await harness.run(30)
    await ensure_customer(harness.shop, LINA, "en")
    await harness.run(30)
    harness.sender.failures.append(SendFailure())
    with contextlib.suppress(SendFailure):  # it is hidden later
        await hide_codes(harness.shop, customer, order.id, None)
    await harness.run(5)


async def _begin(harness: ShopHarness, method: Method, key: str, minor=None, order=None):
    wish = TopUpRequest(method, minor, order, key, 7)
    customer = await ensure_customer(harness.shop, LINA, "en")
    payment = await begin_payment(harness.shop, customer, wish)
    await withdraw_earlier(harness.shop, payment)
    return payment


async def a_card_pays_for_an_order(harness: ShopHarness) -> None:
    await harness.customer(LINA, dinars=500)
    harness.set_policy(payment_window=timedelta(minutes=10))
    order = await harness.buy(LINA, 1)
    payment = await _begin(harness, Method.OCPAY, "p1", order=order.id)
    await check_my_payment(harness.shop, LINA, payment.id)
    harness.book.script(Fault(FaultKind.HTML, "checkPayment", status=502))
    await harness.run(15)
    harness.book.cards.pay(payment.external_id)
    await harness.run(20)


async def cards_that_are_refused_late_or_doubtful(harness: ShopHarness) -> None:
    await harness.customer(LINA, dinars=0)
    harness.book.script(Fault(FaultKind.HTML, "createLink", status=502))
    try:
        await _begin(harness, Method.OCPAY, "p1", 200_000)
    except PaymentFailure:
        payment = await _begin(harness, Method.OCPAY, "p2", 200_000)
    harness.book.cards.merchant_validated = False
    try:
        await _begin(harness, Method.OCPAY, "p3", 300_000)
    except MethodOff:
        await harness.run(2)
    harness.book.cards.merchant_validated = True
    await switch_on(harness.shop, Method.OCPAY, key="on", operator_id=OPERATOR)
    doubtful = await _begin(harness, Method.OCPAY, "p4", 400_000)
    harness.book.cards.start(payment.external_id)
    harness.book.cards.pay(doubtful.external_id, isSandbox=True)
    await harness.run(20)
    await harness.run(1500)
    harness.book.cards.pay(payment.external_id)
    await harness.run(1300)
    await accept_payment(harness.shop, Decision("d1", OPERATOR, doubtful.id))


async def a_card_is_paid_at_chargily(harness: ShopHarness) -> None:
    """Two links for one order, both paid; rings; one that only the nightly comparison finds."""
    await harness.customer(LINA, dinars=500)
    harness.set_policy(payment_window=timedelta(minutes=25))
    order = await harness.buy(LINA, 1)
    first = await _begin(harness, Method.CHARGILY, "p1", order=order.id)
    await harness.run(21 * 60)
    second = await _begin(harness, Method.CHARGILY, "p2", order=order.id)
    for payment in (first, second):
        harness.chargily.pay(payment.external_id)
        ring = PaymentRing(f"event {payment.id}", payment.external_id or "")
        await take_ring(harness.shop, Method.CHARGILY, ring)
        await harness.run(15)
    late = await _begin(harness, Method.CHARGILY, "p3", 300_000)
    await harness.run(11 * 60)
    harness.chargily.pay(late.external_id)
    fault = Fault(FaultKind.HTML, f"checkouts/{late.external_id}", status=502)
    harness.chargily.script(fault)
    await reconcile_provider(harness.shop, Method.CHARGILY, timedelta(days=2))
    await harness.run(15)


async def a_receipt_is_rejected_then_accepted(harness: ShopHarness) -> None:
    await harness.customer(LINA, dinars=0)
    payment = await _begin(harness, Method.TRANSFER, "p1", 500_000)
    for number in range(2):
        proof = ReceiptUpload([ReceiptFile(ReceiptKind.PHOTO, f"f{number}", f"u{number}")], "")
        await send_receipt(harness.shop, LINA, proof)
        await harness.run(2)
        decision = Decision(f"d{number}", OPERATOR, payment.id)
        if number == 0:
            await reject_payment(harness.shop, decision, Rejection.UNREADABLE)
        else:
            await accept_payment(harness.shop, decision)
        await harness.run(2)


async def stars_are_paid_and_given_back(harness: ShopHarness) -> None:
    await harness.customer(LINA, dinars=0)
    planned: tuple[list[Exception], ...] = (
        [],
        [PaymentFailure("TimedOut")],
        [RefundRefused("NO")],
        [],
    )
    for number, failures in enumerate(planned):
        payment = await _begin(harness, Method.STARS, f"p{number}", 100_000 * (number + 1))
        await take_stars(harness.shop, harness.stars_gateway.pay(payment, f"charge-{number}"))
        await harness.run(2)
        if number == 3:  # Telegram itself takes it back
            harness.stars_gateway.refunded.append("charge-3")
            await record_chargeback(harness.shop, Method.STARS, "charge-3")
            continue
        harness.stars_gateway.failures += failures
        _, action = await ask_payment_refund(
            harness.shop, key=f"b{number}", operator_id=OPERATOR, payment_id=payment.id
        )
        await confirm_payment_refund(harness.shop, OPERATOR, action)
        await harness.run(2)
    await harness.run(90)
    await audit_now(harness.shop)


async def orders_that_nobody_pays(harness: ShopHarness) -> None:
    await harness.customer(LINA, dinars=0)
    harness.set_policy(payment_window=timedelta(minutes=5))
    first, second = await harness.buy(LINA, 1), await harness.buy(LINA, 1)
    await cancel_order(harness.shop, LINA, first.id)
    await harness.run(400)
    late = await harness.buy(LINA, 1)
    await harness.store.write(pause_selling, harness.shop, PauseReason.AUDIT)
    harness.set_policy(confirm_above_minor=0)
    asked = await credit_wallet(harness.shop, Credit("c", OPERATOR, LINA, late.total_minor, ""))
    await confirm_credit(harness.shop, OPERATOR, required(asked.action_id))
    await resume_selling(harness.shop, key="r", operator_id=OPERATOR)
    await harness.run(20)
    assert second.id != late.id


Scene = Callable[[ShopHarness], Awaitable[None]]


async def a_question_to_support_is_answered_by_another(harness: ShopHarness) -> None:
    await harness.customer(LINA, dinars=0)
    case, _ = await take_question(harness.shop, LINA, [10, 11])
    await harness.run(3)
    await tell_answered(harness.shop, case, OPERATOR + 1, [20])
    await harness.run(3)
    await end_case(harness.shop, key="end", user_id=LINA, case_id=case.id)
    await reopen_case(harness.shop, LINA, case.id)
    await stop_talking(harness.shop, LINA)
    await open_case(harness.shop, LINA)
    await close_case(harness.shop, key="close", operator_id=OPERATOR, case_id=case.id)
    await harness.run(3)
    await note_missed_answer(harness.shop, LINA, 2)
    await harness.run(5)


async def _sell_out(harness: ShopHarness, value: int) -> None:
    harness.kind().quantity = 0
    harness.clock.pass_time(61)
    await refresh_product(harness.shop, harness.shop.shelf.denomination(value).product_id)


async def a_value_comes_back_and_goes_again(harness: ShopHarness) -> None:
    """The news meets a closed chat; the value is gone before it opens, and comes back for good."""
    await harness.customer(LINA, dinars=0)
    value = await harness.denomination()
    await _sell_out(harness, value)
    await watch_value(harness.shop, LINA, value)
    harness.kind().quantity = 5
    harness.sender.failures.append(SendLater(120))
    for _ in range(30):
        if harness.sender.failures:
            await harness.run(60)
    await _sell_out(harness, value)
    await harness.run(120)
    harness.kind().quantity = 5
    await harness.run(2400)


async def a_news_goes_to_many_and_the_next_is_stopped(harness: ShopHarness) -> None:
    """One of the people has blocked the bot, one says no; Telegram wants a wait in the second news.

    It refuses the photo of a third one at the first person, twice.
    """
    for user_id in range(1, 5):
        await ensure_customer(harness.shop, user_id, "fr")
    await set_wants_news(harness.shop, OPERATOR, wanted=False)
    harness.sender.failures.append(Unreachable())
    await _send_news(harness, "first")
    await harness.run(30)
    await set_wants_news(harness.shop, 2, wanted=False)
    harness.clock.pass_time(timedelta(days=1, minutes=1).total_seconds())
    await _send_news(harness, "second")
    harness.sender.failures.append(SendLater(60))
    await harness.run(10)
    for news in (await view_news(harness.shop, OPERATOR)).running:
        await stop_news(harness.shop, news.id, OPERATOR, key="stop")
    await harness.run(90)
    harness.clock.pass_time(timedelta(days=1, minutes=1).total_seconds())
    await _send_news(harness, "third", "photo-1")
    for _ in range(2):
        harness.sender.failures.append(BadFile("no"))
        await harness.run(25)
    await harness.run(10)


async def _send_news(harness: ShopHarness, key: str, photo: str = "") -> None:
    shop = harness.shop
    news = await draft_news(shop, OPERATOR)
    english, letter = Letter("Half price"), Letter("Moitié prix", photo=photo)
    await write_letter(shop, news.id, OPERATOR, Locale.EN, english)
    await write_letter(shop, news.id, OPERATOR, Locale.FR, letter)
    skipped = await skip_letter(shop, news.id, OPERATOR, Locale.EN, english.fingerprint)
    written = required(skipped)
    seen = (await show_card(shop, news.id, OPERATOR, version=written.version)).news
    await start_news(shop, news.id, OPERATOR, 55, version=seen.version, key=key)


async def a_customer_is_forgotten(harness: ShopHarness) -> None:
    customer = await harness.customer(LINA)
    order = await harness.buy(LINA, 2)
    await harness.run(12)
    await show_again(harness.shop, customer, order.id)
    left = await harness.balance(LINA)
    await credit_wallet(harness.shop, Credit("out", OPERATOR, LINA, -left, "paid out"))
    await harness.run(5)
    await forget_customer(harness.shop, LINA, pseudonym(7), harness.clock.now())
    await harness.run(5)


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
    a_card_is_paid_at_chargily,
    a_receipt_is_rejected_then_accepted,
    stars_are_paid_and_given_back,
    orders_that_nobody_pays,
    vouchers_in_parts_lost_and_late,
    vouchers_that_end_otherwise_and_expire,
    a_question_to_support_is_answered_by_another,
    a_value_comes_back_and_goes_again,
    a_news_goes_to_many_and_the_next_is_stopped,
    somebody_joins_the_team_and_the_day_is_told,
    a_customer_is_forgotten,
)
