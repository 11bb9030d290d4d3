"""Quotes: a price that holds for some minutes, for one customer, and is used once."""

from dataclasses import dataclass, replace

from bot.domain.alerts import AlertKind
from bot.domain.brands import UNKNOWN_REGION
from bot.domain.catalogue import Denomination, Product, face_of
from bot.domain.curation import Subject
from bot.domain.guides import Guide
from bot.domain.ledger import wallet
from bot.domain.orders import Quote
from bot.domain.supplier import Environment
from bot.refusals import NotFound, NotSold, QuantityOutOfRange, Refused, SellingPaused
from bot.services.catalogue.browse import price_of, stock_of, view_quantities
from bot.services.messaging.alerts import raise_alert
from bot.services.selling.balance import free_balance, short_alert_key
from bot.services.selling.pauses import check_open
from bot.services.selling.served import check_served
from bot.services.shop import Shop
from bot.services.wallet.methods import list_methods
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class QuoteView:
    quote: Quote
    product: Product
    label: str
    wallet_minor: int
    sandbox: bool
    can_pay: bool  # a payment method is on offer for what the wallet lacks
    region: str = UNKNOWN_REGION  # as in browse.ProductEntry
    guide: Guide | None = None  # of its brand: on which accounts its codes work

    @property
    def missing_minor(self) -> int:
        return max(0, self.quote.total_minor - self.wallet_minor)


async def make_quote(shop: Shop, user_id: int, denomination_id: int, quantity: int) -> QuoteView:
    """Freeze a price for a customer; each call makes a new quote.

    Raises SoldOut, QuantityOutOfRange, SellingPaused, NotFound, NotSold, Banned.
    """
    view = view_quantities(shop, denomination_id)
    if not 1 <= quantity <= view.maximum:
        raise QuantityOutOfRange(1, view.maximum)
    frozen = await shop.store.write(_freeze, shop, user_id, denomination_id, quantity)
    if isinstance(frozen, _BeyondBalance):
        if frozen.affordable:
            raise QuantityOutOfRange(1, frozen.affordable)
        raise SellingPaused
    quote, balance, environment, can_pay = frozen
    sandbox = environment is Environment.SANDBOX
    placing, label = shop.shelf.placing(view.product), view.offer.label
    guide = shop.guides.of(placing.brand)
    return QuoteView(quote, view.product, label, balance, sandbox, can_pay, placing.region, guide)


@dataclass(frozen=True, slots=True)
class _BeyondBalance:
    """The balance at the supplier that sells does not pay for the order."""

    supplier: str
    cost_minor: int  # of the whole order
    free_minor: int  # of the balance
    affordable: int  # units that the balance pays for


async def _tell_short(tx: Transaction, shop: Shop, short: _BeyondBalance) -> None:
    await raise_alert(
        tx,
        shop,
        short_alert_key(short.supplier),
        AlertKind.BALANCE_SHORT,
        supplier=short.supplier,
        cost=short.cost_minor,
        balance=max(0, short.free_minor),
    )


async def _choose_denomination(
    tx: Transaction, shop: Shop, denomination_id: int, quantity: int
) -> tuple[Denomination, Environment] | _BeyondBalance:
    """The own stock, else the cheapest linked denomination, with this quantity whose supplier sells and is paid.

    Raises SellingPaused; QuantityOutOfRange where what sells now has fewer; NotSold where an operator
    keeps all of it off the shelf.
    """
    short: _BeyondBalance | None = None
    refusal: Refused | None = None
    fewer = 0
    shown = shop.shelf.shown(denomination_id)
    for linked in shop.shelf.twins(denomination_id):
        if not _same_face(linked, shown):
            continue
        supplier = shop.shelf.product(linked.product_id).supplier
        try:
            environment = await check_open(tx, shop, linked)
        except SellingPaused as paused:
            refusal = paused
            continue
        except NotSold as hidden:
            refusal = refusal or hidden
            continue
        stock = stock_of(shop, linked)
        if stock < quantity:
            fewer = max(fewer, stock)
            continue
        cost = linked.cost_minor * quantity
        free = await free_balance(tx, supplier)
        if free is None or cost <= free:
            return linked, environment
        affordable = max(0, free // linked.cost_minor)
        if short is None or affordable > short.affordable:
            short = _BeyondBalance(supplier, cost, free, affordable)
    if short is None and fewer:
        raise QuantityOutOfRange(1, fewer)
    if short is None:
        raise refusal or SellingPaused()
    return short


async def can_be_sold(tx: Transaction, shop: Shop, denomination_id: int) -> bool:
    """Whether one code of a value could be quoted now: in stock, not paused, and we can pay for it."""
    try:
        found = await _choose_denomination(tx, shop, denomination_id, 1)
    except (NotFound, SellingPaused):
        return False
    return not isinstance(found, _BeyondBalance)


async def check_quantity(tx: Transaction, shop: Shop, denomination_id: int, quantity: int) -> None:
    """Check that an order of what customers see as this value may be so large.

    Raises QuantityOutOfRange.
    """
    shown = shop.shelf.shown(denomination_id)
    most = (await tx.curation.marks(Subject.product(shown.product_id))).max_quantity
    if most is not None and quantity > most:
        raise QuantityOutOfRange(1, most)


def _same_face(linked: Denomination, shown: Denomination) -> bool:
    """Whether a linked value still is the one that the customer sees, as far as both tell."""
    ours, theirs = face_of(linked), face_of(shown)
    return ours is None or theirs is None or ours == theirs


async def _freeze(
    tx: Transaction, shop: Shop, user_id: int, denomination_id: int, quantity: int
) -> tuple[Quote, int, Environment, bool] | _BeyondBalance:
    await check_served(tx, user_id)
    await check_quantity(tx, shop, denomination_id, quantity)
    found = await _choose_denomination(tx, shop, denomination_id, quantity)
    if isinstance(found, _BeyondBalance):
        await _tell_short(tx, shop, found)
        return found
    chosen, environment = found
    cost, price_minor, face = chosen.cost_minor, price_of(shop, chosen), face_of(chosen)
    quote = Quote(
        0,
        user_id,
        chosen.id,
        quantity,
        price_minor,
        cost,
        shop.policy.pricing.highest_cost(price_minor, cost),
        shop.clock.now() + shop.policy.quote_lifetime,
        used=False,
        label=chosen.label,
        face_minor=face and face[0],
        currency=face[1] if face else "",
    )
    quote = replace(quote, id=await tx.quotes.add(quote))
    balance = await tx.ledger.balance(wallet(user_id))
    return quote, balance, environment, bool(await list_methods(tx, shop))
