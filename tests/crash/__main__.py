"""`make crash`: every failpoint in every scene, then kill -9 of the real process at random moments."""

import argparse
import asyncio
import tempfile
from pathlib import Path

from tests.crash.failpoints import failpoints
from tests.crash.kills import campaign


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.crash")
    parser.add_argument("--kills", type=int, default=120)
    parser.add_argument("--customers", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--passes", type=int, default=2, help="0: no failpoints")
    parser.add_argument("--scenes", default="", help="a word of their names; all without it")
    asked = parser.parse_args()
    well = failpoints(asked.passes, asked.scenes) if asked.passes else True
    if asked.kills:
        with tempfile.TemporaryDirectory() as folder:
            figures = asyncio.run(
                campaign(
                    Path(folder),
                    kills=asked.kills,
                    customers=asked.customers,
                    seed=asked.seed,
                    say=print,
                )
            )
        print(f"kill -9, {asked.customers} customers, seed {asked.seed}")
        print("\n".join(f"  {line}" for line in figures.lines()))
        well = well and not any(figures.harm.values())
    raise SystemExit(0 if well else 1)


if __name__ == "__main__":
    main()
