"""`pic:<product>`: the picture that operators gave to a product, as a message of its own.

How Telegram's apps show a text that is edited into a photo and back is not known, so no screen becomes one.
"""

import logging
from typing import Final

from telegram import Message, Update
from telegram.error import BadRequest

from bot.domain.catalogue import Product
from bot.domain.curation import OwnPicture
from bot.refusals import NoPictureHere
from bot.services.catalogue.pictures import take_off_picture, view_picture
from handlers.context import ShopContext, press_of
from handlers.edge import UNREADABLE, Kind, is_outage, read
from handlers.screens import pictures as screens

AGAIN_AFTER_SECONDS: Final = (
    60.0  # the same picture comes once in that time, however often it is asked for
)
_SEND_SECONDS: Final = 20.0
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

    Raises NoPictureHere where Telegram refuses it: then nobody is offered it any more.
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
        state.sent_photos.pop(key, None)
        if isinstance(error, BadRequest) and read(error).kind is Kind.BAD_FILE:
            of_update = f"{context.key_of(update)}:picture"  # which may have put it in itself
            await take_off_picture(context.shop, product.id, picture, key=of_update)
            raise NoPictureHere from None
        raise
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
