"""Beginning a payment: which ways there are, what is asked for, and its announcement to the provider."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.domain.ledger import wallet
from bot.domain.money import MINOR_PER_UNIT
from bot.domain.orders import Order, OrderState
from bot.domain.payments import (
    Asked,
    Begun,
    Limits,
    Method,
    Payment,
    PaymentEvent,
    PaymentState,
    next_state,
)
from bot.domain.records import ActionKind, AlertKind, Customer
from bot.errors import MerchantRefused, MethodOff, NothingToPay, PaymentFailure, TooManyPayments
from bot.ports import PaymentWay, Tables
from bot.services.alerts import raise_alert, settle_alert
from bot.services.shelf import required
from bot.services.shop import Shop

MOST_OPEN: Final = 8  # payments that one customer begins and does not make, within an hour
_HOUR: Final = timedelta(hours=1)
_AMOUNTS: Final = (500, 1000, 2000, 5000, 10_000, 20_000)
_FIRST_CHECK: Final = timedelta(seconds=12)


async def methods_on(shop: Shop) -> tuple[Method, ...]:
    """The ways to pay that are offered now, in the owner's order."""
    if not shop.ways:
        return ()
    async with shop.store.reading() as tables:
        return await list_methods(tables, shop)


async def list_methods(tables: Tables, shop: Shop) -> tuple[Method, ...]:
    off = await tables.payments.switched_off()
    return tuple(method for method in shop.ways if method not in off)


async def _way(tables: Tables, shop: Shop, method: Method) -> PaymentWay:
    """Raises MethodOff."""
    if method not in await list_methods(tables, shop):
        raise MethodOff
    return shop.ways[method]


@dataclass(frozen=True, slots=True)
class AmountsView:
    """What a screen that asks for an amount shows; `offers` are minor units with what is asked."""

    method: Method
    limits: Limits
    offers: tuple[Asked, ...]


async def view_amounts(shop: Shop, method: Method) -> AmountsView:
    """Raises MethodOff."""
    async with shop.store.reading() as tables:
        way = await _way(tables, shop, method)
    fitting = [dinars * MINOR_PER_UNIT for dinars in _AMOUNTS]
    offers = [way.ask(amount) for amount in fitting if _fits(way.limits, amount)]
    return AmountsView(method, way.limits, tuple(offers))


def _fits(limits: Limits, amount_minor: int) -> bool:
    return limits.least_minor <= amount_minor <= limits.most_minor


@dataclass(frozen=True, slots=True)
class AwaitingView:
    """An order that waits for money, as its customer sees it."""

    order: Order
    wallet_minor: int
    methods: tuple[Method, ...]

    @property
    def missing_minor(self) -> int:
        return max(0, self.order.total_minor - self.wallet_minor)


async def view_awaiting(shop: Shop, user_id: int, order_id: int) -> AwaitingView:
    """Raises NotFound."""
    async with shop.store.reading() as tables:
        order = required(await tables.orders.for_owner(order_id, user_id))
        balance = await tables.ledger.balance(wallet(user_id))
        return AwaitingView(order, balance, await list_methods(tables, shop))


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer wants to pay, and by which press of which message."""

    method: Method
    amount_minor: int | None  # None: what the order lacks
    order_id: int | None
    key: str
    message_id: int | None


async def begin_payment(shop: Shop, customer: Customer, wish: Wish) -> Payment:
    """Make a payment ready to be paid; an equal one that is still fresh is shown again.

    Raises MethodOff, AmountOutOfRange, NotFound, NothingToPay, TooManyPayments; PaymentFailure where
    the provider cannot be reached.
    """
    payment = await shop.store.write(_begin, shop, customer.id, wish)
    if payment.url is not None:
        return payment
    try:
        begun = await shop.ways[payment.method].begin(payment, customer)
    except MerchantRefused as refusal:
        await shop.store.write(_give_up, shop, payment.id)
        await switch_off(shop, payment.method, refusal.code)
        raise MethodOff from None
    except PaymentFailure:
        await shop.store.write(_give_up, shop, payment.id)
        raise
    return await shop.store.write(_announced, shop, payment.id, begun)


async def _begin(tables: Tables, shop: Shop, user_id: int, wish: Wish) -> Payment:
    known = await tables.payments.by_key(wish.key, user_id)
    if known is not None and known.state is PaymentState.OPEN:
        return known  # the same press, after a crash
    way = await _way(tables, shop, wish.method)
    amount = await _amount(tables, user_id, wish)
    asked, now = way.ask(amount), shop.clock.now()
    recent = await tables.payments.of_user(
        user_id, [PaymentState.OPEN, PaymentState.EXPIRED], now - max(_HOUR, way.reusable_for), 50
    )
    for payment in recent:
        if _is_same(payment, wish, asked) and payment.created_at > now - way.reusable_for:
            return payment
    if sum(payment.created_at > now - _HOUR for payment in recent) >= MOST_OPEN:
        raise TooManyPayments
    payment_id = await tables.payments.add(
        key=wish.key,
        user_id=user_id,
        method=wish.method,
        order_id=wish.order_id,
        asked_minor=asked.amount_minor,
        stars=asked.stars,
        now=now,
        expires_at=now + way.lifetime,
        message_id=wish.message_id,
        due_at=now + way.lifetime,
    )
    return await tables.payments.locked(required(payment_id))


async def _amount(tables: Tables, user_id: int, wish: Wish) -> int:
    if wish.order_id is None:
        return wish.amount_minor or 0
    order = required(await tables.orders.for_owner(wish.order_id, user_id))
    lacking = order.total_minor - await tables.ledger.balance(wallet(user_id))
    if order.state is not OrderState.AWAITING_PAYMENT or lacking <= 0:
        raise NothingToPay
    return lacking


def _is_same(payment: Payment, wish: Wish, asked: Asked) -> bool:
    return (
        payment.state is PaymentState.OPEN
        and payment.method is wish.method
        and payment.order_id == wish.order_id
        and (payment.asked_minor, payment.stars) == (asked.amount_minor, asked.stars)
    )


async def _announced(tables: Tables, shop: Shop, payment_id: int, begun: Begun) -> Payment:
    """Keep the provider's own name for it. Where it gives none, its word may have come meanwhile."""
    if begun.external_id is not None:
        due = shop.clock.now() + _FIRST_CHECK
        await tables.payments.change(
            payment_id, external_id=begun.external_id, url=begun.url, due_at=due
        )
    return await tables.payments.locked(payment_id)


async def _give_up(tables: Tables, shop: Shop, payment_id: int) -> None:
    payment = await tables.payments.locked(payment_id)
    if payment.state is PaymentState.OPEN:
        await tables.payments.change(
            payment_id,
            state=next_state(payment.state, PaymentEvent.EXPIRE),
            settled_at=shop.clock.now(),
            due_at=None,
        )


async def switch_off(shop: Shop, method: Method, code: str) -> None:
    """The provider takes no payments for us: the way disappears until an operator tries it again."""
    await shop.store.write(_switch_off, shop, method, code)


async def _switch_off(tables: Tables, shop: Shop, method: Method, code: str) -> None:
    await tables.payments.switch_off(method, code[:64], shop.clock.now())
    await raise_alert(
        tables, shop, f"method_off:{method}", AlertKind.METHOD_OFF, method=method, code=code
    )


async def switch_on(shop: Shop, method: Method, *, key: str, operator_id: int) -> bool:
    """An operator has mended the cause; False where it was on. The next customer tries it."""
    return await shop.store.write(_switch_on, shop, method, key, operator_id)


async def _switch_on(
    tables: Tables, shop: Shop, method: Method, key: str, operator_id: int
) -> bool:
    if not await tables.payments.switch_on(method):
        return False
    await settle_alert(tables, shop, f"method_off:{method}")
    await tables.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.METHOD,
        target=method,
        now=shop.clock.now(),
    )
    return True
