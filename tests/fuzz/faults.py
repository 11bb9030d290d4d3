"""Every fault at every call, alone and in seeded mixes; afterwards every order has ended rightly."""

import random
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import select

from bot.domain.orders import OrderState
from bot.errors import HanoutError
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.operations.audit import audit_books
from bot.services.operations.nightly import audit_now
from bot.services.selling.access import check_access
from handlers.middleware import retries
from storage.repositories.audit import QUARANTINED
from storage.tables import inbox, orders, payments
from tests.bot_harness import BotHarness
from tests.database import store_at
from tests.harness import OPERATOR, books_agree

SUPPLIER_CALLS = (
    "validate",
    "catalog",
    "checkProduct",
    "placeOrder",
    "checkOrder",
    "gift-cards/list",
    "balance",
    "transactions",
    "createLink",
    "checkPayment",
)
TELEGRAM_CALLS = (
    "getUpdates",
    "sendMessage",
    "editMessageText",
    "answerCallbackQuery",
    "sendDocument",
    "editMessageMedia",
    "sendInvoice",
    "answerPreCheckoutQuery",
    "sendPhoto",
    "editMessageCaption",
    "refundStarPayment",
    "getStarTransactions",
)
BOTH = (
    Fault(FaultKind.SILENCE_BEFORE),
    Fault(FaultKind.SILENCE_AFTER),
    Fault(FaultKind.RESET_BEFORE),
    Fault(FaultKind.RESET_AFTER),
    Fault(FaultKind.HTML, status=502),
    Fault(FaultKind.GARBAGE),
    Fault(FaultKind.TORN),
)
SUPPLIER_FAULTS = (
    *BOTH,
    Fault(FaultKind.STATUS, status=500),
    Fault(FaultKind.STATUS_AFTER, status=500),
    Fault(FaultKind.STATUS, status=503, code="AUTH_UNAVAILABLE"),
    Fault(FaultKind.STATUS, status=429, code="RATE_LIMIT_EXCEEDED", retry_after=3),
    Fault(FaultKind.STATUS, status=401, code="INVALID_ACCESS_TOKEN"),
    Fault(FaultKind.STATUS, status=400, code="ERR_VALIDATION"),
    Fault(FaultKind.STATUS, status=418, code="NEVER_HEARD_OF"),
)
TELEGRAM_FAULTS = (
    *BOTH,
    Fault(FaultKind.STATUS, status=500, code="Internal Server Error"),
    Fault(FaultKind.STATUS_AFTER, status=500, code="Internal Server Error"),
    Fault(FaultKind.STATUS, status=429, code="Too Many Requests: retry after 3", retry_after=3),
    Fault(FaultKind.STATUS, status=403, code="Forbidden: bot was blocked by the user"),
    Fault(FaultKind.STATUS, status=400, code="Bad Request: chat not found"),
)
LINA, KARIM = 5, 6
_STRANGE = 45  # codes: as a document

Case = tuple[str, str, Fault]


@dataclass
class Tally:
    """What was tried and how it ended; `harm` names what must never be."""

    tried: int = 0
    struck: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    harm: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.tried += other.tried
        self.struck += other.struck
        self.ended += other.ended
        self.harm += other.harm


def matrix() -> list[Case]:
    """(cable, call, fault), each once and five times in a row."""
    tables = (
        ("supply", SUPPLIER_CALLS, SUPPLIER_FAULTS),
        ("telegram", TELEGRAM_CALLS, TELEGRAM_FAULTS),
    )
    return [
        (cable, call, replace(fault, path=call, times=times))
        for cable, calls, faults in tables
        for call in calls
        for fault in faults
        for times in (1, 5)
    ]


def name_of(case: Case) -> str:
    cable, call, fault = case
    return f"{cable} {call} {fault.kind} {fault.status} {fault.code[:20]} x{fault.times}"


async def open_wire(empty: Path, folder: Path) -> BotHarness:
    shutil.copy(empty, folder / "hanout.db")
    retries.WAITS_SECONDS = (0.0,) * 4  # the order of things is tried here, not patience
    wire = await BotHarness(store_at(folder / "hanout.db")).open()
    wire.set_policy(max_quantity=50)
    wire.offer()
    wire.book.balance *= 1000
    wire.kind().quantity = 10_000
    for user_id in (LINA, KARIM):
        await wire.person(user_id).say("/start")
        await wire.pump()
        await wire.credit(user_id, 500_000)
    return wire


async def close_wire(wire: BotHarness) -> None:
    await wire.close()
    await wire.store.close()


async def play(empty: Path, case: Case) -> Tally:
    """One fault while Lina and Karim buy; Lina a document of codes."""
    cable, _, fault = case
    tally = Tally(tried=1)
    folder = Path(tempfile.mkdtemp())
    wire = await open_wire(empty, folder)
    try:
        await wire.denomination()
        getattr(wire, cable).faults.append(replace(fault))
        await _buy_and_hide(wire, tally)
        tally.struck = bool(getattr(wire, cable).struck)
        await look(wire, tally)
    except (HanoutError, AssertionError, TimeoutError) as error:
        tally.harm.append(f"{type(error).__name__}: {str(error)[:200]}")
    finally:
        await close_wire(wire)
        shutil.rmtree(folder)
    tally.harm = [f"{name_of(case)}: {harm}" for harm in tally.harm]
    return tally


async def _buy_and_hide(wire: BotHarness, tally: Tally) -> None:
    lina, karim = wire.person(LINA), wire.person(KARIM)
    await patiently(wire, tally, lambda: check_access(wire.shop, "oneclickdz"))
    await patiently(wire, tally, wire.refresh)
    await wire.press_to_buy(karim, 2)
    await wire.type_to_buy(lina, _STRANGE)
    await pay_in_each_way(wire, karim)
    await live(wire, tally, 20, 1)
    await give_stars_back(wire)
    await wire.press(lina, "hide:2", _last_with_codes(lina))
    await audit_now(wire.shop)
    await live(wire, tally, 1300, 20)
    wire.supply.faults.clear()
    wire.telegram.faults.clear()
    await check_access(wire.shop, "oneclickdz")
    for person in (lina, karim):  # who was thought to have gone writes again
        await person.say("/orders")
    await live(wire, tally, 300, 10)


async def pay_in_each_way(wire: BotHarness, who) -> None:
    """Top up by card, in Stars and by transfer, as far as the faults let it go."""
    await wire.pay_by_card(who)
    await wire.pay_in_stars(who)
    await wire.pay_by_transfer(who, wire.person(OPERATOR))


async def give_stars_back(wire: BotHarness) -> None:
    """An operator returns the newest payment in Stars, if it is there."""
    async with wire.store._reader.connect() as db:
        rows = await db.execute(
            select(payments.c.id).where(
                payments.c.method == "stars", payments.c.state == "credited"
            )
        )
        found = list(rows.scalars())
    for payment_id in found[-1:]:
        operator = wire.person(OPERATOR)
        await wire.press(operator, f"return:{payment_id}")
        await wire.press_newest(operator, "back:.*:1")


def _last_with_codes(person):
    from bot.sandbox.telegram.world import spoilers

    with_codes = [m for m in person.inbox if spoilers(m) or "document" in m]
    return with_codes[-1] if with_codes else None


async def patiently(wire: BotHarness, tally: Tally, work) -> None:
    """As a sweep is run: what the shop raises on purpose waits for the next round."""
    try:
        await work()
    except HanoutError:
        return


async def live(wire: BotHarness, tally: Tally, seconds: float, step: float) -> None:
    end = wire.clock.now().timestamp() + seconds
    while wire.clock.now().timestamp() < end:
        await patiently(wire, tally, wire.pump_through)
        await patiently(wire, tally, wire.round)
        wire.clock.pass_time(step)


async def look(wire: BotHarness, tally: Tally) -> None:
    """The invariants from outside, and how each order ended."""
    await books_agree(wire)
    found = await audit_books(wire.store, wire.clock)
    differences = [str(d) for it in found for d in it.differences]
    tally.harm += [text for text in differences if not text.startswith(QUARANTINED)]
    async with wire.store._reader.connect() as db:
        rows = (await db.execute(select(orders))).all()
        aside = await db.execute(select(inbox.c.trouble).where(inbox.c.quarantined_at.is_not(None)))
        tally.ended["updates set aside"] += len(aside.all())
    bound = [row.supplier_order_id for row in rows if row.supplier_order_id]
    if set(bound) != set(wire.book.orders) or len(bound) != len(set(bound)):
        tally.harm.append("bought twice, or bought for nobody")
    for row in rows:
        tally.ended[row.attention or row.state] += 1
        if row.settled_at is None and row.attention is None:
            tally.harm.append(f"order {row.id} is still {row.state}")
        if row.state in (OrderState.FULFILLED, OrderState.PARTIAL):
            tally.harm += _unseen(wire, row)
    tally.harm += _seen_by_others(wire, rows)
    tally.harm += await _money_adrift(wire)


async def _money_adrift(wire: BotHarness) -> list[str]:
    """What the providers took in their customers' names, against what lies here."""
    async with wire.store._reader.connect() as db:
        rows = (await db.execute(select(payments))).all()
        aside = await db.execute(
            select(inbox.c.update_id).where(inbox.c.quarantined_at.is_not(None))
        )
        waits = bool(aside.all())  # a payment among them is kept for an operator
    here = {row.external_id: row for row in rows if row.external_id}
    harm = []
    for ref, card in wire.book.cards.payments.items():
        if card.status == "CONFIRMED" and ref in here:
            row = here[ref]
            if row.state != "credited" or row.paid_minor != card.amount * 100:
                harm.append(f"a card paid {card.amount}, and {row.state} {row.paid_minor} is here")
    for movement in wire.world.stars.transactions:
        bill, back = here.get(movement["id"]), movement["id"] in wire.world.stars.refunded
        expected = ("returned",) if back else ("credited", "held")
        if (bill is None or bill.state not in expected) and not waits:
            harm.append(f"Stars moved, and {bill.state if bill else 'nothing'} is here")
    harm += [f"payment {row.id} is still {row.state}" for row in rows if row.state == "returning"]
    return harm


def _unseen(wire: BotHarness, row) -> list[str]:
    cards = wire.book.orders[row.supplier_order_id].cards
    seen = everything_seen(wire, row.user_id)
    lost = [card for card in cards if card["value"] not in seen]
    return [f"order {row.id}: {len(lost)} codes were never seen"] if lost else []


def _seen_by_others(wire: BotHarness, rows) -> list[str]:
    owners = {row.supplier_order_id: row.user_id for row in rows}
    return [
        f"{person} saw a code of {owners.get(order.id)}"
        for order in wire.book.orders.values()
        for person in wire.world.people
        if person != owners.get(order.id)
        for card in order.cards
        if card["value"] in everything_seen(wire, person)
    ]


def everything_seen(wire: BotHarness, user_id: int) -> str:
    """All that the shop ever said in this chat, files too."""
    said = wire.world.chat(user_id).log
    log = [m for m in said if m.get("from", {}).get("id") == wire.world.me["id"]]
    texts = [str(message.get("text", "")) + str(message.get("caption", "")) for message in log]
    files = [
        wire.world.files[message["document"]["file_id"]].content.decode(errors="replace")
        for message in log
        if "document" in message
    ]
    return "\n".join(texts + files)


async def play_mix(empty: Path, seed: int) -> Tally:
    """Four people buy while six random faults strike here and there."""
    chance, tally = random.Random(seed), Tally(tried=1)
    folder = Path(tempfile.mkdtemp())
    wire = await open_wire(empty, folder)
    try:
        await wire.denomination()
        people = [wire.person(LINA), wire.person(KARIM)]
        for _ in range(6):
            cable, _, fault = chance.choice(matrix())
            getattr(wire, cable).faults.append(replace(fault))
            await wire.press_to_buy(chance.choice(people), chance.randint(1, 3))
            if chance.random() < 0.5:
                await pay_in_each_way(wire, chance.choice(people))
            await live(wire, tally, chance.choice((1, 5, 30)), 1)
            if chance.random() < 0.2:
                wire.kind().quantity = 0
        await live(wire, tally, 1300, 20)
        wire.supply.faults.clear()
        wire.telegram.faults.clear()
        await check_access(wire.shop, "oneclickdz")
        for person in people:
            await person.say("/orders")
        await live(wire, tally, 400, 10)
        tally.struck = wire.supply.struck + wire.telegram.struck
        await look(wire, tally)
    except (HanoutError, AssertionError, TimeoutError) as error:
        tally.harm.append(f"{type(error).__name__}: {str(error)[:200]}")
    finally:
        await close_wire(wire)
        shutil.rmtree(folder)
    tally.harm = [f"mix {seed}: {harm}" for harm in tally.harm]
    return tally
