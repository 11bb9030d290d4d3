"""Handlers for customers' payments."""

from telegram import Update
from telegram.error import BadRequest

from bot.domain.answers import read_amount_answer
from bot.domain.money import MINOR_PER_UNIT
from bot.domain.orders import OrderState
from bot.domain.payments import Method, Payment, PaymentState, Shown
from bot.errors import CommitUnknown, HanoutError, StorageFailure
from bot.refusals import Banned, NotFound, NothingToPay, Refused
from bot.services.orders.waiting import waiting_of
from bot.services.payments.provider_checks import check_my_payment
from bot.services.payments.receipts import ReceiptUpload, awaited_receipt, send_receipt
from bot.services.payments.stars import check_star_order
from bot.services.payments.top_up import TopUpRequest, begin_payment, view_amounts, withdraw_earlier
from bot.services.wallet.methods import methods_on
from bot.services.wallet.unpaid_orders import cancel_order, view_unpaid_order
from handlers import account
from handlers.account import END
from handlers.attachments import attachments_of
from handlers.context import ShopContext, press_of, typed
from handlers.edge import Do, read
from handlers.middleware.errors import explain
from handlers.order_turns import show_in_turn
from handlers.questions import WORDS, takes_answers
from handlers.screen import Screen
from handlers.screens import orders as order_screens
from handlers.screens import payments as screens

AMOUNT = "amount"
OFFERED = "amounts"
_METHODS = tuple(Method)


def _method(word: str) -> Method:
    """The payment method of a press. Raises NotFound."""
    if word not in set(Method):
        raise NotFound
    return Method(word)


async def list_methods(update: Update, context: ShopContext) -> int | str:
    """The payment methods; if there is only one, the amounts to choose from."""
    offered = await methods_on(context.shop)
    if len(offered) == 1:
        return await _offer_amounts(update, context, offered[0])
    await context.show(update, screens.methods(context.words, offered), "topup")
    return END


async def choose_method(update: Update, context: ShopContext) -> str:
    """The amounts to choose from, for a payment method."""
    return await _offer_amounts(update, context, _method(press_of(update).args[0]))


async def _offer_amounts(update: Update, context: ShopContext, method: Method) -> str:
    """Amounts on buttons; one may be typed as well."""
    view = await view_amounts(context.shop, method)
    context.remember(method=_METHODS.index(view.method))
    await context.show(update, screens.amounts(context.words, view), "topup")
    return OFFERED


async def ask_amount(update: Update, context: ShopContext) -> str:
    view = await view_amounts(context.shop, _method(press_of(update).args[0]))
    context.remember(method=_METHODS.index(view.method))
    await context.show(update, screens.ask_amount(context.words, view), "topup")
    return AMOUNT


async def typed_below_amounts(update: Update, context: ShopContext) -> int | str:
    """An amount that is typed below those on offer. They ask nothing, so what comes late is words."""
    return await typed_amount(update, context) if takes_answers(update, context) else WORDS


async def typed_amount(update: Update, context: ShopContext) -> int | str:
    """An answer to `ask_amount`; the question stays for a number that is none, and for amounts that
    may be centimes, which are confirmed by a button.
    """
    asked = (context.user_data or {}).get("method")
    if not isinstance(asked, int) or asked >= len(_METHODS):
        raise NotFound
    answer = read_amount_answer(typed(update))
    if answer.is_words:
        return WORDS
    view = await view_amounts(context.shop, _METHODS[asked])
    read = answer.within(view.limits)
    if read.minor is None:
        screen = screens.refuse_amount(context.words, view, answer.other, read.in_centimes_minor)
    elif read.in_centimes_minor is not None:
        smaller = read.in_centimes_minor
        screen = screens.ask_large_amount(context.words, view, read.minor, smaller)
    else:
        await _begin(update, context, view.method, read.minor, None, typed_minor=read.minor)
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
    *,
    typed_minor: int | None = None,
) -> None:
    """`typed_minor`: the amount as it was typed, of which the method may take another."""
    pressed = update.callback_query.message if update.callback_query else None
    request = TopUpRequest(
        method,
        amount_minor,
        order_id,
        key=context.key_of(update),
        message_id=pressed.message_id if pressed else None,
    )
    payment = await begin_payment(context.shop, context.customer, request)
    await _show(update, context, payment, typed_minor)
    await withdraw_earlier(context.shop, payment)


async def _show(
    update: Update, context: ShopContext, payment: Payment, typed_minor: int | None = None
) -> None:
    """Show how to pay. No turn is held while the provider is asked, which comes before this."""
    screen = _page(context, payment, typed_minor)
    if payment.order_id is None:
        await context.show(update, screen, "payment")
    else:
        await show_changed(update, context, payment.order_id, how_to_pay=screen)


def _page(context: ShopContext, payment: Payment, typed_minor: int | None) -> Screen:
    provider = context.shop.payment_methods[payment.method]
    if provider.shown is Shown.INSTRUCTIONS:
        text = context.shop.policy.transfer_instructions.get(context.words.locale, "")
        return screens.transfer(context.words, payment, text, typed_minor=typed_minor)
    if provider.shown is Shown.LINK:
        left = (payment.expires_at - context.shop.clock.now()).total_seconds()
        may_be_refused = provider.limits.may_be_refused(payment.asked_minor)
        minutes = max(1, round(left / 60))
        return screens.card(
            context.words,
            payment,
            minutes,
            may_be_refused=may_be_refused,
            typed_minor=typed_minor,
        )
    return screens.stars_invoice(context.words, payment, typed_minor=typed_minor)


async def come_back(update: Update, context: ShopContext, payment_id: int) -> bool:
    """The customer comes from the provider's page: ask it, and show what there is.

    False, and nothing shown, where this is no payment of theirs. The address that the page leads
    back to proves nothing: anybody can open it.
    """
    try:
        payment = await check_my_payment(context.shop, context.customer.id, payment_id)
    except NotFound:
        return False
    except Refused:  # asked a moment ago
        await account.wallet(update, context)
        return True
    is_open = payment.state is PaymentState.OPEN and payment.method in context.shop.payment_methods
    if is_open and payment.url:
        await _show(update, context, payment)
    else:
        await account.wallet(update, context)
    return True


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
    await show_changed(update, context, order.id)
    return END


async def show_changed(
    update: Update,
    context: ShopContext,
    order_id: int,
    toast: str = "",
    how_to_pay: Screen | None = None,
) -> None:
    """Show an order that a press has changed as it is when its turn comes: how to pay, or what it waits for.

    It stands in the order's status message, which goes on when the order is paid; that may be
    before its turn comes. `how_to_pay`: a payment was begun already.
    """

    async def show() -> None:
        screen = await _present(context, order_id, how_to_pay)
        await context.show(update, screen, f"order:{order_id}", toast)

    await show_in_turn(update, context, order_id, show, toast)


async def _present(context: ShopContext, order_id: int, how_to_pay: Screen | None) -> Screen:
    """Raises CommitUnknown where it cannot be read: nobody is told then that nothing was changed."""
    try:
        view = await view_unpaid_order(context.shop, context.customer.id, order_id)
        waiting = await waiting_of(context.shop, view.order)
    except StorageFailure:
        raise CommitUnknown from None
    if view.order.state is not OrderState.AWAITING_PAYMENT:
        return order_screens.status(context.words, view.order, waiting, alone=True)
    if how_to_pay is not None:
        return how_to_pay
    return order_screens.unpaid_order(context.words, view, context.bot_state.zone)


async def show_unpaid_order(update: Update, context: ShopContext, order_id: int) -> bool:
    """Show an order that waits for payment. False, and nothing shown, if it does not wait.

    The caller holds the turn of the order's screens.
    """
    view = await view_unpaid_order(context.shop, context.customer.id, order_id)
    if view.order.state is not OrderState.AWAITING_PAYMENT:
        return False
    screen = order_screens.unpaid_order(context.words, view, context.bot_state.zone)
    await context.show(update, screen, f"order:{order_id}")
    return True


async def take_attachment(update: Update, context: ShopContext) -> int:
    """Take a picture, a PDF or an album of them as the receipt of a transfer, if one waits for it."""
    sent = attachments_of(update)
    if not sent.receipts:
        return await refuse_attachment(update, context)
    try:
        upload = ReceiptUpload(sent.receipts, sent.caption)
        payment = await send_receipt(context.shop, context.customer.id, upload)
    except NothingToPay:
        return await account.page("unknown-message")(update, context)
    screen = screens.receipt_received(context.words, payment, is_partial=sent.is_partial)
    await context.send(update, screen)
    return END


async def refuse_attachment(update: Update, context: ShopContext) -> int:
    """Say what a receipt can be, where one is awaited and something else came; else what is read here."""
    sent, user_id = attachments_of(update), context.customer.id
    awaited = await awaited_receipt(context.shop, user_id, sent.caption, is_file=bool(sent.files))
    if awaited is not None:
        await context.send(update, screens.not_a_receipt(context.words, awaited))
        return END
    if context.customer.banned:
        raise Banned
    return await account.page("unknown-message")(update, context)


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
