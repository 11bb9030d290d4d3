"""What a check found: a state, a sentence that says what to do, and a word for programs."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    WELL = "ok"
    BAD = "fail"  # has to be mended
    NOTE = "note"  # worth knowing


@dataclass(frozen=True, slots=True)
class Finding:
    """`name` says what was looked at; `cause` is one word for programs, empty where all is well."""

    name: str
    state: State
    text: str
    cause: str = ""

    def line(self) -> str:
        word = "FAIL" if self.state is State.BAD else self.state
        return f"{word:<4} {self.name}: {self.text}"


def well(name: str, text: str) -> Finding:
    return Finding(name, State.WELL, text)


def bad(name: str, text: str, cause: str) -> Finding:
    return Finding(name, State.BAD, text, cause)


def note(name: str, text: str, cause: str = "") -> Finding:
    return Finding(name, State.NOTE, text, cause)
