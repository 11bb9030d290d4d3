"""Screens about pauses by hand, as operators see them."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.pauses import Pause, PauseScope, PauseState
from bot.domain.records import PauseReason
from bot.services.selling.hand_pauses import PauseView
from handlers.screen import Screen
from handlers.screens import pausing as screens
from locales import Words
from tests.fakes import START
from tests.unit.samples import PRODUCT, ZONE

SHOP = Pause(7, PauseState.DRAFT, PauseScope.SHOP, "", PauseReason.SOON, START)
WORDS = {"ar": "نعود بعد العيد", "fr": "nous revenons vite."}


def pausing_screens(w: Words) -> Iterator[Screen]:
    yield screens.what(w, ["oneclickdz", "starship"])
    yield screens.ask_product(w)
    yield screens.dropped(w)
    yield screens.ask_words(w, 100)
    for found in ([], [PRODUCT] * 8):
        yield screens.products(w, found)
    for name in ("", "starship", "PlayStation USA", "بطاقة " * 30):
        view = PauseView(SHOP, name)
        for step in (screens.why, screens.until, screens.paid, screens.done):
            yield step(w, view)
    for count in (0, 1, 2, 3, 11, 100):
        yield screens.confirm(w, PauseView(SHOP, "starship", count, count), ZONE)
        waits = PauseView(replace(SHOP, stops_paid=True, until=START), "", count, count, START)
        yield screens.confirm(w, waits, ZONE)
    views = [
        PauseView(replace(SHOP, reason=reason, operator_id=number), "PlayStation USA")
        for number, reason in enumerate(PauseReason)
    ]
    views.append(PauseView(replace(SHOP, reason=PauseReason.WORDS, texts=WORDS, until=START), ""))
    for lifts_audit in (False, True):
        yield screens.pauses(w, views[:4], ZONE, lifts_audit=lifts_audit)
        yield screens.pauses(w, views[4:], ZONE, lifts_audit=lifts_audit)
    yield screens.pauses(w, [], ZONE, lifts_audit=True)
    many = [PauseView(replace(SHOP, reason=PauseReason.WORDS, texts=WORDS), "PSN")] * 25
    for page in range(4):
        yield screens.pauses(w, many, ZONE, page, lifts_audit=True)
