"""The long forms, on both cores: a case is a kind and a number or a place in the matrix."""

import asyncio
import logging
import multiprocessing
import tempfile
import time
import warnings
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from tests.crash.failpoints import empty_database
from tests.database import store_at
from tests.fuzz import own, vouchers
from tests.fuzz.faults import Tally, matrix, play, play_mix
from tests.fuzz.nonsense import play_nonsense
from tests.fuzz.outage import outage
from tests.fuzz.staff import play_staff
from tests.fuzz.strangers import play_strangers
from tests.harness import ShopHarness

_STRANGERS_AT_ONCE = 400
Case = tuple[Path, str, int]


def run_case(case: Case) -> Tally:
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    empty, kind, number = case
    plays: dict[str, Callable[[], Coroutine[Any, Any, Tally]]] = {
        "matrix": lambda: play(empty, matrix()[number]),
        "vouchers": lambda: vouchers.play(empty, vouchers.matrix()[number]),
        "own": lambda: own.play(empty, own.matrix()[number]),
        "mixes": lambda: play_mix(empty, number),
        "nonsense": lambda: play_nonsense(empty, number),
        "strangers": lambda: play_strangers(empty, _STRANGERS_AT_ONCE, number),
        "staff": lambda: play_staff(empty, _STRANGERS_AT_ONCE, number),
    }
    try:
        return asyncio.run(plays[kind]())
    except Exception as error:
        return Tally(1, harm=[f"{kind} {number}: {type(error).__name__}: {str(error)[:200]}"])


def campaign(counts: dict[str, int], seed: int) -> bool:
    """Print each kind's figures; True where there was no harm."""
    empty, well = asyncio.run(empty_database()), True
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        for kind, count in counts.items():
            began, total = time.monotonic(), Tally()
            first = 0 if kind in ("matrix", "vouchers", "own") else seed * 1000
            for tally in pool.map(run_case, [(empty, kind, first + n) for n in range(count)], 1):
                total.add(tally)
            print(
                f"{kind}: {total.tried} tried, {total.struck} struck, harm: {len(total.harm)}, "
                f"in {time.monotonic() - began:.0f} s; {dict(sorted(total.ended.items()))}",
                flush=True,
            )
            print("".join(f"  {line}\n" for line in total.harm), end="")
            well = well and not total.harm
    return well


async def play_outage(orders: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "hanout.db").write_bytes((await empty_database()).read_bytes())
        harness = await ShopHarness(store_at(Path(folder) / "hanout.db")).open()
        most = await outage(harness, orders=orders)
        told = [alert["alert"] for alert in harness.sender.alerts()]
        await harness.close()
        await harness.store.close()
    print(
        f"outage of an hour, {orders} orders: all delivered but what met it; alerts {told}; at most {most} calls a minute"
    )
    assert told.count("supplier_down") == 1
