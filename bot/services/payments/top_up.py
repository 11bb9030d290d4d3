"""Starting a payment: the amounts on offer, what is charged, and announcing it to the provider."""

import contextlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.domain.ledger import wallet
from bot.domain.money import MINOR_PER_UNIT
from bot.domain.orders import OrderState
from bot.domain.payments import (
    Charge,
    Limits,
    Method,
    Payment,
    PaymentEvent,
    PaymentState,
    StartedPayment,
)
from bot.domain.records import Customer
from bot.errors import MerchantRefused, PaymentFailure
from bot.refusals import MethodOff, NothingToPay, TooManyPayments, required
from bot.services.payments.environments import OTHER_ENVIRONMENT, fits_shop
from bot.services.payments.payable import check_payable
from bot.services.selling.served import check_served
from bot.services.shop import Shop
from bot.services.wallet.methods import offered_method, switch_off
from storage.transaction import Transaction

MOST_OPEN: Final = 8  # payments that one customer starts without paying, within an hour
_HOUR: Final = timedelta(hours=1)
_AMOUNTS: Final = (500, 1000, 2000, 5000, 10_000, 20_000)  # dinars
_FIRST_CHECK: Final = timedelta(seconds=12)


@dataclass(frozen=True, slots=True)
class AmountsView:
    """What a screen that asks for an amount shows; `offers` are the charges of its buttons."""

    method: Method
    limits: Limits
    offers: tuple[Charge, ...]


async def view_amounts(shop: Shop, method: Method) -> AmountsView:
    """The amounts to offer for a payment method. Raises MethodOff."""
    async with shop.store.reading() as tx:
        provider = await offered_method(tx, shop, method)
    fitting = [dinars * MINOR_PER_UNIT for dinars in _AMOUNTS]
    offers = [provider.charge_for(amount) for amount in fitting if provider.limits.allow(amount)]
    return AmountsView(method, provider.limits, tuple(offers))


@dataclass(frozen=True, slots=True)
class TopUpRequest:
    """What a customer wants to pay; `key` names their press, `message_id` the pressed message."""

    method: Method
    amount_minor: int | None  # None: what the wallet lacks for the order
    order_id: int | None
    key: str
    message_id: int | None


async def begin_payment(shop: Shop, customer: Customer, request: TopUpRequest) -> Payment:
    """Start a payment with its provider and return it.

    A second call with the same key, or an equal request within the method's `reusable_for`, returns
    the same payment.

    Raises MethodOff, AmountOutOfRange, NotFound, NothingToPay, SellingPaused, TooManyPayments, Banned;
    PaymentFailure where the provider cannot be reached, or gives the link of another payment.
    """
    payment = await shop.store.write(_begin, shop, customer.id, request)
    if payment.url is not None:
        return payment
    provider = shop.payment_methods[payment.method]
    try:
        started = await provider.start(payment, customer)
    except MerchantRefused as refusal:
        await shop.store.write(_expire, shop, payment.id)
        await switch_off(shop, payment.method, refusal.code)
        raise MethodOff from None
    except PaymentFailure:
        await shop.store.write(_expire, shop, payment.id)
        raise
    if not await fits_shop(shop, started.sandbox):
        await shop.store.write(_expire, shop, payment.id)
        await switch_off(shop, payment.method, OTHER_ENVIRONMENT)
        raise MethodOff
    saved = await shop.store.write(_save_started, shop, payment.id, started)
    if saved is None:
        raise PaymentFailure("KNOWN_ID")
    return saved


async def withdraw_earlier(shop: Shop, payment: Payment) -> None:
    """End earlier links for the same order, so that it is not paid twice, as far as that is possible.

    To be called once the customer has the new link: the provider may take its time. One that is paid
    all the same comes into the wallet, as ever. A second call ends what is still open.
    """
    provider = shop.payment_methods.get(payment.method)
    if payment.order_id is None or provider is None:
        return
    async with shop.store.reading() as tx:
        since = shop.clock.now() - max(_HOUR, provider.lifetime)
        open_ones = await tx.payments.of_user(
            payment.user_id, [PaymentState.OPEN], since, MOST_OPEN
        )
    for earlier in open_ones:
        is_earlier = earlier.order_id == payment.order_id and earlier.id < payment.id
        if is_earlier and earlier.method is payment.method and earlier.external_id:
            with contextlib.suppress(PaymentFailure):
                await provider.withdraw(earlier)


async def _begin(tx: Transaction, shop: Shop, user_id: int, request: TopUpRequest) -> Payment:
    known = await tx.payments.by_key(request.key, user_id)
    if known is not None and known.state is PaymentState.OPEN:
        return known  # the same press again, after a crash
    await check_served(tx, user_id)
    provider = await offered_method(tx, shop, request.method)
    amount = await _amount(tx, shop, user_id, request)
    charge, now = provider.charge_for(amount), shop.clock.now()
    recent = await tx.payments.of_user(
        user_id,
        [PaymentState.OPEN, PaymentState.EXPIRED],
        now - max(_HOUR, provider.reusable_for),
        50,
    )
    for payment in recent:
        if _is_same(payment, request, charge) and payment.created_at > now - provider.reusable_for:
            return payment
    if sum(payment.created_at > now - _HOUR for payment in recent) >= MOST_OPEN:
        raise TooManyPayments
    payment_id = await tx.payments.add(
        key=request.key,
        user_id=user_id,
        method=request.method,
        order_id=request.order_id,
        asked_minor=charge.amount_minor,
        stars=charge.stars,
        now=now,
        expires_at=now + provider.lifetime,
        message_id=request.message_id,
        due_at=now + provider.lifetime,
    )
    return await tx.payments.locked(required(payment_id))


async def _amount(tx: Transaction, shop: Shop, user_id: int, request: TopUpRequest) -> int:
    if request.order_id is None:
        return request.amount_minor or 0
    order = required(await tx.orders.for_owner(request.order_id, user_id))
    lacking = order.total_minor - await tx.ledger.balance(wallet(user_id))
    if order.state is not OrderState.AWAITING_PAYMENT or lacking <= 0:
        raise NothingToPay
    await check_payable(tx, shop, order)
    return lacking


def _is_same(payment: Payment, request: TopUpRequest, charge: Charge) -> bool:
    return (
        payment.state is PaymentState.OPEN
        and payment.method is request.method
        and payment.order_id == request.order_id
        and (payment.asked_minor, payment.stars) == (charge.amount_minor, charge.stars)
    )


async def _save_started(
    tx: Transaction, shop: Shop, payment_id: int, started: StartedPayment
) -> Payment | None:
    """Store the provider's id and link.

    Without an id the payment may be credited already: unchanged. None, and the payment has expired,
    where another one has the id: its link takes the money of that one.
    """
    payment = await tx.payments.locked(payment_id)
    if started.external_id is None:
        return payment
    known = await tx.payments.owner_by_external_id(payment.method, started.external_id)
    if known is not None:
        await _expire(tx, shop, payment_id)
        return None
    due = shop.clock.now() + _FIRST_CHECK
    return await tx.payments.update(
        payment, external_id=started.external_id, url=started.url, due_at=due
    )


async def _expire(tx: Transaction, shop: Shop, payment_id: int) -> None:
    payment = await tx.payments.locked(payment_id)
    if payment.state is PaymentState.OPEN:
        await tx.payments.move(
            payment, PaymentEvent.EXPIRE, settled_at=shop.clock.now(), due_at=None
        )
