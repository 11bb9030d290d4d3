"""`chart:<kind>:<span>`: a picture of figures, with the same figures as text; text alone where none can be drawn."""

from typing import Final

from telegram import Message, Update

from bot.domain.charts import ChartKind
from bot.domain.periods import Span, since
from bot.domain.roles import Right
from bot.errors import NoPicture
from bot.refusals import NotFound
from bot.services.operations.charts import ChartFigures, report_chart
from handlers.context import ShopContext, press_of
from handlers.screen import Screen
from handlers.screens import charts as screens
from handlers.sent_pictures import SentPicture

KEPT_SECONDS: Final = 300.0
_SEND_SECONDS: Final = 20.0


async def chart(update: Update, context: ShopContext) -> None:
    """Send the picture into the chat of whoever pressed, the same for five minutes."""
    kind, span = press_of(update).args
    if kind not in set(ChartKind) or span not in set(Span):
        raise NotFound
    profit = await context.may(Right.PROFIT)
    clock, pictures = context.shop.clock, context.bot_state.pictures
    begun = since(
        Span(span), clock.now(), context.bot_state.zone
    )  # "today" is another one after midnight
    key = (ChartKind(kind), Span(span), begun, context.words.locale, profit)
    await context.answer(update)
    now = clock.monotonic()
    kept = pictures.get(key)
    if kept is not None and now - kept.sent_at < KEPT_SECONDS:
        await _send(context, kept.file_id, kept.caption)
        return
    figures = await report_chart(context.shop, ChartKind(kind), Span(span))
    picture, note = await _draw(context, figures, profit=profit)
    caption = screens.caption(
        context.words, figures, context.bot_state.zone, profit=profit, note=note
    )
    if picture is None:
        await context.send(update, caption)
        return
    sent = await _send(context, picture, caption)
    for old in [it for it, of in pictures.items() if now - of.sent_at >= KEPT_SECONDS]:
        del pictures[old]
    if sent.photo:
        pictures[key] = SentPicture(sent.photo[-1].file_id, caption, now)


async def _draw(
    context: ShopContext, figures: ChartFigures, *, profit: bool
) -> tuple[bytes | None, str]:
    """The picture, or None and the key of the line that says why there is none."""
    if figures.is_empty:
        return None, ""
    draughtsman = context.shop.draughtsman
    if draughtsman is None or not draughtsman.is_there:
        return None, "chart-no-package"
    drawn = screens.chart(context.words, figures, context.bot_state.zone, profit=profit)
    try:
        return await draughtsman.draw(drawn), ""
    except NoPicture:
        return None, "chart-no-picture"


async def _send(context: ShopContext, picture: bytes | str, caption: Screen) -> Message:
    return await context.bot_state.threads.send(
        context.customer.id,
        context.bot.send_photo,
        picture,
        caption=caption.text,
        caption_entities=caption.entities,
        reply_markup=caption.keyboard(),
        read_timeout=_SEND_SECONDS,
    )
