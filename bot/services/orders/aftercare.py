"""What a customer asks about an order after its codes came: how to redeem them, and what was paid."""

from dataclasses import dataclass

from bot.domain.brands import Placing
from bot.domain.curation import split_guide
from bot.domain.guides import Guide
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.refusals import NothingToShow, required
from bot.services.shop import Shop


@dataclass(frozen=True, slots=True)
class HowTo:
    """How the codes of an order are redeemed. `guide` None: nobody knows the brand.

    `own`: the operator's words, which take the place of the guide's steps, and `own_url` the address of their button.
    `has_picture`: its product has one, and is on the shelf.
    """

    order: Order
    guide: Guide | None
    url: str  # the brand's own page; empty: none is known
    own: str = ""
    own_url: str = ""
    has_picture: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """An order and the payment that was made for it, if any; no codes."""

    order: Order
    payment: Payment | None


async def how_to_redeem(shop: Shop, user_id: int, order_id: int, locale: str) -> HowTo:
    """How to redeem the codes of an order, which need not be in the catalogue any more.

    Raises NotFound, also for somebody else's order, and NothingToShow before a code was delivered.
    """
    async with shop.store.reading() as tx:
        order = required(await tx.orders.for_owner(order_id, user_id))
    if not order.delivered_quantity:
        raise NothingToShow
    placing = placing_of(shop, order)
    guide = shop.guides.of(placing.brand)
    own = split_guide(shop.shelf.curation.guide(order.product_id, locale))
    shelf = shop.shelf
    has_picture = order.product_id in shelf.products and order.product_id in shelf.curation.pictures
    url = guide.url_in(placing.region) if guide else ""
    return HowTo(order, guide, url, *own, has_picture=has_picture)


def placing_of(shop: Shop, order: Order) -> Placing:
    """Brand and region of an order: of its product, else as far as its title tells."""
    product = shop.shelf.known.get(order.product_id)
    if product is not None:
        return shop.shelf.placing(product)
    return shop.shelf.brands.place("", order.product_title, "")


async def summarise(shop: Shop, user_id: int, order_id: int) -> Summary:
    """What was ordered, paid and refunded. Raises NotFound, and NothingToShow for an unpaid order."""
    async with shop.store.reading() as tx:
        order = required(await tx.orders.for_owner(order_id, user_id))
        if order.paid_at is None:
            raise NothingToShow
        return Summary(order, await tx.payments.that_paid(order))
