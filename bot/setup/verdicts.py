"""What a check of an answer says: a text by its key, and whether the answer can stand."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from bot.domain.supplier import Environment


class Stands(Enum):
    YES = "yes"
    NO = "no"  # whoever was asked says so
    UNKNOWN = "unknown"  # nobody could be asked; it may be kept as it is


@dataclass(frozen=True, slots=True)
class Verdict:
    """`key` is a text's, empty for nothing to say; `again` is the question to go back to, else the one asked last."""

    stands: Stands
    key: str = ""
    values: dict[str, str] = field(default_factory=dict)
    again: str = ""
    notes: tuple[str, ...] = ()  # keys of texts to say after it


FINE: Final = Verdict(Stands.YES)


@dataclass(slots=True)
class Facts:
    """What the checks of one run learn for each other."""

    bot_name: str = ""
    environments: dict[str, Environment] = field(default_factory=dict)

    def mixed_with(self, name: str) -> str:
        """One whose key is of the other kind than this one's; empty where there is none."""
        kind = self.environments.get(name)
        others = (n for n, other in self.environments.items() if n != name and other is not kind)
        return next(others, "")
