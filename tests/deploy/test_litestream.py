"""Litestream copies the database as the shop writes it; a replica of it is opened with `hanout restore`."""

import asyncio
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.sandbox.simulation import open_simulation
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from storage.store import PRAGMAS
from tests.deploy.machine import customer, database_of, machine, operator_of, states, tool, until
from tests.e2e.shop import run_command

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "deploy/litestream/litestream.yml"

pytestmark = pytest.mark.skipif(not tool("litestream"), reason="litestream is not installed")


class Litestream:
    """`litestream` with the configuration of deploy/litestream, and a folder in place of another machine."""

    def __init__(self, database: Path, elsewhere: Path) -> None:
        self._elsewhere = elsewhere
        self._database = database
        self._env = {**os.environ, "HANOUT_DATABASE": str(database)}
        self._env["HANOUT_REPLICA"] = f"file://{elsewhere / 'replica'}"
        self._log = elsewhere.with_suffix(".log")
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with self._log.open("wb") as log:
            self.process = await asyncio.create_subprocess_exec(
                tool("litestream"),
                "replicate",
                "-config",
                CONFIG,
                env=self._env,
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def restore(self, name: str) -> Path:
        """What the replica has now. Raises AssertionError where it has nothing yet."""
        target = self._elsewhere / name
        words = ["restore", "-config", str(CONFIG), "-o", str(target), str(self._database)]
        process = await asyncio.create_subprocess_exec(
            tool("litestream"), *words, env=self._env, stderr=asyncio.subprocess.PIPE
        )
        _, said = await process.communicate()
        assert process.returncode == 0, said
        return target

    async def has(self, wanted: object, found_in: Callable[[Path], object]) -> None:
        """Wait until this is found in what the replica has. Raises TimeoutError."""
        found: object = None
        async with asyncio.timeout(PATIENCE_SECONDS):
            while found != wanted:
                await asyncio.sleep(0.3)
                try:
                    copy = await self.restore("look.db")
                except AssertionError:
                    continue
                found = found_in(copy)
                copy.unlink()


async def test_a_replica_lacks_seconds_and_buys_nothing_again(tmp_path):
    async with open_simulation() as simulation:
        operator = await operator_of(simulation)
        shop = machine(simulation, tmp_path / "first")
        await shop.start()
        (tmp_path / "elsewhere").mkdir()
        litestream = Litestream(database_of(shop), tmp_path / "elsewhere")
        await litestream.start()
        lina = await customer(simulation, operator)
        await lina.buy(1)
        await lina.me.until(lambda me: len(me.codes()) == 2)
        # The price is asked for so long that the order is copied as paid, and is bought after the last copy.
        simulation.book.script(Fault(FaultKind.LATENCY, "checkProduct", seconds=6))
        await lina.buy(1)
        await litestream.has(["fulfilled", "paid"], states)
        await litestream.kill()
        assert states(database_of(shop)) == ["fulfilled", "paid"]
        await lina.me.until(lambda me: len(me.codes()) == 4)
        await shop.kill()
        assert len(simulation.book.orders) == 2

        replica = await litestream.restore("hanout.db")
        second = machine(simulation, tmp_path / "second", like=shop)
        code, said = await run_command(second, "restore", str(replica))
        await second.start()
        await asyncio.sleep(3)
        assert await second.stop() == 0

        assert (code, "1 orders that were not bought yet" in said) == (0, True), said
        assert states(database_of(second)) == ["fulfilled", "unconfirmed"]
        assert len(simulation.book.orders) == 2

        # The twin: opened without `hanout restore`, the same replica buys the order again.
        third = machine(simulation, tmp_path / "third", like=shop)
        shutil.copy(replica, database_of(third))
        await third.start()
        await until(lambda: len(simulation.book.orders) == 3)
        assert await third.stop() == 0


class Writer:
    """Commits as the shop does, with its pragmas."""

    def __init__(self, database: Path) -> None:
        self.db = sqlite3.connect(database, isolation_level=None)
        for name, value in PRAGMAS.items():
            self.db.execute(f"PRAGMA {name} = {value}")
        self.db.execute("CREATE TABLE written (id INTEGER PRIMARY KEY, filling BLOB)")

    async def commit(self, times: int) -> None:
        for _ in range(times):
            self.db.execute("BEGIN IMMEDIATE")
            self.db.execute("INSERT INTO written (filling) VALUES (randomblob(4000))")
            self.db.execute("COMMIT")
            await asyncio.sleep(0)

    def close(self) -> None:
        self.db.close()


def written(database: Path) -> tuple[int, int | None]:
    """How many rows a Writer has committed there, and the last one's number."""
    with closing(sqlite3.connect(database)) as db:
        found: tuple[int, int | None] = db.execute(
            "SELECT count(*), max(id) FROM written"
        ).fetchone()
        return found


async def test_a_log_that_began_anew_while_litestream_was_away_loses_nothing(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    with closing(Writer(tmp_path / "hanout.db")) as writer:
        litestream = Litestream(tmp_path / "hanout.db", tmp_path / "elsewhere")
        await litestream.start()
        await litestream.has((0, None), written)
        await writer.commit(20)
        await litestream.has((20, 20), written)
        await litestream.kill()
        await writer.commit(1500)
        assert writer.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        await writer.commit(20)

        await litestream.start()
        await litestream.has((1540, 1540), written)
        await litestream.kill()

    copy = await litestream.restore("copy.db")
    assert written(copy) == (1540, 1540)
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_the_shop_lets_litestream_take_checkpoints(tmp_path):
    """A shop that writes without pause meets the locks of checkpoints, and waits for them."""
    database = tmp_path / "hanout.db"
    (tmp_path / "elsewhere").mkdir()
    with closing(Writer(database)) as writer:
        litestream = Litestream(database, tmp_path / "elsewhere")
        await litestream.start()
        await writer.commit(3000)  # 12 MB, three times what begins a checkpoint
        await litestream.has((3000, 3000), written)
        await litestream.kill()
        copy = await litestream.restore("copy.db")

    assert written(copy) == (3000, 3000)
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    log = (tmp_path / "elsewhere.log").read_text()
    assert "level=ERROR" not in log, log
