"""What a shop costs that nobody uses: database statements and CPU for each second, two suppliers, SQLite on disk.

A short run is taken off a long one, so that the start is not counted.
"""

import asyncio
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.simulation import both_suppliers, open_simulation, shop_settings, until_open

AIM_STATEMENTS, AIM_CPU = 1.0, 0.002  # a second
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Used:
    statements: int
    cpu_seconds: float


async def _run_for(seconds: float) -> Used:
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
            await asyncio.sleep(seconds)
            shop.terminate()
            said, _ = await shop.communicate()
    found = json.loads(said.splitlines()[-1])
    return Used(found["statements"], found["cpu"])


async def report(seconds: float = 60.0) -> None:
    settled = 10.0
    start, whole = await asyncio.gather(_run_for(settled), _run_for(settled + seconds))
    statements = (whole.statements - start.statements) / seconds
    cpu = (whole.cpu_seconds - start.cpu_seconds) / seconds
    met = statements <= AIM_STATEMENTS and cpu <= AIM_CPU
    print(
        f"Idle for {seconds:.0f} s (aim: ≤ {AIM_STATEMENTS:.0f} statement a second, "
        f"≤ {AIM_CPU:.1%} of a core): {statements:.2f} statements a second, {cpu:.2%} of a core: "
        f"{'met' if met else 'missed'}\n"
    )
