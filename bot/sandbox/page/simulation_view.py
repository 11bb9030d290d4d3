"""The simulation as the page shows it: JSON values under keys, so that only changes are sent."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.supplier.panel import Panel
from bot.sandbox.supplier.voucher_panel import VoucherPanel
from bot.sandbox.telegram.menus import commands_for, description_for
from bot.sandbox.telegram.world import Person, World

Key = tuple[str | int, ...]

_NAMES = {
    "en": ("Sam", "Noor", "Adam", "Maya"),
    "fr": ("Inès", "Yanis", "Chloé", "Mehdi"),
    "ar": ("ياسين", "مريم", "سفيان", "هدى"),
}


@dataclass
class SimulationView:
    world: World
    panels: list[Panel | VoucherPanel]
    operators: frozenset[int]
    _names: Iterator[int] = field(default_factory=itertools.count)

    def parts(self) -> Iterator[tuple[Key, Any]]:
        yield ("bot",), {"name": self.world.me["first_name"], "username": self.world.me["username"]}
        for person in self.world.people.values():
            yield ("person", person.id), self._person(person)
            for number, message in person.chat.messages.items():
                yield ("message", person.id, number), message
        for panel in self.panels:
            yield from panel.shows()

    def _person(self, person: Person) -> dict[str, Any]:
        chat = person.chat
        return {
            "name": person.name,
            "language": person.language_code,
            "operator": person.id in self.operators,
            "commands": commands_for(self.world, person),
            "description": description_for(self.world, person),
            "action": chat.action if self.world.now() < chat.action_until else "",
        }

    def newcomer(self, language: str) -> Person:
        """Add a person without any message yet. Raises LookupError for an unknown language."""
        names = _NAMES[language]
        name = names[next(self._names) % len(names)]
        return self.world.person(max(self.world.people, default=2000) + 1, name, language)

    def panel(self, name: str) -> Panel | VoucherPanel:
        """The panel of a supplier. Raises LookupError for an unknown name."""
        return {panel.name: panel for panel in self.panels}[name]
