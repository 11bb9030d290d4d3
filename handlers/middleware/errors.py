"""Answers every error of a handler or of middleware with a text in the customer's language."""

import logging
from collections.abc import Callable
from math import ceil
from typing import Any

from telegram import Chat, Update
from telegram.error import RetryAfter, TelegramError
from telegram.ext import ApplicationHandlerStop

from bot import errors
from bot.domain.records import Customer, Locale
from bot.errors import (
    CommitUnknown,
    HanoutError,
    PaymentFailure,
    Refused,
    SendFailure,
    SendLater,
    StorageFailure,
)
from bot.services.messaging.missed_answers import note_missed_answer
from handlers.context import ShopContext
from handlers.edge import Do, read, wait_of
from handlers.edge import explain as explain_telegram
from handlers.middleware import CallNext, ShopApplication
from handlers.middleware.measure import note_answered_error
from handlers.middleware.retries import HandleLater
from handlers.payment_updates import is_payment
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from handlers.screens.amounts import currency_name
from locales import Words

_LONGEST_NAME = 40
_log = logging.getLogger(__name__)

KEYS: dict[type[Refused], str] = {
    errors.NotFound: "refused-not-found",
    errors.SoldOut: "refused-sold-out",
    errors.QuantityOutOfRange: "refused-quantity",
    errors.QuoteExpired: "refused-quote-expired",
    errors.WalletTooSmall: "refused-wallet",
    errors.SellingPaused: "refused-paused",
    errors.RevealsUsedUp: "refused-reveals",
    errors.TooManyReveals: "refused-many-reveals",
    errors.BeingShown: "refused-being-shown",
    errors.TooFast: "refused-fast",
    errors.NothingToShow: "refused-nothing-to-show",
    errors.CodesLost: "refused-codes-lost",
    errors.OtherCurrency: "refused-currency",
    errors.BadCommand: "refused-usage",
    errors.UnknownCustomer: "refused-customer",
    errors.UnknownRecord: "refused-record",
    errors.DebitTooLarge: "refused-debit",
    errors.NotRefundable: "refused-refund",
    errors.AlreadyDecided: "refused-decided",
    errors.AskedTooLongAgo: "refused-asked-long-ago",
    errors.CapReached: "refused-cap",
    errors.AmountOutOfRange: "refused-amount",
    errors.ValueOutOfRange: "refused-value",
    errors.NoPrice: "refused-price",
    errors.CannotLink: "refused-link",
    errors.MethodOff: "refused-method",
    errors.TooManyPayments: "refused-many-payments",
    errors.TooManyReceipts: "refused-many-receipts",
    errors.NothingToPay: "refused-nothing-to-pay",
    errors.NotReturnable: "refused-give-back",
}


# The variables of an error's text, formatted from the data of the error.
_VALUES: dict[type[Refused], Callable[[Words, Any], dict[str, str | int]]] = {
    errors.QuantityOutOfRange: lambda _, e: {"minimum": e.minimum, "maximum": e.maximum},
    errors.WalletTooSmall: lambda w, e: {"missing": w.money(e.missing_minor)},
    errors.CapReached: lambda w, e: {"left": w.money(e.left_minor)},
    errors.AmountOutOfRange: lambda w, e: {
        "least": w.money(e.least_minor),
        "most": w.money(e.most_minor),
    },
    errors.ValueOutOfRange: lambda w, e: {
        "least": w.value(e.lowest_minor, e.currency),
        "most": w.value(e.highest_minor, e.currency),
        "step": w.value(e.step_minor, e.currency),
    },
    errors.NotReturnable: lambda w, e: {"missing": w.money(e.missing_minor)},
    errors.RevealsUsedUp: lambda _, e: {"limit": e.limit},
    errors.BadCommand: lambda _, e: {"usage": e.usage},
    errors.OtherCurrency: lambda w, e: {
        "asked": currency_name(w, e.asked),
        "typed": currency_name(w, e.typed),
    },
    errors.UnknownCustomer: lambda _, e: {"id": str(e.user_id)},
    errors.UnknownRecord: lambda _, e: {"name": e.name[:_LONGEST_NAME]},
    errors.DebitTooLarge: lambda w, e: {"id": str(e.user_id), "balance": w.money(e.balance_minor)},
    errors.NotRefundable: lambda _, e: {"number": f"#{e.order_id}"},
}


def explain(words: Words, error: Exception) -> str:
    """The text that a person reads about an error, for the answer to a press or a checkout.

    An unforeseen error shows a generic message, without its details.
    """
    key, values = _message(words, error)
    return words.plain(key, **values)


def _screen(words: Words, error: Exception) -> Screen:
    """The message that a person gets about an error."""
    key, values = _message(words, error)
    screen = ScreenBuilder(words)
    screen.line(key, **values)
    return screen.done()


def _message(words: Words, error: Exception) -> tuple[str, dict[str, str | int]]:
    """The Fluent key and the variables for an error."""
    if isinstance(error, Refused):
        values = _VALUES[type(error)](words, error) if type(error) in _VALUES else {}
        return KEYS.get(type(error), "refused-unforeseen"), values
    if isinstance(error, PaymentFailure):
        return "refused-provider", {}
    if isinstance(error, SendLater):
        return "refused-busy", {"minutes": ceil(error.retry_after_seconds / 60)}
    if isinstance(error, CommitUnknown):
        return "refused-unsure", {}
    if isinstance(error, StorageFailure):
        return "refused-storage", {}
    return "refused-unforeseen", {}


async def answer_errors(update: Update, application: ShopApplication, call_next: CallNext) -> None:
    """Middleware: pass an error of later middleware to PTB, which passes it to `on_error`."""
    try:
        await call_next(update)
    except Exception as error:  # noqa: BLE001 - the person gets an answer to any error
        await application.process_error(update, error)


async def on_error(update: object, context: ShopContext) -> None:
    """PTB's error handler: answer, and stop the handlers that follow the one that failed."""
    await _answer(update, context)
    raise ApplicationHandlerStop


async def _answer(update: object, context: ShopContext) -> None:
    """Log what kind of error it was, and answer the person unless the update is tried again."""
    error = context.error
    if error is None or (isinstance(error, TelegramError) and read(error).send is Do.KEEP):
        return  # the person blocked the bot, or is gone: there is nobody to answer
    if isinstance(error, HandleLater) and isinstance(update, Update):
        context.bot_state.retries.postpone(update, error.seconds, context.update_queue)
        return
    if isinstance(error, RetryAfter):
        # The limiter has waited as long as an answer may. Handling the update again would only make
        # more calls, and another answer would wait as well.
        _log.warning("an answer is given up: Telegram wants a longer pause")
        note_answered_error(error)
        await _tell_of_missed(update, context, wait_of(error))
        return
    if not isinstance(error, Refused):
        _log_error(error)
    error = _as_told(context, error)
    if not isinstance(update, Update) or not await _is_final(update, context, error):
        return
    note_answered_error(error)
    if update.effective_user is None or update.effective_user.is_bot:
        return  # a refund is a message of the bot itself
    if not context.has_customer:
        user = update.effective_user
        context.customer = Customer(user.id, Locale.guess(user.language_code))
    try:
        if update.callback_query and not context.was_answered(update):
            await context.answer(update, explain(context.words, error), alert=True)
        else:
            await context.send(update, _screen(context.words, error))
    except TelegramError as failure:
        _log.warning("an answer could not be sent: %s", type(failure).__name__)


def _as_told(context: ShopContext, error: Exception) -> Exception:
    """Nobody reads that nothing was changed where another process may lead, and handle the same update."""
    if isinstance(error, StorageFailure) and not context.shop.lease.holds:
        return CommitUnknown()
    return error


async def _tell_of_missed(update: object, context: ShopContext, seconds: float) -> None:
    """Tell a person that there is no answer: in the answer to their press, or when that is possible."""
    chat = update.effective_chat if isinstance(update, Update) else None
    if not isinstance(update, Update) or chat is None or chat.type != Chat.PRIVATE:
        return
    try:
        if update.callback_query and not context.was_answered(update):
            await context.answer(update, explain(context.words, SendLater(seconds)), alert=True)
        else:
            await note_missed_answer(context.shop, chat.id, seconds)
    except (TelegramError, StorageFailure) as failure:
        _log.warning("a missing answer cannot be told: %s", type(failure).__name__)


async def _is_final(update: Update, context: ShopContext, error: Exception) -> bool:
    """Whether to answer the person. If not, the same update is tried again in a moment."""
    if isinstance(error, Refused | PaymentFailure | SendFailure) and not is_payment(update):
        return True  # what could not be sent again is asked for again, by the person
    if isinstance(error, StorageFailure) and not is_payment(update):
        return True  # the answer says that nothing was changed, so it must not be tried again
    return await context.bot_state.retries.note(update, error)


def _log_error(error: Exception) -> None:
    # Only the name of the class: the text of an exception may hold secrets.
    if isinstance(error, TelegramError):
        _log.warning("Telegram: %s", explain_telegram(error))
    elif isinstance(error, HanoutError):
        _log.error("refused by %s", type(error).__name__)
    else:
        _log.error("unforeseen %s", type(error).__name__, exc_info=error)
