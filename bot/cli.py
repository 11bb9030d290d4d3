"""The commands: run, audit, backup, restore, demo, doctor, migrate, keys new, check and rotate."""

import asyncio
import contextlib
import importlib.util
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import ArchiveFailure, StorageFailure, VaultFailure
from bot.settings import Settings, SettingsError, load_settings
from bot.vault import AesVault, is_key_id, new_key

if TYPE_CHECKING:
    from bot.services.codes.rotate import Rotation
    from storage.store import Store

# Pretty tracebacks print local variables, which may be keys or codes.
cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Hanout: a Telegram shop for gift-card codes.",
)
keys = typer.Typer(no_args_is_help=True, help="The keys that codes are encrypted with.")
cli.add_typer(keys, name="keys")
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


def fail(message: str, exit_status: int = 1) -> typer.Exit:
    """Print an error; the caller raises the result, which ends the command."""
    typer.echo(message, err=True)
    return typer.Exit(exit_status)


def settings_or_exit() -> Settings:
    """Read and check the settings; raises typer.Exit after naming what is wrong."""
    try:
        settings = load_settings()
        settings.keys()
    except SettingsError as error:
        raise fail(f"These settings need attention (see .env.example):\n{error}") from None
    return settings


@cli.command()
def run() -> None:
    """Open the shop: long polling until SIGTERM or Ctrl-C."""
    from bot.log import set_up_logging
    from bot.run import run as run_shop
    from bot.stopping import StartFailure

    settings = settings_or_exit()
    set_up_logging(
        settings.log_level, as_json=settings.log_format == "json", secrets=settings.secrets()
    )
    try:
        asyncio.run(run_shop(settings))
    except StartFailure as error:
        raise fail(str(error), error.exit_status) from None
    except VaultFailure as error:
        raise fail(f"HANOUT_KEYS do not fit this database: {error}") from None
    except StorageFailure as error:
        raise fail(f"The database does not work: {error}") from None


@cli.command()
def migrate() -> None:
    """Bring the database to the present schema, with the shop closed (`run` does it too)."""
    from bot.locked_commands import migrate_alone

    settings = settings_or_exit()
    try:
        changed = asyncio.run(migrate_alone(settings))
    except StorageFailure as error:
        raise fail(f"The database does not work: {error}") from None
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
    except StorageFailure as error:
        raise fail(f"Nothing was changed: {error}") from None
    if former in (0, present):
        typer.echo(f"This is the shop of the bot {present} already.")
    else:
        typer.echo(f"This was the shop of the bot {former}; it is that of the bot {present} now.")


@cli.command()
def doctor() -> None:
    """Check settings, keys, database, supplier key and Telegram token; exit 1 if any fails."""
    from bot.doctor import examine

    if not asyncio.run(examine(typer.echo)):
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
    try:
        well = asyncio.run(compare(settings, None if no_supplier else days, typer.echo))
    except StorageFailure as error:
        raise fail(f"The database does not work: {error}") from None
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
        made = asyncio.run(archive.write_to(to) if to else archive.keep())
    except ArchiveFailure as failure:
        raise fail(f"No backup was made: {failure}") from None
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
) -> None:
    """Make a backup the database, with the shop closed; then audit it. Nothing is bought by it."""
    from bot.restorer import restore as restore_backup

    settings = settings_or_exit()
    span = None if no_supplier else days
    try:
        well = asyncio.run(restore_backup(settings, file, span, typer.echo, replace=replace))
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


@keys.command("new")
def keys_new(
    key_id: Annotated[str, typer.Argument(help="Letters and digits, such as k2.")] = "k1",
) -> None:
    """Print a fresh key for HANOUT_KEYS. Put it first to make it the one that seals."""
    if not is_key_id(key_id):
        raise fail("A key's id is up to 16 letters or digits, such as k2.")
    typer.echo(new_key(key_id))


@keys.command("check")
def keys_check() -> None:
    """Tell whether HANOUT_KEYS open what the database holds."""
    settings = settings_or_exit()
    try:
        asyncio.run(_check_keys(settings))
    except VaultFailure as error:
        raise fail(f"HANOUT_KEYS do not fit this database: {error}") from None
    except StorageFailure as error:
        raise fail(f"The database does not work: {error}") from None
    typer.echo("The keys open what the database holds.")


@keys.command("rotate")
def keys_rotate() -> None:
    """Encrypt everything again with the first of HANOUT_KEYS, while the shop may run.

    Repeat the command if it was interrupted.
    """
    settings = settings_or_exit()
    try:
        done = asyncio.run(_rotate_keys(settings))
    except VaultFailure as error:
        raise fail(f"HANOUT_KEYS do not fit this database: {error}") from None
    except StorageFailure as error:
        raise fail(f"The database does not work: {error}") from None
    newest = next(iter(settings.keys()))
    typer.echo(f"{done.sealed} secrets are sealed anew with {newest}.")
    for trouble in done.failed:
        typer.echo(f"Left as it was: {trouble}", err=True)
    if done.still_used:
        raise fail(f"Still needed: {', '.join(sorted(done.still_used))}. Keep it in HANOUT_KEYS.")
    typer.echo("No other key is needed any more: take the older ones out of HANOUT_KEYS.")


@contextlib.asynccontextmanager
async def _checked_store(settings: Settings) -> AsyncIterator["tuple[Store, AesVault]"]:
    """The migrated database and the checked keys. Raises VaultFailure, StorageFailure."""
    from bot.services.codes.custody import check_keys
    from storage.migrate import migrate as migrate_store
    from storage.store import Store

    store, vault = Store(settings.database_url), AesVault(settings.keys())
    try:
        await migrate_store(store)
        await check_keys(store, vault)
        yield store, vault
    finally:
        await store.close()


async def _check_keys(settings: Settings) -> None:
    async with _checked_store(settings):
        pass


async def _rotate_keys(settings: Settings) -> "Rotation":
    from bot.services.codes.rotate import rotate_keys

    async with _checked_store(settings) as (store, vault):
        return await rotate_keys(store, vault, lambda done: typer.echo(f"{done} sealed anew…"))


def main() -> None:
    os.umask(0o077)  # whatever is written, SQLite's files too, is for this user alone
    cli()
