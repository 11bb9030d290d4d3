"""One map from errors to words; PTB's error handler uses it for whatever a handler raises."""

import logging
from typing import Any

from telegram import Update
from telegram.error import Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ApplicationHandlerStop

from bot import errors
from bot.domain.records import Customer, Locale
from bot.errors import HanoutError, Refused, StorageFailure
from handlers.retries import is_payment
from handlers.richtext import RichText
from handlers.screen import screen
from handlers.visit import Visit
from locales import Words

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
    errors.TooFast: "refused-fast",
    errors.NothingToShow: "refused-nothing-to-show",
    errors.NotANumber: "refused-number",
    errors.BadCommand: "refused-usage",
    errors.UnknownCustomer: "refused-customer",
    errors.NotRefundable: "refused-refund",
    errors.AlreadyDecided: "refused-decided",
}


def explain(words: Words, error: Exception) -> str:
    """What a person reads instead of the error; anything unforeseen is our fault, and said so."""
    if isinstance(error, Refused):
        key = KEYS.get(type(error), "refused-unforeseen")
    else:
        key = "refused-storage" if isinstance(error, StorageFailure) else "refused-unforeseen"
    values: dict[str, Any] = {}
    if isinstance(error, errors.QuantityOutOfRange):
        values = {"minimum": error.minimum, "maximum": error.maximum}
    elif isinstance(error, errors.WalletTooSmall):
        values = {"missing": words.money(error.missing_minor)}
    elif isinstance(error, errors.RevealsUsedUp):
        values = {"limit": error.limit}
    elif isinstance(error, errors.BadCommand):
        values = {"usage": error.usage}
    elif isinstance(error, errors.UnknownCustomer):
        values = {"id": str(error.user_id)}
    elif isinstance(error, errors.NotRefundable):
        values = {"number": f"#{error.order_id}"}
    return words.plain(key, **values)


async def on_error(update: object, visit: Visit) -> None:
    """The last word on every update: no handler after the one that failed sees it."""
    await _answer(update, visit)
    raise ApplicationHandlerStop


async def _answer(update: object, visit: Visit) -> None:
    """The person gets an answer, the log gets the kind of error."""
    error = visit.error
    if error is None or isinstance(error, Forbidden):
        return  # they blocked us: nobody to answer
    if not isinstance(error, Refused):
        _report(error)
    if not isinstance(update, Update) or not await _is_final(update, visit, error):
        return
    if update.effective_user is None:
        return
    # PTB makes a fresh context for errors: who came has to be looked up again.
    user = update.effective_user
    guess = Customer(user.id, Locale.guess(user.language_code))
    visit.customer = visit.shop.customers.get(user.id, guess)
    text = explain(visit.words, error)
    try:
        if update.callback_query and not visit.was_answered(update):
            await visit.answer(update, text, alert=True)
        else:
            await visit.send(update, screen(RichText().add(text)))
    except TelegramError as failure:
        _log.warning("an answer could not be sent: %s", type(failure).__name__)


async def _is_final(update: Update, visit: Visit, error: Exception) -> bool:
    """Whether the person is to be told; else the same update is worked on again in a moment."""
    if isinstance(error, Refused):
        return True
    if isinstance(error, StorageFailure):
        if is_payment(update):
            visit.desk.retries.kept.add(update.update_id)
        return True  # they are told that nothing was changed, so nothing may change later
    return await visit.desk.retries.note(update, error)


def _report(error: Exception) -> None:
    # Names only: an exception's text may hold what a log must not.
    if isinstance(error, RetryAfter | NetworkError):
        _log.warning("Telegram: %s", type(error).__name__)
    elif isinstance(error, HanoutError):
        _log.error("refused by %s: %s", type(error).__name__, error)
    else:
        _log.error("unforeseen %s", type(error).__name__, exc_info=error)
