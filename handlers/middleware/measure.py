"""Reports what became of each update and how long that took, and names the update in the log."""

import time
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from telegram import Update

from bot.log_fields import log_fields
from bot.meter import Meter
from bot.refusals import Refused
from handlers.middleware import CallNext, ShopApplication
from handlers.payment_updates import is_payment


class UpdateKind(StrEnum):
    PRESS = "press"
    COMMAND = "command"
    MESSAGE = "message"
    PAYMENT = "payment"
    CHECKOUT = "checkout"
    MEMBER = "member"  # the bot was blocked, unblocked, or put into a group
    OTHER = "other"


class Outcome(StrEnum):
    HANDLED = "handled"
    REFUSED = "refused"  # the person was told why not
    FAILED = "failed"  # the person was told to try again
    POSTPONED = "postponed"  # it is handled again later, as a whole
    QUARANTINED = "quarantined"  # it waits for an operator
    LEFT = "left"  # the shop closes; the next start handles it


@dataclass(slots=True)
class _Handling:
    outcome: Outcome = Outcome.HANDLED


_handling: ContextVar[_Handling | None] = ContextVar("the update being handled", default=None)


def note_outcome(outcome: Outcome) -> None:
    """Note what becomes of the update that the present task handles; the last word counts."""
    handling = _handling.get()
    if handling is not None:
        handling.outcome = outcome


def note_answered_error(error: Exception) -> None:
    """Note that a person was told of an error; an update that is quarantined stays so."""
    handling = _handling.get()
    if handling is not None and handling.outcome is Outcome.HANDLED:
        handling.outcome = Outcome.REFUSED if isinstance(error, Refused) else Outcome.FAILED


class Measure:
    """Middleware around all others: what is logged inside has the number of the update."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    async def __call__(
        self, update: Update, application: ShopApplication, call_next: CallNext
    ) -> None:
        handling, began = _Handling(), time.perf_counter()
        token = _handling.set(handling)
        try:
            with log_fields(update=update.update_id):
                await call_next(update)
        finally:
            _handling.reset(token)
            took = time.perf_counter() - began
            # Plain texts: members of an enum take longer to look up than to count.
            self._meter.update_handled(kind_of(update).value, handling.outcome.value, took)


def kind_of(update: Update) -> UpdateKind:
    if update.callback_query is not None:
        return UpdateKind.PRESS
    if is_payment(update):
        return UpdateKind.PAYMENT
    if update.pre_checkout_query is not None:
        return UpdateKind.CHECKOUT
    if update.my_chat_member is not None:
        return UpdateKind.MEMBER
    if update.message is None:
        return UpdateKind.OTHER
    # The library checks nothing: a text may be a number, and nobody stands around this layer.
    is_command = str(update.message.text or "").startswith("/")
    return UpdateKind.COMMAND if is_command else UpdateKind.MESSAGE
