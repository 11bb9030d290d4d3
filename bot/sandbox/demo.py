"""`hanout demo`: both simulators and the real bot on loopback ports, and a page to try it in.

The bot is a process of its own, `hanout run`, which knows nothing of being watched.
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
from bot.sandbox.transcript import print_purchases
from locales import words

PEOPLE = ((2001, "Lina", "en"), (2002, "Karim", "fr"), (2003, "أمينة", "ar"))
GIFT_DINARS = 20_000
# Every way to pay, as an owner would switch it on; the environment may say otherwise.
PAID_IN = {
    "PAYMENT_METHODS": "transfer,ocpay,stars",
    "TRANSFER_INSTRUCTIONS_EN": r"CCP 00 1234567890 key 12\nName: Hanout (demo)",
    "TRANSFER_INSTRUCTIONS_FR": r"CCP 00 1234567890 clé 12\nNom : Hanout (démo)",
    "TRANSFER_INSTRUCTIONS_AR": r"الحساب البريدي 00 1234567890 المفتاح 12\nالاسم: حانوت (تجربة)",
    "STARS_DINARS": "2",
}
_HANDLING_SECONDS = 4.0  # long enough to see that an order waits
_PATIENCE_SECONDS = 30.0

Play = Callable[[Simulation], Coroutine[None, None, None]]


async def print_demo() -> None:
    """A purchase in each language, as a transcript."""
    await _with_shop(print_purchases, handling_seconds=1.0)


async def serve_demo(port: int, *, open_browser: bool) -> None:
    """Serve the page, from `port` on, until Ctrl-C."""

    async def serve(simulation: Simulation) -> None:
        await settle_in(simulation)
        async with serving(page_of(simulation), port=port, websockets=True) as url:
            print(f"\n  Open  {url}\n\nCtrl-C ends the demo.", flush=True)
            if open_browser and _has_browser():
                threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
            await asyncio.Event().wait()

    chosen = {name: value for name, value in PAID_IN.items() if name not in os.environ}
    await _with_shop(serve, _HANDLING_SECONDS, **chosen)


def page_of(simulation: Simulation) -> PageApp:
    panels: list[Panel | VoucherPanel] = [
        Panel(simulation.book, "OneClickDz"),
        VoucherPanel(simulation.vouchers, "Starship"),
    ]
    return PageApp(SimulationView(simulation.world, panels, frozenset({OPERATOR_ID})))


async def settle_in(simulation: Simulation) -> None:
    """The operator and a customer of each language have met the bot; the customers have money."""
    operator = simulation.world.person(OPERATOR_ID, "Operator", "en")
    await operator.ask_and_read("/start", words("en").plain("home").splitlines()[1])
    for user_id, name, language in PEOPLE:
        person = simulation.world.person(user_id, name, language)
        home = words(language).plain("home").splitlines()[1]
        await person.ask_and_read("/start", home, _PATIENCE_SECONDS)
        await operator.ask_and_read(f"/credit {user_id} {GIFT_DINARS}", "✓", _PATIENCE_SECONDS)
        await person.reads("👛", _PATIENCE_SECONDS)


async def _with_shop(play: Play, handling_seconds: float, **extra: str) -> None:
    """Open the simulation and the shop for as long as `play` runs, or until Ctrl-C or SIGTERM.

    `extra` are settings of the shop besides those that join it to the simulation.

    Raises RuntimeError where the shop ends by itself.
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

            async def open_and_play() -> None:
                await until_open(simulation, shop)
                await play(simulation)

            try:
                await _first_of(open_and_play(), shop, stop)
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
            raise RuntimeError("the shop ended by itself; its own words stand in its log")
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _has_browser() -> bool:
    """A browser of its own window, or one that the person named: none that takes over the terminal."""
    windows = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in windows)
