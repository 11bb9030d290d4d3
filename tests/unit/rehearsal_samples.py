"""The messages of a rehearsal, but the one of coloured buttons, whose colours say nothing."""

from collections.abc import Iterator

from handlers.screen import Screen
from handlers.screens import rehearsal
from locales import Words


def rehearsal_screens(w: Words) -> Iterator[Screen]:
    plain = (
        rehearsal.link,
        rehearsal.nested,
        rehearsal.press,
        rehearsal.gone,
        rehearsal.old,
        rehearsal.old_edited,
    )
    yield from (screen(w) for screen in plain)
    yield rehearsal.pay(w, 7_500, "https://pay.chargily.dz/test/checkouts/01abc/pay")
