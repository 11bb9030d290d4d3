"""What Telegram's errors mean for a message that is sent, as the shop's own errors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from telegram.error import TelegramError

from bot.errors import BadFile, SendFailure, SendLater, Undeliverable, Unreachable
from handlers.edge import Do, Kind, read, told_wait, words_of

_LONGEST_TOLD_SECONDS: Final = 24 * 3600.0  # then a message is tried again, whatever Telegram said


@asynccontextmanager
async def map_telegram_errors() -> AsyncIterator[None]:
    """Raise what the table of `handlers.edge` says about an error as an error of the shop.

    SendLater, Unreachable and Undeliverable are verdicts; everything else is a SendFailure, after
    which the message is sent again. Their texts are the table's: Telegram's may repeat a code.
    """
    try:
        yield
    except TelegramError as error:
        action = read(error).send
        if action is Do.WAIT_AS_TOLD:
            raise SendLater(told_wait(error, _LONGEST_TOLD_SECONDS)) from None
        if action is Do.KEEP:
            raise Unreachable from None
        if action is Do.SET_ASIDE:
            refused = BadFile if read(error).kind is Kind.BAD_FILE else Undeliverable
            raise refused(words_of(error)) from None
        raise SendFailure(words_of(error)) from None
