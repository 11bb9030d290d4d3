"""Messages of `hanout rehearse`, in which operators look at what Telegram's apps make of them."""

from dataclasses import replace
from typing import Final

from telegram import MessageEntity

from handlers.callback_data import pack
from handlers.richtext import utf16_length
from handlers.screen import Screen, Style
from handlers.screen_builder import ScreenBuilder
from locales import Words

_SAMPLE: Final = "TEST-0000-1111"  # what looks like a code and is none


def link(words: Words) -> Screen:
    """A text with a link, of which no app may show a preview."""
    screen = ScreenBuilder(words)
    screen.line("rehearsal-link", link="https://telegram.org")
    return screen.done()


def colours(words: Words) -> Screen:
    """A green, a red and a plain button; each leads home."""
    screen = ScreenBuilder(words)
    screen.line("rehearsal-colours")
    screen.button("rehearsal-green", pack("home"), style=Style.PAY)
    screen.button("rehearsal-red", pack("home"), style=Style.DESTROY)
    screen.button("rehearsal-plain", pack("home"))
    return screen.done()


def nested(words: Words) -> Screen:
    """A spoiler around a text in fixed width, which the shop does not use for codes."""
    screen = ScreenBuilder(words)
    screen.line("rehearsal-nested")
    screen.start_line("")
    screen.secret(_SAMPLE)
    made = screen.done()
    spoiler = made.entities[-1]
    code = MessageEntity(MessageEntity.CODE, spoiler.offset, utf16_length(_SAMPLE))
    return replace(made, entities=(*made.entities, code))


def press(words: Words) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("rehearsal-press")
    screen.button("rehearsal-press-button", pack("home"))
    return screen.done()


def gone(words: Words) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("rehearsal-gone")
    return screen.done()


def old(words: Words) -> Screen:
    """A message that a rehearsal some days later edits."""
    screen = ScreenBuilder(words)
    screen.line("rehearsal-old")
    return screen.done()


def old_edited(words: Words) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("rehearsal-old-edited")
    return screen.done()


def pay(words: Words, amount_minor: int, url: str) -> Screen:
    """A page of a provider of payments, on which the operator pays with a test card."""
    screen = ScreenBuilder(words)
    screen.line("rehearsal-pay", amount=words.money(amount_minor))
    screen.button("rehearsal-pay-button", url=url)
    return screen.done()
