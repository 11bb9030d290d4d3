"""The commands of the catalogue: write it as a file for a spreadsheet, and apply what was changed there."""

import asyncio
import sys
import uuid
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.clock import SystemClock
from bot.commands import explained, fail, settings_or_exit
from bot.errors import FileRefused
from bot.key_commands import migrated_store

if TYPE_CHECKING:
    from bot.services.catalogue.columns import FilePolicy
    from bot.services.catalogue.exchange import Difference
    from bot.settings import Settings
    from storage.store import Store

T = TypeVar("T")

catalogue = typer.Typer(
    no_args_is_help=True, help="Prices and names of many products at once, by a file."
)


@catalogue.command("export")
def catalogue_export() -> None:
    """Print the catalogue as CSV: redirect it into a file, and open that in a spreadsheet."""
    from bot.services.catalogue.exchange import export_catalogue

    async def work(store: "Store", policy: "FilePolicy") -> bytes:
        return await export_catalogue(store, policy.pricing)

    typer.echo(_run(work), nl=False)


@catalogue.command("import")
def catalogue_import(
    file: Annotated[
        Path | None,
        typer.Argument(help="A file that `export` wrote, and you changed; else standard input."),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Change the shop; else only show.")
    ] = False,
) -> None:
    """Show what a changed file would change; with --apply, change it, all of it or nothing.

    A running shop shows it within a minute.
    """
    from bot.services.catalogue.exchange import apply_file, compare_file

    data, key = _read(file), f"shell:{uuid.uuid4().hex}"

    async def work(store: "Store", policy: "FilePolicy") -> "Sequence[Difference]":
        if apply:
            return await apply_file(store, SystemClock(), policy, data, key)
        return await compare_file(store, policy, data)

    found = _run(work)
    for line in _lines(found):
        typer.echo(line)
    if not found:
        typer.echo("The file changes nothing.")
    elif apply:
        typer.echo(f"Changed: {len(found)}.")
    else:
        typer.echo(f"Nothing is changed yet: {len(found)} would be. Add --apply.")


def _run(work: "Callable[[Store, FilePolicy], Awaitable[T]]") -> T:
    """Run `work` on the shop's database, which may be in use, and explain what is wrong."""

    async def run() -> T:
        async with migrated_store(settings) as store:
            return await work(store, _policy(settings))

    settings = settings_or_exit()
    with explained():
        try:
            return asyncio.run(run())
        except FileRefused as error:
            raise fail(f"Nothing was changed: {error}.") from None


def _policy(settings: "Settings") -> "FilePolicy":
    from bot.domain.brands import Brands
    from bot.services.catalogue.columns import FilePolicy
    from locales.tables import aliases, table

    policy = settings.policy()
    return FilePolicy(policy.pricing, policy.max_quantity, Brands.read(table("names"), aliases()))


def _read(file: Path | None) -> bytes:
    if file is None:
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise fail(f"{file.absolute()} cannot be read: {error.strerror}") from None


def _lines(found: "Sequence[Difference]") -> Iterator[str]:
    for one in found:
        scope, number = one.row.key
        change = f"{one.column.name} {one.before or '–'} → {one.after or '–'}"
        yield f"line {one.line}: {scope[0]}{number} {one.row.name}: {change}"
