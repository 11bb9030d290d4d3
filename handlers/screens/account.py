"""The customer's own pages: wallet, language, help and the legal ones."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.domain.records import HistoryLine
from handlers.callback_data import pack
from handlers.richtext import RichText
from handlers.screen import Button, Screen, screen
from handlers.screens.shop import home_button
from locales import LOCALES, Words


def wallet(
    words: Words, user_id: int, balance_minor: int, history: Sequence[HistoryLine], zone: ZoneInfo
) -> Screen:
    text = RichText().add(words.text("wallet", balance=words.money(balance_minor)))
    for line in history:
        text.line(
            words.text(
                f"wallet-{line.kind}",
                date=words.day(line.at, zone),
                number=f"#{line.order_id}",
                amount=words.signed_money(line.amount_minor),
            )
        )
    if not history:
        text.line(words.text("wallet-none"))
    text.line(words.text("wallet-id", id=str(user_id)))
    return screen(text, [home_button(words)])


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


def page(words: Words, key: str, user_id: int, support: str = "") -> Screen:
    """A page of plain text: help, privacy, terms, paysupport, cancelled, unknown-command…"""
    text = RichText().add(words.text(key, id=str(user_id)))
    if support and key == "paysupport":
        text.line(words.text("paysupport-contact", contact=support))
    return screen(text, [Button(words.label("button-shop"), pack("home"))])
