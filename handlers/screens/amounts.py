"""Parts of screens that ask for amounts: large ones in dinars and centimes, and other currencies."""

from bot.domain.amounts import CENTIMES, DINARS
from bot.domain.money import MINOR_PER_UNIT
from bot.refusals import OtherCurrency
from handlers.screen_builder import ScreenBuilder
from locales import Words
from locales.spelling import spell_dinars

_NAMES = {DINARS: "currency-dinars", CENTIMES: "currency-centimes"}


def currency_name(words: Words, code: str) -> str:
    """Dinars and centimes in words, any other currency by its code."""
    return words.plain(_NAMES[code]) if code in _NAMES else code


def other_currency_line(screen: ScreenBuilder, other: OtherCurrency | None) -> None:
    """What was typed is in another currency than was asked for; nothing for None."""
    if other is not None:
        screen.line(
            "refused-currency",
            asked=currency_name(screen.words, other.asked),
            typed=currency_name(screen.words, other.typed),
        )


def compensated_line(screen: ScreenBuilder, number: str, compensated_minor: int) -> None:
    """What was made good of an order before, of which `number` is the name; nothing for 0."""
    if compensated_minor:
        amount = screen.words.money(compensated_minor)
        screen.line("compensated-so-far", number=number, amount=amount)


def large_amount_line(screen: ScreenBuilder, amount_minor: int) -> None:
    """A large amount, without its sign: its dinars spelled out, and all of it in centimes."""
    words, minor = screen.words, abs(amount_minor)
    dinars, centimes = divmod(minor, MINOR_PER_UNIT)
    spelled = spell_dinars(dinars, words.locale)
    if centimes:
        spelled = words.plain("amount-and-centimes", dinars=spelled, centimes=centimes)
    screen.line("amount-large", amount=words.money(minor), dinars=spelled, centimes=minor)
