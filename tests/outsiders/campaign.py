"""Generated and spoilt updates in the whole shop, and a witness who must be answered between them.

What they go through is the shop's own path: getUpdates, the inbox, the middleware, the handlers. A shop whose polls
fail on the same updates again and again is deaf. `Outcome.deaf` holds the smallest such
input, one update alone.
"""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import select
from telegram import Update

from bot.domain.actions import ActionKind
from bot.domain.people import BanReason
from bot.domain.roles import RIGHTS, WITHIN_CAP, Right, Role
from bot.sandbox.telegram.world import World
from bot.services.customers.bans import ask_ban, confirm_ban
from handlers.middleware import retries
from storage.tables import inbox, operator_actions
from tests.bot_harness import TOKEN, BotHarness, FaultyTransport
from tests.fuzz.staff import NEEDED_FOR
from tests.harness import OPERATOR, ShopHarness
from tests.outsiders.generator import BANNED, FORMER, MANAGER, SUPPORT, Generator
from tests.outsiders.junk import NO_ID, spoil
from tests.outsiders.scripted import ScriptedTelegram

WITNESS = 5
_PATIENCE = 5  # polls that may fail before the shop counts as deaf
_EACH = 50  # updates between two presses of the witness
_FIRST, _LOWER = 700_000_000, 2_000_001  # where ids begin, and where they go on after a quiet week


class ScriptedShop(BotHarness):
    """The shop, with a Telegram that says what it is told to say."""

    def _telegram(self, policy):
        self.world = World(TOKEN)
        self.scripted = ScriptedTelegram()
        self.telegram = cast(FaultyTransport, self.scripted)
        return self._connect(policy)

    async def open(self):
        """Some of those who write have roles, or had one; one is banned."""
        await ShopHarness.open(self)
        await self.application.initialize()
        await self.hire(MANAGER, Role.MANAGER, 100_000)
        await self.hire(SUPPORT, Role.SUPPORT)
        await self.hire(FORMER, Role.MANAGER, 100_000)
        await self.dismiss(FORMER)
        await self.customer(BANNED, dinars=0)
        ban = await ask_ban(self.shop, BANNED, BanReason.ABUSE, key="ban", operator_id=OPERATOR)
        await confirm_ban(self.shop, OPERATOR, ban.action_id)
        return self


@dataclass
class Outcome:
    fed: int = 0
    spoilt: int = 0
    handled: int = 0
    seconds: float = 0.0
    quarantined: Counter[str] = field(default_factory=Counter)  # by the kind of trouble
    witness: int = 0  # presses
    actions: Counter[int] = field(default_factory=Counter)  # behind the counter, by who did them
    harm: list[str] = field(default_factory=list)
    deaf: list[str] = field(default_factory=list)
    smallest: dict[str, bytes] = field(default_factory=dict)  # by the kind of trouble: an example

    def told(self) -> str:
        return (
            f"{self.fed} updates, {self.spoilt} of them spoilt, in {self.seconds:.0f} s of CPU: "
            f"{self.handled} handled, {sum(self.quarantined.values())} quarantined "
            f"{dict(self.quarantined)}; {self.witness} presses of the witness; "
            f"deaf {len(self.deaf)}, harm {len(self.harm)}"
        )


class Campaign:
    def __init__(self, shop: ScriptedShop, seed: int, spoilt_share: float = 0.2) -> None:
        self.shop, self.telegram = shop, shop.scripted
        self.generator = Generator(seed)
        self.chance = random.Random(seed)
        self.share = spoilt_share
        self.outcome = Outcome()
        self._expected: dict[int, bytes] = {}
        self._next = _FIRST

    async def run(self, count: int) -> Outcome:
        """Feed so many updates, the last quarter of them with lower ids."""
        retries.WAITS_SECONDS = retries.UNSURE_WAITS_SECONDS = (
            0.0,
        ) * 4  # the order of things is tried here, not patience
        began, lower = time.process_time(), count < _EACH
        while self.outcome.fed < count:
            if not lower and 4 * self.outcome.fed >= 3 * count:
                lower, self._next = True, _LOWER
            for _ in range(min(_EACH, count - self.outcome.fed)):
                self._feed_one()
            await self.press()
        self.outcome.seconds = time.process_time() - began
        return await self.look()

    def feed(self, make: Callable[[int], bytes]) -> None:
        """One update as it stands, with the id that `make` is told."""
        number = self._number()
        self._expected[number] = make(number)
        self.telegram.queue.append((number, self._expected[number]))
        self.outcome.fed += 1

    def _number(self) -> int:
        self._next += 1
        return self._next

    def _feed_one(self) -> None:
        self.outcome.fed += 1
        number = self._number()
        if self.chance.random() >= self.share:
            raw = json.dumps(self.generator.update(number)).encode()
        elif self.chance.random() < 0.05:
            self.telegram.queue.append((number, self.chance.choice(NO_ID)))
            self.outcome.spoilt += 1
            return
        else:
            raw = spoil(self.generator.update(number), self.chance)
            self.outcome.spoilt += 1
        self._expected[number] = raw
        self.telegram.queue += [(number, raw)] * (2 if self.chance.random() < 0.02 else 1)

    async def press(self) -> None:
        """The witness presses a button, and sees its answer."""
        number = self._number()
        raw = self._expected[number] = json.dumps(_press_of(number)).encode()
        self.telegram.queue.append((number, raw))
        self.outcome.witness += 1
        before = len(self.telegram.sent)
        await self.drain()
        sent = self.telegram.sent[before:]
        answers = [s for s in sent if s.query_id == str(number)]
        shown = [s for s in sent if s.chat_id == WITNESS]
        if len(answers) != 1 or len(shown) != 1:
            self.outcome.harm.append(
                f"press {number}: {len(answers)} answers and {len(shown)} screens instead of one each"
            )
        self.telegram.sent.clear()

    async def drain(self) -> None:
        """Poll until Telegram has nothing left that it could confirm."""
        failed = 0
        while self.telegram.queue:
            before = len(self.telegram.queue)
            try:
                await self.shop.polling.poll()
            except Exception as error:  # whatever a poll raises, it is made again
                failed += 1
                self.telegram.limit = 1 if failed >= _PATIENCE else 100
                if failed > _PATIENCE:
                    self._note_deaf(error)
                    failed = 0
                continue
            failed, self.telegram.limit = 0, 100
            await self._work()
            self.telegram.confirm(self.shop.polling._offset or 0)
            if len(self.telegram.queue) == before and self.shop.polling._batch > 1:
                del self.telegram.queue[: self.telegram.limit]  # nothing that has an id
        await self.shop.inbox.flush()
        self.shop.clock.pass_time(1)

    def _note_deaf(self, error: Exception) -> None:
        """The update that every poll fails on, now that it comes alone; it is taken away."""
        number, raw = self.telegram.queue.pop(0)
        self._expected.pop(number, None)
        self.outcome.deaf.append(f"{type(error).__name__}: {error!s:.120} | {raw[:400]!r}")

    async def _work(self) -> None:
        """What the application's own loop does with its queue."""
        queue = self.shop.application.update_queue
        while not queue.empty():
            updates = [queue.get_nowait() for _ in range(queue.qsize())]
            work = map(self.shop.application.process_update, updates)
            done = await asyncio.gather(*work, return_exceptions=True)
            for update, failed in zip(updates, done, strict=True):
                if isinstance(failed, BaseException) and isinstance(update, Update):
                    kind = f"handling raised {type(failed).__name__}"
                    self.outcome.harm.append(f"{kind}: {failed}, at update {update.update_id}")
                    self._show(kind, update.update_id)

    async def look(self) -> Outcome:
        """None is lost without a word: each was handled, or is quarantined with its kind of trouble."""
        async with self.shop.store._reader.connect() as db:
            rows = (await db.execute(select(inbox))).all()
        for row in rows:
            if row.quarantined_at is not None:
                self.outcome.quarantined[str(row.trouble)] += 1
                self._show(str(row.trouble), row.update_id)
            elif row.handled_at is not None:
                self.outcome.handled += 1
            else:
                self.outcome.harm.append(f"{row.update_id} is neither handled nor quarantined")
        self.outcome.harm += await self._undue()
        lost = self._expected.keys() - {row.update_id for row in rows}
        self.outcome.harm += [f"{number} is lost" for number in sorted(lost)[:20]]
        return self.outcome

    async def _undue(self) -> list[str]:
        """What somebody did whose role does not allow it."""
        rights = {MANAGER: RIGHTS[Role.MANAGER] | WITHIN_CAP[Role.MANAGER]}
        rights |= {SUPPORT: RIGHTS[Role.SUPPORT], OPERATOR: frozenset(Right)}
        async with self.shop.store._reader.connect() as db:
            rows = (await db.execute(select(operator_actions))).all()
        self.outcome.actions = Counter(row.operator_id for row in rows)
        return [
            f"{row.operator_id} did {row.kind} to {row.target}"
            for row in rows
            if row.kind != ActionKind.FORGET
            and NEEDED_FOR[ActionKind(row.kind)] not in rights.get(row.operator_id, ())
        ]

    def _show(self, kind: str, number: int) -> None:
        raw, known = self._expected.get(number, b""), self.outcome.smallest.get(kind)
        if known is None or len(raw) < len(known):
            self.outcome.smallest[kind] = raw


def _press_of(number: int) -> dict[str, Any]:
    user = {"id": WITNESS, "is_bot": False, "first_name": "Lina", "language_code": "en"}
    chat = {"id": WITNESS, "type": "private", "first_name": "Lina"}
    under = {"message_id": 77, "date": 1_795_600_000, "chat": chat, "text": "Hello"}
    press = {"id": str(number), "from": user, "chat_instance": "1", "data": "orders:0"}
    return {"update_id": number, "callback_query": {**press, "message": under}}
