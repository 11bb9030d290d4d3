"""`hanout move FROM TO`: reads the two addresses and shows how far the move is."""

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from bot.commands import fail
from bot.errors import StorageFailure
from bot.secret_files import read_secret_files
from bot.settings import Settings

_VARIABLE: Final = re.compile(r"(?:env:|\$)(\w+)")
_HELP: Final = (
    "A database as in DATABASE_URL, or env:NAME: the variable, or line of .env, that has it; env:DATABASE_URL is the "
    "shop's own, also where it is not set."
)


def move(
    from_: Annotated[str, typer.Argument(metavar="FROM", help=_HELP)],
    to: Annotated[str, typer.Argument(metavar="TO", help="Likewise: an empty database.")],
) -> None:
    """Take the shop from SQLite to PostgreSQL, or back, with the shop closed; the source is kept.

    A password need not stand on the command line: write env:NAME, or leave it to PGPASSWORD or
    ~/.pgpass.
    """
    from bot.move import Report
    from bot.move import move as move_shop

    try:
        source, target = (_address(name, given) for name, given in (("FROM", from_), ("TO", to)))
        asyncio.run(move_shop(source, target, Report(typer.echo, Progress())))
    except (ValueError, StorageFailure) as failure:
        raise fail(f"The shop was not moved: {failure}") from None


def _address(name: str, given: str) -> str:
    """The address that was given, or that the variable has. Raises ValueError."""
    from storage.store import async_url

    variable = _VARIABLE.fullmatch(given)
    if variable is not None:
        given = _of_shop() if variable[1] == "DATABASE_URL" else _from_variable(variable[1])
        if not given:
            raise ValueError(f"{name}: {variable[1]} is set neither in the environment nor in .env")
    try:
        url = async_url(given)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise ValueError(f"{name}: the address names no database")
    return given


def _of_shop() -> str:
    """The address that the shop is opened with, be it mounted, set, or the default. Raises ValueError."""
    folder = _from_variable("SECRETS_FOLDER")
    mounted = read_secret_files(Path(folder), ("database_url",)) if folder else {}
    given = mounted.get("database_url") or _from_variable("DATABASE_URL")
    return given or str(Settings.model_fields["database_url"].default)


def _from_variable(name: str) -> str:
    return os.environ.get(name) or _from_file(name)


def _from_file(name: str) -> str:
    from bot.env_file import EnvFileError, read_env_file

    try:
        return read_env_file().values.get(name, "")
    except EnvFileError as error:
        raise ValueError(str(error)) from None


class Progress:
    """A line for each table; on a terminal the line of the present one counts its rows."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty()

    def __call__(self, table: str, done: int, total: int) -> None:
        ended = done >= total
        line = f"{table}: {done} of {total} rows"
        if self._live:
            typer.echo(f"\r\x1b[K{line}", nl=ended)
        elif ended:
            typer.echo(line)
