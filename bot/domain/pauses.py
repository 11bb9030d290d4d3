"""Pauses of selling: of the whole shop, a supplier or a product. They add up, and each is lifted by itself."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from bot.domain.records import Locale, PauseReason
from bot.refusals import SellingPaused

# An order that waits for money keeps its price over a pause, its time to pay grows by so much at most.
LONGEST_EXTENSION: Final = timedelta(hours=24)


class PauseScope(StrEnum):
    SHOP = "shop"
    SUPPLIER = "supplier"
    PRODUCT = "product"


class Ending(StrEnum):
    """When a pause by hand ends."""

    OPEN = "open"  # when an operator lifts it
    HOUR = "hour"
    TOMORROW = "tomorrow"  # at nine, in the shop's time zone


LONGEST_WORDS: Final = 100  # of an operator, for customers
_OPENS_AT: Final = time(9)


def end_of(ending: Ending, now: datetime, zone: tzinfo) -> datetime | None:
    """When a pause ends that begins now; None: when somebody lifts it."""
    if ending is Ending.OPEN:
        return None
    if ending is Ending.HOUR:
        return now + timedelta(hours=1)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, _OPENS_AT, zone).astimezone(UTC)


def read_words(typed: str, locale: Locale) -> dict[str, str] | None:
    """What an operator wants customers to read, by language.

    Lines that begin with fr:, ar: or en: are each in their language, any other text is in the
    operator's own. None for an empty text, and for one that is too long.
    """
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    texts: dict[str, str] = {}
    for line in lines:
        tag, colon, said = line.partition(":")
        is_tagged = bool(colon) and tag.strip().lower() in set(Locale)
        key = Locale(tag.strip().lower()) if is_tagged else locale
        texts[key] = f"{texts.get(key, '')} {said if is_tagged else line}".strip()
    return texts if texts and all(0 < len(t) <= LONGEST_WORDS for t in texts.values()) else None


class PauseState(StrEnum):
    DRAFT = "draft"  # an operator is asked about it still
    OPEN = "open"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing new is sold of what it covers while it is open.

    `target`: a supplier's name or a product's id; empty for the shop. `texts`: the operator's own words
    for customers, by locale. `stops_paid`: what is paid already is not bought either. `until` None: until somebody
    lifts it.
    """

    id: int
    state: PauseState
    scope: PauseScope
    target: str
    reason: PauseReason
    since: datetime
    texts: Mapping[str, str] = field(default_factory=dict)
    stops_paid: bool = False
    until: datetime | None = None
    operator_id: int = 0  # 0: the shop itself

    def covers(self, supplier: str, products: Collection[int]) -> bool:
        """Whether it stops what this supplier sells as one of these products."""
        if self.scope is PauseScope.SUPPLIER:
            return self.target == supplier
        if self.scope is PauseScope.PRODUCT:
            return self.target in map(str, products)
        return True


def text_in(texts: Mapping[str, str], locale: Locale) -> str:
    """The operator's words in this language, else in the next best; empty: there are none."""
    return next((texts[each] for each in (locale, *Locale) if texts.get(each)), "")


_NARROW_FIRST: Final = (PauseScope.PRODUCT, PauseScope.SUPPLIER, PauseScope.SHOP)


@dataclass(frozen=True, slots=True)
class Closed:
    """What sells nothing at a moment: by pauses, and suppliers that cannot sell by themselves."""

    suppliers: frozenset[str] = frozenset()
    pauses: tuple[Pause, ...] = ()

    def has(self, supplier: str, products: Collection[int]) -> bool:
        """Whether nothing is sold of what this supplier has as one of these products."""
        return supplier in self.suppliers or any(p.covers(supplier, products) for p in self.pauses)

    def why(self, supplier: str, products: Collection[int]) -> Pause | None:
        """The pause that customers read of: the narrowest with words for them, the oldest of those."""
        told = [p for p in covering(self.pauses, supplier, products) if p.reason in TOLD]
        told.sort(key=lambda pause: (_NARROW_FIRST.index(pause.scope), pause.id))
        return told[0] if told else None


# Reasons that customers read. What the audit found is between the shop and its books.
TOLD: Final = frozenset(PauseReason) - {PauseReason.AUDIT}
BY_HAND: Final = tuple(reason for reason in PauseReason if reason in TOLD)
NOTHING_CLOSED: Final = Closed()


def refusal(pause: Pause | None) -> SellingPaused:
    """That of what is closed; `pause`: the one of which customers read."""
    return SellingPaused(pause.reason, pause.texts) if pause else SellingPaused()


def covering(pauses: Iterable[Pause], supplier: str, products: Collection[int]) -> list[Pause]:
    """Those of the pauses that stop what this supplier sells as one of these products."""
    return [pause for pause in pauses if pause.covers(supplier, products)]


def extended_until(
    pause: Pause, created_at: datetime, window: timedelta, due_at: datetime, lifted_at: datetime
) -> datetime:
    """Until when an order may be paid that waited while a pause was open.

    It has as long after the pause as it had left when that began; never less than before, and
    LONGEST_EXTENSION more than its own time at most.
    """
    own_end = created_at + window
    left = own_end - max(pause.since, created_at)
    return max(due_at, min(lifted_at + max(left, timedelta(0)), own_end + LONGEST_EXTENSION))
