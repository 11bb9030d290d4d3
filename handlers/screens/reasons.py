"""Why selling is paused, in the words of customers."""

from collections.abc import Mapping

from bot.domain.pauses import text_in
from bot.domain.records import Locale, PauseReason
from locales import Words


def why_paused(words: Words, reason: str, texts: Mapping[str, str]) -> str:
    """Why something is not sold, as the end of a sentence without its full stop."""
    said = text_in(texts, Locale(words.locale)) if reason == PauseReason.WORDS else ""
    return said.rstrip(". ") or words.plain(f"pause-why-{_known(reason)}")


def _known(reason: str) -> str:
    return PauseReason.SOON if reason == PauseReason.WORDS else reason
