"""The check of price and stock right before an order is bought."""

from bot.domain.alerts import AlertKind
from bot.domain.catalogue import Hold, HoldReason, face_of
from bot.domain.orders import Order, Quote, ReturnReason
from bot.domain.pricing import fell_too_far
from bot.domain.supplier import TEST_TYPES, Environment, OfferedDenomination, ProductOffer
from bot.errors import SupplierUnavailable
from bot.refusals import required
from bot.services.catalogue.refresh import save_order_offer
from bot.services.messaging.alerts import raise_alert
from bot.services.shared_prices import PriceKey
from bot.services.shop import Shop
from storage.transaction import Transaction


async def check_offer(shop: Shop, order: Order) -> ReturnReason | None:
    """Compare price and stock with the order's quote; the reason where it cannot be bought.

    None: it can be bought. An answer of the last `price_shared_for` is used, whoever asked. Only one
    to a question that was sent after the order was paid refuses an order; for an older one the
    supplier is asked anew. Raises SupplierFailure.
    """
    key, seconds = _key(shop, order), shop.policy.price_shared_for.total_seconds()
    offer = shop.prices.recent(key, shop.clock.monotonic(), seconds)
    if offer is not None:
        reason, changed = await _compare(shop, order, offer)
        if reason is not None and order.paid_at is not None and offer.asked_at < order.paid_at:
            offer, seconds = None, 0.0
    if offer is None:
        offer = await _ask(shop, order, key, seconds)
        reason, changed = await _compare(shop, order, offer)
    if changed is not None:
        await shop.store.write(_tell_changed, shop, order, *changed)
    return reason


def _key(shop: Shop, order: Order) -> PriceKey:
    """An answer with all prices serves all orders of the product; else only equal purchases."""
    whole = shop.suppliers[order.supplier].policy.prices_products
    return PriceKey(order.supplier, order.supplier_product_id, None if whole else order.purchase)


async def _ask(shop: Shop, order: Order, key: PriceKey, seconds: float) -> ProductOffer:
    failure = shop.prices.recent_failure(key, shop.clock.monotonic())
    if failure is not None:
        raise failure

    async def question() -> ProductOffer:
        offer = await shop.suppliers[order.supplier].product(
            order.supplier_product_id, urgent=True, purchase=order.purchase
        )
        if offer.complete:
            await save_order_offer(shop, order, offer)
        return offer

    return await shop.prices.ask(key, question, shop.clock.monotonic, seconds)


async def _compare(
    shop: Shop, order: Order, offer: ProductOffer
) -> tuple[ReturnReason | None, tuple[Quote, OfferedDenomination] | None]:
    """The reason not to buy; and where the type means another value now, promise and offer.

    Raises SupplierUnavailable where the order's price is among those that could not be read.
    """
    if order.supplier_type_id in TEST_TYPES:
        is_test = order.environment is Environment.SANDBOX
        return None if is_test else ReturnReason.NOT_AVAILABLE, None
    found = next(
        (d for d in offer.denominations if d.supplier_type_id == order.supplier_type_id), None
    )
    if found is None and not offer.complete:
        raise SupplierUnavailable(order.supplier_product_id, "UNREADABLE")
    async with shop.store.reading() as tx:
        promise = required(await tx.quotes.for_owner(order.quote_id, order.user_id))
        hold = await tx.catalogue.hold_of(order.denomination_id)
    if found is not None and not _is_as_promised(promise, found, named=offer.only is None):
        return ReturnReason.NOT_AVAILABLE, (promise, found)
    return _refusal(order, found, hold), None


def _is_as_promised(promise: Quote, found: OfferedDenomination, *, named: bool) -> bool:
    """Whether a type still means the value that the customer was promised.

    Only what both sides tell is compared. `named`: the label is the supplier's; the answer to a
    question of one price repeats what was asked.
    """
    if named and promise.label and _plain(promise.label) != _plain(found.label):
        return False
    value, currency = face_of(found) or (found.lowest_minor, found.currency)
    if promise.currency and currency and promise.currency != currency:
        return False
    return promise.face_minor is None or value is None or promise.face_minor == value


def _plain(label: str) -> str:
    return " ".join(label.casefold().split())


async def _tell_changed(
    tx: Transaction, shop: Shop, order: Order, promise: Quote, found: OfferedDenomination
) -> None:
    await raise_alert(
        tx,
        shop,
        f"offer_changed:{order.id}",
        AlertKind.OFFER_CHANGED,
        order=order.id,
        supplier=order.supplier,
        before=promise.label or "—",
        label=found.label or "—",
    )


def _refusal(
    order: Order, found: OfferedDenomination | None, hold: Hold | None
) -> ReturnReason | None:
    if found is None or found.stock < order.quantity or found.cost_minor <= 0:
        return ReturnReason.SOLD_OUT
    # What is charged counts, where that is known to differ from the price that is named.
    drifted = hold is not None and hold.reason is HoldReason.DRIFT
    cost = max(found.cost_minor, hold.cost_minor) if hold and drifted else found.cost_minor
    if cost > order.highest_cost_minor:
        return ReturnReason.PRICE_ROSE
    too_low = fell_too_far(order.unit_cost_minor, found.cost_minor)
    return ReturnReason.NOT_AVAILABLE if too_low else None
