"""How the operator is told what to do and asked what they see: in the terminal, or from a file."""

import asyncio
import contextlib
import os
import sys
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

import typer

from bot.rehearsal.steps import Answer
from locales import Words

_CHOICES: Final = (Answer.YES, Answer.NO, Answer.UNSURE, Answer.SKIP)
_KEYS: Final = {"1": Answer.YES, "2": Answer.NO, "3": Answer.UNSURE, "s": Answer.SKIP}


class AnswersError(Exception):
    """The file of answers cannot be used; the text says why."""


class Asker(Protocol):
    def say(self, text: str) -> None:
        """Show a text to the operator."""
        ...

    async def ask(self, key: str, text: str) -> Answer:
        """Ask a question and wait for its answer."""
        ...

    async def until_skipped(self) -> None:
        """Return when the operator wants to wait no longer for what a step waits for."""
        ...


class FileAnswers:
    """Answers of a TOML file, for a rehearsal that nobody attends; what it leaves out is skipped."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self._answers = answers

    def say(self, text: str) -> None:
        typer.echo(text)

    async def ask(self, key: str, text: str) -> Answer:
        answer = self._answers.get(key, Answer.SKIP)
        typer.echo(f"{text}\n> {answer}")
        return answer

    async def until_skipped(self) -> None:
        await asyncio.Event().wait()


def read_answers(path: Path, known: Collection[str]) -> FileAnswers:
    """Raises AnswersError."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AnswersError(f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise AnswersError(f'{path} is no TOML: write lines such as copy = "yes"') from None
    answers: dict[str, Answer] = {}
    for key, value in given.items():
        if key not in known:
            raise AnswersError(
                f"{path}: there is no question {key}; `hanout rehearse --list` names all"
            )
        if value not in list(Answer):
            raise AnswersError(f"{path}: {key} must be one of {', '.join(Answer)}")
        answers[key] = Answer(value)
    return FileAnswers(answers)


class TerminalAsker:
    """Asks at a terminal. Where the input has ended, every question is skipped."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._rest = b""
        self._ended = False

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Read lines within the block, without a thread that would outlive it."""
        loop = asyncio.get_running_loop()
        try:
            if sys.stdin is None:
                raise ValueError("closed")
            number = sys.stdin.fileno()
            loop.add_reader(number, self._read, number)
        except (OSError, ValueError, NotImplementedError):  # a file, or none: nothing to wait for
            self._lines.put_nowait(None)
            yield
            return
        try:
            yield
        finally:
            loop.remove_reader(number)

    def _read(self, number: int) -> None:
        came = b""
        with contextlib.suppress(OSError):  # of a terminal that was closed
            came = os.read(number, 4096)
        *lines, self._rest = (self._rest + came).split(b"\n")
        for line in lines:
            self._lines.put_nowait(line.decode("utf-8", "replace").strip())
        if not came:
            asyncio.get_running_loop().remove_reader(number)
            self._lines.put_nowait(None)

    async def _line(self) -> str | None:
        if self._ended:
            return None
        line = await self._lines.get()
        self._ended = line is None
        return line

    def say(self, text: str) -> None:
        typer.echo(text)

    async def ask(self, key: str, text: str) -> Answer:  # noqa: ARG002 - the key is for files
        while not self._lines.empty():  # typed before the question was asked
            self._ended = self._lines.get_nowait() is None
        typer.echo(f"{text}\n   {self._choices()}")
        while True:
            typer.echo("> ", nl=False)
            line = await self._line()
            if line is None:
                return Answer.SKIP
            if line.lower() in _KEYS:
                return _KEYS[line.lower()]
            typer.echo(f"   {self._choices()}")

    def _choices(self) -> str:
        names: Sequence[str] = [self._words.plain(f"rehearsal-answer-{each}") for each in _CHOICES]
        return "   ".join(f"{key} {name}" for key, name in zip(_KEYS, names, strict=True))

    async def until_skipped(self) -> None:
        while (line := await self._line()) is not None:
            if line.lower() == "s":
                return
        await asyncio.Event().wait()
