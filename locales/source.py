"""A language's texts, each parsed when it is asked for first.

A parsed text takes fifteen times the memory of its source, and parsing all of them nearly a second; a shop shows
a fraction of them, and those of `hanout setup` and `hanout rehearse` never.
"""

import re
from collections.abc import Collection
from typing import Final

from fluent.runtime import FluentBundle
from fluent.runtime.resolver import Message
from fluent.syntax import FluentParser

# Fluent's own rule for where an entry begins: a letter, `-` or `#` at the beginning of a line. All else goes on with
# the entry before it. Our files have no terms, and no text names another (tests/unit/test_locales.py).
_ENTRIES: Final = re.compile(r"^(?=[A-Za-z#-])", re.MULTILINE)
_KEY: Final = re.compile(r"[A-Za-z][\w-]*(?= *=)")
_PARSER: Final = FluentParser(with_spans=False)


class Texts(FluentBundle):
    """A bundle that is given sources in place of resources."""

    def __init__(self, language: str) -> None:
        super().__init__([language], use_isolating=False)
        self._sources: dict[str, str] = {}

    def add_source(self, source: str) -> None:
        """Add the texts of a file. Of two with one key, the first one stays, as in Fluent."""
        for entry in _ENTRIES.split(source):
            if key := _KEY.match(entry):
                self._sources.setdefault(key[0], entry)

    def keys(self) -> Collection[str]:
        return self._sources.keys()

    def get_message(self, message_id: str) -> Message:
        """Raises KeyError where no file has it."""
        if not self.has_message(message_id):
            self.add_resource(_PARSER.parse(self._sources[message_id]))
        return super().get_message(message_id)
