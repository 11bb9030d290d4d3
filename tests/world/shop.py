"""The real services and adapters between both supplier simulators, in one process or in two."""

from datetime import datetime, timedelta
from typing import Any, Self

from bot.agenda import Agenda
from bot.domain.jobs import Job, Wakes
from bot.domain.orders import Order
from bot.domain.payments import Method
from bot.domain.supplier import OWN
from bot.sandbox.supplier.starship import StarshipApi
from bot.sandbox.supplier.vouchers import VoucherBook
from bot.services.catalogue.refresh import load_shelf, refresh_catalogue
from bot.services.codes.showing import end_interrupted_showings
from bot.services.operations.clock import ClockWatch, resume_clock
from bot.services.orders.place import recover_interrupted
from bot.services.selling.access import check_access
from bot.services.shop import Shop
from bot.services.stock.book import StockBook
from bot.supplier_ports import Supplier
from bot.suppliers.own import OwnStock
from bot.sweeps import build_sweeps
from tests.harness import POLICY
from tests.own_stock import StocksCodes
from tests.vouchers import VoucherHarness, adapter
from tests.world.ports import WatchedClock, Wire, watched_payments, watched_sender
from tests.world.scheduler import Scheduler
from tests.world.store import MemoryEngine, MemoryStore

ANSWER_WITHIN = timedelta(seconds=32)
INTERRUPTED_AFTER = 2 * ANSWER_WITHIN + timedelta(seconds=60)

# Not played: what asks by the clock alone, and what no actor waits for.
_LEFT_OUT = {
    *(Job.SILENCE, Job.REMINDERS, Job.NIGHTLY, Job.PURGE, Job.CLOCK),
    *(Job.CATALOGUE, Job.ACCESS, Job.BALANCE, Job.WATCH),
}


class World(StocksCodes, VoucherHarness):
    """`shop` is the process that runs the sweeps; `other` is a second one, with a memory of its own."""

    sells_own = False  # whether the own stock is a third supplier

    def __init__(self, engine: MemoryEngine, scheduler: Scheduler) -> None:
        self.engine, self.scheduler = engine, scheduler
        self.offered: tuple[Method, ...] = ()
        self.other: Shop | None = None
        # When each order came into a state, by its id and the state: by the time that nobody can set.
        self.since: dict[tuple[int, str], datetime] = {}
        super().__init__(MemoryStore(engine, scheduler), both=True)

    def _suppliers(self) -> dict[str, Supplier]:
        """Adapters without a past: each process has its own."""
        if not hasattr(self, "vouchers"):
            self.vouchers = VoucherBook(now=self.clock.true, burst=100_000)
        self.supplier = self._adapter(self.book.add_key())
        wire = Wire(StarshipApi(self.vouchers).app, self.scheduler)
        self.starship = adapter(self.vouchers, self.clock, transport=wire)
        found: dict[str, Supplier] = {
            self.supplier.name: self.supplier,
            self.starship.name: self.starship,
        }
        if not self.sells_own:
            return found
        book = StockBook(self.store, self.vault, self.clock, POLICY.own_least_life)
        return {**found, OWN: OwnStock(book, self.clock)}

    async def open_own_stock(self) -> None:
        """From now on the shop sells codes of its own too."""
        self.sells_own = True
        self.restart()
        await load_shelf(self.shop)
        await check_access(self.shop, OWN)
        await refresh_catalogue(self.shop, OWN)

    def _transport(self) -> Wire:
        return Wire(self.api.app, self.scheduler)

    def _card_transport(self) -> Wire:
        return Wire(self.chargily_api.app, self.scheduler)

    def _shop(self, policy: Any) -> Shop:
        return self._watch(super()._shop(policy))

    def _watch(self, shop: Shop) -> Shop:
        clock: Any = WatchedClock(self.clock, self.scheduler)
        shop.clock, shop.sender = clock, watched_sender(self.sender, self.scheduler)
        shop.payment_methods = {
            m: watched_payments(p, self.scheduler) for m, p in self.payment_methods.items()
        }
        if Method.STARS in self.payment_methods:
            shop.stars_gateway = watched_payments(self.stars_gateway, self.scheduler)
        return shop

    def offer(self, *methods: Method) -> None:
        super().offer(*methods)
        self._watch(self.shop)

    def _plan(self) -> None:
        known = build_sweeps(self.shop, self.place, self.send, ANSWER_WITHIN)
        self.sweeps = [sweep for sweep in known if sweep.job not in _LEFT_OUT]
        self.agenda = Agenda(self.shop, self.sweeps)
        self.clock_watch = ClockWatch(self.shop)

    async def second_process(self) -> Shop:
        """Another process on the same database and accounts; only what actors do runs in it."""
        if self.other is None:
            first = self.shop, self.supplier, self.starship, self.store
            self.store = MemoryStore(self.engine, self.scheduler)
            self.store.subscribe(lambda wakes: self._note_orders())
            self.other = self._shop(self.shop.policy)
            self.shop, self.supplier, self.starship, self.store = first
            await load_shelf(self.other)
        return self.other

    async def look_at_clocks(self) -> None:
        """As each process does every few seconds; the second one only sees its own and does nothing about it."""
        if self.other is not None:
            self.other.timeline.look()
        await self.clock_watch.check()

    async def start_again(self) -> None:
        """A new process in place of the first, as at a start after a crash."""
        self.restart()
        if self.payment_methods:
            self.offer(*self.payment_methods)
        await resume_clock(self.shop)
        await load_shelf(self.shop)
        await end_interrupted_showings(self.shop)
        await recover_interrupted(self.shop)

    async def buy(self, user_id: int = 1, quantity: int = 1, **which: str) -> Order:
        order = await super().buy(user_id, quantity, **which)
        self._note_orders()
        return order

    def _wake(self, wakes: Wakes) -> None:
        self._note_orders()
        super()._wake(wakes)

    def _note_orders(self) -> None:
        for order_id, state in self.engine.raw.execute("SELECT id, state FROM orders"):
            self.since.setdefault((order_id, state), self.clock.true())

    async def settle_down(self) -> Self:
        """Let everything that is due happen: the past of the scene, which is not judged."""
        await self.run(1)
        return self
