"""Handles the updates of one chat one after the other, in the order they came.

No chat waits for another. PTB's own `concurrent_updates=True` with a ConversationHandler loses
updates without an error.
"""

from contextlib import AbstractAsyncContextManager

from telegram import Update

from bot.services.turns import Turns
from handlers.middleware import CallNext, ShopApplication
from handlers.payment_updates import is_payment

_NO_CHAT = -(2**62)  # below the id of every chat
_PAYMENTS = 2**64  # above the id of every chat


class ChatOrder:
    """Middleware; `in_order` also gives a chat's lock to work that no update caused."""

    def __init__(self) -> None:
        self._turns = Turns()
        self._closed = False

    async def __call__(
        self, update: Update, application: ShopApplication, call_next: CallNext
    ) -> None:
        async with self.in_order(chat_key(update)):
            if not self._closed:
                await call_next(update)

    def close(self) -> None:
        """Start no further update: those that wait are left in the inbox for the next start."""
        self._closed = True

    def waiting(self, chat_id: int) -> int:
        """How many updates of a chat are being handled or wait."""
        return self._turns.users(chat_id)

    def in_order(self, chat_id: int) -> AbstractAsyncContextManager[None]:
        """Hold the lock of a chat, which is given to those who wait in the order they came."""
        return self._turns.of(chat_id)


def chat_key(update: Update) -> int:
    """The id of the chat whose order an update keeps.

    What has no chat has an order of its own: a checkout has to be answered within ten seconds,
    whatever else of its customer waits. So have the payments and refunds of a chat, among
    themselves: to book them needs no call to Telegram, and waits for none.
    """
    chat = update.effective_chat
    if chat is None:
        return _NO_CHAT - update.update_id
    return chat.id + _PAYMENTS if is_payment(update) else chat.id
