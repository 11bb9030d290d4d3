"""Screens for operators about one customer: who is meant, their page, orders, money, notes and bans."""

from collections.abc import Collection, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.cases import case_name
from bot.domain.orders import OrderState
from bot.domain.people import BanReason, Note, is_pseudonym
from bot.domain.roles import Right
from bot.services.customers.bans import BanQuestion
from bot.services.customers.finding import Match
from bot.services.customers.pages import (
    CustomerPage,
    MoneyPart,
    OrdersPart,
    Part,
    PaymentsPart,
)
from handlers.callback_data import pack
from handlers.screen import Button, Screen, Style
from handlers.screen_builder import ScreenBuilder
from handlers.screens.orders import icon, number
from handlers.screens.values import value_label
from locales import Words

_SHORT_NOTE: Final = 60
_CREDIT_EXAMPLE: Final = "1500 CCP 21/11"
_NOTES: Final = 6  # on one screen
_LONGEST_NAME: Final = 60
_NAMED: Final = frozenset(BanReason) - {BanReason.OTHER}
_ENDED: Final = (
    OrderState.FULFILLED,
    OrderState.PARTIAL,
    OrderState.REFUNDED,
    OrderState.CANCELLED,
    OrderState.EXPIRED,
)


def customer_row(screen: ScreenBuilder, user_id: int, *before: Button) -> None:
    """These buttons, and one to the page of the customer, unless nobody is behind the id any more."""
    forgotten = is_pseudonym(user_id)
    to_page = [] if forgotten else [screen.make_button("button-customer", pack("user", user_id))]
    screen.row(*before, *to_page)


def ask_whom(words: Words, *, by_name: bool = False) -> Screen:
    """Below it stands a keyboard with Telegram's own list of people."""
    screen = ScreenBuilder(words)
    screen.line("user-no-names" if by_name else "user-whom")
    screen.line("user-forward")
    return screen.done()


def not_a_person(words: Words, *, is_hidden: bool) -> Screen:
    """A message was forwarded that names nobody."""
    screen = ScreenBuilder(words)
    screen.line("user-hidden" if is_hidden else "user-no-person")
    screen.button("button-stop", pack("stop"))
    return screen.done()


def choose(words: Words, found: Sequence[Match]) -> Screen:
    """A number that is a customer's and an order's."""
    screen = ScreenBuilder(words)
    screen.line("user-which")
    for match in found:
        data = pack("user", match.user_id)
        if match.order_id is None:
            screen.button("button-user", data, id=str(match.user_id))
        else:
            screen.button("button-user-order", data, number=f"#{match.order_id}")
    return screen.done()


def customer(words: Words, view: CustomerPage, zone: ZoneInfo, rights: Collection[Right]) -> Screen:
    """The page of a customer, with what `rights` allow to see and to do."""
    screen = ScreenBuilder(words)
    profile = view.profile
    screen.line(
        "user",
        id=str(profile.id),
        language=words.language(profile.locale),
        date=words.whole_date(profile.created_at.astimezone(zone).date()),
    )
    if view.ban is not None:
        screen.line(
            "user-banned", date=words.date(view.ban.at, zone), why=_why(words, view.ban.reason)
        )
    screen.line(
        "user-wallet",
        balance=words.money(view.balance_minor),
        held=words.money(view.held_minor),
    )
    _figures(screen, view, zone, sees_profit=Right.PROFIT in rights)
    if not profile.reachable:
        screen.line("user-unreachable")
    if view.latest is not None and Right.NOTES in rights:
        text = view.latest.text or words.plain("user-note-lost")
        screen.line("user-notes", count=view.notes, note=_short(text))
    _buttons(screen, view, rights)
    return screen.done()


def _figures(
    screen: ScreenBuilder, view: CustomerPage, zone: ZoneInfo, *, sees_profit: bool
) -> None:
    words, figures = screen.words, view.figures
    count = {state: figures.orders.get(state, 0) for state in OrderState}
    total = sum(count.values())
    screen.line("user-orders", count=total, spent=words.money(figures.spent_minor))
    if sees_profit and figures.spent_minor:
        screen.add("user-profit", profit=words.money(figures.profit_minor))
    if total:
        ended = count[OrderState.CANCELLED] + count[OrderState.EXPIRED]
        screen.line(
            "stats-outcomes",
            fulfilled=count[OrderState.FULFILLED],
            partial=count[OrderState.PARTIAL],
            refunded=count[OrderState.REFUNDED],
            open=total - sum(count[state] for state in _ENDED),
            ended=ended,
        )
    if figures.last_order_at is not None:
        screen.add("user-last", date=words.day(figures.last_order_at, zone))
    if figures.paid_in_minor or figures.rejected:
        paid = words.money(figures.paid_in_minor)
        screen.line("user-paid", paid=paid, count=figures.rejected)
    if figures.last_case is not None:
        screen.line("user-cases", count=figures.cases, number=case_name(figures.last_case))


def _buttons(screen: ScreenBuilder, view: CustomerPage, rights: Collection[Right]) -> None:
    user_id, make = view.profile.id, screen.make_button
    screen.row(
        make("button-user-orders", pack("uord", user_id, 0)),
        make("button-user-money", pack("umon", user_id, 0)),
        make("button-user-payments", pack("upay", user_id, 0)),
    )
    ban = "button-ban" if view.ban is None else "button-unban"
    offered = (
        (Right.CREDIT, make("button-user-credit", pack("ucred", user_id))),
        (Right.NOTES, make("button-user-note", pack("unote", user_id))),
        (Right.CASES, make("button-user-write", pack("umsg", user_id))),
        (Right.BAN, make(ban, pack("uban", user_id))),
    )
    shown = [
        button
        for right, button in offered
        if right in rights and not (right is Right.BAN and view.is_operator)
    ]
    screen.grid(shown)


def _short(text: str) -> str:
    return text if len(text) <= _SHORT_NOTE else f"{text[:_SHORT_NOTE]}…"


def _why(words: Words, reason: str) -> str:
    return words.plain(f"ban-{reason}") if reason in _NAMED else _short(reason)


def orders(words: Words, part: OrdersPart) -> Screen:
    screen = _part(words, part, "user-orders-of", "user-no-orders", empty=not part.orders)
    for order in part.orders:
        name = f"{order.product_title} · {value_label(screen.words, order.denomination_label)}"
        screen.line(
            "user-order",
            icon=icon(order),
            number=number(order),
            name=name[:_LONGEST_NAME],
            total=words.money(order.total_minor),
        )
    return _end(screen, part, "uord")


def money(words: Words, part: MoneyPart, zone: ZoneInfo) -> Screen:
    screen = _part(words, part, "user-money-of", "wallet-none", empty=not part.lines)
    screen.line(
        "user-wallet", balance=words.money(part.balance_minor), held=words.money(part.held_minor)
    )
    for line in part.lines:
        screen.line(
            f"wallet-{line.kind}",
            date=words.day(line.at, zone),
            number=f"#{line.order_id}",
            amount=words.signed_money(line.amount_minor),
        )
    return _end(screen, part, "umon")


def payments(words: Words, part: PaymentsPart) -> Screen:
    screen = _part(words, part, "user-payments-of", "user-no-payments", empty=not part.payments)
    for payment in part.payments:
        screen.button(
            "payments-button",
            pack("payment", payment.id),
            reference=payment.reference,
            amount=words.money(payment.paid_minor or payment.asked_minor),
            state=words.plain(f"payment-state-{payment.state}"),
        )
    return _end(screen, part, "upay")


def _part(words: Words, part: Part, title: str, none: str, *, empty: bool) -> ScreenBuilder:
    screen = ScreenBuilder(words)
    screen.line(title, id=str(part.user_id))
    screen.page_number(part.number, part.pages)
    if empty:
        screen.line(none)
    return screen


def _end(screen: ScreenBuilder, part: Part, verb: str) -> Screen:
    screen.pages(part.number, part.pages, lambda page: pack(verb, part.user_id, page))
    customer_row(screen, part.user_id)
    return screen.done()


def ask_credit(words: Words, user_id: int, *, again: bool = False) -> Screen:
    screen = ScreenBuilder(words)
    if again:
        screen.line("user-credit-again")
    screen.line("user-credit", id=str(user_id), note=_CREDIT_EXAMPLE)
    return _question(screen, user_id)


def _question(screen: ScreenBuilder, user_id: int) -> Screen:
    customer_row(screen, user_id, screen.make_button("button-stop", pack("stop")))
    return screen.done()


def notes(words: Words, user_id: int, found: Sequence[Note], zone: ZoneInfo) -> Screen:
    """The newest notes about a customer, and the question for another one."""
    screen = ScreenBuilder(words)
    screen.line("user-notes-of", id=str(user_id))
    for note in found[:_NOTES]:
        screen.line(
            "user-note",
            date=words.day(note.at, zone),
            who=str(note.operator_id),
            note=note.text or words.plain("user-note-lost"),
        )
    if more := len(found[_NOTES:]):
        screen.line("attention-more", count=more)
    screen.line("user-note-ask")
    return _question(screen, user_id)


def ask_words(words: Words, user_id: int) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("user-write", id=str(user_id))
    return _question(screen, user_id)


def ban_reasons(words: Words, user_id: int) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("ban-why", id=str(user_id))
    for reason in BanReason:
        screen.button(f"button-ban-{reason}", pack("ubanw", user_id, reason))
    customer_row(screen, user_id)
    return screen.done()


def ask_ban_words(words: Words, user_id: int) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("ban-words", id=str(user_id))
    return _question(screen, user_id)


def ask_ban(words: Words, question: BanQuestion) -> Screen:
    """Whether to ban somebody, with what becomes of their orders and money; or to end that."""
    screen = ScreenBuilder(words)
    user_id = str(question.user_id)
    balance = words.money(question.balance_minor)
    if question.is_ban:
        screen.line("ban-ask", id=user_id, why=_why(words, question.reason))
        if question.unpaid:
            screen.line("ban-unpaid", count=question.unpaid)
        if question.held_minor:
            screen.line("ban-held", held=words.money(question.held_minor))
        screen.line("ban-balance", balance=balance)
        data, key = pack("uban2", question.action_id, 1), "button-ban-yes"
        screen.button(key, data, style=Style.DESTROY)
    else:
        screen.line("unban-ask", id=user_id)
        screen.button("button-unban-yes", pack("uban2", question.action_id, 1))
    screen.button("button-leave", pack("uban2", question.action_id, 0))
    customer_row(screen, question.user_id)
    return screen.done()


def left_alone(words: Words) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("left-alone")
    return screen.done()
