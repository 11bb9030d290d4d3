"""How many presses, and how much of the shop's time, lie between /start and codes, in each language.

`pytest -s tests/e2e/test_presses_to_codes.py` prints the table of docs/reliability.md.
"""

import time
from dataclasses import dataclass

import pytest

from bot.sandbox.telegram.world import buttons
from locales import LOCALES
from tests.e2e.shop import MARKS, Shopper

MOST_PRESSES = {"first": 5, "again": 2, "typed": 3, "paid_in_stars": 7}
TYPED = {
    "en": "playstation usa 10",
    "fr": "playstation états-unis 10 dollars",
    "ar": "بلايستيشن أمريكا 10",
}
CODES_OF_ONE = 2  # a code and its serial number


@dataclass(frozen=True)
class Effort:
    presses: int
    texts: int
    seconds: float


class Walk:
    """A walk from /start to codes by the labels that are seen, counted."""

    def __init__(self, lina: Shopper) -> None:
        self.me = lina.me
        self.words = lina.words
        self._presses = self._texts = 0

    async def begin(self) -> None:
        self._known = len(self.me.codes())
        self._began = time.monotonic()
        self._first = max(self.me.chat.messages, default=0) + 1
        await self.me.say("/start")

    async def press(self, label: str) -> None:
        """Press this button as soon as it is there, under whichever newer message."""
        await self.me.until(lambda _: self._under(label) is not None)
        found = self._under(label)
        assert found is not None
        self._presses += 1
        message, button = found
        await self.me.forge(button["callback_data"], message)

    async def pay(self) -> None:
        """Telegram's own button under a bill; what Telegram asks then is not ours to count."""
        await self.me.until(lambda me: any("invoice" in message for message in me.inbox))
        self._presses += 1
        await self.me.pay()

    async def type(self, text: str) -> None:
        await self.me.until(lambda _: self._under(self.words.plain("button-search")) is not None)
        self._texts += 1
        await self.me.say(text)

    async def end(self) -> Effort:
        await self.me.until(lambda me: len(me.codes()) >= self._known + CODES_OF_ONE)
        return Effort(self._presses, self._texts, time.monotonic() - self._began)

    def _under(self, label: str):
        for message in reversed(self.me.inbox):
            if message["message_id"] < self._first:
                return None
            for button in buttons(message):
                text = button["text"].translate(MARKS).replace("\u00a0", " ")
                if text == label or text.startswith(f"{label} · "):
                    return message, button
        return None


async def first(lina: Shopper) -> Effort:
    walk = Walk(lina)
    await walk.begin()
    for label in ("PlayStation", "PlayStation USA", "10 $", "1", lina.words.plain("button-buy")):
        await walk.press(label)
    return await walk.end()


async def again(lina: Shopper) -> Effort:
    walk = Walk(lina)
    await walk.begin()
    for label in ("↻ PlayStation USA · 10 $", lina.words.plain("button-buy")):
        await walk.press(label)
    return await walk.end()


async def typed(lina: Shopper) -> Effort:
    walk = Walk(lina)
    await walk.begin()
    await walk.type(TYPED[lina.words.locale])
    for label in ("PlayStation USA · 10 $", "1", lina.words.plain("button-buy")):
        await walk.press(label)
    return await walk.end()


async def paid_in_stars(lina: Shopper) -> Effort:
    """A first purchase with nothing in the wallet."""
    walk = Walk(lina)
    await walk.begin()
    for label in ("PlayStation", "PlayStation USA", "10 $", "1"):
        await walk.press(label)
    await walk.press(lina.words.plain("button-buy-pay"))
    await walk.press(lina.words.plain("button-pay-stars"))
    await walk.pay()
    return await walk.end()


@pytest.mark.everyday
async def test_codes_are_a_few_presses_from_the_start_in_every_language(
    simulation, pay_shop, shopper
):
    await pay_shop()
    found: dict[tuple[str, str], Effort] = {}
    for number, locale in enumerate(LOCALES, start=5):
        lina = await shopper(number, locale)
        for walk in (first, again, typed):
            found[walk.__name__, locale] = await walk(lina)
        poor = await shopper(number + len(LOCALES), locale, dinars=0)
        found["paid_in_stars", locale] = await paid_in_stars(poor)

    for (name, locale), effort in found.items():
        print(
            f"{name} {locale}: {effort.presses} presses, {effort.texts} texts, {effort.seconds:.1f} s"
        )
        assert effort.presses <= MOST_PRESSES[name], (name, locale)
        assert effort.texts == (name == "typed")
    assert len(simulation.book.orders) == len(found)
