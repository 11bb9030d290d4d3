"""What operators decide on: receipts, payments that are in doubt, what is given back, credits above the limit."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.domain.payments import (
    DECIDABLE_STATES,
    Payment,
    PaymentState,
    Rejection,
)
from bot.domain.records import ActionKind, OperatorAction
from handlers.callback_data import pack
from handlers.richtext import RichText
from handlers.screen import Button, Screen, mirrored, screen, turning
from locales import Words


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


def payment(words: Words, it: Payment, zone: ZoneInfo, *, can_refund: bool) -> Screen:
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
    if can_refund and it.state is PaymentState.CREDITED:
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
