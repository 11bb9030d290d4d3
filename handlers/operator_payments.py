"""Handlers for operators' decisions about money: receipts, payments, credits and refunds."""

from collections.abc import Awaitable, Callable

from telegram import Update

from bot.domain.actions import ActionKind
from bot.domain.amount_faults import AmountFault, amount_fault
from bot.domain.amounts import DINARS, read_count, read_telegram_id, take_amount
from bot.domain.answers import read_amount_answer
from bot.domain.payments import (
    DECIDABLE_STATES,
    Method,
    Payment,
    PaymentState,
    Rejection,
    payment_of,
    reference_of,
)
from bot.domain.roles import Right
from bot.refusals import AlreadyDecided, BadAmount, BadCommand, NotFound
from bot.services.operations.reports import (
    report_actions,
    report_fee,
    report_payment,
    report_payments,
)
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
from bot.services.wallet.limits import leave_undone
from bot.services.wallet.methods import switch_on
from handlers.account import END
from handlers.context import (
    ShopContext,
    arguments,
    operators_words,
    press_of,
    typed,
)
from handlers.questions import WORDS
from handlers.screens import operator as operator_screens
from handlers.screens import operator_payments as screens

OTHER = "other"
WHY = "why"
_MAX_NOTE = 300


async def credit(update: Update, context: ShopContext) -> None:
    """`/credit <user> <amount> [note]`; a replay of the same message changes nothing."""
    user, *rest = arguments(update).split(maxsplit=1) or [""]
    user_id, usage = read_telegram_id(user), "/credit 123456789 1500 CCP 21/11"
    if user_id is None or not rest:
        raise BadCommand(usage)
    taken, fault = take_amount(rest[0]), amount_fault(rest[0])
    if taken is None or fault is not None:
        raise BadAmount(fault or AmountFault.NO_NUMBER, usage)
    await give_credit(update, context, user_id, taken[0].within(DINARS), taken[1])


async def give_credit(
    update: Update, context: ShopContext, user_id: int, amount_minor: int, note: str
) -> None:
    """Change a balance, or ask first; a replay of the same message changes nothing."""
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
        screen = screens.ask_credit(context.words, done, done.action_id)
    else:
        screen = operator_screens.credit_done(
            context.words, user_id, amount_minor, done.balance_minor
        )
    await context.show(update, screen)


async def decide_credit(update: Update, context: ShopContext) -> None:
    """The answer to the question whether a large credit is meant."""
    press = press_of(update)
    if press.args[1] != "1":
        await leave_alone(update, context, ActionKind.CREDIT)
        return
    done = await confirm_credit(context.shop, context.customer.id, press.number())
    await context.show(
        update,
        operator_screens.credit_done(
            context.words, done.user_id, done.amount_minor, done.balance_minor
        ),
    )


async def leave_alone(update: Update, context: ShopContext, *kinds: ActionKind) -> None:
    """The answer "no" to a question of these kinds; where it was done before, the screen that says so stays."""
    await leave_undone(context.shop, context.customer.id, press_of(update).number(), *kinds)
    await context.show(update, operator_screens.note(context.words, "left-alone"))


async def actions(update: Update, context: ShopContext) -> None:
    """A page of what operators did with money."""
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
    await _show_payment(update, context, press_of(update).number())
    return END


async def _show_payment(update: Update, context: ShopContext, payment_id: int) -> None:
    payment = await report_payment(context.shop, payment_id)
    provider = context.shop.payment_methods.get(payment.method)
    can_refund = provider is not None and provider.can_refund
    fee_minor = await report_fee(context.shop, payment_id)
    zone = context.bot_state.zone
    screen = screens.payment(
        context.words, payment, zone, can_refund=can_refund, fee_minor=fee_minor
    )
    await context.show(update, screen)
    if payment.state is PaymentState.REVIEW:
        decides = await context.may(Right.RECEIPTS)
        await show_receipt(context.shop, context.customer, payment, decides=decides)


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
    number = press_of(update).number()
    decision = _decision(update, context, number)
    await _decide(update, context, number, lambda: accept_payment(context.shop, decision))


async def reject(update: Update, context: ShopContext) -> None:
    """Ask for the reason, in a new message: the receipt keeps its buttons."""
    payment = await report_payment(context.shop, press_of(update).number())
    if payment.state not in DECIDABLE_STATES:
        await context.show(update, screens.already_decided(context.words, payment))
        return
    await context.answer(update)
    await context.send(update, screens.reasons(context.words, payment))


async def choose_reason(update: Update, context: ShopContext) -> int | str:
    """Reject a payment for this reason, or ask for a reason in the operator's own words."""
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
    return await _ask(update, context, press_of(update).number(), OTHER)


async def _ask(update: Update, context: ShopContext, payment_id: int, state: str) -> int | str:
    payment = await report_payment(context.shop, payment_id)
    if payment.state not in DECIDABLE_STATES:
        await context.show(update, screens.already_decided(context.words, payment))
        return END
    context.remember(payment=payment_id)
    await context.answer(update)
    ask = screens.ask_amount if state == OTHER else screens.ask_reason
    await context.send(update, ask(context.words, payment))
    return state


async def typed_amount(update: Update, context: ShopContext) -> int | str:
    """An answer to `ask_other_amount`, asked again for a number that is no amount.

    Words leave the question, and are looked for; that nothing was decided is said first.
    Centimes, and "mille" without a unit, are confirmed by a button, with the dinars that they are.
    """
    number, answer = context.remembered("payment"), read_amount_answer(typed(update))
    if answer.is_words:
        await context.send(update, operator_screens.note(context.words, "left-alone"))
        return WORDS
    amount = answer.minor or answer.in_centimes_minor
    if amount is None:
        payment = await report_payment(context.shop, number)
        await context.show(update, screens.refuse_amount(context.words, payment, answer.other))
        return OTHER
    in_doubt = answer.minor is None or (answer.is_scaled and not answer.is_named)
    decision = _decision(update, context, number, amount)
    try:
        done = await accept_other_amount(context.shop, decision, in_doubt=in_doubt)
    except AlreadyDecided:
        payment = await report_payment(context.shop, number)
        screen = screens.already_decided(context.words, payment)
    else:
        screen = screens.accepted(context.words, done)
    await context.show(update, screen)
    return END


async def decide_amount(update: Update, context: ShopContext) -> None:
    """The answer to the question whether a payment is accepted with the typed amount."""
    press = press_of(update)
    if press.args[1] != "1":
        await leave_alone(update, context, ActionKind.PAYMENT)
        return
    payment = await confirm_payment(context.shop, context.customer.id, press.number())
    await context.show(update, screens.decided(context.words, payment))


async def typed_reason(update: Update, context: ShopContext) -> int | str:
    """A reason in the operator's own words, which the customer reads; asked again for all else."""
    number, words = context.remembered("payment"), " ".join(typed(update).split())
    if not words or len(words) > _MAX_NOTE:
        payment = await report_payment(context.shop, number)
        await context.send(update, screens.refuse_reason(context.words, payment, _MAX_NOTE))
        return WHY
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
    payment, action_id = await ask_payment_refund(
        context.shop,
        key=context.key_of(update),
        operator_id=context.customer.id,
        payment_id=press_of(update).number(),
    )
    await context.show(update, screens.ask_refund(context.words, payment, action_id))


async def decide_refund(update: Update, context: ShopContext) -> None:
    """The answer to the question of `press_refund`."""
    press = press_of(update)
    if press.args[1] != "1":
        await leave_alone(update, context, ActionKind.PAYMENT_REFUND)
        return
    await context.answer(update)
    payment = await confirm_payment_refund(context.shop, context.customer.id, press.number())
    await context.show(update, screens.refund_result(context.words, payment))


async def switch_method_on(update: Update, context: ShopContext) -> None:
    """Offer a payment method again."""
    method = press_of(update).args[0]
    if method not in set(Method):
        raise NotFound
    key, operator_id = context.key_of(update), context.customer.id
    done = await switch_on(context.shop, Method(method), key=key, operator_id=operator_id)
    text = "method-on" if done else "method-was-on"
    way = context.words.plain(f"way-{method}")
    await context.show(update, operator_screens.note(context.words, text, way=way))
