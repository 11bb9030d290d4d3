"""Pictures that Telegram has, by what they show."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.charts import ChartKind
from bot.domain.periods import Span
from handlers.screen import Screen

# When the span began, the language, and whether profit is in it.
PictureKey = tuple[ChartKind, Span, datetime | None, str, bool]


@dataclass(frozen=True, slots=True)
class SentPicture:
    """A picture that Telegram has: it is sent again by its id, so no picture stays in memory."""

    file_id: str
    caption: Screen
    sent_at: float  # monotonic
