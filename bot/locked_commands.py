"""Commands that change the database as a whole: only while no process leads the shop."""

import contextlib
from collections.abc import AsyncIterator

from bot.settings import Settings
from handlers.bot import bot_id_of
from storage.existing import check_exists, may_be_left, no_shop
from storage.holding import held
from storage.migrate import checked_revision, migrate
from storage.moved import check_not_moved
from storage.store import Store
from storage.transaction import Transaction


@contextlib.asynccontextmanager
async def alone(database_url: str) -> AsyncIterator[Store]:
    """The database, with no shop running on it. Raises StorageFailure where one is."""
    async with held(database_url):
        store = Store(database_url)
        try:
            yield store
        finally:
            await store.close()


async def migrate_alone(settings: Settings) -> bool:
    """True where the schema was changed. Raises StorageFailure."""
    async with alone(settings.database_url) as store:
        return await migrate(store)


async def adopt(settings: Settings) -> tuple[int, int]:
    """Make the database the shop of the bot of TELEGRAM_TOKEN; returns the former bot's id and this one's.

    The former is 0 where no process has led this shop yet. Raises NoShop, DatabaseMoved, StorageFailure.
    """
    bot_id = bot_id_of(settings.telegram_token.get_secret_value())

    async def give(tx: Transaction) -> int:
        leader = await tx.leader.get()
        await tx.leader.give_to_bot(bot_id)
        return leader.bot_id if leader else 0

    check_exists(settings.database_url)
    async with alone(settings.database_url) as store:
        if await store.run_sync(checked_revision) is None:
            raise no_shop(settings.database_url)
        if await store.run_sync(may_be_left):
            await check_not_moved(store)
        await migrate(store)
        return await store.write(give), bot_id
