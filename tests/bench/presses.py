"""Presses: the shop against a bare PTB application that makes the same Bot API calls; and p99 under a stall.

Both are processes against the same Telegram simulator, one after the other, 50 customers each.
"""

import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from bot.sandbox.simulation import (
    OPERATOR_ID,
    Simulation,
    close_shop,
    open_simulation,
    shop_settings,
    start_shop,
    until_open,
)
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.world import Person, buttons

CUSTOMERS = 50
ROUNDS = 8
AIM_RATIO, AIM_STALL = 1.5, 1.2

BARE = """
import os
from telegram import InlineKeyboardButton as B, InlineKeyboardMarkup as M
from telegram.ext import Application, CallbackQueryHandler, CommandHandler

KEYS = M([[B(f"Product number {n}", callback_data=f"prod:{n}")] for n in range(8)])

async def start(update, context):
    await update.message.reply_text("What are you looking for?", reply_markup=KEYS)

async def press(update, context):
    await update.callback_query.answer()
    context.application.count = getattr(context.application, "count", 0) + 1
    await update.callback_query.edit_message_text(f"Which value? {context.application.count}", reply_markup=KEYS)

app = Application.builder().token(os.environ["TELEGRAM_TOKEN"]).base_url(os.environ["TELEGRAM_API_URL"] + "/bot").concurrent_updates(True).connection_pool_size(10).build()
app.add_handler(CommandHandler("start", start))
app.add_handler(CallbackQueryHandler(press))
app.run_polling()
"""


async def _press_and_wait(person: Person, data: str) -> float:
    """Seconds from the press until the message has changed."""
    message = person.screen
    started = time.perf_counter()
    before = len(person.chat.log)
    await person.forge(data, message)
    while len(person.chat.log) == before:
        async with person.world.changed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(person.world.changed.wait(), 0.25)
        if time.perf_counter() - started > 30:
            raise TimeoutError(data)
    return time.perf_counter() - started


async def _customer(person: Person, walk: list[str]) -> list[float]:
    times = []
    for _ in range(ROUNDS):
        for data in walk:
            times.append(await _press_and_wait(person, data))
    return times


async def _crowd(simulation: Simulation, first: int, walk: list[str]) -> tuple[float, list[float]]:
    """Presses a second of the whole crowd, and each press's time."""
    people = [simulation.world.person(first + n, "Lina", "en") for n in range(CUSTOMERS)]
    for person in people:
        await person.say("/start")
    for person in people:
        await person.until(lambda me: bool(me.inbox), 30)
    started = time.perf_counter()
    times = [
        t for each in await asyncio.gather(*(_customer(p, walk) for p in people)) for t in each
    ]
    return len(times) / (time.perf_counter() - started), times


def _p(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


@contextlib.asynccontextmanager
async def _shop(simulation: Simulation, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await start_shop(shop_settings(simulation, simulation.book.add_key(), folder), folder)
    await until_open(simulation, process)
    try:
        yield process
    finally:
        await close_shop(process)


def _memory(process: asyncio.subprocess.Process) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def _cpu(process: asyncio.subprocess.Process) -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _bare(simulation: Simulation, folder: Path) -> tuple[float, list[float]]:
    env = {
        **os.environ,
        "TELEGRAM_TOKEN": simulation.world.token,
        "TELEGRAM_API_URL": simulation.telegram_url,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", BARE, env=env, cwd=folder, stderr=asyncio.subprocess.DEVNULL
    )
    await until_open(simulation, process)
    try:
        return await _crowd(simulation, 90_000, ["prod:1", "prod:2", "prod:3", "prod:4"])
    finally:
        process.terminate()
        await process.wait()


def _offers(label: str) -> Callable[[Person], bool]:
    return lambda person: any(label in button["text"] for button in buttons(person.screen))


def _says(words: str) -> Callable[[Person], bool]:
    return lambda person: words in person.screen["text"]


async def _walk_of(simulation: Simulation) -> tuple[list[str], str]:
    """The buttons of a walk whose prices are warm: category, product, value, quantity."""
    me = simulation.world.person(OPERATOR_ID, "Operator", "en")
    await me.say("/start")
    await me.reads("looking for", 20)
    walk = []
    for label, words in (
        ("PlayStation", "Which product"),
        ("PlayStation USA", "Which value"),
        ("10\u00a0$", "How many"),
        ("1", "Check your order"),
    ):
        await me.until(_offers(label), 20)
        walk.append(next(b["callback_data"] for b in buttons(me.screen) if label in b["text"]))
        await me.press(label)
        await me.until(_says(words), 20)
    return walk, walk[1]


async def report() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with open_simulation() as simulation:
            bare_rate, bare_times = await _bare(simulation, folder)
        async with open_simulation() as simulation:
            started = time.perf_counter()
            async with _shop(simulation, folder) as shop:
                opened = time.perf_counter() - started
                walk, _ = await _walk_of(simulation)
                single = [
                    await _press_and_wait(simulation.world.person(OPERATOR_ID), d)
                    for d in walk * 10
                ]
                cpu = _cpu(shop)
                rate, times = await _crowd(simulation, 10_000, walk)
                cpu = (_cpu(shop) - cpu) / len(times) * 1000
                calm = _p(times, 0.99)
                simulation.book.script(
                    *(Fault(FaultKind.LATENCY, "", times=1, seconds=5.0) for _ in range(200))
                )
                _, stalled_times = await _crowd(simulation, 20_000, walk)
                stalled, memory = _p(stalled_times, 0.99), _memory(shop)
    _print(bare_rate, bare_times, rate, times, single, stalled / calm, stalled)
    print(
        f"  CPU for 1,000 presses {cpu:.1f} s (aim ≤ 5) · memory {memory:.0f} MiB (aim ≤ 100) · start to first poll {opened:.2f} s (aim ≤ 1.5)\n"
    )


def _print(
    bare_rate: float,
    bare_times: list[float],
    rate: float,
    times: list[float],
    single: list[float],
    stall: float,
    stalled: float,
) -> None:
    ratio = bare_rate / rate
    print(f"Presses, {CUSTOMERS} customers at once, the walk to the confirm screen")
    print(
        f"  bare PTB {bare_rate:6.0f}/s  p50 {_p(bare_times, 0.5):6.1f} ms  p99 {_p(bare_times, 0.99):6.1f} ms"
    )
    print(f"  Hanout   {rate:6.0f}/s  p50 {_p(times, 0.5):6.1f} ms  p99 {_p(times, 0.99):6.1f} ms")
    print(
        f"  bare/Hanout {ratio:.2f}× (aim ≤ {AIM_RATIO}×): {'met' if ratio <= AIM_RATIO else 'missed'}"
    )
    print(
        f"  one customer alone: p50 {statistics.median(single) * 1000:.1f} ms (aim ≤ 6), p99 {_p(single, 0.99):.1f} ms (aim ≤ 12)"
    )
    met = stall <= AIM_STALL
    print(
        f"  supplier stalled for 5 s: p99 {stalled:.1f} ms, {stall:.2f}× (aim ≤ {AIM_STALL}×): {'met' if met else 'missed'}"
    )
