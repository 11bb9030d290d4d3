"""Questions that wait for typed text: words that answer none of them end the question.

So does a command, whatever becomes of it, and an hour: an amount or words that were meant for
somebody else would be taken for the answer.
"""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from telegram import Message, Update

from bot.domain.schedule import is_recent
from handlers.account import END
from handlers.context import ShopContext
from handlers.screens.account import page
from handlers.screens.operator import note

# What the handler of a question returns for a text that is no answer to it.
WORDS: Final = "words"

_ASKED_AT: Final = "asked_at"  # seconds since 1970, or _LEFT
_LEFT: Final = 0
_TOO_OLD: Final = "question-too-old"
_WITHIN: Final = timedelta(hours=1)

Handler = Callable[[Update, ShopContext], Coroutine[Any, Any, Any]]


def or_words(answer: Handler, words: Handler) -> Handler:
    """Make a handler of typed text that gives `words` what `answer` calls no answer.

    The question is over then, and what it was about is forgotten: a number that is typed later does
    not act on it.
    """

    async def take(update: Update, context: ShopContext) -> int | str | None:
        state: int | str | None = await answer(update, context)
        if state != WORDS:
            return state
        if context.user_data is not None:
            context.user_data.clear()
        state = await words(update, context)
        return state if isinstance(state, str) else END

    return take


def asking(handler: Handler) -> Handler:
    """Make a handler that remembers when it asked, where it asks something or asks again."""

    async def handle(update: Update, context: ShopContext) -> Any:
        state = await handler(update, context)
        if isinstance(state, str):
            context.remember(**{_ASKED_AT: int(context.shop.clock.now().timestamp())})
        return state

    return handle


def leaving(handler: Handler, stays: Callable[[ShopContext], bool]) -> Handler:
    """Make a command leave the question that is open, also where the command is refused.

    Unless the question `stays`: then only a question of the command's own takes its place.
    """

    async def handle(update: Update, context: ShopContext) -> Any:
        if stays(context):
            state = await handler(update, context)
            return state if isinstance(state, str) else None
        if context.user_data and _ASKED_AT in context.user_data:
            context.remember(**{_ASKED_AT: _LEFT})
        state = await handler(update, context)
        return END if state is None else state

    return handle


def in_time(answer: Handler) -> Handler:
    """Make a handler of typed text that takes no answer to a question of more than an hour before it.

    That is told, and the question is over. What follows a command is words.
    """

    async def take(update: Update, context: ShopContext) -> Any:
        if _is_left(context):
            return WORDS
        if _is_asked_lately(update, context):
            return await answer(update, context)
        if context.is_operators:
            await context.send(update, note(context.words, _TOO_OLD))
        else:
            await context.send(update, page(context.words, _TOO_OLD, context.customer.id))
        if context.user_data is not None:
            context.user_data.clear()
        return END

    return take


def takes_answers(update: Update, context: ShopContext) -> bool:
    """Whether the question that is open is still to be answered: no command came, nor did its hour end."""
    return not _is_left(context) and _is_asked_lately(update, context)


def _is_left(context: ShopContext) -> bool:
    return (context.user_data or {}).get(_ASKED_AT) == _LEFT


def _is_asked_lately(update: Update, context: ShopContext) -> bool:
    """Whether the answer was written, or is handled, within the hour: the shop may have been down since."""
    asked_at = _instant((context.user_data or {}).get(_ASKED_AT))
    message = update.effective_message
    moments = [context.shop.clock.now()] + ([message.date] if message else [])
    return any(is_recent(asked_at, moment, _WITHIN) for moment in moments)


def _instant(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None


def other_bot_wrote(message: Message | None) -> bool:
    """Whether the words of a message are another bot's: of its inline mode, or of one that manages the account."""
    return message is not None and bool(message.via_bot or message.sender_business_bot)
