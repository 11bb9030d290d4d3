"""Screens of a customer's account: wallet, language, and pages of plain text such as help."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.services.operations.customer_reports import WalletReport
from handlers.callback_data import pack
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from handlers.screens.orders import paid_orders_line
from locales import LOCALES, Words

_LONGEST_NOTE = 300


def wallet(words: Words, user_id: int, report: WalletReport, zone: ZoneInfo) -> Screen:
    """The balance, the money reserved for orders, and a page of the wallet's movements."""
    screen = ScreenBuilder(words)
    screen.line("wallet", balance=words.money(report.balance_minor))
    if report.held_minor:
        screen.line("wallet-held", held=words.money(report.held_minor))
    for payment in report.checked:
        amount = words.money(payment.paid_minor or payment.asked_minor)
        screen.line("wallet-checked", reference=payment.reference, amount=amount)
    screen.page_number(report.page, report.pages)
    for line in report.lines:
        screen.line(
            f"wallet-{line.kind}",
            date=words.day(line.at, zone),
            number=f"#{line.order_id}",
            amount=words.signed_money(line.amount_minor),
        )
    if not report.lines:
        screen.line("wallet-none")
    if report.methods:
        screen.button("button-topup", pack("topup"))
    else:
        screen.line("wallet-id", id=str(user_id))
    screen.pages(report.page, report.pages, lambda page: pack("wallet", page))
    screen.home()
    return screen.done()


def credited(words: Words, data: Mapping[str, str]) -> Screen:
    """The notice that an operator changed the balance. Amounts in `data` are in minor units."""
    amount = int(data["amount"])
    screen = ScreenBuilder(words)
    screen.line(
        "credited" if amount >= 0 else "debited",
        amount=words.money(abs(amount)),
        balance=words.money(int(data["balance"])),
    )
    paid_orders_line(screen, [int(number) for number in data.get("orders", "").split()])
    if data.get("note"):
        screen.line("credited-note", note=data["note"][:_LONGEST_NOTE])
    screen.button("button-shop", pack("home"))
    return screen.done()


def missed_answer(words: Words) -> Screen:
    """Something that they asked was not answered, since their chat took nothing."""
    screen = ScreenBuilder(words)
    screen.line("missed-answer")
    screen.home()
    return screen.done()


def languages(words: Words, *, wants_news: bool) -> Screen:
    """The languages, and what the shop may send by itself."""
    screen = ScreenBuilder(words)
    screen.line("language")
    for locale in LOCALES:
        screen.button(f"button-language-{locale}", pack("lang", locale))
    screen.button("button-watches", pack("watches"))
    if wants_news:
        screen.button("button-no-news", pack("news", 0))
    else:
        screen.button("button-news-again", pack("news", 1))
    screen.button("button-privacy", pack("privacy"))
    screen.home()
    return screen.done()


def page(words: Words, key: str, user_id: int) -> Screen:
    """A page of plain text: help, privacy, terms, cancelled, unknown-command…"""
    screen = ScreenBuilder(words)
    screen.line(key, id=str(user_id))
    screen.button("button-shop", pack("home"))
    return screen.done()
