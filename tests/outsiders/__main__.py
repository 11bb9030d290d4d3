"""`make outsiders`: updates made from the specification, as many as are wanted, and what became of them."""

import argparse
import asyncio
import logging
import tempfile
import warnings
from pathlib import Path

from tests.crash.failpoints import empty_database
from tests.database import store_at
from tests.outsiders.campaign import Campaign, Outcome, ScriptedShop


async def play(count: int, seed: int, spoilt: float) -> Outcome:
    empty = await empty_database()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hanout.db"
        path.write_bytes(empty.read_bytes())
        shop = await ScriptedShop(store_at(path)).open()
        outcome = await Campaign(shop, seed, spoilt).run(count)
        await shop.close()
        await shop.store.close()
    return outcome


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.outsiders")
    parser.add_argument("--updates", type=int, default=20_000)
    parser.add_argument("--spoilt", type=float, default=0.2, help="the share of spoilt updates")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    outcome = asyncio.run(play(asked.updates, asked.seed, asked.spoilt))
    print(f"seed {asked.seed}: {outcome.told()}")
    for kind, raw in sorted(outcome.smallest.items()):
        print(f"  {kind}, the shortest of them: {raw.decode(errors='replace')}")
    for line in outcome.deaf + outcome.harm:
        print(f"  {line}")
    raise SystemExit(1 if outcome.deaf or outcome.harm else 0)


if __name__ == "__main__":
    main()
