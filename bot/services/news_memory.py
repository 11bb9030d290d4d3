"""What the process remembers of the news that it sends. All times are monotonic seconds."""

from dataclasses import dataclass


@dataclass
class NewsMemory:
    """`next_look`: when there is something to send; None: nothing is being sent.

    `shown_at`: when the sender of a news was last shown how far it is. `refused_photo`: the news and the photo that
    Telegram refused last, until it takes one.
    """

    next_look: float | None = None
    shown_at: float = float("-inf")
    refused_photo: tuple[int, str] | None = None
