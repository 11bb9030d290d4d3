"""Run every benchmark, and print at the end each figure that the shop aims at, met or not."""

import argparse
import asyncio

from tests.bench import databases, idle, past, pipeline, presses, rings, rush, shelf
from tests.bench.rows import Row, print_rows


async def main(orders: int) -> None:
    print("Hanout benchmarks. Machines differ and are shared: read the ratios.\n", flush=True)
    rows: list[Row] = [
        *await presses.report(),
        *await idle.report(),
        *await shelf.report(),
        *await pipeline.report(),
    ]
    await rush.report()
    await rings.report()
    await databases.report()
    if orders:
        rows += await past.report(orders)
    print("What the shop aims at")
    print_rows(rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument(
        "--orders",
        type=int,
        default=past.ORDERS,
        help="past orders of the shop with a past; 0: none",
    )
    asyncio.run(main(parser.parse_args().orders))
