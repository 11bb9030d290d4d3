"""How long orders of each product usually take, as this process has read it lately."""

from collections.abc import Awaitable, Callable
from typing import Final

from bot.domain.waiting import Usual

_FRESH_SECONDS: Final = 600.0
_MOST: Final = 2000  # products


class UsualTimes:
    """A cache by product: one reading in ten minutes, however many orders wait. Times are monotonic."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[float, Usual | None]] = {}

    async def get(
        self, product_id: int, now: float, read: Callable[[], Awaitable[Usual | None]]
    ) -> Usual | None:
        """The figures of a product; `read` brings them where they are unknown or old."""
        known = self._known.get(product_id)
        if known is not None and now - known[0] < _FRESH_SECONDS:
            return known[1]
        usual = await read()
        if len(self._known) >= _MOST:
            del self._known[next(iter(self._known))]
        self._known[product_id] = now, usual
        return usual
