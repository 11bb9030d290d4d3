"""The figures that a shop aims at, each beside its aim."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A figure that is to be `aim` at most, or where `at_least` is set at least."""

    what: str
    found: float
    aim: float
    unit: str = ""
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        return self.found >= self.aim if self.at_least else self.found <= self.aim

    def line(self) -> str:
        sign, verdict = "≥" if self.at_least else "≤", "met" if self.is_met else "not met"
        found = f"{self.found:.3g}" if self.found < 100 else f"{self.found:.0f}"
        aim = f"{sign} {self.aim:g}"
        return f"  {self.what:58} {found:>7} {aim:>8} {self.unit:8} {verdict}"


def print_rows(rows: Sequence[Row]) -> None:
    """What a part has found, each as a line."""
    print("\n".join(row.line() for row in rows), end="\n\n", flush=True)
