"""Registers every handler of the bot, in order: the first that matches an update handles it."""

from collections.abc import Callable, Coroutine
from typing import Any
from warnings import catch_warnings, simplefilter

from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ConversationHandler,
    MessageHandler,
    PreCheckoutQueryHandler,
    filters,
)

from handlers import (
    account,
    linking,
    my_orders,
    operator,
    operator_payments,
    payments,
    support,
    walk,
)
from handlers.callback_data import pattern_of
from handlers.context import BotState, ShopContext
from handlers.conversations import NAME
from handlers.middleware.errors import on_error

Handler = Callable[[Update, ShopContext], Coroutine[Any, Any, Any]]

PRESSES: dict[str, Handler] = {
    "home": walk.home,
    "cat": walk.category,
    "prod": walk.product,
    "den": walk.denomination,
    "sold": walk.sold_out,
    "qty": walk.quantity,
    "buy": walk.press_buy,
    "orders": my_orders.list_orders,
    "order": my_orders.one_order,
    "show": my_orders.show_codes,
    "hide": my_orders.hide,
    "remind": my_orders.remind,
    "wallet": account.wallet,
    "topup": payments.list_methods,
    "ways": payments.choose_method,
    "top": payments.choose_amount,
    "type": payments.ask_amount,
    "pay": payments.pay,
    "paid": payments.press_paid,
    "cancel": payments.cancel,
    "case": support.paysupport,
    "langs": account.languages,
    "lang": account.set_language,
}
COMMANDS: dict[str, Handler] = {
    "start": walk.start,
    "shop": walk.home,
    "search": walk.search_command,
    "orders": my_orders.list_orders,
    "wallet": account.wallet,
    "language": account.languages,
    "help": account.page("help"),
    "privacy": account.page("privacy"),
    "terms": account.page("terms"),
    "paysupport": support.paysupport,
    "cancel": account.page("cancelled"),
}
OPERATOR_COMMANDS: dict[str, Handler] = {
    "stats": operator.stats,
    "balance": operator.balance,
    "credit": operator_payments.credit,
    "payments": operator_payments.payments,
    "actions": operator_payments.actions,
    "order": operator.order,
    "refund": operator.refund,
    "markup": operator.markup,
    "link": linking.link,
    "audit": operator.audit,
    "attention": operator.attention,
}
OPERATOR_PRESSES: dict[str, Handler] = {
    "stats": operator.stats,
    "refund": operator.decide_refund,
    "circuit": operator.try_circuit,
    "resume": operator.sell_again,
    "value": operator.sell_value,
    "link": linking.confirm,
    "inbox": operator.retry_quarantined,
    "again": operator.try_failing_again,
    "credit": operator_payments.decide_credit,
    "accept": operator_payments.accept,
    "amount": operator_payments.decide_amount,
    "reject": operator_payments.reject,
    "return": operator_payments.press_refund,
    "back": operator_payments.decide_refund,
    "actions": operator_payments.actions,
    "method": operator_payments.switch_method_on,
    "settled": support.press_close_case,
}
# These ask an operator to type something, or lead away from such a question, so they are entry points
# of the conversation.
OPERATOR_QUESTIONS: dict[str, Handler] = {
    "payment": operator_payments.one_payment,
    "other": operator_payments.ask_other_amount,
    "why": operator_payments.choose_reason,
}

_MESSAGE = filters.UpdateType.MESSAGE
_TYPED = _MESSAGE & filters.TEXT & ~filters.COMMAND
_PICTURE = _MESSAGE & (filters.PHOTO | filters.Document.ALL)
_ATTACHED = _MESSAGE & filters.ATTACHMENT


def _walk() -> ConversationHandler[ShopContext]:
    """The only conversation: a few questions wait for typed text, all else is done by buttons.

    Every button is an entry point, so a customer may leave a question by any of them.
    """
    entry_points: list[Any] = [
        CallbackQueryHandler(handler, pattern_of(verb))
        for verb, handler in (PRESSES | OPERATOR_QUESTIONS).items()
    ]
    entry_points += [CommandHandler(name, handler, _MESSAGE) for name, handler in COMMANDS.items()]
    with catch_warnings():
        # PTB warns that it does not track presses by message. It need not: they carry their ids.
        simplefilter("ignore")
        return ConversationHandler(
            entry_points=entry_points,
            states={
                walk.VALUE: [MessageHandler(_TYPED, walk.typed_value)],
                walk.QUANTITY: [MessageHandler(_TYPED, walk.typed_quantity)],
                payments.AMOUNT: [MessageHandler(_TYPED, payments.typed_amount)],
                operator_payments.OTHER: [MessageHandler(_TYPED, operator_payments.typed_amount)],
                operator_payments.WHY: [MessageHandler(_TYPED, operator_payments.typed_reason)],
                support.CASE: [MessageHandler(_TYPED | _PICTURE, support.take_message)],
            },
            fallbacks=[],
            allow_reentry=True,
            name=NAME,
            persistent=True,
        )


def register(
    application: Application[Any, ShopContext, Any, Any, Any, Any], bot_state: BotState
) -> None:
    """Add all handlers and the shared state to an application."""
    application.bot_data["bot_state"] = bot_state
    operators = filters.User(list(bot_state.shop.policy.admin_ids))
    add = application.add_handler
    add(MessageHandler(_MESSAGE & filters.REPLY & ~filters.COMMAND, support.take_reply), group=-1)
    add(PreCheckoutQueryHandler(payments.pre_checkout))
    add(_walk())
    for verb, handler in OPERATOR_PRESSES.items():
        add(CallbackQueryHandler(handler, pattern_of(verb)))
    for name, handler in OPERATOR_COMMANDS.items():
        add(CommandHandler(name, handler, _MESSAGE & operators))
    add(CallbackQueryHandler(account.unknown_press))
    add(MessageHandler(_TYPED, walk.typed_text))
    add(MessageHandler(_PICTURE, payments.take_attachment))
    add(MessageHandler(_MESSAGE & filters.COMMAND, account.page("unknown-command")))
    add(MessageHandler(_ATTACHED, account.page("unknown-message")))
    application.add_error_handler(on_error)
