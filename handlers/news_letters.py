"""What an operator sends as the news in one language: a text, or one photo with the text as its caption.

Telegram's apps send a text of more than 4,096 letters as several messages. Each of them looks like a text of its own,
so after a long one nothing that is typed counts until the operator says that what comes now is whole.
"""

from enum import StrEnum
from typing import Final

from telegram import Message, Update

from bot.domain.news import Letter, length_of
from bot.services.news.drafts import is_too_long
from handlers.context import ShopContext
from handlers.middleware.albums import album_of
from handlers.screens.news import read_marks

# An app cuts a text behind a space or a line, but never in the first half of what one message holds.
_MAY_BE_CUT: Final = 2_048
# The rest may overtake the press that says it was whole.
_REST_FOLLOWS_WITHIN_SECONDS: Final = 10


class Fault(StrEnum):
    """Why what was sent is no news; the names are those of the texts."""

    EMPTY = "empty"  # neither a text nor a photo
    ALBUM = "album"
    BARE = "bare"  # a photo without a caption
    LONG = "long"
    CUT = "cut"  # so long that an app may have cut it: more of it may follow
    REST = "rest"  # it may be the rest of that


def read_letter(update: Update, context: ShopContext) -> Letter | Fault:
    """The letter that an operator sent; a text that may have been cut is remembered until `expect_whole`."""
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
    if _may_be_rest(message, context):
        _remember_rest(message, context)
        return Fault.REST
    if length_of(text) >= _MAY_BE_CUT:
        _remember_cut(message, context)
        return Fault.CUT
    return Fault.LONG if is_too_long(text) else Letter(text, read_marks(message.entities))


def _readable(text: str | None) -> str:
    """Without lone surrogates, which cannot be encoded in an answer."""
    return (text or "").encode("utf-8", "ignore").decode()


def _may_be_rest(message: Message, context: ShopContext) -> bool:
    data = context.user_data or {}
    after = int(message.date.timestamp()) - data.get("news_cut_at", 0)
    return bool(data.get("news_cut")) or after <= _REST_FOLLOWS_WITHIN_SECONDS


def _remember_cut(message: Message, context: ShopContext) -> None:
    context.remember(news_cut=1, news_cut_at=int(message.date.timestamp()))


def _remember_rest(message: Message, context: ShopContext) -> None:
    """Ask for the press again. Behind a press the time goes on: whoever is quick is not refused again and again."""
    if (context.user_data or {}).get("news_cut"):  # one part follows the other
        _remember_cut(message, context)
    context.remember(news_cut=1)


def expect_whole(context: ShopContext) -> None:
    """What is typed from now on is whole, except for what follows a text that may have been cut at once."""
    context.remember(news_cut=0)
