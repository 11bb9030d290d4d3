"""A shop with a million past orders and as many payments, beside one with a thousand: `make soak` has more of it."""

import asyncio
import tempfile
from pathlib import Path

from tests.bench.rows import Row, print_rows
from tests.soak.size import measure

ORDERS, FEW = 1_000_000, 1_000
_ORDERS_OF_A_PERSON = 10


async def report(orders: int = ORDERS) -> list[Row]:
    print(
        f"A shop with {orders:,} past orders, beside one with {FEW:,}; filling takes minutes",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as name:
        took = {}
        for count in (FEW, orders):
            folder = Path(name) / str(count)
            folder.mkdir()
            took[count] = await measure(folder, users=count // _ORDERS_OF_A_PERSON, orders=count)
    few, many = took[FEW], took[orders]
    size = f"{orders:,} orders: "
    rows = [
        Row(f"{size}/stats today, as a multiple", many["/stats today"] / few["/stats today"], 2.0),
        Row(f"{size}/stats all", many["/stats all"] / 1000, 0.2, "s"),
        Row(f"{size}the audit of a night", many["audit of a night"] / 1000, 1.0, "s"),
    ]
    print_rows(rows)
    return rows


if __name__ == "__main__":
    asyncio.run(report())
