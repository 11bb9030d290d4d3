"""What an unused shop costs: database statements and CPU for each second, two suppliers, SQLite on disk."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.simulation import both_suppliers, open_simulation, shop_settings, until_open
from tests.bench.rows import Row, print_rows

_SETTLED_AFTER_SECONDS = 10.0
AIM_STATEMENTS, AIM_CPU_PERCENT = 1.0, 0.15  # a second; of a core
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Used:
    statements: int
    cpu_seconds: float


async def _read(shop: asyncio.subprocess.Process) -> Used:
    shop.send_signal(signal.SIGUSR1)
    assert shop.stdout is not None
    found = json.loads(await shop.stdout.readline())
    return Used(found["statements"], found["cpu"])


async def _measure(seconds: float) -> Used:
    with tempfile.TemporaryDirectory() as folder:
        async with open_simulation() as simulation:
            settings = shop_settings(
                simulation, simulation.book.add_key("PRODUCTION"), Path(folder)
            )
            settings |= both_suppliers(simulation)
            shop = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.bench.counted_shop",
                env={**os.environ, **settings, "PYTHONPATH": str(ROOT)},
                cwd=folder,
                stdout=asyncio.subprocess.PIPE,
            )
            await until_open(simulation, shop)
            await asyncio.sleep(_SETTLED_AFTER_SECONDS)
            start = await _read(shop)
            await asyncio.sleep(seconds)
            end = await _read(shop)
            shop.terminate()
            await shop.wait()
    return Used(end.statements - start.statements, end.cpu_seconds - start.cpu_seconds)


async def report(seconds: float = 60.0) -> list[Row]:
    print(f"An unused shop, for {seconds:.0f} s", flush=True)
    used = await _measure(seconds)
    rows = [
        Row("idle: CPU", used.cpu_seconds / seconds * 100, AIM_CPU_PERCENT, "% of one"),
        Row("idle: database statements", used.statements / seconds, AIM_STATEMENTS, "a second"),
    ]
    print_rows(rows)
    return rows


if __name__ == "__main__":
    asyncio.run(report())
