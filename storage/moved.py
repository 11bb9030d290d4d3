"""Refuses to open a database that a shop has left, or not reached yet, by `hanout move`.

Of two databases between which a move was interrupted, the SQLite file tells which one is the shop:

| Interrupted after | PostgreSQL says | the SQLite file says | The shop is in |
|---|---|---|---|
| PostgreSQL was filled | arriving | nothing | the file |
| the file was given up | arriving | moved, the same id | PostgreSQL |
| PostgreSQL is to be given up | leaving | is not in its place | PostgreSQL |
| the file is in its place | leaving | arrived, the same id | the file |

So whoever opens PostgreSQL in one of these states looks at the file, and holds it meanwhile.
"""

import asyncio
import sqlite3
import uuid
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from shlex import quote
from socket import gethostname
from typing import Final

from sqlalchemy.engine import URL

from bot.domain.records import MoveMark, MoveState
from bot.errors import DatabaseMoved, StorageFailure
from storage.holding import held_file
from storage.store import Store, async_url
from storage.transaction import Transaction

_PLACES: Final = ("host", "port", "database", "service")  # of an address, after its question mark


def describe(database_url: str) -> str:
    """The address of a database for people: never with a password."""
    url = async_url(database_url)
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{Path(url.database or '').absolute()}"
    place = {name: url.query[name] for name in _PLACES if name in url.query}
    return url.set(drivername="postgresql", password=None, query=place).render_as_string()


def this_machine() -> str:
    """A name of this machine that a copy of its files on another machine does not have."""
    return f"{gethostname()} ({uuid.getnode():012x})"


async def check_not_moved(store: Store) -> None:
    """End what an interrupted move left to do here. Raises DatabaseMoved where the shop is elsewhere."""
    async with store.reading() as tx:
        mark = await tx.moves.get()
    if mark is None or mark.state is MoveState.ARRIVED:
        return
    if mark.state is MoveState.MOVED:
        raise DatabaseMoved(_moved(mark, store.url))
    if mark.machine != this_machine():
        raise DatabaseMoved(_unfinished(mark))
    await asyncio.to_thread(_path_of(mark).parent.mkdir, parents=True, exist_ok=True)
    try:
        async with held_file(_path_of(mark)):
            await _settle(store, mark, await asyncio.to_thread(_state_there, mark))
    except StorageFailure as failure:
        raise DatabaseMoved(f"{_unfinished(mark)} ({failure})") from None


async def look_whether_moved(tx: Transaction, url: URL) -> None:
    """As `check_not_moved`, and changes nothing: what an interrupted move left to do is told."""
    mark = await tx.moves.get()
    if mark is None or mark.state is MoveState.ARRIVED:
        return
    raise DatabaseMoved(_moved(mark, url) if mark.state is MoveState.MOVED else _unfinished(mark))


async def _settle(store: Store, mark: MoveMark, there: MoveState | None) -> None:
    if mark.state is MoveState.LEAVING and there is MoveState.ARRIVED:
        moved = replace(mark, state=MoveState.MOVED)
        await store.write(_set, moved)
        raise DatabaseMoved(_moved(moved, store.url))
    if mark.state is MoveState.LEAVING:
        await store.write(_forget)
    elif there is MoveState.MOVED:
        await store.write(_set, replace(mark, state=MoveState.ARRIVED))
    else:
        raise DatabaseMoved(_unfinished(mark))


async def _set(tx: Transaction, mark: MoveMark) -> None:
    await tx.moves.set(mark)


async def _forget(tx: Transaction) -> None:
    await tx.moves.clear()


def _path_of(mark: MoveMark) -> Path:
    return Path(mark.place.removeprefix("sqlite:///"))


def _state_there(mark: MoveMark) -> MoveState | None:
    """What the SQLite file of this move says of it; None: nothing."""
    path = _path_of(mark)
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path)) as db:
            row = db.execute("SELECT move_id, state FROM moves").fetchone()
    except sqlite3.Error:
        return None
    return MoveState(row[1]) if row and row[0] == mark.move_id else None


def moved_to(path: Path) -> str | None:
    """Where a shop has gone that was in this SQLite file; None: nowhere, or the file is no shop."""
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path)) as db:
            row = db.execute("SELECT place FROM moves WHERE state = 'moved'").fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row else None


def _moved(mark: MoveMark, url: URL) -> str:
    here = describe(url.render_as_string(hide_password=False))
    return (
        f"This shop has moved to {mark.place} ({mark.at:%Y-%m-%d %H:%M} UTC): name that in DATABASE_URL, "
        f"or bring it back with everything since by `hanout move {quote(mark.place)} {quote(here)}`"
    )


def _unfinished(mark: MoveMark) -> str:
    leaving = mark.state is MoveState.LEAVING
    way = f"to {mark.place}" if leaving else f"to here from {mark.place}"
    return f"A move {way} has not ended; run the same `hanout move` again on {mark.machine}, which ends it"
