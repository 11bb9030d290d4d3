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
CARD_CALLS = ("checkouts",)  # of Chargily: a link is made, asked about, listed
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
    """(transport, call, fault), each once and five times in a row."""
    tables = (
        ("supply", SUPPLIER_CALLS, SUPPLIER_FAULTS),
        ("cards", CARD_CALLS, SUPPLIER_FAULTS),
        ("telegram", TELEGRAM_CALLS, TELEGRAM_FAULTS),
    )
    return [
        (transport, call, replace(fault, path=call, times=times))
        for transport, calls, faults in tables
        for call in calls
        for fault in faults
        for times in (1, 5)
    ]


def name_of(case: Case) -> str:
    transport, call, fault = case
    return f"{transport} {call} {fault.kind} {fault.status} {fault.code[:20]} x{fault.times}"


def impatient() -> None:
    """The order of things is tried here, not patience."""
    retries.WAITS_SECONDS = retries.UNSURE_WAITS_SECONDS = (0.0,) * 4


async def open_bot(empty: Path, folder: Path) -> BotHarness:
    shutil.copy(empty, folder / "hanout.db")
    impatient()
    bot_harness = await BotHarness(store_at(folder / "hanout.db")).open()
    bot_harness.set_policy(max_quantity=50)
    bot_harness.offer()
    bot_harness.book.balance *= 1000
    bot_harness.kind().quantity = 10_000
    for user_id in (LINA, KARIM):
        await bot_harness.person(user_id).say("/start")
        await bot_harness.pump()
        await bot_harness.credit(user_id, 500_000)
    return bot_harness


async def close_bot(bot_harness: BotHarness) -> None:
    await bot_harness.close()
    await bot_harness.store.close()


async def play(empty: Path, case: Case) -> Tally:
    """One fault while Lina and Karim buy; Lina a document of codes."""
    transport, _, fault = case
    tally = Tally(tried=1)
    folder = Path(tempfile.mkdtemp())
    bot_harness = await open_bot(empty, folder)
    try:
        await bot_harness.denomination()
        getattr(bot_harness, transport).faults.append(replace(fault))
        await _buy_and_hide(bot_harness, tally)
        tally.struck = bool(getattr(bot_harness, transport).struck)
        await look(bot_harness, tally)
    except (HanoutError, AssertionError, TimeoutError) as error:
        tally.harm.append(f"{type(error).__name__}: {str(error)[:200]}")
    finally:
        await close_bot(bot_harness)
        shutil.rmtree(folder)
    tally.harm = [f"{name_of(case)}: {harm}" for harm in tally.harm]
    return tally


async def _buy_and_hide(bot_harness: BotHarness, tally: Tally) -> None:
    lina, karim = bot_harness.person(LINA), bot_harness.person(KARIM)
    await patiently(bot_harness, tally, lambda: check_access(bot_harness.shop, "oneclickdz"))
    await patiently(bot_harness, tally, bot_harness.refresh)
    await bot_harness.press_to_buy(karim, 2)
    await bot_harness.type_to_buy(lina, _STRANGE)
    await pay_in_each_way(bot_harness, karim)
    await live(bot_harness, tally, 20, 1)
    await give_stars_back(bot_harness)
    await bot_harness.press(lina, "hide:2", _last_with_codes(lina))
    await audit_now(bot_harness.shop)
    await live(bot_harness, tally, 1300, 20)
    bot_harness.supply.faults.clear()
    bot_harness.cards.faults.clear()
    bot_harness.telegram.faults.clear()
    await check_access(bot_harness.shop, "oneclickdz")
    for person in (lina, karim):  # who was thought to have gone writes again
        await person.say("/orders")
    await live(bot_harness, tally, 300, 10)


async def pay_in_each_way(bot_harness: BotHarness, who) -> None:
    """Top up by card, in Stars and by transfer, as far as the faults let it go."""
    await bot_harness.pay_by_card(who)
    await bot_harness.pay_at_chargily(who)
    await bot_harness.pay_in_stars(who)
    await bot_harness.pay_by_transfer(who, bot_harness.person(OPERATOR))


async def give_stars_back(bot_harness: BotHarness) -> None:
    """An operator returns the newest payment in Stars, if it is there."""
    async with bot_harness.store._reader.connect() as db:
        rows = await db.execute(
            select(payments.c.id).where(
                payments.c.method == "stars", payments.c.state == "credited"
            )
        )
        found = list(rows.scalars())
    for payment_id in found[-1:]:
        operator = bot_harness.person(OPERATOR)
        await bot_harness.press(operator, f"return:{payment_id}")
        await bot_harness.press_newest(operator, "back:.*:1")


def _last_with_codes(person):
    from bot.sandbox.telegram.world import spoilers

    with_codes = [m for m in person.inbox if spoilers(m) or "document" in m]
    return with_codes[-1] if with_codes else None


async def patiently(bot_harness: BotHarness, tally: Tally, work) -> None:
    """As a sweep is run: what the shop raises on purpose waits for the next round."""
    try:
        await work()
    except HanoutError:
        return


async def live(bot_harness: BotHarness, tally: Tally, seconds: float, step: float) -> None:
    end = bot_harness.clock.now().timestamp() + seconds
    while bot_harness.clock.now().timestamp() < end:
        await patiently(bot_harness, tally, bot_harness.pump_through)
        await patiently(bot_harness, tally, bot_harness.round)
        bot_harness.clock.pass_time(step)


async def look(bot_harness: BotHarness, tally: Tally) -> None:
    """The invariants from outside, and how each order ended."""
    await books_agree(bot_harness)
    found = await audit_books(bot_harness.store, bot_harness.clock)
    differences = [str(d) for it in found for d in it.differences]
    tally.harm += [text for text in differences if not text.startswith(QUARANTINED)]
    async with bot_harness.store._reader.connect() as db:
        rows = (await db.execute(select(orders))).all()
        aside = await db.execute(select(inbox.c.trouble).where(inbox.c.quarantined_at.is_not(None)))
        tally.ended["updates set aside"] += len(aside.all())
    bound = [row.supplier_order_id for row in rows if row.supplier_order_id]
    if set(bound) != set(bot_harness.book.orders) or len(bound) != len(set(bound)):
        tally.harm.append("bought twice, or bought for nobody")
    for row in rows:
        tally.ended[row.attention or row.state] += 1
        if row.settled_at is None and row.attention is None:
            tally.harm.append(f"order {row.id} is still {row.state}")
        if row.state in (OrderState.FULFILLED, OrderState.PARTIAL):
            tally.harm += _unseen(bot_harness, row)
    tally.harm += _seen_by_others(bot_harness, rows)
    tally.harm += await _money_adrift(bot_harness)


async def _money_adrift(bot_harness: BotHarness) -> list[str]:
    """What the providers took in their customers' names, against what lies here."""
    async with bot_harness.store._reader.connect() as db:
        rows = (await db.execute(select(payments))).all()
        aside = await db.execute(
            select(inbox.c.update_id).where(inbox.c.quarantined_at.is_not(None))
        )
        waits = bool(aside.all())  # a payment among them is kept for an operator
    here = {row.external_id: row for row in rows if row.external_id}
    harm = []
    for ref, card in bot_harness.book.cards.payments.items():
        if card.status == "CONFIRMED" and ref in here:
            row = here[ref]
            if row.state != "credited" or row.paid_minor != card.amount * 100:
                harm.append(f"a card paid {card.amount}, and {row.state} {row.paid_minor} is here")
    for checkout in bot_harness.chargily.checkouts.values():
        if checkout.status == "paid" and checkout.id in here:
            row = here[checkout.id]
            if row.state != "credited" or row.paid_minor != checkout.amount * 100:
                took = f"Chargily took {checkout.amount}"
                harm.append(f"{took}, and {row.state} {row.paid_minor} is here")
    for movement in bot_harness.world.stars.transactions:
        bill, back = here.get(movement["id"]), movement["id"] in bot_harness.world.stars.refunded
        expected = ("returned",) if back else ("credited", "held")
        if (bill is None or bill.state not in expected) and not waits:
            harm.append(f"Stars moved, and {bill.state if bill else 'nothing'} is here")
    harm += [f"payment {row.id} is still {row.state}" for row in rows if row.state == "returning"]
    return harm


def _unseen(bot_harness: BotHarness, row) -> list[str]:
    cards = bot_harness.book.orders[row.supplier_order_id].cards
    seen = everything_seen(bot_harness, row.user_id)
    lost = [card for card in cards if card["value"] not in seen]
    return [f"order {row.id}: {len(lost)} codes were never seen"] if lost else []


def _seen_by_others(bot_harness: BotHarness, rows) -> list[str]:
    owners = {row.supplier_order_id: row.user_id for row in rows}
    return [
        f"{person} saw a code of {owners.get(order.id)}"
        for order in bot_harness.book.orders.values()
        for person in bot_harness.world.people
        if person != owners.get(order.id)
        for card in order.cards
        if card["value"] in everything_seen(bot_harness, person)
    ]


def everything_seen(bot_harness: BotHarness, user_id: int) -> str:
    """All that the shop ever said in this chat, files too."""
    said = bot_harness.world.chat(user_id).log
    log = [m for m in said if m.get("from", {}).get("id") == bot_harness.world.me["id"]]
    texts = [str(message.get("text", "")) + str(message.get("caption", "")) for message in log]
    files = [
        bot_harness.world.files[message["document"]["file_id"]].content.decode(errors="replace")
        for message in log
        if "document" in message
    ]
    return "\n".join(texts + files)


async def play_mix(empty: Path, seed: int) -> Tally:
    """Four people buy while six random faults strike here and there."""
    chance, tally = random.Random(seed), Tally(tried=1)
    folder = Path(tempfile.mkdtemp())
    bot_harness = await open_bot(empty, folder)
    try:
        await bot_harness.denomination()
        people = [bot_harness.person(LINA), bot_harness.person(KARIM)]
        for _ in range(6):
            transport, _, fault = chance.choice(matrix())
            getattr(bot_harness, transport).faults.append(replace(fault))
            await bot_harness.press_to_buy(chance.choice(people), chance.randint(1, 3))
            if chance.random() < 0.5:
                await pay_in_each_way(bot_harness, chance.choice(people))
            await live(bot_harness, tally, chance.choice((1, 5, 30)), 1)
            if chance.random() < 0.2:
                bot_harness.kind().quantity = 0
        await live(bot_harness, tally, 1300, 20)
        bot_harness.supply.faults.clear()
        bot_harness.cards.faults.clear()
        bot_harness.telegram.faults.clear()
        await check_access(bot_harness.shop, "oneclickdz")
        for person in people:
            await person.say("/orders")
        await live(bot_harness, tally, 400, 10)
        harnessed = (bot_harness.supply, bot_harness.cards, bot_harness.telegram)
        tally.struck = sum(transport.struck for transport in harnessed)
        await look(bot_harness, tally)
    except (HanoutError, AssertionError, TimeoutError) as error:
        tally.harm.append(f"{type(error).__name__}: {str(error)[:200]}")
    finally:
        await close_bot(bot_harness)
        shutil.rmtree(folder)
    tally.harm = [f"mix {seed}: {harm}" for harm in tally.harm]
    return tally
