"""Words of operators to many people: who gets them, when they may be sent, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum
from math import ceil
from typing import Final
from zlib import crc32

from bot.domain.records import Locale

LONGEST_NEWS: Final = 1_024  # characters as Telegram counts them: what the caption of a photo holds
MOST_SEGMENTS: Final = 2  # that one news combines
OWNER_ABOVE: Final = 500  # people: a news to more is sent by an owner
IDLE_FOR: Final = timedelta(days=30)
SENT_AGAIN_AFTER: Final = timedelta(hours=24)  # one news a person in this time at most
WEEK: Final = timedelta(days=7)
BOUGHT_WITHIN: Final = timedelta(days=7)  # purchases of people who were sent a news, after it began
_FIRST, _LAST = time(9), time(21)  # in the shop's time zone
_EACH_SECOND: Final = 8  # people, while nothing else is to be sent


class NewsState(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    STOPPED = "stopped"  # by an operator, or because Telegram refuses its photo
    DONE = "done"
    DROPPED = "dropped"  # never sent


class Outcome(StrEnum):
    """What became of a news to one person. What stays in `sending` was interrupted: it is unknown."""

    SENDING = "sending"
    SENT = "sent"
    BLOCKED = "blocked"  # no message reaches them
    FAILED = "failed"  # Telegram refused the message
    UNKNOWN = "unknown"  # it may have arrived, and is never sent again


NO_LETTER: Final = 0  # the fingerprint of a language in which nothing is written

# With these a person counts as told: it arrived, or may have.
TOLD: Final = (Outcome.SENDING, Outcome.SENT, Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Mark:
    """One of Telegram's marks on a text; `offset` and `length` in UTF-16 code units.

    `url`: where a linked text leads; empty for every other kind.
    """

    kind: str
    offset: int
    length: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """An operator's text as they wrote it: never read as markup.

    `photo`: Telegram's id of the picture whose caption the text is; empty: it has none.
    """

    text: str
    marks: tuple[Mark, ...] = ()
    photo: str = ""

    @property
    def fingerprint(self) -> int:
        """Tells it apart from every other letter, in the data of a button; never NO_LETTER."""
        return crc32(repr(self).encode("utf-8", "surrogatepass")) or 1


@dataclass(frozen=True, slots=True)
class Segment:
    """Whom a news is for: everybody of whom all that is set here is true.

    `bought`: p and the id of a product, or the key of a category. `above_minor`: they have more than that
    in their wallet.
    """

    locale: Locale | None = None
    bought: str = ""
    is_idle: bool = False  # they have paid for no order for IDLE_FOR
    above_minor: int | None = None

    @property
    def parts(self) -> int:
        """How many segments it combines; 0: everybody."""
        return (
            (self.locale is not None)
            + bool(self.bought)
            + self.is_idle
            + (self.above_minor is not None)
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """How many people a news was tried for, by what became of it."""

    sent: int = 0
    blocked: int = 0
    failed: int = 0
    unknown: int = 0

    @property
    def tried(self) -> int:
        return self.sent + self.blocked + self.failed + self.unknown


@dataclass(frozen=True, slots=True)
class News:
    """One news, from its draft on. A language without a letter gets nothing.

    `product_id`: of the button below it. `shown_to`: who has seen it as it is now, with `shown_people`;
    whoever changes it has it shown again. `version`: raised by each change and each card. `people`: to how many it was sent when it began. `message_id`:
    the message in the sender's chat that shows how far it is.
    """

    id: int
    state: NewsState
    operator_id: int
    letters: Mapping[Locale, Letter] = field(default_factory=dict)
    segment: Segment = Segment()
    product_id: int | None = None
    shown_to: int | None = None
    shown_people: int = 0
    version: int = 0
    people: int = 0
    cursor: int = 0  # everybody up to this id has had their turn
    due_at: datetime | None = None
    began_at: datetime | None = None
    message_id: int | None = None
    totals: Totals = Totals()

    def fingerprint(self, locale: Locale) -> int:
        """Of what is written in a language; NO_LETTER where nothing is."""
        letter = self.letters.get(locale)
        return letter.fingerprint if letter else NO_LETTER

    @property
    def locales(self) -> tuple[Locale, ...]:
        """The languages in which somebody gets it."""
        wanted = self.segment.locale
        return tuple(one for one in self.letters if wanted is None or one is wanted)


@dataclass(frozen=True, slots=True)
class Audience:
    """How many people a news goes to, by language, and who of its segment is left out, by why."""

    people: Mapping[Locale, int] = field(default_factory=dict)
    refused: int = 0
    blocked: int = 0
    banned: int = 0
    lately: int = 0  # they have had as much news lately as one gets

    @property
    def total(self) -> int:
        return sum(self.people.values())


def opens_at(now: datetime, zone: tzinfo) -> datetime | None:
    """When news may be sent next; None: now. People are asleep before nine and after nine."""
    here = now.astimezone(zone)
    if _FIRST <= here.time() < _LAST:
        return None
    day = here.date() + timedelta(days=int(here.time() >= _LAST))
    return datetime.combine(day, _FIRST, zone).astimezone(UTC)


def minutes_for(people: int) -> int:
    """How long a news takes at the least, in minutes: where nothing else is to be sent."""
    return ceil(people / (_EACH_SECOND * 60))


def is_another_crowd(shown: int, now: int) -> bool:
    """Whether so many people more or fewer than were shown have to be shown again."""
    return abs(now - shown) > _tolerance(shown)


def most_people(confirmed: int) -> int:
    """How many a news is tried for at most that was confirmed for so many.

    Some want news again meanwhile. No more than that: above OWNER_ABOVE an owner confirms it.
    """
    most = confirmed + _tolerance(confirmed)
    return most if confirmed > OWNER_ABOVE else min(most, OWNER_ABOVE)


def _tolerance(people: int) -> int:
    return max(1, people // 20)


def length_of(text: str) -> int:
    """As Telegram counts: in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2
