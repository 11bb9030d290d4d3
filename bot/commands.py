"""What all commands use: reading the settings, and ending with a sentence."""

import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import typer

from bot.env_file import ENV_FILE
from bot.errors import DatabaseMoved, NoShop, StorageFailure, VaultFailure
from bot.setting_errors import SettingsError
from bot.settings import Settings, load_settings


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
        missing = "" if ENV_FILE.exists() or "is missing" not in str(error) else _no_file()
        raise fail(f"These settings need attention (see .env.example):\n{error}{missing}") from None
    return settings


def _no_file() -> str:
    return (
        f"\nThere is no .env in {Path.cwd()}: start hanout in the folder of the shop, or make the file by "
        "`hanout setup`"
    )


@contextlib.contextmanager
def explained(exit_status: int = 1) -> Iterator[None]:
    """End the command with a sentence for what is wrong with database or keys.

    `exit_status` is for a database that does not work.
    """
    try:
        yield
    except DatabaseMoved as error:
        raise fail(str(error)) from None
    except NoShop as error:
        raise fail(f"Nothing was done: {error}") from None
    except VaultFailure as error:
        raise fail(f"HANOUT_KEYS do not fit this database: {error}") from None
    except StorageFailure as error:
        raise fail(f"The database does not work: {error}", exit_status) from None


def make_readable() -> None:
    """Let no odd byte of a terminal, nor a sign that it lacks, end the command."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(OSError, ValueError):  # an odd one stays as it is
                stream.reconfigure(errors="replace")
