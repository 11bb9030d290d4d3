"""What an operator sends as the news in one language: a text, or one photo with the text as its caption."""

from enum import StrEnum

from telegram import Update

from bot.domain.news import Letter
from bot.services.news.drafts import is_too_long
from handlers.middleware.albums import album_of
from handlers.screens.news import read_marks


class Fault(StrEnum):
    """Why what was sent is no news; the names are those of the texts."""

    EMPTY = "empty"  # neither a text nor a photo
    ALBUM = "album"
    BARE = "bare"  # a photo without a caption
    LONG = "long"


def read_letter(update: Update) -> Letter | Fault:
    """The letter that an operator sent."""
    album = album_of(update).messages
    message = album[0]
    if len(album) > 1 or message.media_group_id is not None:
        return Fault.ALBUM
    if message.photo:
        caption = _readable(message.caption)
        if not caption:
            return Fault.BARE
        photo = message.photo[-1].file_id
        marks = read_marks(message.caption_entities)
        return Fault.LONG if is_too_long(caption) else Letter(caption, marks, photo)
    text = _readable(message.text)
    if not text:
        return Fault.EMPTY
    return Fault.LONG if is_too_long(text) else Letter(text, read_marks(message.entities))


def _readable(text: str | None) -> str:
    """Without lone surrogates, which cannot be encoded in an answer."""
    return (text or "").encode("utf-8", "ignore").decode()
