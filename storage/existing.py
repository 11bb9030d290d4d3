"""Opens the shop that is in a database, for commands: where there is none, they make none.

With a wrong DATABASE_URL, or in another folder, they would else find all well in an empty shop of their own making.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect

from bot.errors import NoShop
from storage.looking import NoDatabase, check_place
from storage.migrate import check_schema, revision_of
from storage.moved import describe, look_whether_moved
from storage.restoring import check_restored
from storage.snapshot import SQLITE
from storage.store import Store, async_url
from storage.tables import moves

_MEMORY = (None, "", ":memory:")


@asynccontextmanager
async def opened(database_url: str, *, may_create: bool = False) -> AsyncIterator[Store]:
    """The shop's database, of the current schema. Raises NoShop, StorageFailure."""
    if not may_create:
        check_exists(database_url)
    store = Store(database_url)
    try:
        if not await check_schema(store, may_create=may_create):
            raise no_shop(database_url)
        yield store
    finally:
        await store.close()


def check_exists(database_url: str) -> None:
    """Raises NoShop where the file of a SQLite database is missing; makes neither file nor folder."""
    url = async_url(database_url)
    if url.get_backend_name() != SQLITE or url.database in _MEMORY or "uri" in url.query:
        return
    try:
        check_place(Path(url.database or ""))
    except NoDatabase:
        raise NoShop(
            f"there is no database at {describe(database_url)}; look at DATABASE_URL, and at the folder in which "
            "hanout was started"
        ) from None


async def look_for_shop(database_url: str) -> None:
    """That a shop of any version is there, whole and not left. Raises NoShop, StorageFailure, DatabaseMoved."""
    check_exists(database_url)
    store = Store(database_url)
    try:
        revision, has_mark = await store.read_sync(_look)
        if revision is None:
            raise no_shop(database_url)
        if has_mark:
            async with store.reading() as tx:
                await look_whether_moved(tx, store.url)
    finally:
        await store.close()


def _look(connection: Connection) -> tuple[str | None, bool]:
    check_restored(connection)
    return revision_of(connection), may_be_left(connection)


def may_be_left(connection: Connection) -> bool:
    """Whether the schema has a place for the mark of a move: older ones have none."""
    return inspect(connection).has_table(moves.name)


def no_shop(database_url: str) -> NoShop:
    return NoShop(f"there is no shop at {describe(database_url)}; look at DATABASE_URL")
