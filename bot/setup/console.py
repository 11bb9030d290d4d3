"""Talks with whoever sets the shop up: texts in their language, as a terminal shows them, and what is typed."""

import getpass
import re
import shutil
import signal
import textwrap
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Protocol

import typer

from bot.domain.money import western_digits
from locales import BOLD, BOLD_END, Words

# Many terminals show these as signs; none needs them.
_MARKS: Final = re.compile(f"[\u061c\u200e\u200f\u2066-\u2069{BOLD}{BOLD_END}]")
_WIDEST: Final = 100
_MOST_TYPED: Final = 4096
_ENDING: Final = (signal.SIGTERM, signal.SIGHUP)


class NoAnswer(Exception):
    """The input has ended."""


class Input(Protocol):
    """What is typed, a line at a time. Raises NoAnswer, and KeyboardInterrupt for Ctrl+C."""

    def read(self, prompt: str, *, hidden: bool) -> str: ...


class Terminal:
    """Implements Input: a line of the terminal, unseen where it is a secret."""

    def read(self, prompt: str, *, hidden: bool) -> str:
        while True:
            typer.echo(prompt, nl=False)  # the two others know no sign that the terminal lacks
            try:
                with _interruptible():
                    return (getpass.getpass("") if hidden else input())[:_MOST_TYPED]
            except EOFError:
                raise NoAnswer from None
            except UnicodeDecodeError:  # getpass opens the terminal itself, as make_readable cannot
                typer.echo("")


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let a signal that ends the command do so as Ctrl+C does: a terminal has its echo back then."""
    numbers = [n for n in _ENDING if signal.getsignal(n) is signal.SIG_DFL]
    if threading.current_thread() is not threading.main_thread():
        numbers.clear()  # elsewhere Python sets no handler
    for number in numbers:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


class Console:
    """`say` prints a text of the Fluent files, `ask` reads an answer; nothing that is hidden is shown again."""

    def __init__(self, words: Words, typed: Input) -> None:
        self.words, self._typed = words, typed

    def text(self, key: str, **values: str | int) -> str:
        return _MARKS.sub("", self.words.text(key, **values))

    def say(self, key: str, **values: str | int) -> None:
        self.show(self.text(key, **values))

    def show(self, text: str) -> None:
        width = min(_WIDEST, shutil.get_terminal_size().columns)
        for line in text.split("\n"):
            typer.echo(wrapped(line, width))

    def print_raw(self, text: str) -> None:
        """As it is, line for line."""
        typer.echo(text)

    def ask(self, default: str = "", *, hidden: bool = False) -> str:
        """The answer without blanks around it; empty for Enter alone."""
        shown = self.text("setup-default", value=default) if default else ""
        return self._typed.read(f"{shown}> ", hidden=hidden).strip()

    def choose(self, choices: Sequence[str]) -> int:
        """Which of these texts is chosen, by its number from 0; Enter takes the first."""
        for number, text in enumerate(choices, 1):
            self.show(f"  {number}. {text}")
        while True:
            answer = (western_digits(self.ask("1")) or "1").lstrip("0")[:9]
            if answer.isdecimal() and 1 <= int(answer) <= len(choices):
                return int(answer) - 1
            self.say("setup-choose", count=len(choices))


def wrapped(line: str, width: int) -> str:
    """A line cut between words; what hangs over is indented like its beginning."""
    indent = re.match(r" *(?:\d+\. )?", line)
    return textwrap.fill(
        line,
        width,
        subsequent_indent=" " * (indent.end() if indent else 0),
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
        drop_whitespace=True,
    )
