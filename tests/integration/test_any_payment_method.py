"""The database takes a payment method that no migration names, also where an earlier version made it."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from storage import migrations
from storage.migrate import migrate, upgrade
from storage.store import Store

ROW = (
    "INSERT INTO payments (key, user_id, method, state, asked_minor, stars, paid_minor, created_at, "
    "expires_at, attempts, reason) VALUES (:key, 1, :method, 'open', 1, 0, 0, 0, 0, 0, '')"
)
CUSTOMER = "INSERT INTO users (id, locale, created_at) VALUES (1, 'en', 0)"


def earlier(connection) -> None:
    config = Config()
    config.set_main_option("script_location", migrations.__path__[0])
    config.attributes["connection"] = connection
    command.upgrade(config, "0110")
    connection.execute(text(CUSTOMER))
    connection.execute(text(ROW), {"key": "old", "method": "ocpay"})
    with pytest.raises(IntegrityError), connection.begin_nested():
        connection.execute(text(ROW), {"key": "refused", "method": "chargily"})


async def test_an_earlier_database_takes_further_methods_and_keeps_its_payments(tmp_path):
    url = f"sqlite:///{tmp_path / 'hanout.db'}"
    store = Store(url)
    await store.run_sync(earlier)
    await migrate(store)
    other = Store(url)  # a connection that was not there

    def further(connection) -> list[tuple[int, str]]:
        connection.execute(text(ROW), {"key": "new", "method": "chargily"})
        assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(text(ROW), {"key": "none", "method": ""})
        return [
            tuple(row)
            for row in connection.execute(text("SELECT id, method FROM payments ORDER BY id"))
        ]

    assert await store.run_sync(further) == [(1, "ocpay"), (2, "chargily")]
    assert (
        await other.run_sync(
            lambda connection: connection.execute(
                text("SELECT count(*) FROM payments")
            ).scalar_one()
        )
        == 2
    )
    await store.close()
    await other.close()


async def test_a_new_database_has_the_same_check_as_one_that_was_brought_up(tmp_path):
    schemas = []
    for name in ("new", "earlier"):
        store = Store(f"sqlite:///{tmp_path / name}.db")
        if name == "earlier":
            await store.run_sync(earlier)
        await store.run_sync(upgrade)
        schemas.append(
            await store.run_sync(
                lambda connection: sorted(
                    check["sqltext"]
                    for check in inspect(connection).get_check_constraints("payments")
                )
            )
        )
        await store.close()
    assert schemas[0] == schemas[1]
    assert "method <> ''" in schemas[0]
