"""The customer's own pages: wallet, language, help and the legal ones."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.services.operations.reports import WalletReport
from handlers.callback_data import pack
from handlers.richtext import RichText
from handlers.screen import Button, Screen, screen, turning
from handlers.screens.shop import home_button
from locales import LOCALES, Words


def wallet(words: Words, user_id: int, report: WalletReport, zone: ZoneInfo) -> Screen:
    """Balance, holds, and a page of the statement."""
    text = RichText().add(words.text("wallet", balance=words.money(report.balance_minor)))
    if report.held_minor:
        text.line(words.text("wallet-held", held=words.money(report.held_minor)))
    if report.pages > 1:
        text.line(words.text("products-page", page=report.page + 1, pages=report.pages))
    for line in report.lines:
        text.line(
            words.text(
                f"wallet-{line.kind}",
                date=words.day(line.at, zone),
                number=f"#{line.order_id}",
                amount=words.signed_money(line.amount_minor),
            )
        )
    if not report.lines:
        text.line(words.text("wallet-none"))
    if not report.methods:
        text.line(words.text("wallet-id", id=str(user_id)))
    top_up = [Button(words.label("button-topup"), pack("topup"))] if report.methods else []
    pages = turning(words, report.page, report.pages, lambda other: pack("wallet", other))
    return screen(text, top_up, pages, [home_button(words)])


def credited(words: Words, data: Mapping[str, str]) -> Screen:
    amount = int(data["amount"])
    key = "credited" if amount >= 0 else "debited"
    text = RichText().add(
        words.text(key, amount=words.money(abs(amount)), balance=words.money(int(data["balance"])))
    )
    if data.get("note"):
        text.line(words.text("credited-note", note=data["note"][:300]))
    return screen(text, [Button(words.label("button-shop"), pack("home"))])


def languages(words: Words) -> Screen:
    choices = [
        Button(words.label(f"button-language-{code}"), pack("lang", code)) for code in LOCALES
    ]
    return screen(
        RichText().add(words.text("language")),
        *([choice] for choice in choices),
        [home_button(words)],
    )


def page(words: Words, key: str, user_id: int) -> Screen:
    """A page of plain text: help, privacy, terms, cancelled, unknown-command…"""
    text = RichText().add(words.text(key, id=str(user_id)))
    return screen(text, [Button(words.label("button-shop"), pack("home"))])
