"""Databases of their own on the PostgreSQL server that TEST_POSTGRES_URL names."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "")
_numbers = count(1)


@asynccontextmanager
async def new_database() -> AsyncIterator[str]:
    """The address of an empty database, which is deleted afterwards."""
    url = make_url(POSTGRES)
    name = f"hanout_{os.getpid()}_{next(_numbers)}"
    maintenance = create_async_engine(
        url.set(drivername="postgresql+asyncpg"), isolation_level="AUTOCOMMIT"
    )
    try:
        async with maintenance.connect() as db:
            await db.execute(text(f'CREATE DATABASE "{name}"'))
        yield url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    finally:
        async with maintenance.connect() as db:
            await db.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        await maintenance.dispose()
