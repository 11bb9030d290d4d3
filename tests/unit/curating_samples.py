"""Screens about the shelf, as operators see it, and what customers see of their words."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.actions import ActionKind, OperatorAction
from bot.domain.catalogue import Denomination
from bot.domain.curation import CuratedText, Marks, OwnPicture, OwnText, Subject
from bot.domain.records import Locale
from bot.services.catalogue.curated import (
    CuratedCategory,
    CuratedEntry,
    CuratedValue,
    EntryPage,
    ProductCard,
)
from bot.services.catalogue.pictures import PictureView
from bot.services.catalogue.shelves import CategoryEntry, CategoryPage, HomeView
from bot.services.orders.aftercare import HowTo
from handlers.screen import Screen
from handlers.screens import aftercare, operator_payments, shelves
from handlers.screens import curating as screens
from handlers.screens import pictures as picture_screens
from locales import Words
from tests.fakes import START
from tests.harness import BRANDS, GUIDES
from tests.unit.samples import DONE, PRODUCT, ZONE

NAMES = (("ar", "بطاقة بلايستيشن أمريكا"), ("fr", "Carte PlayStation États-Unis"))
NAMED = replace(PRODUCT, title="PlayStation USA", names=NAMES)
GAMES = CuratedCategory("games-consoles", (), Marks(), 41, 0)
HIDDEN = Marks(hidden=True, featured=True, max_quantity=5)
GUIDE = (
    "1. Open your account on the console.\n"
    "2. Choose “Redeem codes”, then type the code.\n"
    "3. The balance is there at once."
)


def curating_screens(w: Words) -> Iterator[Screen]:
    yield from _lists(w)
    yield from _cards(w)
    yield from _texts(w)
    yield from _pictures(w)
    yield from _as_customers_see_it(w)
    for note, before, after in (
        ("hidden", "shown", "hidden"),
        ("featured", "off", "on"),
        ("rank", "3", "2"),
        ("most", "none", "5"),
        ("name fr", "none", "Carte PlayStation"),
        ("how ar", "hidden", "بطاقة " * 90),
        ("order", "waiting", "cancelled"),
        ("picture", "none", "AQADx7cxG0rP-VJ-"),
        ("picture", "AQADx7cxG0rP-VJ-", "AQADzz"),
        ("picture", "AQADx7cxG0rP-VJ-", "none"),
    ):
        done = OperatorAction(
            1, 900, ActionKind.CURATION, "p12", 0, note, True, START, before, after
        )
        yield operator_payments.actions(w, [done], 0, 1, ZONE)


def _lists(w: Words) -> Iterator[Screen]:
    named = replace(GAMES, names=NAMES, marks=HIDDEN, hidden=3)
    found = [replace(GAMES, key=key) for key in BRANDS.categories]
    yield screens.categories(w, [], 0)
    for arrived in (0, 12):
        yield screens.categories(w, [named, *found[1:]], arrived)
    entries = tuple(
        CuratedEntry(product, hidden, featured)
        for product in (NAMED, PRODUCT)
        for hidden in (False, True)
        for featured in (False, True)
    )
    for page in (EntryPage(entries, number, 3) for number in range(3)):
        yield screens.arrivals(w, page)
        yield screens.found(w, "playstation " * 9, page)
        for view, waiting in ((GAMES, 0), (named, 2)):
            yield screens.category(w, view, page, waiting)
    nothing = EntryPage((), 0, 1)
    yield screens.arrivals(w, nothing)
    yield screens.found(w, "بطاقة", nothing)


def _cards(w: Words) -> Iterator[Screen]:
    card = ProductCard(NAMED, GAMES, Marks(), 6, 169_000, 41, 10, 2, 5, follows=False)
    yield screens.product(w, card, 0)
    yield screens.product(w, replace(card, follows=True), 0)
    unpriced = replace(card, product=replace(NAMED, priced_at=None), values=0, cheapest_minor=None)
    yield screens.product(w, unpriced, 0)
    yield screens.product(w, replace(card, category=replace(GAMES, marks=HIDDEN)), 0)
    for count in (0, 1, 2, 3, 11, 100):
        other = replace(card, product=PRODUCT, marks=HIDDEN, values=count, sold=count, most=count)
        yield screens.product(w, replace(other, cheapest_minor=None), count)
    yield screens.ask_most(w, card, 10)
    yield screens.ask_most(w, replace(card, marks=HIDDEN), 2)
    for number in range(3):
        found = [
            CuratedValue(Denomination(n, 2, "t", "10 $", 150_000, n % 3 * 7), 169_000)
            for n in range(1, 15)
        ]
        yield screens.values(w, NAMED, found, number)
    yield screens.values(w, PRODUCT, [], 0)


def _texts(w: Words) -> Iterator[Screen]:
    known = {
        Locale.EN: OwnText(GUIDE, "Type it."),
        Locale.FR: OwnText(),
        Locale.AR: OwnText("بطاقة " * 99),
    }
    names = {Locale.EN: OwnText("", "US card"), Locale.FR: OwnText("Carte"), Locale.AR: OwnText()}
    yield screens.texts(w, Subject.category("games-consoles"), "", CuratedText.NAME, names)
    yield screens.texts(w, Subject.product(12), PRODUCT.title, CuratedText.NAME, names)
    yield screens.texts(w, Subject.product(12), "PlayStation USA", CuratedText.HOW, known)
    for kind in CuratedText:
        for locale in Locale:
            yield screens.ask_text(w, kind, locale)


def _pictures(w: Words) -> Iterator[Screen]:
    photo = OwnPicture("AgACAgQAAxkBAAI", "AQADx7cxG0rP-VJ-")
    for product in (NAMED, replace(PRODUCT, title="PlayStation " * 40)):
        yield picture_screens.picture(w, product)
        for found in (None, photo):
            for before in (None, photo):
                view = PictureView(product, found, before)
                for asks in (False, True):
                    yield picture_screens.own_picture(w, view, asks=asks)
                yield picture_screens.own_picture(w, view, is_unsent=True)
    yield picture_screens.refuse_picture(w)


def _as_customers_see_it(w: Words) -> Iterator[Screen]:
    games = CategoryEntry("games-consoles", None, NAMES)
    yield shelves.home(w, HomeView((), (games,), (NAMED, replace(PRODUCT, title="Steam Europe"))))
    yield shelves.brands(w, CategoryPage("games-consoles", (), 0, 1, NAMES))
    guide = GUIDES.of("playstation")
    yield aftercare.how_to(w, HowTo(DONE, guide, "https://brand.example", GUIDE, ""))
    own = HowTo(DONE, None, "", GUIDE, "https://shop.example/redeem", has_picture=True)
    yield aftercare.how_to(w, own)
