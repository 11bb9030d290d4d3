"""What a rehearsal found: kept for the next one, and written as a report that can be sent to us.

Both go through the redaction of the log, with the codes and the people of this rehearsal besides.
"""

import json
import os
import platform
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from bot.log import Redactor
from bot.rehearsal.steps import Result, Step, Verdict

FORMAT: Final = 1  # of the file of results
_LIBRARIES: Final = ("python-telegram-bot", "httpx")
_PERSON: Final = "[person]"


class Redaction:
    """Removes secrets and codes, whatever looks like them, and the ids of people."""

    def __init__(self, secrets: Iterable[str], people: Iterable[int]) -> None:
        numbers = "|".join(re.escape(str(number)) for number in people)
        self._people = re.compile(rf"(?<!\d)(?:{numbers})(?!\d)") if numbers else None
        self._secrets = tuple(secrets)

    def __call__(self, text: str, codes: Iterable[str]) -> str:
        clean = Redactor((*self._secrets, *codes))(text)
        return self._people.sub(_PERSON, clean) if self._people else clean


@dataclass(frozen=True, slots=True)
class Played:
    """What a report says besides its results."""

    set_up: Sequence[str]  # suppliers and methods that were played with
    left_out: Mapping[str, str]  # what was not, and why
    language: str
    updates_of_others: int = 0
    ended_by: str = ""  # why it ended before its end


@dataclass
class Results:
    """The results of a bot's rehearsals by step, in a folder of the operator's."""

    folder: Path
    bot_id: int
    redact: Redaction
    by_step: dict[str, Result] = field(default_factory=dict)

    @property
    def report_path(self) -> Path:
        return self.folder / "report.md"

    @property
    def _path(self) -> Path:
        return self.folder / "results.json"

    def load(self) -> None:
        """Read what earlier rehearsals of this bot found; a file that cannot be read counts as none."""
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            if (kept["format"], kept["bot"]) == (FORMAT, self.bot_id):
                self.by_step = {row["key"]: _read(row) for row in kept["results"]}
        except (OSError, ValueError, KeyError, TypeError):
            self.by_step = {}

    def add(self, result: Result, codes: Iterable[str]) -> None:
        """Keep a result, in the place of an earlier one. Raises OSError."""

        def clean(text: str) -> str:
            return self.redact(text, codes)

        self.by_step[result.key] = Result(
            result.key,
            result.verdict,
            result.at,
            result.seconds,
            {clean(name): clean(value) for name, value in result.facts.items()},
            dict(result.answers),
            [clean(call) for call in result.calls],
            dict(result.memory),
        )
        rows = [asdict(each) for each in self.by_step.values()]
        kept = {"format": FORMAT, "bot": self.bot_id, "results": rows}
        _write(self._path, json.dumps(kept, indent=1, ensure_ascii=False))

    def write_report(self, steps: Sequence[Step], played: Played, codes: Iterable[str]) -> Path:
        """Raises OSError."""
        text = "\n".join(_lines(steps, self.by_step, played)) + "\n"
        _write(self.report_path, self.redact(text, codes))
        return self.report_path


def _read(row: Mapping[str, Any]) -> Result:
    return Result(**{**row, "verdict": Verdict(row["verdict"])})


def _write(path: Path, text: str) -> None:
    """For this user alone, and whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.new")
    number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def _lines(steps: Sequence[Step], results: Mapping[str, Result], played: Played) -> Iterator[str]:
    found = [(step, results.get(step.key)) for step in steps]
    yield "# Rehearsal"
    yield ""
    yield f"- Written: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    yield f"- Hanout {version('hanout')}, Python {platform.python_version()}, " + ", ".join(
        f"{name} {version(name)}" for name in _LIBRARIES
    )
    yield f"- Played with: {', '.join(played.set_up)}; language {played.language}"
    for name, why in played.left_out.items():
        yield f"- Left out: {name}: {why}"
    if played.updates_of_others:
        yield f"- Updates of other people meanwhile: {played.updates_of_others}"
    if played.ended_by:
        yield f"- Ended early: {played.ended_by}"
    yield ""
    yield "| Step | Verdict |"
    yield "|---|---|"
    for step, result in found:
        yield f"| {step.key} | {result.verdict if result else 'not played'} |"
    for step, result in found:
        if result is not None:
            yield from _about(step, result)


def _about(step: Step, result: Result) -> Iterator[str]:
    yield ""
    yield f"## {step.key}: {result.verdict}"
    yield ""
    yield f"- Question: {step.unknown}"
    yield f"- Expected: {step.expected}"
    yield f"- Played: {result.at}, {result.seconds:.0f} s"
    for name, value in result.facts.items():
        yield f"- Seen: {name}: {value}"
    for key, answer in result.answers.items():
        yield f"- Asked {key}: {answer}"
    for call in result.calls:
        yield f"- Answer: `{call}`"
