"""Screens about payments of customers: methods, amounts, instructions and results."""

import re
from collections.abc import Sequence
from typing import Final

from bot.domain.money import MINOR_PER_UNIT
from bot.domain.orders import Order, OrderState
from bot.domain.payments import Charge, Method, Payment, Rejection
from bot.errors import OtherCurrency
from bot.ports import PaymentNote
from bot.services.payments.top_up import AmountsView
from handlers.callback_data import pack
from handlers.screen import Button, Screen, Style
from handlers.screen_builder import ScreenBuilder
from handlers.screens.amounts import large_amount_line, other_currency_line
from handlers.screens.orders import number
from locales import Words

# Account numbers in the instructions that the owner of the shop wrote.
_ACCOUNT_NUMBERS: Final = re.compile(r"\d[\d .-]{6,}\d")
_MAX_COPY_BUTTONS: Final = 3
_LONGEST_REASON: Final = 300
_EXAMPLE_MINOR: Final = 1500 * MINOR_PER_UNIT
_NARROW_LABEL: Final = 14  # letters of a label that fit twice in a row of a small phone


def methods(words: Words, offered: Sequence[Method]) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("topup")
    for method in offered:
        screen.button(f"button-pay-{method}", pack("ways", method))
    screen.back(pack("wallet", 0))
    return screen.done()


def amounts(words: Words, view: AmountsView) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("topup-amount", way=words.plain(f"way-{view.method}"))
    _limits_line(screen, view)
    offers = [
        Button(
            _price(words, offer),
            pack("top", view.method, offer.amount_minor // MINOR_PER_UNIT),
        )
        for offer in view.offers
    ]
    screen.grid(offers, 2, longest_label=_NARROW_LABEL)
    screen.button("button-amount", pack("type", view.method))
    screen.back(pack("topup"))
    return screen.done()


def _price(words: Words, offer: Charge) -> str:
    amount = words.money(offer.amount_minor)
    if not offer.stars:
        return amount
    return words.label("button-stars", amount=amount, stars=words.number(offer.stars))


def ask_amount(words: Words, view: AmountsView) -> Screen:
    screen = ScreenBuilder(words)
    way = words.plain(f"way-{view.method}")
    screen.line("topup-type", way=way, example=_example(words, view))
    _limits_line(screen, view)
    screen.back(pack("topup"))
    return screen.done()


def refuse_amount(words: Words, view: AmountsView, other: OtherCurrency | None) -> Screen:
    """What was typed is no amount that the method takes: the question again."""
    screen = ScreenBuilder(words)
    other_currency_line(screen, other)
    screen.line(
        "topup-refused",
        least=words.money(view.limits.least_minor),
        most=words.money(view.limits.most_minor),
        example=_example(words, view),
    )
    screen.back(pack("ways", view.method))
    return screen.done()


def ask_large_amount(words: Words, view: AmountsView, amount_minor: int) -> Screen:
    """Whether a large amount is meant, or the hundredth of it, in whole dinars."""
    screen = ScreenBuilder(words)
    dinars = min(-(-amount_minor // MINOR_PER_UNIT), view.limits.most_minor // MINOR_PER_UNIT)
    smaller = max(dinars // MINOR_PER_UNIT, -(-view.limits.least_minor // MINOR_PER_UNIT))
    meant, slipped = words.money(dinars * MINOR_PER_UNIT), words.money(smaller * MINOR_PER_UNIT)
    large_amount_line(screen, dinars * MINOR_PER_UNIT)
    screen.line("topup-large", smaller=slipped)
    screen.button("button-credit-yes", pack("top", view.method, dinars), amount=meant)
    screen.button("button-amount-smaller", pack("top", view.method, smaller), amount=slipped)
    screen.button("button-amount", pack("type", view.method))
    screen.back(pack("ways", view.method))
    return screen.done()


def _example(words: Words, view: AmountsView) -> str:
    minor = _EXAMPLE_MINOR if view.limits.allow(_EXAMPLE_MINOR) else view.limits.least_minor
    return words.money(minor)


def _limits_line(screen: ScreenBuilder, view: AmountsView) -> None:
    money = screen.words.money
    screen.line(
        "topup-limits", least=money(view.limits.least_minor), most=money(view.limits.most_minor)
    )


def _back(screen: ScreenBuilder, payment: Payment) -> None:
    """Back to the order that is to be paid, or to the wallet."""
    screen.back(pack("order", payment.order_id) if payment.order_id else pack("wallet", 0))


def transfer(words: Words, payment: Payment, instructions: str) -> Screen:
    """The instructions for a transfer, its reference, and the request for a receipt."""
    screen = ScreenBuilder(words)
    screen.line("transfer", amount=words.money(payment.asked_minor))
    for line in instructions.splitlines():
        # Without isolation marks, Arabic text reverses the groups of an account number.
        isolated = _ACCOUNT_NUMBERS.sub(lambda match: words.isolated(match[0]), line)
        screen.literal_line(isolated)
    screen.line("transfer-reference", reference=payment.reference)
    screen.line("transfer-receipt")
    accounts = list(dict.fromkeys(_ACCOUNT_NUMBERS.findall(instructions)))
    for account in accounts[:_MAX_COPY_BUTTONS]:
        screen.button("button-copy-number", copy=account.replace(" ", ""), text=account)
    screen.button("button-copy-number", copy=payment.reference, text=payment.reference)
    _back(screen, payment)
    return screen.done()


def card(words: Words, payment: Payment, minutes: int) -> Screen:
    """A link to the page where a card is charged."""
    screen = ScreenBuilder(words)
    screen.line("card", amount=words.money(payment.asked_minor))
    screen.line("card-until", minutes=minutes)
    screen.button("button-card", url=payment.url or "", style=Style.PAY)
    screen.button("button-paid", pack("paid", payment.id))
    _back(screen, payment)
    return screen.done()


def stars_invoice(words: Words, payment: Payment) -> Screen:
    """The text beside an invoice in Stars; the invoice is a message of its own."""
    screen = ScreenBuilder(words)
    amount, stars = words.money(payment.asked_minor), words.number(payment.stars)
    screen.line("bill", amount=amount, stars=stars)
    _back(screen, payment)
    return screen.done()


def receipt_received(words: Words, payment: Payment, *, is_partial: bool = False) -> Screen:
    """The notice that a receipt was received and waits for an operator.

    `is_partial`: the album held something besides pictures and files, which was not taken.
    """
    screen = ScreenBuilder(words)
    screen.line("receipt-came", reference=payment.reference)
    if is_partial:
        screen.line("album-part")
    _wallet_and_home(screen)
    return screen.done()


def outcome(words: Words, payment: Payment, note: PaymentNote) -> Screen:
    """The result of a payment, for its customer."""
    screen = ScreenBuilder(words)
    screen.line(
        f"paid-{note.what}",
        amount=words.money(payment.paid_minor or payment.asked_minor),
        wallet=words.money(note.wallet_minor),
        reference=payment.reference,
    )
    if note.what == "rejected":
        _rejection(screen, note)
    if note.order is not None:
        _order_outcome(screen, note, note.order)
    _wallet_and_home(screen)
    return screen.done()


def _rejection(screen: ScreenBuilder, note: PaymentNote) -> None:
    if note.words:
        screen.line("rejected-other", words=note.words[:_LONGEST_REASON])
    else:
        known = note.rejection in set(Rejection) - {Rejection.OTHER}
        reason = note.rejection if known else Rejection.NOT_RECEIVED
        screen.line(f"rejected-{reason}")
    screen.line("rejected-again")


def _order_outcome(screen: ScreenBuilder, note: PaymentNote, order: Order) -> None:
    """The result for the order that the payment was begun for."""
    credited = note.what == "credited"
    if note.what == "returned":
        screen.line("paid-order", number=number(order))
    elif order.state is OrderState.AWAITING_PAYMENT and note.what in ("credited", "expired"):
        if credited and note.missing_minor:
            missing = screen.words.money(note.missing_minor)
            screen.line("paid-lacking", number=number(order), missing=missing)
        screen.button("button-order", pack("order", order.id), number=number(order))
    elif credited and note.went_on:
        screen.line("paid-went-on", number=number(order))
    elif credited and order.state in (OrderState.EXPIRED, OrderState.CANCELLED):
        screen.line("paid-late", number=number(order))
        screen.button("button-order-again", pack("prod", order.product_id))


def _wallet_and_home(screen: ScreenBuilder) -> None:
    screen.home(screen.make_button("button-wallet", pack("wallet", 0)))
