"""What the process knows of the items of sweeps: which run, which rest after a failure.

Nothing is read or written here; `bot.services.messaging.item_runs` runs the items.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from bot.domain.schedule import until_next_try

TRIES_BEFORE_ALERT: Final = 5
# While the storage fails as a whole, no item is to blame: each is tried again within a second.
LONGEST_WAIT_FOR_STORAGE_SECONDS: Final = 1.0


class ItemKind(StrEnum):
    """What an item is; operators read it, and alerts keep it. The id names a row of this kind."""

    PLACE = "place"  # an order to buy
    OVERDUE = "overdue"  # a paid order that waited too long to be bought, and is refunded
    INTERRUPTED = "interrupted"  # an order whose purchase was being sent when the process ended
    RECONCILE = "reconcile"  # an order whose answer was lost
    POLL = "poll"  # an order at its supplier
    PAY = "pay"  # a customer whose waiting orders can be paid
    EXPIRE = "expire"  # an order that was not paid in time
    PAYMENT = "payment"  # a payment to ask a provider about
    PAYMENT_REFUND = "payment_refund"
    HIDE = "hide"  # a message that shows codes for too long
    RECORD = "record"  # a message of codes that was sent and is not recorded yet
    MESSAGE = "message"  # a row of the outbox whose result cannot be stored
    REMINDER = "reminder"  # an order whose codes expire
    SLOW = "slow"  # an order whose customer is told that it takes long
    WATCHED = "watched"  # a product of which customers wait for a value
    ALERT = "alert"  # an alert to operators; one that fails raises no alert


class Item(NamedTuple):
    kind: ItemKind
    id: int | str

    @property
    def alert_key(self) -> str:
        return f"item:{self.kind}:{self.id}"

    @property
    def is_order(self) -> bool:
        """Whether the id is an order's."""
        return self.kind in _ORDERS


_ORDERS: Final = frozenset(
    {
        ItemKind.PLACE,
        ItemKind.OVERDUE,
        ItemKind.INTERRUPTED,
        ItemKind.RECONCILE,
        ItemKind.POLL,
        ItemKind.EXPIRE,
        ItemKind.RECORD,
        ItemKind.REMINDER,
        ItemKind.SLOW,
    }
)


@dataclass(slots=True)
class Trouble:
    """An item that failed and has not worked since. `rests_until` is monotonic."""

    failures: int
    error: str  # the class of the last exception
    rests_until: float
    told: bool  # an alert about it is open


class Items:
    """The items of one process that are at work, or rest.

    `patience_seconds`: how long a sweep waits for its items; slower ones go on without it. None: until
    the last one has ended, as commands and tests need it. `places`: how many items of one kind and
    lane run at once, whatever their sweep allows; None: no further limit. `report` takes one line
    about each failure, for the log: kind and id of the item, kind of the error, no content.
    """

    def __init__(self, *, patience_seconds: float | None = None, places: int | None = None) -> None:
        self.patience_seconds = patience_seconds
        self.troubles: dict[Item, Trouble] = {}
        self.loaded = False  # the alerts of earlier processes are among the troubles
        self.report: Callable[[str], None] = lambda _line: None
        self._places = places
        self._at_work: set[Item] = set()
        self._lanes: dict[tuple[ItemKind, str], asyncio.Semaphore] = {}
        self._tasks: set[asyncio.Task[object]] = set()

    def may_begin(self, item: Item, now: float) -> bool:
        """Whether the item is neither at work nor resting; `now` is monotonic."""
        trouble = self.troubles.get(item)
        return item not in self._at_work and (trouble is None or trouble.rests_until <= now)

    def held(self, kind: ItemKind, now: float) -> int:
        """How many items of a kind may not begin: a query for due rows finds them all the same."""
        known = self._at_work | self.troubles.keys()
        return sum(item.kind is kind and not self.may_begin(item, now) for item in known)

    def begin(self, item: Item) -> None:
        self._at_work.add(item)

    def end(self, item: Item) -> None:
        self._at_work.discard(item)

    def lane(self, kind: ItemKind, name: str, at_once: int) -> asyncio.Semaphore:
        """The places for items of a kind; those of another lane, a supplier perhaps, take none."""
        places = min(at_once, self._places or at_once)
        return self._lanes.setdefault((kind, name), asyncio.Semaphore(places))

    def note_failure(self, item: Item, error: BaseException) -> Trouble:
        """Count a failure. The caller decides until when the item rests, by `rest`."""
        known = self.troubles.get(item)
        trouble = Trouble(
            failures=known.failures + 1 if known else 1,
            error=type(error).__name__,
            rests_until=known.rests_until if known else 0.0,
            told=known is not None and known.told,
        )
        self.troubles[item] = trouble
        return trouble

    def keep(self, task: asyncio.Task[object]) -> None:
        """Hold a task of an item until it has ended: nothing else may."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self, patience_seconds: float) -> None:
        """Wait for the items that are at work, and cancel those that take longer."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=patience_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def wait_after(trouble: Trouble, *, storage_fails: bool) -> float:
    """The seconds that an item rests: longer after each failure, unless the storage is to blame."""
    wait = until_next_try(trouble.failures)
    return min(wait, LONGEST_WAIT_FOR_STORAGE_SECONDS) if storage_fails else wait
