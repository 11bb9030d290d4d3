"""A shop on a machine of its own: a folder, and the settings that another machine needs to go on with it."""

import asyncio
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from bot.sandbox.simulation import OPERATOR_ID, Simulation
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.sandbox.telegram.world import Person
from tests.e2e.shop import Shopper, ShopProcess, credit

BIN = Path(sys.executable).parent
SAME_SHOP = ("HANOUT_KEYS", "ONECLICKDZ_API_KEY")


def tool(name: str) -> str:
    """A program of the virtual environment or of this machine; empty where there is none."""
    return shutil.which(name, path=BIN) or shutil.which(name) or ""


def machine(simulation: Simulation, folder: Path, like: ShopProcess | None = None) -> ShopProcess:
    """A shop in an empty folder, `like` another one with the same keys."""
    (folder / "data").mkdir(parents=True, mode=0o700)
    made = ShopProcess(simulation, folder, BACKUP_FOLDER=str(folder / "backups"))
    if like is not None:
        made.settings |= {name: like.settings[name] for name in SAME_SHOP}
    return made


def database_of(shop: ShopProcess) -> Path:
    return shop.folder / "data" / "hanout.db"


async def operator_of(simulation: Simulation) -> Person:
    person = simulation.world.person(OPERATOR_ID, "Operator", "en")
    simulation.world.chat(OPERATOR_ID)  # a menu for a chat that Telegram does not know is refused
    return person


async def customer(simulation: Simulation, operator: Person) -> Shopper:
    await operator.ask_and_read("/start", "Gift-card codes")
    made = Shopper(simulation.world.person(5, "Lina", "en"))
    await made.enter()
    await credit(operator, 5, 50_000)
    await made.me.reads("👛")
    return made


def states(database: Path) -> list[str]:
    """The state of each order, the oldest first."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        return [state for (state,) in db.execute("SELECT state FROM orders ORDER BY id")]


async def until(condition, seconds: float = PATIENCE_SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.1)
