"""Screens about support cases, for customers and for operators."""

from bot.domain.orders import Order
from bot.domain.records import SupportCase
from handlers.callback_data import pack
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from handlers.screens.orders import icon, number
from locales import Words


def _number(case: SupportCase) -> str:
    return f"#{case.id}"


def ask_question(words: Words, user_id: int, contact: str) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("paysupport", id=str(user_id))
    if contact:
        screen.line("paysupport-contact", contact=contact)
    screen.button("button-shop", pack("home"))
    return screen.done()


def question_received(
    words: Words, case: SupportCase, *, forwarded: bool, is_partial: bool = False
) -> Screen:
    """`forwarded`: at least one operator can be reached; they get the question in a moment.

    `is_partial`: the album held something besides pictures and files, which was not forwarded.
    """
    screen = ScreenBuilder(words)
    screen.line("case-passed" if forwarded else "case-kept", number=_number(case))
    if is_partial:
        screen.line("album-part")
    screen.home(screen.make_button("button-case-more", pack("case")))
    return screen.done()


def question(words: Words, case: SupportCase, order: Order | None) -> Screen:
    """For operators: who asks, and about which order if one is known. Their message follows."""
    screen = ScreenBuilder(words)
    screen.line("case", number=_number(case), id=str(case.user_id))
    if order is not None:
        state = words.plain(f"state-{order.state}")
        screen.line("case-order", icon=icon(order), number=number(order), state=state)
    screen.line("case-reply")
    screen.button("button-settled", pack("settled", case.id))
    return screen.done()


def answer(words: Words, case: SupportCase, text: str) -> Screen:
    """For the customer: an operator's text, unchanged."""
    screen = ScreenBuilder(words)
    screen.line("case-answer", number=_number(case))
    screen.foreign(text)
    screen.button("button-case-answer", pack("case"))
    return screen.done()


def not_forwarded(words: Words) -> Screen:
    """For whoever sent a kind of message that support does not forward."""
    screen = ScreenBuilder(words)
    screen.line("case-kind")
    return screen.done()


def answer_sent(words: Words, case: SupportCase, *, is_partial: bool = False) -> Screen:
    """For the operator who answered; `is_partial` as for `question_received`."""
    screen = ScreenBuilder(words)
    screen.line("case-sent", number=_number(case), id=str(case.user_id))
    if is_partial:
        screen.line("album-part")
    screen.button("button-settled", pack("settled", case.id))
    return screen.done()


def answered_by_other(words: Words, case: SupportCase, operator_id: int) -> Screen:
    """For the operators who did not answer: who did. The answer follows."""
    screen = ScreenBuilder(words)
    screen.line("case-others", number=_number(case), who=str(operator_id))
    return screen.done()


def gone(words: Words) -> Screen:
    """For operators, in the place of a message that its writer has deleted meanwhile."""
    screen = ScreenBuilder(words)
    screen.line("case-gone")
    return screen.done()
