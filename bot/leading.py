"""One process leads the shop; others stand by, and take over when it ends (docs/operating.md)."""

import asyncio
import contextlib
import itertools
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from math import inf
from time import monotonic
from typing import Final

from bot.domain.records import Leader, MoveState
from bot.errors import CommitUnknown, StorageFailure, StorageOutage
from bot.services.shop import Shop
from bot.status import Phase, Status
from bot.stopping import LOST_LEADERSHIP, StartFailure, Stopping
from storage.leader_lock import LeaderLock
from storage.transaction import Transaction

_log = logging.getLogger("hanout")

NO_BOT: Final = 0  # a database that no bot has used yet
LEASE_SECONDS: Final = 3.0  # after the last look at the lock this process does not count on it
_LOOK_SECONDS: Final = 1.0
_TRY_SECONDS: Final = 0.25
_GRACE_SECONDS: Final = (
    0.2  # a leader that only lost its connection takes its lock again before that
)
_REGAIN_SECONDS: Final = 0.05
_SAY_AGAIN_SECONDS: Final = 60.0
_NOTHING_SAID: Final = ("", -inf)
_ANSWER_SECONDS: Final = 6.0  # for the question who leads
_PROBE_SECONDS: Final = 1.5  # between two looks whether Telegram answers, and for one of them
# So many in a row, and a leader hands over to a standby that reaches Telegram.
_FAILED_PROBES: Final = 3
_TRIES_TO_REGAIN: Final = 20  # by a process that does not lead yet
_SETTLE_SECONDS: Final = 15.0  # for the transactions of a former leader, which the server ends

Work = Callable[[], Awaitable[object]]


class Leadership:
    """The part of one process in who leads its shop. `doubt` is set where the lock may be lost."""

    def __init__(
        self, shop: Shop, lock: LeaderLock, doubt: asyncio.Event, status: Status, stopping: Stopping
    ) -> None:
        self._shop = shop
        self._lock = lock
        self._status = status
        self._stopping = stopping
        self._doubt = doubt
        self._is_leader = False
        self._said: tuple[str, float] = _NOTHING_SAID

    @contextlib.asynccontextmanager
    async def lead(self, warm_up: Work, probe: Work, prepare: Work) -> AsyncIterator[None]:
        """Stand by until this process leads, then `prepare` the database, and lead within the block.

        `warm_up` is called once meanwhile, for what need not wait for the lead; `probe` raises where
        Telegram cannot be reached. The block begins also where the process is to stop before it
        leads. Raises StartFailure for the database of another bot.
        """
        self._shop.lease.end()
        async with contextlib.AsyncExitStack() as leading:
            leading.push_async_callback(self._let_go)
            await self._check_bot()
            while not self._stopping.is_set():
                await self._stand_by(warm_up, probe)
                if self._stopping.is_set() or await self._begin_to_lead(leading, probe, prepare):
                    break
            yield

    async def _let_go(self) -> None:
        self._shop.lease.end()
        await self._lock.release()

    async def _begin_to_lead(
        self, leading: contextlib.AsyncExitStack, probe: Work, prepare: Work
    ) -> bool:
        """With the lock: False where the database is away again, and the lock is free."""
        self._status.phase = Phase.STARTING
        self._renew(monotonic())
        async with contextlib.AsyncExitStack() as beginning:
            beside = self._beside(self._keep, partial(self._hand_over, probe))
            await beginning.enter_async_context(beside)
            try:
                await prepare()
                await self._begin()
            except (StorageOutage, CommitUnknown) as failure:
                self._say(f"the database cannot be reached; trying again ({failure})")
                await self._let_go()
                return False
            leading.push_async_exit(beginning.pop_all())
        return True

    async def _stand_by(self, warm_up: Work, probe: Work) -> None:
        async with contextlib.AsyncExitStack() as standing_by:
            while not self._stopping.is_set():
                try:
                    if await self._take_over():
                        return
                except StorageOutage as failure:
                    self._say(f"the database cannot be reached; trying again ({failure})")
                else:
                    if self._status.phase is not Phase.STANDING_BY:
                        self._status.phase = Phase.STANDING_BY
                        telling = self._beside(partial(self._tell_able, warm_up, probe))
                        await standing_by.enter_async_context(telling)
                        self._said = _NOTHING_SAID
                    if self._is_time_to_say():
                        self._say(await self._whom_it_waits_for())
                await self._stopping.wait(_TRY_SECONDS)

    async def _take_over(self) -> bool:
        """Take the lock, unless a leader who has just lost it takes it again within a moment."""
        if self._status.phase is Phase.STANDING_BY and await self._lock.is_free():
            await self._stopping.wait(_GRACE_SECONDS)
        return not self._stopping.is_set() and await self._lock.take()

    async def _whom_it_waits_for(self) -> str:
        who = "another process"
        with contextlib.suppress(StorageFailure):  # a database that is still to be migrated
            async with self._shop.store.reading() as tx:
                leader = await tx.leader.get()
            if leader is not None:
                who = f"{leader.place} (since {leader.since:%Y-%m-%d %H:%M:%S} UTC)"
        return f"{who} runs this shop; this process stands by, and takes over when that one ends"

    def _say(self, words: str) -> None:
        """Log what is waited for: when it changes, and once a minute."""
        if words != self._said[0] or self._is_time_to_say():
            self._said = (words, monotonic())
            _log.warning("%s", words)

    def _is_time_to_say(self) -> bool:
        return monotonic() - self._said[1] > _SAY_AGAIN_SECONDS

    async def _tell_able(self, warm_up: Work, probe: Work) -> None:
        """As a standby: keep the leader informed whether Telegram can be reached from here."""
        await _answers(warm_up)
        while True:
            able = await _answers(probe)
            with contextlib.suppress(StorageFailure):
                await self._lock.set_able(able=able)
            await asyncio.sleep(_PROBE_SECONDS)

    async def _check_bot(self) -> None:
        """Raises StartFailure where the database is another bot's shop; one that is not migrated is nobody's."""
        try:
            async with self._shop.store.reading() as tx:
                await self._refuse_foreign(tx)
        except StorageFailure as failure:
            _log.debug("whose shop this is, is asked again: %s", failure)

    async def _refuse_foreign(self, tx: Transaction) -> None:
        leader = await tx.leader.get()
        if leader is not None and self._is_foreign(leader):
            raise StartFailure(
                f"The database belongs to the shop of the bot {leader.bot_id}, and TELEGRAM_TOKEN is of the bot "
                f"{self._shop.bot_id}. Name a database of its own in DATABASE_URL; if this shop has got a new bot, "
                "run `hanout adopt` first"
            )

    def _is_foreign(self, leader: Leader) -> bool:
        """Whether the database is another bot's shop."""
        return leader.bot_id not in (NO_BOT, self._shop.bot_id)

    async def _begin(self) -> None:
        """Note that this process leads; from then on no former leader can write."""
        until = monotonic() + _SETTLE_SECONDS
        await self._end_former_sessions()
        while True:
            try:
                epoch = await self._shop.store.write(self._take)
            except (StorageOutage, CommitUnknown) as failure:
                # A transaction of a former leader may hold the row.
                if monotonic() > until or self._stopping.is_set():
                    raise
                _log.warning("a former leader is still waited for (%s)", failure)
            else:
                break
        self._shop.store.lead(self._shop.process)
        self._is_leader = True
        self._status.phase = Phase.LEADING
        _log.info("this process leads the shop (epoch %d)", epoch)

    async def _end_former_sessions(self) -> None:
        """A former leader that is cut off may be within a transaction, which no limit of the server ends."""
        former = await self._other_leader()
        if former is not None:
            await self._lock.end_sessions(former.instance)

    async def _take(self, tx: Transaction) -> int:
        await self._refuse_foreign(tx)
        former, shop = await tx.leader.get(), self._shop
        bot_id = former.bot_id if former else NO_BOT
        return await tx.leader.take(shop.process, place_of_this_process(), bot_id, shop.clock.now())

    def _renew(self, looked_at: float) -> None:
        self._shop.lease.renew(looked_at + LEASE_SECONDS)
        if self._status.phase is Phase.SUSPENDED:
            self._status.phase = Phase.LEADING
            _log.warning("this process leads again")

    async def _keep(self) -> None:
        """Look at the lock each second, and at once where it may be lost."""
        while True:
            looked_at = monotonic()
            self._doubt.clear()
            try:
                await self._lock.hold()
            except StorageFailure as failure:
                _log.warning("the leader's lock: %s", failure)
                self._shop.store.renew_connections()  # what happened to one may have happened to all
                await self._regain()
                looked_at = monotonic()
            self._renew(looked_at)
            # Not `wait_for`: in Python 3.11 it goes on where it is cancelled as its event comes, here by `_let_go`.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._doubt.wait()

    async def _regain(self) -> None:
        """Take the lock again; where another process has led meanwhile, or the shop has left, give up.

        While that lasts nobody may lead: a database that is down stops everybody, and ends nothing.
        """
        for tries in itertools.count(1):
            if not self._shop.lease.holds and self._status.phase is Phase.LEADING:
                self._status.phase = Phase.SUSPENDED
                _log.error("this process cannot tell whether it leads: it waits for the database")
            with contextlib.suppress(StorageFailure):
                taken = await self._lock.take()
                reason = await self._lost_to() if self._is_leader else None
                if not (taken or self._is_leader) and tries > _TRIES_TO_REGAIN:
                    reason = "another process leads this shop now"
                if reason is not None:
                    await self._give_way(reason)
                if taken:
                    return
            await asyncio.sleep(_REGAIN_SECONDS)

    async def _lost_to(self) -> str | None:
        """The same within some seconds: nobody leads while it is asked. Raises StorageFailure."""
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                return await self._why_lost()
        except TimeoutError:
            raise StorageOutage("the database does not say who leads") from None

    async def _why_lost(self) -> str | None:
        """Why this process may lead no more, whoever holds the lock; None: it may. Raises StorageFailure.

        Who led meanwhile, or a command that held the lock, has noted what it did.
        """
        async with self._shop.store.reading() as tx:
            leader, mark = await tx.leader.get(), await tx.moves.get()
        if leader is not None and leader.instance != self._shop.process:
            return f"{leader.place} leads this shop now"
        if leader is not None and self._is_foreign(leader):
            return f"the database was given to the shop of the bot {leader.bot_id}"
        if mark is not None and mark.state is not MoveState.ARRIVED:
            return "`hanout move` was called: the shop is in another database now"
        return None

    async def _other_leader(self) -> Leader | None:
        """Another process that has led since, or before; None: there is none. Raises StorageFailure."""
        async with self._shop.store.reading() as tx:
            leader = await tx.leader.get()
        return None if leader is None or leader.instance == self._shop.process else leader

    async def _give_way(self, reason: str) -> None:
        """Ends by the cancellation of this task alone."""
        self._shop.lease.end()
        await self._lock.release()
        self._stopping.give_up(reason, LOST_LEADERSHIP)
        await asyncio.Event().wait()

    @contextlib.asynccontextmanager
    async def _beside(self, *works: Work) -> AsyncIterator[None]:
        """Run works beside the block, and cancel them in the end. Without them nobody may lead."""
        tasks = [asyncio.ensure_future(self._or_give_up(work)) for work in works]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _or_give_up(self, work: Work) -> None:
        try:
            await work()
        except Exception as error:
            _log.exception("nobody looks after the leader's lock any more")
            self._stopping.give_up(
                f"a fault of this program: {type(error).__name__}", LOST_LEADERSHIP
            )

    async def _hand_over(self, probe: Work) -> None:
        """Give up where Telegram cannot be reached from here for a while, and a standby reaches it."""
        failed = 0
        while True:
            await asyncio.sleep(_PROBE_SECONDS)
            try:
                if not await self._lock.is_standby_able() or await _answers(probe):
                    failed = 0
                    continue
                failed += 1
                if failed >= _FAILED_PROBES and await self._lock.is_standby_able():
                    break
            except StorageFailure:
                continue  # `_keep` looks after it
        self._stopping.give_up(
            "Telegram cannot be reached from here; a process that stands by reaches it",
            LOST_LEADERSHIP,
        )


async def _answers(call: Work) -> bool:
    """Whether a call works within some seconds."""
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            await call()
    except Exception as error:
        _log.debug("no answer: %s", type(error).__name__)
        return False
    return True


async def note_bot(tx: Transaction, bot_id: int) -> None:
    """Whose shop the database is, once Telegram has accepted the token: a mistyped one claims nothing."""
    await tx.leader.give_to_bot(bot_id)


def place_of_this_process() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
