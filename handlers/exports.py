"""`/export 2026-10`: the books of a month as a file in the owner's own chat."""

from typing import Final

from telegram import InputFile, Update

from bot.domain.books import Month
from bot.errors import ExportFailure, NotTied
from bot.ports import Exporter
from bot.refusals import AlreadyDecided, BadCommand, NotFound
from bot.services.bookkeeping.month import count_orders, note_export
from handlers.context import ShopContext, arguments, press_of
from handlers.screens import exports as screens
from handlers.screens.operator import note

_SEND_SECONDS: Final = 60.0


async def export(update: Update, context: ShopContext) -> None:
    """Say what the file holds and ask; without a month, of the last one that is over."""
    typed, shop = arguments(update), context.shop
    month = Month.last_ended(shop.clock.now(), context.bot_state.zone)
    if typed:
        asked = Month.parse(typed)
        if asked is None:
            raise BadCommand(f"/export {month}")
        month = asked
    await context.show(update, screens.ask(context.words, month, await count_orders(shop, month)))


async def decide(update: Update, context: ShopContext) -> None:
    """Make the file and send it into the chat of whoever pressed, and nowhere else.

    A question is answered once: five taps on its button are one file, and a "no" after them is too late.
    """
    press, shop, owner = press_of(update), context.shop, context.customer.id
    month = Month.parse(press.args[0])
    if month is None or shop.exporter is None:
        raise NotFound
    asked = _message_of(update)
    if asked and context.bot_state.exported.get(owner) == asked:
        raise AlreadyDecided
    if press.args[1] != "1":
        await context.show(update, note(context.words, "export-left"))
        return
    await count_orders(shop, month)  # a forged press may name a month that is not over
    context.bot_state.exported[owner] = asked
    try:
        await _make(update, context, shop.exporter, month)
    except BaseException:
        del context.bot_state.exported[owner]  # the press is handled again
        raise


async def _make(update: Update, context: ShopContext, exporter: Exporter, month: Month) -> None:
    shop, owner = context.shop, context.customer.id
    await context.show(update, screens.making(context.words, month))
    await note_export(shop, month, key=context.key_of(update), operator_id=owner)
    try:
        content = await exporter.workbook(month)
    except NotTied as error:
        await context.send(update, screens.not_tied(context.words, month, error.differences))
        return
    except ExportFailure:
        await context.send(update, screens.failed(context.words, month))
        return
    caption = screens.caption(context.words, month)
    await context.bot_state.threads.send(
        owner,
        context.bot.send_document,
        InputFile(content, filename=f"hanout-{month}.xlsx"),
        caption=caption.text,
        caption_entities=caption.entities,
        read_timeout=_SEND_SECONDS,
        write_timeout=_SEND_SECONDS,
    )


def _message_of(update: Update) -> int:
    """The pressed message; 0: there is none that this chat has."""
    message = update.callback_query.message if update.callback_query else None
    return message.message_id if message else 0
