"""The command `export`: a month of the books as a workbook, as CSV, or for plain-text accounting."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.clock import SystemClock
from bot.commands import explained, fail, settings_or_exit
from bot.domain.books import Month
from bot.errors import ExportFailure, NotTied
from bot.key_commands import checked_store

if TYPE_CHECKING:
    from bot.domain.books import Summary
    from bot.settings import Settings


def export(
    month: Annotated[str, typer.Option(help="A month that is over, such as 2026-10.")],
    xlsx: Annotated[Path | None, typer.Option(help="Write a workbook into this file.")] = None,
    csv: Annotated[
        Path | None,
        typer.Option(help="Write orders, ledger, payments and summary into this folder."),
    ] = None,
    ledger: Annotated[
        Path | None, typer.Option(help="Write the ledger into this file, for beancount.")
    ] = None,
) -> None:
    """Write the books of a month for the bookkeeper; the shop may run. No codes are in it."""
    asked = Month.parse(month)
    if asked is None:
        raise fail("--month is a month such as 2026-10.")
    if xlsx is None and csv is None and ledger is None:
        raise fail("Say where: --xlsx FILE, --csv FOLDER or --ledger FILE.")
    settings = settings_or_exit()
    zone = settings.policy().time_zone
    if not asked.has_ended(SystemClock().now(), zone):
        raise fail(f"{asked} is not over in {zone}: its books are closed an hour after its end.")
    try:
        if csv is not None:
            csv.mkdir(parents=True, exist_ok=True, mode=0o700)
        with explained():
            summary = asyncio.run(_write(settings, asked, xlsx, csv, ledger))
    except NotTied as error:
        found = "\n".join(f"  {it}" for it in error.differences)
        raise fail(f"Nothing was written: the books of {asked} do not tie.\n{found}") from None
    except ExportFailure as failure:
        raise fail(f"Nothing was written: {failure}") from None
    except OSError as error:
        raise fail(f"{error.filename or 'The file'} cannot be written: {error.strerror}") from None
    if summary is not None:
        typer.echo(f"{asked}: {summary.orders} orders; the books tie.")


async def _write(
    settings: "Settings", month: Month, xlsx: Path | None, csv: Path | None, ledger: Path | None
) -> "Summary | None":
    from bot.bookkeeping.writing import write_month

    async with checked_store(settings) as (store, _vault):
        return await write_month(
            store,
            month,
            settings.policy().time_zone,
            workbook=xlsx,
            csv_folder=csv,
            ledger=ledger,
        )
