"""Which sweep runs when. A sweep that is missed, doubled or restarted changes nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.domain.orders import Order
from bot.errors import HanoutError, SupplierFailure
from bot.services.catalogue.refresh import refresh_catalogue
from bot.services.codes.reminders import remind_of_expiry
from bot.services.codes.reveal import hide_due_messages
from bot.services.messaging.alerts import tell_alerts
from bot.services.operations.nightly import work_nightly
from bot.services.operations.outbox import send_due_messages
from bot.services.operations.watch import watch_supplier, watch_waiting_orders
from bot.services.orders.place import (
    RecentOffers,
    find_orders_to_place,
    place_order,
    recover_interrupted,
)
from bot.services.orders.poll import poll_due_orders
from bot.services.orders.reconcile import reconcile_lost_orders
from bot.services.orders.supplier_events import KEEP_EVENTS
from bot.services.payments.crediting import check_due_payments
from bot.services.payments.refunds import refund_due_payments
from bot.services.selling.access import renew_access
from bot.services.selling.balance import check_balance
from bot.services.shop import Shop
from bot.services.wallet.unpaid_orders import end_unpaid_orders, pay_what_can_be_paid
from storage.transaction import Transaction

_log = logging.getLogger(__name__)
_PLACED_AT_ONCE = 16  # at one supplier
_ANSWER_MARGIN = timedelta(seconds=60)
_KEEP_INBOX = timedelta(days=3)  # Telegram offers an update again for 24 hours at most


class Sweep:
    """One kind of work: never two rounds at once, and one more where it was asked for meanwhile."""

    def __init__(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        self.name = name
        self._work = work
        self._running = False
        self._again = False

    async def run(self) -> None:
        if self._running:
            self._again = True
            return
        self._running = True
        try:
            await self._rounds()
        finally:
            self._running = False

    async def _rounds(self) -> None:
        while True:
            self._again = False
            try:
                await self._work()
            except SupplierFailure as failure:
                _log.warning(
                    "%s: %s %s %s", self.name, type(failure).__name__, failure.code, failure.status
                )
            except HanoutError as error:
                _log.error("%s: %s %s", self.name, type(error).__name__, error)
            except Exception:
                _log.exception("%s failed", self.name)
            if not self._again:
                return


class Jobs:
    """The sweeps of a running shop, on APScheduler and on demand."""

    def __init__(self, shop: Shop, answer_within: timedelta) -> None:
        self._shop = shop
        self._answer_within = 2 * answer_within + _ANSWER_MARGIN
        self._tasks: set[asyncio.Task[None]] = set()
        self._placing: dict[int, str] = {}  # the orders at work, and where they are bought
        self._offers = RecentOffers()
        every: dict[str, tuple[float, Callable[[], Awaitable[object]]]] = {
            "place": (1, self._place),
            "send": (1, self._send),
            "hide": (10, lambda: hide_due_messages(shop)),
            "interrupted": (30, self._find_interrupted),
            "purge": (3600, self._purge),
            "payments": (3, lambda: check_due_payments(shop)),
            "payback": (15, lambda: refund_due_payments(shop)),
            "unpaid": (10, self._unpaid),
            "remind": (600, lambda: remind_of_expiry(shop)),
            "nightly": (30, lambda: work_nightly(shop)),
        }
        for supplier in shop.suppliers:
            every |= self._of_supplier(supplier)
        self._sweeps = {name: Sweep(name, work) for name, (_, work) in every.items()}
        # A job that is a second late would be dropped by default, and never be seen.
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        for name, (seconds, _) in every.items():
            self._scheduler.add_job(self._ring, "interval", seconds=seconds, id=name, args=(name,))

    def _of_supplier(self, name: str) -> dict[str, tuple[float, Callable[[], Awaitable[object]]]]:
        """Each supplier has its own: one that hangs holds up no other."""
        shop = self._shop

        async def watch() -> None:
            await watch_supplier(shop, name)
            await watch_waiting_orders(shop, name)

        return {
            f"poll {name}": (1, lambda: poll_due_orders(shop, name)),
            f"search {name}": (1, lambda: reconcile_lost_orders(shop, name)),
            f"watch {name}": (10, watch),
            f"balance {name}": (5, lambda: check_balance(shop, name)),
            f"access {name}": (30, lambda: renew_access(shop, name)),
            f"catalogue {name}": (300, lambda: refresh_catalogue(shop, name)),
        }

    def start(self) -> None:
        self._scheduler.start()
        self.wake("nightly")  # a night that passed meanwhile is made up for at once

    async def first_catalogue(self) -> None:
        names = [name for name in self._sweeps if name.startswith("catalogue ")]
        await asyncio.gather(*(self._sweeps[name].run() for name in names))

    async def _ring(self, name: str) -> None:
        # The scheduler only rings: what it runs itself it would cut off, loudly, at the end.
        self.wake(name)

    def wake(self, name: str) -> None:
        """Also "poll" and the like: those of all suppliers."""
        for known, sweep in self._sweeps.items():
            if known == name or known.startswith(f"{name} "):
                self._spawn(sweep.run())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self, patience_seconds: float) -> None:
        """No new rounds; those at work get some time, then the next start picks up what is left."""
        self._scheduler.shutdown(wait=False)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=patience_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _place(self) -> None:
        """Start what is due and go on: one slow purchase holds up no other, one slow supplier none."""
        for order in await find_orders_to_place(self._shop):
            there = sum(name == order.supplier for name in self._placing.values())
            if order.id not in self._placing and there < _PLACED_AT_ONCE:
                self._placing[order.id] = order.supplier
                self._spawn(self._place_one(order))

    async def _place_one(self, order: Order) -> None:
        try:
            await Sweep("place order", lambda: place_order(self._shop, order, self._offers)).run()
        finally:
            del self._placing[order.id]

    async def _unpaid(self) -> None:
        await pay_what_can_be_paid(self._shop)
        await end_unpaid_orders(self._shop)

    async def _send(self) -> None:
        await tell_alerts(self._shop)
        while await send_due_messages(self._shop):
            pass

    async def _find_interrupted(self) -> None:
        await recover_interrupted(self._shop, older_than=self._answer_within)

    async def _purge(self) -> None:
        await self._shop.store.write(_purge_old, self._shop)


async def _purge_old(tx: Transaction, shop: Shop) -> None:
    await tx.inbox.purge(shop.clock.now() - _KEEP_INBOX)
    await tx.operators.forget_events(shop.clock.now() - KEEP_EVENTS)
