"""`pic:<product>`: the picture that operators gave to a product, as a message of its own.

How Telegram's apps show a text that is edited into a photo and back is not known, so no screen becomes one.
"""

import logging
from typing import Final

from telegram import Message, Update
from telegram.error import BadRequest

from bot.domain.catalogue import Product
from bot.domain.curation import OwnPicture
from bot.refusals import NoPictureHere, NoPictureNow
from bot.services.catalogue.pictures import take_off_picture, view_picture
from handlers.context import ShopContext, press_of
from handlers.edge import UNREADABLE, Kind, is_outage, may_have_arrived, read
from handlers.screens import pictures as screens

AGAIN_AFTER_SECONDS: Final = (
    60.0  # the same picture comes once in that time, however often it is asked for
)
_SEND_SECONDS: Final = 20.0
# getFile's words about the id of another bot, which it uses for a fault of its own too.
_STRANGE: Final = "wrong file_id"
_log = logging.getLogger(__name__)


async def show(update: Update, context: ShopContext) -> None:
    """Send the picture; a question that waits for typed words goes on waiting, as its screen still stands there."""
    product, picture = view_picture(context.shop, press_of(update).number())
    sent = await send_picture(update, context, product, picture)
    await context.answer(update, "" if sent else context.words.plain("toast-picture-here"))


async def send_picture(
    update: Update, context: ShopContext, product: Product, picture: OwnPicture
) -> bool:
    """Send a picture into the chat; False where it went there a moment ago.

    Raises NoPictureHere where Telegram does not know it: then nobody is offered it any more; and NoPictureNow
    where it refuses to send what it knows.
    """
    state, key = context.bot_state, (context.customer.id, product.id)
    now = context.shop.clock.monotonic()
    unique_id, sent_at = state.sent_photos.get(key, ("", now))
    if unique_id == picture.unique_id and now - sent_at < AGAIN_AFTER_SECONDS:
        return False
    state.note_photo(*key, picture.unique_id, now)
    try:
        await _send(context, product, picture)
    except BaseException as error:
        if not may_have_arrived(error):  # else the next attempt would bring it once more
            state.sent_photos.pop(key, None)
        if not isinstance(error, BadRequest) or read(error).kind is not Kind.BAD_FILE:
            raise
        if await _is_known(context, picture):
            raise NoPictureNow from None
        of_update = f"{context.key_of(update)}:picture"  # which may have put it in itself
        await take_off_picture(context.shop, product.id, picture, key=of_update)
        raise NoPictureHere from None
    return True


async def _is_known(context: ShopContext, picture: OwnPicture) -> bool:
    """Whether Telegram still has a photo that it refused to send: it says the same in passing faults."""
    try:
        await context.bot.get_file(picture.file_id)
    except BadRequest as error:
        is_strange = read(error).kind is Kind.BAD_FILE or _STRANGE in str(error).lower()
        return not is_strange
    return True


async def _send(context: ShopContext, product: Product, picture: OwnPicture) -> None:
    caption = screens.picture(context.words, product)
    try:
        await context.bot_state.threads.send(
            context.customer.id,
            context.bot.send_photo,
            picture.file_id,
            caption=caption.text,
            caption_entities=caption.entities,
            reply_markup=caption.keyboard(),
            read_timeout=_SEND_SECONDS,
        )
    except UNREADABLE as error:
        _log.error("a sent picture's answer cannot be read (%s)", type(error).__name__)


async def close(update: Update, context: ShopContext) -> None:
    """Delete the pressed picture. Telegram deletes nothing after two days: it says so then."""
    pressed = update.callback_query.message if update.callback_query else None
    gone = isinstance(pressed, Message) and bool(pressed.photo) and await _delete(context, pressed)
    context.bot_state.sent_photos.pop((context.customer.id, press_of(update).number()), None)
    await context.answer(update, "" if gone else context.words.plain("toast-picture-kept"))


async def _delete(context: ShopContext, message: Message) -> bool:
    try:
        await context.bot.delete_message(message.chat.id, message.message_id)
    except BadRequest as error:
        if is_outage(error):
            raise
        return read(error).kind is Kind.GONE
    except UNREADABLE as error:
        _log.error("a deletion's answer cannot be read (%s)", type(error).__name__)
    return True
