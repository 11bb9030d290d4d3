"""Asking providers what became of payments: when to ask, and what a report changes."""

import contextlib
from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from bot.domain.alerts import AlertKind
from bot.domain.payments import (
    LONGEST_LIFETIME,
    UNPAID_STATES,
    Doubt,
    Method,
    Payment,
    PaymentEvent,
    PaymentReport,
    PaymentState,
    PaymentVerdict,
    judge,
)
from bot.domain.people import is_pseudonym
from bot.domain.schedule import (
    CHECK_PAYMENTS_FOR_SECONDS,
    CHECK_SILENT_PAYMENTS_FOR_SECONDS,
    until_next_payment_check,
)
from bot.errors import MerchantRefused, PaymentFailure
from bot.refusals import TooFast, required
from bot.services.items import ItemKind
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.messaging.item_runs import run_items
from bot.services.payments.crediting import credit, flag_for_review, notify_payment
from bot.services.selling.access import is_sandbox
from bot.services.shop import Shop
from bot.services.wallet.methods import switch_off
from storage.transaction import Transaction

_BETWEEN_CHECKS: Final = timedelta(seconds=5)  # of one payment, at the customer's request
_DUE_AT_ONCE: Final = 20  # payments of one method in one run
_ASKED_AT_ONCE: Final = 2  # of one provider
_SILENT_AFTER: Final = 3  # failures in a row: one may be the payment's alone
# An hour more than answered payments are asked about: the last of those checks may fail once, or twice.
_ANSWERED_WITHIN: Final = timedelta(seconds=CHECK_PAYMENTS_FOR_SECONDS, hours=1)


async def check_due_payments(shop: Shop) -> int:
    """Ask providers what became of the payments that are due; returns how many were due.

    A provider that does not answer is asked no more in this run: each call would wait for its time
    limit. Its payments stay due, and those of the other providers go on. Payments about which it did
    not answer last time come last, so that they hold up no others. Those that a provider's message
    told of come first; where one comes during the run, the others stay due for the next run, since
    the calls to a provider are few.
    """
    due, rung = await _due(shop)
    by_id = {payment.id: payment for payment in due}
    failures: Counter[Method] = Counter()  # in a row

    async def check(payment_id: int) -> None:
        payment = by_id[payment_id]
        gives_way = shop.rung_payments and payment_id not in rung
        if gives_way or failures[payment.method] >= _SILENT_AFTER:
            return
        try:
            answered = await _check(shop, payment)
        except MerchantRefused:  # of no single payment
            failures[payment.method] = _SILENT_AFTER
        else:
            failures[payment.method] = 0 if answered else failures[payment.method] + 1

    await run_items(
        shop,
        ItemKind.PAYMENT,
        by_id,
        check,
        lane=lambda payment_id: by_id[payment_id].method,
        at_once=_ASKED_AT_ONCE,
        postpone=_postpone,
    )
    return len(due)


async def _due(shop: Shop) -> tuple[list[Payment], set[int]]:
    """What is due of each method, those last about which nobody answered; and what was told of, first."""
    rung = set(shop.rung_payments)
    shop.rung_payments.clear()
    now, unanswered = shop.clock.now(), shop.unanswered_payments
    ended_by = shop.timeline.surely(LONGEST_LIFETIME)
    most = _DUE_AT_ONCE + shop.items.held(ItemKind.PAYMENT, shop.clock.monotonic())
    due: list[Payment] = []
    async with shop.store.reading() as tx:
        due += await tx.payments.among(sorted(rung)[:_DUE_AT_ONCE], UNPAID_STATES)
        known = sorted(unanswered)
        unanswered.difference_update(set(known) - await tx.payments.asked_among(known))
        for method in Method:
            found = await tx.payments.due(
                UNPAID_STATES, now, most + len(unanswered), method, ended_by
            )
            others = [payment for payment in found if payment.id not in rung]
            due += sorted(others, key=lambda payment: payment.id in unanswered)[:most]
    return due, rung


async def check_payment(shop: Shop, payment_id: int) -> None:
    """Ask a provider about one payment, due or not. Raises NotFound."""
    async with shop.store.reading() as tx:
        payment = await tx.payments.locked(payment_id)
    if payment.state in UNPAID_STATES:
        with contextlib.suppress(MerchantRefused):
            await _check(shop, payment)


async def _postpone(tx: Transaction, shop: Shop, payment_id: int, seconds: float) -> None:
    payment = await tx.payments.locked(payment_id)
    if payment.state in UNPAID_STATES:
        due = shop.clock.now() + timedelta(seconds=seconds)
        await tx.payments.update(payment, due_at=due, attempts=payment.attempts + 1)


async def check_my_payment(shop: Shop, user_id: int, payment_id: int) -> Payment:
    """Ask the provider because the customer says that they have paid; returns the payment.

    Raises NotFound, and TooFast within five seconds of the last check.
    """
    now = shop.clock.now()
    async with shop.store.reading() as tx:
        payment = required(await tx.payments.for_owner(payment_id, user_id))
    provider = shop.payment_methods.get(payment.method)
    if (
        payment.state in UNPAID_STATES
        and payment.external_id
        and provider is not None
        and provider.can_ask
    ):
        if not await shop.store.write(_may_check, payment_id, now):
            raise TooFast
        with contextlib.suppress(MerchantRefused):
            await _check(shop, payment)
    async with shop.store.reading() as tx:
        return required(await tx.payments.for_owner(payment_id, user_id))


async def _may_check(tx: Transaction, payment_id: int, now: datetime) -> bool:
    return await tx.payments.claim_check(payment_id, now, now - _BETWEEN_CHECKS)


async def _check(shop: Shop, payment: Payment) -> bool:
    """Ask the provider and act on its report; False where the provider did not answer.

    Raises MerchantRefused, once the method is switched off.
    """
    provider = shop.payment_methods.get(payment.method)
    if payment.external_id is None:
        await shop.store.write(_expire_unannounced, shop, payment.id)
        return True
    if provider is None:
        await shop.store.write(_note_silence, shop, payment.id)
        return True
    try:
        report = await provider.check(payment)
    except MerchantRefused as refusal:
        await shop.store.write(_note_silence, shop, payment.id)
        await switch_off(shop, payment.method, refusal.code)
        raise
    except PaymentFailure:
        shop.unanswered_payments.add(payment.id)
        await shop.store.write(_note_silence, shop, payment.id)
        return False
    shop.unanswered_payments.discard(payment.id)
    await shop.store.write(take_report, shop, payment.id, report)
    return True


async def take_report(tx: Transaction, shop: Shop, payment_id: int, report: PaymentReport) -> None:
    """Act on a provider's report: credit, hold, expire or ask again. Raises NotFound.

    A payment that is credited, held or rejected already is not changed.
    """
    payment = await tx.lock_payment(payment_id)
    if payment.state not in UNPAID_STATES:
        return
    verdict = judge(payment, report, sandbox=await is_sandbox(tx, shop))
    await _act(tx, shop, payment, verdict)
    await _end_silence(tx, shop, payment.method)


async def _act(tx: Transaction, shop: Shop, payment: Payment, verdict: PaymentVerdict) -> None:
    fee = verdict.fee_minor
    if verdict.event is PaymentEvent.CONFIRM and is_pseudonym(payment.user_id):
        doubt = Doubt.FORGOTTEN
        await flag_for_review(tx, shop, payment, verdict.paid_minor, doubt, fee_minor=fee)
    elif verdict.event is PaymentEvent.CONFIRM:
        actor = str(payment.method)
        await credit(tx, shop, payment, verdict.paid_minor, actor, fee_minor=fee)
    elif verdict.event is PaymentEvent.DOUBT and verdict.doubt is not None:
        await flag_for_review(tx, shop, payment, verdict.paid_minor, verdict.doubt, fee_minor=fee)
    elif verdict.event is PaymentEvent.EXPIRE:
        await _expire(tx, shop, payment)
        await _ask_again(tx, shop, payment.id)
    else:
        await _ask_again(tx, shop, payment.id)


async def _ask_again(tx: Transaction, shop: Shop, payment_id: int) -> None:
    """Set the next check of an unpaid payment; late money counts until CHECK_PAYMENTS_FOR_SECONDS are over."""
    payment = await tx.payments.locked(payment_id)
    over = await _set_next_check(tx, shop, payment, CHECK_PAYMENTS_FOR_SECONDS)
    if over and payment.state is PaymentState.OPEN:
        await _expire(tx, shop, payment)


async def _note_silence(tx: Transaction, shop: Shop, payment_id: int) -> None:
    """Set the next check where nobody answered: only an answer ends the checks after a day.

    Whether the customer paid is not known, so that they are told nothing. Operators are alerted
    after that day, once some tries have failed. The checks end with CHECK_SILENT_PAYMENTS_FOR_SECONDS.
    """
    payment = await tx.payments.locked(payment_id)
    if payment.state not in UNPAID_STATES:
        return
    over = await _set_next_check(tx, shop, payment, CHECK_SILENT_PAYMENTS_FOR_SECONDS)
    if over and payment.state is PaymentState.OPEN:
        await _close(tx, shop, payment)
    if shop.timeline.age(payment.created_at) >= _ANSWERED_WITHIN:
        await raise_alert(
            tx,
            shop,
            _silence_alert_key(payment.method),
            AlertKind.PAYMENTS_UNANSWERED,
            method=payment.method,
            payment=payment.id,
            count=await tx.payments.count_asked(payment.method, _long_asked(shop)),
        )


async def _end_silence(tx: Transaction, shop: Shop, method: Method) -> None:
    """Close the alert about payments that a provider does not answer about, once there are none."""
    key = _silence_alert_key(method)
    is_open = await tx.alerts.is_open(key)
    if is_open and not await tx.payments.count_asked(method, _long_asked(shop)):
        await resolve_alert(tx, shop, key)


def _silence_alert_key(method: Method) -> str:
    return f"payments_unanswered:{method}"


def _long_asked(shop: Shop) -> datetime:
    """What was begun before this and is still asked about got no answer for long."""
    return shop.timeline.older_than(_ANSWERED_WITHIN)


async def _set_next_check(
    tx: Transaction, shop: Shop, payment: Payment, for_seconds: float
) -> bool:
    """True where the payment is older than `for_seconds`: nobody is asked about it any more."""
    age = shop.timeline.age(payment.created_at).total_seconds()
    lifetime = (payment.expires_at - payment.created_at).total_seconds()
    wait = timedelta(seconds=until_next_payment_check(age, lifetime))
    over = age >= for_seconds
    due = None if over else shop.clock.now() + wait
    await tx.payments.update(payment, due_at=due, attempts=payment.attempts + 1)
    return over


async def _expire_unannounced(tx: Transaction, shop: Shop, payment_id: int) -> None:
    """Expire a payment that no provider knows, silently: a receipt or Stars may still come."""
    payment = await tx.payments.locked(payment_id)
    if payment.state is PaymentState.OPEN:
        await _close(tx, shop, payment)


async def _expire(tx: Transaction, shop: Shop, payment: Payment) -> None:
    await _close(tx, shop, payment)
    await notify_payment(tx, shop, payment, "expired")


async def _close(tx: Transaction, shop: Shop, payment: Payment) -> None:
    await tx.payments.move(
        payment,
        PaymentEvent.EXPIRE,
        settled_at=shop.clock.now(),
        due_at=None,
    )
