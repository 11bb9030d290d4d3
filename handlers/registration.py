"""Every handler of the bot, in order: the first that takes an update has it."""

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
    TypeHandler,
    filters,
)

from handlers import account, door, my_orders, operator, walk
from handlers.callback_data import pattern_of
from handlers.memory import NAME
from handlers.refusals import on_error
from handlers.visit import Desk, Visit

Step = Callable[[Update, Visit], Coroutine[Any, Any, Any]]

PRESSES: dict[str, Step] = {
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
    "wallet": account.wallet,
    "langs": account.languages,
    "lang": account.set_language,
}
COMMANDS: dict[str, Step] = {
    "start": walk.start,
    "shop": walk.home,
    "search": walk.search_command,
    "orders": my_orders.list_orders,
    "wallet": account.wallet,
    "language": account.languages,
    "help": account.page("help"),
    "privacy": account.page("privacy"),
    "terms": account.page("terms"),
    "paysupport": account.page("paysupport"),
    "cancel": account.page("cancelled"),
}
OPERATOR_COMMANDS: dict[str, Step] = {
    "stats": operator.stats,
    "balance": operator.balance,
    "credit": operator.credit,
    "order": operator.order,
    "refund": operator.refund,
    "markup": operator.markup,
    "audit": operator.audit,
    "attention": operator.attention,
}
OPERATOR_PRESSES: dict[str, Step] = {
    "stats": operator.stats,
    "refund": operator.decide_refund,
    "circuit": operator.try_circuit,
    "resume": operator.sell_again,
    "inbox": operator.try_again,
}

_NEW = filters.UpdateType.MESSAGE
_TYPED = _NEW & filters.TEXT & ~filters.COMMAND
_ATTACHED = _NEW & filters.ATTACHMENT & ~filters.SUCCESSFUL_PAYMENT


def _walk() -> ConversationHandler[Visit]:
    """The one conversation: only "how many?" waits for a typed answer, all else is in the buttons."""
    ways_in: list[Any] = [
        CallbackQueryHandler(step, pattern_of(verb)) for verb, step in PRESSES.items()
    ]
    ways_in += [CommandHandler(name, step, _NEW) for name, step in COMMANDS.items()]
    with catch_warnings():
        simplefilter(
            "ignore"
        )  # PTB warns that presses are not tracked by message: they carry their ids
        return ConversationHandler(
            entry_points=ways_in,
            states={walk.QUANTITY: [MessageHandler(_TYPED, walk.typed_quantity)]},
            fallbacks=[],
            allow_reentry=True,
            name=NAME,
            persistent=True,
        )


def register(application: Application[Any, Visit, Any, Any, Any, Any], desk: Desk) -> None:
    application.bot_data["desk"] = desk
    operators = filters.User(list(desk.shop.policy.admin_ids))
    add = application.add_handler
    add(TypeHandler(Update, door.enter), group=-1)
    add(_walk())
    for verb, step in OPERATOR_PRESSES.items():
        add(CallbackQueryHandler(step, pattern_of(verb)))
    for name, step in OPERATOR_COMMANDS.items():
        add(CommandHandler(name, step, _NEW & operators))
    add(CallbackQueryHandler(account.unknown_press))
    add(MessageHandler(_TYPED, walk.typed_text))
    add(MessageHandler(_NEW & filters.COMMAND, account.page("unknown-command")))
    add(MessageHandler(_ATTACHED, account.page("unknown-message")))
    application.add_error_handler(on_error)
