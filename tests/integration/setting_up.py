"""Somebody who sets a shop up: types answers in their order, and reads what is said."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot import setup_command
from bot.sandbox.simulation import Simulation, open_simulation
from bot.settings import Settings
from bot.setup import console as consoles
from bot.setup import ending, unit
from bot.setup.console import NoAnswer

STOP = "Ctrl+C"


@dataclass
class Person:
    """Implements Input; what is typed last and unseen stays known, to look for it in the output."""

    answers: list[str] = field(default_factory=list)
    hidden: list[bool] = field(default_factory=list)

    def read(self, prompt: str, *, hidden: bool) -> str:
        print(prompt)
        if not self.answers:
            raise NoAnswer
        answer = self.answers.pop(0)
        if answer == STOP:
            raise KeyboardInterrupt
        self.hidden.append(hidden)
        return answer


@dataclass
class Said:
    status: int
    text: str  # without the ends of lines, which depend on the terminal
    asked: int
    left: list[str]


class Machine:
    """A folder of a shop between the simulators, and the command in it."""

    def __init__(self, folder: Path, simulation: Simulation, monkeypatch, capsys) -> None:
        self.folder, self.simulation = folder, simulation
        self.monkeypatch, self.capsys = monkeypatch, capsys
        self.env = folder / ".env"

    @property
    def token(self) -> str:
        return self.simulation.world.token

    def addresses(self) -> dict[str, str]:
        return {
            "TELEGRAM_API_URL": self.simulation.telegram_url,
            "ONECLICKDZ_BASE_URL": f"{self.simulation.supplier_url}/v3",
            "STARSHIP_BASE_URL": self.simulation.starship_url,
            "CHARGILY_BASE_URL": f"{self.simulation.chargily_url}/test/api/v2",
        }

    def key(self, kind: str = "SANDBOX", **scope: str) -> str:
        return self.simulation.book.add_key(kind, **scope)

    async def set_up(self, *answers: str, **options) -> Said:
        """Run the command, and answer like this; `options` are those of its function."""
        person = Person(list(answers))
        self.monkeypatch.setattr(consoles, "Terminal", lambda: person)
        given = {"language": "en", **options}
        language = setup_command.Language(given.pop("language")) if given["language"] else None
        given.pop("language", None)
        self.capsys.readouterr()
        status = await asyncio.to_thread(_status, language, given)
        captured = self.capsys.readouterr()
        text = " ".join((captured.out + captured.err).split())
        assert "Traceback" not in text
        return Said(status, text, len(person.hidden), person.answers)

    def file(self) -> str:
        return self.env.read_text()

    def has(self, name: str) -> str | None:
        lines = [line for line in self.file().splitlines() if line.startswith(f"{name}=")]
        assert len(lines) <= 1
        return lines[0].partition("=")[2] if lines else None


def _status(language, given) -> int:
    from typer import Exit

    try:
        setup_command.setup(language=language, **{**_NONE, **given})
    except Exit as end:
        return end.exit_code
    return 0


_NONE: dict[str, object] = {
    "values": None,
    "secret": None,
    "unit": "",
    "yes": False,
    "unchecked": False,
}


@contextlib.asynccontextmanager
async def machine_at(folder: Path, monkeypatch, capsys) -> AsyncIterator[Machine]:
    for name in (*Settings.model_fields, "LC_ALL"):
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(ending, "SYSTEMD_RUNS", folder / "no-systemd")
    monkeypatch.setattr(unit, "INSTALLED", folder / "no-unit")
    async with open_simulation() as simulation:
        machine = Machine(folder, simulation, monkeypatch, capsys)
        for name, value in machine.addresses().items():
            monkeypatch.setenv(name, value)
        yield machine


def without_addresses(machine: Machine) -> None:
    """From here on only the file counts."""
    for name in machine.addresses():
        machine.monkeypatch.delenv(name)


def first_answers(machine: Machine, key: str) -> Sequence[str]:
    """Of a new shop with one supplier and no payments; Enter for all else, up to the confirmation."""
    return (machine.token, "1000", "1", key, "", "", "0", "", "", "1")


@pytest.fixture
async def machine(tmp_path, monkeypatch, capsys) -> AsyncIterator[Machine]:
    async with machine_at(tmp_path, monkeypatch, capsys) as made:
        yield made
