"""Every fault at every call of the second supplier, for every way in which an order can go."""

import contextlib
import random
import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.errors import HanoutError
from bot.refusals import Refused
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.supplier.starship import StarshipApi
from bot.sandbox.supplier.vouchers import Outcome
from bot.services.operations.audit import audit_books, audit_supplier
from bot.services.selling.access import check_access
from storage.tables import orders
from tests.bot_harness import FaultyTransport
from tests.database import store_at
from tests.fuzz.faults import BOTH, Tally
from tests.harness import books_agree
from tests.vouchers import VoucherHarness

LINA, KARIM = 1, 2
CALLS = ("wallets", "products", "charges", "countries", "/orders", "/orders/")
FAULTS = (
    *BOTH,
    Fault(FaultKind.STATUS, status=500),
    Fault(FaultKind.STATUS_AFTER, status=500),
    Fault(FaultKind.STATUS_AFTER, status=409, code="CONFLICT"),
    Fault(FaultKind.STATUS, status=429, code="TOO_MANY_REQUESTS", retry_after=3),
    Fault(FaultKind.STATUS, status=401, code="E_UNAUTHORIZED_ACCESS"),
    Fault(FaultKind.STATUS, status=400, code="E_VALIDATION_FAILURE"),
    Fault(FaultKind.STATUS, status=400, code="INSUFFICIENT_BALANCE"),
    Fault(FaultKind.STATUS, status=418, code="NEVER_HEARD_OF"),
)
Case = tuple[str, Outcome, Fault]


def matrix(share: int = 1, seed: int = 0) -> list[Case]:
    """(call, how the order goes, fault), each once and five times in a row; or one of `share` of them."""
    cases = [
        (call, outcome, replace(fault, path=call, times=times))
        for call in CALLS
        for outcome in Outcome
        for fault in FAULTS
        for times in (1, 5)
    ]
    return random.Random(seed).sample(cases, len(cases) // share)


def name_of(case: Case) -> str:
    call, outcome, fault = case
    return f"{call} {outcome} {fault.kind} {fault.status} {fault.code[:20]} x{fault.times}"


async def play(empty: Path, case: Case) -> Tally:
    """Two customers buy three vouchers each; the fault strikes, the staff releases, a day goes by."""
    _, outcome, fault = case
    tally = Tally(tried=1)
    folder = Path(tempfile.mkdtemp())
    shutil.copy(empty, folder / "hanout.db")
    harness = VoucherHarness(store_at(folder / "hanout.db"))
    transport = FaultyTransport(StarshipApi(harness.vouchers).app)
    await harness.starship.close()
    harness.use_transport(transport)
    try:
        await harness.open()
        for user_id in (LINA, KARIM):
            await harness.customer(user_id, dinars=100_000)
        await harness.denomination()
        transport.faults.append(replace(fault))
        for user_id in (LINA, KARIM):
            harness.next(outcome)
            with contextlib.suppress(Refused):  # nothing is sold while its key is refused
                await harness.buy(user_id, quantity=3)
            await _live(harness, 20, 2)
        await check_access(harness.shop, "starship")
        await _live(harness, 60, 10)
        _release(harness)
        await _live(harness, 1500, 60)
        transport.faults.clear()
        await check_access(harness.shop, "starship")
        await _live(harness, 60, 10)
        _release(harness)
        await _live(harness, 1500, 60)
        tally.struck = transport.struck
        await _look(harness, tally)
    except (HanoutError, AssertionError, TimeoutError) as error:
        tally.harm.append(f"{type(error).__name__}: {str(error)[:200]}")
    finally:
        await harness.close()
        await harness.store.close()
        shutil.rmtree(folder)
    tally.harm = [f"{name_of(case)}: {harm}" for harm in tally.harm]
    return tally


def _release(harness: VoucherHarness) -> None:
    for order_id in list(harness.vouchers.orders):
        harness.vouchers.release(order_id)


async def _live(harness: VoucherHarness, seconds: float, step: float) -> None:
    end = harness.clock.now().timestamp() + seconds
    while harness.clock.now().timestamp() < end:
        try:
            await harness.round()
        except HanoutError:  # as a sweep is run: it waits for the next round
            pass
        harness.clock.pass_time(step)


async def _look(harness: VoucherHarness, tally: Tally) -> None:
    await books_agree(harness)
    found = await audit_books(harness.store, harness.clock)
    tally.harm += [str(d) for it in found for d in it.differences]
    async with harness.store._reader.connect() as db:
        rows = (await db.execute(select(orders))).all()
    there = {str(order.id): order for order in harness.vouchers.orders.values()}
    bound = [row.supplier_order_id for row in rows if row.supplier_order_id]
    unclaimed = set(there) - set(bound)
    looked_at = [row for row in rows if row.attention]
    if len(bound) != len(set(bound)) or len(there) > len(rows):
        tally.harm.append("bought twice")
    if len(unclaimed) > len(looked_at):
        tally.harm.append("bought for nobody, and no operator was told")
    for row in rows:
        tally.ended[row.attention or row.state] += 1
        if row.settled_at is None and row.attention is None:
            tally.harm.append(f"order {row.id} is still {row.state}")
        mine = there.get(row.supplier_order_id)
        codes = [v["card_number"] for v in mine.vouchers[: mine.shown_vouchers]] if mine else []
        if mine and sorted(harness.sender.codes_of(row.user_id)) != sorted(codes):
            tally.harm.append(f"order {row.id}: its customer did not see its codes, each once")
    if not unclaimed:
        compared = await audit_supplier(
            harness.store, harness.starship, harness.clock, timedelta(days=1)
        )
        tally.harm += [str(d) for it in compared for d in it.differences]
