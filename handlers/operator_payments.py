"""Handlers for operators' decisions about money: receipts, payments, credits and refunds."""

from collections.abc import Awaitable, Callable

from telegram import Update

from bot.domain.amounts import DINARS, read_answer, read_count, take_amount
from bot.domain.payments import Method, Payment, PaymentState, Rejection, payment_of, reference_of
from bot.errors import AlreadyDecided, BadCommand, NotFound
from bot.services.operations.reports import report_actions, report_payment, report_payments
from bot.services.payments.decisions import (
    Decision,
    accept_other_amount,
    accept_payment,
    confirm_payment,
    reject_payment,
)
from bot.services.payments.receipts import show_receipt
from bot.services.payments.refunds import ask_payment_refund, confirm_payment_refund
from bot.services.wallet.credit import Credit, confirm_credit, credit_wallet
from bot.services.wallet.methods import switch_on
from handlers.account import END
from handlers.context import (
    ShopContext,
    arguments,
    must_be_operator,
    operators_words,
    press_of,
    typed,
)
from handlers.screens import operator as operator_screens
from handlers.screens import operator_payments as screens

OTHER = "other"
WHY = "why"
_MAX_NOTE = 300
_ID_DIGITS = 15  # Telegram's ids have at most 52 bits


async def credit(update: Update, context: ShopContext) -> None:
    """`/credit <user> <amount> [note]`; a replay of the same message changes nothing."""
    user, *rest = arguments(update).split(maxsplit=1) or [""]
    user_id, taken = read_count(user, _ID_DIGITS), take_amount(rest[0]) if rest else None
    if user_id is None or taken is None or not taken[0].minor:
        raise BadCommand("/credit 123456789 1500 CCP 21/11")
    amount_minor, note = taken[0].within(DINARS), taken[1]
    done = await credit_wallet(
        context.shop,
        Credit(
            context.key_of(update),
            context.customer.id,
            user_id,
            amount_minor,
            note[:_MAX_NOTE],
        ),
    )
    if done.action_id is not None:
        screen = screens.ask_credit(context.words, user_id, amount_minor, done.action_id)
    else:
        screen = operator_screens.credit_done(
            context.words, user_id, amount_minor, done.balance_minor
        )
    await context.show(update, screen)


async def decide_credit(update: Update, context: ShopContext) -> None:
    """The answer to the question whether a large credit is meant."""
    must_be_operator(context)
    press = press_of(update)
    if press.args[1] != "1":
        await context.show(update, operator_screens.note(context.words, "left-alone"))
        return
    done = await confirm_credit(context.shop, context.customer.id, press.number())
    await context.show(
        update,
        operator_screens.credit_done(
            context.words, done.user_id, done.amount_minor, done.balance_minor
        ),
    )


async def actions(update: Update, context: ShopContext) -> None:
    """A page of what operators did with money."""
    must_be_operator(context)
    page = press_of(update).number() if update.callback_query else 0
    found, number, pages = await report_actions(context.shop, page)
    await context.show(
        update, screens.actions(context.words, found, number, pages, context.bot_state.zone)
    )


async def payments(update: Update, context: ShopContext) -> None:
    """`/payments` lists payments, `/payments HN12` shows one."""
    asked = payment_of(arguments(update))
    if not asked:
        waiting, count, newest = await report_payments(context.shop)
        await context.show(update, screens.payment_list(context.words, waiting, count, newest))
        return
    number = read_count(asked)
    if number is None:
        raise BadCommand("/payments HN12")
    with operators_words(reference_of(number)):
        await _show_payment(update, context, number)


async def one_payment(update: Update, context: ShopContext) -> int:
    """A payment, from the list, or back from a question about it."""
    must_be_operator(context)
    await _show_payment(update, context, press_of(update).number())
    return END


async def _show_payment(update: Update, context: ShopContext, payment_id: int) -> None:
    payment = await report_payment(context.shop, payment_id)
    provider = context.shop.payment_methods.get(payment.method)
    can_refund = provider is not None and provider.can_refund
    screen = screens.payment(context.words, payment, context.bot_state.zone, can_refund=can_refund)
    await context.show(update, screen)
    if payment.state is PaymentState.REVIEW:
        await show_receipt(context.shop, context.customer, payment)


def _decision(
    update: Update, context: ShopContext, payment_id: int, amount: int | None = None
) -> Decision:
    return Decision(context.key_of(update), context.customer.id, payment_id, amount)


async def _decide(
    update: Update,
    context: ShopContext,
    payment_id: int,
    decide: Callable[[], Awaitable[Payment]],
) -> None:
    """Decide and show the result, or the earlier decision: the first one is valid."""
    try:
        screen = screens.decided(context.words, await decide())
    except AlreadyDecided:
        payment = await report_payment(context.shop, payment_id)
        screen = screens.already_decided(context.words, payment)
    await context.show(update, screen)


async def accept(update: Update, context: ShopContext) -> None:
    """Accept a payment, with the amount that the button names."""
    must_be_operator(context)
    number = press_of(update).number()
    decision = _decision(update, context, number)
    await _decide(update, context, number, lambda: accept_payment(context.shop, decision))


async def reject(update: Update, context: ShopContext) -> None:
    """Ask for the reason, in a new message: the receipt keeps its buttons."""
    must_be_operator(context)
    payment = await report_payment(context.shop, press_of(update).number())
    await context.answer(update)
    await context.send(update, screens.reasons(context.words, payment))


async def choose_reason(update: Update, context: ShopContext) -> int | str:
    """Reject a payment for this reason, or ask for a reason in the operator's own words."""
    must_be_operator(context)
    press = press_of(update)
    number, reason = press.number(), press.args[1]
    if reason not in set(Rejection):
        raise NotFound
    if reason == Rejection.OTHER:
        return await _ask(update, context, number, WHY)
    decision = _decision(update, context, number)
    await _decide(
        update, context, number, lambda: reject_payment(context.shop, decision, Rejection(reason))
    )
    return END


async def ask_other_amount(update: Update, context: ShopContext) -> int | str:
    """Ask which amount came, as it is not the one the payment was begun with."""
    must_be_operator(context)
    return await _ask(update, context, press_of(update).number(), OTHER)


async def _ask(update: Update, context: ShopContext, payment_id: int, state: str) -> str:
    payment = await report_payment(context.shop, payment_id)
    if context.user_data is not None:
        context.user_data["payment"] = payment_id
    await context.answer(update)
    ask = screens.ask_amount if state == OTHER else screens.ask_reason
    await context.send(update, ask(context.words, payment))
    return state


def _asked_payment(context: ShopContext) -> int:
    """The payment that the operator was asked about. Raises NotFound."""
    must_be_operator(context)
    number = (context.user_data or {}).get("payment")
    if not isinstance(number, int):
        raise NotFound
    return number


async def typed_amount(update: Update, context: ShopContext) -> int | str:
    """An answer to `ask_other_amount`; the question stays if it is no amount."""
    number, answer = _asked_payment(context), read_answer(typed(update))
    if answer.minor is None:
        payment = await report_payment(context.shop, number)
        await context.show(update, screens.refuse_amount(context.words, payment, answer.other))
        return OTHER
    decision = _decision(update, context, number, answer.minor)
    try:
        done = await accept_other_amount(context.shop, decision)
    except AlreadyDecided:
        payment = await report_payment(context.shop, number)
        screen = screens.already_decided(context.words, payment)
    else:
        screen = screens.accepted(context.words, done)
    await context.show(update, screen)
    return END


async def decide_amount(update: Update, context: ShopContext) -> None:
    """The answer to the question whether a payment is accepted with the typed amount."""
    must_be_operator(context)
    press = press_of(update)
    if press.args[1] != "1":
        await context.show(update, operator_screens.note(context.words, "left-alone"))
        return
    payment = await confirm_payment(context.shop, context.customer.id, press.number())
    await context.show(update, screens.decided(context.words, payment))


async def typed_reason(update: Update, context: ShopContext) -> int:
    """A reason in the operator's own words, which the customer reads."""
    number, words = _asked_payment(context), " ".join(typed(update).split())[:_MAX_NOTE]
    decision = _decision(update, context, number)
    await _decide(
        update,
        context,
        number,
        lambda: reject_payment(context.shop, decision, Rejection.OTHER, words),
    )
    return END


async def press_refund(update: Update, context: ShopContext) -> None:
    """Ask whether to refund a payment to its payer."""
    must_be_operator(context)
    payment, action_id = await ask_payment_refund(
        context.shop,
        key=context.key_of(update),
        operator_id=context.customer.id,
        payment_id=press_of(update).number(),
    )
    await context.show(update, screens.ask_refund(context.words, payment, action_id))


async def decide_refund(update: Update, context: ShopContext) -> None:
    """The answer to the question of `press_refund`."""
    must_be_operator(context)
    press = press_of(update)
    if press.args[1] != "1":
        await context.show(update, operator_screens.note(context.words, "left-alone"))
        return
    await context.answer(update)
    payment = await confirm_payment_refund(context.shop, context.customer.id, press.number())
    await context.show(update, screens.refund_result(context.words, payment))


async def switch_method_on(update: Update, context: ShopContext) -> None:
    """Offer a payment method again."""
    must_be_operator(context)
    method = press_of(update).args[0]
    if method not in set(Method):
        raise NotFound
    key, operator_id = context.key_of(update), context.customer.id
    done = await switch_on(context.shop, Method(method), key=key, operator_id=operator_id)
    text = "method-on" if done else "method-was-on"
    way = context.words.plain(f"way-{method}")
    await context.show(update, operator_screens.note(context.words, text, way=way))
