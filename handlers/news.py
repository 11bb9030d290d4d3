"""/news: operators write to many people, step by step, and see how far it is."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, Final

from telegram import Message, Update

from bot.domain.answers import read_amount_answer
from bot.domain.news import News, Segment, opens_at
from bot.domain.records import Locale
from bot.errors import BadFile, Undeliverable
from bot.refusals import NotFound
from bot.services.catalogue.browse import search_products
from bot.services.news.crowds import is_product
from bot.services.news.drafts import (
    Verdict,
    choose_product,
    choose_segment,
    draft_news,
    drop_news,
    product_of,
    show_card,
    skip_letter,
    start_news,
    stop_news,
    view_draft,
    view_news,
    write_letter,
)
from bot.services.news.sending import try_letter
from handlers.account import END
from handlers.callback_data import pack
from handlers.context import ShopContext, press_of, typed
from handlers.news_letters import Fault, expect_whole, read_letter
from handlers.screens import news as screens
from handlers.screens.values import category_title

TEXT: Final = "news_text"
BOUGHT: Final = "news_bought"
ABOVE: Final = "news_above"
BUTTON: Final = "news_button"
_LONGEST_NAME: Final = 60
_LANGUAGES: Final = tuple(Locale)


async def news(update: Update, context: ShopContext) -> int:
    """Drafts, what is being sent, and what was sent lately."""
    context.remember(walks=0)  # whoever looks here has left the walk through the languages
    view = await view_news(context.shop, context.customer.id)
    await context.show(update, screens.overview(context.words, view, context.bot_state.zone))
    return END


async def begin(update: Update, context: ShopContext) -> str:
    """A new draft, which is asked for in one language after the other."""
    draft = await draft_news(context.shop, context.customer.id)
    return await _ask(update, context, draft, _LANGUAGES[0], walks=True)


async def _ask(
    update: Update, context: ShopContext, draft: News, locale: Locale, *, walks: bool
) -> str:
    """`walks`: the next language is asked for after this one."""
    expect_whole(context)
    context.remember(news=draft.id, language=_LANGUAGES.index(locale), walks=int(walks))
    await context.show(update, screens.ask_text(context.words, draft, locale))
    return TEXT


def _locale_of(code: str) -> Locale:
    if code not in set(Locale):
        raise NotFound
    return Locale(code)


async def ask_text(update: Update, context: ShopContext) -> str:
    """One language of a draft that is there already, or once more one that was too long."""
    press = press_of(update)
    draft = await view_draft(context.shop, press.number(), context.customer.id)
    locale = _locale_of(press.args[1])
    walks = _is_asked(context, draft.id, locale) and _walks(context)
    return await _ask(update, context, draft, locale, walks=walks)


def _is_asked(context: ShopContext, news_id: int, locale: Locale) -> bool:
    """Whether this is what the operator was asked for last."""
    asked = context.user_data or {}
    return asked.get("news") == news_id and asked.get("language") == _LANGUAGES.index(locale)


def _walks(context: ShopContext) -> bool:
    return bool((context.user_data or {}).get("walks"))


async def take_text(update: Update, context: ShopContext) -> int | str:
    """What people of a language will read: the text with the marks that Telegram gave it, or a photo with it."""
    news_id, user_id = context.remembered("news"), context.customer.id
    locale = _LANGUAGES[context.remembered("language")]
    letter = read_letter(update, context)
    if isinstance(letter, Fault):
        draft = await view_draft(context.shop, news_id, user_id)
        await context.show(update, screens.ask_text(context.words, draft, locale, letter))
        return TEXT
    changed = await write_letter(context.shop, news_id, user_id, locale, letter)
    return await _go_on(update, context, changed, locale)


async def skip_text(update: Update, context: ShopContext) -> int | str | None:
    """Send nothing in a language. The button of an earlier step changes nothing, and leaves the question open."""
    press = press_of(update)
    news_id, locale = press.number(), _locale_of(press.args[1])
    changed = None
    if _is_asked(context, news_id, locale):
        user_id = context.customer.id
        changed = await skip_letter(context.shop, news_id, user_id, locale, press.number(2))
    if changed is None:
        await context.answer(update, context.words.plain("toast-news-old-skip"))
        return None
    return await _go_on(update, context, changed, locale)


async def _go_on(update: Update, context: ShopContext, draft: News, locale: Locale) -> int | str:
    after = _LANGUAGES[_LANGUAGES.index(locale) + 1 :]
    if after and _walks(context):
        return await _ask(update, context, draft, after[0], walks=True)
    await _show_draft(update, context, draft)
    return END


async def _show_draft(update: Update, context: ShopContext, draft: News) -> None:
    context.remember(walks=0)  # from here one language is written anew at a time
    product, bought = product_of(context.shop, draft), _name_bought(context, draft.segment)
    await context.show(update, screens.draft(context.words, draft, product, bought))


def _name_bought(context: ShopContext, segment: Segment) -> str:
    """What a segment names, in words; what is not sold any more by its key."""
    if is_product(segment.bought):
        product = context.shop.shelf.products.get(int(segment.bought[1:]))
        return product.name_in(context.words.locale)[:_LONGEST_NAME] if product else segment.bought
    shelf = context.shop.shelf
    if segment.bought in shelf.tree.categories:
        names = shelf.category_names(segment.bought)
        return category_title(context.words.locale, segment.bought, names)
    return segment.bought


async def one_draft(update: Update, context: ShopContext) -> int:
    draft = await view_draft(context.shop, press_of(update).number(), context.customer.id)
    await _show_draft(update, context, draft)
    return END


async def ask_whom(update: Update, context: ShopContext) -> int:
    draft = await view_draft(context.shop, press_of(update).number(), context.customer.id)
    await _show_segments(update, context, draft)
    return END


async def _show_segments(
    update: Update, context: ShopContext, draft: News, *, too_many: bool = False
) -> None:
    bought = _name_bought(context, draft.segment)
    await context.show(update, screens.segments(context.words, draft, bought, too_many=too_many))


async def press_segment(update: Update, context: ShopContext) -> int:
    """Switch one part of a segment on or off."""
    press = press_of(update)
    change = _change_of(context, press.args[1], press.args[2])
    await _choose(update, context, press.number(), change)
    return END


async def _choose(
    update: Update, context: ShopContext, news_id: int, change: Callable[[Segment], Segment]
) -> None:
    shop, user_id = context.shop, context.customer.id
    chosen = await choose_segment(shop, news_id, user_id, change)
    draft = chosen or await view_draft(shop, news_id, user_id)
    await _show_segments(update, context, draft, too_many=chosen is None)


def _change_of(context: ShopContext, kind: str, value: str) -> Callable[[Segment], Segment]:
    """What a button of the segments changes. Raises NotFound for what no button of ours carries."""
    if kind == "all":
        return lambda _: Segment()
    if kind == "lang":
        locale = _locale_of(value)
        return lambda s: replace(s, locale=None if s.locale is locale else locale)
    if kind == "idle":
        return lambda s: replace(s, is_idle=not s.is_idle)
    if kind == "above":
        return lambda s: replace(s, above_minor=None)
    if kind == "any":
        return lambda s: replace(s, bought="")
    bought = _read_bought(context, kind, value)
    return lambda s: replace(s, bought=bought)


def _read_bought(context: ShopContext, kind: str, value: str) -> str:
    shelf = context.shop.shelf
    if kind == "prod" and value.isdecimal():
        return f"p{shelf.product(int(value)).id}"
    if kind == "cat" and shelf.brands_of(value):
        return value
    raise NotFound


async def ask_bought(update: Update, context: ShopContext) -> str:
    news_id = press_of(update).number()
    context.remember(news=news_id)
    shelf = context.shop.shelf
    categories = {key: shelf.category_names(key) for key in shelf.tree.categories}
    await context.show(update, screens.ask_bought(context.words, news_id, categories))
    return BOUGHT


async def typed_bought(update: Update, context: ShopContext) -> int | str:
    news_id = context.remembered("news")

    def data(product_id: int) -> str:
        return pack("nseg", news_id, "prod", product_id)

    return await _show_found(update, context, data, pack("nwho", news_id), BOUGHT)


async def _show_found(
    update: Update, context: ShopContext, data: Callable[[int], str], back: str, state: str
) -> int | str:
    """The products that these words find; asked again where there are none."""
    products = search_products(context.shop, typed(update))
    await context.show(update, screens.found(context.words, products, data, back))
    return END if products else state


async def ask_above(update: Update, context: ShopContext) -> str:
    news_id = press_of(update).number()
    context.remember(news=news_id)
    await context.show(update, screens.ask_above(context.words, news_id))
    return ABOVE


async def typed_above(update: Update, context: ShopContext) -> int | str:
    """Above which amount of dinars; asked again for what is none."""
    news_id, minor = context.remembered("news"), read_amount_answer(typed(update)).minor
    if minor is None:
        await context.show(update, screens.ask_above(context.words, news_id))
        return ABOVE
    await _choose(update, context, news_id, lambda s: replace(s, above_minor=minor))
    return END


async def ask_product(update: Update, context: ShopContext) -> str:
    news_id = press_of(update).number()
    context.remember(news=news_id)
    await context.show(update, screens.ask_product(context.words, news_id))
    return BUTTON


async def typed_product(update: Update, context: ShopContext) -> int | str:
    news_id = context.remembered("news")

    def data(product_id: int) -> str:
        return pack("nprod", news_id, product_id)

    return await _show_found(update, context, data, pack("ndraft", news_id), BUTTON)


async def press_product(update: Update, context: ShopContext) -> int:
    """The product of the button, 0 for none."""
    press = press_of(update)
    product_id = press.number(1) or None
    changed = await choose_product(context.shop, press.number(), context.customer.id, product_id)
    await _show_draft(update, context, changed)
    return END


async def card(update: Update, context: ShopContext) -> int | str:
    """Each language as people will get it, and then the card."""
    draft = await view_draft(context.shop, press_of(update).number(), context.customer.id)
    return await _preview(update, context, draft)


async def _preview(
    update: Update, context: ShopContext, draft: News, verdict: Verdict | None = None
) -> int | str:
    """The card goes below what it is about, into a message of its own: seen is what has arrived."""
    await context.answer(update)
    state = await _try(update, context, draft)
    if state == END:
        user_id, version = context.customer.id, draft.version
        shown = await show_card(context.shop, draft.id, user_id, version=version)
        screen = screens.card(context.words, shown, context.bot_state.zone, verdict)
        await context.send(update, screen)
    return state


async def _try(update: Update, context: ShopContext, draft: News) -> int | str:
    """Send the operator what people will get; what Telegram does not take is asked for again."""
    for locale in draft.locales:
        try:
            await try_letter(context.shop, draft, context.customer.id, locale)
        except Undeliverable as refusal:
            expect_whole(context)
            context.remember(news=draft.id, language=_LANGUAGES.index(locale), walks=0)
            fault = "photo" if isinstance(refusal, BadFile) else "refused"
            await context.send(update, screens.ask_text(context.words, draft, locale, fault))
            return TEXT
    return END


async def try_out(update: Update, context: ShopContext) -> int | str:
    draft = await view_draft(context.shop, press_of(update).number(), context.customer.id)
    await context.answer(update, context.words.plain("toast-news-tried"))
    return await _try(update, context, draft)


async def decide(update: Update, context: ShopContext) -> int | str:
    """Send a draft, or throw it away."""
    press, key, user_id = press_of(update), context.key_of(update), context.customer.id
    shop, words, zone = context.shop, context.words, context.bot_state.zone
    if press.args[1] != "1":
        await drop_news(shop, press.number(), user_id, key=key)
        await context.show(update, screens.dropped(words, press.number()))
        return END
    message_id, version = _message_of(update), press.number(2)
    verdict, shown = await start_news(
        shop, press.number(), user_id, message_id, version=version, key=key
    )
    if verdict is Verdict.UNSEEN:
        return await _preview(update, context, shown.news, verdict)
    if verdict is Verdict.BEGUN:
        await context.show(update, screens.progress(words, shown.news, shown.waits_until, zone))
    else:
        await context.show(update, screens.card(words, shown, zone, verdict))
    return END


def _message_of(update: Update) -> int | None:
    """The pressed message, which shows how far the news is from now on."""
    message = update.callback_query.message if update.callback_query else None
    return message.message_id if isinstance(message, Message) else None


async def stop(update: Update, context: ShopContext) -> int:
    key, news_id = context.key_of(update), press_of(update).number()
    stopped = await stop_news(context.shop, news_id, context.customer.id, key=key)
    zone = context.bot_state.zone
    waits_until = opens_at(context.shop.clock.now(), zone)
    await context.show(update, screens.progress(context.words, stopped, waits_until, zone))
    return END


# What changes a draft or leads to a question about it; all of these need the right NEWS.
DRAFT_PRESSES: Final[
    dict[str, Callable[[Update, ShopContext], Coroutine[Any, Any, int | str | None]]]
] = {
    "nnew": begin,
    "ndraft": one_draft,
    "ntext": ask_text,
    "nskip": skip_text,
    "nwho": ask_whom,
    "nseg": press_segment,
    "nbuy": ask_bought,
    "nwal": ask_above,
    "nbtn": ask_product,
    "nprod": press_product,
    "ncard": card,
    "ntry": try_out,
    "ngo": decide,
}
