"""The check of price and stock right before an order is bought."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.catalogue import Hold, HoldReason, face_of
from bot.domain.orders import Order, Quote, ReturnReason
from bot.domain.pricing import fell_too_far
from bot.domain.records import AlertKind
from bot.domain.schedule import is_recent
from bot.domain.supplier import TEST_TYPES, Environment, OfferedDenomination, ProductOffer
from bot.errors import SupplierFailure, SupplierUnavailable, TryLater, required
from bot.services.catalogue.refresh import save_order_offer
from bot.services.messaging.alerts import raise_alert
from bot.services.shop import Shop
from storage.transaction import Transaction

_OFFER_SHARED_FOR = timedelta(seconds=10)
_FAILURE_SHARED_FOR = timedelta(seconds=1.5)  # less than any order waits before it asks again


@dataclass
class RecentOffers:
    """Offers that orders of one product share, by supplier and product.

    An order uses only an offer that was fetched after the order was paid.
    """

    offers: dict[tuple[str, str], ProductOffer] = field(default_factory=dict)
    failures: dict[tuple[str, str], tuple[datetime, SupplierFailure]] = field(default_factory=dict)

    def failure(self, order: Order, now: datetime) -> SupplierFailure | None:
        """A recent failure, so waiting orders share one failed call."""
        failed_at, failure = self.failures.get(_product_key(order), (None, None))
        return failure if is_recent(failed_at, now, _FAILURE_SHARED_FOR) else None

    def forget(self, order: Order) -> None:
        """The supplier refused what the offer promised: the next order asks again."""
        self.offers.pop(_product_key(order), None)

    def for_order(self, order: Order, now: datetime) -> ProductOffer | None:
        """A recent offer of all prices; one of a single price holds for its own quantity only."""
        offer = self.offers.get(_product_key(order))
        if offer is None or offer.only is not None or order.paid_at is None:
            return None
        recent = is_recent(offer.asked_at, now, _OFFER_SHARED_FOR)
        return offer if recent and offer.asked_at >= order.paid_at else None


def _product_key(order: Order) -> tuple[str, str]:
    return order.supplier, order.supplier_product_id


async def check_offer(shop: Shop, order: Order, recent: RecentOffers) -> ReturnReason | None:
    """Fetch price and stock again; the reason where the order cannot be bought as promised.

    None: it can be bought. Raises SupplierFailure.
    """
    offer = recent.for_order(order, shop.clock.now())
    if offer is None:
        offer = await _ask_offer(shop, order, recent)
        await save_order_offer(shop, order, offer)
    if order.supplier_type_id in TEST_TYPES:
        return None if order.environment is Environment.SANDBOX else ReturnReason.NOT_AVAILABLE
    found = next(
        (d for d in offer.denominations if d.supplier_type_id == order.supplier_type_id), None
    )
    async with shop.store.reading() as tx:
        promise = required(await tx.quotes.for_owner(order.quote_id, order.user_id))
        hold = await tx.catalogue.hold_of(order.denomination_id)
    if found is not None and not _is_as_promised(promise, found, named=offer.only is None):
        await shop.store.write(_tell_changed, shop, order, promise, found)
        return ReturnReason.NOT_AVAILABLE
    return _refusal(order, found, hold)


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


async def _ask_offer(shop: Shop, order: Order, recent: RecentOffers) -> ProductOffer:
    failure = recent.failure(order, shop.clock.now())
    if failure is not None:
        raise failure
    supplier = shop.suppliers[order.supplier]
    try:
        offer = await supplier.product(
            order.supplier_product_id, urgent=True, purchase=order.purchase
        )
    except (SupplierUnavailable, TryLater) as new_failure:
        recent.failures[_product_key(order)] = shop.clock.now(), new_failure
        raise
    recent.offers[_product_key(order)] = offer
    return offer


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
