"""Why something is not sold, or not done, in words of three languages."""

from collections.abc import Mapping
from typing import Final

from bot.domain.pauses import text_in
from bot.domain.records import Locale, PauseReason
from locales import Words

# What the shop itself calls a trouble. All others are the names of errors, as the log has them.
_TROUBLES: Final = frozenset({"unreadable", "restart"})


def why_paused(words: Words, reason: str, texts: Mapping[str, str]) -> str:
    """Why something is not sold, as the end of a sentence without its full stop."""
    said = text_in(texts, Locale(words.locale)) if reason == PauseReason.WORDS else ""
    return said.rstrip(". ") or words.plain(f"pause-why-{_known(reason)}")


def trouble_name(words: Words, trouble: str) -> str:
    """Why something failed: in words where the shop has some, else the name of the error."""
    return words.plain(f"trouble-{trouble}") if trouble in _TROUBLES else trouble


def _known(reason: str) -> str:
    return PauseReason.SOON if reason == PauseReason.WORDS else reason
