"""SQLite for tests that play the whole shop on it: the driver without its thread.

aiosqlite hands every call to a thread of its own and waits for it; on a busy machine a round of the sweeps spends
most of its time on those turns. Here a call runs at once and then lets others run, as it would have. What is about
locks and waiting (`THREADED` in conftest.py), and every process that the end-to-end tests start, uses the driver as
it is.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import event

from storage.engine import SqlStore


def store_at(path: Path) -> SqlStore:
    """For one store on a file alone: waiting for another's lock would keep that other from letting go."""
    store = SqlStore(f"sqlite:///{path}")
    for engine in (store._writer, store._reader):
        event.listen(engine.sync_engine, "connect", _without_thread, insert=True)
    return store


def _without_thread(connection: Any, _record: object) -> None:
    driver: aiosqlite.Connection = connection.driver_connection

    async def execute(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if driver._connection is None:
            raise ValueError("Connection closed")
        result = call(*args, **kwargs)
        await asyncio.sleep(0)
        return result

    driver._execute = execute
