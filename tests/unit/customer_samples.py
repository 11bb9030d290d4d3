"""Screens about one customer, as operators see them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product as every

from bot.domain.people import Ban, BanReason, CustomerFigures, CustomerProfile, Note
from bot.domain.records import HistoryLine, Locale
from bot.domain.roles import RIGHTS, Role
from bot.services.customers.bans import BanQuestion
from bot.services.customers.finding import Match
from bot.services.customers.pages import CustomerPage, MoneyPart, OrdersPart, PaymentsPart
from handlers.screen import Screen
from handlers.screens import customers as screens
from locales import Words
from tests.fakes import START
from tests.unit.samples import ORDER, ZONE, all_orders, all_payments

WHO = 7012345678
NOTE = Note(900, START, "asked for an invoice")
LOST = Note(900, START, None)
LONG = Note(900, START, "م" * 500)
STATES = ("fulfilled", "partial", "refunded", "paid", "awaiting_payment", "cancelled", "expired")


def page(count: int) -> CustomerPage:
    """A customer with so many of everything."""
    figures = CustomerFigures(
        dict.fromkeys(STATES, count),
        15_830_000 * count,
        15_000_000 * count,
        177_000 * count,
        START if count else None,
        19_000_000 * count,
        count,
        count,
        count or None,
    )
    profile = CustomerProfile(WHO, Locale.FR, count == 0, True, True, START)
    latest = NOTE if count else None
    return CustomerPage(profile, None, 364_000, 836_000 * count, figures, count, latest, False)


def customer_screens(w: Words) -> Iterator[Screen]:
    for count, role in every((0, 1, 2, 3, 11, 100), Role):
        yield screens.customer(w, page(count), ZONE, RIGHTS[role])
    for reason in (*BanReason, "sells on to children", "س" * 300):
        ban = Ban(START, reason, 900)
        yield screens.customer(w, replace(page(3), ban=ban), ZONE, RIGHTS[Role.OWNER])
        for held in (0, 836_000):
            yield screens.ask_ban(w, BanQuestion(7, WHO, True, reason, 1, held, 364_000))
    for unpaid in (0, 1, 2, 3, 11, 100):
        yield screens.ask_ban(w, BanQuestion(10**9, WHO, True, "fraud", unpaid, 0, 0))
    yield screens.ask_ban(w, BanQuestion(7, WHO, False, "", 0, 0, 0))
    for note in (LOST, LONG):
        yield screens.customer(w, replace(page(1), latest=note), ZONE, RIGHTS[Role.SUPPORT])
    yield screens.customer(w, replace(page(1), is_operator=True), ZONE, RIGHTS[Role.OWNER])
    for by_name in (False, True):
        yield screens.ask_whom(w, by_name=by_name)
        yield screens.not_a_person(w, is_hidden=by_name)
        yield screens.ask_credit(w, WHO, again=by_name)
    yield screens.choose(w, [Match(WHO), Match(5, 1042)])
    yield screens.ban_reasons(w, WHO)
    yield screens.ask_ban_words(w, WHO)
    yield screens.ask_words(w, WHO)
    yield screens.left_alone(w)
    for found in ([], [NOTE], [NOTE, LOST] * 5):
        yield screens.notes(w, WHO, found, ZONE)
    yield from parts(w)


def parts(w: Words) -> Iterator[Screen]:
    for number in (0, 1, 2):
        orders = list(all_orders())[number * 7 : number * 7 + 7]
        yield screens.orders(w, OrdersPart(WHO, number, 3, [*orders, ORDER]))
        payments = list(all_payments())[:7]
        yield screens.payments(w, PaymentsPart(WHO, number, 3, payments))
    yield screens.orders(w, OrdersPart(WHO, 0, 1, []))
    yield screens.payments(w, PaymentsPart(WHO, 0, 1, []))
    lines = [
        HistoryLine(START, kind, amount, 1042, "")
        for kind in ("credit", "hold", "return", "payment", "payback")
        for amount in (150_000, -150_000)
    ]
    for shown in ([], lines[:7]):
        yield screens.money(w, MoneyPart(WHO, 0, 2, shown, 364_000, 836_000), ZONE)
