"""Screens for operators who pause and resume selling."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.catalogue import Product
from bot.domain.paging import count_pages
from bot.domain.pauses import BY_HAND, Ending, PauseScope
from bot.domain.records import PauseReason
from bot.services.selling.hand_pauses import PauseView
from handlers.callback_data import pack
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from handlers.screens.reasons import why_paused
from locales import Words

_LONGEST_NAME: Final = 60
_PAGE: Final = 10  # pauses of one message


def name(words: Words, view: PauseView) -> str:
    return view.name[:_LONGEST_NAME] or words.plain("pause-shop")


def what(words: Words, suppliers: Sequence[str]) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("pause-what")
    screen.button("button-pause-shop", pack("pz", PauseScope.SHOP, 0))
    for supplier in suppliers:
        data = pack("pz", PauseScope.SUPPLIER, supplier)
        screen.button("button-pause-supplier", data, supplier=supplier)
    screen.button("button-pause-product", pack("pzfind"))
    return screen.done()


def ask_product(words: Words) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("pause-which-product")
    screen.button("button-stop", pack("stop"))
    return screen.done()


def products(words: Words, found: Sequence[Product]) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("pause-products" if found else "pause-no-product")
    for product in found:
        data = pack("pz", PauseScope.PRODUCT, product.id)
        screen.button(
            "button-pause-named", data, product=product.name_in(words.locale)[:_LONGEST_NAME]
        )
    if not found:
        screen.button("button-stop", pack("stop"))
    return screen.done()


def why(words: Words, view: PauseView) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("pause-why", name=name(words, view))
    for reason in BY_HAND:
        screen.button(f"button-pause-why-{reason}", pack("pzr", view.pause.id, reason))
    return screen.done()


def ask_words(words: Words, longest: int) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("pause-words", longest=longest)
    screen.button("button-stop", pack("stop"))
    return screen.done()


def until(words: Words, view: PauseView) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("pause-until", name=name(words, view), why=_why(words, view))
    for ending in Ending:
        screen.button(f"button-pause-until-{ending}", pack("pzu", view.pause.id, ending))
    return screen.done()


def paid(words: Words, view: PauseView) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("pause-paid", name=name(words, view))
    screen.row(
        screen.make_button("button-pause-paid-on", pack("pzp", view.pause.id, 0)),
        screen.make_button("button-pause-paid-waits", pack("pzp", view.pause.id, 1)),
    )
    return screen.done()


def confirm(words: Words, view: PauseView, zone: ZoneInfo) -> Screen:
    """What stands still, until when, and what becomes of the orders that are there."""
    screen = ScreenBuilder(words)
    pause = view.pause
    screen.line("pause-confirm", name=name(words, view), why=_why(words, view))
    if pause.until is None:
        screen.line("pause-confirm-open")
    else:
        screen.line("pause-confirm-until", date=words.date(pause.until, zone))
    if view.unpaid:
        screen.line("pause-confirm-unpaid", count=view.unpaid)
    if view.refunded_from is not None:
        screen.line("pause-confirm-waits", count=view.paid)
        screen.line("pause-confirm-refunded", date=words.date(view.refunded_from, zone))
    else:
        screen.line("pause-confirm-on", count=view.paid)
    screen.button("button-pause-yes", pack("pzgo", pause.id, 1))
    screen.button("button-leave", pack("pzgo", pause.id, 0))
    return screen.done()


def _why(words: Words, view: PauseView) -> str:
    if view.pause.reason is PauseReason.AUDIT:
        return words.plain("pause-by-audit")
    return why_paused(words, view.pause.reason, view.pause.texts)


def done(words: Words, view: PauseView) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("pause-done", name=name(words, view))
    _lift_button(screen, view)
    return screen.done()


def _lift_button(screen: ScreenBuilder, view: PauseView) -> None:
    words = screen.words
    data, why = pack("unpz", view.pause.id), _why(words, view)
    screen.button("button-lift", data, name=name(words, view), why=why)


def dropped(words: Words) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("left-alone")
    return screen.done()


def pause_line(screen: ScreenBuilder, view: PauseView) -> None:
    """One pause, in a list: what, why, and whether somebody has to lift it."""
    words, pause = screen.words, view.pause
    who = str(pause.operator_id) if pause.operator_id else words.plain("action-shop")
    screen.line("pause-line", name=name(words, view), why=_why(words, view), who=who)


def pauses(
    words: Words, found: Sequence[PauseView], zone: ZoneInfo, page: int = 0, *, lifts_audit: bool
) -> Screen:
    """A page of the open pauses. `lifts_audit`: the reader may lift that of the audit."""
    screen = ScreenBuilder(words)
    pages = count_pages(len(found), _PAGE)
    page = min(page, pages - 1)
    shown = found[page * _PAGE : (page + 1) * _PAGE]
    screen.line("pauses" if found else "pauses-none")
    screen.page_number(page, pages)
    for view in shown:
        pause_line(screen, view)
        screen.line("pause-since", date=words.date(view.pause.since, zone))
        if view.pause.until is not None:
            screen.add("pause-ends", date=words.date(view.pause.until, zone))
    for view in shown:
        if lifts_audit or view.pause.reason is not PauseReason.AUDIT:
            _lift_button(screen, view)
    screen.pages(page, pages, lambda other: pack("pzall", other))
    return screen.done()
