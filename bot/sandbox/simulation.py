"""Opens the simulated suppliers and Telegram on loopback ports, and starts `hanout run`."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bot.sandbox.payments.chargily_api import ChargilyApi
from bot.sandbox.payments.chargily_book import ChargilyBook
from bot.sandbox.serve import serving
from bot.sandbox.supplier.api import SupplierApi
from bot.sandbox.supplier.book import SupplierBook
from bot.sandbox.supplier.starship import StarshipApi
from bot.sandbox.supplier.vouchers import VoucherBook
from bot.sandbox.telegram.api import TelegramApi
from bot.sandbox.telegram.world import World
from bot.vault import new_key

OPERATOR_ID = 1000
_TOKEN = "7000000001:demo-token-of-the-simulator-only-000"  # noqa: S105 - not a real token


@dataclass
class Simulation:
    """Two suppliers, Chargily and Telegram: their state, and the URLs of their APIs."""

    book: SupplierBook
    vouchers: VoucherBook
    chargily: ChargilyBook
    world: World
    supplier_url: str
    starship_url: str
    chargily_url: str
    telegram_url: str


def shop_settings(simulation: Simulation, api_key: str, folder: Path) -> dict[str, str]:
    """The settings of a shop that is connected to the simulation; its database is in `folder`."""
    return {
        "TELEGRAM_TOKEN": simulation.world.token,
        "TELEGRAM_API_URL": simulation.telegram_url,
        "TELEGRAM_PROXY": "",  # not those of a real shop on this machine
        "TELEGRAM_WEBHOOK_URL": "",
        "ONECLICKDZ_API_KEY": api_key,
        "ONECLICKDZ_BASE_URL": f"{simulation.supplier_url}/v3",
        "ADMIN_IDS": str(OPERATOR_ID),
        "HANOUT_KEYS": new_key("demo"),
        "DATABASE_URL": f"sqlite:///{folder / 'hanout.db'}",
        "PRICE_SHARED_FOR": "0.1s",  # what is set at the supplier's panel happens to the next order
        "LOG_LEVEL": "WARNING",
        **chargily_settings(simulation),
    }


def chargily_settings(simulation: Simulation, *, live: bool = True) -> dict[str, str]:
    """The settings of a shop that takes cards at the simulated Chargily, if PAYMENT_METHODS says so."""
    mode = "" if live else "/test"
    return {
        "CHARGILY_SECRET_KEY": simulation.chargily.keys[live],
        "CHARGILY_BASE_URL": f"{simulation.chargily_url}{mode}/api/v2",
    }


def both_suppliers(simulation: Simulation) -> dict[str, str]:
    """The additional settings of a shop that buys from both suppliers."""
    key, secret = simulation.vouchers.add_key("live")
    return {
        "SUPPLIERS": "oneclickdz,starship",
        "STARSHIP_API_KEY": key,
        "STARSHIP_API_SECRET": secret,
        "STARSHIP_BASE_URL": simulation.starship_url,
        "STARSHIP_DINARS": "245.50",
        "STARSHIP_DINARS_SINCE": "2026-11-01",
    }


@contextlib.asynccontextmanager
async def open_simulation(handling_seconds: float = 1.0) -> AsyncIterator[Simulation]:
    book, world = SupplierBook(handling_seconds=handling_seconds), World(_TOKEN)
    vouchers, cards = VoucherBook(), ChargilyBook()
    supplier, starship, telegram = SupplierApi(book), StarshipApi(vouchers), TelegramApi(world)
    chargily = ChargilyApi(cards)
    async with (
        serving(supplier.app, supplier.connections) as supplier_url,
        serving(starship.app, starship.connections) as starship_url,
        serving(chargily.app, chargily.connections) as chargily_url,
        serving(telegram.app) as telegram_url,
    ):
        urls = (supplier_url, starship_url, chargily_url, telegram_url)
        yield Simulation(book, vouchers, cards, world, *urls)
        world.polling.wake()  # the poll of a shop that has gone; the server waits for its answers
        await world.webhook.close()


async def start_shop(
    settings: dict[str, str], folder: Path, log: IO[bytes] | None = None
) -> asyncio.subprocess.Process:
    """Start `hanout run` as a process; it logs to `log`, else to our standard error."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        env={**os.environ, **settings},
        cwd=folder,
        stderr=log,
        start_new_session=True,  # Ctrl-C goes to its parent, which then closes the shop
    )


async def close_shop(process: asyncio.subprocess.Process) -> int:
    """Send SIGTERM and return the exit status."""
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    return await process.wait()


async def until_open(simulation: Simulation, process: asyncio.subprocess.Process) -> None:
    """Wait until the shop receives updates. Raises RuntimeError where the shop ended instead."""
    before = _looks_for_updates(simulation)
    while _looks_for_updates(simulation) == before:
        if process.returncode is not None:
            raise RuntimeError("the shop did not start; its log tells why")
        await asyncio.sleep(0.02)


def _looks_for_updates(simulation: Simulation) -> int:
    """How often a shop polled, or looked after its webhook."""
    return sum(
        method in ("getUpdates", "getWebhookInfo") for _, method, _ in simulation.world.calls
    )
