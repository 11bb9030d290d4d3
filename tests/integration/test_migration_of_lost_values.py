"""What was not listed before values could be lost was told of then, and is told of no second time."""

from alembic import command
from sqlalchemy import text

from storage.migrate import migrate
from storage.store import Store
from tests.integration.test_migration_of_pauses import config

CATEGORY = "INSERT INTO catalogue_categories (id, title, position) VALUES (1, 'Games', 0)"
PRODUCT = (
    "INSERT INTO catalogue_products"
    " (id, category_id, supplier, supplier_product_id, title, region, enabled, position)"
    " VALUES (1, 1, 'oneclickdz', 'p', 'Card', '', true, 0)"
)
VALUES = (
    "INSERT INTO catalogue_denominations"
    " (id, product_id, supplier_type_id, label, cost_minor, stock, listed, position, priced_at) VALUES"
    " (1, 1, 'a', 'listed', 1, 1, true, 0, NULL),"
    " (2, 1, 'b', 'not listed', 1, 1, false, 0, NULL),"
    " (3, 1, 'c', 'typed', 1, 1, false, 0, 1700000000000)"
)


def earlier(connection) -> None:
    command.upgrade(config(connection), "0133")
    for statement in (CATEGORY, PRODUCT, VALUES):
        connection.execute(text(statement))


def lost(connection) -> list[str]:
    found = connection.execute(text("SELECT label FROM catalogue_denominations WHERE lost"))
    return list(found.scalars())


def back(connection) -> int:
    command.downgrade(config(connection), "0133")
    return connection.execute(text("SELECT count(*) FROM catalogue_denominations")).scalar()


async def test_values_that_were_not_listed_are_lost_already(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'hanout.db'}")
    await store.run_sync(earlier)
    await migrate(store)

    assert await store.run_sync(lost) == ["not listed"]
    assert await store.run_sync(back) == 3
    await store.close()
