"""The shop's own stock: products, values, batches of codes, and reservations of codes for orders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.records import Sealed
from bot.domain.supplier import OWN

MOST_BYTES: Final = 1_000_000  # of a file of codes
MOST_LINES: Final = 5_000
LONGEST_TITLE: Final = 60
LONGEST_LABEL: Final = 40


class BatchState(StrEnum):
    LOADING = "loading"  # only within the transaction that stores its codes
    DRAFT = "draft"  # complete, and not for sale until an operator has confirmed the counts
    ON_SALE = "on_sale"
    DISCARDED = "discarded"  # a draft that was thrown away
    WITHDRAWN = "withdrawn"  # what was not sold is erased


class SetAside(StrEnum):
    """Why a code of the stock is not sold any more."""

    WITHDRAWN = "withdrawn"  # by an operator, with its batch
    SOLD_ELSEWHERE = "sold"  # an order has the same code from another supplier
    UNREADABLE = "unreadable"  # its ciphertext does not open


@dataclass(frozen=True, slots=True)
class OwnProduct:
    id: int
    category: str
    title: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class OwnValue:
    """A face value of a product, in hundredths of its currency where that is known."""

    id: int
    product_id: int
    label: str
    face_minor: int | None = None
    currency: str = ""
    low_at: int = 0  # an alert is raised when fewer are left; 0: never


@dataclass(frozen=True, slots=True)
class OnOffer:
    """What is for sale of a value now; `cost_minor` is the dearest of its codes."""

    value_id: int
    left: int = 0
    cost_minor: int = 0
    first_end: datetime | None = None  # when the first of its codes expires


@dataclass(frozen=True, slots=True)
class Refusals:
    """How many lines of a batch were not stored, and why; `line` is the first that was unreadable."""

    known: int = 0  # here already, or sold by any supplier
    twice: int = 0  # an earlier line of the same batch has the same code
    unreadable: int = 0
    expired: int = 0  # too close to the end to be sold
    line: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Codes that were loaded together, at one cost."""

    id: int
    value_id: int
    cost_minor: int
    state: BatchState
    loaded_by: int  # the operator's id; 0: by a command of the shell
    loaded_at: datetime
    refusals: Refusals = Refusals()
    held_at: datetime | None = None  # by a restore: its codes may have been sold since the backup

    @property
    def is_held(self) -> bool:
        """Whether it came from a backup, and no operator has decided about it since."""
        return self.state is BatchState.DRAFT and self.held_at is not None


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """The codes of a batch: `loaded` = `left` + `taken` + `set_aside`."""

    loaded: int = 0
    left: int = 0
    taken: int = 0  # reserved for orders
    set_aside: int = 0
    first_end: datetime | None = None  # of those that are left
    last_end: datetime | None = None


@dataclass(frozen=True, slots=True)
class OwnCode:
    """A code of the stock, sealed at its place in its batch."""

    batch_id: int
    position: int  # within the batch, from 0
    secrets: Mapping[str, Sealed]  # by the field of the card
    fingerprint: bytes = field(repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reservation:
    """Codes that belong to one order. `order_id` is its number, as the request tells it."""

    reference: str
    order_id: int
    value_id: int
    product_id: int
    quantity: int
    cost_minor: int  # of all its codes
    at: datetime
    released_at: datetime | None = None  # the order ended without them: they are for sale again
    erased_at: datetime | None = None  # the order has them: they are stored there alone


def reference_prefix(order_id: int) -> str:
    """How the references of an order's requests begin."""
    return f"{OWN}:{order_id}:"
