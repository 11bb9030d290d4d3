"""Which chats take no messages now, as far as Telegram's answers (429) tell.

Nothing here knows Telegram's library or makes a call; `handlers.rate_limiter` does.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

from handlers.priorities import Priority

_ALL_CHATS_WITHIN_SECONDS: Final = 2.0
# That all chats are closed is a guess: one call is made so often to see whether it is right.
_PROBE_SECONDS: Final = (1.0, 2.0, 3.0, 5.0)


@dataclass
class _Guess:
    """That Telegram takes nothing for anybody; monotonic seconds.

    `until`: what it told the refused chats, at the least. `probe_at`: when the next call is made to
    see. `probes`: how many were made.
    """

    since: float
    until: float
    probe_at: float
    probes: int = 0


class Closures:
    """Until when Telegram takes nothing for one chat, or for all; monotonic seconds.

    A 429 does not say whom it means. One chat alone has written too much to itself; when different
    chats are told to wait within two seconds, the bot as a whole may be meant. Two people can cause
    that on purpose, so it is only a guess: one call each few seconds tries whether it is right, and
    the first that succeeds ends it. Groups have limits of their own and say nothing about others.
    """

    def __init__(self) -> None:
        self._chats: dict[int, float] = {}
        self._recent: deque[tuple[float, int, float]] = deque(maxlen=50)  # at, chat, seconds
        self._guess: _Guess | None = None

    def note(self, chat: int, seconds: float, now: float) -> bool:
        """Close a chat for so many seconds; True where all chats seem to be closed now."""
        self._chats = {known: until for known, until in self._chats.items() if until > now}
        self._chats[chat] = max(self._chats.get(chat, 0.0), now + seconds)
        if chat < 0:
            return False
        lately = [
            wait
            for at, other, wait in self._recent
            if other != chat and now - at <= _ALL_CHATS_WITHIN_SECONDS
        ]
        self._recent.append((now, chat, seconds))
        guess = self._guess if self._guess and self._guess.until > now else None
        if guess is None and not lately:
            return False
        until = now + min(seconds, *lately, _PROBE_SECONDS[0]) if guess is None else guess.until
        self._guess = guess or _Guess(now, now + min(seconds, *lately), until)
        return True

    def note_attempt(self, now: float) -> None:
        """Note that a message or an edit is made now: while all seem closed, it is the probe."""
        guess = self._guess
        if guess is not None and guess.until > now >= guess.probe_at:
            guess.probes += 1
            wait = _PROBE_SECONDS[min(guess.probes, len(_PROBE_SECONDS) - 1)]
            guess.probe_at = min(guess.until, now + wait)

    def note_success(self, chat: int, began: float) -> bool:
        """Note that a call to a chat succeeded; True where it ends the guess that all are closed.

        A call that began before the guess does not: it may have been the last that was taken.
        """
        guess = self._guess
        if chat < 0 or guess is None or began < guess.since:
            return False
        self._guess = None
        self._recent.clear()
        return True

    def opens_at(self, chat: int, priority: Priority) -> float:
        """When a chat takes messages again; a time of the past if it does.

        A wait may be for edits alone: codes that were paid for are tried all the same, and have a
        wait of their own.
        """
        if priority is Priority.DELIVERY:
            return 0.0
        all_until = self._guess.probe_at if self._guess else 0.0
        return max(all_until, self._chats.get(chat, 0.0))
