"""The demo as text: a purchase in each language, with every screen printed."""

from typing import Any

from bot.sandbox.simulation import OPERATOR_ID, Simulation
from bot.sandbox.telegram.world import Person, buttons, spoilers, text_of
from locales import words

_TIMEOUT_SECONDS = 30.0


async def print_purchases(simulation: Simulation) -> None:
    operator = simulation.world.person(OPERATOR_ID, "Operator", "en")
    await operator.say("/start")
    await operator.reads(words("en").plain("home").splitlines()[0], _TIMEOUT_SECONDS)
    for number, (code, name) in enumerate(
        (("en", "Lina"), ("fr", "Karim"), ("ar", "أمينة")), start=1
    ):
        person = simulation.world.person(2000 + number, name, code)
        await Buyer(person, operator).buy()
    await operator.ask_and_read("/stats", "📊", _TIMEOUT_SECONDS)
    _print_screen(operator)


class Buyer:
    """A simulated customer who buys two codes; prints every screen that the customer sees."""

    def __init__(self, person: Person, operator: Person) -> None:
        self.person = person
        self.operator = operator
        self.words = words(person.language_code)

    async def buy(self) -> None:
        me, w = self.person, self.words
        _print_title(f"{me.name} buys two codes ({w.plain('language-name')})")
        await self._say("/start", w.plain("home").splitlines()[1])
        await self._press("Steam", w.plain("products-ask"))
        await self._press("Steam Europe", w.plain("product-ask"))
        await self._press("10\u00a0€", "10\u00a0€", screen_has_numbers=True)
        await self._press("2", str(me.id))
        await self._credit(12_000)
        await self._press(w.plain("button-again"), "12")
        await self._press(w.plain("button-buy"), "⏳")
        await me.reads("✅", _TIMEOUT_SECONDS)
        await me.until(lambda p: bool(p.codes()), _TIMEOUT_SECONDS)
        _print_message(next(m for m in me.inbox if spoilers(m)))
        hide = w.plain("button-hide")
        await me.press(hide, next(m for m in me.inbox if spoilers(m)))
        print(f"  {me.name} ▸ [ {hide} ]")
        await me.until(lambda p: not p.codes(), _TIMEOUT_SECONDS)
        await me.reads("🔒", _TIMEOUT_SECONDS)
        _print_screen(me)

    async def _say(self, text: str, expected: str) -> None:
        print(f"  {self.person.name} ▸ {text}")
        await self.person.ask_and_read(text, expected, _TIMEOUT_SECONDS)
        _print_screen(self.person)

    async def _press(self, label: str, expected: str, *, screen_has_numbers: bool = False) -> None:
        """Press a button of the shop message and print the next screen with its prices."""
        me = self.person
        before = text_of(_shop_message(me))
        await me.until(lambda p: _has_button(_shop_message(p), label), _TIMEOUT_SECONDS)
        await me.press(label, _shop_message(me))
        print(f"  {me.name} ▸ [ {label} ]")
        await me.until(
            lambda p: (
                expected in text_of(_shop_message(p))
                and text_of(_shop_message(p)) != before
                and (not screen_has_numbers or _has_button(_shop_message(p), "2"))
            ),
            _TIMEOUT_SECONDS,
        )
        _print_message(_shop_message(me))

    async def _credit(self, dinars: int) -> None:
        command = f"/credit {self.person.id} {dinars} demo"
        print(f"  Operator ▸ {command}")
        await self.operator.ask_and_read(command, "✓", _TIMEOUT_SECONDS)
        _print_screen(self.operator)
        await self.person.reads("👛", _TIMEOUT_SECONDS)


def _shop_message(person: Person) -> dict[str, Any]:
    """The message in which the bot shows its screens: the newest one that is no notification."""
    return [m for m in person.inbox if not text_of(m).startswith(("👛", "✅", "🔒"))][-1]


def _has_button(message: dict[str, Any], label: str) -> bool:
    return any(label in button["text"] for button in buttons(message))


def _print_title(title: str) -> None:
    print(f"\n━━ {title} " + "━" * max(4, 60 - len(title)))


def _print_screen(person: Person) -> None:
    _print_message(person.screen)


def _print_message(message: dict[str, Any]) -> None:
    text = text_of(message)
    for secret in spoilers(message):
        text = text.replace(secret, "▒" * len(secret))
    for line in text.splitlines():
        print(f"      {line}")
    for row in (message.get("reply_markup") or {}).get("inline_keyboard", []):
        print("      " + " ".join(f"[ {button['text']} ]" for button in row))
    print()
