"""Operators' decisions about money: receipts, doubtful payments, large credits, Stars to give back."""

from collections.abc import Awaitable, Callable

from telegram import Update

from bot.domain.money import parse_amount, parse_count
from bot.domain.payments import Method, Payment, PaymentState, Rejection, payment_of
from bot.errors import AlreadyDecided, BadCommand, NotANumber, NotFound
from bot.services.credit import Credit, confirm_credit, credit_wallet
from bot.services.payback import ask_payback, confirm_payback
from bot.services.receipts import Decision, accept_payment, reject_payment, show_receipt
from bot.services.report import report_actions, report_payment, report_payments
from bot.services.topup import switch_on
from handlers.account import END
from handlers.screens import deciding as screens
from handlers.screens import operator as operator_screens
from handlers.visit import Visit, arguments, must_be_operator, press_of, typed

OTHER = "other"
WHY = "why"
_NOTE = 300
_ID_DIGITS = 15  # Telegram's ids have at most 52 bits


async def credit(update: Update, visit: Visit) -> None:
    """`/credit <user> <amount> [note]`; the same message replayed credits nothing more."""
    user, _, rest = arguments(update).partition(" ")
    amount, _, note = rest.strip().partition(" ")
    user_id, amount_minor = parse_count(user, _ID_DIGITS), parse_amount(amount) if amount else None
    if user_id is None or not amount_minor:
        raise BadCommand("/credit 123456789 1500 CCP 21/11")
    done = await credit_wallet(
        visit.shop,
        Credit(
            f"update:{update.update_id}",
            visit.customer.id,
            user_id,
            amount_minor,
            note.strip()[:_NOTE],
        ),
    )
    if done.action_id is not None:
        screen = screens.credit_ask(visit.words, user_id, amount_minor, done.action_id)
    else:
        screen = operator_screens.credit_done(
            visit.words, user_id, amount_minor, done.balance_minor
        )
    await visit.show(update, screen)


async def decide_credit(update: Update, visit: Visit) -> None:
    must_be_operator(visit)
    press = press_of(update)
    if press.args[1] != "1":
        await visit.show(update, operator_screens.note(visit.words, "left-alone"))
        return
    done = await confirm_credit(visit.shop, visit.customer.id, press.number())
    await visit.show(
        update,
        operator_screens.credit_done(
            visit.words, done.user_id, done.amount_minor, done.balance_minor
        ),
    )


async def actions(update: Update, visit: Visit) -> None:
    must_be_operator(visit)
    page = press_of(update).number() if update.callback_query else 0
    found, number, pages = await report_actions(visit.shop, page)
    await visit.show(update, screens.actions(visit.words, found, number, pages, visit.desk.zone))


async def payments(update: Update, visit: Visit) -> None:
    """`/payments` lists; `/payments HN12` shows one."""
    asked = payment_of(arguments(update))
    if not asked:
        waiting, count, newest = await report_payments(visit.shop)
        await visit.show(update, screens.payment_list(visit.words, waiting, count, newest))
        return
    number = parse_count(asked)
    if number is None:
        raise BadCommand("/payments HN12")
    await _show_payment(update, visit, number)


async def one_payment(update: Update, visit: Visit) -> None:
    must_be_operator(visit)
    await _show_payment(update, visit, press_of(update).number())


async def _show_payment(update: Update, visit: Visit, payment_id: int) -> None:
    payment = await report_payment(visit.shop, payment_id)
    way = visit.shop.ways.get(payment.method)
    can = way is not None and way.can_give_back
    screen = screens.payment(visit.words, payment, visit.desk.zone, can_give_back=can)
    await visit.show(update, screen)
    if payment.state is PaymentState.REVIEW:
        await show_receipt(visit.shop, visit.customer, payment)


# --- the first decision stands ----------------------------------------------------------------------


def _decision(update: Update, visit: Visit, payment_id: int, amount: int | None = None) -> Decision:
    return Decision(f"update:{update.update_id}", visit.customer.id, payment_id, amount)


async def _decide(
    update: Update, visit: Visit, payment_id: int, deciding: Callable[[], Awaitable[Payment]]
) -> None:
    """Show what was decided: now by this operator, or before by another one."""
    try:
        screen = screens.decided(visit.words, await deciding())
    except AlreadyDecided:
        payment = await report_payment(visit.shop, payment_id)
        screen = screens.already_decided(visit.words, payment)
    await visit.show(update, screen)


async def accept(update: Update, visit: Visit) -> None:
    must_be_operator(visit)
    number = press_of(update).number()
    decision = _decision(update, visit, number)
    await _decide(update, visit, number, lambda: accept_payment(visit.shop, decision))


async def reject(update: Update, visit: Visit) -> None:
    """Ask why; the receipt above stays as it is."""
    must_be_operator(visit)
    payment = await report_payment(visit.shop, press_of(update).number())
    await visit.answer(update)
    await visit.send(update, screens.reasons(visit.words, payment))


async def why(update: Update, visit: Visit) -> int | str:
    must_be_operator(visit)
    press = press_of(update)
    number, reason = press.number(), press.args[1]
    if reason not in set(Rejection):
        raise NotFound
    if reason == Rejection.OTHER:
        return await _ask(update, visit, number, WHY)
    decision = _decision(update, visit, number)
    await _decide(
        update, visit, number, lambda: reject_payment(visit.shop, decision, Rejection(reason))
    )
    return END


async def other(update: Update, visit: Visit) -> int | str:
    must_be_operator(visit)
    return await _ask(update, visit, press_of(update).number(), OTHER)


async def _ask(update: Update, visit: Visit, payment_id: int, state: str) -> str:
    payment = await report_payment(visit.shop, payment_id)
    if visit.user_data is not None:
        visit.user_data["payment"] = payment_id
    await visit.answer(update)
    ask = screens.ask_other if state == OTHER else screens.ask_why
    await visit.send(update, ask(visit.words, payment))
    return state


def _asked(visit: Visit) -> int:
    must_be_operator(visit)
    number = (visit.user_data or {}).get("payment")
    if not isinstance(number, int):
        raise NotFound
    return number


async def typed_other(update: Update, visit: Visit) -> int:
    number, amount = _asked(visit), parse_amount(typed(update))
    if not amount or amount < 0:
        raise NotANumber
    decision = _decision(update, visit, number, amount)
    await _decide(update, visit, number, lambda: accept_payment(visit.shop, decision))
    return END


async def typed_why(update: Update, visit: Visit) -> int:
    number, words = _asked(visit), " ".join(typed(update).split())[:_NOTE]
    decision = _decision(update, visit, number)
    await _decide(
        update,
        visit,
        number,
        lambda: reject_payment(visit.shop, decision, Rejection.OTHER, words),
    )
    return END


# --- giving back, and ways that were switched off ---------------------------------------------------


async def give_back(update: Update, visit: Visit) -> None:
    must_be_operator(visit)
    payment, action_id = await ask_payback(
        visit.shop,
        key=f"update:{update.update_id}",
        operator_id=visit.customer.id,
        payment_id=press_of(update).number(),
    )
    await visit.show(update, screens.return_ask(visit.words, payment, action_id))


async def decide_give_back(update: Update, visit: Visit) -> None:
    must_be_operator(visit)
    press = press_of(update)
    if press.args[1] != "1":
        await visit.show(update, operator_screens.note(visit.words, "left-alone"))
        return
    await visit.answer(update)
    payment = await confirm_payback(visit.shop, visit.customer.id, press.number())
    visit.shop.wake("send")
    await visit.show(update, screens.return_done(visit.words, payment))


async def method_on(update: Update, visit: Visit) -> None:
    must_be_operator(visit)
    word = press_of(update).args[0]
    if word not in set(Method):
        raise NotFound
    key, operator_id = f"update:{update.update_id}", visit.customer.id
    done = await switch_on(visit.shop, Method(word), key=key, operator_id=operator_id)
    key = "method-on" if done else "method-was-on"
    way = visit.words.plain(f"way-{word}")
    await visit.show(update, operator_screens.note(visit.words, key, way=way))
