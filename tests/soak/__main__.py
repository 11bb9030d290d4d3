"""`make soak`: the load of ten minutes, and the shop of a million orders beside that of a thousand."""

import argparse
import asyncio
import tempfile
from pathlib import Path

from tests.soak.load import load
from tests.soak.size import measure


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--minutes", type=float, default=10, help="0: no load")
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--pending", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=30, help="messages a second")
    parser.add_argument("--orders", type=int, default=1_000_000, help="0: no sizes")
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    well = True
    with tempfile.TemporaryDirectory() as name:
        if asked.minutes:
            figures = asyncio.run(
                load(
                    Path(name) / "load",
                    customers=asked.customers,
                    pending=asked.pending,
                    rate=asked.rate,
                    seconds=asked.minutes * 60,
                    seed=asked.seed,
                )
            )
            print("\n".join(figures.lines()), flush=True)
            well = not (figures.unanswered or figures.refused_by_telegram or figures.differences)
        if asked.orders:
            few = asyncio.run(measure(_folder(name, "few"), users=100, orders=1000))
            many = asyncio.run(
                measure(_folder(name, "many"), users=asked.users, orders=asked.orders)
            )
            print(f"milliseconds with 1,000 and with {asked.orders:,} past orders")
            for what, took in few.items():
                print(f"  {what}: {took:.1f} · {many[what]:.1f}")
    raise SystemExit(0 if well else 1)


def _folder(root: str, name: str) -> Path:
    folder = Path(root) / name
    folder.mkdir()
    return folder


if __name__ == "__main__":
    main()
