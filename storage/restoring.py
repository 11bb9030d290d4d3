"""Marks a PostgreSQL database before a backup is restored into it: until that has ended, nothing opens it.

PostgreSQL's tools fill the database itself, and what is in a backup may be bought again before an operator has looked.
On SQLite everything is done on a copy, which no mark has to guard.
"""

from typing import Final

from sqlalchemy import Connection, inspect, text

from bot.errors import StorageFailure

# In no backup: a table of the shop would be in the way of the one that is restored.
RESTORING: Final = "hanout_restoring"
_FUNCTIONS: Final = text(
    "SELECT CAST(p.oid AS regprocedure) FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace"
    " WHERE n.nspname = current_schema() AND starts_with(p.proname, 'hanout_')"
)


def begin_restore(connection: Connection) -> bool:
    """Mark an empty database, or remove what an unfinished restore left in it; False: something else is there."""
    names = inspect(connection).get_table_names()
    if not names:
        connection.execute(text(f"CREATE TABLE {RESTORING} (id integer PRIMARY KEY)"))
        return True
    if RESTORING not in names:
        return False
    quote = connection.dialect.identifier_preparer.quote
    # Also the tables of a version that this one does not know: the database was empty before.
    for name in names:
        if name != RESTORING:
            connection.execute(text(f"DROP TABLE {quote(name)} CASCADE"))
    for function in connection.execute(_FUNCTIONS).scalars().all():
        connection.execute(text(f"DROP FUNCTION {function} CASCADE"))
    return True


def check_restored(connection: Connection) -> None:
    """Raises StorageFailure where a restore into this database has not ended."""
    if connection.dialect.name != "sqlite" and inspect(connection).has_table(RESTORING):
        raise StorageFailure(
            "A backup was being restored into this database, and that has not ended; run `hanout restore` again, "
            "or name a new database in DATABASE_URL"
        )
