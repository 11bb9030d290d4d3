"""The bot's connection to Telegram, and the raw updates that it fetches."""

import logging
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any, Final

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.services.turns import Turns
from handlers.edge import UNREADABLE, explain, note_method
from handlers.priorities import Priority
from handlers.reach import Reachability
from handlers.request import ForeignPage, TokenRefused

_log = logging.getLogger("hanout")

ALLOWED_UPDATES: Final = (
    Update.MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.PRE_CHECKOUT_QUERY,
)
READ_SECONDS: Final = 10.0  # beyond the time that a poll may wait
LARGEST_ID: Final = 2**63 - 1  # what an integer column holds


_sent_id: ContextVar[int | None] = ContextVar("id of the message sent last", default=None)


class ShopBot(ExtBot[Priority]):
    """PTB's bot, which can also fetch updates as the JSON that came, unread.

    `reachability` learns from each of its calls.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._reachability = Reachability()
        self._shown: dict[tuple[int, int], str] = {}
        self._edits = Turns()

    @property
    def reachability(self) -> Reachability:
        return self._reachability

    @property
    def shown(self) -> dict[tuple[int, int], str]:
        """Which screen a message (chat, message id) shows, as far as this process has shown it."""
        return self._shown

    @property
    def edits(self) -> Turns:
        """By message (chat, message id): who edits it now, and who comes next."""
        return self._edits

    async def _do_post(self, endpoint: str, data: dict[str, Any], **options: Any) -> Any:
        _sent_id.set(None)
        try:
            result = await super()._do_post(endpoint, data, **options)
        except TelegramError as error:
            self._reachability.note_failure(endpoint, error)
            note_method(error, endpoint)
            raise
        self._reachability.note_success()
        sent_id = result.get("message_id") if isinstance(result, dict) else None
        _sent_id.set(sent_id if isinstance(sent_id, int) else None)
        return result

    def last_sent_id(self) -> int | None:
        """The id of the message that this task sent last, also if the library cannot read the rest
        of Telegram's answer; None if there is none in it.
        """
        return _sent_id.get()

    async def fetch_updates(
        self, offset: int | None, *, limit: int, seconds: float
    ) -> Sequence[object]:
        """The waiting updates from `offset` on, at most `limit`; waits for one up to `seconds`.

        Raises TelegramError.
        """
        wanted = {
            "offset": offset,
            "limit": limit,
            "timeout": round(seconds),
            "allowed_updates": list(ALLOWED_UPDATES),
        }
        data = {name: value for name, value in wanted.items() if value is not None}
        updates: Any = await self._post("getUpdates", data, read_timeout=seconds + READ_SECONDS)
        if not isinstance(updates, list):
            raise ForeignPage(200, b"")
        return updates

    async def is_token_refused(self) -> bool:
        """Ask `getMe`: only its own 401 says that the token is not valid any more."""
        try:
            await self.get_me()
        except TokenRefused:
            return True
        except (TelegramError, *UNREADABLE) as error:
            _log.warning("getMe: %s", explain(error))
        return False


def bot_id_of(token: str) -> int:
    """The id of the bot that a token belongs to: its part before the colon; 0 if it has none."""
    number = token.partition(":")[0]
    if not (number.isascii() and number.isdigit()):
        return 0
    return min(int(number), LARGEST_ID)


def update_id_of(update: object) -> int | None:
    """The id of an update as it came; None if it has none that the database can hold."""
    number = update.get("update_id") if isinstance(update, dict) else None
    if isinstance(number, bool) or not isinstance(number, int):
        return None
    return number if 0 <= number <= LARGEST_ID else None
