"""Screens for operators about payments: receipts, decisions, refunds and large credits."""

import re
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.actions import ActionKind, OperatorAction
from bot.domain.news import NewsState
from bot.domain.pauses import BY_HAND, PauseScope
from bot.domain.payments import (
    DECIDABLE_STATES,
    Payment,
    PaymentState,
    Rejection,
    rejections_of,
)
from bot.domain.price_rules import read_markup, read_rules
from bot.domain.records import Locale, PauseReason
from bot.refusals import OtherCurrency
from bot.services.catalogue.curation import CURATED, CURATED_BY_WORD, CURATED_WORDS, NONE
from bot.services.catalogue.pictures import PICTURE
from bot.services.payments.decisions import Accepted
from bot.services.wallet.credit import Credited
from handlers.callback_data import pack
from handlers.screen import Screen, Style
from handlers.screen_builder import ScreenBuilder
from handlers.screens import team
from handlers.screens.amounts import compensated_line, large_amount_line, other_currency_line
from handlers.screens.customers import customer_row
from handlers.screens.operator import note
from handlers.screens.prices import rule_words
from handlers.screens.reasons import why_paused
from locales import Words

_MAX_PAYMENTS: Final = 10
_LONGEST_TEXT: Final = 100
# Whose note is not an operator's, or stands in the row itself.
_NOTES_NO_WORDS: Final = (
    ActionKind.PAUSE,
    ActionKind.RESUME,
    ActionKind.CURATION,
    ActionKind.STOCK,
)
_NOTES_OF_COUNTS: Final = (ActionKind.NEWS, ActionKind.IMPORT)  # how many people, or cells
_STOCK_NOTE: Final = re.compile(r"(loaded|on sale|discarded|withdrawn)\W+(\d+)")
_TOLD_STATES: Final = (NewsState.RUNNING, NewsState.STOPPED, NewsState.DROPPED)  # of news


def _state(words: Words, payment: Payment) -> str:
    return words.plain(f"payment-state-{payment.state}")


def _head(screen: ScreenBuilder, payment: Payment) -> None:
    words = screen.words
    screen.line(
        "payment",
        reference=payment.reference,
        way=words.plain(f"way-{payment.method}"),
        amount=words.money(payment.asked_minor),
    )
    screen.line("payment-who", id=str(payment.user_id))
    _order_line(screen, payment)


def _order_line(screen: ScreenBuilder, payment: Payment) -> None:
    if payment.order_id:
        screen.line("payment-order", number=f"#{payment.order_id}")


def _decision_buttons(screen: ScreenBuilder, payment: Payment) -> None:
    if payment.state in DECIDABLE_STATES:
        amount = screen.words.money(payment.paid_minor or payment.asked_minor)
        screen.button("button-accept", pack("accept", payment.id), amount=amount)
        screen.row(
            screen.make_button("button-other", pack("other", payment.id)),
            screen.make_button("button-reject", pack("reject", payment.id), style=Style.DESTROY),
        )


def receipt(words: Words, payment: Payment, same: Sequence[Payment], *, decides: bool) -> Screen:
    """The caption of a receipt, with the buttons to decide for whoever `decides`.

    `same`: other payments that this file was sent for.
    """
    screen = ScreenBuilder(words)
    _head(screen, payment)
    for other in same:
        screen.line(
            "receipt-seen",
            reference=other.reference,
            id=str(other.user_id),
            state=_state(words, other),
        )
    if decides:
        _decision_buttons(screen, payment)
    return screen.done()


def payment(
    words: Words, payment: Payment, zone: ZoneInfo, *, can_refund: bool, fee_minor: int = 0
) -> Screen:
    """One payment, with the decisions that are possible; `fee_minor` is what the provider kept."""
    screen = ScreenBuilder(words)
    _head(screen, payment)
    screen.line("payment-state", state=_state(words, payment))
    if payment.state is PaymentState.HELD:
        screen.line("payment-doubt", doubt=words.plain(f"doubt-{payment.reason}"))
    if payment.paid_minor:
        screen.line("payment-came", amount=words.money(payment.paid_minor))
    if fee_minor:
        screen.line("payment-fee", fee=words.money(fee_minor))
    if payment.stars:
        screen.line("payment-stars", stars=words.number(payment.stars))
    if payment.external_id:
        screen.line("payment-external", id=payment.external_id[:_LONGEST_TEXT])
    screen.line("payment-begun", date=words.date(payment.created_at, zone))
    if payment.decided_by:
        screen.line("payment-decided", id=str(payment.decided_by))
    _decision_buttons(screen, payment)
    if can_refund and payment.state is PaymentState.CREDITED:
        screen.button("button-return", pack("return", payment.id), style=Style.DESTROY)
    customer_row(screen, payment.user_id)
    return screen.done()


def payment_list(
    words: Words, waiting: Sequence[Payment], count: int, newest: Sequence[Payment]
) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("payments" if count else "payments-none", count=count)
    decided = [payment for payment in newest if payment.state not in DECIDABLE_STATES]
    for payment in [*waiting, *decided][:_MAX_PAYMENTS]:
        screen.button(
            "payments-button",
            pack("payment", payment.id),
            reference=payment.reference,
            amount=words.money(payment.paid_minor or payment.asked_minor),
            state=_state(words, payment),
        )
    return screen.done()


def reasons(words: Words, payment: Payment) -> Screen:
    """The reasons for a rejection, to choose from."""
    screen = ScreenBuilder(words)
    screen.line("reject-why", reference=payment.reference)
    for reason in rejections_of(payment.method):
        screen.button(f"reject-{reason}", pack("why", payment.id, reason))
    return screen.done()


def ask_amount(words: Words, payment: Payment) -> Screen:
    """The question which amount was received, if not the one the payment was begun with."""
    screen = ScreenBuilder(words)
    screen.line("other-amount", reference=payment.reference)
    screen.back(pack("payment", payment.id))
    return screen.done()


def refuse_amount(words: Words, payment: Payment, other: OtherCurrency | None) -> Screen:
    """What was typed is no amount, or one in another currency: the question again."""
    screen = ScreenBuilder(words)
    other_currency_line(screen, other)
    asked = words.money(payment.asked_minor)
    screen.line("other-refused", reference=payment.reference, example=asked)
    screen.button("button-stop", pack("stop"))
    screen.back(pack("payment", payment.id))
    return screen.done()


def accepted(words: Words, done: Accepted) -> Screen:
    """The result of another amount than was asked, or the question whether it is meant."""
    payment, action_id = done.payment, done.action_id
    if action_id is None:
        return decided(words, payment)
    screen = ScreenBuilder(words)
    asked, amount = words.money(payment.asked_minor), words.money(done.amount_minor)
    screen.line("accept-asked", reference=payment.reference, amount=asked)
    large_amount_line(screen, done.amount_minor)
    screen.line("credit-ask", id=str(payment.user_id))
    screen.button("button-credit-yes", pack("amount", action_id, 1), amount=amount)
    screen.button("button-leave", pack("amount", action_id, 0))
    return screen.done()


def ask_reason(words: Words, payment: Payment) -> Screen:
    """The question for a reason of the rejection in the operator's own words."""
    screen = ScreenBuilder(words)
    screen.line("other-reason", reference=payment.reference)
    return _end_of_reason(screen, payment)


def refuse_reason(words: Words, payment: Payment, longest: int) -> Screen:
    """What was sent is no text of at most `longest` letters: the question again."""
    screen = ScreenBuilder(words)
    screen.line("reason-refused", longest=longest)
    return _end_of_reason(screen, payment)


def _end_of_reason(screen: ScreenBuilder, payment: Payment) -> Screen:
    screen.button("button-stop", pack("stop"))
    screen.back(pack("payment", payment.id))
    return screen.done()


def decided(words: Words, payment: Payment) -> Screen:
    """The result of an operator's decision."""
    return note(
        words,
        "decided-rejected" if payment.state is PaymentState.REJECTED else "decided-accepted",
        reference=payment.reference,
        amount=words.money(payment.paid_minor),
        id=str(payment.user_id),
    )


def already_decided(words: Words, payment: Payment) -> Screen:
    return note(
        words,
        "decided-already",
        reference=payment.reference,
        state=_state(words, payment),
        id=str(payment.decided_by or payment.method),
    )


def ask_refund(words: Words, payment: Payment, action_id: int) -> Screen:
    screen = ScreenBuilder(words)
    amount, stars = words.money(payment.paid_minor), words.number(payment.stars)
    _order_line(screen, payment)
    screen.line("return-ask", reference=payment.reference, amount=amount, stars=stars)
    screen.button("button-return-yes", pack("back", action_id, 1), style=Style.DESTROY, stars=stars)
    screen.button("button-leave", pack("back", action_id, 0))
    return screen.done()


def refund_result(words: Words, payment: Payment) -> Screen:
    screen = ScreenBuilder(words)
    key = {
        PaymentState.RETURNED: "return-done",
        PaymentState.RETURNING: "return-later",
    }.get(payment.state, "return-refused")
    screen.line(key, reference=payment.reference, amount=words.money(payment.paid_minor))
    _order_line(screen, payment)
    return screen.done()


def ask_credit(words: Words, asked: Credited, action_id: int) -> Screen:
    """Whether a large amount is meant, or one that the shop bears because its note names an order."""
    screen, amount_minor = ScreenBuilder(words), asked.amount_minor
    amount = words.money(amount_minor) if amount_minor > 0 else words.signed_money(amount_minor)
    large_amount_line(screen, amount_minor)
    screen.line("debit-ask" if amount_minor < 0 else "credit-ask", id=str(asked.user_id))
    if asked.compensates is not None:
        number = f"#{asked.compensates}"
        screen.line("credit-ask-loss", number=number)
        compensated_line(screen, number, asked.compensated_minor)
    style = Style.DESTROY if amount_minor < 0 else None  # money is taken from the customer
    screen.button("button-credit-yes", pack("credit", action_id, 1), style=style, amount=amount)
    screen.button("button-leave", pack("credit", action_id, 0))
    return screen.done()


def actions(
    words: Words, found: Sequence[OperatorAction], page: int, pages: int, zone: ZoneInfo
) -> Screen:
    """What operators did, newest first."""
    screen = ScreenBuilder(words)
    screen.line("actions" if found else "actions-none")
    screen.page_number(page, pages)
    for action in found:
        minor = action.amount_minor
        is_debit = action.kind is ActionKind.CREDIT and minor < 0  # the row says so in words
        screen.line(
            "action-debit" if is_debit else f"action-{action.kind}",
            date=words.date(action.at, zone),
            who=str(action.operator_id) if action.operator_id else words.plain("action-shop"),
            target=_target(words, action),
            amount=words.money(abs(minor)),
            field=_field(words, action),
            before=_changed(words, action, action.before),
            after=_changed(words, action, action.after),
        )
        if action.kind in _NOTES_OF_COUNTS and action.note.isdecimal():
            screen.line(f"action-count-{action.kind}", count=int(action.note))
        elif action.note and action.kind not in _NOTES_NO_WORDS:
            screen.line("action-note", note=_action_note(words, action))
    screen.pages(page, pages, lambda other: pack("actions", other))
    return screen.done()


def _target(words: Words, action: OperatorAction) -> str:
    """What an action was about, by its number."""
    if action.kind in (ActionKind.REFUND, ActionKind.COMPENSATION):
        return f"#{action.target}"
    if action.kind is ActionKind.STOCK:
        return action.target.removeprefix("batch ")
    if action.kind in (ActionKind.PAUSE, ActionKind.RESUME) and action.target == PauseScope.SHOP:
        return words.plain("pause-shop")
    return action.target


def _changed(words: Words, action: OperatorAction, stored: str) -> str:
    """What an action changed, as it was or is: price rules, a role, or words as they are stored."""
    if action.kind is ActionKind.STOCK:
        return _loaded(words, action)
    if action.kind is ActionKind.PAUSE and stored in set(BY_HAND):
        is_own = stored == PauseReason.WORDS and action.note
        return action.note[:_LONGEST_TEXT] if is_own else why_paused(words, stored, {})
    if action.kind is ActionKind.CURATION:
        return _curated(words, action, stored)
    if action.kind is ActionKind.TEAM:
        return team.rule(words, stored)
    if action.kind is ActionKind.NEWS and stored in _TOLD_STATES:
        return words.plain(f"news-state-{stored}")
    if action.kind is ActionKind.MARKUP:
        return rule_words(words, read_markup(stored))
    if action.kind is ActionKind.PRICES:
        rules = read_rules(stored)
        shown = rule_words(words, rules.markup)
        count = len(rules.values)
        return words.plain("rule-and-values", rule=shown, count=count) if count else shown
    return stored[:_LONGEST_TEXT]


def _loaded(words: Words, action: OperatorAction) -> str:
    """What was done with a batch of own codes, and with how many; as it is kept where that cannot be read."""
    found = _STOCK_NOTE.match(action.note)
    if found is None:
        return action.note[:_LONGEST_TEXT]
    return words.plain(f"action-stock-{found[1].replace(' ', '_')}", count=int(found[2]))


def _curated(words: Words, action: OperatorAction, stored: str) -> str:
    """What was said of a product: a word of the shop's, a figure, or an operator's text as it is."""
    if action.note == PICTURE:
        return words.plain(_picture_key(action, stored))
    if stored == NONE or (action.note in CURATED_BY_WORD and stored in CURATED_WORDS):
        return words.plain(f"curated-{stored}")
    return stored[:_LONGEST_TEXT]


def _picture_key(action: OperatorAction, stored: str) -> str:
    """Telegram's ids say nothing to people."""
    if stored == NONE:
        return "curated-no-picture"
    is_another = stored == action.after and action.before != NONE
    return "curated-other-picture" if is_another else "curated-picture"


def _field(words: Words, action: OperatorAction) -> str:
    """What of a product was changed; empty for an action of another kind."""
    if action.kind is not ActionKind.CURATION:
        return ""
    what, _, locale = action.note.partition(" ")
    if what not in CURATED:
        return action.note[:_LONGEST_TEXT]
    said = words.plain(f"curation-{what}")
    return f"{said} · {words.plain(f'curate-{locale}')}" if locale in set(Locale) else said


def _action_note(words: Words, action: OperatorAction) -> str:
    if action.kind is ActionKind.REJECT and action.note in set(Rejection):
        return words.plain(f"reject-{action.note}")
    return action.note[:_LONGEST_TEXT]
