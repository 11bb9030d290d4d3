"""Paying in: ways, amounts, where to pay, and what came of it."""

import re
from collections.abc import Sequence
from typing import Final

from bot.domain.orders import OrderState
from bot.domain.payments import (
    Method,
    Payment,
    Rejection,
)
from bot.ports import PaymentNote
from bot.services.payments.top_up import AmountsView
from handlers.callback_data import pack
from handlers.richtext import RichText
from handlers.screen import Button, Screen, grid, mirrored, screen
from handlers.screens.orders import number
from handlers.screens.shop import home_button, way_back
from locales import Words

_NUMBERS: Final = re.compile(r"\d[\d .-]{6,}\d")  # account numbers, in the owner's own words
_MOST_COPIES: Final = 3
_LONGEST_NOTE: Final = 300
_NARROW: Final = 14  # letters of a label that fit twice in a row of a small phone


def methods(words: Words, offered: Sequence[Method]) -> Screen:
    rows = [[Button(words.label(f"button-pay-{m}"), pack("ways", m))] for m in offered]
    return screen(RichText().add(words.text("topup")), *rows, way_back(words, pack("wallet", 0)))


def amounts(words: Words, view: AmountsView) -> Screen:
    text = RichText().add(words.text("topup-amount", way=words.plain(f"way-{view.method}")))
    text.line(_limits(words, view))
    offers = [
        Button(
            _price(words, offer.amount_minor, offer.stars),
            pack("top", view.method, offer.amount_minor // 100),
        )
        for offer in view.offers
    ]
    typed = Button(words.label("button-amount"), pack("type", view.method))
    columns = 2 if all(len(offer.label) <= _NARROW for offer in offers) else 1
    return screen(text, *grid(offers, columns, words), [typed], way_back(words, pack("topup")))


def _limits(words: Words, view: AmountsView) -> str:
    least, most = words.money(view.limits.least_minor), words.money(view.limits.most_minor)
    return words.text("topup-limits", least=least, most=most)


def _price(words: Words, amount_minor: int, stars: int) -> str:
    amount = words.money(amount_minor)
    return (
        words.label("button-stars", amount=amount, stars=words.number(stars)) if stars else amount
    )


def ask_amount(words: Words, view: AmountsView) -> Screen:
    text = RichText().add(words.text("topup-type", way=words.plain(f"way-{view.method}")))
    return screen(text.line(_limits(words, view)), way_back(words, pack("topup")))


def _way_out(words: Words, payment: Payment) -> list[Button]:
    back = pack("order", payment.order_id) if payment.order_id else pack("wallet", 0)
    return way_back(words, back)


def transfer(words: Words, payment: Payment, instructions: str) -> Screen:
    """Where to pay, with which reference, and what to send then."""
    amount = words.money(payment.asked_minor)
    text = RichText().add(words.text("transfer", amount=amount))
    for line in instructions.splitlines():
        # An account number runs its own way: in Arabic its groups would change places.
        shown = _NUMBERS.sub(lambda found: words.isolated(found[0]), line)
        text.line(words.directed(shown))
    text.line(words.text("transfer-reference", reference=payment.reference))
    text.line(words.text("transfer-receipt"))
    copies = [
        Button(words.label("button-copy-number", text=found), copy=found.replace(" ", ""))
        for found in dict.fromkeys(_NUMBERS.findall(instructions))
    ][:_MOST_COPIES]
    copies.append(
        Button(words.label("button-copy-number", text=payment.reference), copy=payment.reference)
    )
    return screen(text, *([copy] for copy in copies), _way_out(words, payment))


def card(words: Words, payment: Payment, minutes: int) -> Screen:
    """A link to the page where a card is charged."""
    text = RichText().add(words.text("card", amount=words.money(payment.asked_minor)))
    text.line(words.text("card-until", minutes=minutes))
    return screen(
        text,
        [Button(words.label("button-card"), url=payment.url or "")],
        [Button(words.label("button-paid"), pack("paid", payment.id))],
        _way_out(words, payment),
    )


def bill_below(words: Words, payment: Payment) -> Screen:
    """Under an invoice in Stars, which is a message of its own."""
    amount, stars = words.money(payment.asked_minor), words.number(payment.stars)
    text = RichText().add(words.text("bill", amount=amount, stars=stars))
    return screen(text, _way_out(words, payment))


def outcome(words: Words, payment: Payment, note: PaymentNote) -> Screen:
    """What became of a payment, as its customer reads it."""
    text = RichText().add(
        words.text(
            f"paid-{note.what}",
            amount=words.money(payment.paid_minor or payment.asked_minor),
            wallet=words.money(note.wallet_minor),
            reference=payment.reference,
        )
    )
    if note.what == "rejected":
        _rejected(words, text, note)
    rows: list[list[Button]] = []
    order = note.order
    if order is not None and note.what == "returned":
        text.line(words.text("paid-order", number=number(order)))
    if order is not None and note.what in ("credited", "expired"):
        about = number(order)
        if order.state is OrderState.AWAITING_PAYMENT:
            if note.what == "credited" and note.missing_minor:
                lacking = words.money(note.missing_minor)
                text.line(words.text("paid-lacking", number=about, missing=lacking))
            rows.append(
                [Button(words.label("button-order", number=about), pack("order", order.id))]
            )
        elif note.what == "credited" and note.went_on:
            text.line(words.text("paid-went-on", number=about))
        elif note.what == "credited" and order.state in (OrderState.EXPIRED, OrderState.CANCELLED):
            text.line(words.text("paid-late", number=about))
            again = words.label("button-order-again")
            rows.append([Button(again, pack("prod", order.product_id))])
    wallet = Button(words.label("button-wallet"), pack("wallet", 0))
    return screen(text, *rows, mirrored(words, [wallet, home_button(words)]))


def _rejected(words: Words, text: RichText, note: PaymentNote) -> None:
    if note.words:
        text.line(words.text("rejected-other", words=note.words[:_LONGEST_NOTE]))
    else:
        known = note.rejection in set(Rejection) - {Rejection.OTHER}
        reason = note.rejection if known else Rejection.NOT_RECEIVED
        text.line(words.text(f"rejected-{reason}"))
    text.line(words.text("rejected-again"))


def thanks(words: Words, payment: Payment) -> Screen:
    """A receipt has come, and lies before the operators."""
    text = RichText().add(words.text("receipt-came", reference=payment.reference))
    wallet = Button(words.label("button-wallet"), pack("wallet", 0))
    return screen(text, mirrored(words, [wallet, home_button(words)]))


# --- operators --------------------------------------------------------------------------------------
