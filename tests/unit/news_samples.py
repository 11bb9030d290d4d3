"""Screens of news to many people, as operators and as customers see them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle

from bot.domain.news import Audience, Letter, Mark, News, NewsState, Segment, Totals
from bot.domain.records import Locale
from bot.services.news.drafts import Card, Overview, Verdict
from handlers.callback_data import pack
from handlers.news_letters import Fault
from handlers.screen import Screen
from handlers.screens import news as screens
from locales import Words
from storage.repositories.news import Bought
from tests.fakes import START
from tests.unit.samples import PRODUCT, ZONE

LETTER = Letter("نصف السعر حتى الأحد", (Mark("bold", 0, 9),))
DRAFT = News(
    7,
    NewsState.DRAFT,
    900,
    {Locale.FR: Letter("Moitié prix", photo="file-1"), Locale.AR: Letter("نصف السعر")},
    product_id=PRODUCT.id,
)
COUNTS = (0, 1, 2, 3, 11, 100)
SEGMENTS = (
    Segment(),
    Segment(Locale.AR, is_idle=True),
    Segment(bought="p7", above_minor=100_000),
)


def news_screens(w: Words) -> Iterator[Screen]:
    for product in (None, PRODUCT):
        yield screens.letter(w, LETTER, product)
        yield screens.draft(w, DRAFT, product, "")
    for wanted in (True, False):
        for most in (1, 2, 3, 7):
            yield screens.choice(w, most, wanted=wanted)
    faults = ("", "refused", "photo", *Fault)
    for locale, fault in zip(cycle(Locale), faults, strict=False):
        yield screens.ask_text(w, DRAFT, locale, fault)
    for segment in SEGMENTS:
        news = replace(DRAFT, segment=segment)
        yield screens.draft(w, news, PRODUCT, "PlayStation USA")
        for too_many in (False, True):
            yield screens.segments(w, news, "PlayStation USA", too_many=too_many)
    yield screens.draft(w, News(7, NewsState.DRAFT, 900), None, "")
    yield screens.ask_bought(
        w, 7, {"games-consoles": (), "other": (("ar", "غيرها"), ("en", "More"))}
    )
    yield screens.ask_above(w, 7)
    yield screens.ask_product(w, 7)
    for found in ([], [PRODUCT] * 3):
        yield screens.found(w, found, lambda one: pack("nprod", 7, one), pack("ndraft", 7))
    yield from _cards(w)
    yield from _progress(w)
    yield screens.dropped(w, 7)


def _cards(w: Words) -> Iterator[Screen]:
    for count in COUNTS:
        people = {Locale.FR: count, Locale.AR: 2 * count} if count else {}
        card = Card(DRAFT, Audience(people, count, count, count, count), PRODUCT, None, False)
        yield screens.card(w, card, ZONE, Verdict.CHANGED)
    for verdict in Verdict:
        yield screens.card(w, card, ZONE, verdict)
    many = Card(DRAFT, Audience({Locale.EN: 812}, 44, 73, 12, 9), None, START, True)
    yield screens.card(w, many, ZONE)


def _progress(w: Words) -> Iterator[Screen]:
    running = replace(DRAFT, state=NewsState.RUNNING, people=812, began_at=START)
    for count in COUNTS:
        news = replace(running, totals=Totals(count, count, count, count))
        yield screens.progress(w, news, None, ZONE)
        yield screens.progress(w, news, START, ZONE)
        ended = [replace(news, state=state) for state in (NewsState.DONE, NewsState.STOPPED)]
        for one in ended:
            yield screens.progress(w, one, None, ZONE)
        bought = {7: Bought(count, 14_200_000)}
        yield screens.overview(w, Overview((DRAFT,), (news,), (ended[0],), bought), ZONE)
    yield screens.overview(w, Overview((), (), (), {}), ZONE)
