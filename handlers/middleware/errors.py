"""Answers every error of a handler or of middleware with a text in the customer's language."""

import asyncio
import logging
from collections.abc import Callable
from math import ceil
from typing import Any

from telegram import Chat, Update
from telegram.error import RetryAfter, TelegramError
from telegram.ext import ApplicationHandlerStop

from bot import refusals
from bot.domain.curation import LONGEST_GUIDE
from bot.domain.records import Customer, Locale
from bot.errors import (
    CommitUnknown,
    HanoutError,
    PaymentFailure,
    SendFailure,
    SendLater,
    StorageFailure,
)
from bot.refusals import Refused
from bot.services.messaging.missed_answers import note_missed_answer
from handlers.callback_data import pack
from handlers.context import ShopContext
from handlers.conversations import ConversationPersistence
from handlers.edge import Do, is_outage, may_have_arrived, read, wait_of
from handlers.edge import explain as explain_telegram
from handlers.middleware import CallNext, ShopApplication
from handlers.middleware.measure import note_answered_error
from handlers.middleware.retries import WAITS_SECONDS, HandleLater
from handlers.payment_updates import is_payment
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from handlers.screens.amounts import currency_name
from handlers.screens.reasons import why_paused
from locales import Words

_LONGEST_NAME = 40
_log = logging.getLogger(__name__)

KEYS: dict[type[Refused], str] = {
    refusals.NotFound: "refused-not-found",
    refusals.NotSold: "refused-not-sold",
    refusals.SoldOut: "refused-sold-out",
    refusals.QuantityOutOfRange: "refused-quantity",
    refusals.QuoteExpired: "refused-quote-expired",
    refusals.WalletTooSmall: "refused-wallet",
    refusals.SellingPaused: "refused-paused",
    refusals.Banned: "refused-banned",
    refusals.NotBannable: "refused-ban",
    refusals.NotHireable: "refused-hire",
    refusals.NoteRefused: "refused-note",
    refusals.RevealsUsedUp: "refused-reveals",
    refusals.TooManyReveals: "refused-many-reveals",
    refusals.BeingShown: "refused-being-shown",
    refusals.TooFast: "refused-fast",
    refusals.NothingToShow: "refused-nothing-to-show",
    refusals.CodesLost: "refused-codes-lost",
    refusals.OtherCurrency: "refused-currency",
    refusals.BadCommand: "refused-usage",
    refusals.BadAmount: "refused-typed-amount",
    refusals.BadPercent: "refused-typed-percent",
    refusals.UnknownCustomer: "refused-customer",
    refusals.UnknownRecord: "refused-record",
    refusals.DebitTooLarge: "refused-debit",
    refusals.NotRefundable: "refused-refund",
    refusals.CompensationTooLarge: "refused-compensation",
    refusals.AlreadyDecided: "refused-decided",
    refusals.MemberChanged: "refused-member-changed",
    refusals.PausedAlready: "refused-paused-already",
    refusals.CompensationChanged: "refused-compensation-changed",
    refusals.AskedTooLongAgo: "refused-asked-long-ago",
    refusals.CapReached: "refused-cap",
    refusals.PricesChanged: "refused-prices-changed",
    refusals.PriceMoveTooLarge: "refused-price-move",
    refusals.AmountOutOfRange: "refused-amount",
    refusals.ValueOutOfRange: "refused-value",
    refusals.NoPrice: "refused-price",
    refusals.CannotLink: "refused-link",
    refusals.MethodOff: "refused-method",
    refusals.TooManyPayments: "refused-many-payments",
    refusals.TooManyReceipts: "refused-many-receipts",
    refusals.NothingToPay: "refused-nothing-to-pay",
    refusals.NotReturnable: "refused-give-back",
    refusals.CustomerForgotten: "refused-forgotten",
    refusals.OrderOwnerForgotten: "refused-forgotten-order",
    refusals.BadName: "refused-name",
    refusals.BadGuide: "refused-guide-empty",
    refusals.NameTaken: "refused-name-taken",
    refusals.BadCodes: "refused-codes",
    refusals.NotEnded: "refused-month",
    refusals.NoPictureHere: "refused-picture",
    refusals.NoPictureNow: "refused-picture-now",
}


# The variables of an error's text, formatted from the data of the error.
_VALUES: dict[type[Refused], Callable[[Words, Any], dict[str, str | int]]] = {
    refusals.QuantityOutOfRange: lambda _, e: {"minimum": e.minimum, "maximum": e.maximum},
    refusals.WalletTooSmall: lambda w, e: {"missing": w.money(e.missing_minor)},
    refusals.CapReached: lambda w, e: {"left": w.money(e.left_minor)},
    refusals.PriceMoveTooLarge: lambda _, e: {"percent": e.percent},
    refusals.AmountOutOfRange: lambda w, e: {
        "least": w.money(e.least_minor),
        "most": w.money(e.most_minor),
    },
    refusals.ValueOutOfRange: lambda w, e: {
        "least": w.value(e.lowest_minor, e.currency),
        "most": w.value(e.highest_minor, e.currency),
        "step": w.value(e.step_minor, e.currency),
    },
    refusals.NotReturnable: lambda w, e: {"missing": w.money(e.missing_minor)},
    refusals.CustomerForgotten: lambda _, e: {"reference": e.reference},
    refusals.NotHireable: lambda w, e: {"why": w.plain(f"hire-{e.why}")},
    refusals.NoteRefused: lambda _, e: {"longest": str(e.longest), "most": str(e.most)},
    refusals.RevealsUsedUp: lambda _, e: {"limit": e.limit},
    refusals.BadCommand: lambda _, e: {"usage": e.usage},
    refusals.BadAmount: lambda w, e: {
        "fault": w.plain(f"amount-fault-{e.fault}"),
        "usage": e.usage,
    },
    refusals.BadPercent: lambda _, e: {"usage": e.usage},
    refusals.OtherCurrency: lambda w, e: {
        "asked": currency_name(w, e.asked),
        "typed": currency_name(w, e.typed),
    },
    refusals.UnknownCustomer: lambda _, e: {"id": str(e.user_id)},
    refusals.UnknownRecord: lambda _, e: {"name": e.name[:_LONGEST_NAME]},
    refusals.DebitTooLarge: lambda w, e: {
        "id": str(e.user_id),
        "balance": w.money(e.balance_minor),
    },
    refusals.BadName: lambda _, e: {"longest": e.longest},
    refusals.NotRefundable: lambda _, e: {"number": f"#{e.order_id}"},
    refusals.OrderOwnerForgotten: lambda _, e: {"number": f"#{e.order_id}"},
    refusals.CompensationChanged: lambda w, e: {
        "number": f"#{e.order_id}",
        "amount": w.money(e.compensated_minor),
    },
    refusals.CompensationTooLarge: lambda w, e: {
        "number": f"#{e.order_id}",
        "most": w.money(e.most_minor),
    },
    refusals.NotEnded: lambda _, e: {"month": e.month},
}


# What operators read in other words than customers, by the customer's key.
_FOR_OPERATORS = {
    "refused-not-found": "refused-not-found-operator",
    "refused-provider": "refused-provider-operator",
    "refused-storage": "refused-storage-operator",
    "refused-unforeseen": "refused-unforeseen-operator",
    "refused-unsure": "refused-unsure-operator",
}


def explain(words: Words, error: Exception, *, operator: bool = False) -> str:
    """The text that a person reads about an error, for the answer to a press or a checkout.

    An unforeseen error shows a generic message, without its details. `operator`: what failed is an
    operator's command or press, so the text is about the record and the shop, not about a purchase.
    """
    key, values = _operators_message(words, error) if operator else _message(words, error)
    return words.plain(key, **values)


def refusal(
    words: Words, error: Exception, *, operator: bool = False, has_question: bool = False
) -> Screen:
    """The message that a person gets about an error.

    Customers get the way home with it, and may end the question that waits for their answer.
    """
    key, values = _operators_message(words, error) if operator else _message(words, error)
    screen = ScreenBuilder(words)
    screen.line(key, **values)
    if isinstance(error, refusals.Banned):
        screen.button("button-orders", pack("orders", 0))
    elif not operator:
        stop = [screen.make_button("button-stop", pack("stop"))] if has_question else []
        screen.home(*stop)
    return screen.done()


def _message(words: Words, error: Exception) -> tuple[str, dict[str, str | int]]:
    """The Fluent key and the variables for an error."""
    if isinstance(error, refusals.SellingPaused) and error.reason:
        return "refused-paused-why", {"why": why_paused(words, error.reason, error.texts)}
    if isinstance(error, refusals.BadGuide):
        return f"refused-guide-{error.fault}", {"longest": str(LONGEST_GUIDE)}
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


def _operators_message(words: Words, error: Exception) -> tuple[str, dict[str, str | int]]:
    """The same for operators, where the customer's sentence would mislead them."""
    key, values = _message(words, error)
    if key not in _FOR_OPERATORS:
        return key, values
    if isinstance(error, PaymentFailure):
        values = {"code": error.code or type(error).__name__}
    elif key == "refused-unforeseen":
        values = {"trouble": type(error).__name__}
    return _FOR_OPERATORS[key], values


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
        await _give_up(update, context)
        await _tell_of_missed(update, context, wait_of(error))
        return
    if not isinstance(error, Refused):
        _log_error(error)
    error = _as_told(context, error)
    if not isinstance(update, Update) or not await _is_final(update, context, error):
        return
    await _give_up(update, context)
    if update.effective_user is None or update.effective_user.is_bot:
        note_answered_error(error)
        return  # a refund is a message of the bot itself
    if not context.has_customer:
        user = update.effective_user
        context.customer = Customer(
            user.id, Locale.of(user.language_code, context.shop.policy.default_locale)
        )
    note_answered_error(error)
    await _tell_in_the_end(update, context, error)


async def _tell_in_the_end(update: Update, context: ShopContext, error: Exception) -> None:
    """Tell a person of an error; where that fails for seconds, they read later that an answer is missing.

    Only the telling is repeated, and the update counts as handled: what was refused must not take
    effect later, beside the request that the person repeats.
    """
    for wait in (*WAITS_SECONDS, None):
        try:
            await _tell(update, context, error)
        except TelegramError as failure:
            _log.warning("an answer could not be sent: %s", type(failure).__name__)
            if wait is not None and _may_tell_again(context, failure):
                await asyncio.sleep(wait)
                continue
            if read(failure).send is not Do.KEEP:
                pause = wait_of(failure) if isinstance(failure, RetryAfter) else 0
                await _note_missed(update, context, pause)
        return


def _may_tell_again(context: ShopContext, failure: TelegramError) -> bool:
    """Whether to repeat what failed now: not where it may have arrived, nor while the shop closes."""
    retries = context.bot_state.retries
    return is_outage(failure) and not may_have_arrived(failure) and not retries.is_closed


async def _tell(update: Update, context: ShopContext, error: Exception) -> None:
    if update.pre_checkout_query is not None:  # it has no chat; the payer is told below the invoice
        await update.pre_checkout_query.answer(
            ok=False, error_message=explain(context.words, error)
        )
        return
    operator, has_question = context.is_operators, _has_question(context)
    screen = refusal(context.words, error, operator=operator, has_question=has_question)
    if update.callback_query and not context.was_answered(update):
        text = explain(context.words, error, operator=operator)
        await context.answer(update, text, alert=True, instead=screen)
    else:
        await context.send(update, screen)


async def _give_up(update: object, context: ShopContext) -> None:
    waiting = context.bot_state.on_giving_up
    act = waiting.pop(update.update_id, None) if isinstance(update, Update) else None
    if act is None:
        return
    try:
        await act()
    except TelegramError as failure:
        _log.warning("what a failed update left cannot be removed: %s", type(failure).__name__)


def _has_question(context: ShopContext) -> bool:
    """Whether a question still waits for what the person types: an error leaves it open."""
    kept = context.application.persistence
    return isinstance(kept, ConversationPersistence) and kept.has_question(context.customer.id)


def _as_told(context: ShopContext, error: Exception) -> Exception:
    """Nobody reads that nothing was changed where another process may lead, and handle the same update."""
    if isinstance(error, StorageFailure) and not context.shop.lease.holds:
        return CommitUnknown()
    return error


async def _tell_of_missed(update: object, context: ShopContext, seconds: float) -> None:
    """Tell a person that there is no answer: in the answer to their press, or when that is possible."""
    if not isinstance(update, Update) or not _is_private(update):
        return
    try:
        if update.callback_query and not context.was_answered(update):
            await context.answer(update, explain(context.words, SendLater(seconds)), alert=True)
            return
    except TelegramError as failure:
        _log.warning("an answer could not be sent: %s", type(failure).__name__)
    await _note_missed(update, context, seconds)


def _is_private(update: Update) -> bool:
    return update.effective_chat is not None and update.effective_chat.type == Chat.PRIVATE


async def _note_missed(update: Update, context: ShopContext, seconds: float) -> None:
    chat = update.effective_chat
    if chat is None or not _is_private(update):
        return
    try:
        await note_missed_answer(context.shop, chat.id, seconds)
    except StorageFailure as failure:
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
