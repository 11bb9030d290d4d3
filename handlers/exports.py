"""`/export 2026-10`: the books of a month as a file in the owner's own chat."""

from typing import Final

from telegram import InputFile, Update

from bot.domain.books import Month
from bot.errors import ExportFailure, NotTied
from bot.refusals import BadCommand, NotFound
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
    """Make the file and send it into the chat of whoever pressed, and nowhere else."""
    press, shop = press_of(update), context.shop
    month = Month.parse(press.args[0])
    if month is None or shop.exporter is None:
        raise NotFound
    if press.args[1] != "1":
        await context.show(update, note(context.words, "export-left"))
        return
    await count_orders(shop, month)  # a forged press may name a month that is not over
    await context.show(update, screens.making(context.words, month))
    await note_export(shop, month, key=context.key_of(update), operator_id=context.customer.id)
    try:
        content = await shop.exporter.workbook(month)
    except NotTied as error:
        await context.send(update, screens.not_tied(context.words, month, error.differences))
        return
    except ExportFailure:
        await context.send(update, screens.failed(context.words, month))
        return
    caption = screens.caption(context.words, month)
    await context.bot_state.threads.send(
        context.customer.id,
        context.bot.send_document,
        InputFile(content, filename=f"hanout-{month}.xlsx"),
        caption=caption.text,
        caption_entities=caption.entities,
        read_timeout=_SEND_SECONDS,
        write_timeout=_SEND_SECONDS,
    )
