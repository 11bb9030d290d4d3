"""The payment methods on offer: PAYMENT_METHODS without those whose provider refuses us."""

from bot.domain.actions import ActionKind
from bot.domain.alerts import AlertKind
from bot.domain.payments import Method
from bot.payment_ports import PaymentMethod
from bot.refusals import MethodOff
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.shop import Shop
from storage.transaction import Transaction


async def methods_on(shop: Shop) -> tuple[Method, ...]:
    """The payment methods on offer now, in the owner's order."""
    if not shop.payment_methods:
        return ()
    async with shop.store.reading() as tx:
        return await list_methods(tx, shop)


async def list_methods(tx: Transaction, shop: Shop) -> tuple[Method, ...]:
    """`methods_on` within a transaction."""
    off = await tx.payments.switched_off()
    return tuple(method for method in shop.payment_methods if method not in off)


async def offered_method(tx: Transaction, shop: Shop, method: Method) -> PaymentMethod:
    """The payment method, where it is on offer. Raises MethodOff."""
    if method not in await list_methods(tx, shop):
        raise MethodOff
    return shop.payment_methods[method]


async def switch_off(shop: Shop, method: Method, code: str) -> None:
    """Stop offering a method whose provider refuses us, until an operator switches it on."""
    await shop.store.write(_switch_off, shop, method, code)


async def _switch_off(tx: Transaction, shop: Shop, method: Method, code: str) -> None:
    await tx.payments.switch_off(method, code[:64], shop.clock.now())
    await raise_alert(
        tx, shop, f"method_off:{method}", AlertKind.METHOD_OFF, method=method, code=code
    )


async def switch_on(shop: Shop, method: Method, *, key: str, operator_id: int) -> bool:
    """Offer a method again; False where it was on offer.

    The next payment shows if the provider takes it.
    """
    return await shop.store.write(_switch_on, shop, method, key, operator_id)


async def _switch_on(
    tx: Transaction, shop: Shop, method: Method, key: str, operator_id: int
) -> bool:
    if not await tx.payments.switch_on(method):
        return False
    await resolve_alert(tx, shop, f"method_off:{method}")
    await tx.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.METHOD,
        target=method,
        now=shop.clock.now(),
        before="off",
        after="on",
    )
    return True
