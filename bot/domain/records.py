"""Records that services and the store exchange, besides orders, payments and the catalogue."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypedDict

from bot.domain.supplier import Environment


class Locale(StrEnum):
    EN = "en"
    FR = "fr"
    AR = "ar"

    @classmethod
    def of(cls, language_tag: str | None, default: "Locale") -> "Locale":
        """The language for whoever uses Telegram in this one: an IETF tag, in any spelling.

        By its first part, so `fr-CA`, `FR` and `fr_FR` are French. Arabic is written for all who speak
        a kind of it; French for speakers of Berber languages, who read it rather than English in Algeria.
        `default` for all others.
        """
        primary = re.split("[-_@.]", (language_tag or "").strip().lower(), maxsplit=1)[0]
        primary = _READ_INSTEAD.get(primary, primary)
        return cls(primary) if primary in set(cls) else default


# By ISO 639: the language that is read by speakers of another one.
_READ_INSTEAD: Final = {
    **dict.fromkeys(
        # The individual languages of the macrolanguage Arabic.
        (
            *(
                "aao",
                "abh",
                "abv",
                "acm",
                "acq",
                "acw",
                "acx",
                "acy",
                "adf",
                "aeb",
                "aec",
                "afb",
                "apc",
            ),
            *(
                "apd",
                "arb",
                "arq",
                "ars",
                "ary",
                "arz",
                "auz",
                "avl",
                "ayh",
                "ayl",
                "ayn",
                "ayp",
                "pga",
            ),
            *("shu", "ssh", "ara"),
        ),
        "ar",
    ),
    **dict.fromkeys(
        (
            "ber",
            "kab",
            "zgh",
            "tzm",
            "shy",
            "rif",
            "shi",
            "mzb",
            "thv",
            "taq",
            "grr",
            "cnu",
            "fra",
            "fre",
        ),
        "fr",
    ),
    "eng": "en",
}


@dataclass(frozen=True, slots=True)
class Customer:
    id: int  # Telegram's
    locale: Locale
    reachable: bool = True  # False: the customer blocked the bot
    banned: bool = False  # True: the shop serves them no more


@dataclass(frozen=True, slots=True)
class Sealed:
    """A ciphertext, bound to the row and field it was made for."""

    key_id: str
    blob: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredCode:
    order_id: int
    position: int  # within the order, from 0
    secrets: Mapping[str, Sealed]  # by the field of the card; empty fields are omitted
    fingerprint: bytes = field(repr=False)
    expires_at: datetime | None
    deliver: bool  # False: stored, but not the customer's (see Attention)
    batch: int = 0  # codes that were delivered together are shown together


@dataclass(frozen=True, slots=True)
class SealedCode:
    """The parts of a stored code that depend on a key; `environment` is its order's."""

    order_id: int
    position: int
    environment: Environment | None
    secrets: Mapping[str, Sealed]
    fingerprint: bytes = field(repr=False)


class CodeMessageKind(StrEnum):
    TEXT = "text"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class SentCodeMessage:
    """A chat message that shows codes, until it is turned into a receipt."""

    id: int
    order_id: int
    user_id: int
    message_id: int
    part: int  # of `parts`, where an order has several messages
    parts: int
    kind: CodeMessageKind
    attempts: int


@dataclass(frozen=True, slots=True)
class Showing:
    """Codes of an order are being sent, until then at the latest.

    `counts`: it is one of the few times that a customer may see codes again. `owner`: the process
    that sends them; empty in rows of an earlier version.
    """

    id: int
    order_id: int
    user_id: int
    counts: bool
    until: datetime
    owner: str


@dataclass(frozen=True, slots=True)
class SentCodes:
    """A message of codes that was sent, without the codes; `again`: they were shown before."""

    order_id: int
    user_id: int
    message_id: int
    part: int
    parts: int
    kind: CodeMessageKind
    hide_at: datetime
    again: bool


@dataclass(frozen=True, slots=True)
class SupplierAccount:
    """What is known of our account at a supplier, and why selling from it is paused."""

    supplier: str
    environment: Environment | None = None  # None: the supplier has not confirmed our key
    balance_minor: int | None = None  # None: unknown, or it limits nothing
    balance_at: datetime | None = None
    paused_for_balance: bool = False
    paused_for_access: bool = False

    @property
    def selling(self) -> bool:
        return not (self.paused_for_balance or self.paused_for_access or self.environment is None)


class AccountChanges(TypedDict, total=False):
    """The fields of a SupplierAccount that may change."""

    environment: Environment | None
    balance_minor: int | None
    balance_at: datetime
    paused_for_balance: bool
    paused_for_access: bool


class MoveState(StrEnum):
    """What a database knows of its last move (`hanout move`)."""

    ARRIVING = "arriving"  # filled from another one, which has not been given up yet
    ARRIVED = "arrived"  # the shop is here
    LEAVING = "leaving"  # written to a SQLite file, which may be in its place already
    MOVED = "moved"  # the shop is in the other one


@dataclass(frozen=True, slots=True)
class MoveMark:
    """The last move of a database, by an id that both databases have."""

    move_id: str
    state: MoveState
    place: str  # the other database, without a password
    machine: str  # on which the command ran
    at: datetime


class PauseReason(StrEnum):
    """Why nothing new is sold; of those by hand customers read."""

    AUDIT = "audit"  # the books contradict themselves
    SOON = "soon"  # back soon, without more
    SUPPLIER = "supplier"
    PRICES = "prices"  # prices are being checked
    HOLIDAY = "holiday"
    WORDS = "words"  # the operator's own


UpdateKey = tuple[int, int]  # the id of a bot, and of an update that Telegram gave to this bot
_IDENTITIES_BEGIN: Final = datetime(2020, 1, 1, tzinfo=UTC)
_ID_BITS: Final = 32  # Telegram's update ids have 31
_OF_MESSAGES: Final = 1 << 62  # unlike seconds since 2020, until 2054


def identity_of_update(update_id: int, received_at: datetime) -> int:
    """What tells an update from a later one with the same id; 63 bits, larger than any id.

    It fits until 2088: the seconds since 2020, then the id.
    """
    seconds = max(1, int((received_at - _IDENTITIES_BEGIN).total_seconds()))
    return seconds << _ID_BITS | update_id & ((1 << _ID_BITS) - 1)


def identity_of_message(fingerprint: bytes) -> int:
    """What tells an update with this message from all others; 63 bits, larger than any id.

    Telegram may tell of one message twice, with two update ids: what it asks for is done once.
    `fingerprint`: a keyed hash of the whole message as it came, with its chat, number and date.
    """
    return _OF_MESSAGES | int.from_bytes(fingerprint[:8]) >> 2


@dataclass(frozen=True, slots=True)
class Leader:
    """The process that leads the shop, or led it last.

    `bot_id` is 0 until Telegram has accepted a bot's token. `instance` is its name in rows, `place` where it runs (host and process id). `epoch` counts leaders.
    """

    bot_id: int
    epoch: int
    instance: str
    place: str
    since: datetime


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An update of Telegram, sealed; `trouble` set: it cannot be read and is quarantined.

    `identity` is set by the inbox, unless it is a message's; None: an earlier version received it.
    """

    bot_id: int
    update_id: int
    chat_id: int | None
    payload: Sealed
    trouble: str | None = None
    identity: int | None = None

    @property
    def key(self) -> UpdateKey:
        return self.bot_id, self.update_id


@dataclass(frozen=True, slots=True)
class Conversation:
    """The state of a customer's conversation; there is no row while no question is open."""

    user_id: int
    name: str
    state: str
    data: dict[str, int]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One movement of a customer's wallet."""

    at: datetime
    kind: str
    amount_minor: int
    order_id: int | None
    note: str
