"""The confirm screen's promise: a price that holds for some minutes, for one customer, once."""

from dataclasses import dataclass

from bot.domain.catalogue import Product
from bot.domain.ledger import wallet
from bot.domain.orders import Quote
from bot.domain.supplier import Environment
from bot.errors import QuantityOutOfRange, SellingPaused
from bot.ports import Tables
from bot.services.browse import view_quantities
from bot.services.pauses import check_open
from bot.services.shop import Shop
from bot.services.topup import list_methods


@dataclass(frozen=True, slots=True)
class QuoteView:
    quote: Quote
    product: Product
    label: str
    wallet_minor: int
    sandbox: bool
    can_pay: bool  # there is a way to pay what the wallet lacks

    @property
    def missing_minor(self) -> int:
        return max(0, self.quote.total_minor - self.wallet_minor)


async def make_quote(shop: Shop, user_id: int, denomination_id: int, quantity: int) -> QuoteView:
    """Freeze a price. Raises SoldOut, QuantityOutOfRange, SellingPaused, NotFound."""
    view = view_quantities(shop, denomination_id)
    if not 1 <= quantity <= view.maximum:
        raise QuantityOutOfRange(1, view.maximum)
    quote, balance, environment, can_pay = await shop.store.write(
        _freeze, shop, user_id, denomination_id, quantity, view.offer.price_minor
    )
    sandbox = environment is Environment.SANDBOX
    return QuoteView(quote, view.product, view.offer.label, balance, sandbox, can_pay)


async def _freeze(
    tables: Tables, shop: Shop, user_id: int, denomination_id: int, quantity: int, price_minor: int
) -> tuple[Quote, int, Environment | None, bool]:
    account = await tables.operators.account(shop.supplier.name)
    if not account.selling:
        raise SellingPaused
    await check_open(tables)
    cost = shop.shelf.denomination(denomination_id).cost_minor
    highest = shop.policy.pricing.highest_cost(price_minor, cost)
    expires_at = shop.clock.now() + shop.policy.quote_lifetime
    quote_id = await tables.orders.add_quote(
        user_id=user_id,
        denomination_id=denomination_id,
        quantity=quantity,
        unit_price_minor=price_minor,
        unit_cost_minor=cost,
        highest_cost_minor=highest,
        expires_at=expires_at,
    )
    balance = await tables.ledger.balance(wallet(user_id))
    quote = Quote(
        quote_id,
        user_id,
        denomination_id,
        quantity,
        price_minor,
        cost,
        highest,
        expires_at,
        used=False,
    )
    return quote, balance, account.environment, bool(await list_methods(tables, shop))
