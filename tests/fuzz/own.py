"""Every fault at every call of the own stock, and of Telegram beside it: no code twice, and none lost."""

import random
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.domain.orders import OrderState
from bot.domain.supplier import OWN
from bot.errors import HanoutError, StorageFailure
from bot.sandbox.supplier.faults import Fault
from bot.services.operations.audit import audit_books, audit_supplier
from bot.services.selling.access import check_access
from storage.repositories.audit import QUARANTINED
from storage.tables import orders, own_codes
from tests.database import store_at
from tests.fuzz.faults import (
    KARIM,
    LINA,
    TELEGRAM_FAULTS,
    Tally,
    close_bot,
    everything_seen,
    impatient,
    live,
    patiently,
)
from tests.harness import books_agree
from tests.own_stock import OwnBotHarness, codes_of

SAMI = 7
BUYERS = (LINA, KARIM, SAMI)  # two codes each
LOADED = (
    codes_of(3),
    codes_of(2, first=100),
)  # a batch each: one buyer gets none, and one code stays
CALLS = ("catalogue", "offers", "reserve", "cards", "reservations")
_OF_TELEGRAM = ("getUpdates", "sendMessage", "editMessageText", "answerCallbackQuery")


@dataclass(frozen=True)
class Failure:
    """The database is silent at a call of the stock; `arrived`: what was asked is committed all the same."""

    call: str
    arrived: bool
    times: int


Case = Failure | Fault


@dataclass
class FaultyStock:
    """Carries calls to the stock; `failures` strike those of their name."""

    inner: Any
    failures: list[Failure] = field(default_factory=list)
    struck: int = 0

    def __getattr__(self, call: str) -> Any:
        carry = getattr(self.inner, call)

        async def strike(*asked: object) -> Any:
            failing = next((one for one in self.failures if one.call == call), None)
            if failing is None:
                return await carry(*asked)
            self.failures.remove(failing)
            self.failures += [replace(failing, times=failing.times - 1)] * (failing.times > 1)
            self.struck += 1
            if failing.arrived:
                await carry(*asked)
            raise StorageFailure("silence")

        return strike


def matrix(share: int = 1, seed: int = 0) -> list[Case]:
    """Each failure and each fault once and five times in a row; or one of `share` of them."""
    failures: list[Case] = [
        Failure(call, arrived, times)
        for call in CALLS
        for arrived in (False, True)
        for times in (1, 5)
    ]
    faults: list[Case] = [
        replace(fault, path=call, times=times)
        for call in _OF_TELEGRAM
        for fault in TELEGRAM_FAULTS
        for times in (1, 5)
    ]
    cases = failures + faults
    return random.Random(seed).sample(cases, len(cases) // share)


def name_of(case: Case) -> str:
    if isinstance(case, Failure):
        return f"{case.call} {'arrived' if case.arrived else 'lost'} x{case.times}"
    return f"{case.path} {case.kind} {case.status} x{case.times}"


async def play(empty: Path, case: Case) -> Tally:
    """Three people press to buy two of five codes each while the case strikes."""
    tally = Tally(tried=1)
    folder = Path(tempfile.mkdtemp())
    shutil.copy(empty, folder / "hanout.db")
    impatient()
    shop = OwnBotHarness(store_at(folder / "hanout.db"), both=True)
    stock = FaultyStock(shop.own._stock)
    try:
        await shop.open()
        for codes in LOADED:
            await shop.load(codes)
        shop.own._stock = stock
        for user_id in BUYERS:
            await shop.person(user_id).say("/start")
            await shop.pump()
            await shop.credit(user_id, 50_000)
        if isinstance(case, Failure):
            stock.failures.append(case)
        else:
            shop.telegram.faults.append(replace(case))
        for user_id in BUYERS:
            await _press_to_buy(shop, user_id)
            await live(shop, tally, 5, 1)
        await live(shop, tally, 700, 20)
        tally.struck = stock.struck + shop.telegram.struck
        stock.failures.clear()
        shop.telegram.faults.clear()
        await patiently(shop, tally, lambda: check_access(shop.shop, OWN))
        for user_id in BUYERS:  # who was thought to have gone writes again
            await shop.person(user_id).say("/orders")
        await live(shop, tally, 120, 10)
        await _look(shop, tally, folder)
    except (HanoutError, AssertionError, TimeoutError) as error:
        tally.harm.append(f"{type(error).__name__}: {str(error)[:200]}")
    finally:
        await close_bot(shop)
        shutil.rmtree(folder)
    tally.harm = [f"{name_of(case)}: {harm}" for harm in tally.harm]
    return tally


async def _press_to_buy(shop: OwnBotHarness, user_id: int) -> None:
    """As far as the faults let it go."""
    who = shop.person(user_id)
    ours = next(one for one in shop.shop.shelf.products.values() if one.supplier == OWN)
    await who.say(f"/start p_{ours.id}")
    await shop.pump_through()
    for step in ("den:", "qty:.*:2$", "buy:"):
        if not await shop.press_newest(who, step):
            return


async def _look(shop: OwnBotHarness, tally: Tally, folder: Path) -> None:
    """Every order ended; a code is one order's or on sale, was read by whoever bought it, and by nobody else."""
    await books_agree(shop)
    found = await audit_books(shop.store, shop.clock)
    found += await audit_supplier(shop.store, shop.own, shop.clock, timedelta(days=1))
    differences = [str(one) for audited in found for one in audited.differences]
    tally.harm += [text for text in differences if not text.startswith(QUARANTINED)]
    async with shop.store._reader.connect() as db:
        rows = (await db.execute(select(orders))).all()
        places = own_codes.c.batch_id, own_codes.c.position
        stored = (await db.execute(select(own_codes).order_by(*places))).all()
    texts = [code for batch in LOADED for code in batch]
    if len(stored) != len(texts):
        tally.harm.append(f"{len(stored)} codes of {len(texts)} are stored")
    owner = {row.supplier_order_id: row.user_id for row in rows if row.supplier_order_id}
    for code, row in zip(texts, stored, strict=False):
        readers = {one for one in shop.world.people if code in everything_seen(shop, one)}
        if readers != ({owner.get(row.reservation)} if row.reservation else set()):
            tally.harm.append(f"{readers} read a code of {owner.get(row.reservation)}")
        if row.set_aside:
            tally.harm.append(f"a code was set aside: {row.set_aside}")
    for row in rows:
        tally.ended[row.attention or row.state] += 1
        mine = sum(one.reservation == row.supplier_order_id for one in stored)
        wanted = row.quantity if row.state == OrderState.FULFILLED else 0
        if row.settled_at is None and row.attention is None:
            tally.harm.append(f"order {row.id} is still {row.state}")
        elif row.supplier_order_id and mine != wanted:
            tally.harm.append(f"order {row.id} ({row.state}) has {mine} codes")
    for path in folder.rglob("*"):
        if path.is_file() and b"CANARY-" in path.read_bytes():
            tally.harm.append(f"{path.name} holds a code in clear")
