"""A folder that `hanout doctor` looks at, ports, and servers that give one answer."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.doctor import Report, examine
from bot.health import causes, services
from bot.health.finding import State
from bot.sandbox.simulation import open_simulation, shop_settings
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.settings import Settings
from storage.migrate import migrate
from storage.store import Store

MARKER = b"HTTP/1.1 %s\r\nContent-Type: %s\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n%s"


class Place:
    """A folder with a shop's settings in the environment; `look` asks the doctor about it."""

    def __init__(self, monkeypatch, folder: Path, settings: dict[str, str], simulation) -> None:
        self.monkeypatch, self.folder, self.settings = monkeypatch, folder, settings
        self.simulation = simulation
        self.database = folder / "data" / "hanout.db"

    async def look(self, **changes: str) -> Report:
        for name in Settings.model_fields:
            self.monkeypatch.delenv(name.upper(), raising=False)
        for name, value in {**self.settings, **changes}.items():
            self.monkeypatch.setenv(name, value)
        return await asyncio.wait_for(examine(), 3 * PATIENCE_SECONDS)

    async def told(self, name: str, **changes: str) -> tuple[str, str]:
        """The cause and the sentence of the one thing that is wrong with `name`."""
        report = await self.look(**changes)
        (found,) = (each for each in report.findings if each.name == name and each.cause)
        assert report.is_well == all(each.state is not State.BAD for each in report.findings)
        assert self.settings["TELEGRAM_TOKEN"] not in str(report)
        assert self.settings["ONECLICKDZ_API_KEY"] not in str(report)
        return found.cause, found.text

    async def make_database(self) -> None:
        self.database.parent.mkdir(mode=0o700, exist_ok=True)
        store = Store(self.settings["DATABASE_URL"])
        await migrate(store)
        await store.close()


@contextlib.asynccontextmanager
async def answering(
    status: str = "", body: bytes = b"", kind: str = "text/html", headers: str = ""
) -> AsyncIterator[int]:
    """A server that gives this answer to whatever it is asked; without a status it is silent. Yields its port."""

    async def serve(reader, writer) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await reader.read(65536)
            if status:
                fields = (status.encode(), kind.encode(), headers.encode(), len(body), body)
                writer.write(MARKER % fields)
                await writer.drain()
            else:
                await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def tree(folder: Path) -> dict[str, object]:
    """All that is in a folder: rights, times and bytes."""
    found: dict[str, object] = {}
    for path in [folder, *folder.rglob("*")]:
        facts = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        found[str(path)] = (facts.st_mode, facts.st_mtime_ns, facts.st_uid, content)
    return found


def free_address() -> str:
    """An address to listen at. Connections of other programs come from 127.0.0.1 and take no port of this one."""
    with socket.create_server(("127.0.0.77", 0)) as free:
        return f"127.0.0.77:{free.getsockname()[1]}"


@pytest.fixture
async def place(monkeypatch, tmp_path) -> AsyncIterator[Place]:
    monkeypatch.chdir(tmp_path)
    # Everything answers at once; a busy machine may only be slow.
    monkeypatch.setattr(causes, "SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(services, "_ANSWER_SECONDS", PATIENCE_SECONDS)
    async with open_simulation() as simulation:
        settings = shop_settings(
            simulation, simulation.book.add_key("PRODUCTION"), tmp_path / "data"
        )
        yield Place(monkeypatch, tmp_path, settings, simulation)
