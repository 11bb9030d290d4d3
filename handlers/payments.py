"""Handlers for customers' payments."""

from telegram import Update
from telegram.error import BadRequest

from bot.domain.amounts import read_answer
from bot.domain.money import MINOR_PER_UNIT
from bot.domain.orders import OrderState
from bot.domain.payments import Method, Payment, PaymentState
from bot.errors import HanoutError, NotFound, NothingToPay, Refused
from bot.services.payments.provider_checks import check_my_payment
from bot.services.payments.receipts import ReceiptUpload, send_receipt
from bot.services.payments.stars import check_star_order
from bot.services.payments.top_up import TopUpRequest, begin_payment, view_amounts
from bot.services.wallet.methods import methods_on
from bot.services.wallet.unpaid_orders import cancel_order, view_unpaid_order
from handlers import account
from handlers.account import END
from handlers.attachments import attachments_of
from handlers.context import ShopContext, press_of, typed
from handlers.edge import Do, read
from handlers.middleware.errors import explain
from handlers.screens import orders as order_screens
from handlers.screens import payments as screens

AMOUNT = "amount"
_METHODS = tuple(Method)


def _method(word: str) -> Method:
    """The payment method of a press. Raises NotFound."""
    if word not in set(Method):
        raise NotFound
    return Method(word)


async def list_methods(update: Update, context: ShopContext) -> int:
    """The payment methods; if there is only one, the amounts to choose from."""
    offered = await methods_on(context.shop)
    if len(offered) == 1:
        view = await view_amounts(context.shop, offered[0])
        await context.show(update, screens.amounts(context.words, view), "topup")
    else:
        await context.show(update, screens.methods(context.words, offered), "topup")
    return END


async def choose_method(update: Update, context: ShopContext) -> int:
    """The amounts to choose from, for a payment method."""
    view = await view_amounts(context.shop, _method(press_of(update).args[0]))
    await context.show(update, screens.amounts(context.words, view), "topup")
    return END


async def ask_amount(update: Update, context: ShopContext) -> str:
    view = await view_amounts(context.shop, _method(press_of(update).args[0]))
    if context.user_data is not None:
        context.user_data["method"] = _METHODS.index(view.method)
    await context.show(update, screens.ask_amount(context.words, view), "topup")
    return AMOUNT


async def typed_amount(update: Update, context: ShopContext) -> int | str:
    """An answer to `ask_amount`; the question stays for invalid input, and for large amounts, which
    are confirmed by a button.
    """
    asked = (context.user_data or {}).get("method")
    if not isinstance(asked, int) or asked >= len(_METHODS):
        raise NotFound
    view = await view_amounts(context.shop, _METHODS[asked])
    answer = read_answer(typed(update))
    if answer.minor is None or not view.limits.allow(answer.minor):
        screen = screens.refuse_amount(context.words, view, answer.other)
    elif view.limits.could_be_centimes(answer.minor):
        screen = screens.ask_large_amount(context.words, view, answer.minor)
    else:
        await _begin(update, context, view.method, answer.minor, None)
        return END
    await context.show(update, screen, "topup")
    return AMOUNT


async def choose_amount(update: Update, context: ShopContext) -> int:
    """Begin a payment of the pressed amount, which is in whole dinars."""
    press = press_of(update)
    amount = press.number(1) * MINOR_PER_UNIT
    await _begin(update, context, _method(press.args[0]), amount, None)
    return END


async def pay(update: Update, context: ShopContext) -> int:
    """Begin a payment of what the wallet lacks for an order."""
    press = press_of(update)
    await _begin(update, context, _method(press.args[1]), None, press.number(0))
    return END


async def _begin(
    update: Update,
    context: ShopContext,
    method: Method,
    amount_minor: int | None,
    order_id: int | None,
) -> None:
    pressed = update.callback_query.message if update.callback_query else None
    request = TopUpRequest(
        method,
        amount_minor,
        order_id,
        key=context.key_of(update),
        message_id=pressed.message_id if pressed else None,
    )
    payment = await begin_payment(context.shop, context.customer, request)
    await _show(update, context, payment)


async def _show(update: Update, context: ShopContext, payment: Payment) -> None:
    if payment.method is Method.TRANSFER:
        text = context.shop.policy.transfer_instructions.get(context.words.locale, "")
        await context.show(update, screens.transfer(context.words, payment, text), "payment")
    elif payment.method is Method.OCPAY:
        left = (payment.expires_at - context.shop.clock.now()).total_seconds()
        screen = screens.card(context.words, payment, max(1, round(left / 60)))
        await context.show(update, screen, "payment")
    else:
        await context.show(update, screens.stars_invoice(context.words, payment), "payment")


async def press_paid(update: Update, context: ShopContext) -> int:
    """The customer says that they have paid: ask the provider."""
    payment = await check_my_payment(context.shop, context.customer.id, press_of(update).number())
    key = {
        PaymentState.OPEN: "toast-not-yet",
        PaymentState.CREDITED: "toast-paid",
        PaymentState.HELD: "toast-held",
        PaymentState.EXPIRED: "toast-expired",
    }.get(payment.state, "toast-paid")
    await context.answer(update, context.words.plain(key), alert=key != "toast-paid")
    return END


async def cancel(update: Update, context: ShopContext) -> int:
    order = await cancel_order(context.shop, context.customer.id, press_of(update).number())
    await context.show(update, order_screens.status(context.words, order), "order")
    return END


async def show_unpaid_order(
    update: Update, context: ShopContext, order_id: int, toast: str = ""
) -> bool:
    """Show an order that waits for payment. False, and nothing shown, if it does not wait."""
    view = await view_unpaid_order(context.shop, context.customer.id, order_id)
    if view.order.state is not OrderState.AWAITING_PAYMENT:
        return False
    screen = order_screens.unpaid_order(context.words, view, context.bot_state.zone)
    await context.show(update, screen, "order", toast)
    return True


async def take_attachment(update: Update, context: ShopContext) -> int:
    """Take a picture, a file or an album as the receipt of a transfer, if one waits for it."""
    sent = attachments_of(update)
    try:
        if not sent.files:
            raise NothingToPay
        upload = ReceiptUpload(sent.files, sent.caption)
        payment = await send_receipt(context.shop, context.customer.id, upload)
    except NothingToPay:
        return await account.page("unknown-message")(update, context)
    screen = screens.receipt_received(context.words, payment, is_partial=sent.is_partial)
    await context.send(update, screen)
    return END


async def pre_checkout(update: Update, context: ShopContext) -> None:
    """Telegram asks whether an invoice may be paid, and waits ten seconds for the answer."""
    query = update.pre_checkout_query
    if query is None:
        return
    problem: str | None = None
    try:
        await check_star_order(
            context.shop,
            context.customer.id,
            query.invoice_payload,
            currency=query.currency,
            stars=query.total_amount,
        )
    except Refused:
        problem = context.words.plain("refused-bill")
    except HanoutError as error:
        problem = explain(context.words, error)
    try:
        await query.answer(ok=problem is None, error_message=problem)
    except BadRequest as error:
        if read(error).send is not Do.DONE:
            raise
