"""Presses of buttons, and the bot's answers to them (server sheet 12)."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.telegram.rules import bad

# Unproven: others have seen 5 to 15 seconds; nothing may depend on the exact figure.
_ANSWER_WITHIN_SECONDS = 15.0
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass
class Query:
    id: str
    user_id: int
    asked_at: float
    answer: dict[str, Any] | None = None


class Queries(dict[str, Query]):
    """The presses by their ids."""

    def answer(self, query_id: str, text: str, *, alert: bool, now: float) -> None:
        """Raises ApiError for a query that is unknown, late or (unproven) answered before."""
        query = self.get(query_id)
        late = query is None or now - query.asked_at > _ANSWER_WITHIN_SECONDS
        if query is None or late or query.answer is not None:
            raise bad(TOO_OLD)
        query.answer = {"text": text, "alert": alert}


def as_text(data: str | bytes) -> str:
    """Bytes as a text in which each byte that is no UTF-8 stands as one lone surrogate."""
    return data if isinstance(data, str) else data.decode("utf-8", "surrogateescape")
