"""Brings a database to the current schema."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.errors import StorageFailure
from storage.migrations import EARLIER, HEAD
from storage.store import Store


def _upgrade(connection: Connection) -> None:
    # Imported here because a start with a current schema does not need Alembic.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar_one_or_none()
    return found


def _has_tables(connection: Connection) -> bool:
    return bool(inspect(connection).get_table_names())


async def is_empty(store: Store) -> bool:
    """Whether the database has no tables at all."""
    return not await store.run_sync(_has_tables)


async def migrate(store: Store) -> bool:
    """Bring the database to the current schema.

    False if it has that already: nothing is changed. Raises StorageFailure for a schema that this
    version does not know.
    """
    revision = await store.run_sync(_revision)
    if revision == HEAD:
        return False
    if revision is not None and revision not in EARLIER:
        raise StorageFailure(
            f"The database was made by another version of Hanout (its schema is {revision}, this "
            f"version's is {HEAD}); make a new one, or run the version that it was made with"
        )
    await store.run_sync(_upgrade)
    return True
