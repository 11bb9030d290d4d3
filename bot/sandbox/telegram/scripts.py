"""Answers that a test has written before the request comes, and limits that can be switched on."""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

from bot.sandbox.telegram.responses import Page
from bot.sandbox.telegram.rules import ApiError, bad, too_many

ANY_METHOD = "*"

# How a trouble of the core leaves on a request that is not repeated (server sheet 3.2).
CORE_TROUBLE = bad("Bad Gateway")
# The message may have been seen: use with `after` (server sheet 8).
DELETED_AT_ONCE = ApiError(
    500,
    "Internal Server Error: sent message was immediately deleted and can't be returned",
)
RESTART = ApiError(500, "Internal Server Error: restart")
CLOSING = too_many(5)  # what waited while the server closed (server sheet 2.5)

# Answers for a chat, for `World.close_chat` (server sheet 8).
BLOCKED = ApiError(403, "Forbidden: bot was blocked by the user")
DEACTIVATED = ApiError(403, "Forbidden: user is deactivated")
NEVER_STARTED = ApiError(403, "Forbidden: bot can't initiate conversation with a user")
KICKED_FROM_GROUP = ApiError(403, "Forbidden: bot was kicked from the group chat")
NOT_A_MEMBER = ApiError(403, "Forbidden: bot is not a member of the group chat")
GROUP_DELETED = ApiError(403, "Forbidden: the group chat was deleted")
USER_UNKNOWN = bad("private chat not found")


def upgraded(supergroup_id: int) -> ApiError:
    """The group has become a supergroup (server sheet 7.15)."""
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        migrate_to_chat_id=supergroup_id,
    )


@dataclass
class Script:
    """An answer for the next `times` calls of `method`; `after`: the call has its effect first."""

    method: str
    answer: ApiError | Page
    times: int = 1
    after: bool = False


class Scripts(list[Script]):
    def take(self, method: str, *, after: bool) -> ApiError | Page | None:
        """The answer that is due for this call, and count it."""
        for script in self:
            fits = script.method in (ANY_METHOD, method) and script.after is after
            if fits and script.times > 0:
                script.times -= 1
                return script.answer
        return None


@dataclass
class _Limit:
    messages: int
    seconds: float
    sent: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until one more fits; 0 where it fits now."""
        while self.sent and self.sent[0] <= now - self.seconds:
            self.sent.popleft()
        return 0.0 if len(self.sent) < self.messages else self.sent[0] + self.seconds - now


@dataclass
class FloodLimits:
    """Limits for messages sent and edited, off unless set: messages and the seconds they take.

    The published figures are 1 a second in a chat and 30 a second overall (server sheet 3.5).
    """

    now: Callable[[], float]
    per_chat: tuple[int, float] | None = None
    overall: tuple[int, float] | None = None
    _chats: defaultdict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _all: deque[float] = field(default_factory=deque)

    def count(self, chat_id: int) -> None:
        """Count a message, or raise ApiError 429 with the wait."""
        now = self.now()
        limits = [
            _Limit(*limit, sent)
            for limit, sent in ((self.per_chat, self._chats[chat_id]), (self.overall, self._all))
            if limit is not None
        ]
        wait = max((limit.wait(now) for limit in limits), default=0.0)
        if wait > 0:
            raise too_many(max(1, ceil(wait)))
        for limit in limits:
            limit.sent.append(now)
