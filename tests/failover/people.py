"""People who look around without patience, and people who pay in Stars at a given moment."""

import asyncio
import contextlib
import random
import time
from dataclasses import dataclass, field

from bot.sandbox.telegram.queries import Query
from bot.sandbox.telegram.world import Person, buttons
from tests.failover.recorder import Recorder

_PATIENCE_SECONDS = 2.0
_FIRST_INVOICE_DINARS = 500
STARS_DINARS = 2


class Visitor:
    """Walks from category to category; after two seconds without an answer presses another one."""

    def __init__(
        self, me: Person, recorder: Recorder, chance: random.Random, pause_seconds: float
    ) -> None:
        self.me, self._recorder, self._chance = me, recorder, chance
        self._pause = pause_seconds
        self._walk = 0
        self._data: list[str] = []

    async def enter(self) -> None:
        """To the first screen, and once to each popular brand, so that its text is known."""
        home = await self.me.ask_and_read("/start", "Gift-card", 30)
        self._walk = home["message_id"]
        self._data = [
            b["callback_data"]
            for b in buttons(home)
            if b.get("callback_data", "").startswith("brand:")
        ]
        self._chance.shuffle(self._data)

    async def learn(self) -> None:
        """Note what the screen of each brand says."""
        for data in self._data:
            before = len(self.me.chat.log)
            await self.press(data)
            await self._until_changed(before)
            self._recorder.screens[data] = self.me.chat.messages[self._walk]["text"]

    async def _until_changed(self, before: int) -> None:
        await self.me.until(lambda me: len(me.chat.log) > before, 30)

    async def press(self, data: str) -> Query:
        return await self.me.forge(data, self.me.chat.messages[self._walk])

    async def keep_looking(self, ended: asyncio.Event) -> None:
        number = 0
        while not ended.is_set():
            number += 1
            query = await self.press(self._data[number % len(self._data)])
            await self._wait_for(query)
            await asyncio.sleep(self._chance.uniform(0.5, 1.5) * self._pause)

    async def _wait_for(self, query: Query) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while query.answer is None and (left := deadline - time.monotonic()) > 0:
            async with self.me.world.changed:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.me.world.changed.wait(), min(left, 0.25))


@dataclass
class StarPayer:
    """Has a bill in Stars at hand, and pays it at the moment that is asked for.

    `paid`: when, by charge id. Each bill is of another amount, so that none is taken for another.
    """

    me: Person
    paid: dict[str, float] = field(default_factory=dict)
    _walk: int = 0
    _bills: int = 0
    _asked: bool = False  # for the newest bill, which has not come yet
    _bill: dict | None = None

    async def enter(self) -> None:
        self._walk = (await self.me.ask_and_read("/start", "Gift-card", 30))["message_id"]

    async def take_bill(self, seconds: float = 20.0) -> bool:
        """Ask for a bill, unless one lies there; False where the shop does not bring it."""
        if self._bill is not None:
            return True
        if not self._asked:
            self._bills += 1
            self._asked = True
            dinars = _FIRST_INVOICE_DINARS + 10 * self._bills
            await self.me.forge(f"top:stars:{dinars}", self.me.chat.messages[self._walk])
        try:
            await self.me.until(lambda _: self._newest_bill() is not None, seconds)
        except TimeoutError:
            return False
        self._bill, self._asked = self._newest_bill(), False
        return True

    def _newest_bill(self) -> dict | None:
        """That which was asked for last; an older one may come again when a press is handled again."""
        stars = (_FIRST_INVOICE_DINARS + 10 * self._bills) // STARS_DINARS
        bills = [m for m in self.me.inbox if "invoice" in m]
        return next((m for m in bills if m["invoice"]["total_amount"] == stars), None)

    async def pay(self) -> bool:
        """Pay the bill now, as if the checkout had just been answered; False without a bill."""
        bill, self._bill = self._bill, None
        if bill is None:
            return False
        charge = await self.me.world.stars.charge_for(self.me, bill)  # type: ignore[attr-defined]
        self.paid[charge] = time.monotonic()
        return True
