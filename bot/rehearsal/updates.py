"""Sorts what Telegram sends during a rehearsal: the operator's updates are played with, others are kept.

The bot has one queue of updates, also where it is that of a real shop. Whatever is not the
operator's, and what had waited before, goes into the inbox of the real shop, which handles it when
it opens.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from handlers.bot import ShopBot, update_id_of
from handlers.inbox import kind_of
from handlers.polling import Keeper

_BATCH: Final = 100
_MOST_BATCHES: Final = 1000

Raw = Mapping[str, Any]


class SortedUpdates:
    """Implements Keeper. `real`: the inbox of the real shop; None where this bot has no shop yet."""

    def __init__(self, played: Keeper, real: Keeper | None, operator_id: int) -> None:
        self._played, self._real, self._operator_id = played, real, operator_id
        self._seen: list[Raw] = []  # the operator's updates of the present step
        self._held_kind = ""
        self.of_others = 0

    async def receive(self, updates: Sequence[object]) -> int:
        mine = [u for u in updates if _is_of(u, self._operator_id)]
        others = [u for u in updates if not _is_of(u, self._operator_id)]
        await self._keep(others)
        self._seen += [u for u in mine if isinstance(u, dict)]
        played = [u for u in mine if kind_of(u) != self._held_kind]
        return len(others) + len(mine) - len(played) + await self._played.receive(played)

    async def set_aside(self, number: int, text: str) -> None:
        await (self._real or self._played).set_aside(number, text)

    async def _keep(self, updates: Sequence[object]) -> None:
        self.of_others += len(updates)
        if updates and self._real is not None:
            await self._real.receive(updates)

    async def drain(self, bot: ShopBot) -> None:
        """Keep all that waits at Telegram for the real shop. Raises TelegramError, StorageFailure."""
        offset: int | None = None
        for _ in range(_MOST_BATCHES):
            updates = await bot.fetch_updates(offset, limit=_BATCH, seconds=0)
            if not updates:
                return
            await self._keep(updates)
            numbers = [n for update in updates if (n := update_id_of(update)) is not None]
            if not numbers:
                return
            offset = numbers[-1] + 1

    def begin(self) -> None:
        """What the operator does from now on belongs to another step."""
        self._seen.clear()

    def messages(self) -> Sequence[Raw]:
        """The operator's messages of this step, as they came."""
        return [u["message"] for u in self._seen if isinstance(u.get("message"), dict)]

    def hold_presses(self, *, held: bool) -> None:
        """Keep the operator's presses from the shop, which would answer them at once."""
        self._held_kind = "callback_query" if held else ""

    def presses(self) -> Sequence[Raw]:
        return [
            u["callback_query"] for u in self._seen if isinstance(u.get("callback_query"), dict)
        ]


def _is_of(update: object, person_id: int) -> bool:
    """Whether a person sent it, or it stands in their chat with the bot, as a refund of Stars does."""
    body = update.get(kind_of(update)) if isinstance(update, dict) else None
    parts = (body.get(name) for name in ("from", "chat")) if isinstance(body, dict) else ()
    numbers = [part.get("id") for part in parts if isinstance(part, dict)]
    return any(type(number) is int and number == person_id for number in numbers)
