"""What words mean that customers type and suppliers write: a phrase book, filled from content."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bot.domain.folding import words_of

Phrase = tuple[str, ...]  # folded words


class Head(StrEnum):
    """What a phrase names."""

    IGNORE = "ignore"
    INTENT = "intent"
    REGION = "region"
    CURRENCY = "currency"
    BRAND = "brand"
    PRODUCT = "product"
    CATEGORY = "category"


# The word "al" and what grows together with it in front of an Arabic word, the longest first.
FRONTS: Final = ("بال", "وال", "لل", "ال", "و", "ل")
_LEAST_AFTER_FRONT: Final = 3  # letters that have to remain of a word


@dataclass(frozen=True, slots=True)
class Meaning:
    """A key of the head: a brand's id, a region's key, a currency's code, a product's title."""

    head: Head
    key: str


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase that was found: which words of the text it takes up, and all that it means."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]

    def keys(self, head: Head) -> tuple[str, ...]:
        return tuple(each.key for each in self.meanings if each.head is head)


class Aliases:
    """The phrases of all heads. Made once; nothing in it changes."""

    def __init__(self, phrases: Mapping[Phrase, tuple[Meaning, ...]]) -> None:
        self.phrases: Final = phrases
        self._longest: Final = max(map(len, phrases), default=0)

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "Aliases":
        """From the tables of locales/content/aliases.toml, `words` by head and key."""
        phrases: dict[Phrase, list[Meaning]] = {}
        for meaning, spellings in _entries(content):
            for phrase in filter(None, map(words_of, spellings)):
                meanings = phrases.setdefault(phrase, [])
                if meaning not in meanings:
                    meanings.append(meaning)
        return cls({phrase: tuple(meanings) for phrase, meanings in phrases.items()})

    def only(self, *heads: Head, loose: frozenset[Phrase] = frozenset()) -> "Aliases":
        """The phrases of some heads alone, without those of `loose`."""
        kept = {
            phrase: tuple(each for each in meanings if each.head in heads)
            for phrase, meanings in self.phrases.items()
            if phrase not in loose
        }
        return Aliases({phrase: meanings for phrase, meanings in kept.items() if meanings})

    def find(self, words: Sequence[str]) -> list[Match]:
        """The phrases of a text in their order, none over another; the longest are taken first."""
        free = [True] * len(words)
        found = []
        for length in range(min(self._longest, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                end = start + length
                if all(free[start:end]) and (meanings := self._meanings(words[start:end])):
                    free[start:end] = [False] * length
                    found.append(Match(start, end, meanings))
        return sorted(found, key=lambda match: match.start)

    def _meanings(self, words: Sequence[str]) -> tuple[Meaning, ...]:
        """What a phrase means, also without what Arabic writes in front of its first word."""
        first, *rest = words
        for front in ("", *FRONTS):
            word = first.removeprefix(front)
            if front and (word == first or len(word) < _LEAST_AFTER_FRONT):
                continue
            if meanings := self.phrases.get((word, *rest)):
                return meanings
        return ()


def _entries(content: Mapping[str, Any]) -> Iterator[tuple[Meaning, Sequence[str]]]:
    for language, spellings in content.get("ignore", {}).items():
        yield Meaning(Head.IGNORE, language), spellings
    for head in Head:
        if head is not Head.IGNORE:
            for key, entry in content.get(head, {}).items():
                yield Meaning(head, key), entry["words"]
