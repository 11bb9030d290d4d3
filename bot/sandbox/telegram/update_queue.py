"""The updates that wait for the bot: their ids, their ends, and what is lost silently.

Source: server sheet 4.8 to 4.15.
"""

import json
import random
from collections.abc import Callable, Iterable
from typing import Any

from bot.sandbox.telegram.responses import to_json

Update = dict[str, Any]

MAX_UPDATES = 100_000
MAX_UPDATE_BYTES = 512 * 1024
MAX_ANSWER_BYTES = 4 * 1024 * 1024
MAX_ANSWER_UPDATES = 100
MESSAGE_SECONDS = 24 * 3600
# How long an update is kept; all others as long as a message.
KEPT_SECONDS = {
    "callback_query": 150,
    "pre_checkout_query": 150,
    "shipping_query": 150,
    "inline_query": 30,
    "chosen_inline_result": 600,
}
_MESSAGES = ("message", "edited_message", "channel_post", "edited_channel_post")
KINDS = (
    *_MESSAGES,
    *KEPT_SECONDS,
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "message_reaction_count",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
)
_ONLY_ON_REQUEST = ("chat_member", "message_reaction", "message_reaction_count")
DEFAULT_KINDS = frozenset(KINDS) - frozenset(_ONLY_ON_REQUEST)
_FIRST_ID, _LAST_FIRST_ID = 2_000_001, 1_000_000_000
_FUTURE, _PAST = 10, 100_000


class UpdateQueue:
    """Updates in the order of their ids; `now` is the time of the simulated world."""

    def __init__(self, now: Callable[[], float], seed: str) -> None:
        self.now = now
        self._random = random.Random(seed)
        self._items: list[Update] = []
        self._ends: dict[int, float] = {}  # by update id; an update without an end is kept
        self._next_id = self._random_id()
        self.allowed = DEFAULT_KINDS
        self.added: list[Callable[[], None]] = []  # called after an update was added
        self.lost: list[tuple[str, str]] = []  # kind and reason of what never became an update

    def _random_id(self) -> int:
        return self._random.randint(_FIRST_ID, _LAST_FIRST_ID)

    @property
    def items(self) -> list[Update]:
        """What waits now, after its expired ones are dropped."""
        now = self.now()
        if any(end <= now for end in self._ends.values()):
            for update in self._items:
                if self._ends.get(update["update_id"], now + 1) <= now:
                    self.lost.append((_kind(update), "expired"))
            self._set([u for u in self._items if self._ends.get(u["update_id"], now + 1) > now])
        return self._items

    @items.setter
    def items(self, items: Iterable[Update]) -> None:
        self._set(list(items))

    def _set(self, items: list[Update]) -> None:
        self._items = items
        kept = {update["update_id"] for update in items}
        self._ends = {number: end for number, end in self._ends.items() if number in kept}

    def push(self, kind: str, body: dict[str, Any]) -> int:
        """Add an update and return its id, also where it is lost (then no update has the id)."""
        now = self.now()
        reason = ""
        if kind not in self.allowed:
            reason = "not in allowed_updates"
        elif _end(kind, body, now) <= now:
            reason = "older than a day"
        elif len(self._items) >= MAX_UPDATES:
            reason = "the queue is full"
        elif len(to_json({kind: body})) > MAX_UPDATE_BYTES:
            reason = "too large"
        if reason:
            self.lost.append((kind, reason))
            return self._next_id
        return self.add(kind, body, _end(kind, body, now))

    def add(self, kind: str, body: dict[str, Any], end: float | None = None) -> int:
        """Add an update, also of a kind and with dates that the server of today never sends."""
        number = self._next_id
        self._next_id += 1
        self._items.append({"update_id": number, kind: body})
        if end is not None:
            self._ends[number] = end
        for tell in self.added:
            tell()
        return number

    def jump(self, to: int | None = None) -> int:
        """Empty the queue and go on with another id, lower or higher; returns the next id.

        So it is after a week without updates (server sheet 4.11).
        """
        self._set([])
        self._next_id = self._random_id() if to is None else to
        return self._next_id

    def confirm(self, offset: int) -> None:
        """Forget what an offset confirms: see `getUpdates` in the server sheet, 4.8 to 4.10."""
        items = self.items
        if offset < 0:
            self._set(items[offset:])
        elif items and offset > 0:
            newest, oldest = self._next_id - 1, items[0]["update_id"]
            if oldest - _PAST <= offset <= newest + _FUTURE:
                self._set([u for u in items if u["update_id"] >= offset])

    def head(self, limit: int) -> list[Update]:
        """The oldest updates: at most `limit`, 100 and 4 MiB."""
        taken: list[Update] = []
        size = 0
        for update in self.items[: min(limit, MAX_ANSWER_UPDATES)]:
            size += len(to_json(update))
            if taken and size > MAX_ANSWER_BYTES:
                break
            taken.append(update)
        return taken

    def allow(self, value: Any) -> None:
        """Set `allowed_updates`; what is no list of names changes nothing (server sheet 4.15)."""
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                return
        if isinstance(value, list):
            self.allowed = frozenset(map(str, value)) & frozenset(KINDS) or DEFAULT_KINDS


def _end(kind: str, body: dict[str, Any], now: float) -> float:
    """When the update is dropped: a message's day begins with its newest date."""
    dates = [body[name] for name in ("date", "edit_date") if isinstance(body.get(name), int)]
    if kind in _MESSAGES and dates:
        return float(max(dates) + MESSAGE_SECONDS)
    return now + KEPT_SECONDS.get(kind, MESSAGE_SECONDS)


def _kind(update: Update) -> str:
    return next((name for name in update if name != "update_id"), "")
