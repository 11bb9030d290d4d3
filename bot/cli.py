"""The commands: setup, run, audit, backup, restore, move, demo, doctor, rehearse, migrate, keys, export."""

import asyncio
import importlib.util
import logging
import os
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.catalogue_commands import catalogue
from bot.commands import explained, fail, settings_or_exit
from bot.errors import ArchiveFailure, DatabaseMoved, StorageFailure, VaultFailure
from bot.export_command import export
from bot.key_commands import compare_with, keys
from bot.move_command import move
from bot.output import run_checked
from bot.rehearsal.command import rehearse
from bot.setup_command import setup
from bot.stock_commands import stock

# Pretty tracebacks print local variables, which may be keys or codes.
cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Hanout: a Telegram shop for gift-card codes.",
)
cli.add_typer(keys, name="keys")
cli.command("setup")(setup)
cli.add_typer(stock, name="stock")
cli.add_typer(catalogue, name="catalogue")
cli.command("move")(move)
cli.command("export")(export)
cli.command("rehearse")(rehearse)
_DEMO_EXTRA = ("python_multipart", "websockets")  # modules that the extra `demo` installs


def _print_version(wanted: bool) -> None:
    """Print the version of the installed distribution, which pyproject.toml defines."""
    if wanted:
        from importlib.metadata import version

        typer.echo(f"hanout {version('hanout')}")
        raise typer.Exit


@cli.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Print the version."
        ),
    ] = False,
) -> None:
    pass


@cli.command()
def run() -> None:
    """Open the shop: long polling until SIGTERM or Ctrl-C."""
    from bot.log import set_up_logging
    from bot.run import run as run_shop
    from bot.stopping import BUG, TRY_AGAIN, StartFailure

    settings = settings_or_exit()
    set_up_logging(
        settings.log_level, as_json=settings.log_format == "json", secrets=settings.secrets()
    )
    try:
        with explained(exit_status=TRY_AGAIN):  # a full disk may be freed
            asyncio.run(run_shop(settings))
    except StartFailure as error:
        raise fail(str(error), error.exit_status) from None
    except typer.Exit:
        raise
    except Exception:  # a bug is no bad setting: the next start goes on
        logging.getLogger("hanout").exception("the shop ends by an error of its own")
        raise typer.Exit(BUG) from None


@cli.command()
def migrate() -> None:
    """Bring the database to the present schema, with the shop closed (`run` does it too)."""
    from bot.locked_commands import migrate_alone

    settings = settings_or_exit()
    with explained():
        changed = asyncio.run(migrate_alone(settings))
    typer.echo("The database is now up to date." if changed else "The database was up to date.")


@cli.command()
def adopt(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Make this shop that of another bot: the one of TELEGRAM_TOKEN. With the shop closed."""
    from bot.locked_commands import adopt as adopt_bot

    settings = settings_or_exit()
    if not yes:
        typer.confirm(
            "The new bot can write only to people who have written to it. Orders, codes and wallets stay. Go on?",
            abort=True,
        )
    try:
        former, present = asyncio.run(adopt_bot(settings))
    except (DatabaseMoved, StorageFailure) as error:
        raise fail(f"Nothing was changed: {error}") from None
    if former in (0, present):
        typer.echo(f"This is the shop of the bot {present} already.")
    else:
        typer.echo(f"This was the shop of the bot {former}; it is that of the bot {present} now.")


@cli.command()
def doctor(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, for programs.")
    ] = False,
) -> None:
    """Look at everything that a shop needs, and change nothing; exit 1 if something has to be mended."""
    from bot.doctor import examine

    report = asyncio.run(examine())
    typer.echo(report.as_json() if as_json else "\n".join(report.lines()))
    if not report.is_well:
        raise typer.Exit(1)


@cli.command()
def audit(
    days: Annotated[
        int, typer.Option(min=1, max=90, help="How far back to ask the supplier's list.")
    ] = 2,
    no_supplier: Annotated[
        bool, typer.Option("--no-supplier", help="Compare only what lies in the database.")
    ] = False,
) -> None:
    """Compare ledger, orders, codes and messages, and the supplier's list. Changes nothing."""
    from bot.auditor import compare

    settings = settings_or_exit()
    with explained():
        well = asyncio.run(compare(settings, None if no_supplier else days, typer.echo))
    if not well:
        raise typer.Exit(1)


@cli.command()
def backup(
    to: Annotated[
        Path | None, typer.Option(help="A file, instead of a new one in BACKUP_FOLDER.")
    ] = None,
) -> None:
    """Write the whole database, encrypted with HANOUT_KEYS and read back; the shop may run."""
    from bot.factories import build_archive

    settings = settings_or_exit()
    archive = build_archive(settings)
    try:
        made, left = asyncio.run(archive.make(to, partial(compare_with, settings)))
    except ArchiveFailure as failure:
        raise fail(f"No backup was made: {failure}") from None
    if left:
        typer.echo(f"This is a backup of what the shop has left. {left}", err=True)
    typer.echo(f"{made} ({made.stat().st_size // 1024 + 1} KiB). Copy it to another machine too.")


@cli.command()
def restore(
    file: Annotated[
        Path, typer.Argument(help="A file that `hanout backup` wrote, or a replica of SQLite.")
    ],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put a database that is there aside.")
    ] = False,
    days: Annotated[
        int, typer.Option(min=1, max=90, help="How far back to ask the supplier's list.")
    ] = 2,
    no_supplier: Annotated[
        bool, typer.Option("--no-supplier", help="Audit only what lies in the database.")
    ] = False,
    numbers_above: Annotated[
        int, typer.Option(min=0, max=10**12, help="The highest number known to be given out.")
    ] = 0,
) -> None:
    """Make a backup the database, with the shop closed; then audit it. Nothing is bought by it."""
    from bot.restorer import restore as restore_backup

    settings = settings_or_exit()
    span = None if no_supplier else days
    try:
        well = asyncio.run(
            restore_backup(
                settings,
                file,
                span,
                typer.echo,
                replace=replace,
                numbers_above=numbers_above,
            )
        )
    except ArchiveFailure as failure:
        raise fail(f"Nothing was restored: {failure}") from None
    except VaultFailure as error:
        raise fail(f"HANOUT_KEYS do not fit this backup: {error}") from None
    except StorageFailure as error:
        raise fail(f"The database does not work: {error}") from None
    if not well:
        raise typer.Exit(1)


@cli.command()
def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Print a purchase in each language, and end.")
    ] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="The page's port, or the next free one.")
    ] = 8080,
) -> None:
    """Try the shop in a browser, against simulators on this machine; no token and no key needed."""
    if any(importlib.util.find_spec(name) is None for name in _DEMO_EXTRA):
        raise fail("The demo needs more packages than the shop: pip install 'hanout[demo]'")
    from bot.sandbox.demo import print_demo, serve_demo

    try:
        asyncio.run(print_demo() if once else serve_demo(port, open_browser=not no_browser))
    except KeyboardInterrupt:
        sys.exit(0)
    except (RuntimeError, TimeoutError) as error:
        raise fail(f"The demo has ended: {error}") from None


def main() -> None:
    os.umask(0o077)  # whatever is written, SQLite's files too, is for this user alone
    run_checked(_in_a_folder)


def _in_a_folder() -> None:
    try:
        Path.cwd()
    except OSError as error:  # removed, or put aside by a restore of the whole folder
        print(
            f"The folder in which hanout was started is gone ({error.strerror}): cd into the shop's folder again",
            file=sys.stderr,
        )
        sys.exit(1)
    cli()
