"""What identifies an update for ever: the one place that makes the keys of what it does.

Telegram's update ids jump, also downwards, and repeat after a quiet week or for another bot. The
identity is that of the inbox's row: the same over all replays, another one for a later update. That
of a new message is the message's own, since Telegram may tell of it twice, with two ids.
"""

from typing import Final

from telegram import Update

# The library keeps what it does not know of an update with the update.
IDENTITY: Final = "hanout_identity"


def key_of(update: Update, bot_id: int) -> str:
    """The idempotency key of what this update does once; at most 50 characters.

    An update that an earlier version received has the key of that version.
    """
    identity = _identity(update)
    return f"update:{update.update_id}" if identity is None else f"update:{bot_id}:{identity}"


def number_of(update: Update) -> int:
    """The same as a number that fits an integer column, never negative."""
    identity = _identity(update)
    return update.update_id if identity is None else identity


def _identity(update: Update) -> int | None:
    identity = update.api_kwargs.get(IDENTITY)
    return identity if isinstance(identity, int) else None
