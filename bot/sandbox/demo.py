"""`hanout demo`: both simulators and the real bot on loopback ports, and a purchase in each language.

The bot is a process of its own, `hanout run`, which knows nothing of being watched.
"""

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.serve import serving
from bot.sandbox.supplier.api import SupplierApi
from bot.sandbox.supplier.book import SupplierBook
from bot.sandbox.telegram.api import TelegramApi
from bot.sandbox.telegram.world import Person, World, buttons, spoilers, text_of
from bot.vault import new_key
from locales import words

OPERATOR_ID = 1000
_TOKEN = "7000000001:demo-token-of-the-simulator-only-000"  # noqa: S105 - opens nothing
_PATIENCE_SECONDS = 30.0


@dataclass
class Street:
    """The demo's world: a supplier, a Telegram, and the shop between them."""

    book: SupplierBook
    world: World
    supplier_url: str
    telegram_url: str


def shop_settings(street: Street, api_key: str, folder: Path) -> dict[str, str]:
    return {
        "TELEGRAM_TOKEN": street.world.token,
        "TELEGRAM_API_URL": street.telegram_url,
        "ONECLICKDZ_API_KEY": api_key,
        "ONECLICKDZ_BASE_URL": f"{street.supplier_url}/v3",
        "ADMIN_IDS": str(OPERATOR_ID),
        "HANOUT_KEYS": new_key("demo"),
        "DATABASE_URL": f"sqlite:///{folder / 'hanout.db'}",
        "LOG_LEVEL": "WARNING",
    }


@contextlib.asynccontextmanager
async def open_street() -> AsyncIterator[Street]:
    book, world = SupplierBook(handling_seconds=1.0), World(_TOKEN)
    supplier, telegram = SupplierApi(book), TelegramApi(world)
    async with (
        serving(supplier.app, supplier.connections) as supplier_url,
        serving(telegram.app) as telegram_url,
    ):
        yield Street(book, world, supplier_url, telegram_url)


@contextlib.asynccontextmanager
async def open_shop(
    settings: dict[str, str], folder: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`hanout run` as a process; ended with SIGTERM."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        env={**os.environ, **settings},
        cwd=folder,
        start_new_session=True,  # Ctrl-C reaches the demo, which then closes the shop
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await process.wait()


async def play(*, once: bool) -> None:
    """Print the transcript, then stay up until Ctrl-C, or end where `once`."""
    with tempfile.TemporaryDirectory(prefix="hanout-demo-") as name:
        async with open_street() as street:
            settings = shop_settings(street, street.book.add_key("PRODUCTION"), Path(name))
            async with open_shop(settings, Path(name)) as shop:
                await _transcript(street, shop)
                if once:
                    return
                print("\nThe shop and its simulators stay open. Ctrl-C ends the demo.")
                print(
                    f"  Telegram simulator  {street.telegram_url}\n  supplier simulator  {street.supplier_url}/v3"
                )
                await _until_interrupted(shop)


async def _until_interrupted(shop: asyncio.subprocess.Process) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    waiting = [asyncio.create_task(stop.wait()), asyncio.create_task(shop.wait())]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()


async def _transcript(street: Street, shop: asyncio.subprocess.Process) -> None:
    print(
        "Hanout demo: the real bot against simulators on this machine. No token, no key, no money.\n"
    )
    await _until_open(street, shop)
    operator = street.world.person(OPERATOR_ID, "Operator", "en")
    await operator.say("/start")
    await operator.reads(words("en").plain("home").splitlines()[0], _PATIENCE_SECONDS)
    for number, (code, name) in enumerate(
        (("en", "Lina"), ("fr", "Karim"), ("ar", "أمينة")), start=1
    ):
        person = street.world.person(2000 + number, name, code)
        await Buyer(person, operator).buy()
    await operator.ask_and_read("/stats", "📊", _PATIENCE_SECONDS)
    _print_screen(operator)


async def _until_open(street: Street, shop: asyncio.subprocess.Process) -> None:
    while not any(method == "getUpdates" for _, method, _ in street.world.calls):
        if shop.returncode is not None:
            raise SystemExit("the shop did not start; its own words stand above")
        await asyncio.sleep(0.02)


class Buyer:
    """A person who buys two codes, and whose screens are printed as they come."""

    def __init__(self, person: Person, operator: Person) -> None:
        self.person = person
        self.operator = operator
        self.words = words(person.language_code)

    async def buy(self) -> None:
        me, w = self.person, self.words
        _print_title(f"{me.name} buys two codes ({w.plain('language-name')})")
        await self._say("/start", w.plain("home").splitlines()[1])
        await self._press("Steam", w.plain("products", category="").splitlines()[-1])
        await self._press(
            "Steam Europe", w.plain("product", category="", product="").splitlines()[-1]
        )
        await self._press("10 €", "10 €", screen_has_numbers=True)
        await self._press("2", str(me.id))
        await self._credit(12_000)
        await self._press(w.plain("button-again"), "12")
        await self._press(w.plain("button-buy"), "⏳")
        await me.reads("✅", _PATIENCE_SECONDS)
        await me.until(lambda p: bool(p.codes()), _PATIENCE_SECONDS)
        _print_message(next(m for m in me.inbox if spoilers(m)))
        hide = w.plain("button-hide")
        await me.press(hide, next(m for m in me.inbox if spoilers(m)))
        print(f"  {me.name} ▸ [ {hide} ]")
        await me.until(lambda p: not p.codes(), _PATIENCE_SECONDS)
        await me.reads("🔒", _PATIENCE_SECONDS)
        _print_screen(me)

    async def _say(self, text: str, expected: str) -> None:
        print(f"  {self.person.name} ▸ {text}")
        await self.person.ask_and_read(text, expected, _PATIENCE_SECONDS)
        _print_screen(self.person)

    async def _press(self, label: str, expected: str, *, screen_has_numbers: bool = False) -> None:
        """Press on the walk's message; prices that are still being asked are waited for."""
        me = self.person
        walk = _walk_message(me)
        before = text_of(walk)
        await me.until(lambda p: _has_button(_walk_message(p), label), _PATIENCE_SECONDS)
        await me.press(label, _walk_message(me))
        print(f"  {me.name} ▸ [ {label} ]")
        await me.until(
            lambda p: (
                expected in text_of(_walk_message(p))
                and text_of(_walk_message(p)) != before
                and (not screen_has_numbers or _has_button(_walk_message(p), "2"))
            ),
            _PATIENCE_SECONDS,
        )
        _print_message(_walk_message(me))

    async def _credit(self, dinars: int) -> None:
        command = f"/credit {self.person.id} {dinars} demo"
        print(f"  Operator ▸ {command}")
        await self.operator.ask_and_read(command, "✓", _PATIENCE_SECONDS)
        _print_screen(self.operator)
        await self.person.reads("👛", _PATIENCE_SECONDS)


def _walk_message(person: Person) -> dict[str, Any]:
    """The message that the walk is edited in: the newest but for notices."""
    return [m for m in person.inbox if not text_of(m).startswith(("👛", "✅", "🔒"))][-1]


def _has_button(message: dict[str, Any], label: str) -> bool:
    return any(label in button["text"] for button in buttons(message))


def _print_title(title: str) -> None:
    print(f"\n━━ {title} " + "━" * max(4, 60 - len(title)))


def _print_screen(person: Person) -> None:
    _print_message(person.screen)


def _print_message(message: dict[str, Any]) -> None:
    text = text_of(message)
    for secret in spoilers(message):
        text = text.replace(secret, "▒" * len(secret))
    for line in text.splitlines():
        print(f"      {line}")
    for row in (message.get("reply_markup") or {}).get("inline_keyboard", []):
        print("      " + " ".join(f"[ {button['text']} ]" for button in row))
    print()
