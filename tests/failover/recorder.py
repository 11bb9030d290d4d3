"""What people pressed and what they were answered, with times: read where the simulator of Telegram does it."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.telegram.queries import Query
from bot.sandbox.telegram.rules import ApiError
from bot.sandbox.telegram.world import World, text_of


@dataclass
class Press:
    """One press, in the order of its chat. Times are monotonic seconds; None: it did not happen."""

    number: int
    chat: int
    data: str
    at: float
    answered_at: float | None = None  # the press's own answer was taken by Telegram
    refused_at: float | None = None  # it came when Telegram did not take it any more


@dataclass(frozen=True)
class Shown:
    at: float
    chat: int
    text: str


@dataclass
class Recorder:
    """Put around a World by `record`; `screens`: the text that a press with these data brings, where that is known."""

    presses: dict[str, Press] = field(default_factory=dict)  # by the query's id
    shown: list[Shown] = field(default_factory=list)
    screens: dict[str, str] = field(default_factory=dict)

    def first_answer(self, moment: float) -> float | None:
        """Seconds from this moment to the first answer after it, whenever the press was."""
        answers = [
            press.answered_at
            for press in self.presses.values()
            if press.answered_at is not None and press.answered_at > moment
        ]
        return min(answers) - moment if answers else None

    def backlog(self, moment: float) -> float | None:
        """Seconds from this moment until all presses before it are answered; None: one is not yet."""
        last = moment
        for press in self.presses.values():
            if press.at <= moment:
                at = press.answered_at or press.refused_at
                if at is None:
                    return None
                last = max(last, at)
        return last - moment

    def waits(self, begin: float, end: float) -> list[float]:
        """How long each press of a time waited for its answer; until now where none came."""
        now = time.monotonic()
        return [
            (press.answered_at or press.refused_at or now) - press.at
            for press in self.presses.values()
            if begin <= press.at < end
        ]

    def unanswered(self) -> list[Press]:
        """Presses that brought neither an answer nor, where Telegram takes none any more, a message."""
        newest: dict[int, float] = defaultdict(float)
        for shown in self.shown:
            newest[shown.chat] = max(newest[shown.chat], shown.at)
        return [
            press
            for press in self.presses.values()
            if press.answered_at is None
            and not (press.refused_at is not None and newest[press.chat] > press.at)
        ]

    def late(self) -> list[str]:
        """Answers to a press, or its screen, that came after those of a later press of the same chat."""
        chats: dict[int, list[Press]] = defaultdict(list)
        for press in self.presses.values():
            chats[press.chat].append(press)
        return [line for chat, presses in chats.items() for line in self._late_in(chat, presses)]

    def _late_in(self, chat: int, presses: Sequence[Press]) -> list[str]:
        events = [(p.answered_at, p.number, "answer") for p in presses if p.answered_at is not None]
        events += [
            (shown.at, number, "screen")
            for shown in self.shown
            if shown.chat == chat and (number := self._whose(shown, presses)) is not None
        ]
        late, newest = [], -1
        for at, number, what in sorted(events):
            if number < newest:
                late.append(
                    f"chat {chat}: the {what} of press {number} came after that of press {newest}, at {at:.2f}"
                )
            newest = max(newest, number)
        return late

    def _whose(self, shown: Shown, presses: Sequence[Press]) -> int | None:
        """The newest press before this message that brings this screen."""
        return max(
            (
                p.number
                for p in presses
                if p.at <= shown.at and self.screens.get(p.data) == shown.text
            ),
            default=None,
        )


def record(world: World) -> Recorder:
    """Note from now on what this world's people press and see."""
    recorder = Recorder()
    counts: dict[int, int] = defaultdict(int)
    ask, answer, add, replace = world.ask, world.answer, world.add_message, world.replace

    def noting_ask(user: dict[str, Any], message: Any, data: str | bytes, **more: str) -> Query:
        query = ask(user, message, data, **more)
        number = counts[user["id"]]
        counts[user["id"]] += 1
        recorder.presses[query.id] = Press(number, user["id"], str(data), time.monotonic())
        return query

    def noting_answer(query_id: str, text: str, *, alert: bool) -> None:
        press = recorder.presses.get(query_id)
        try:
            answer(query_id, text, alert=alert)
        except ApiError:
            if press is not None and press.answered_at is None:
                press.refused_at = press.refused_at or time.monotonic()
            raise
        if press is not None:
            press.answered_at = time.monotonic()

    def noting_add(chat: Any, body: Any, *, service: bool = False) -> Any:
        message = add(chat, body, service=service)
        if message["from"]["id"] == world.me["id"]:
            recorder.shown.append(Shown(time.monotonic(), chat.id, text_of(message)))
        return message

    def noting_replace(chat: Any, message: Any, body: Any) -> Any:
        new = replace(chat, message, body)
        recorder.shown.append(Shown(time.monotonic(), chat.id, text_of(new)))
        return new

    world.ask, world.answer = noting_ask, noting_answer
    world.add_message, world.replace = noting_add, noting_replace
    return recorder
