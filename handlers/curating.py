"""/catalogue: operators hide, order, name and describe what is on the shelf."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from telegram import Update

from bot.domain.answers import read_count_answer
from bot.domain.curation import CuratedText, CurationScope, OwnPicture, Subject
from bot.domain.records import Locale
from bot.refusals import NoPictureHere, NoPictureNow, NotFound
from bot.services.catalogue import curation
from bot.services.catalogue.arrivals import list_arrivals
from bot.services.catalogue.curated import (
    find_entries,
    list_curated,
    list_entries,
    list_texts,
    list_values,
    page_of,
    recall,
    remember,
    view_card,
    view_category,
)
from bot.services.catalogue.pictures import (
    PictureView,
    look_at_picture,
    remove_picture,
    set_picture,
    undo_picture,
    view_own_picture,
)
from bot.services.wallet.hidden_orders import cancel_hidden_orders, count_hidden_orders
from handlers.account import END
from handlers.callback_data import Press
from handlers.context import ShopContext, arguments, press_of, typed
from handlers.middleware.albums import album_of
from handlers.pictures import send_picture
from handlers.questions import WORDS
from handlers.screen import Screen
from handlers.screens import curating as screens
from handlers.screens import pictures as picture_screens

TEXT: Final = "curate_text"
MOST: Final = "curate_most"
PICTURE: Final = "curate_picture"
_KINDS: Final = {"n": CuratedText.NAME, "h": CuratedText.HOW}
# What the question keeps, besides the number of what it is about: places in these.
_ALL_KINDS: Final = tuple(CuratedText)
_ALL_LOCALES: Final = tuple(Locale)


def _subject(press: Press) -> Subject:
    """What the first two arguments name. Raises NotFound."""
    scope, target = press.args[:2]
    if scope == "c":
        return Subject.category(target)
    if not target.isdecimal():
        raise NotFound
    return Subject.product(int(target))


def _text(press: Press) -> tuple[Subject, CuratedText, Locale]:
    if press.args[3] not in set(Locale):
        raise NotFound
    return _subject(press), _KINDS[press.args[2]], Locale(press.args[3])


async def catalogue(update: Update, context: ShopContext) -> int:
    """`/catalogue` shows the categories, `/catalogue <words>` products, a single one at once."""
    query = arguments(update)
    if not query:
        return await categories(update, context)
    found = find_entries(context.shop, query)
    if len(found) == 1:
        await _show_product(update, context, found[0].id)
    else:
        page = page_of(context.shop, found, 0, size=max(1, len(found)))
        await context.show(update, screens.found(context.words, " ".join(query.split()), page))
    return END


async def categories(update: Update, context: ShopContext) -> int:
    arrived = len(await list_arrivals(context.shop))
    screen = screens.categories(context.words, list_curated(context.shop), arrived)
    await context.show(update, screen)
    return END


async def category(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    await _show_category(update, context, press.args[0], press.number(1))
    return END


async def _show_category(
    update: Update, context: ShopContext, key: str, page: int = 0, toast: str = ""
) -> None:
    view = view_category(context.shop, key)
    waiting = await _waiting(context, view.subject, hidden=view.marks.hidden)
    entries = list_entries(context.shop, key, page)
    screen = screens.category(context.words, view, entries, waiting)
    await context.show(update, screen, toast=toast)


async def _waiting(context: ShopContext, subject: Subject, *, hidden: bool) -> int:
    return await count_hidden_orders(context.shop, subject) if hidden else 0


async def arrivals(update: Update, context: ShopContext) -> int:
    """New products that came hidden, with NEW_PRODUCTS=hidden."""
    page = page_of(context.shop, await list_arrivals(context.shop), press_of(update).number())
    await context.show(update, screens.arrivals(context.words, page))
    return END


async def product(update: Update, context: ShopContext) -> int:
    await _show_product(update, context, press_of(update).number())
    return END


async def _show_product(
    update: Update, context: ShopContext, product_id: int, toast: str = ""
) -> None:
    card = await view_card(context.shop, product_id)
    waiting = await _waiting(context, card.subject, hidden=card.marks.hidden)
    await context.show(update, screens.product(context.words, card, waiting), toast=toast)


async def _show(update: Update, context: ShopContext, subject: Subject, toast: str = "") -> None:
    if subject.scope is CurationScope.CATEGORY:
        await _show_category(update, context, subject.target, toast=toast)
    else:
        await _show_product(update, context, int(subject.target), toast)


def _by(update: Update, context: ShopContext) -> dict[str, Any]:
    """Who changes something, and the key of that."""
    return {"key": context.key_of(update), "operator_id": context.customer.id}


async def press_hide(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    subject, hidden = _subject(press), press.args[2] == "1"
    await curation.set_hidden(context.shop, subject, hidden=hidden, **_by(update, context))
    toast = context.words.plain("toast-hidden-now" if hidden else "toast-shown-now")
    await _show(update, context, subject, toast)
    return END


async def press_feature(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    product_id, featured = press.number(0), press.args[1] == "1"
    by = _by(update, context)
    await curation.set_featured(context.shop, product_id, featured=featured, **by)
    await _show_product(update, context, product_id)
    return END


async def press_move(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    subject = _subject(press)
    done = await curation.move(
        context.shop, subject, up=press.args[2] == "1", **_by(update, context)
    )
    await _show(update, context, subject, "" if done else context.words.plain("toast-at-end"))
    return END


async def names(update: Update, context: ShopContext) -> int:
    await context.show(update, await _texts(context, _subject(press_of(update)), CuratedText.NAME))
    return END


async def guides(update: Update, context: ShopContext) -> int:
    subject = Subject.product(press_of(update).number())
    await context.show(update, await _texts(context, subject, CuratedText.HOW))
    return END


async def _texts(context: ShopContext, subject: Subject, kind: CuratedText) -> Screen:
    texts = await list_texts(context.shop, subject, kind)
    known = context.shop.shelf.goods
    title = "" if subject.scope is CurationScope.CATEGORY else known[int(subject.target)].title
    return screens.texts(context.words, subject, title, kind, texts)


async def ask_text(update: Update, context: ShopContext) -> str:
    subject, kind, locale = _text(press_of(update))
    number = await remember(context.shop, subject)
    context.remember(curated=number, kind=_ALL_KINDS.index(kind), locale=_ALL_LOCALES.index(locale))
    await context.show(update, screens.ask_text(context.words, kind, locale))
    return TEXT


async def typed_text(update: Update, context: ShopContext) -> int:
    """The words that were asked for; what is refused can be typed again."""
    kind = _ALL_KINDS[context.remembered("kind")]
    locale = _ALL_LOCALES[context.remembered("locale")]
    subject = await recall(context.shop, context.remembered("curated"))
    words, by = typed(update), _by(update, context)
    await curation.set_text(context.shop, subject, kind, locale, words, **by)
    await context.show(update, await _texts(context, subject, kind))
    return END


async def press_undo(update: Update, context: ShopContext) -> int:
    """What a second press of the same button means is undone already."""
    press = press_of(update)
    subject, kind, locale = _text(press)
    by = _by(update, context)
    await curation.undo_text(context.shop, subject, kind, locale, press.number(4), **by)
    await context.show(update, await _texts(context, subject, kind))
    return END


async def picture(update: Update, context: ShopContext) -> int:
    """Whether a product has a picture. Who only looks may send any photo afterwards."""
    subject = _subject(press_of(update))
    if subject.scope is not CurationScope.PRODUCT:
        raise NotFound
    view = await look_at_picture(context.shop, int(subject.target))
    await context.show(update, picture_screens.own_picture(context.words, view))
    return END


async def ask_picture(update: Update, context: ShopContext) -> str:
    """The next photo takes the picture's place."""
    view = await look_at_picture(context.shop, press_of(update).number())
    context.remember(product=view.product.id)
    await context.show(update, picture_screens.own_picture(context.words, view, asks=True))
    return PICTURE


async def take_picture(update: Update, context: ShopContext) -> int | str:
    """Store the photo, and send it back as customers get it; anything else is asked for again."""
    product_id, photo = context.remembered("product"), _photo_of(update)
    if photo is None:
        await context.send(update, picture_screens.refuse_picture(context.words))
        return PICTURE
    await set_picture(context.shop, product_id, photo, **_by(update, context))
    view = await view_own_picture(context.shop, product_id)
    try:
        await _send_back(update, context, view)
        is_unsent = False
    except NoPictureNow:
        is_unsent = True
    screen = picture_screens.own_picture(context.words, view, is_unsent=is_unsent)
    await context.send(update, screen)
    return END


def _photo_of(update: Update) -> OwnPicture | None:
    """The one photo that was sent; None for an album, of which the rest may come later, and for all else."""
    message = album_of(update).messages[0]
    if not message.photo or message.media_group_id:
        return None
    largest = message.photo[-1]
    return OwnPicture(largest.file_id, largest.file_unique_id)


async def _send_back(update: Update, context: ShopContext, view: PictureView) -> bool:
    """Raises NoPictureHere where there is none; as `send_picture`."""
    if view.picture is None:
        raise NoPictureHere
    return await send_picture(update, context, view.product, view.picture)


async def see_picture(update: Update, context: ShopContext) -> None:
    """As customers get it; a question for another one goes on waiting."""
    view = await view_own_picture(context.shop, press_of(update).number())
    sent = await _send_back(update, context, view)
    await context.answer(update, "" if sent else context.words.plain("toast-picture-here"))


async def press_remove_picture(update: Update, context: ShopContext) -> int:
    """Only shows what is there by now, where that is not what the button was made for."""
    press = press_of(update)
    product_id, seen = press.number(0), press.number(1)
    await remove_picture(context.shop, product_id, seen, **_by(update, context))
    return await _changed_picture(update, context, product_id)


async def press_undo_picture(update: Update, context: ShopContext) -> int:
    """As for `press_remove_picture`."""
    press = press_of(update)
    product_id, seen = press.number(0), press.number(1)
    await undo_picture(context.shop, product_id, seen, **_by(update, context))
    return await _changed_picture(update, context, product_id)


async def _changed_picture(update: Update, context: ShopContext, product_id: int) -> int:
    view = await view_own_picture(context.shop, product_id)
    await context.show(update, picture_screens.own_picture(context.words, view))
    return END


async def ask_most(update: Update, context: ShopContext) -> str:
    card = await view_card(context.shop, press_of(update).number())
    context.remember(product=card.product.id)
    most = context.shop.policy.max_quantity
    await context.show(update, screens.ask_most(context.words, card, most))
    return MOST


async def typed_most(update: Update, context: ShopContext) -> int | str:
    answer = read_count_answer(typed(update))
    if answer.is_words:
        return WORDS
    most = context.shop.policy.max_quantity
    product_id = context.remembered("product")
    if answer.count is None or not 1 <= answer.count <= most:
        card = await view_card(context.shop, product_id)
        await context.show(update, screens.ask_most(context.words, card, most))
        return MOST
    await curation.set_most(context.shop, product_id, answer.count, **_by(update, context))
    await _show_product(update, context, product_id)
    return END


async def press_most(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    product_id, most = press.number(0), press.number(1) or None
    await curation.set_most(context.shop, product_id, most, **_by(update, context))
    await _show_product(update, context, product_id)
    return END


async def values(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    found = await list_values(context.shop, press.number(0))
    shown = context.shop.shelf.goods[press.number(0)]
    await context.show(update, screens.values(context.words, shown, found, press.number(1)))
    return END


async def press_cancel(update: Update, context: ShopContext) -> int:
    subject = _subject(press_of(update))
    count = await cancel_hidden_orders(context.shop, subject, **_by(update, context))
    await _show(update, context, subject, context.words.plain("toast-cancelled", count=count))
    return END


PRESSES: Final[dict[str, Callable[[Update, ShopContext], Coroutine[Any, Any, Any]]]] = {
    "ccat": categories,
    "cshelf": category,
    "cnew": arrivals,
    "cprod": product,
    "chide": press_hide,
    "cfeat": press_feature,
    "cmove": press_move,
    "cname": names,
    "chow": guides,
    "ctext": ask_text,
    "cback": press_undo,
    "cpic": picture,
    "cpask": ask_picture,
    "cpshow": see_picture,
    "cpoff": press_remove_picture,
    "cpback": press_undo_picture,
    "cmax": ask_most,
    "cmost": press_most,
    "cval": values,
    "ccancel": press_cancel,
}
