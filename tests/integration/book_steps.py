"""Two months of a shop whose books are kept, and what their files and the ledger say of it."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.bookkeeping.writing import write_month
from bot.domain.books import Month
from bot.domain.payments import Method
from bot.refusals import required
from bot.services.orders.refund import ask_refund, confirm_refund
from bot.services.payments.refunds import confirm_payment_refund
from storage.store import Store
from storage.tables import entries, postings
from tests.harness import OPERATOR, ShopHarness
from tests.integration.payment_steps import Payments, ask_back

ZONE = ZoneInfo("Africa/Algiers")
CANARY = "CANARY-4f1d"


async def compensate(harness: ShopHarness, order_id: int) -> None:
    _, _, action = await ask_refund(
        harness.shop, key="sorry", operator_id=OPERATOR, order_id=order_id, reason=CANARY
    )
    await confirm_refund(harness.shop, OPERATOR, required(action))


async def more(harness: ShopHarness, pay: Payments, name: str) -> None:
    """Stars come in, some go back, and something is bought."""
    for number in (1, 2):
        payment = await pay.begin(Method.STARS, 300_000, user=number)
        await pay.stars(payment, f"{name}-{number}")
        harness.stars_gateway.list(f"{name}-{number}", number, payment.stars)
    action = await ask_back(harness, payment, f"back-{name}")
    await confirm_payment_refund(harness.shop, OPERATOR, action)
    await harness.buy(1, 2)
    await harness.run(15)


async def make_past(harness: ShopHarness, pay: Payments) -> None:
    """December and January; its second order was made in one, and ended in the other."""
    for user in (1, 2):
        await harness.customer(user, dinars=50_000)
    harness.clock.moment = datetime(2026, 12, 30, 9, tzinfo=UTC)
    await more(harness, pay, "december")
    harness.clock.moment = datetime(
        2026, 12, 31, 22, 59, 57, tzinfo=UTC
    )  # 3 s to midnight in Algiers
    await harness.buy(2, 1)
    await harness.run(15)
    await compensate(harness, 1)
    await more(harness, pay, "january")
    harness.clock.moment = datetime(2027, 2, 3, tzinfo=UTC)


@dataclass
class Past:
    """As much of a shop as reading its books needs."""

    store: Store
    codes: Sequence[str]


async def write(shop: Past, month: Month, folder, **places):
    folder.mkdir(exist_ok=True)
    return await write_month(shop.store, month, ZONE, **places)


def table(folder, name):
    with (folder / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def total(rows, column):
    return sum(int(Decimal(row[column]) * 100) for row in rows)


async def moved(harness: ShopHarness | Past, account: str, month: Month) -> int:
    """What the ledger itself says about one account."""
    begin, end = month.bounds(ZONE)
    async with harness.store.reading() as tx:
        found = await tx.orders._db.execute(
            select(func.sum(entries.c.amount_minor))
            .join(postings, postings.c.id == entries.c.posting_id)
            .where(
                entries.c.account.startswith(account), postings.c.at >= begin, postings.c.at < end
            )
        )
        return int(found.scalar_one() or 0)
