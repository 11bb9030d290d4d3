"""Buying: one transaction uses the quote, creates the order and moves the money into escrow.

Where the wallet holds too little and a payment method is on offer, the order waits for the rest.
"""

from dataclasses import replace
from datetime import timedelta

from bot.domain.catalogue import Denomination, Product
from bot.domain.ledger import reserve, wallet
from bot.domain.orders import Order, OrderState, Quote
from bot.domain.schedule import LOOK_AFTER_SECONDS, is_ahead
from bot.domain.supplier import Environment
from bot.refusals import QuoteExpired, SoldOut, required
from bot.services.messaging.customers import find_customer
from bot.services.orders.quote import check_quantity
from bot.services.selling.pauses import check_open
from bot.services.selling.served import check_served
from bot.services.shop import Shop
from bot.services.wallet.methods import list_methods
from bot.services.wallet.unpaid_orders import check_unpaid_limit
from storage.transaction import Transaction


async def buy(
    shop: Shop, user_id: int, quote_id: int, message_id: int | None
) -> tuple[Order, bool]:
    """The order of a quote, and whether this call created it: a second call finds the same order.

    Raises NotFound, NotSold, QuoteExpired, QuantityOutOfRange, SoldOut, SellingPaused, Banned, TooManyPayments, and WalletTooSmall in a shop
    without payment methods; then nothing has changed.
    """
    return await shop.store.write(_buy, shop, user_id, quote_id, message_id)


async def _buy(
    tx: Transaction, shop: Shop, user_id: int, quote_id: int, message_id: int | None
) -> tuple[Order, bool]:
    quote = required(await tx.quotes.for_owner(quote_id, user_id))
    if quote.used:
        return required(await tx.orders.by_quote(quote_id, user_id)), False
    if not is_ahead(quote.expires_at, shop.clock.now(), shop.policy.quote_lifetime):
        raise QuoteExpired(quote.denomination_id, quote.quantity)
    denomination = shop.shelf.denomination(quote.denomination_id)
    product = shop.shelf.product(denomination.product_id)
    if not denomination.sellable or denomination.stock < quote.quantity:
        raise SoldOut  # since the quote was made
    environment = await check_open(tx, shop, denomination)
    await check_quantity(tx, shop, denomination.id, quote.quantity)
    customer = await find_customer(shop, tx, user_id)
    draft = _draft(shop, quote, product, denomination, environment, message_id, customer.locale)
    await tx.ledger.lock_wallet(user_id)
    await check_served(tx, user_id)  # with the wallet locked: a ban cancels what is there by then
    missing = quote.total_minor - await tx.ledger.balance(wallet(user_id))
    waits = missing > 0 and bool(await list_methods(tx, shop))
    if waits:
        await check_unpaid_limit(tx, user_id)
        due = shop.clock.now() + shop.policy.payment_window
        draft = replace(
            draft, state=OrderState.AWAITING_PAYMENT, paid_at=None, due_at=due, tell_at=None
        )
    order_id = await tx.orders.add(draft)
    if order_id is None:  # another connection has just used the quote
        return required(await tx.orders.by_quote(quote_id, user_id)), False
    if not waits:
        await tx.ledger.post(
            reserve(order_id, user_id, quote.total_minor), shop.clock.now(), f"customer:{user_id}"
        )
    return await tx.orders.locked(order_id), True


def _draft(
    shop: Shop,
    quote: Quote,
    product: Product,
    denomination: Denomination,
    environment: Environment,
    message_id: int | None,
    locale: str,
) -> Order:
    now = shop.clock.now()
    # An alias is sold under the names of its primary.
    primary = shop.shelf.primary(denomination)
    shown_product = shop.shelf.product(primary.product_id)
    return Order(
        id=0,
        user_id=quote.user_id,
        quote_id=quote.id,
        product_id=shown_product.id,
        denomination_id=denomination.id,
        product_title=shown_product.name_in(locale),
        denomination_label=primary.label,
        quantity=quote.quantity,
        unit_price_minor=quote.unit_price_minor,
        unit_cost_minor=quote.unit_cost_minor,
        highest_cost_minor=quote.highest_cost_minor,
        environment=environment,
        state=OrderState.PAID,
        supplier=product.supplier,
        supplier_product_id=product.supplier_product_id,
        supplier_type_id=denomination.supplier_type_id,
        supplier_order_id=None,
        created_at=now,
        paid_at=now,
        sent_at=None,
        accepted_at=None,
        settled_at=None,
        due_at=now,
        attempts=0,
        delivered_quantity=0,
        returned_minor=0,
        cost_minor=0,
        return_reason=None,
        attention=None,
        alerted_stuck=False,
        status_message_id=message_id,
        tell_at=now + timedelta(seconds=LOOK_AFTER_SECONDS),
    )
