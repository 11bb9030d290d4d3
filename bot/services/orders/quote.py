"""Quotes: a price that holds for some minutes, for one customer, and is used once."""

from dataclasses import dataclass, replace

from bot.domain.catalogue import Denomination, Product, face_of
from bot.domain.ledger import wallet
from bot.domain.orders import Quote
from bot.domain.supplier import Environment
from bot.errors import QuantityOutOfRange, SellingPaused
from bot.services.catalogue.browse import price_of, stock_of, view_quantities
from bot.services.selling.pauses import check_open
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

    @property
    def missing_minor(self) -> int:
        return max(0, self.quote.total_minor - self.wallet_minor)


async def make_quote(shop: Shop, user_id: int, denomination_id: int, quantity: int) -> QuoteView:
    """Freeze a price for a customer; each call makes a new quote.

    Raises SoldOut, QuantityOutOfRange, SellingPaused, NotFound.
    """
    view = view_quantities(shop, denomination_id)
    if not 1 <= quantity <= view.maximum:
        raise QuantityOutOfRange(1, view.maximum)
    quote, balance, environment, can_pay = await shop.store.write(
        _freeze, shop, user_id, denomination_id, quantity
    )
    sandbox = environment is Environment.SANDBOX
    return QuoteView(quote, view.product, view.offer.label, balance, sandbox, can_pay)


async def _choose_denomination(
    tx: Transaction, shop: Shop, denomination_id: int, quantity: int
) -> tuple[Denomination, Environment]:
    """The cheapest linked denomination with this quantity whose supplier sells.

    Raises SellingPaused.
    """
    for linked in shop.shelf.twins(denomination_id):
        if stock_of(shop, linked) < quantity:
            continue
        try:
            supplier = shop.shelf.product(linked.product_id).supplier
            return linked, await check_open(tx, shop, supplier)
        except SellingPaused:
            continue
    raise SellingPaused


async def _freeze(
    tx: Transaction, shop: Shop, user_id: int, denomination_id: int, quantity: int
) -> tuple[Quote, int, Environment, bool]:
    chosen, environment = await _choose_denomination(tx, shop, denomination_id, quantity)
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
