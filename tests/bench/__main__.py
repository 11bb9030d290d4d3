"""Run every benchmark and print what it is, met or not."""

import asyncio
import sys

from tests.bench import pipeline, presses


async def main() -> None:
    print("Hanout benchmarks. Machines differ and are shared: read the ratios.\n")
    await presses.report()
    await pipeline.report()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
