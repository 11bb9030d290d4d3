"""A case with support, from both sides."""

from bot.domain.orders import Order
from bot.domain.records import SupportCase
from handlers.callback_data import pack
from handlers.richtext import RichText
from handlers.screen import Button, Screen, mirrored, screen
from handlers.screens.orders import icon, number
from handlers.screens.shop import home_button
from locales import Words


def _number(case: SupportCase) -> str:
    return f"#{case.id}"


def ask(words: Words, user_id: int, support: str) -> Screen:
    text = RichText().add(words.text("paysupport", id=str(user_id)))
    if support:
        text.line(words.text("paysupport-contact", contact=support))
    return screen(text, [Button(words.label("button-shop"), pack("home"))])


def passed_on(words: Words, case: SupportCase, *, heard: bool) -> Screen:
    key = "case-passed" if heard else "case-kept"
    text = RichText().add(words.text(key, number=_number(case)))
    more = Button(words.label("button-case-more"), pack("case"))
    return screen(text, mirrored(words, [more, home_button(words)]))


def asked(words: Words, case: SupportCase, order: Order | None, said: str) -> Screen:
    """For operators: who asks, about what perhaps, and their own words, untouched."""
    text = RichText().add(words.text("case", number=_number(case), id=str(case.user_id)))
    if order is not None:
        state = words.plain(f"state-{order.state}")
        about = words.text("case-order", icon=icon(order), number=number(order), state=state)
        text.line(about)
    text.line(words.text("case-reply"))
    if said:
        text.foreign(said)
    return screen(text, [Button(words.label("button-settled"), pack("settled", case.id))])


def answer(words: Words, case: SupportCase, said: str) -> Screen:
    text = RichText().add(words.text("case-answer", number=_number(case)))
    if said:
        text.foreign(said)
    return screen(text, [Button(words.label("button-case-answer"), pack("case"))])


def answer_sent(words: Words, case: SupportCase) -> Screen:
    text = RichText().add(words.text("case-sent", number=_number(case), id=str(case.user_id)))
    return screen(text, [Button(words.label("button-settled"), pack("settled", case.id))])
