"""Codes of the shop's own in the campaign that kills it: loaded beside the running shop, and counted afterwards."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import own_codes, own_reservations
from tests.e2e.shop import ShopProcess, run_command
from tests.own_stock import codes_of

PRODUCT, LABEL = "Cinema TR", "200 TRY"  # no supplier sells anything of this name


async def load(shop: ShopProcess, count: int) -> list[str]:
    """A batch on sale; its codes in the order in which they lie there."""
    loaded = codes_of(count)
    with tempfile.TemporaryDirectory() as elsewhere:  # never beside what is searched for codes
        file = Path(elsewhere) / "codes.csv"
        file.write_text("\n".join(["code", *loaded]))
        for command in (
            ("add", "Streaming", PRODUCT, LABEL),
            ("load", "1", "--cost", "1240", str(file)),
            ("sell", "1"),
        ):
            status, said = await run_command(shop, "stock", *command)
            assert status == 0, said
    return loaded


async def handed_out(db: AsyncConnection, loaded: Sequence[str]) -> dict[str, str]:
    """The codes that orders have, with the references of their reservations.

    Raises AssertionError where a code is missing, or is held back from both customers and the sale.
    """
    order = own_codes.c.batch_id, own_codes.c.position
    rows = (await db.execute(select(own_codes).order_by(*order))).all()
    released = await db.execute(
        select(own_reservations.c.reference).where(own_reservations.c.released_at.is_not(None))
    )
    given_back = set(released.scalars())
    assert len(rows) == len(loaded)
    assert [row for row in rows if row.set_aside] == []
    return {
        code: row.reservation
        for code, row in zip(loaded, rows, strict=True)
        if row.reservation and row.reservation not in given_back
    }
