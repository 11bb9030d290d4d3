"""Commands that change the database as a whole: only while no process leads the shop."""

import contextlib
import secrets
from collections.abc import AsyncIterator

from bot.errors import StorageFailure
from bot.settings import Settings
from handlers.bot import bot_id_of
from storage.leader_lock import leader_lock
from storage.migrate import migrate
from storage.store import Store
from storage.transaction import Transaction


@contextlib.asynccontextmanager
async def alone(database_url: str) -> AsyncIterator[Store]:
    """The database, with no shop running on it. Raises StorageFailure where one is."""
    store = Store(database_url)
    lock = leader_lock(database_url, f"command {secrets.token_hex(4)}", lambda: None)
    try:
        if not await lock.take():
            raise StorageFailure("a shop runs on this database: close it first (`hanout run`)")
        yield store
    finally:
        await lock.release()
        await store.close()


async def migrate_alone(settings: Settings) -> bool:
    """True where the schema was changed. Raises StorageFailure."""
    async with alone(settings.database_url) as store:
        return await migrate(store)


async def adopt(settings: Settings) -> tuple[int, int]:
    """Make the database the shop of the bot of TELEGRAM_TOKEN; returns the former bot's id and this one's.

    The former is 0 where no process has led this shop yet. Raises StorageFailure.
    """
    bot_id = bot_id_of(settings.telegram_token.get_secret_value())

    async def give(tx: Transaction) -> int:
        leader = await tx.leader.get()
        await tx.leader.give_to_bot(bot_id)
        return leader.bot_id if leader else 0

    async with alone(settings.database_url) as store:
        await migrate(store)
        return await store.write(give), bot_id
