"""What tests read back: rows of a table, a posting, the alert that operators were sent."""

import pytest
from sqlalchemy import select

from bot.domain.alerts import AlertKind
from bot.errors import TryLater
from bot.sandbox.supplier.faults import Fault, FaultKind
from storage.tables import postings
from tests.harness import ShopHarness


async def rows(harness: ShopHarness, table):
    return await rows_of(harness, select(table))


async def rows_of(harness: ShopHarness, statement):
    """The same for a statement that selects."""
    async with harness.store._reader.connect() as db:
        return (await db.execute(statement)).all()


async def change(harness: ShopHarness, statement) -> None:
    """What no code of the shop would do, or another process has done."""
    async with harness.store._writer.begin() as db:
        await db.execute(statement)


async def posting(harness: ShopHarness, key: str):
    return next(row for row in await rows(harness, postings) if row.key == key)


def only_alert(harness: ShopHarness, kind: AlertKind) -> dict[str, str]:
    """The data of the one alert of this kind that was sent."""
    (alert,) = harness.sender.alerts(kind)
    return dict(alert)


async def refuse_key_twice(harness: ShopHarness) -> None:
    """Two refusals of the key in a row: the next one closes the supplier."""
    harness.book.script(Fault(FaultKind.STATUS, "balance", status=401, code="ERR_AUTH", times=2))
    for _ in range(2):
        with pytest.raises(TryLater):
            await harness.supplier.balance()
        harness.clock.pass_time(6)
