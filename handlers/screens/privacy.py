"""Screens of /privacy: what is kept, the customer's data as a file, and being forgotten."""

from bot.domain.people import Obstacles
from handlers.callback_data import pack
from handlers.screen import Screen, Style
from handlers.screen_builder import ScreenBuilder
from locales import Words


def privacy(words: Words, user_id: int) -> Screen:
    """What the shop keeps, with the buttons to have it and to be forgotten."""
    screen = ScreenBuilder(words)
    screen.line("privacy", id=str(user_id))
    screen.button("button-my-data", pack("mydata"))
    screen.button("button-forget", pack("forget"))
    screen.home()
    return screen.done()


def caption(words: Words) -> Screen:
    """Under the file with a customer's data."""
    screen = ScreenBuilder(words)
    screen.line("my-data")
    screen.home()
    return screen.done()


def data_later(words: Words, minutes: int) -> Screen:
    """They had the file a moment ago."""
    screen = ScreenBuilder(words)
    screen.line("my-data-later", minutes=minutes)
    _back(screen)
    return screen.done()


def forget(words: Words, asked_at: int, backups_kept: int) -> Screen:
    """What goes and what stays, and the question whether they mean it.

    `asked_at`: now, in seconds since 1970. `backups_kept`: for how many nights copies are kept.
    """
    screen = ScreenBuilder(words)
    screen.line("forget")
    screen.line("forget-goes")
    screen.line("forget-stays")
    if backups_kept:
        screen.line("forget-backups", nights=backups_kept)
    screen.line("forget-ask")
    screen.button("button-erase", pack("erase", asked_at), style=Style.DESTROY)
    _back(screen)
    return screen.done()


def not_yet(words: Words, obstacles: Obstacles) -> Screen:
    """What has to end first, and where."""
    screen = ScreenBuilder(words)
    screen.line("forget-not-yet")
    if obstacles.is_owner:
        screen.line("forget-operator")
    if obstacles.balance_minor:
        screen.line("forget-balance", balance=words.money(obstacles.balance_minor))
    if obstacles.orders:
        screen.line("forget-orders", count=obstacles.orders)
        screen.button("button-orders", pack("orders", 0))
    if obstacles.payments:
        screen.line("forget-payments", count=obstacles.payments)
        screen.button("button-wallet", pack("wallet", 0))
    if obstacles.codes_on_their_way:
        screen.line("forget-codes")
    if obstacles.codes_shown:
        screen.line("forget-shown")
        screen.button("button-forget", pack("forget"))
    screen.button("button-support", pack("case"))
    _back(screen)
    return screen.done()


def erased_already(words: Words, minutes: int) -> Screen:
    """Their data was deleted several times within the hour."""
    screen = ScreenBuilder(words)
    screen.line("forget-again-later", minutes=minutes)
    _back(screen)
    return screen.done()


def forgotten(words: Words) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("forgotten")
    return screen.done()


def _back(screen: ScreenBuilder) -> None:
    screen.back(pack("privacy"))
