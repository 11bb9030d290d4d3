"""The shop on a harness: real store, real adapter, simulated supplier, and a clock that tests move."""

import asyncio
from collections.abc import Container
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from time import monotonic
from typing import Any, Self
from zoneinfo import ZoneInfo

import httpx

from bot.agenda import Agenda
from bot.domain.brands import Brands
from bot.domain.guides import Guides
from bot.domain.jobs import Job, Wakes
from bot.domain.ledger import may_be_negative, wallet
from bot.domain.orders import Order
from bot.domain.payments import Limits, Method, StarRate
from bot.domain.pricing import Markup, PricingPolicy
from bot.domain.records import Customer, Locale
from bot.domain.roles import Member, MemberState, Role
from bot.domain.shelf import Shelf
from bot.payment_ports import PaymentMethod
from bot.payments.chargily import Chargily
from bot.payments.ocpay import OcPay
from bot.payments.stars import Stars
from bot.payments.transfer import Transfer
from bot.sandbox.payments.chargily_api import ChargilyApi
from bot.sandbox.payments.chargily_book import ChargilyBook
from bot.sandbox.supplier.api import SupplierApi
from bot.sandbox.supplier.book import SupplierBook
from bot.services.catalogue import browse
from bot.services.catalogue.refresh import load_shelf, refresh_catalogue, refresh_product
from bot.services.items import Items
from bot.services.lease import Lease
from bot.services.messaging.customers import ensure_customer
from bot.services.operations.clock import ClockWatch
from bot.services.operations.outbox import Sending, find_messages_to_send, send_message
from bot.services.orders.checkout import buy
from bot.services.orders.place import find_orders_to_place, place_order, refund_overdue_orders
from bot.services.orders.quote import make_quote
from bot.services.selling.access import check_access
from bot.services.shared_prices import SharedPrices
from bot.services.shop import Policy, Shop
from bot.services.wallet.credit import Credit, credit_wallet
from bot.supplier_ports import Supplier
from bot.suppliers.oneclickdz import OneClickDz
from bot.sweeps import Sweep, build_sweeps
from bot.vault import AesVault, new_key, parse_keys
from locales.tables import aliases, table
from storage.store import Store
from tests.fakes import FakeStarsGateway, HarnessClock, RecordingSender
from tests.sweeps import PLAYED

OPERATOR = 900
BRANDS = Brands.read(table("names"), aliases())  # as the shop has them
GUIDES = Guides.read(table("redeem"))


POLICY = Policy(
    admin_ids=frozenset({OPERATOR}),
    pricing=PricingPolicy(Markup(Decimal(8)), 1000, 1000),
    max_quantity=10,
    stock_reserve=0,
    hidden_categories=frozenset({"mobile & internet"}),
    quote_lifetime=timedelta(minutes=10),
    catalogue_lifetime=timedelta(hours=24),
    price_lifetime=timedelta(seconds=60),
    price_shared_for=timedelta(seconds=30),
    codes_visible_for=timedelta(hours=24),
    shown_again_for=timedelta(minutes=10),
    reveals_per_order=3,
    reveals_per_hour=20,
    balance_alert_minor=500_000,
    balance_floor_minor=0,
    return_unbought_after=timedelta(hours=2),
    time_zone=ZoneInfo("Africa/Algiers"),
    default_locale=Locale.EN,
    nightly_at=time(3, 30),
    payment_window=timedelta(hours=24),
    confirm_above_minor=10**9,
    daily_cap_minor=0,
    expiry_reminders=frozenset({30, 7, 1}),
    star_rate=StarRate(150),
    transfer_instructions={"en": "CCP 0012345678 key 90", "fr": "CCP", "ar": "CCP"},
)
LIMITS = Limits(20_000, 20_000_000)
CARD_LIMITS = Limits(7_500, 20_000_000, 5_000_000)


class ShopHarness:
    """A shop with its supplier's book. `customer(n)` is somebody with money in their wallet."""

    def __init__(
        self, store: Store, *, key_kind: str = "PRODUCTION", policy: Policy = POLICY
    ) -> None:
        self.clock = HarnessClock()
        self.payment_methods: dict[Method, PaymentMethod] = {}
        self.book = SupplierBook(now=self.clock.true, handling_seconds=3.0)
        self.api = SupplierApi(self.book)
        self.chargily = ChargilyBook(self.clock.true)
        self.chargily_api = ChargilyApi(self.chargily)
        self.store = store
        self.supplier = self._adapter(self.book.add_key(key_kind))
        self.vault = AesVault(parse_keys(new_key("k1")))
        self.sender: RecordingSender
        self.stars_gateway: FakeStarsGateway
        self.sender, self.stars_gateway = self._telegram(policy)
        self.shop = self._shop(policy)
        self._credits = 0
        self.woken: list[Job] = []  # by all commits so far
        self.store.subscribe(self._wake)
        self._plan()

    def _adapter(self, key: str) -> OneClickDz:
        return OneClickDz(
            base_url="http://supplier/v3",
            api_key=key,
            clock=self.clock,
            calls_per_minute=100_000,
            timeout_seconds=2.0,
            transport=self._transport(),
        )

    def _telegram(self, policy: Policy) -> tuple[Any, Any]:
        """What stands for Telegram: it keeps what it is given."""
        return RecordingSender(), FakeStarsGateway(self.clock)

    def _transport(self) -> httpx.AsyncBaseTransport:
        return httpx.ASGITransport(app=self.api.app, raise_app_exceptions=False)

    def _suppliers(self) -> dict[str, Supplier]:
        return {self.supplier.name: self.supplier}

    def _shop(self, policy: Policy) -> Shop:
        self._starts += 1
        return Shop(
            self.store,
            self._suppliers(),
            self.sender,
            self.clock,
            self.vault,
            policy,
            f"process {self._starts}",
            Shelf(BRANDS),
            Lease(self.clock),
            guides=GUIDES,
            items=self._items(),
            payment_methods=dict(self.payment_methods),
            stars_gateway=self.stars_gateway if Method.STARS in self.payment_methods else None,
        )

    def _items(self) -> Items:
        """Items of sweeps one after the other, in the order in which they are due: runs are repeatable."""
        return Items(places=1)

    def offer(self, *methods: Method) -> None:
        """Switch ways to pay on: none are, until a test says so."""
        made = (
            Transfer(LIMITS),
            OcPay(self.supplier),
            Stars(self.stars_gateway, StarRate(150), 10_000),
            self.chargily_adapter(),
        )
        self.payment_methods = {
            one.method: one for one in made if one.method in (methods or Method)
        }
        self.shop.payment_methods = dict(self.payment_methods)
        self.shop.stars_gateway = (
            self.stars_gateway if Method.STARS in self.payment_methods else None
        )

    def chargily_adapter(self, **changes: Any) -> Chargily:
        """Cards at the simulated Chargily, with a live key as the supplier's."""
        settings: dict[str, Any] = {
            "base_url": "http://chargily/api/v2",
            "secret_key": self.chargily.keys[True],
            "limits": CARD_LIMITS,
            "clock": self.clock,
            "return_to": lambda: "https://t.me/hanout_bot",
            "timeout_seconds": 2.0,
            "transport": self._card_transport(),
        }
        return Chargily(**{**settings, **changes})

    def _card_transport(self) -> httpx.AsyncBaseTransport:
        return httpx.ASGITransport(app=self.chargily_api.app, raise_app_exceptions=False)

    def restart(self) -> None:
        """A new process on the same database: memory is gone."""
        self.shop = self._shop(self.shop.policy)
        self._plan()

    def _plan(self) -> None:
        known = build_sweeps(self.shop, self.place, self.send, timedelta(seconds=30))
        by_job = {job: [s for s in known if s.job is job] for job in PLAYED}
        self.sweeps = [sweep for job in PLAYED for sweep in by_job[job]]
        self.agenda = Agenda(self.shop, self.sweeps)
        self.clock_watch = ClockWatch(self.shop)

    async def set_clock(self, seconds: float) -> None:
        """Set the wall clock ahead, or back by less than 0; the shop looks at it as each few seconds."""
        self.clock.step(seconds)
        await self.clock_watch.check()

    def leave_out(self, *jobs: Job) -> None:
        """Play on without these sweeps: over a simulated day, one that is not the subject takes most of the time."""
        self.sweeps = [sweep for sweep in self.sweeps if sweep.job not in jobs]

    def let_prices_age(self) -> None:
        """What was asked of prices so far is too old to buy with; what the shelf shows stays."""
        self.shop.prices = SharedPrices()

    def set_policy(self, **changes: Any) -> None:
        self.shop.policy = replace(self.shop.policy, **changes)

    async def open(self) -> Self:
        for name in self.shop.suppliers:
            await check_access(self.shop, name)
            await refresh_catalogue(self.shop, name)
        await ensure_customer(self.shop, OPERATOR, "en")
        return self

    async def close(self) -> None:
        for supplier in self.shop.suppliers.values():
            await supplier.close()

    async def customer(
        self, user_id: int = 1, dinars: int = 50_000, locale: str = "en"
    ) -> Customer:
        customer = await ensure_customer(self.shop, user_id, locale)
        if dinars:
            await self.credit(user_id, dinars)
        return customer

    async def hire(self, user_id: int, role: Role, cap_minor: int = 0) -> None:
        """Somebody who has accepted to work here."""
        await ensure_customer(self.shop, user_id, "en")
        now = self.clock.now()
        member = Member(user_id, role, cap_minor, MemberState.ACTIVE, OPERATOR, now, 0)
        await self.store.write(lambda tx: tx.team.put(member))

    async def dismiss(self, user_id: int) -> None:
        await self.store.write(lambda tx: tx.team.remove(user_id))

    async def credit(self, user_id: int, dinars: int) -> int:
        self._credits += 1
        wish = Credit(f"test:{self._credits}", OPERATOR, user_id, dinars * 100, "")
        return (await credit_wallet(self.shop, wish)).balance_minor

    async def balance(self, user_id: int = 1) -> int:
        async with self.store.reading() as tx:
            return await tx.ledger.balance(wallet(user_id))

    async def denomination(self, title: str = "PlayStation USA", label: str = "10 $") -> int:
        product = browse.search_products(self.shop, title)[0]
        if product.priced_at is None:
            await refresh_product(self.shop, product.id)
        return next(d.id for d in self.shop.shelf.of_product(product.id) if d.label == label)

    def kind(self, title: str = "PlayStation USA", label: str = "10 $"):
        """The same denomination in the supplier's own book."""
        goods = [g for category in self.book.categories for g in category.products]
        return next(
            k for g in goods if g.title == title for k in g.denominations if k.name == label
        )

    async def buy(self, user_id: int = 1, quantity: int = 1, **which: str) -> Order:
        view = await make_quote(self.shop, user_id, await self.denomination(**which), quantity)
        order, _ = await buy(self.shop, user_id, view.quote.id, 77)
        return order

    async def order(self, order_id: int) -> Order:
        async with self.store.reading() as tx:
            return await tx.orders.locked(order_id)

    async def place(self) -> None:
        await refund_overdue_orders(self.shop)
        for order in await find_orders_to_place(self.shop):
            await place_order(self.shop, order)

    _starts = 0  # processes so far, each with its own name in rows

    one_by_one = False  # how messages are sent: in order, for what is compared to the letter

    async def send(self) -> None:
        while await send_due_messages(self.shop, one_by_one=self.one_by_one):
            pass

    async def round(self) -> None:
        """Every sweep once, whether or not something is due; reminders at their interval alone."""
        for sweep in self.sweeps:
            at = self.agenda.next_of(sweep)
            if sweep.job is not Job.REMINDERS or at is None or at <= self.agenda.now():
                await self._run_sweep(sweep)

    async def _run_sweep(self, sweep: Sweep) -> None:
        self.agenda.begin(sweep)
        await sweep.work()
        await self.agenda.end(sweep)

    async def run(self, seconds: float) -> None:
        """Let the shop live for a while: time moves from one due time to the next.

        Only what is due is run, so a wake-up that somebody forgot is missed here as it would be in a shop.
        """
        until = self.agenda.now() + timedelta(seconds=seconds)
        while (at := self._next_time()) is not None and at <= until:
            self._pass_time_until(at)
            await self.run_due()
        self._pass_time_until(until)

    def _pass_time_until(self, at: datetime) -> None:
        if at > (now := self.agenda.now()):
            self.clock.moment += at - now

    async def run_due(self, but: Container[Job] = ()) -> None:
        """The sweeps whose time has come, except those of some jobs."""
        for sweep in self.sweeps:
            due = self.agenda.next_of(sweep)
            if due is not None and due <= self.agenda.now() and sweep.job not in but:
                await self._run_sweep(sweep)

    def _wake(self, wakes: Wakes) -> None:
        self.woken += [job for job, _ in wakes]
        self.agenda.wake(wakes)

    def _next_time(self) -> datetime | None:
        times = [self.agenda.next_of(sweep) for sweep in self.sweeps]
        return min([at for at in times if at is not None], default=None)

    async def reload(self) -> None:
        await load_shelf(self.shop)


async def send_due_messages(shop: Shop, *, one_by_one: bool = False) -> int:
    """Send a first due message of each person, all at once or in order; returns how many."""
    due = await find_messages_to_send(shop, Sending(monotonic))
    if one_by_one:
        for row in due:
            await send_message(shop, row)
    else:
        await asyncio.gather(*(send_message(shop, row) for row in due))
    return len(due)


async def books_agree(harness: ShopHarness) -> None:
    """The invariants that hold at every moment (docs/reliability.md): money, codes, and the supplier's books."""
    from sqlalchemy import func, select

    from storage.tables import accounts, codes, entries, orders

    async with harness.store._reader.connect() as db:
        sums = (
            await db.execute(
                select(entries.c.posting_id, func.sum(entries.c.amount_minor)).group_by(
                    entries.c.posting_id
                )
            )
        ).all()
        assert all(total == 0 for _, total in sums)
        held = dict((await db.execute(select(accounts.c.name, accounts.c.balance_minor))).all())
        booked = dict(
            (
                await db.execute(
                    select(entries.c.account, func.sum(entries.c.amount_minor)).group_by(
                        entries.c.account
                    )
                )
            ).all()
        )
        assert {k: v for k, v in held.items() if v} == {k: v for k, v in booked.items() if v}
        assert all(v >= 0 for k, v in held.items() if not may_be_negative(k))
        assert sum(held.values()) == 0
        rows = (await db.execute(select(orders))).all()
        bound = [r.supplier_order_id for r in rows if r.supplier_order_id]
        assert len(bound) == len(set(bound))
        for row in rows:
            never = row.state in ("awaiting_payment", "cancelled", "expired")
            paid = 0 if never else row.quantity * row.unit_price_minor
            escrow = held.get(f"escrow:{row.id}", 0)
            assert (
                paid == row.delivered_quantity * row.unit_price_minor + row.returned_minor + escrow
            ), row
            if row.state in ("refunded", "fulfilled"):
                assert escrow == 0 or row.attention
            count = (
                await db.execute(
                    select(func.count())
                    .select_from(codes)
                    .where(codes.c.order_id == row.id, codes.c.deliver)
                )
            ).scalar_one()
            assert count == row.delivered_quantity
    async with harness.store.reading() as tx:
        assert (await tx.audit.contradicting_ledger())[1] == []
