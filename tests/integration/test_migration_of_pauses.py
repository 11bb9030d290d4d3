"""A shop that the audit paused stays paused when its database is brought up to date, and back."""

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from bot.domain.pauses import PauseScope
from bot.domain.records import PauseReason
from storage import migrations
from storage.migrate import migrate
from storage.store import Store


def config(connection) -> Config:
    made = Config()
    made.set_main_option("script_location", migrations.__path__[0])
    made.attributes["connection"] = connection
    return made


def earlier(connection) -> None:
    command.upgrade(config(connection), "0115")
    connection.execute(text("INSERT INTO pauses (reason, since) VALUES ('audit', 1700000000000)"))


def back(connection) -> list[tuple[str, int]]:
    command.downgrade(config(connection), "0115")
    return [tuple(row) for row in connection.execute(text("SELECT reason, since FROM pauses"))]


async def test_a_pause_of_the_audit_outlives_the_migration(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'hanout.db'}")
    await store.run_sync(earlier)
    await migrate(store)

    async with store.reading() as tx:
        (pause,) = await tx.pauses.open()

    assert (pause.scope, pause.target, pause.reason) == (PauseScope.SHOP, "", PauseReason.AUDIT)
    assert await store.run_sync(back) == [("audit", 1_700_000_000_000)]
    await store.close()
