"""A database of PostgreSQL has to hold the letters of the shop's three languages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.errors import StorageFailure
from storage.looking import looking, read_of
from storage.migrate import migrate
from storage.store import Store
from tests.postgres import POSTGRES, new_database

needs_postgres = pytest.mark.skipif(
    not POSTGRES, reason="TEST_POSTGRES_URL is not set: no PostgreSQL to test on"
)
LACKS = "has the encoding LATIN1, which lacks letters of the shop's languages"


@asynccontextmanager
async def of_encoding(name: str) -> AsyncIterator[Store]:
    options = f"TEMPLATE template0 ENCODING '{name}' LC_COLLATE 'C' LC_CTYPE 'C'"
    async with new_database(options) as url:
        store = Store(url)
        try:
            yield store
        finally:
            await store.close()


@needs_postgres
async def test_an_empty_database_that_lacks_arabic_letters_gets_no_tables():
    async with of_encoding("LATIN1") as store:
        with pytest.raises(StorageFailure, match=LACKS):
            await migrate(store)

        async with looking(store.url.render_as_string(hide_password=False)) as connection:
            with pytest.raises(StorageFailure, match=LACKS):  # as the doctor does
                await read_of(connection)


@needs_postgres
@pytest.mark.parametrize("encoding", ["UTF8", "SQL_ASCII"])
async def test_one_that_keeps_each_letter_is_taken(encoding):
    async with of_encoding(encoding) as store:
        assert await migrate(store)
