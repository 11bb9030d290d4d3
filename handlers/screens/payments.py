"""Screens about payments of customers: methods, amounts, instructions and results."""

import re
from collections.abc import Sequence
from typing import Final

from bot.domain.amounts import CENTIMES
from bot.domain.money import MINOR_PER_UNIT
from bot.domain.orders import Order, OrderState
from bot.domain.payments import Charge, Method, Payment, Rejection
from bot.ports import PaymentNote
from bot.refusals import OtherCurrency
from bot.services.payments.top_up import AmountsView
from handlers.callback_data import pack
from handlers.screen import Button, Screen, Style
from handlers.screen_builder import ScreenBuilder
from handlers.screens.amounts import large_amount_line, other_currency_line
from handlers.screens.orders import number, paid_orders_line
from locales import Words

# Account numbers in the instructions that the owner of the shop wrote.
_ACCOUNT_NUMBERS: Final = re.compile(r"\d[\d .-]{6,}\d")
_ARABIC: Final = re.compile("[\u0600-\u06ff]")
_MAX_COPY_BUTTONS: Final = 3
_LONGEST_REASON: Final = 300
_EXAMPLE_MINOR: Final = 1500 * MINOR_PER_UNIT


def methods(words: Words, offered: Sequence[Method]) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("topup")
    for method in offered:
        screen.button(f"button-pay-{method}", pack("ways", method))
    screen.back(pack("wallet", 0))
    return screen.done()


def amounts(words: Words, view: AmountsView) -> Screen:
    screen = ScreenBuilder(words)
    _head(screen, view)
    screen.line("topup-amount")
    offers = [
        Button(
            _price(words, offer),
            pack("top", view.method, offer.amount_minor // MINOR_PER_UNIT),
        )
        for offer in view.offers
    ]
    screen.grid(offers)
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
    _head(screen, view)
    screen.line("topup-type", example=_example(words, view))
    screen.back(pack("topup"))
    return screen.done()


def refuse_amount(
    words: Words,
    view: AmountsView,
    other: OtherCurrency | None,
    in_centimes_minor: int | None = None,
) -> Screen:
    """What was typed is no amount that the method takes: the question again.

    `in_centimes_minor`: what it is if it was counted in centimes, where the method takes that.
    """
    screen = ScreenBuilder(words)
    in_centimes = other is not None and other.typed == CENTIMES and in_centimes_minor is not None
    if not in_centimes:
        other_currency_line(screen, other)
    screen.line(
        "topup-refused",
        least=words.money(view.limits.least_minor),
        most=words.money(view.limits.most_minor),
        example=_example(words, view),
    )
    if in_centimes_minor is not None:
        dinars = words.money(in_centimes_minor)
        screen.line("answer-centimes" if in_centimes else "answer-if-centimes", amount=dinars)
        _rounded_line(screen, in_centimes_minor, _whole(view, in_centimes_minor) * MINOR_PER_UNIT)
        _button_in_centimes(screen, view, in_centimes_minor)
    screen.button("button-stop", pack("stop"))
    screen.back(pack("ways", view.method))
    return screen.done()


def ask_large_amount(
    words: Words, view: AmountsView, amount_minor: int, in_centimes_minor: int
) -> Screen:
    """Which of two amounts is meant: the one that was typed, or as much in centimes."""
    screen = ScreenBuilder(words)
    dinars = _whole(view, amount_minor)
    large_amount_line(screen, amount_minor)
    _rounded_line(screen, amount_minor, dinars * MINOR_PER_UNIT)
    screen.line("topup-large", smaller=words.money(in_centimes_minor))
    _rounded_line(screen, in_centimes_minor, _whole(view, in_centimes_minor) * MINOR_PER_UNIT)
    meant = words.money(dinars * MINOR_PER_UNIT)
    screen.button("button-dinars", pack("top", view.method, dinars), amount=meant)
    _button_in_centimes(screen, view, in_centimes_minor)
    screen.button("button-amount", pack("type", view.method))
    screen.button("button-stop", pack("stop"))
    screen.back(pack("ways", view.method))
    return screen.done()


def _button_in_centimes(screen: ScreenBuilder, view: AmountsView, amount_minor: int) -> None:
    """A button for an amount that was counted in centimes, which it names."""
    dinars = _whole(view, amount_minor)
    screen.button(
        "button-in-centimes",
        pack("top", view.method, dinars),
        amount=screen.words.money(dinars * MINOR_PER_UNIT),
        centimes=dinars * MINOR_PER_UNIT,
    )


def _whole(view: AmountsView, amount_minor: int) -> int:
    """An amount in whole dinars, rounded up as far as the method takes it."""
    return min(-(-amount_minor // MINOR_PER_UNIT), view.limits.most_minor // MINOR_PER_UNIT)


def _rounded_line(screen: ScreenBuilder, typed_minor: int | None, amount_minor: int) -> None:
    """That the method takes another amount than was typed; nothing where it takes that."""
    if typed_minor is not None and typed_minor != amount_minor:
        money = screen.words.money
        screen.line("topup-rounded", typed=money(typed_minor), amount=money(amount_minor))


def _example(words: Words, view: AmountsView) -> str:
    minor = _EXAMPLE_MINOR if view.limits.allow(_EXAMPLE_MINOR) else view.limits.least_minor
    return words.money(minor)


def _head(screen: ScreenBuilder, view: AmountsView) -> None:
    """How it is paid, and the limits of that: above the question for the amount."""
    money = screen.words.money
    screen.line("topup-way", way=screen.words.plain(f"way-{view.method}"))
    screen.line(
        "topup-limits", least=money(view.limits.least_minor), most=money(view.limits.most_minor)
    )
    if view.limits.may_be_refused(view.limits.most_minor):
        screen.line("card-ceiling", ceiling=money(view.limits.ceiling_minor))


def _back(screen: ScreenBuilder, payment: Payment) -> None:
    """Back to the order that is to be paid, or to the wallet."""
    screen.back(pack("order", payment.order_id) if payment.order_id else pack("wallet", 0))


def transfer(
    words: Words, payment: Payment, instructions: str, *, typed_minor: int | None = None
) -> Screen:
    """The instructions for a transfer, its reference, and the request for a receipt.

    `typed_minor`: the amount that was typed, if one was.
    """
    screen = ScreenBuilder(words)
    screen.line("transfer", amount=words.money(payment.asked_minor))
    _rounded_line(screen, typed_minor, payment.asked_minor)
    for line in instructions.splitlines():
        screen.literal_line(_in_order(words, line))
    screen.line("transfer-reference", reference=payment.reference)
    screen.line("transfer-receipt")
    accounts = list(dict.fromkeys(_ACCOUNT_NUMBERS.findall(instructions)))
    for account in accounts[:_MAX_COPY_BUTTONS]:
        screen.button("button-copy-number", copy=account.replace(" ", ""), text=account)
    screen.button("button-copy-number", copy=payment.reference, text=payment.reference)
    _back(screen, payment)
    return screen.done()


def _in_order(words: Words, line: str) -> str:
    """A line of the owner's: Arabic letters would reverse the groups of an account number, and a
    right-to-left screen the words of a line in French."""
    if not _ARABIC.search(line):
        return words.isolated(line)
    return _ACCOUNT_NUMBERS.sub(lambda match: words.isolated(match[0]), line)


def card(
    words: Words,
    payment: Payment,
    minutes: int,
    *,
    may_be_refused: bool = False,
    typed_minor: int | None = None,
) -> Screen:
    """A link to the page where a card is charged.

    `may_be_refused`: the amount is above what some cards take. `typed_minor`: the amount that was
    typed, if one was.
    """
    screen = ScreenBuilder(words)
    screen.line("card", amount=words.money(payment.asked_minor))
    _rounded_line(screen, typed_minor, payment.asked_minor)
    if may_be_refused:
        screen.line("card-ceiling-now")
    screen.line("card-until", minutes=minutes)
    screen.button("button-card", url=payment.url or "", style=Style.PAY)
    screen.button("button-paid", pack("paid", payment.id))
    _back(screen, payment)
    return screen.done()


def stars_invoice(words: Words, payment: Payment, *, typed_minor: int | None = None) -> Screen:
    """The text beside an invoice in Stars; the invoice is a message of its own.

    `typed_minor`: the amount that was typed, if one was.
    """
    screen = ScreenBuilder(words)
    screen.line("bill", amount=words.money(payment.asked_minor), stars=payment.stars)
    _rounded_line(screen, typed_minor, payment.asked_minor)
    _back(screen, payment)
    return screen.done()


def receipt_received(words: Words, payment: Payment, *, is_partial: bool = False) -> Screen:
    """The notice that a receipt was received and waits for an operator.

    `is_partial`: the album held something besides pictures and PDFs, which was not taken.
    """
    screen = ScreenBuilder(words)
    screen.line("receipt-came", reference=payment.reference)
    if is_partial:
        screen.line("album-part")
    _wallet_and_home(screen)
    return screen.done()


def not_a_receipt(words: Words, payment: Payment) -> Screen:
    """What came is no receipt, and one is awaited: what is taken, and what to do."""
    screen = ScreenBuilder(words)
    screen.line("receipt-refused", reference=payment.reference)
    screen.line("receipt-instead")
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
        _rejection(screen, payment, note)
    paid_orders_line(screen, note.paid_orders)
    if note.order is not None and note.order.id not in note.paid_orders:
        _order_outcome(screen, note, note.order)
    _wallet_and_home(screen)
    return screen.done()


def _rejection(screen: ScreenBuilder, payment: Payment, note: PaymentNote) -> None:
    if note.words:
        screen.line("rejected-other", words=note.words[:_LONGEST_REASON])
    else:
        known = note.rejection in set(Rejection) - {Rejection.OTHER}
        reason = note.rejection if known else Rejection.NOT_RECEIVED
        screen.line(f"rejected-{reason}")
    has_receipt = payment.method is Method.TRANSFER
    screen.line("rejected-again" if has_receipt else "rejected-ask")


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
    elif credited and order.state in (OrderState.EXPIRED, OrderState.CANCELLED):
        screen.line("paid-late", number=number(order))
        screen.button("button-order-again", pack("prod", order.product_id))


def _wallet_and_home(screen: ScreenBuilder) -> None:
    screen.home(screen.make_button("button-wallet", pack("wallet", 0)))
