"""Which right each command and button of operators needs, and screens without what a person may not do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from bot.domain.roles import Right
from handlers.screen import Button, Screen


@dataclass(frozen=True)
class RightsNeeded:
    """By the names of commands, and by the verbs of buttons; what is in neither is for customers."""

    commands: Mapping[str, Right] = field(default_factory=dict)
    presses: Mapping[str, Right] = field(default_factory=dict)

    def commands_for(self, rights: Collection[Right]) -> frozenset[str]:
        """The commands that exist for somebody with these rights."""
        return frozenset(name for name, right in self.commands.items() if right in rights)

    def any_of(self, screen: Screen) -> bool:
        """Whether a button of the screen needs a right."""
        return any(self._of(button) is not None for row in screen.rows for button in row)

    def leave_off(self, screen: Screen, rights: Collection[Right]) -> Screen:
        """The screen with only those buttons that these rights allow to press."""
        rows = [
            tuple(one for one in row if (right := self._of(one)) is None or right in rights)
            for row in screen.rows
        ]
        return replace(screen, rows=tuple(row for row in rows if row))

    def _of(self, button: Button) -> Right | None:
        return self.presses.get((button.data or "").partition(":")[0])
