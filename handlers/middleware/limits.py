"""Bounds what one person can ask of the shop, and says on whose account the answers are.

Presses and messages count alike. The updates of payments are never limited.
"""

import time
from collections.abc import Callable
from typing import Final

from telegram import Update

from bot.refusals import TooFast
from handlers.context import ShopContext
from handlers.middleware import CallNext, ShopApplication
from handlers.middleware.chat_order import ChatOrder, chat_key
from handlers.middleware.errors import explain, refusal
from handlers.middleware.measure import Outcome, note_outcome
from handlers.payment_updates import is_payment
from handlers.priorities import Cause, Priority, caused_by

# Updates of one chat that may wait. A customer who waits for each answer never reaches this number.
# In a flood the older ones are refused, so that the newest are handled.
MAX_WAITING: Final = 30
_TOLD_EVERY_SECONDS: Final = 10.0
_MOST_TOLD: Final = 10_000


async def set_cause(update: Update, application: ShopApplication, call_next: CallNext) -> None:
    """Middleware: the calls that an update causes are answers to a press, or to a text."""
    with caused_by(_cause_of(update)):
        await call_next(update)


class Limits:
    """Middleware behind `check_access`; `monotonic` gives seconds that never run backwards."""

    def __init__(
        self, chat_order: ChatOrder, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._chat_order = chat_order
        self._monotonic = monotonic
        self._told: dict[int, float] = {}  # by chat: when its last text was refused with an answer

    async def __call__(
        self, update: Update, application: ShopApplication, call_next: CallNext
    ) -> None:
        if self._is_too_fast(update):
            await self._refuse(update, ShopContext.from_update(update, application))
        else:
            await call_next(update)

    def _is_too_fast(self, update: Update) -> bool:
        if _is_about_money(update):
            return False
        return self._chat_order.waiting(chat_key(update)) > MAX_WAITING

    async def _refuse(self, update: Update, context: ShopContext) -> None:
        """A toast for each press; for messages one answer in ten seconds, and then silence."""
        note_outcome(Outcome.REFUSED)
        if update.callback_query is not None:
            await context.answer(update, explain(context.words, TooFast()))
        elif self._may_tell(chat_key(update)):
            operator = bool(await context.rights())
            await context.send(update, refusal(context.words, TooFast(), operator=operator))

    def _may_tell(self, chat_id: int) -> bool:
        now = self._monotonic()
        if now - self._told.get(chat_id, float("-inf")) < _TOLD_EVERY_SECONDS:
            return False
        self._told.pop(chat_id, None)
        if len(self._told) >= _MOST_TOLD:
            del self._told[next(iter(self._told))]
        self._told[chat_id] = now
        return True


def _is_about_money(update: Update) -> bool:
    return update.pre_checkout_query is not None or is_payment(update)


def _cause_of(update: Update) -> Cause:
    """Payments rank with presses: the payer has just pressed."""
    typed = update.callback_query is None and not _is_about_money(update)
    return Cause(Priority.TEXT if typed else Priority.PRESS, chat_key(update))
