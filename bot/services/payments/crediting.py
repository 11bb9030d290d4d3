"""Money that came: credited once, whoever tells of it and however often; what is doubtful is held."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain import ledger
from bot.domain.orders import Order, OrderState
from bot.domain.payments import (
    UNPAID_STATES,
    Doubt,
    Method,
    Payment,
    PaymentEvent,
    PaymentReport,
    PaymentState,
    PaymentVerdict,
    StarRate,
    judge,
)
from bot.domain.records import AlertKind, OutboxKind
from bot.domain.schedule import CHECK_PAYMENTS_FOR_SECONDS, until_next_payment_check
from bot.errors import MerchantRefused, NotFound, PaymentFailure, TooFast, required
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.selling.access import is_sandbox
from bot.services.selling.pauses import check_open
from bot.services.shop import Shop
from bot.services.wallet.methods import switch_off
from bot.services.wallet.unpaid_orders import pay_waiting_orders
from storage.transaction import Transaction

_BETWEEN_CHECKS: Final = timedelta(seconds=5)
_PAYLOAD: Final = "payment:"


def payload_of(payment: Payment) -> str:
    """What an invoice carries; whoever pays it is looked up, never read from it."""
    return f"{_PAYLOAD}{payment.id}"


def _payment_id(payload: str) -> int:
    """Raises NotFound for what no invoice of ours carries."""
    number = payload.removeprefix(_PAYLOAD)
    if not payload.startswith(_PAYLOAD) or not (number.isascii() and number.isdigit()):
        raise NotFound
    return int(number[:18])


# --- the one way in -------------------------------------------------------------------------------


async def credit(
    tx: Transaction,
    shop: Shop,
    payment: Payment,
    paid_minor: int,
    actor: str,
    *,
    decided_by: int | None = None,
) -> None:
    """Put a locked payment into its customer's wallet, tell them, and let their orders go on."""
    now = shop.clock.now()
    posting = ledger.payment(payment.id, payment.method, payment.user_id, paid_minor)
    await tx.ledger.post(posting, now, actor)
    if decided_by is not None:
        payment = await tx.payments.update(payment, decided_by=decided_by)
    await tx.payments.move(
        payment,
        PaymentEvent.CONFIRM,
        paid_minor=paid_minor,
        settled_at=now,
        due_at=None,
        reason="",
    )
    went_on = await pay_waiting_orders(tx, shop, payment.user_id)
    wanted = any(order.id == payment.order_id for order in went_on)
    await notify_payment(tx, shop, payment, "credited", went_on="yes" if wanted else "no")


async def notify_payment(
    tx: Transaction, shop: Shop, payment: Payment, what: str, *, again: str = "", **data: str
) -> None:
    """Tell the customer once for each thing there is to say; `again` sets a repetition apart."""
    key = f"payment:{payment.id}:{what}{again}"
    told = {"payment": str(payment.id), "what": what, **data}
    await tx.outbox.add(key, payment.user_id, OutboxKind.PAYMENT, shop.clock.now(), data=told)


def review_alert(payment_id: int) -> str:
    return f"payment_held:{payment_id}"


async def flag_for_review(
    tx: Transaction, shop: Shop, payment: Payment, said_minor: int, doubt: Doubt
) -> None:
    """Money is said to have come, and something does not fit: an operator decides, nothing is dropped."""
    await tx.payments.move(
        payment,
        PaymentEvent.DOUBT,
        paid_minor=said_minor,
        reason=doubt,
        due_at=None,
    )
    await raise_alert(
        tx,
        shop,
        review_alert(payment.id),
        AlertKind.PAYMENT_HELD,
        payment=payment.id,
        method=payment.method,
        user=payment.user_id,
        asked=payment.asked_minor,
        paid=said_minor,
        doubt=doubt,
    )
    await notify_payment(tx, shop, payment, "held")


# --- providers that are asked ----------------------------------------------------------------------


async def check_due_payments(shop: Shop, limit: int = 20) -> int:
    """Ask what became of payments that are due; returns how many were asked for."""
    async with shop.store.reading() as tx:
        due = await tx.payments.due(UNPAID_STATES, shop.clock.now(), limit)
    for payment in due:
        if not await _check(shop, payment):
            break  # the provider does not answer: the others need not wait for the same silence
    return len(due)


async def check_my_payment(shop: Shop, user_id: int, payment_id: int) -> Payment:
    """The customer says that they have paid: ask, at most every five seconds. Raises NotFound, TooFast."""
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
        await _check(shop, payment)
    async with shop.store.reading() as tx:
        return required(await tx.payments.for_owner(payment_id, user_id))


async def _may_check(tx: Transaction, payment_id: int, now: datetime) -> bool:
    return await tx.payments.claim_check(payment_id, now, now - _BETWEEN_CHECKS)


async def _check(shop: Shop, payment: Payment) -> bool:
    """False where the provider gave no answer."""
    provider = shop.payment_methods.get(payment.method)
    if payment.external_id is None:
        await shop.store.write(_lapse, shop, payment.id)
        return True
    if provider is None:
        await shop.store.write(_ask_again, shop, payment.id)
        return True
    try:
        report = await provider.check(payment)
    except MerchantRefused as refusal:
        await shop.store.write(_ask_again, shop, payment.id)
        await switch_off(shop, payment.method, refusal.code)
        return False
    except PaymentFailure:
        await shop.store.write(_ask_again, shop, payment.id)
        return False
    await shop.store.write(take_report, shop, payment.id, report)
    return True


async def take_report(tx: Transaction, shop: Shop, payment_id: int, report: PaymentReport) -> None:
    """Act on what a provider says. A report that was taken already changes nothing."""
    payment = await tx.payments.locked(payment_id)
    if payment.state not in UNPAID_STATES:
        return
    verdict = judge(payment, report, sandbox=await is_sandbox(tx, shop))
    await _act(tx, shop, payment, verdict)


async def _act(tx: Transaction, shop: Shop, payment: Payment, verdict: PaymentVerdict) -> None:
    if verdict.event is PaymentEvent.CONFIRM:
        await credit(tx, shop, payment, verdict.paid_minor, str(payment.method))
    elif verdict.event is PaymentEvent.DOUBT and verdict.doubt is not None:
        await flag_for_review(tx, shop, payment, verdict.paid_minor, verdict.doubt)
    elif verdict.event is PaymentEvent.EXPIRE:
        await _expire(tx, shop, payment)
        await _ask_again(tx, shop, payment.id)
    else:
        await _ask_again(tx, shop, payment.id)


async def _ask_again(tx: Transaction, shop: Shop, payment_id: int) -> None:
    """Set the next question: money that comes late still counts, for a day."""
    payment = await tx.payments.locked(payment_id)
    if payment.state not in UNPAID_STATES:
        return
    now = shop.clock.now()
    age = (now - payment.created_at).total_seconds()
    wait = timedelta(seconds=until_next_payment_check(age))
    over = age >= CHECK_PAYMENTS_FOR_SECONDS
    payment = await tx.payments.update(
        payment, due_at=None if over else now + wait, attempts=payment.attempts + 1
    )
    if over and payment.state is PaymentState.OPEN:
        await _expire(tx, shop, payment)


async def _lapse(tx: Transaction, shop: Shop, payment_id: int) -> None:
    """What nobody can be asked about runs out without a word: a receipt, or Stars, may still come."""
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


# --- Stars ------------------------------------------------------------------------------------------


async def check_star_order(
    shop: Shop, user_id: int, payload: str, *, currency: str, stars: int
) -> None:
    """The last look before Stars move: owner, expiry, amount, and what they are wanted for.

    Raises NotFound, SellingPaused; then nothing is paid.
    """
    async with shop.store.reading() as tx:
        payment = required(await tx.payments.for_owner(_payment_id(payload), user_id))
        off = await tx.payments.switched_off()
        order = await tx.orders.for_owner(payment.order_id, user_id) if payment.order_id else None
        if order is not None:
            await check_open(tx, shop, order.supplier)
    fits = (currency, stars) == ("XTR", payment.stars) and payment.method is Method.STARS
    if not fits or payment.state is not PaymentState.OPEN or Method.STARS in off:
        raise NotFound
    if shop.clock.now() >= payment.expires_at or Method.STARS not in shop.payment_methods:
        raise NotFound
    if order is not None:
        _check_order(shop, order)


def _check_order(shop: Shop, order: Order) -> None:
    """That the order still waits, and that the shelf still has it for its price. Raises NotFound."""
    now = shop.clock.now()
    if order.state is not OrderState.AWAITING_PAYMENT:
        raise NotFound
    if order.due_at is not None and order.due_at <= now:
        raise NotFound
    on_shelf = shop.shelf.denomination(order.denomination_id)
    if on_shelf.stock < order.quantity or on_shelf.cost_minor > order.highest_cost_minor:
        raise NotFound


@dataclass(frozen=True, slots=True)
class StarCharge:
    """Stars that Telegram says were paid."""

    user_id: int
    payload: str
    stars: int
    charge_id: str


async def take_stars(shop: Shop, charge: StarCharge) -> None:
    """Credited once for each charge, whatever else is true of it: late, twice, by somebody else."""
    await shop.store.write(_take_stars, shop, charge)


async def _take_stars(tx: Transaction, shop: Shop, charge: StarCharge) -> None:
    payment = await tx.payments.by_external_id(Method.STARS, charge.charge_id)
    if payment is not None and not is_unclaimed(payment):
        return
    if payment is None:
        wanted = await _wanted(tx, charge)
        if wanted is not None and wanted.external_id == charge.charge_id:
            return  # another process was faster
        if wanted is not None and wanted.external_id is None and wanted.state in UNPAID_STATES:
            payment = wanted
        else:  # a second payment of one invoice, or of one that is not ours: a row of its own
            payment = await add_star_payment(tx, shop, charge, wanted)
    if not payment.stars or not payment.asked_minor:
        await flag_unclaimed(tx, shop, payment)  # nobody says what a Star is worth
        return
    rate = StarRate(payment.asked_minor // payment.stars)  # as it was when it was asked for
    payment = await tx.payments.update(payment, external_id=charge.charge_id, stars=charge.stars)
    actor = f"stars:{charge.user_id}"
    await credit(tx, shop, payment, rate.worth(charge.stars), actor)
    # Where the nightly audit had laid it before the operators: told of at last, nobody need decide.
    await resolve_alert(tx, shop, review_alert(payment.id))


async def _wanted(tx: Transaction, charge: StarCharge) -> Payment | None:
    """The payment that the invoice was made for, where it is the payer's own."""
    try:
        payment = await tx.payments.locked(_payment_id(charge.payload))
    except NotFound:
        return None
    mine = payment.user_id == charge.user_id and payment.method is Method.STARS
    return payment if mine else None


def is_unclaimed(payment: Payment) -> bool:
    """Known from Telegram's list of movements only, so far."""
    return payment.state is PaymentState.HELD and payment.reason == Doubt.UNCLAIMED


async def add_star_payment(
    tx: Transaction, shop: Shop, charge: StarCharge, like: Payment | None = None
) -> Payment:
    now, rate = shop.clock.now(), shop.policy.star_rate
    payment_id = await tx.payments.add(
        key=f"stars:{charge.charge_id}"[:128],
        user_id=charge.user_id,
        method=Method.STARS,
        order_id=like.order_id if like else None,
        asked_minor=rate.worth(charge.stars) if rate else 0,
        stars=charge.stars,
        now=now,
        expires_at=now,
        message_id=None,
        external_id=charge.charge_id,
    )
    return await tx.payments.locked(required(payment_id))


async def flag_unclaimed(tx: Transaction, shop: Shop, payment: Payment) -> None:
    if payment.state in UNPAID_STATES:
        await flag_for_review(tx, shop, payment, payment.asked_minor, Doubt.UNCLAIMED)
