"""`hanout rehearse`: its options, and its ends as sentences."""

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import explained, fail, make_readable, settings_or_exit

if TYPE_CHECKING:
    from bot.rehearsal.rehearse import Options
    from bot.rehearsal.report import Results
    from bot.settings import Settings


def rehearse(
    only: Annotated[
        list[str] | None, typer.Option(help="Play this step, also again; may be given repeatedly.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Play also what has a result already.")
    ] = False,
    answers: Annotated[
        Path | None, typer.Option(help="A TOML file with the answers, to ask nobody.")
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where results and report are written.")] = Path(
        "data/rehearsal"
    ),
    language: Annotated[str, typer.Option(help="en, fr or ar, instead of DEFAULT_LANGUAGE.")] = "",
    operator: Annotated[
        int | None, typer.Option(help="Who attends, where ADMIN_IDS names several.")
    ] = None,
    list_steps: Annotated[
        bool, typer.Option("--list", help="List the steps with their questions, and end.")
    ] = False,
) -> None:
    """Play through what only live services can tell, with test keys; report what was seen.

    With the shop closed. Exit 0: all as expected; 3: something differs; 4: something is open.
    """
    from bot.rehearsal.rehearse import Options, results_of
    from bot.rehearsal.script import BY_KEY
    from locales import LOCALES

    unknown = [key for key in only or () if key not in BY_KEY]
    if unknown:
        raise fail(f"There is no step {unknown[0]}; `hanout rehearse --list` names all.")
    if language and language not in LOCALES:
        raise fail(f"--language is one of {', '.join(LOCALES)}.")
    make_readable()
    settings = settings_or_exit()
    if list_steps:
        _list(results_of(settings, folder))
        return
    chosen = language or settings.default_language
    options = Options(folder, chosen, tuple(only or ()), again, operator)
    _set_up_logging(settings)
    status = _play(settings, options, answers)
    if status:
        raise typer.Exit(status)


def _play(settings: "Settings", options: "Options", answers: Path | None) -> int:
    """The exit status of a rehearsal that came to its end; the reason of any other is said."""
    from bot.rehearsal.asking import AnswersError, FileAnswers, TerminalAsker, read_answers
    from bot.rehearsal.opening import RehearsalRefused
    from bot.rehearsal.rehearse import rehearse as play
    from bot.rehearsal.script import QUESTIONS
    from locales import words

    async def run() -> int:
        asker: FileAnswers | TerminalAsker = (
            read_answers(answers, QUESTIONS) if answers else TerminalAsker(words(options.language))
        )
        with contextlib.ExitStack() as stack:
            if isinstance(asker, TerminalAsker):
                stack.enter_context(asker.reading())
            return await play(settings, options, asker)

    try:
        with explained():
            return asyncio.run(run())
    except (RehearsalRefused, AnswersError) as refusal:
        raise fail(f"No rehearsal: {refusal}") from None
    except OSError as error:
        raise fail(f"The report cannot be written to {options.folder}: {error.strerror}") from None


def _set_up_logging(settings: "Settings") -> None:
    """Only errors: the terminal is for questions."""
    from bot.log import set_up_logging

    as_json = settings.log_format == "json"
    set_up_logging("ERROR", as_json=as_json, secrets=settings.secrets())


def _list(results: "Results") -> None:
    from bot.rehearsal.script import STEPS

    for step in STEPS:
        result = results.by_step.get(step.key)
        said = result.verdict if result else "not played"
        typer.echo(f"{step.key} ({step.need}): {said}\n    {step.unknown}")
        asked = [step.confirmation, *(question.key for question in step.questions)]
        for key in filter(None, asked):
            typer.echo(f"    asks {key}")
