"""Questions that wait for typed text: words that answer none of them end the question."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from telegram import Update

from handlers.account import END
from handlers.context import ShopContext

# What the handler of a question returns for a text that is no answer to it.
WORDS: Final = "words"

Handler = Callable[[Update, ShopContext], Coroutine[Any, Any, Any]]


def or_words(answer: Handler, words: Handler) -> Handler:
    """Make a handler of typed text that gives `words` what `answer` calls no answer.

    The question is over then, and what it was about is forgotten: a number that is typed later does
    not act on it.
    """

    async def take(update: Update, context: ShopContext) -> int | str:
        state: int | str = await answer(update, context)
        if state != WORDS:
            return state
        if context.user_data is not None:
            context.user_data.clear()
        state = await words(update, context)
        return state if isinstance(state, str) else END

    return take
