"""kill -9 at random moments of a busy shop, then a look from outside: was anything lost, doubled or leaked?"""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from bot.clock import SystemClock
from bot.sandbox.payments.chargily_book import ChargilyBook
from bot.sandbox.simulation import OPERATOR_ID, both_suppliers, open_simulation
from bot.sandbox.supplier.card_payments import CardPayments
from bot.sandbox.supplier.vouchers import Outcome, VoucherBook
from bot.sandbox.telegram.rules import ApiError
from bot.sandbox.telegram.world import Person, buttons, labels
from bot.services.operations.audit import audit_books
from storage.store import Store
from storage.tables import codes, inbox, orders, payments
from tests.crash import own_codes
from tests.e2e.shop import Shopper, ShopProcess, credit, leaks

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
DINARS = 900_000
_FIRST_CUSTOMER = 5000
_QUIET_SECONDS = 300  # at most; a slow machine needs longer for what comes by itself
_BUYERS_PATIENCE_SECONDS = 10.0  # an answer that a killed shop owed may never come
_OWN_EACH = 8  # codes of the shop's own, for each customer and each kill


@dataclass
class Figures:
    """What was tried, and what was found; every value in `harm` must be zero."""

    kills: int = 0
    purchases_pressed: int = 0
    orders: int = 0
    supplier_orders: int = 0
    vouchers: int = 0  # of those, at the second supplier
    own_orders: int = 0  # and from the shop's own stock
    codes: int = 0
    payments: int = 0
    unpaid: int = 0  # orders that still wait for their money
    decided_by_operator: int = 0
    quarantine: int = 0
    harm: dict[str, int] = field(default_factory=dict)

    def lines(self) -> list[str]:
        tried = {k: v for k, v in vars(self).items() if k != "harm"}
        return [f"{k.replace('_', ' ')}: {v}" for k, v in {**tried, **self.harm}.items()]


AMAZON = {"category": "shopping › Amazon", "product": "Amazon.com", "value": "25 $"}
OWN = {
    "category": "streaming › Streaming",
    "product": own_codes.PRODUCT,
    "value": own_codes.LABEL.replace(" ", "\u00a0"),
}
WARES: tuple[dict[str, str], ...] = ({}, {}, AMAZON)
OUTCOMES = (None, Outcome.PARTIAL, Outcome.PARTIAL_CANCELLED, Outcome.PENDING, Outcome.CANCELLED)


class Buyer:
    """Buys, hides and looks again, for as long as the campaign lasts; a shop that is gone is waited for."""

    def __init__(
        self,
        shopper: Shopper,
        operator: Person,
        cards: CardPayments,
        chargily: ChargilyBook,
        vouchers: VoucherBook,
        chance: random.Random,
        figures: Figures,
        wares: Sequence[dict[str, str]],
    ) -> None:
        self.shopper = shopper
        self._operator = operator
        self._cards, self._chargily = cards, chargily
        self._vouchers = vouchers
        self._chance = chance
        self._figures = figures
        self._wares = wares

    async def keep_buying(self, ended: asyncio.Event) -> None:
        while not ended.is_set():
            try:
                await self._visit()
            except (TimeoutError, LookupError, KeyError):
                continue  # the shop was killed in the middle: as a person would, begin anew

    async def _visit(self) -> None:
        me, words = self.shopper.me, self.shopper.words
        if self._chance.random() < 0.4:
            await self._top_up()
        is_first = OWN in self._wares and not self._figures.purchases_pressed
        where = OWN if is_first else self._chance.choice(self._wares)
        if where is AMAZON:
            self._vouchers.next_outcome = self._chance.choice(OUTCOMES)
            for order_id in list(self._vouchers.orders):  # its staff at work
                self._vouchers.release(order_id)
        await self.shopper.to_confirm(self._chance.randint(1, 3), **where)
        confirm = me.chat.messages[self.shopper.walk]
        ways = {words.plain("button-buy"), words.plain("button-buy-pay")}
        label = next(label for label in labels(confirm) if label in ways)
        for _ in range(self._chance.choice((1, 1, 2))):
            await me.press(label, confirm)
            self._figures.purchases_pressed += 1
        await asyncio.sleep(self._chance.uniform(0, 2))
        for message in me.inbox[-3:]:
            if self._chance.random() < 0.3 and "hide:" in str(message.get("reply_markup")):
                await me.press(words.plain("button-hide"), message)

    async def _top_up(self) -> None:
        """In one of the ways; what was begun is paid, whatever becomes of the shop meanwhile."""
        me, way = self.shopper.me, self._chance.choice(("ocpay", "chargily", "stars", "transfer"))
        seen = len(me.inbox)
        dinars = 500 + 10 * self._chance.randrange(1000)
        await me.forge(f"top:{way}:{dinars}", me.chat.messages[self.shopper.walk])
        if way == "transfer":
            await self._send_receipt()
            return
        if way == "stars":
            await me.until(lambda me: len(me.inbox) > seen, 3)
            if "invoice" in me.screen:
                with contextlib.suppress(ApiError):
                    await me.pay(me.screen)
                    self._figures.payments += 1
            return
        await me.until(self._pay_newest, 3)
        self._figures.payments += 1

    def _pay_newest(self, me: Person) -> bool:
        """Pay on the newest page that can be paid; False where none is there yet."""
        links = [b["url"] for m in me.inbox for b in buttons(m) if "url" in b]
        return any(self._pay_on_page(link) for link in reversed(links))

    def _pay_on_page(self, link: str) -> bool:
        """Pay where a link leads to a page that can be paid, of whichever provider."""
        *_, checkout, ref = link.split("/")
        page, card = self._chargily.checkouts.get(checkout), self._cards.payments.get(ref)
        if page is not None and self._chargily.is_open(page):
            self._chargily.pay(checkout)
            return True
        if card is not None and card.status == "PENDING":
            self._cards.pay(ref)
            return True
        return False

    async def _send_receipt(self) -> None:
        """A picture; whichever receipt lies newest before the operator is accepted, twice."""
        await self.shopper.me.attach(PNG + self._chance.randbytes(4), "receipt.png", photo=True)
        await asyncio.sleep(1)
        receipts = [m for m in self._operator.inbox if "photo" in m and "accept:" in str(m)]
        for receipt in receipts[-1:]:
            for _ in range(2):
                await self._operator.press("Approve", receipt)
            self._figures.payments += 1


async def campaign(
    folder: Path, *, kills: int, customers: int, seed: int, say=lambda _client: None
) -> Figures:
    """Raises AssertionError at the first thing that is wrong with the shop itself (no start, a leak)."""
    chance, figures = random.Random(seed), Figures()
    async with open_simulation(handling_seconds=0.8) as simulation:
        simulation.book.calls_per_minute = 10**6
        simulation.book.balance *= 1000
        for category in simulation.book.categories:
            for good in category.products:
                for kind in good.denominations:
                    kind.quantity = 10**6
        shop = ShopProcess(
            simulation,
            folder,
            ONECLICKDZ_CALLS_PER_MINUTE="100000",
            LOG_LEVEL="ERROR",
            PAYMENT_METHODS="ocpay,chargily,stars,transfer",
            TRANSFER_INSTRUCTIONS_EN="CCP 00 1234567890",
            STARS_DINARS="2",
            STARSHIP_CALLS_PER_TEN_SECONDS="100000",
        )
        shop.settings |= both_suppliers(simulation) | {"SUPPLIERS": "oneclickdz,starship,own"}
        simulation.vouchers.burst = 10**6
        simulation.vouchers.balance *= 1000
        await shop.start()
        operator = simulation.world.person(OPERATOR_ID, "Operator", "en")
        await operator.ask_and_read("/start", "Gift-card codes")
        own = await own_codes.load(shop, _OWN_EACH * (customers + kills))
        assert await shop.stop() == 0  # the next process shows what another one has loaded at once
        await shop.start()
        buyers = [
            await make_buyer(simulation, operator, n, chance, figures, (*WARES, OWN, OWN))
            for n in range(customers)
        ]
        ended = asyncio.Event()
        working = [asyncio.create_task(buyer.keep_buying(ended)) for buyer in buyers]
        began = time.monotonic()
        while figures.kills < kills:
            await asyncio.sleep(chance.uniform(0.0, 2.0))
            await shop.kill()
            figures.kills += 1
            await shop.start()
            if figures.kills % 10 == 0:
                say(
                    f"{figures.kills} kills after {time.monotonic() - began:.0f} s, "
                    f"{len(simulation.book.orders)} orders at the supplier"
                )
        await asyncio.sleep(2)
        ended.set()
        await asyncio.gather(*working)
        await until_quiet(simulation, shop, operator, figures)
        assert await shop.stop() == 0
        await look(simulation, shop, buyers, figures, own)
    return figures


async def make_buyer(simulation, operator, number, chance, figures, wares=WARES) -> Buyer:
    user_id = _FIRST_CUSTOMER + number
    locale = ("en", "fr", "ar")[number % 3]
    shopper = Shopper(simulation.world.person(user_id, f"Customer {number}", locale))
    await shopper.enter()
    shopper.me.patience_seconds = _BUYERS_PATIENCE_SECONDS
    if number % 4:  # the others pay for each order as they go
        await credit(operator, user_id, DINARS)
    own = random.Random(chance.random())
    pages = simulation.book.cards, simulation.chargily
    return Buyer(shopper, operator, *pages, simulation.vouchers, own, figures, wares)


async def open_orders(database: str, cards: CardPayments, chargily: ChargilyBook):
    """Orders that are open, updates that wait and that were set aside; cards that were paid and not asked for
    yet count as waiting."""
    store = Store(database)
    try:
        async with store._reader.connect() as db:
            rows = (await db.execute(select(orders).where(orders.c.settled_at.is_(None)))).all()
            waiting = (
                await db.execute(
                    select(inbox.c.update_id).where(
                        inbox.c.handled_at.is_(None), inbox.c.quarantined_at.is_(None)
                    )
                )
            ).all()
            aside = (
                await db.execute(
                    select(inbox.c.update_id).where(inbox.c.quarantined_at.is_not(None))
                )
            ).all()
            unpaid = (
                await db.execute(
                    select(payments.c.external_id).where(
                        payments.c.state.in_(("open", "expired")),
                        payments.c.due_at.is_not(None),
                        payments.c.external_id.is_not(None),
                    )
                )
            ).scalars()
            took = {ref for ref, card in cards.payments.items() if card.status == "CONFIRMED"}
            took |= {ref for ref, page in chargily.checkouts.items() if page.status == "paid"}
            coming = took & set(unpaid)
            return rows, len(waiting) + len(coming), len(aside)
    finally:
        await store.close()


async def until_quiet(simulation, shop, operator, figures) -> None:
    """All orders ended; what never reached the supplier is an operator's to decide, as in life."""
    for second in range(_QUIET_SECONDS):
        for order_id in list(simulation.vouchers.orders):
            simulation.vouchers.release(order_id)
        rows, waiting, aside = await open_orders(
            shop.settings["DATABASE_URL"], simulation.book.cards, simulation.chargily
        )
        if aside:
            figures.quarantine = max(figures.quarantine, aside)
            alert = await operator.ask_and_read("/attention", "set aside")
            await operator.press("Retry the messages", alert)
            await asyncio.sleep(3)
        unpaid = all(row.state == "awaiting_payment" for row in rows)
        if unpaid and not waiting:
            break
        if second >= 20 and second % 10 == 0:
            for row in (r for r in rows if r.state == "unconfirmed"):
                question = await operator.ask_and_read(f"/refund {row.id} no trace", "may still")
                await operator.press("Refund", question)
                figures.decided_by_operator += 1
        await asyncio.sleep(1)
    await asyncio.sleep(2)


async def look(simulation, shop, buyers, figures, own: Sequence[str] = ()) -> None:
    """The suppliers' books, what each customer saw, the ledger. `own`: the shop's own codes."""
    store = Store(shop.settings["DATABASE_URL"])
    try:
        async with store._reader.connect() as db:
            rows = (await db.execute(select(orders))).all()
            paid = {
                row.external_id: row
                for row in (await db.execute(select(payments))).all()
                if row.external_id
            }
            stored = len((await db.execute(select(codes.c.position))).all())
            reserved = await own_codes.handed_out(db, own) if own else {}
        found = await audit_books(store, SystemClock())
    finally:
        await store.close()
    handed_out = {c["value"]: o.id for o in simulation.book.orders.values() for c in o.cards}
    vouchers = {str(o.id): o for o in simulation.vouchers.orders.values()}
    handed_out |= {
        v["card_number"]: number
        for number, o in vouchers.items()
        for v in o.vouchers[: o.shown_vouchers]
    }
    handed_out |= reserved
    ours = set(reserved.values())
    there = set(simulation.book.orders) | set(vouchers) | ours
    seen = Counter[str]()
    to_whom: dict[str, set[int]] = {}
    for buyer in buyers:
        for code in set(buyer.shopper.me.ever_saw()) & (set(handed_out) | set(own)):
            to_whom.setdefault(code, set()).add(buyer.shopper.me.id)
            seen[code] += 1
    owner = {r.supplier_order_id: r.user_id for r in rows if r.supplier_order_id}
    bound = [r.supplier_order_id for r in rows if r.supplier_order_id]
    figures.orders, figures.supplier_orders = len(rows), len(there)
    figures.vouchers, figures.own_orders = len(vouchers), len(ours)
    figures.codes = len(handed_out)
    figures.unpaid = sum(r.state == "awaiting_payment" for r in rows)
    figures.harm = {
        "codes lost": len(handed_out) - stored + len(set(handed_out) - set(to_whom)),
        "codes to a second person": sum(
            who != {owner.get(handed_out.get(code, ""))} for code, who in to_whom.items()
        ),
        "bought twice": len(there - set(bound)) + len(bound) - len(set(bound)),
        "payments not credited": _adrift(simulation, paid),
        "orders that did not end": sum(
            r.settled_at is None and r.state != "awaiting_payment" for r in rows
        ),
        "differences in the books": sum(len(it.differences) for it in found),
        "files with a code in clear": len(leaks(shop.folder, [*handed_out, *own])),
    }


def _adrift(simulation, paid) -> int:
    """Payments that a provider took and that are not in a wallet as often and as much as they were made."""
    took = {
        ref: card.amount
        for ref, card in simulation.book.cards.payments.items()
        if card.status == "CONFIRMED"
    }
    took |= {
        ref: page.amount
        for ref, page in simulation.chargily.checkouts.items()
        if page.status == "paid"
    }
    cards = [
        ref
        for ref, amount in took.items()
        if ref not in paid or paid[ref].state != "credited" or paid[ref].paid_minor != amount * 100
    ]
    stars = [
        movement["id"]
        for movement in simulation.world.stars.transactions
        if movement["id"] not in paid
        or paid[movement["id"]].state != "credited"
        or paid[movement["id"]].paid_minor != movement["amount"] * 200
    ]
    return len(cards) + len(stars)
