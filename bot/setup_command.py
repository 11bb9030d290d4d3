"""The command `hanout setup`: its options, and how it ends where it is stopped."""

import logging
import sys
from enum import StrEnum
from typing import Annotated

import typer

from bot.commands import fail, make_readable
from bot.stopping import BUG


class Language(StrEnum):
    ENGLISH = "en"
    FRENCH = "fr"
    ARABIC = "ar"


def setup(
    language: Annotated[
        Language | None, typer.Option(help="Of the questions; they begin with it otherwise.")
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="A setting that is no secret; may be repeated. What is given is the default of its question.",
        ),
    ] = None,
    secret: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=FILE",
            help="A secret, read from a file: what stands in a command can be read by everybody on the machine.",
        ),
    ] = None,
    unit: Annotated[
        str,
        typer.Option(
            metavar="PATH", help="Where to write the unit of systemd; - prints it, 0 makes none."
        ),
    ] = "",
    yes: Annotated[
        bool,
        typer.Option(
            "--yes",
            help="Ask nothing: take options, the environment, .env and defaults, and name what is missing.",
        ),
    ] = False,
    unchecked: Annotated[
        bool,
        typer.Option("--unchecked", help="With --yes: go on where a server could not be asked."),
    ] = False,
) -> None:
    """Ask for what a shop needs, check each answer, and write .env and the service; again, it changes them."""
    from bot.setup.console import NoAnswer, Terminal
    from bot.setup.flow import FAILED, STOPPED, Options, Setup

    if not yes and (sys.stdin is None or not sys.stdin.isatty()):  # None: it was closed
        raise fail(
            "hanout setup asks questions: run it in a terminal, or give --yes and its options."
        )
    logging.getLogger().addHandler(logging.NullHandler())  # libraries' warnings are for logs
    make_readable()
    options = Options(language or "", values or (), secret or (), unit, not yes, unchecked)
    work = Setup(options, Terminal())
    try:
        status = work.run()
    except (KeyboardInterrupt, NoAnswer) as stopped:
        work.tell_stopped()
        status = STOPPED if isinstance(stopped, KeyboardInterrupt) else FAILED
    except Exception as bug:  # noqa: BLE001 - nobody who sets up a shop has to read a traceback
        work.tell_bug(type(bug).__name__)
        status = BUG
    if status:
        raise typer.Exit(status)
