"""The shop on a harness: real store, real adapter, simulated supplier, and a clock that tests move."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import httpx

from bot.agenda import Agenda
from bot.domain.code_messages import CodeMessage
from bot.domain.jobs import Job, Wakes
from bot.domain.ledger import may_be_negative, wallet
from bot.domain.orders import Order
from bot.domain.payments import Limits, Method, Payment, Receipt, StarMovement, StarRate
from bot.domain.pricing import Markup, PricingPolicy
from bot.domain.records import Customer, SentCodeMessage
from bot.payments.ocpay import OcPay
from bot.payments.stars import Stars
from bot.payments.transfer import Transfer
from bot.ports import PaymentMethod, PaymentNote, Sender, StarsGateway, Supplier
from bot.sandbox.supplier.api import SupplierApi
from bot.sandbox.supplier.book import SupplierBook
from bot.services.catalogue import browse
from bot.services.catalogue.refresh import load_shelf, refresh_catalogue, refresh_product
from bot.services.messaging.customers import welcome
from bot.services.orders.checkout import buy
from bot.services.orders.place import RecentOffers, find_orders_to_place, place_order
from bot.services.orders.quote import make_quote
from bot.services.payments.crediting import StarCharge, payload_of
from bot.services.selling.access import check_access
from bot.services.shop import Policy, Shop
from bot.services.wallet.credit import Credit, credit_wallet
from bot.suppliers.oneclickdz import OneClickDz
from bot.sweeps import Sweep, build_sweeps
from bot.vault import AesVault, new_key, parse_keys
from storage.store import Store

OPERATOR = 900
START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


# The sweeps that tests play, in this order; what runs at night or at a start they call themselves.
_PLAYED = (
    Job.PLACE,
    Job.RECONCILE,
    Job.POLL,
    Job.SILENCE,
    Job.WATCH,
    Job.BALANCE,
    Job.PAYMENTS,
    Job.PAYMENT_REFUNDS,
    Job.UNPAID,
    Job.REMINDERS,
    Job.ALERTS,
    Job.OUTBOX,
    Job.HIDE,
)


class HarnessClock:
    """Time that passes only when it is told to, or when somebody sleeps."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    def pass_time(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Sent:
    kind: str
    user_id: int
    order: Order | None = None
    codes: tuple[str, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)
    again: bool = False
    payment: Payment | None = None
    note: PaymentNote | None = None


class RecordingSender:
    """Implements the Sender port: keeps what was said, and fails when told to."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.failures: list[Exception] = []
        self.masked: list[int] = []
        self.statuses: list[tuple[Order, str]] = []
        self._ids = 1000

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)

    async def send_codes(
        self, customer: Customer, order: Order, code_message: CodeMessage, *, again: bool
    ) -> int:
        self._fail()
        codes = tuple(card.value for card in code_message.cards)
        self.sent.append(Sent("codes", customer.id, order, codes, again=again))
        self._ids += 1
        return self._ids

    async def mask_codes(
        self,
        customer: Customer,
        order: Order,
        message: SentCodeMessage,
        masks: Sequence[str],
        first: int,
    ) -> None:
        self._fail()
        self.masked.append(message.message_id)

    async def send_returned(self, customer: Customer, order: Order, wallet_minor: int) -> None:
        self._fail()
        self.sent.append(Sent("returned", customer.id, order))

    async def update_status(self, customer: Customer, order: Order, step: str) -> None:
        self.statuses.append((order, step))

    async def send_credited(self, customer: Customer, data: Mapping[str, str]) -> None:
        self._fail()
        self.sent.append(Sent("credited", customer.id, data=data))

    async def send_payment(self, customer: Customer, payment: Payment, note: PaymentNote) -> None:
        self._fail()
        self.sent.append(Sent("payment", customer.id, note.order, payment=payment, note=note))

    async def send_receipt(
        self, operator: Customer, payment: Payment, receipt: Receipt, same: Sequence[Payment]
    ) -> None:
        self._fail()
        ids = tuple(p.reference for p in same)
        data = {"receipt": receipt.unique_id}
        self.sent.append(Sent("receipt", operator.id, payment=payment, codes=ids, data=data))

    async def send_ended(self, customer: Customer, order: Order, wallet_minor: int) -> None:
        self._fail()
        self.sent.append(Sent("ended", customer.id, order))

    async def send_reminder(
        self, customer: Customer, order: Order, expires_at: datetime, days: int
    ) -> None:
        self._fail()
        self.sent.append(Sent("reminder", customer.id, order, data={"days": str(days)}))

    def payments(self, user_id: int = 1) -> list[str]:
        """What this customer was told of their payments, in order."""
        return [s.note.what for s in self.sent if s.note and s.user_id == user_id]

    async def send_alert(self, customer: Customer, data: Mapping[str, str]) -> None:
        self._fail()
        self.sent.append(Sent("alert", customer.id, data=data))

    def alerts(self, kind: str = "") -> list[Mapping[str, str]]:
        return [s.data for s in self.sent if s.kind == "alert" and kind in s.data["alert"]]

    def codes_of(self, user_id: int) -> list[str]:
        return [
            code
            for s in self.sent
            if s.kind == "codes" and s.user_id == user_id
            for code in s.codes
        ]


POLICY = Policy(
    admin_ids=frozenset({OPERATOR}),
    pricing=PricingPolicy(Markup(Decimal(8)), 1000, 1000),
    max_quantity=10,
    stock_reserve=0,
    hidden_categories=frozenset({"mobile & internet"}),
    quote_lifetime=timedelta(minutes=10),
    catalogue_lifetime=timedelta(hours=24),
    price_lifetime=timedelta(seconds=60),
    codes_visible_for=timedelta(hours=24),
    shown_again_for=timedelta(minutes=10),
    reveals_per_order=3,
    reveals_per_hour=20,
    balance_alert_minor=500_000,
    balance_floor_minor=0,
    return_unbought_after=timedelta(hours=2),
    time_zone=ZoneInfo("Africa/Algiers"),
    nightly_at=time(3, 30),
    payment_window=timedelta(hours=24),
    confirm_above_minor=10**9,
    daily_cap_minor=0,
    expiry_reminders=frozenset({30, 7, 1}),
    star_rate=StarRate(150),
    transfer_instructions={"en": "CCP 0012345678 key 90", "fr": "CCP", "ar": "CCP"},
)
LIMITS = Limits(20_000, 20_000_000)


class FakeStarsGateway:
    """Implements the StarsGateway port: Telegram's side of payments in Stars, as tests say."""

    def __init__(self, clock: HarnessClock) -> None:
        self.clock = clock
        self.invoices: list[Payment] = []
        self.refunded: list[str] = []
        self.listed: list[StarMovement] = []
        self.failures: list[Exception] = []
        self.told: list[StarCharge] = []  # what Telegram said, and says again after a crash

    def pay(self, payment: Payment, charge_id: str) -> StarCharge:
        """The customer pays a bill; Telegram's word of it."""
        charge = StarCharge(payment.user_id, payload_of(payment), payment.stars, charge_id)
        self.list(charge_id, payment.user_id, payment.stars, charge.payload)
        self.told.append(charge)
        return charge

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)

    async def send_invoice(self, customer: Customer, payment: Payment) -> None:
        self._fail()
        self.invoices.append(payment)

    async def refund(self, user_id: int, charge_id: str) -> None:
        self._fail()
        if charge_id not in self.refunded:
            self.refunded.append(charge_id)
            came = next((m for m in self.listed if m.charge_id == charge_id), None)
            if came is not None:
                self.listed.append(replace(came, back=True, at=self.clock.now()))

    async def movements(self, since: datetime) -> Sequence[StarMovement]:
        self._fail()
        return [m for m in self.listed if m.at >= since]

    def list(self, charge_id: str, user_id: int, stars: int, payload: str = "") -> None:
        self.listed.append(
            StarMovement(charge_id, user_id, stars, payload, self.clock.now(), back=False)
        )


class ShopHarness:
    """A shop with its supplier's book. `customer(n)` is somebody with money in their wallet."""

    def __init__(
        self, store: Store, *, key_kind: str = "PRODUCTION", policy: Policy = POLICY
    ) -> None:
        self.clock = HarnessClock()
        self.payment_methods: dict[Method, PaymentMethod] = {}
        self.book = SupplierBook(now=self.clock.now, handling_seconds=3.0)
        self.api = SupplierApi(self.book)
        self.store = store
        self.supplier = self._adapter(self.book.add_key(key_kind))
        self.vault = AesVault(parse_keys(new_key("k1")))
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

    def _telegram(self, policy: Policy) -> tuple[Sender, StarsGateway]:
        """What stands for Telegram: it keeps what it is given."""
        return RecordingSender(), FakeStarsGateway(self.clock)

    def _transport(self) -> httpx.AsyncBaseTransport:
        return httpx.ASGITransport(app=self.api.app, raise_app_exceptions=False)

    def _suppliers(self) -> dict[str, Supplier]:
        return {self.supplier.name: self.supplier}

    def _shop(self, policy: Policy) -> Shop:
        return Shop(
            self.store,
            self._suppliers(),
            self.sender,
            self.clock,
            self.vault,
            policy,
            payment_methods=dict(self.payment_methods),
            stars_gateway=self.stars_gateway if Method.STARS in self.payment_methods else None,
        )

    def offer(self, *methods: Method) -> None:
        """Switch ways to pay on: none are, until a test says so."""
        made = (
            Transfer(LIMITS),
            OcPay(self.supplier),
            Stars(self.stars_gateway, StarRate(150), 10_000),
        )
        self.payment_methods = {
            one.method: one for one in made if one.method in (methods or Method)
        }
        self.shop.payment_methods = dict(self.payment_methods)
        self.shop.stars_gateway = (
            self.stars_gateway if Method.STARS in self.payment_methods else None
        )

    def restart(self) -> None:
        """A new process on the same database: memory is gone."""
        self.shop = self._shop(self.shop.policy)
        self._plan()

    def _plan(self) -> None:
        self.offers = RecentOffers()
        known = build_sweeps(self.shop, self.place, timedelta(seconds=30))
        by_job = {job: [s for s in known if s.job is job] for job in _PLAYED}
        self.sweeps = [sweep for job in _PLAYED for sweep in by_job[job]]
        self.agenda = Agenda(self.shop, self.sweeps)

    def set_policy(self, **changes: object) -> None:
        self.shop.policy = replace(self.shop.policy, **changes)

    async def open(self) -> "ShopHarness":
        for name in self.shop.suppliers:
            await check_access(self.shop, name)
            await refresh_catalogue(self.shop, name)
        await welcome(self.shop, OPERATOR, "en")
        return self

    async def close(self) -> None:
        for supplier in self.shop.suppliers.values():
            await supplier.close()

    # --- customers ------------------------------------------------------------------------------

    async def customer(
        self, user_id: int = 1, dinars: int = 50_000, locale: str = "en"
    ) -> Customer:
        customer = await welcome(self.shop, user_id, locale)
        if dinars:
            await self.credit(user_id, dinars)
        return customer

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

    # --- the sweeps, as jobs would run them -----------------------------------------------------

    async def place(self) -> None:
        for order in await find_orders_to_place(self.shop):
            await place_order(self.shop, order, self.offers)

    async def round(self) -> None:
        """Every sweep once, whether or not something is due; reminders at their interval alone."""
        for sweep in self.sweeps:
            at = self.agenda.next_of(sweep)
            if sweep.job is not Job.REMINDERS or at is None or at <= self.clock.now():
                await self._run_sweep(sweep)

    async def _run_sweep(self, sweep: Sweep) -> None:
        self.agenda.begin(sweep)
        await sweep.work()
        await self.agenda.end(sweep)

    async def run(self, seconds: float, step: float = 1.0) -> None:
        """Let the shop live for a while: time moves from one due time to the next."""
        until = self.clock.now() + timedelta(seconds=seconds)
        await self.round()
        while (at := self._next_time()) is not None and at < until:
            self.clock.moment = max(at, self.clock.moment)
            await self.run_due()
        self.clock.moment = max(until, self.clock.moment)
        await self.round()

    async def run_due(self) -> None:
        """The sweeps whose time has come."""
        for sweep in self.sweeps:
            due = self.agenda.next_of(sweep)
            if due is not None and due <= self.clock.now():
                await self._run_sweep(sweep)

    def _wake(self, wakes: Wakes) -> None:
        self.woken += [job for job, _ in wakes]
        self.agenda.wake(wakes)

    def _next_time(self) -> datetime | None:
        times = [self.agenda.next_of(sweep) for sweep in self.sweeps]
        return min([at for at in times if at is not None], default=None)

    async def reload(self) -> None:
        await load_shelf(self.shop)


async def books_agree(harness: ShopHarness) -> None:
    """The invariants that hold at every moment (DESIGN §1): money, codes, and the supplier's books."""
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
        assert (await tx.payments.contradicting_ledger())[1] == []
