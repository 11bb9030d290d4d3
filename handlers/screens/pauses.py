"""Pauses of selling, as customers read them."""

from typing import Final
from zoneinfo import ZoneInfo

from bot.services.catalogue.browse import Offer, ProductView
from handlers.callback_data import pack
from handlers.screen import Button
from handlers.screen_builder import ScreenBuilder
from handlers.screens.reasons import why_paused
from handlers.screens.values import value_label

_VALUES: Final = 8  # that a paused product offers to tell about


def paused_lines(screen: ScreenBuilder, view: ProductView, zone: ZoneInfo, **path: str) -> None:
    """That nothing of a product is sold now; why and until when, where an operator said so."""
    pause = view.pause
    if pause is None:
        screen.line("product-paused", **path)
        return
    screen.line("product", **path)
    why = why_paused(screen.words, pause.reason, pause.texts)
    if pause.until is None:
        screen.line("product-pause", why=why)
    else:
        screen.line("product-pause-until", why=why, date=screen.words.date(pause.until, zone))
    screen.line("product-pause-safe")
    values = [one for one in view.offers or () if not one.is_range][:_VALUES]
    if values:
        screen.line("product-pause-tell")
    screen.grid([_watch_button(screen, one) for one in values])


def _watch_button(screen: ScreenBuilder, offer: Offer) -> Button:
    value = value_label(screen.words, offer.label)
    return screen.make_button(
        "button-watch-value", pack("watch", offer.denomination_id), value=value
    )
