"""The thread of a private chat in which an update came, so that what answers it goes there too.

A private chat with a bot may have topics; other chats get no answers (handlers.middleware.access).
"""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, Final, TypeVar

from telegram import Chat, Message, Update
from telegram.error import BadRequest

from handlers.middleware import CallNext, ShopApplication

_GONE: Final = ("thread", "topic")  # "message thread not found", TOPIC_DELETED, TOPIC_CLOSED

_Sent = TypeVar("_Sent")
# The chat and the thread of the update that is being handled.
_current: ContextVar[tuple[int, int] | None] = ContextVar("thread", default=None)


def thread_of(update: Update) -> tuple[int, int] | None:
    """The private chat and the thread of an update; None outside threads.

    For a press that is where the pressed message stands; one that is gone names no thread.
    """
    message = update.effective_message
    if not isinstance(message, Message) or message.chat.type != Chat.PRIVATE:
        return None
    thread_id = message.message_thread_id
    return (message.chat.id, thread_id) if thread_id else None


async def keep_thread(update: Update, application: ShopApplication, call_next: CallNext) -> None:
    """Middleware: remember the thread of an update while it is handled."""
    token = _current.set(thread_of(update))
    try:
        await call_next(update)
    finally:
        _current.reset(token)


async def send_in_thread(
    chat_id: int, send: Callable[..., Awaitable[_Sent]], *args: Any, **options: Any
) -> _Sent:
    """Call `send(chat_id, …)` for the thread of the update that is being handled.

    Without a thread, for another chat, or where the server refuses the thread because it is gone,
    the message goes to the chat itself: an answer is never lost for its place.
    """
    current = _current.get()
    if current is None or current[0] != chat_id:
        return await send(chat_id, *args, **options)
    try:
        return await send(chat_id, *args, message_thread_id=current[1], **options)
    except BadRequest as error:
        if not any(sign in str(error).lower() for sign in _GONE):
            raise
    return await send(chat_id, *args, **options)
