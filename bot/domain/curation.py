"""What operators say of the catalogue over what suppliers say: what is hidden, comes first, is named how, how many.

All of it hangs on ids of the shop, so a new catalogue of a supplier changes none of it.
"""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeVar
from urllib.parse import urlsplit
from zlib import crc32

from bot.domain.catalogue import Names, own_name
from bot.domain.folding import folded_title
from bot.domain.records import Locale
from bot.refusals import BadGuide, BadName

LONGEST_NAME: Final = 60  # letters; a button shows no more
LONGEST_GUIDE: Final = 600
LONGEST_LINK: Final = 256  # letters of a guide's address
MOST_FEATURED: Final = 6  # products on the first page
_REMOVES: Final = frozenset({"-", "–", "—"})
# What Telegram's apps would make a link of by themselves.
_ADDRESS: Final = re.compile(
    r"@|://|\bwww\.|[a-z0-9-]\.[a-z]{2,}(?![a-z])", re.IGNORECASE | re.ASCII
)
_HTTPS: Final = "https"
_LABEL: Final = r"[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?"
_HOST: Final = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")
# Phones put them into Arabic lines; Telegram's apps order each line by themselves. An override, which
# turns words around, is refused like all that nobody sees.
_DIRECTIONS: Final = dict.fromkeys(
    map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069")
)
_EMOJI: Final = "\u2190-\u2bff\U0001f000-\U0001faff"
_JOINT: Final = re.compile(f"(?<=[\ufe0f{_EMOJI}])\u200d(?=[{_EMOJI}])")
_T = TypeVar("_T", bound=Hashable)


class CurationScope(StrEnum):
    CATEGORY = "category"
    PRODUCT = "product"


class CuratedText(StrEnum):
    """What operators write of a category (only its name) or a product."""

    NAME = "name"
    HOW = "how"  # how its codes are redeemed


@dataclass(frozen=True, slots=True)
class Subject:
    """What is curated. `target`: a category's key of names.toml, or a product's id in digits."""

    scope: CurationScope
    target: str

    @classmethod
    def product(cls, product_id: int) -> "Subject":
        return cls(CurationScope.PRODUCT, str(product_id))

    @classmethod
    def category(cls, key: str) -> "Subject":
        return cls(CurationScope.CATEGORY, key)

    @property
    def name(self) -> str:
        """How the list of actions calls it."""
        return f"p{self.target}" if self.scope is CurationScope.PRODUCT else self.target


@dataclass(frozen=True, slots=True)
class Marks:
    """`rank`: its place among its siblings, from 0; None: after all that have one.

    `max_quantity`: the most codes of one order; None: as the shop's settings say.
    """

    hidden: bool = False
    featured: bool = False
    rank: int | None = None
    max_quantity: int | None = None

    @property
    def place(self) -> tuple[bool, bool, int]:
        """Siblings are sorted by it; equal ones stay in their suppliers' order."""
        return not self.featured, self.rank is None, self.rank or 0


@dataclass(frozen=True, slots=True)
class OwnPicture:
    """A photo that Telegram keeps.

    `file_id` sends it, and is good for the bot that got it and no other; `unique_id` says which photo it is.
    """

    file_id: str
    unique_id: str


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text of an operator and the one that it replaced; either may be empty."""

    text: str = ""
    before: str = ""

    @property
    def fingerprint(self) -> int:
        """What an *Undo* button stands for: its second press finds another. Never 0, as older buttons say."""
        return crc32(f"{self.text}\0{self.before}".encode()) or 1


UNMARKED: Final = Marks()


@dataclass(frozen=True, slots=True)
class Curation:
    """All that operators have said. `texts` are by language, and none is empty; `pictures` by product."""

    marks: Mapping[Subject, Marks] = field(default_factory=dict)
    texts: Mapping[tuple[Subject, CuratedText], Mapping[str, str]] = field(default_factory=dict)
    pictures: Mapping[int, OwnPicture] = field(default_factory=dict)

    def of_product(self, product_id: int) -> Marks:
        return self.marks.get(Subject.product(product_id), UNMARKED)

    def of_category(self, key: str) -> Marks:
        return self.marks.get(Subject.category(key), UNMARKED)

    def names(self, subject: Subject) -> Names:
        return tuple(sorted(self.texts.get((subject, CuratedText.NAME), {}).items()))

    def guide(self, product_id: int, locale: str) -> str:
        """How its codes are redeemed, in this language, else in English; empty: nobody wrote it."""
        texts = self.texts.get((Subject.product(product_id), CuratedText.HOW), {})
        return texts.get(locale) or texts.get(Locale.EN, "")


NO_CURATION: Final = Curation()


def read_text(kind: CuratedText, typed: str) -> str:
    """What an operator typed, as it is stored; empty for a dash, which removes it.

    Raises BadName, BadGuide.
    """
    typed = typed.translate(_DIRECTIONS)
    if typed.strip() in _REMOVES:
        return ""
    return _read_name(typed) if kind is CuratedText.NAME else _read_guide(typed)


def _read_name(typed: str) -> str:
    plain = " ".join(typed.split())
    if not plain or len(plain) > LONGEST_NAME or not _is_visible(plain):
        raise BadName(LONGEST_NAME)
    return plain


def _read_guide(typed: str) -> str:
    """Lines of plain text; an https address on a line of its own comes last, for a button."""
    lines = [" ".join(line.split()) for line in typed.splitlines()]
    links = [line for line in lines if _is_link(line)]
    text = "\n".join(line for line in lines if line and line not in links)
    if len(links) > 1 or _ADDRESS.search(text):
        raise BadGuide("address")
    if not text or not all(map(_is_visible, lines)):
        raise BadGuide("empty")
    if len(text) > LONGEST_GUIDE:
        raise BadGuide("long")
    return "\n".join((text, *links))


def _is_visible(line: str) -> bool:
    """Whether all of it can be seen; an emoji may be one that is joined of several."""
    return _JOINT.sub("", line).isprintable()


def _is_link(line: str) -> bool:
    """Whether Telegram takes it for a button: it refuses the whole message otherwise."""
    try:
        parts = urlsplit(line)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # an address of brackets, or a port that is none
        return False
    return (
        parts.scheme == _HTTPS
        and _HOST.fullmatch(host) is not None
        and port != 0
        and not parts.netloc.endswith(":")
        and "@" not in parts.netloc
        and " " not in line
        and len(line) <= LONGEST_LINK
    )


def split_guide(stored: str) -> tuple[str, str]:
    """The text of a stored guide and the address of its button; empty: it has none."""
    text, _, last = stored.rpartition("\n")
    return (text, last) if _is_link(last) else (stored, "")


def are_alike(names: Names, title: str, others: Names, other_title: str) -> bool:
    """Whether two things read the same in some language, where an operator named one of them.

    Two that their suppliers call the same are none of the operator's doing.
    """
    for locale in Locale:
        own, other = own_name(names, locale), own_name(others, locale)
        if (own or other) and _plain(own or title) == _plain(other or other_title):
            return True
    return False


def find_alike(
    things: Mapping[int, tuple[Names, str]], renamed: frozenset[int]
) -> tuple[int, int] | None:
    """One that was renamed and another beside it that is alike (`are_alike`), by their ids.

    `things`: names and suppliers' titles. Each is looked at once, however many there are.
    """
    for locale in Locale:
        by_name: dict[str, list[int]] = {}
        for one, (names, title) in things.items():
            by_name.setdefault(_plain(own_name(names, locale) or title), []).append(one)
        for group in by_name.values():
            own = [one for one in group if own_name(things[one][0], locale)]
            for one in filter(renamed.__contains__, group):
                others = group if one in own else own
                for other in others:
                    if other != one:
                        return one, other
    return None


def _plain(name: str) -> str:
    return folded_title(name) or name


def moved(siblings: Sequence[_T], one: _T, *, up: bool) -> list[_T]:
    """The siblings with this one a place further up or down; at an end they stay as they are."""
    order = list(siblings)
    at = order.index(one)
    to = at - 1 if up else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    return order
