"""Presses: the shop against a bare PTB application that makes the same Bot API calls; memory, start, and p99 under a stall.

Both are processes against the same Telegram simulator, one after the other, 50 customers each. The shop has been
started before, so that its database is there.
"""

import asyncio
import contextlib
import os
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
from tests.bench.rows import Row, print_rows

CUSTOMERS = 50
ROUNDS = 8
AIM_STALL = 1.2
_WALKS_ALONE = 25
_SETTLED_AFTER_SECONDS = 3.0  # what the start leaves to do is done

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
async def _shop(
    simulation: Simulation, folder: Path, settings: dict[str, str] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    settings = settings or shop_settings(simulation, simulation.book.add_key(), folder)
    process = await start_shop(settings, folder)
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


async def report() -> list[Row]:
    print(f"Presses, {CUSTOMERS} customers at once, the walk to the confirm screen", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with open_simulation() as simulation:
            bare_rate, bare_times = await _bare(simulation, folder)
        print(_line("bare PTB", bare_rate, bare_times), flush=True)
        async with open_simulation() as simulation:
            rows, rate = await _of_the_shop(simulation, folder)
    rows.insert(0, Row("bare PTB / Hanout", bare_rate / rate, 1.35, "times"))
    print_rows(rows)
    return rows


async def _of_the_shop(simulation: Simulation, folder: Path) -> tuple[list[Row], float]:
    """What the shop takes, and how many presses a second a crowd gets answered."""
    settings = shop_settings(simulation, simulation.book.add_key(), folder)
    async with _shop(simulation, folder, settings):
        pass
    began = time.perf_counter()
    async with _shop(simulation, folder, settings) as shop:
        opened = time.perf_counter() - began
        await asyncio.sleep(_SETTLED_AFTER_SECONDS)
        at_start = _memory(shop)
        walk, _ = await _walk_of(simulation)
        operator = simulation.world.person(OPERATOR_ID)
        used = _cpu(shop)
        alone = [await _press_and_wait(operator, data) for data in walk * _WALKS_ALONE]
        alone_cpu = (_cpu(shop) - used) / len(alone) * 1000
        used = _cpu(shop)
        rate, times = await _crowd(simulation, 10_000, walk)
        crowd_cpu = (_cpu(shop) - used) / len(times) * 1000
        after = _memory(shop)
        simulation.book.script(
            *(Fault(FaultKind.LATENCY, "", times=1, seconds=5.0) for _ in range(200))
        )
        _, stalled = await _crowd(simulation, 20_000, walk)
    print(_line("Hanout", rate, times), flush=True)
    return [
        Row("50 customers: actions", rate, 550, "a second", at_least=True),
        Row("50 customers: p99", _p(times, 0.99) / 1000, 0.16, "s"),
        Row("one customer: p50", _p(alone, 0.5), 4, "ms"),
        Row("one customer: p99", _p(alone, 0.99), 10, "ms"),
        Row("CPU of 1,000 actions of a crowd", crowd_cpu, 2.0, "s"),
        Row("CPU of 1,000 actions of one customer", alone_cpu, 4.5, "s"),
        Row("resident after the start", at_start, 92, "MiB"),
        Row("resident after the crowd", after, 100, "MiB"),
        Row("start to the first poll", opened, 0.7, "s"),
        Row(
            "p99 while the supplier stands still, as a multiple",
            _p(stalled, 0.99) / _p(times, 0.99),
            AIM_STALL,
        ),
    ], rate


def _line(name: str, rate: float, times: list[float]) -> str:
    return (
        f"  {name:10} {rate:5.0f}/s   p50 {_p(times, 0.5):6.1f} ms   p99 {_p(times, 0.99):6.1f} ms"
    )


if __name__ == "__main__":
    asyncio.run(report())
