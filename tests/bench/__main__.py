"""Run every benchmark and print what it is, met or not."""

import asyncio
import sys

from tests.bench import databases, idle, pipeline, presses, rings, rush


async def main() -> None:
    print("Hanout benchmarks. Machines differ and are shared: read the ratios.\n")
    await presses.report()
    await pipeline.report()
    await rush.report()
    await rings.report()
    await idle.report()
    await databases.report()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
