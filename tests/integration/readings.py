"""What tests read back: rows of a table, a posting, the alert that operators were sent."""

from sqlalchemy import select

from bot.domain.records import AlertKind
from storage.tables import postings
from tests.harness import ShopHarness


async def rows(harness: ShopHarness, table):
    async with harness.store._reader.connect() as db:
        return (await db.execute(select(table))).all()


async def posting(harness: ShopHarness, key: str):
    return next(row for row in await rows(harness, postings) if row.key == key)


def only_alert(harness: ShopHarness, kind: AlertKind) -> dict[str, str]:
    """The data of the one alert of this kind that was sent."""
    (alert,) = harness.sender.alerts(kind)
    return dict(alert)
