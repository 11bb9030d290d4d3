"""Paying in: the customer's side. Telegram's own words about payments in Stars come in here too."""

from telegram import Message, Update
from telegram.error import BadRequest

from bot.domain.money import MINOR_PER_UNIT, parse_amount
from bot.domain.orders import OrderState
from bot.domain.payments import Method, Payment, PaymentState, ReceiptKind
from bot.errors import HanoutError, NotANumber, NotFound, NothingToPay, Refused
from bot.services.awaiting import cancel_order
from bot.services.incoming import StarCharge, check_my_payment, check_star_order, take_stars
from bot.services.payback import take_back
from bot.services.receipts import Proof, send_receipt
from bot.services.topup import Wish, begin_payment, methods_on, view_amounts, view_awaiting
from handlers import account
from handlers.account import END
from handlers.refusals import explain
from handlers.screens import orders as order_screens
from handlers.screens import payments as screens
from handlers.visit import Visit, press_of, typed

AMOUNT = "amount"
_METHODS = tuple(Method)


def _method(word: str) -> Method:
    """Raises NotFound."""
    if word not in set(Method):
        raise NotFound
    return Method(word)


async def topup(update: Update, visit: Visit) -> int:
    offered = await methods_on(visit.shop)
    if len(offered) == 1:
        view = await view_amounts(visit.shop, offered[0])
        await visit.show(update, screens.amounts(visit.words, view), "topup")
    else:
        await visit.show(update, screens.methods(visit.words, offered), "topup")
    return END


async def ways(update: Update, visit: Visit) -> int:
    view = await view_amounts(visit.shop, _method(press_of(update).args[0]))
    await visit.show(update, screens.amounts(visit.words, view), "topup")
    return END


async def ask_amount(update: Update, visit: Visit) -> str:
    view = await view_amounts(visit.shop, _method(press_of(update).args[0]))
    if visit.user_data is not None:
        visit.user_data["method"] = _METHODS.index(view.method)
    await visit.show(update, screens.ask_amount(visit.words, view), "topup")
    return AMOUNT


async def typed_amount(update: Update, visit: Visit) -> int:
    """An answer to "how much?"; a wrong one is explained, and the question stays."""
    amount, asked = parse_amount(typed(update)), (visit.user_data or {}).get("method")
    if not amount or amount < 0:
        raise NotANumber
    if not isinstance(asked, int) or asked >= len(_METHODS):
        raise NotFound
    await _begin(update, visit, _METHODS[asked], amount, None)
    return END


async def top(update: Update, visit: Visit) -> int:
    press = press_of(update)
    amount = press.number(1) * MINOR_PER_UNIT
    await _begin(update, visit, _method(press.args[0]), amount, None)
    return END


async def pay(update: Update, visit: Visit) -> int:
    """Pay what an order lacks, in one of the ways."""
    press = press_of(update)
    await _begin(update, visit, _method(press.args[1]), None, press.number(0))
    return END


async def _begin(
    update: Update, visit: Visit, method: Method, amount_minor: int | None, order_id: int | None
) -> None:
    pressed = update.callback_query.message if update.callback_query else None
    wish = Wish(
        method,
        amount_minor,
        order_id,
        key=f"update:{update.update_id}",
        message_id=pressed.message_id if pressed else None,
    )
    payment = await begin_payment(visit.shop, visit.customer, wish)
    await _show(update, visit, payment)


async def _show(update: Update, visit: Visit, payment: Payment) -> None:
    if payment.method is Method.TRANSFER:
        text = visit.shop.policy.transfer_instructions.get(visit.words.locale, "")
        await visit.show(update, screens.transfer(visit.words, payment, text), "payment")
    elif payment.method is Method.OCPAY:
        left = (payment.expires_at - visit.shop.clock.now()).total_seconds()
        screen = screens.card(visit.words, payment, max(1, round(left / 60)))
        await visit.show(update, screen, "payment")
    else:
        await visit.show(update, screens.bill_below(visit.words, payment), "payment")


async def i_have_paid(update: Update, visit: Visit) -> int:
    payment = await check_my_payment(visit.shop, visit.customer.id, press_of(update).number())
    key = {
        PaymentState.OPEN: "toast-not-yet",
        PaymentState.CREDITED: "toast-paid",
        PaymentState.HELD: "toast-held",
        PaymentState.EXPIRED: "toast-expired",
    }.get(payment.state, "toast-paid")
    await visit.answer(update, visit.words.plain(key), alert=key != "toast-paid")
    return END


async def cancel(update: Update, visit: Visit) -> int:
    order = await cancel_order(visit.shop, visit.customer.id, press_of(update).number())
    await visit.show(update, order_screens.status(visit.words, order), "order")
    return END


async def show_awaiting(update: Update, visit: Visit, order_id: int, toast: str = "") -> bool:
    """Show an order that waits for money; False where it does not."""
    view = await view_awaiting(visit.shop, visit.customer.id, order_id)
    if view.order.state is not OrderState.AWAITING_PAYMENT:
        return False
    screen = order_screens.awaiting(visit.words, view, visit.desk.zone)
    await visit.show(update, screen, "order", toast)
    return True


async def attached(update: Update, visit: Visit) -> int:
    """A picture or file outside a question is the receipt of a transfer, where one is waited for."""
    proof = proof_of(update.effective_message)
    try:
        if proof is None:
            raise NothingToPay
        payment = await send_receipt(visit.shop, visit.customer.id, proof)
    except NothingToPay:
        return await account.page("unknown-message")(update, visit)
    await visit.send(update, screens.thanks(visit.words, payment))
    return END


def proof_of(message: Message | None) -> Proof | None:
    if message is None:
        return None
    caption = (message.caption or "").encode("utf-8", "ignore").decode()
    if message.photo:
        largest = message.photo[-1]
        return Proof(ReceiptKind.PHOTO, largest.file_id, largest.file_unique_id, caption)
    if message.document:
        file = message.document
        return Proof(ReceiptKind.DOCUMENT, file.file_id, file.file_unique_id, caption)
    return None


# --- Stars ------------------------------------------------------------------------------------------


async def pre_checkout(update: Update, visit: Visit) -> None:
    """Telegram asks, and waits ten seconds: may this bill be paid?"""
    query = update.pre_checkout_query
    if query is None:
        return
    problem: str | None = None
    try:
        await check_star_order(
            visit.shop,
            visit.customer.id,
            query.invoice_payload,
            currency=query.currency,
            stars=query.total_amount,
        )
    except Refused:
        problem = visit.words.plain("refused-bill")
    except HanoutError as error:
        problem = explain(visit.words, error)
    try:
        await query.answer(ok=problem is None, error_message=problem)
    except BadRequest as error:
        if "too old" not in str(error).lower() and "query" not in str(error).lower():
            raise


async def star_payment(update: Update, visit: Visit) -> None:
    """Stars have moved. The wallet is filled by this word and by no other."""
    message = update.effective_message
    paid = message.successful_payment if message else None
    if paid is None or paid.currency != "XTR":
        return
    await take_stars(
        visit.shop,
        StarCharge(
            visit.customer.id,
            paid.invoice_payload,
            paid.total_amount,
            paid.telegram_payment_charge_id,
        ),
    )


async def star_refund(update: Update, visit: Visit) -> None:
    message = update.effective_message
    back = message.refunded_payment if message else None
    if back is not None:
        await take_back(visit.shop, Method.STARS, back.telegram_payment_charge_id)
