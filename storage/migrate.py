"""Brings a database to the current schema."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from bot.errors import StorageFailure
from storage.explanations import LEAST_POSTGRESQL, READ_ONLY
from storage.migrations import EARLIER, HEAD
from storage.restoring import check_restored
from storage.store import Store

# Of Alembic, which may be empty, of what replicates a file of SQLite, and of PostGIS.
_NOT_A_PROGRAMS: Final = ("alembic_version", "_litestream_", "spatial_ref_sys")
_MOST_NAMED: Final = 3
_ENCODINGS: Final = ("UTF8", "SQL_ASCII")  # the second one keeps any bytes
# Other programs keep their schema by Alembic too: these are in each schema of a shop, and its number has four digits.
_OURS: Final = ("orders", "postings")
_REVISION: Final = re.compile("[0-9]{4}")


def upgrade(connection: Connection) -> None:
    """Bring the database to the current schema, in the connection's transaction."""
    # Imported here because a start with a current schema does not need Alembic.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def revision_of(connection: Connection) -> str | None:
    """The schema of the database; None if it has none. Raises StorageFailure for that of another program."""
    there = inspect(connection)
    if not there.has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    if not found:
        return None
    is_ours = len(found) == 1 and _REVISION.fullmatch(found[0])
    if not is_ours or not all(map(there.has_table, _OURS)):
        raise StorageFailure(_of_another_program(_other_tables(connection) or ["alembic_version"]))
    return str(found[0])


def _other_tables(connection: Connection) -> list[str]:
    names = inspect(connection).get_table_names()
    return sorted(name for name in names if not name.startswith(_NOT_A_PROGRAMS))


def _of_another_program(tables: Sequence[str]) -> str:
    return (
        f"This database has tables of another program ({', '.join(tables[:_MOST_NAMED])}), and none of a "
        "shop; name an empty database, or one that does not exist, in DATABASE_URL"
    )


def has_tables(connection: Connection) -> bool:
    return bool(inspect(connection).get_table_names())


def begin_schema(connection: Connection) -> None:
    """Make the schema in an empty database.

    Raises StorageFailure where another program has tables in it, or it cannot hold each letter.
    """
    check_of_no_other_program(connection)
    check_encoding(connection)
    upgrade(connection)


def check_of_no_other_program(connection: Connection) -> None:
    """For a database without our schema. Raises StorageFailure where another program has tables in it."""
    if tables := _other_tables(connection):
        raise StorageFailure(_of_another_program(tables))


def check_encoding(connection: Connection) -> None:
    """For an empty database: it would fail at the first Arabic name. Raises StorageFailure."""
    if connection.dialect.name == "sqlite":
        return
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding not in _ENCODINGS:
        raise StorageFailure(
            f"This database has the encoding {encoding}, which lacks letters of the shop's languages; make another one "
            "by `createdb --encoding UTF8 --template template0 NAME`, and name that in DATABASE_URL"
        )


async def migrate(store: Store, *, restoring: bool = False) -> bool:
    """Bring the database to the current schema; `restoring`: by the restore that has marked it.

    False if it has that already: nothing is changed. Raises StorageFailure for a schema that this
    version does not know, and for a database into which a backup is restored.
    """
    revision = await store.run_sync(_known_revision if restoring else checked_revision)
    if revision == HEAD:
        return False
    await store.run_sync(begin_schema if revision is None else upgrade)
    return True


async def check_schema(store: Store, *, may_create: bool) -> bool:
    """For commands beside a running shop: False where there is no shop, unless the command may make one.

    Raises StorageFailure for a schema that is not the current one: the shop that runs needs its own.
    """
    revision = await store.run_sync(checked_revision)
    if revision is None and may_create:
        await store.run_sync(begin_schema)
    elif revision is None:
        return False
    elif revision != HEAD:
        raise StorageFailure(
            "The database is of an earlier version of Hanout; close the shop, and run `hanout migrate`"
        )
    return True


def checked_revision(connection: Connection) -> str | None:
    """The schema of the database; None: it is empty. Raises StorageFailure for one that may not be used."""
    check_restored(connection)
    return _known_revision(connection)


def _known_revision(connection: Connection) -> str | None:
    """Raises StorageFailure for a schema, or a server, that this version cannot use."""
    check_server(connection)
    revision = revision_of(connection)
    if revision is not None and revision != HEAD and revision not in EARLIER:
        raise StorageFailure(unknown_schema(revision))
    return revision


def unknown_schema(revision: str) -> str:
    """What to do about a database of a version that this one does not know."""
    if revision > HEAD:
        return (
            f"The database was made by another version of Hanout, a newer one (its schema is {revision}, "
            f"this version's is {HEAD}); install that version again"
        )
    return (
        f"The database was made by another version of Hanout (its schema is {revision}, this "
        f"version's is {HEAD}); make a new one, or run the version that it was made with"
    )


def check_server(connection: Connection) -> None:
    """Raises StorageFailure for a PostgreSQL server that is too old or takes no writes."""
    if connection.dialect.name == "sqlite":
        return
    version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
    if version < LEAST_POSTGRESQL * 10_000:
        found = connection.exec_driver_sql("SHOW server_version").scalar_one()
        raise StorageFailure(
            f"This is PostgreSQL {found}; the shop needs {LEAST_POSTGRESQL} or newer"
        )
    if connection.exec_driver_sql("SHOW transaction_read_only").scalar_one() == "on":
        raise StorageFailure(READ_ONLY)
