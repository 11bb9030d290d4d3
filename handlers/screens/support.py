"""Screens about support cases, for customers and for operators."""

from zoneinfo import ZoneInfo

from bot.domain.cases import SupportCase, case_name
from bot.domain.orders import Order
from handlers.callback_data import pack
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from handlers.screens.customers import customer_row
from handlers.screens.orders import icon, item_line, number
from locales import Words


def _number(case: SupportCase) -> str:
    return case_name(case.id)


def ask_question(words: Words, user_id: int, contact: str) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("paysupport", id=str(user_id))
    if contact:
        screen.line("paysupport-contact", contact=contact)
    _cancel(screen)
    return screen.done()


def ask_about_order(words: Words, order_id: int) -> Screen:
    """The question what is wrong with an order; the customer's next message answers it."""
    screen = ScreenBuilder(words)
    screen.line("support-problem", number=f"#{order_id}")
    _cancel(screen)
    return screen.done()


def reopened(words: Words, case: SupportCase) -> Screen:
    """The customer opened their case again; their next message goes to it."""
    screen = ScreenBuilder(words)
    screen.line("support-reopened", number=_number(case))
    _cancel(screen)
    return screen.done()


def _cancel(screen: ScreenBuilder) -> None:
    screen.home(screen.make_button("button-stop", pack("stop")))


def question_received(words: Words, case: SupportCase, *, forwarded: bool) -> Screen:
    """`forwarded`: at least one operator can be reached; they get the question in a moment."""
    screen = ScreenBuilder(words)
    screen.line("case-passed" if forwarded else "case-kept", number=_number(case))
    screen.line("support-thread")
    screen.home(screen.make_button("button-solved", pack("solved", case.id)))
    return screen.done()


def question(words: Words, case: SupportCase, order: Order | None, zone: ZoneInfo) -> Screen:
    """For operators: who asks, and about which order if one is known. Their message follows.

    `order`: that of the case, or the customer's newest.
    """
    screen = ScreenBuilder(words)
    screen.line("case", number=_number(case), id=str(case.user_id))
    if order is not None:
        state = words.plain(f"state-{order.state}")
        key = "support-case-order" if order.id == case.order_id else "case-order"
        screen.line(key, icon=icon(order), number=number(order), state=state)
        item_line(screen, order)
        screen.line("support-order-date", date=words.date(order.created_at, zone))
    screen.line("case-reply")
    settled = screen.make_button("button-settled", pack("settled", case.id))
    customer_row(screen, case.user_id, settled)
    return screen.done()


def answer(words: Words, case: SupportCase, text: str) -> Screen:
    """For the customer: an operator's text, unchanged."""
    screen = ScreenBuilder(words)
    screen.line("case-answer", number=_number(case))
    screen.foreign(text)
    screen.row(
        screen.make_button("button-case-answer", pack("case")),
        screen.make_button("button-solved", pack("solved", case.id)),
    )
    return screen.done()


def not_forwarded(words: Words, *, is_customer: bool) -> Screen:
    """For whoever sent a kind of message that cannot be copied; a customer is still asked."""
    screen = ScreenBuilder(words)
    screen.line("support-kind")
    if is_customer:
        _cancel(screen)
    return screen.done()


def not_taken(words: Words) -> Screen:
    """For an operator whose answer Telegram does not copy into the customer's chat."""
    screen = ScreenBuilder(words)
    screen.line("case-not-taken")
    return screen.done()


def too_many(words: Words, *, banned: bool = False) -> Screen:
    """For a customer whose message is refused because they have sent many in a short time, or one today if banned."""
    screen = ScreenBuilder(words)
    screen.line("support-once-a-day" if banned else "support-too-many")
    screen.home()
    return screen.done()


def closed(words: Words, case: SupportCase) -> Screen:
    """For the customer whose case support closed."""
    return _over(words, "support-closed", case.id)


def ended(words: Words, case_id: int) -> Screen:
    """For the customer who closed their case."""
    return _over(words, "support-ended", case_id)


def _over(words: Words, key: str, case_id: int) -> Screen:
    screen = ScreenBuilder(words)
    screen.line(key, number=case_name(case_id))
    screen.home(screen.make_button("button-reopen", pack("reopen", case_id)))
    return screen.done()


def closed_by_customer(words: Words, case: SupportCase) -> Screen:
    """For the operators: the customer closed the case."""
    screen = ScreenBuilder(words)
    screen.line("support-solved", number=_number(case), id=str(case.user_id))
    return screen.done()


def answer_sent(words: Words, case: SupportCase) -> Screen:
    """For the operator who answered."""
    screen = ScreenBuilder(words)
    screen.line("case-sent", number=_number(case), id=str(case.user_id))
    settled = screen.make_button("button-settled", pack("settled", case.id))
    customer_row(screen, case.user_id, settled)
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
