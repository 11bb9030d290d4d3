"""Paying in: ways, amounts, where to pay, what came of it; and what operators decide on."""

import re
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.orders import OrderState
from bot.domain.payments import (
    DECIDABLE_STATES,
    Method,
    Payment,
    PaymentState,
    Rejection,
)
from bot.domain.records import ActionKind, OperatorAction
from bot.ports import PaymentNote
from bot.services.topup import AmountsView
from handlers.callback_data import pack
from handlers.richtext import RichText
from handlers.screen import Button, Screen, grid, mirrored, screen, turning
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


def _head(words: Words, payment: Payment) -> RichText:
    amount = words.money(payment.asked_minor)
    way = words.plain(f"way-{payment.method}")
    text = RichText().add(
        words.text("payment", reference=payment.reference, way=way, amount=amount)
    )
    text.line(words.text("payment-who", id=str(payment.user_id)))
    if payment.order_id:
        text.line(words.text("payment-order", number=f"#{payment.order_id}"))
    return text


def receipt(words: Words, payment: Payment, same: Sequence[Payment]) -> Screen:
    """What stands under a receipt: who, how much, and whether it was seen before."""
    text = _head(words, payment)
    for other in same:
        text.line(
            words.text(
                "receipt-seen",
                reference=other.reference,
                id=str(other.user_id),
                state=words.plain(f"payment-state-{other.state}"),
            )
        )
    return screen(text, *_decisions(words, payment))


def _decisions(words: Words, payment: Payment) -> list[list[Button]]:
    if payment.state not in DECIDABLE_STATES:
        return []
    amount = words.money(payment.paid_minor or payment.asked_minor)
    return [
        [Button(words.label("button-accept", amount=amount), pack("accept", payment.id))],
        mirrored(
            words,
            [
                Button(words.label("button-other"), pack("other", payment.id)),
                Button(words.label("button-reject"), pack("reject", payment.id)),
            ],
        ),
    ]


def payment(words: Words, it: Payment, zone: ZoneInfo, *, can_give_back: bool) -> Screen:
    """One payment, as operators see it."""
    text = _head(words, it)
    text.line(words.text("payment-state", state=words.plain(f"payment-state-{it.state}")))
    if it.state is PaymentState.HELD:
        text.line(words.text("payment-doubt", doubt=words.plain(f"doubt-{it.reason}")))
    if it.paid_minor:
        text.line(words.text("payment-came", amount=words.money(it.paid_minor)))
    if it.stars:
        text.line(words.text("payment-stars", stars=words.number(it.stars)))
    if it.external_id:
        text.line(words.text("payment-external", id=it.external_id[:100]))
    text.line(words.text("payment-begun", date=words.date(it.created_at, zone)))
    if it.decided_by:
        text.line(words.text("payment-decided", id=str(it.decided_by)))
    give_back = []
    if can_give_back and it.state is PaymentState.CREDITED:
        give_back = [Button(words.label("button-return"), pack("return", it.id))]
    return screen(text, *_decisions(words, it), give_back)


def payment_list(
    words: Words, waiting: Sequence[Payment], count: int, newest: Sequence[Payment]
) -> Screen:
    text = RichText().add(words.text("payments" if count else "payments-none", count=str(count)))
    shown = list(waiting) + [it for it in newest if it.state not in DECIDABLE_STATES]
    rows = [
        [
            Button(
                words.label(
                    "payments-button",
                    reference=it.reference,
                    amount=words.money(it.paid_minor or it.asked_minor),
                    state=words.plain(f"payment-state-{it.state}"),
                ),
                pack("payment", it.id),
            )
        ]
        for it in shown[:10]
    ]
    return screen(text, *rows)


def reasons(words: Words, it: Payment) -> Screen:
    text = RichText().add(words.text("reject-why", reference=it.reference))
    rows = [
        [Button(words.label(f"reject-{reason}"), pack("why", it.id, reason))]
        for reason in Rejection
    ]
    return screen(text, *rows)


def ask_other(words: Words, it: Payment) -> Screen:
    return screen(RichText().add(words.text("other-amount", reference=it.reference)))


def ask_why(words: Words, it: Payment) -> Screen:
    return screen(RichText().add(words.text("other-reason", reference=it.reference)))


def decided(words: Words, it: Payment) -> Screen:
    """What an operator's decision came to; it takes the place of what stood under the receipt."""
    key = "decided-accepted" if it.state is not PaymentState.REJECTED else "decided-rejected"
    amount = words.money(it.paid_minor)
    text = RichText().add(
        words.text(key, reference=it.reference, amount=amount, id=str(it.user_id))
    )
    return screen(text)


def already_decided(words: Words, it: Payment) -> Screen:
    text = RichText().add(
        words.text(
            "decided-already",
            reference=it.reference,
            state=words.plain(f"payment-state-{it.state}"),
            id=str(it.decided_by or it.method),
        )
    )
    return screen(text)


def return_ask(words: Words, it: Payment, action_id: int) -> Screen:
    amount, stars = words.money(it.paid_minor), words.number(it.stars)
    text = RichText().add(
        words.text("return-ask", reference=it.reference, amount=amount, stars=stars)
    )
    if it.order_id:
        text.line(words.text("payment-order", number=f"#{it.order_id}"))
    yes = Button(words.label("button-return-yes", stars=stars), pack("back", action_id, 1))
    return screen(text, [yes], [Button(words.label("button-leave"), pack("back", action_id, 0))])


def return_done(words: Words, it: Payment) -> Screen:
    key = {
        PaymentState.RETURNED: "return-done",
        PaymentState.RETURNING: "return-later",
    }.get(it.state, "return-refused")
    text = RichText().add(
        words.text(key, reference=it.reference, amount=words.money(it.paid_minor))
    )
    if it.order_id:
        text.line(words.text("payment-order", number=f"#{it.order_id}"))
    return screen(text)


def credit_ask(words: Words, user_id: int, amount_minor: int, action_id: int) -> Screen:
    amount = words.money(amount_minor) if amount_minor > 0 else words.signed_money(amount_minor)
    text = RichText().add(words.text("credit-ask", amount=amount, id=str(user_id)))
    yes = Button(words.label("button-credit-yes", amount=amount), pack("credit", action_id, 1))
    return screen(text, [yes], [Button(words.label("button-leave"), pack("credit", action_id, 0))])


def actions(
    words: Words, found: Sequence[OperatorAction], page: int, pages: int, zone: ZoneInfo
) -> Screen:
    """What operators did with money, newest first."""
    text = RichText().add(words.text("actions" if found else "actions-none"))
    if pages > 1:
        text.line(words.text("products-page", page=page + 1, pages=pages))
    for it in found:
        amount = words.money(it.amount_minor)
        if it.amount_minor < 0:
            amount = words.signed_money(it.amount_minor)
        text.line(
            words.text(
                f"action-{it.kind}",
                date=words.date(it.at, zone),
                who=str(it.operator_id),
                target=f"#{it.target}" if it.kind is ActionKind.REFUND else it.target,
                amount=amount,
            )
        )
        if it.note:
            text.line(words.text("action-note", note=_note(words, it)))
    return screen(text, turning(words, page, pages, lambda other: pack("actions", other)))


def _note(words: Words, it: OperatorAction) -> str:
    if it.kind is ActionKind.REJECT and it.note in set(Rejection):
        return words.plain(f"reject-{it.note}")
    return it.note[:100]
