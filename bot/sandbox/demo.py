"""`hanout demo`: the simulators and the real bot on loopback ports, and a web page to try the shop.

The bot is a separate process, `hanout run`, without any change for the demo.
"""

import asyncio
import os
import signal
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Coroutine
from pathlib import Path

from bot.sandbox.page.app import PageApp
from bot.sandbox.page.simulation_view import SimulationView
from bot.sandbox.serve import serving
from bot.sandbox.simulation import (
    OPERATOR_ID,
    Simulation,
    both_suppliers,
    close_shop,
    open_simulation,
    shop_settings,
    start_shop,
    until_open,
)
from bot.sandbox.supplier.panel import Panel
from bot.sandbox.supplier.voucher_panel import VoucherPanel
from bot.sandbox.telegram.world import text_of
from bot.sandbox.transcript import print_purchases
from locales import words

PEOPLE = ((2001, "Lina", "en"), (2002, "Karim", "fr"), (2003, "أمينة", "ar"))
STARTING_DINARS = 20_000
# All payment methods, configured as an owner would; environment variables override these.
PAYMENT_SETTINGS = {
    "PAYMENT_METHODS": "transfer,ocpay,chargily,stars",
    "TRANSFER_INSTRUCTIONS_EN": r"CCP 00 1234567890 key 12\nName: Hanout (demo)",
    "TRANSFER_INSTRUCTIONS_FR": r"CCP 00 1234567890 clé 12\nNom : Hanout (démo)",
    "TRANSFER_INSTRUCTIONS_AR": r"الحساب البريدي 00 1234567890 المفتاح 12\nالاسم: حانوت (تجربة)",
    "STARS_DINARS": "2",
}
# Codes of the shop's own beside both suppliers: a product, and a CSV of its codes.
OWN_SUPPLIERS = {"SUPPLIERS": "oneclickdz,starship,own"}
OWN_PRODUCT = ("Streaming", "Netflix TR", "200 TRY")
OWN_CODES = (
    "code,pin",
    *(f"DEMO-{number:04}-{number * 7919 % 10_000:04},{1000 + number}" for number in range(1, 7)),
)
_HANDLING_SECONDS = 4.0  # long enough to see an order wait
_TIMEOUT_SECONDS = 30.0

Scenario = Callable[[Simulation], Coroutine[None, None, None]]


async def print_demo() -> None:
    """Print a purchase in each language as a transcript."""
    await _with_shop(print_purchases, handling_seconds=1.0)


async def serve_demo(port: int, *, open_browser: bool) -> None:
    """Serve the page on the first free port from `port` on, until Ctrl-C."""

    async def serve(simulation: Simulation) -> None:
        await prepare_chats(simulation)
        await stock_up(simulation)
        async with serving(page_of(simulation), port=port, websockets=True) as url:
            print(f"\n  Open  {url}\n\nCtrl-C ends the demo.", flush=True)
            if open_browser and _has_browser():
                threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
            await asyncio.Event().wait()

    settings = PAYMENT_SETTINGS | OWN_SUPPLIERS
    chosen = {name: value for name, value in settings.items() if name not in os.environ}
    await _with_shop(serve, _HANDLING_SECONDS, **chosen)


def page_of(simulation: Simulation) -> PageApp:
    panels: list[Panel | VoucherPanel] = [
        Panel(simulation.book, "OneClickDz"),
        VoucherPanel(simulation.vouchers, "Starship"),
    ]
    return PageApp(SimulationView(simulation.world, panels, frozenset({OPERATOR_ID})))


async def prepare_chats(simulation: Simulation) -> None:
    """Start a chat for the operator and for a customer of each language, and fill their wallets."""
    operator = simulation.world.person(OPERATOR_ID, "Operator", "en")
    await operator.ask_and_read(
        "/start", words("en").plain("home").splitlines()[1], _TIMEOUT_SECONDS
    )
    for user_id, name, language in PEOPLE:
        person = simulation.world.person(user_id, name, language)
        home = words(language).plain("home").splitlines()[1]
        await person.ask_and_read("/start", home, _TIMEOUT_SECONDS)
        await operator.ask_and_read(f"/credit {user_id} {STARTING_DINARS}", "✓", _TIMEOUT_SECONDS)
        await person.reads("👛", _TIMEOUT_SECONDS)


async def stock_up(simulation: Simulation) -> None:
    """Load codes of the shop's own, as the operator does it in the chat, and put them on sale.

    Does nothing in a shop whose SUPPLIERS leave them out.
    """
    operator = simulation.world.person(OPERATOR_ID, "Operator", "en")
    said = words("en").plain
    shelf = await operator.ask_and_read("/stock", said("stock-empty"), _TIMEOUT_SECONDS)
    if said("stock-off") in text_of(shelf):
        return
    await operator.press(said("button-stock-add"), shelf)
    await operator.reads(said("stock-ask-names"), _TIMEOUT_SECONDS)
    value = await operator.ask_and_read("\n".join(OWN_PRODUCT), OWN_PRODUCT[1], _TIMEOUT_SECONDS)
    await operator.press(said("button-stock-load"), value)
    _, product, label = OWN_PRODUCT
    cost = said("stock-ask-cost", product=product, value=label)
    await operator.reads(cost, _TIMEOUT_SECONDS)
    await operator.ask_and_read("1240", said("stock-ask-codes-deleted"), _TIMEOUT_SECONDS)
    batch = await operator.ask_and_read("\n".join(OWN_CODES), said("stock-draft"), _TIMEOUT_SECONDS)
    await operator.press(said("button-stock-sell"), batch)
    await operator.reads(said("stock-on-sale", id="1"), _TIMEOUT_SECONDS)


async def _with_shop(scenario: Scenario, handling_seconds: float, **extra: str) -> None:
    """Run the simulation and the shop until `scenario` ends, or until Ctrl-C or SIGTERM.

    `extra`: settings of the shop besides those that connect it to the simulation.

    Raises RuntimeError where the shop ends before.
    """
    print(
        "Hanout demo: the real bot against simulators on this machine. No token, no key, no money."
    )
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="hanout-demo-") as name:
        async with open_simulation(handling_seconds) as simulation:
            key = simulation.book.add_key("PRODUCTION")
            settings = {
                **shop_settings(simulation, key, Path(name)),
                **both_suppliers(simulation),
                **extra,
            }
            shop = await start_shop(settings, Path(name))

            async def open_and_run() -> None:
                await until_open(simulation, shop)
                await scenario(simulation)

            try:
                await _first_of(open_and_run(), shop, stop)
            finally:
                await close_shop(shop)


async def _first_of(
    playing: Coroutine[None, None, None], shop: asyncio.subprocess.Process, stop: asyncio.Event
) -> None:
    tasks = [asyncio.create_task(work) for work in (playing, shop.wait(), stop.wait())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if tasks[0].done():
            tasks[0].result()
        elif not stop.is_set():
            raise RuntimeError("the shop ended by itself; its log tells why")
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _has_browser() -> bool:
    """Whether a graphical browser can be opened; one in the terminal would take it over."""
    windows = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in windows)
