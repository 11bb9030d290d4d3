"""The threads of private chats: what belongs to a conversation in a thread is sent there too.

A private chat with a bot may have topics. Groups get one answer at most, in the
topic of the question (handlers.middleware.access).
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from telegram import Chat, Message, Update
from telegram.error import BadRequest

from handlers.edge import is_outage
from handlers.middleware import CallNext, ShopApplication
from handlers.payment_updates import is_payment

_MAX_REMEMBERED: Final = 10_000  # chats

_Sent = TypeVar("_Sent")


class Threads:
    """In which thread of their private chat each person last wrote or pressed.

    In memory only: after a restart, messages go to the chat itself until somebody writes again.
    """

    def __init__(self) -> None:
        self._threads: dict[int, int] = {}  # by chat, the oldest first

    async def remember(
        self, update: Update, application: ShopApplication, call_next: CallNext
    ) -> None:
        """Middleware, once for each update of a chat at a time: note the thread of the chat."""
        message, user = update.effective_message, update.effective_user
        is_private = isinstance(message, Message) and message.chat.type == Chat.PRIVATE
        # A pressed message that is gone names no thread, and what the bot itself did says nothing
        # about where the person is: then the last thread stands. So it does for a payment, which is
        # booked while something else of the chat may be handled.
        is_theirs = bool(user and not user.is_bot) and not is_payment(update)
        if isinstance(message, Message) and is_private and is_theirs:
            self.note(message.chat.id, message.message_thread_id)
        await call_next(update)

    def note(self, chat_id: int, thread_id: int | None) -> None:
        """Remember a thread; None: the person writes outside threads now."""
        self._threads.pop(chat_id, None)
        if thread_id is None:
            return
        if len(self._threads) >= _MAX_REMEMBERED:
            del self._threads[next(iter(self._threads))]
        self._threads[chat_id] = thread_id

    async def send(
        self, chat_id: int, send: Callable[..., Awaitable[_Sent]], *args: Any, **options: Any
    ) -> _Sent:
        """Call `send(chat_id, *args, **options)`, a sending method of the bot, for the thread.

        A refusal in a thread is followed by an attempt without it, whatever the refusal says: the
        thread may be gone, and no message, above all no code, may be lost for its place. Raises
        TelegramError.
        """
        thread_id = self._threads.get(chat_id)
        if thread_id is None:
            return await send(chat_id, *args, **options)
        try:
            return await send(chat_id, *args, message_thread_id=thread_id, **options)
        except BadRequest as error:
            if is_outage(error):  # it may have been sent
                raise
        sent = await send(chat_id, *args, **options)
        if self._threads.get(chat_id) == thread_id:
            del self._threads[chat_id]  # it was the thread that was refused
        return sent
