"""Registers every handler of the bot, in order: the first that matches an update handles it."""

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

from bot.domain.plain_codes import are_only_codes
from bot.domain.roles import Right
from bot.refusals import Banned
from handlers import (
    account,
    curating,
    customers,
    finding,
    news,
    operator_payments,
    pausing,
    payments,
    prices,
    products,
    stock,
    support,
    team,
    walk,
)
from handlers.attachments import Unread
from handlers.callback_data import pattern_of
from handlers.context import BotState, ShopContext, check_right
from handlers.conversations import NAME
from handlers.middleware.errors import on_error
from handlers.questions import asking, in_time, leaving, or_words, other_bot_wrote
from handlers.routes import (
    _SHOP_COMMANDS,
    _SHOP_PRESSES,
    COMMANDS,
    FOR_BANNED_COMMANDS,
    FOR_BANNED_PRESSES,
    NEEDED,
    OPERATOR_COMMANDS,
    OPERATOR_PRESSES,
    OPERATOR_QUESTIONS,
    PRESSES,
    Handler,
)

_MESSAGE = filters.UpdateType.MESSAGE
_TYPED = _MESSAGE & filters.TEXT & ~filters.COMMAND
_PICTURE = _MESSAGE & (filters.PHOTO | filters.Document.ALL)
_ATTACHED = _MESSAGE & filters.ATTACHMENT
_UNREAD = _MESSAGE & Unread() & ~(filters.TEXT | filters.ATTACHMENT | filters.StatusUpdate.ALL)
_SHARED = _MESSAGE & filters.StatusUpdate.USERS_SHARED
# The commands that lead away even from the question for codes.
_FROM_CODES = frozenset({"start", "cancel", "stock"})


def _unless_banned(handler: Handler) -> Handler:
    """Make a handler that refuses whoever the shop serves no more. Raises Banned."""

    async def handle(update: Update, context: ShopContext) -> Any:
        if context.customer.banned:
            raise Banned
        return await handler(update, context)

    return handle


def _unless_service(handler: Handler) -> Handler:
    """Make a handler of what may be a service message of a kind that is newer than the library."""

    async def handle(update: Update, context: ShopContext) -> Any:
        message = update.effective_message
        return await handler(update, context) if message and message.checklist else None

    return handle


_unknown_command = _unless_banned(account.page("unknown-command"))


def _as_customer(handler: Handler, *, for_banned: bool) -> Handler:
    return handler if for_banned else _unless_banned(handler)


_case_message = stock.unless_codes(support.take_message)
_typed_text = stock.unless_pasted_codes(
    support.unless_talking(_unless_banned(finding.typed_text)),
)


def _unless_codes(question: Handler) -> Handler:
    """Make a handler of a question that never gets an operator's codes: they are deleted.

    It would read them as a number that is none, and leave them in the chat. They may have been something
    else, to be written again in other words: the question stays open.
    """

    async def take(update: Update, context: ShopContext) -> Any:
        return (
            None if await stock.delete_pasted(update, context) else await question(update, context)
        )

    return or_words(take, _typed_text)


def _question(answer: Handler) -> list[Any]:
    """The handlers of a question for a number: words leave it, and are searched for."""
    return [MessageHandler(_TYPED, asking(_unless_codes(_unless_banned(answer))))]


_refuse_forwarded = account.page("forwarded-message")
_refuse_other_bots = account.page("other-bots-message")


def _unless_of_others(handler: Handler) -> Handler:
    """Make a handler of what an operator typed: what is forwarded, or came by another bot, may be somebody else's words.

    A question that is open stays so.
    """

    async def handle(update: Update, context: ShopContext) -> Any:
        message = update.effective_message
        if message is not None and message.forward_origin is not None:
            await _refuse_forwarded(update, context)
            return None
        if other_bot_wrote(message):
            await _refuse_other_bots(update, context)
            return None
        return await handler(update, context)

    return handle


def _operator_question(
    answer: Handler, right: Right, kinds: filters.BaseFilter = _TYPED
) -> list[Any]:
    return [MessageHandler(kinds, asking(_unless_codes(_typed_answer(answer, right))))]


def _typed_answer(answer: Handler, right: Right) -> Handler:
    return _unless_of_others(_in_words(in_time(answer), right))


def _operator_request(
    answer: Handler, right: Right, kinds: filters.BaseFilter = _TYPED | _ATTACHED
) -> list[Any]:
    """The same for what may well be forwarded: it says whom, or is a text or a picture."""
    return [MessageHandler(kinds, asking(_in_words(in_time(answer), right)))]


def _free_words(answer: Handler) -> Handler:
    """A question for words that others read: a list of codes is deleted, and the question stays open."""

    async def take(update: Update, context: ShopContext) -> Any:
        pasted = await stock.delete_pasted(update, context, are_only_codes)
        return None if pasted else await answer(update, context)

    return take


def _before_codes(answer: Handler) -> list[Any]:
    """A question on the way to the one for codes: they may come too early, and must not stay in the chat."""
    typed = stock.unless_list_unasked(_typed_answer(answer, Right.STOCK))
    return [MessageHandler(_TYPED, asking(typed))]


def _codes(answer: Handler) -> list[Any]:
    """Codes are taken, or deleted, however late they come: they must not stay in the chat."""
    typed = or_words(_restrict(answer, Right.STOCK), _typed_text)
    return [MessageHandler(_TYPED | _ATTACHED, typed)]


def _in_words(answer: Handler, right: Right) -> Handler:
    return stock.unless_codes(or_words(_restrict(answer, right), _typed_text))


def _leading_back(handler: Handler, is_of_shop: bool) -> Handler:
    return support.back_in_shop(handler) if is_of_shop else handler


def _restrict(handler: Handler, right: Right) -> Handler:
    """The handler of a press or an answer: raises NotFound for anybody without the right."""

    async def handle(update: Update, context: ShopContext) -> Any:
        await check_right(context, right)
        return await handler(update, context)

    return handle


def _restrict_command(handler: Handler, right: Right, name: str) -> Handler:
    """The handler of a command, which does not exist for anybody without the right."""
    restricted = _unless_of_others(_leaving(_restrict(handler, right), name))
    unknown = _unknown_command

    async def handle(update: Update, context: ShopContext) -> Any:
        if await context.may(right):
            return await restricted(update, context)
        await unknown(update, context)
        return None  # a question that is open stays so, as after any other unknown command

    return handle


def _leaving(handler: Handler, name: str) -> Handler:
    """Make a handler of a command that leaves a question.

    One for codes is left by few commands: the next codes would be no answer to anything.
    """
    leads_away = name in _FROM_CODES
    return leaving(handler, lambda context: not leads_away and stock.waits_for_codes(context))


_OF_CUSTOMERS: dict[object, list[Any]] = {
    products.PRODUCT: _question(walk.typed_on_product),
    walk.VALUE: _question(walk.typed_value),
    walk.QUANTITY: _question(walk.typed_quantity),
    payments.OFFERED: _question(payments.typed_below_amounts),
    payments.AMOUNT: _question(in_time(payments.typed_amount)),
    support.CASE: [MessageHandler(_TYPED | _ATTACHED | _UNREAD, _case_message)],
}
_OF_OPERATORS: dict[object, list[Any]] = {
    operator_payments.OTHER: _operator_question(operator_payments.typed_amount, Right.RECEIPTS),
    operator_payments.WHY: _operator_question(
        operator_payments.typed_reason,
        Right.RECEIPTS,
        _TYPED | _ATTACHED,
    ),
    customers.WHOM: [
        MessageHandler(
            _SHARED,
            asking(_restrict(customers.take_shared, Right.CUSTOMERS)),
        ),
        *_operator_request(
            customers.typed_whom,
            Right.CUSTOMERS,
            _TYPED | _MESSAGE & filters.FORWARDED,
        ),
    ],
    customers.CREDIT: _operator_question(customers.typed_credit, Right.CREDIT),
    customers.NOTE: _operator_request(_free_words(customers.typed_note), Right.NOTES, _TYPED),
    customers.WRITE: _operator_request(customers.send_words, Right.CASES),
    customers.BAN: _operator_question(customers.typed_reason, Right.BAN),
    pausing.WHAT: _operator_question(pausing.typed_product, Right.PAUSE),
    pausing.WORDS: _operator_question(pausing.typed_words, Right.PAUSE),
    prices.RULE: _operator_question(prices.typed_rule, Right.PRICES),
    prices.VALUE: _operator_question(prices.typed_value, Right.PRICES),
    news.TEXT: _operator_request(_free_words(news.take_text), Right.NEWS),
    news.BOUGHT: _operator_question(news.typed_bought, Right.NEWS),
    news.ABOVE: _operator_question(news.typed_above, Right.NEWS),
    news.BUTTON: _operator_question(news.typed_product, Right.NEWS),
    team.WHOM: [
        MessageHandler(
            _SHARED,
            asking(_restrict(team.take_shared, Right.TEAM)),
        ),
        *_operator_question(team.typed_whom, Right.TEAM),
    ],
    team.CAP: _operator_question(team.typed_cap, Right.TEAM),
    curating.TEXT: _operator_request(_free_words(curating.typed_text), Right.CATALOGUE, _TYPED),
    curating.MOST: _operator_question(curating.typed_most, Right.CATALOGUE),
    curating.PICTURE: _operator_request(curating.take_picture, Right.CATALOGUE),
    stock.NAMES: _before_codes(stock.typed_names),
    stock.COST: _before_codes(stock.typed_cost),
    stock.CODES: _codes(stock.take_codes),
    stock.LOADED: _codes(stock.take_more),
}


def _walk() -> ConversationHandler[ShopContext]:
    """The only conversation: a few questions wait for typed text, all else is done by buttons."""
    with catch_warnings():
        # PTB warns that it does not track presses by message. It need not: they carry their ids.
        simplefilter("ignore")
        return ConversationHandler(
            entry_points=_entry_points(),
            states=_OF_CUSTOMERS | _OF_OPERATORS,
            fallbacks=[],
            allow_reentry=True,
            name=NAME,
            persistent=True,
        )


def _entry_points() -> list[Any]:
    """Every button and command is one, so a person may leave a question by any of them."""
    entry_points: list[Any] = [
        CallbackQueryHandler(
            asking(
                _as_customer(
                    _leading_back(handler, verb in _SHOP_PRESSES),
                    for_banned=verb in FOR_BANNED_PRESSES,
                )
            ),
            pattern_of(verb),
        )
        for verb, handler in PRESSES.items()
    ]
    entry_points += [
        CallbackQueryHandler(asking(_restrict(*restricted)), pattern_of(verb))
        for verb, restricted in OPERATOR_QUESTIONS.items()
    ]
    entry_points += [
        CommandHandler(
            name,
            asking(
                _leaving(
                    _as_customer(
                        _leading_back(handler, name in _SHOP_COMMANDS),
                        for_banned=name in FOR_BANNED_COMMANDS,
                    ),
                    name,
                )
            ),
            _MESSAGE,
        )
        for name, handler in COMMANDS.items()
    ]
    entry_points += [
        CommandHandler(name, asking(_restrict_command(*restricted, name)), _MESSAGE)
        for name, restricted in OPERATOR_COMMANDS.items()
    ]
    return entry_points


def register(
    application: Application[Any, ShopContext, Any, Any, Any, Any], bot_state: BotState
) -> None:
    """Add all handlers and the shared state to an application."""
    application.bot_data["bot_state"] = bot_state
    bot_state.needed = NEEDED
    add = application.add_handler
    add(MessageHandler(_MESSAGE & filters.REPLY & ~filters.COMMAND, support.take_reply), group=-1)
    add(PreCheckoutQueryHandler(payments.pre_checkout))
    add(_walk())
    for verb, restricted in OPERATOR_PRESSES.items():
        add(CallbackQueryHandler(_restrict(*restricted), pattern_of(verb)))
    add(CallbackQueryHandler(account.unknown_press))
    add(MessageHandler(_TYPED, _typed_text))
    receipt = support.unless_talking(payments.take_attachment)
    add(MessageHandler(_PICTURE, stock.unless_codes(receipt)))
    add(MessageHandler(_MESSAGE & filters.COMMAND, _unknown_command))
    add(MessageHandler(_SHARED, _unless_banned(account.page("shared-too-late"))))
    add(MessageHandler(_ATTACHED, support.unless_talking(payments.refuse_attachment)))
    unread = _unless_service(payments.refuse_attachment)
    add(MessageHandler(_UNREAD, support.unless_talking(unread)))
    application.add_error_handler(on_error)
