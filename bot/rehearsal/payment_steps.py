"""Steps about payments: a Star and its way back, and cards with test keys."""

import asyncio
import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Final

from telegram.error import TelegramError

from bot.domain.money import MINOR_PER_UNIT
from bot.domain.payments import Method, Payment, PaymentEvent, PaymentState, ReportStatus
from bot.errors import PaymentFailure, RefundRefused
from bot.payment_ports import PaymentMethod, StarsGateway
from bot.refusals import MethodOff, TooFast, required
from bot.rehearsal.playing import NotPossible, Rehearsal, Skipped, in_seconds
from bot.rehearsal.steps import Answer, Need, Question, Seen, Step
from bot.rehearsal.telegram_steps import show
from bot.rehearsal.witness import code_of, plain_words
from bot.services.payments.provider_checks import check_my_payment
from bot.services.payments.refunds import ask_payment_refund, confirm_payment_refund
from bot.services.payments.top_up import TopUpRequest, begin_payment
from handlers.screens import rehearsal as screens
from storage.transaction import Transaction

_PAY_SECONDS: Final = 420.0
_ASK_SECONDS: Final = 6.0  # between two questions about one payment
_REFUND_SECONDS: Final = 30
_LATE_SECONDS: Final = 2.0
_SMALL_DINARS: Final = (10, 50)  # below what any page calls the smallest amount
_PAID: Final = (PaymentState.CREDITED, PaymentState.HELD)


async def _begin(r: Rehearsal, method: Method, amount_minor: int) -> Payment:
    """Start a payment as a press does. Raises NotPossible."""
    key = f"rehearsal:{secrets.token_hex(8)}"
    request = TopUpRequest(method, amount_minor, None, key, None)
    try:
        return await begin_payment(r.shop, r.operator, request)
    except PaymentFailure as failure:
        raise NotPossible(f"{method} begins no payment: {code_of(failure)}") from None
    except MethodOff:
        raise NotPossible(f"{method} takes no payments for this shop now") from None


async def _now(r: Rehearsal, payment: Payment) -> Payment:
    async with r.shop.store.reading() as tx:
        return required(await tx.payments.for_owner(payment.id, payment.user_id))


def _provider(r: Rehearsal, method: Method) -> PaymentMethod:
    return r.shop.payment_methods[method]


def _gateway(r: Rehearsal) -> StarsGateway:
    if r.shop.stars_gateway is None:
        raise NotPossible("the shop takes no Stars")
    return r.shop.stars_gateway


async def _star(r: Rehearsal) -> Seen:
    """The only step in which real money moves: one Star, which goes back whatever happens."""
    text = r.words.plain("rehearsal-ask-stars-confirm")
    if await r.asker.ask("stars-confirm", text) is not Answer.YES:
        raise Skipped
    began = monotonic()
    payment = await _begin(r, Method.STARS, _provider(r, Method.STARS).limits.least_minor)
    bill = r.telegram.bot.last_sent_id()
    try:

        async def paid() -> Payment | None:
            now = await _now(r, payment)
            return now if now.state in _PAID else None

        credited = await r.until(paid, _PAY_SECONDS)
        if credited is None:
            raise NotPossible("nobody paid the Star")
        took = in_seconds(monotonic() - began)
    finally:
        returned = await asyncio.shield(asyncio.ensure_future(_give_back(r, payment, bill)))
    facts = {
        "stars": str(credited.stars),
        "paid after": took,
        "state": str(returned.state),
        **await _star_list(r, returned),
    }
    return Seen(facts, as_expected=returned.state is PaymentState.RETURNED and credited.stars == 1)


async def _give_back(r: Rehearsal, payment: Payment, bill: int | None) -> Payment:
    """Refund it as an operator does, where it was paid; else end it, so that nobody pays its bill later."""
    if (await _now(r, payment)).state not in _PAID:
        await r.shop.store.write(_end, r, payment.id)  # from here on no payment of it is allowed
        await asyncio.sleep(_LATE_SECONDS)  # one may have been allowed at that moment
        if bill is not None and (await _now(r, payment)).state not in _PAID:
            with contextlib.suppress(TelegramError):
                await r.telegram.bot.delete_message(r.operator.id, bill)
    paid = await _now(r, payment)
    if paid.state is PaymentState.HELD:  # no operator decides about it in a book that is deleted
        await _provider(r, Method.STARS).refund(paid)
    if paid.state is PaymentState.CREDITED:
        key = f"rehearsal:{secrets.token_hex(8)}"
        _, action = await ask_payment_refund(
            r.shop, key=key, operator_id=r.operator.id, payment_id=payment.id
        )
        await confirm_payment_refund(r.shop, r.operator.id, action)
    now = await _now(r, payment)
    for _ in range(_REFUND_SECONDS):  # a refund without an answer is repeated by a sweep
        if now.state is not PaymentState.RETURNING:
            break
        await asyncio.sleep(1)
        now = await _now(r, payment)
    return now


async def _end(tx: Transaction, r: Rehearsal, payment_id: int) -> None:
    payment = await tx.payments.locked(payment_id)
    if payment.state is PaymentState.OPEN:
        now = r.shop.clock.now()
        await tx.payments.move(payment, PaymentEvent.EXPIRE, settled_at=now, due_at=None)


async def _star_list(r: Rehearsal, payment: Payment) -> dict[str, str]:
    """What Telegram's list says of it, and in which order it lists."""
    facts = {}
    with contextlib.suppress(PaymentFailure):
        since = datetime.now(UTC) - timedelta(hours=1)
        mine = [m for m in await _gateway(r).movements(since) if m.charge_id == payment.external_id]
        facts["in Telegram's list"] = ", ".join(sorted("back" if m.back else "in" for m in mine))
    with contextlib.suppress(TelegramError):
        rows = (await r.telegram.bot.get_star_transactions(limit=100)).transactions
        is_known = len(rows) > 1 and rows[0].date != rows[-1].date
        newest = is_known and rows[0].date > rows[-1].date
        facts["order of the list"] = (
            ("newest first" if newest else "oldest first") if is_known else "too few to tell"
        )
    return facts


async def _unknown_star(r: Rehearsal) -> Seen:
    """Ask for a refund of a charge that never was; nothing can move."""
    try:
        await _gateway(r).refund(r.operator.id, "rehearsal-of-an-unknown-charge")
    except RefundRefused as refusal:
        return Seen({"answer": code_of(refusal)})
    except PaymentFailure as failure:
        return Seen({"answer": code_of(failure)}, as_expected=False)
    return Seen({"answer": "accepted"}, as_expected=False)


async def _largest_bill(r: Rehearsal) -> Seen:
    """Send the largest bill and delete it at once. Its number is of no payment: it cannot be paid."""
    most = r.settings.stars_maximum
    asked = _provider(r, Method.STARS).limits.most_minor
    bill = replace(_draft(r, Method.STARS, asked), stars=most)
    try:
        await _gateway(r).send_invoice(r.operator, bill)
    except PaymentFailure as failure:
        return Seen({f"{most} Stars": code_of(failure)}, as_expected=False)
    sent_id = r.telegram.bot.last_sent_id()
    if sent_id is not None:
        await r.telegram.bot.delete_message(r.operator.id, sent_id)
    return Seen({f"{most} Stars": "accepted, and the bill deleted"})


async def _card(method: Method, r: Rehearsal) -> Seen:
    """Pay on the provider's page with a test card; the shop asks as it does for a customer."""
    payment = await _begin(r, method, _provider(r, method).limits.least_minor)
    ended = await _paid_on_page(r, payment)
    if ended.state not in _PAID:
        raise NotPossible(f"nobody paid; the payment is {ended.state}")
    async with r.shop.store.reading() as tx:
        fee = await tx.ledger.fee(payment.id)
    facts = {
        "state": str(ended.state),
        "asked and paid": f"{_dinars(ended.asked_minor)}, {_dinars(ended.paid_minor)}",
        "fee": _dinars(fee) if fee else "none told",
    }
    if ended.reason:
        facts["held for"] = plain_words(ended.reason)
    is_whole = ended.paid_minor == ended.asked_minor
    return Seen(facts, as_expected=ended.state is PaymentState.CREDITED and is_whole)


async def _paid_on_page(r: Rehearsal, payment: Payment) -> Payment:
    """Show the page, and wait until the payment has ended, or for some minutes."""
    await show(r, screens.pay(r.words, payment.asked_minor, required(payment.url)))
    asked = [monotonic()]

    async def look() -> Payment | None:
        if monotonic() - asked[0] > _ASK_SECONDS:
            asked[0] = monotonic()
            with contextlib.suppress(TooFast):
                await check_my_payment(r.shop, r.operator.id, payment.id)
        now = await _now(r, payment)
        return now if now.state is not PaymentState.OPEN else None

    return await r.until(look, _PAY_SECONDS) or await _now(r, payment)


async def _refused_card(r: Rehearsal) -> Seen:
    """A card that is refused: whether the same page takes another one."""
    payment = await _begin(
        r, Method.CHARGILY, _provider(r, Method.CHARGILY).limits.least_minor + MINOR_PER_UNIT
    )
    ended = await _paid_on_page(r, payment)
    return Seen({"state at the end": str(ended.state)})


async def _bounds(r: Rehearsal) -> Seen:
    """Begin payments of several amounts, and end them: which of them does it take?"""
    provider = _provider(r, Method.CHARGILY)
    ours = (provider.limits.least_minor, provider.limits.most_minor)
    beyond = [dinars * MINOR_PER_UNIT for dinars in _SMALL_DINARS] + [
        10 * provider.limits.most_minor
    ]
    facts = {}
    taken = []
    for amount in (*ours, *beyond):
        told = await _begun_and_ended(r, provider, amount)
        facts[_dinars(amount)] = told
        taken.append(told == "taken")
    return Seen(facts, as_expected=all(taken[: len(ours)]))


async def _begun_and_ended(r: Rehearsal, provider: PaymentMethod, amount_minor: int) -> str:
    draft = _draft(r, provider.method, amount_minor)
    try:
        started = await provider.start(draft, r.operator)
    except PaymentFailure as failure:
        return f"refused ({code_of(failure) or type(failure).__name__})"
    with contextlib.suppress(PaymentFailure):
        await provider.withdraw(replace(draft, external_id=started.external_id))
    return "taken"


def _draft(r: Rehearsal, method: Method, amount_minor: int) -> Payment:
    """A payment that is in no book: only its provider hears of it, and nobody gets its link."""
    now = r.shop.clock.now()
    return Payment(
        id=0,
        user_id=r.operator.id,
        method=method,
        state=PaymentState.OPEN,
        order_id=None,
        asked_minor=amount_minor,
        stars=0,
        paid_minor=0,
        external_id=None,
        url=None,
        created_at=now,
        expires_at=now,
        due_at=None,
        attempts=0,
        settled_at=None,
        decided_by=None,
        reason="",
        message_id=None,
    )


async def _withdrawn(r: Rehearsal) -> Seen:
    """End a page twice, and look at it: the second time has to do no harm."""
    provider = _provider(r, Method.CHARGILY)
    payment = await _begin(r, Method.CHARGILY, provider.limits.least_minor + 2 * MINOR_PER_UNIT)
    facts = {}
    for which in ("first", "second"):
        try:
            await provider.withdraw(payment)
            facts[f"the {which} time"] = "accepted"
        except PaymentFailure as failure:
            facts[f"the {which} time"] = f"refused ({code_of(failure)})"
    try:
        report = await provider.check(payment)
    except PaymentFailure as failure:
        raise NotPossible(f"asking about it: {code_of(failure)}") from None
    facts["then"] = str(report.status)
    return Seen(facts, as_expected=report.status is ReportStatus.FAILED)


async def _in_list(r: Rehearsal) -> Seen:
    """Whether the provider's own list has what was paid in this rehearsal, and knows it as test money."""
    async with r.shop.store.reading() as tx:
        known = await tx.payments.newest(50)
    paid = {p.external_id for p in known if p.method is Method.CHARGILY and p.paid_minor}
    if not paid:
        raise NotPossible("no card was paid in this rehearsal")
    since = r.shop.clock.now() - timedelta(days=1)
    try:
        listed = await _provider(r, Method.CHARGILY).listed(since) or ()
    except PaymentFailure as failure:
        raise NotPossible(f"the list: {code_of(failure)}") from None
    mine = [row for row in listed if row.external_id in paid]
    is_test = all(row.sandbox is True for row in mine)
    facts = {"paid": str(len(paid)), "of them in the list": str(len(mine))}
    facts["as test money"] = "yes" if is_test else "no, or it does not say"
    return Seen(facts, as_expected=len(mine) == len(paid) and is_test)


def _dinars(minor: int) -> str:
    whole, rest = divmod(minor, MINOR_PER_UNIT)
    return f"{whole}.{rest:02} DA" if rest else f"{whole} DA"


STEPS: Final[Sequence[Step]] = (
    Step(
        "stars",
        Need.STARS,
        "Do Stars come as documented, and back? In which order does getStarTransactions list?",
        "one Star is credited within seconds, and goes back at once",
        _star,
        (Question("stars"),),
        confirmation="stars-confirm",
        seconds=600.0,
    ),
    Step(
        "stars-unknown",
        Need.STARS,
        "What does refundStarPayment say of an unknown charge?",
        'a refusal; any but "already refunded" is for the operator',
        _unknown_star,
    ),
    Step(
        "stars-largest",
        Need.STARS,
        "Does one bill take STARS_MAXIMUM?",
        "yes",
        _largest_bill,
    ),
    Step(
        "ocpay",
        Need.OCPAY,
        "Is the amount exactly what was asked, and does the report say that it is test money?",
        "the wallet has exactly what was asked",
        partial(_card, Method.OCPAY),
        (Question("page"),),
        seconds=600.0,
    ),
    Step(
        "chargily",
        Need.CHARGILY,
        "Is `amount` what was asked, is `livemode` in each answer, are `fees` dinars?",
        "the wallet has exactly what was asked; a fee is booked where one is told",
        partial(_card, Method.CHARGILY),
        (Question("page"), Question("page-back"), Question("page-language")),
        seconds=600.0,
    ),
    Step(
        "chargily-refused",
        Need.CHARGILY,
        "Can a page be paid after a card was refused on it?",
        "either; the shop asks for 24 hours",
        _refused_card,
        (Question("page-again", None),),
        seconds=600.0,
    ),
    Step(
        "chargily-bounds",
        Need.CHARGILY,
        "The smallest and the largest amount",
        "CHARGILY_MINIMUM and CHARGILY_MAXIMUM are taken",
        _bounds,
    ),
    Step(
        "chargily-ended",
        Need.CHARGILY,
        "Can a page be ended before its time?",
        "yes, and a second time is refused without harm",
        _withdrawn,
    ),
    Step(
        "chargily-list",
        Need.CHARGILY,
        "Does the list of checkouts hold what was just paid?",
        "yes, as test money",
        _in_list,
    ),
)
