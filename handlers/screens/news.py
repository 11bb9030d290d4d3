"""Screens of news to many people: what operators write and see, and what people get and choose."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from telegram import MessageEntity

from bot.domain.catalogue import Names, Product
from bot.domain.news import (
    LONGEST_NEWS,
    OWNER_ABOVE,
    Letter,
    Mark,
    News,
    NewsState,
    Segment,
    minutes_for,
)
from bot.domain.records import Locale
from bot.services.news.drafts import Card, Overview, Verdict
from handlers.callback_data import pack
from handlers.screen import Button, Screen, Style
from handlers.screen_builder import ScreenBuilder
from handlers.screens.values import category_title
from locales import Words

_LONGEST_NAME: Final = 60
# Marks that an operator's text keeps. Names, links and numbers that stand in the text Telegram finds again itself.
_KEPT: Final = frozenset(
    {
        MessageEntity.BOLD,
        MessageEntity.ITALIC,
        MessageEntity.UNDERLINE,
        MessageEntity.STRIKETHROUGH,
        MessageEntity.SPOILER,
        MessageEntity.BLOCKQUOTE,
        MessageEntity.EXPANDABLE_BLOCKQUOTE,
        MessageEntity.CODE,
        MessageEntity.PRE,
        MessageEntity.TEXT_LINK,
    }
)
_LINKS: Final = ("https://", "http://")
# What was sent may be a part of a text: see `handlers.news_letters`.
_PARTS: Final = ("cut", "rest")


def read_marks(entities: Sequence[MessageEntity]) -> tuple[Mark, ...]:
    """What is kept of the marks of an operator's message, as Telegram gave them."""
    return tuple(
        Mark(str(one.type), one.offset, one.length, one.url or "")
        for one in entities
        if one.type in _KEPT
        and (one.type != MessageEntity.TEXT_LINK or str(one.url).startswith(_LINKS))
    )


def letter(words: Words, written: Letter, product: Product | None) -> Screen:
    """What one person gets: the text as it was written, or the caption, and how to get no more of it."""
    screen = ScreenBuilder(words)
    if product is not None:
        name = product.name_in(words.locale)[:_LONGEST_NAME]
        screen.button("button-news-found", pack("prod", product.id), product=name)
    screen.button("button-no-news", pack("news", 0))
    entities = tuple(
        MessageEntity(mark.kind, mark.offset, mark.length, url=mark.url or None)
        for mark in written.marks
    )
    return Screen(written.text, entities, screen.done().rows)


def choice(words: Words, most: int, *, wanted: bool) -> Screen:
    """Whether a customer gets news, and how to change that; `most`: in a week."""
    screen = ScreenBuilder(words)
    if wanted:
        screen.line("news-on", most=most)
        screen.button("button-no-news", pack("news", 0))
    else:
        screen.line("news-off")
        screen.button("button-news-again", pack("news", 1))
    screen.home()
    return screen.done()


def overview(words: Words, view: Overview, zone: ZoneInfo) -> Screen:
    """Drafts to go on with, what is being sent, and what was sent lately."""
    screen = ScreenBuilder(words)
    screen.line("news-title")
    for one in view.running:
        _progress_line(screen, "news-running", one)
        screen.button(
            "button-news-stop", pack("nstop", one.id), style=Style.DESTROY, id=str(one.id)
        )
    for one in view.ended:
        if one.began_at is not None:
            screen.line("news-ended", date=words.day(one.began_at, zone), **_result(one))
        bought = view.bought.get(one.id)
        if bought is not None and bought.people:
            screen.line("news-bought", people=bought.people, amount=words.money(bought.minor))
    if not view.running and not view.ended:
        screen.line("news-none")
    for one in view.drafts:
        screen.button("button-news-draft", pack("ndraft", one.id), id=str(one.id))
    screen.button("button-news-new", pack("nnew"))
    return screen.done()


def _result(news: News) -> dict[str, str | int]:
    totals = news.totals
    return {
        "id": str(news.id),
        "sent": totals.sent,
        "blocked": totals.blocked,
        "failed": totals.failed,
        "unknown": totals.unknown,
    }


def _progress_line(screen: ScreenBuilder, key: str, news: News) -> None:
    people = max(news.people, news.totals.tried)
    screen.line(key, id=str(news.id), tried=news.totals.tried, people=people)
    if news.totals.blocked:
        screen.add("news-unreachable", blocked=news.totals.blocked)


def ask_text(words: Words, news: News, locale: Locale, fault: str = "") -> Screen:
    """Ask for the text of one language; `fault`: why what was sent is none.

    After what may be a part of a text, a press has to say that the next one is whole. Below all stands how to skip what
    is written now.
    """
    screen = ScreenBuilder(words)
    language = words.language(locale)
    if fault:
        screen.line(f"news-fault-{fault}")
    if fault in _PARTS:
        screen.line("news-ask-whole", longest=LONGEST_NEWS)
        screen.button("button-news-whole", pack("ntext", news.id, locale), language=language)
    else:
        screen.line("news-ask", language=language)
        screen.line("news-ask-how", longest=LONGEST_NEWS)
    screen.line("news-ask-skip", language=language)
    skip = pack("nskip", news.id, locale, news.fingerprint(locale))
    screen.button("button-news-skip", skip, language=language)
    return screen.done()


def draft(words: Words, news: News, product: Product | None, bought: str) -> Screen:
    """A draft with all that can be changed about it; `bought`: what its segment names, in words."""
    screen = ScreenBuilder(words)
    screen.line("news-draft", id=str(news.id))
    for locale in Locale:
        key = "news-written" if locale in news.letters else "news-unwritten"
        screen.line(key, language=words.language(locale))
        if locale in news.letters and news.letters[locale].photo:
            screen.add("news-with-photo")
    _segment_lines(screen, news.segment, bought)
    if product is not None:
        screen.line("news-with-button", product=product.name_in(words.locale)[:_LONGEST_NAME])
    screen.row(
        *(
            screen.make_button(
                "button-news-text", pack("ntext", news.id, one), language=words.language(one)
            )
            for one in Locale
        )
    )
    screen.button("button-news-who", pack("nwho", news.id))
    screen.button("button-news-product", pack("nbtn", news.id))
    if news.letters:
        screen.button("button-news-card", pack("ncard", news.id))
    screen.button("button-news-drop", pack("ngo", news.id, 0, news.version))
    return screen.done()


def _segment_lines(screen: ScreenBuilder, segment: Segment, bought: str) -> None:
    words = screen.words
    if not segment.parts:
        screen.line("news-for-all")
    if segment.locale is not None:
        screen.line("news-for-locale", language=words.language(segment.locale))
    if segment.bought:
        screen.line("news-for-bought", what=bought)
    if segment.is_idle:
        screen.line("news-for-idle")
    if segment.above_minor is not None:
        screen.line("news-for-above", amount=words.money(segment.above_minor))


def segments(words: Words, news: News, bought: str, *, too_many: bool = False) -> Screen:
    """Whom a draft is for: each button switches one part on or off."""
    screen = ScreenBuilder(words)
    segment = news.segment
    screen.line("news-who", id=str(news.id))
    _segment_lines(screen, segment, bought)
    if too_many:
        screen.line("news-who-two")

    def button(key: str, chosen: bool, data: str, language: str = "") -> Button:
        label = words.label(key, language=language)
        return (
            screen.make_button("button-news-chosen", data, what=label)
            if chosen
            else Button(label, data)
        )

    def part(kind: str, value: str) -> str:
        return pack("nseg", news.id, kind, value)

    screen.row(button("button-news-all", not segment.parts, part("all", "0")))
    screen.row(
        *(
            button(
                "button-news-locale",
                segment.locale is one,
                part("lang", one),
                language=words.language(one),
            )
            for one in Locale
        )
    )
    has_bought, has_above = bool(segment.bought), segment.above_minor is not None
    ask_bought = part("any", "0") if has_bought else pack("nbuy", news.id)
    ask_above = part("above", "0") if has_above else pack("nwal", news.id)
    screen.row(button("button-news-bought", has_bought, ask_bought))
    screen.row(button("button-news-idle", segment.is_idle, part("idle", "0")))
    screen.row(button("button-news-above", has_above, ask_above))
    screen.button("button-news-done", pack("ndraft", news.id))
    return screen.done()


def ask_bought(words: Words, news_id: int, categories: Mapping[str, Names]) -> Screen:
    """`categories`: what they are called by operators, by key."""
    screen = ScreenBuilder(words)
    screen.line("news-ask-bought")
    screen.grid(
        [
            screen.name_button(
                category_title(words.locale, key, names), pack("nseg", news_id, "cat", key)
            )
            for key, names in categories.items()
        ]
    )
    screen.back(pack("nwho", news_id))
    return screen.done()


def ask_above(words: Words, news_id: int) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("news-ask-above")
    screen.back(pack("nwho", news_id))
    return screen.done()


def ask_product(words: Words, news_id: int) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("news-ask-button")
    screen.button("button-news-no-product", pack("nprod", news_id, 0))
    screen.back(pack("ndraft", news_id))
    return screen.done()


def found(
    words: Words, products: Sequence[Product], data: Callable[[int], str], back: str
) -> Screen:
    """What a typed name finds; `data`: of the button that chooses one."""
    screen = ScreenBuilder(words)
    screen.line("news-found" if products else "news-not-found")
    for product in products:
        name = product.name_in(words.locale)[:_LONGEST_NAME]
        screen.button("button-news-found", data(product.id), product=name)
    screen.back(back)
    return screen.done()


def card(words: Words, shown: Card, zone: ZoneInfo, verdict: Verdict | None = None) -> Screen:
    """To whom a draft goes, and the question whether to send it; `verdict`: why it was not."""
    screen = ScreenBuilder(words)
    news, audience = shown.news, shown.audience
    screen.line("news-card", id=str(news.id), people=audience.total)
    if audience.people:
        each = [
            f"{words.language(one)} {words.number(count)}" for one, count in audience.people.items()
        ]
        screen.line("news-languages", list=" · ".join(each))
    screen.line(
        "news-left-out",
        refused=audience.refused,
        blocked=audience.blocked,
        banned=audience.banned,
        lately=audience.lately,
    )
    if audience.total:
        screen.line("news-takes", minutes=minutes_for(audience.total))
        if shown.waits_until is not None:
            screen.line("news-waits", date=words.date(shown.waits_until, zone))
    verdict = Verdict.NEEDS_OWNER if shown.needs_owner else verdict
    if not audience.total:
        verdict = Verdict.NOBODY
    if verdict is not None and verdict is not Verdict.BEGUN:
        screen.line(f"news-verdict-{verdict}", limit=OWNER_ABOVE)
    screen.row(
        screen.make_button("button-news-try", pack("ntry", news.id)),
        screen.make_button("button-news-edit", pack("ndraft", news.id)),
    )
    if audience.total:
        screen.button("button-news-go", pack("ngo", news.id, 1, news.version))
    screen.button("button-news-drop", pack("ngo", news.id, 0, news.version))
    return screen.done()


def progress(words: Words, news: News, waits_until: datetime | None, zone: ZoneInfo) -> Screen:
    """How far a news is, or how it ended; `waits_until`: it goes on then."""
    screen = ScreenBuilder(words)
    if news.state is NewsState.RUNNING:
        _progress_line(screen, "news-progress", news)
        if waits_until is not None:
            screen.line("news-waits", date=words.date(waits_until, zone))
        screen.button(
            "button-news-stop", pack("nstop", news.id), style=Style.DESTROY, id=str(news.id)
        )
        return screen.done()
    stopped = news.state is NewsState.STOPPED
    screen.line("news-stopped" if stopped else "news-done", id=str(news.id))
    screen.line("news-result", **_result(news))
    if news.totals.unknown:
        screen.line("news-result-unknown")
    return screen.done()


def dropped(words: Words, news_id: int) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("news-dropped", id=str(news_id))
    return screen.done()
