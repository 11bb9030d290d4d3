"""`hanout run` as a process in a folder of its own, its log kept, its data searched for codes."""

import asyncio
import contextlib
import signal
import sqlite3
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from bot.sandbox.simulation import Simulation, close_shop, shop_settings, start_shop, until_open
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.sandbox.telegram.world import Person, labels
from locales import words
from locales.naming import category_name
from tests.e2e.forked import start_hanout
from tests.e2e.measured import measuring

MARKS = dict.fromkeys(map(ord, "\u2068\u2069\u061c\u200f\u200e"))  # of direction


class ShopProcess:
    def __init__(
        self,
        simulation: Simulation,
        folder: Path,
        *,
        key_kind: str = "PRODUCTION",
        measured: bool = False,
        **settings: str,
    ) -> None:
        self.simulation = simulation
        self.folder = folder
        self.log_path = folder / "shop.log"
        self.settings = shop_settings(
            simulation, simulation.book.add_key(key_kind), folder / "data"
        )
        self.settings |= {"LOG_LEVEL": "INFO", "CONFIRM_ABOVE": "1000000", **settings}
        self.settings |= measuring(wanted=measured)
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, *, from_shell: bool = False) -> None:
        if from_shell:
            with self.log_path.open("ab") as log:
                self.process = await start_shop(self.settings, self.folder, log)
        else:
            self.start_forked()
        assert self.process is not None
        patience = (1 + from_shell) * PATIENCE_SECONDS  # that reads all libraries first
        await asyncio.wait_for(until_open(self.simulation, self.process), patience)

    def start_forked(self) -> None:
        """Start it, and wait for nothing."""
        forked = start_hanout("run", settings=self.settings, folder=self.folder, said=self.log_path)
        # It has as much of a Process as is used of one here and by the simulation.
        self.process = cast(asyncio.subprocess.Process, forked)

    async def stop(self) -> int:
        assert self.process is not None
        return await asyncio.wait_for(close_shop(self.process), PATIENCE_SECONDS)

    async def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    @property
    def log(self) -> str:
        return self.log_path.read_text()


def leaks(folder: Path, codes: list[str]) -> list[str]:
    """The files of a folder in which one of these codes stands in clear."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        content = path.read_bytes()
        if any(code.encode() in content or code.encode("utf-16-le") in content for code in codes):
            found.append(path.name)
    return found


def order_states(folder: Path) -> list[str]:
    """The state of each order in a shop's folder, the oldest first."""
    address = f"file:{folder / 'data' / 'hanout.db'}?mode=ro"
    with contextlib.closing(sqlite3.connect(address, uri=True)) as db:
        return [state for (state,) in db.execute("SELECT state FROM orders ORDER BY id")]


def noon_here() -> str:
    """A time zone in which it is noon: at night no news is sent."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def settle(folder: Path, simulation: Simulation, people: range, locale: str) -> None:
    """People who have written to the bot before its process begins."""
    with contextlib.closing(sqlite3.connect(folder / "data" / "hanout.db")) as db, db:
        for number in people:
            simulation.world.chat(number)
            db.execute(
                "INSERT INTO users (id, locale, created_at) VALUES (?, ?, 0)", (number, locale)
            )


class Shopper:
    """A person who knows the shop's words in their language."""

    def __init__(self, person: Person) -> None:
        self.me = person
        self.words = words(person.language_code)
        self.walk = 0

    def line(self, key: str, line: int = 0, **values: str | int) -> str:
        return self.words.plain(key, **values).splitlines()[line]

    async def enter(self) -> None:
        """To the first screen; the walk goes on in that message, whatever else arrives."""
        self.walk = (await self.me.ask_and_read("/start", self.line("home", 1)))["message_id"]

    async def follow(self, path: str) -> None:
        """Press these buttons from home on, with " › " between them; a step that the shop skips is left out.

        A category is named by its key in locales/content/names.toml, whatever the language.
        """
        await self.enter()
        for step in path.split(" › "):
            name = step
            with contextlib.suppress(KeyError):
                name = category_name(self.words.locale, step)
            shown = labels(self.me.chat.messages[self.walk])
            named = [each for each in shown if each.translate(MARKS).partition(" · ")[0] == name]
            if named:
                await self._press(named[0], "")

    async def to_value(
        self, category: str = "PlayStation", product: str = "PlayStation USA"
    ) -> None:
        """`category`: the path to the list of products."""
        await self.follow(f"{category} › {product}")
        question = self.line("product-ask")
        await self.me.until(lambda me: question in me.chat.messages[self.walk]["text"])

    async def to_confirm(self, quantity: int = 1, value: str = "10 $", **where: str) -> None:
        await self.to_value(**where)
        await self._press(value, self.words.plain("button-home"), buttons=str(quantity))
        await self._press(
            str(quantity),
            self.line("confirm", 0, product="", value="", count="", price="", total=""),
        )

    async def buy(self, quantity: int = 1, **what: str) -> None:
        await self.to_confirm(quantity, **what)
        walk = self.me.chat.messages[self.walk]
        await self.me.press_and_read(self.words.plain("button-buy"), "⏳", walk)

    async def _press(self, label: str, words_expected: str, *, buttons: str = "") -> None:
        me = self.me
        before = me.chat.messages[self.walk]["text"]
        await me.press(label, me.chat.messages[self.walk])

        def moved(person: Person) -> bool:
            shown = person.chat.messages[self.walk]
            keyboard = str(shown.get("reply_markup"))
            there = words_expected in shown["text"] or words_expected in keyboard
            return there and shown["text"] != before and f"'text': '{buttons}" in keyboard

        await me.until(moved)


async def credit(operator: Person, user_id: int, dinars: int) -> None:
    await operator.ask_and_read(f"/credit {user_id} {dinars} test", "✓")


async def run_command(shop: ShopProcess, *words: str, **changes: str) -> tuple[int, str]:
    """A command with the shop's settings, or others: its exit status and what it said."""
    with tempfile.TemporaryDirectory() as elsewhere:
        said = Path(elsewhere) / "said"
        process = start_hanout(
            *words, settings={**shop.settings, **changes}, folder=shop.folder, said=said
        )
        code = await asyncio.wait_for(process.wait(), 60)
        return code, said.read_text()
