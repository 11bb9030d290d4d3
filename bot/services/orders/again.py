"""Buying again: a fresh quote of what an order bought. Nothing here buys."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeVar

from bot.domain.catalogue import Denomination, face_of
from bot.domain.orders import Order, Quote
from bot.errors import StorageFailure, SupplierFailure
from bot.refusals import (
    NotFound,
    QuantityOutOfRange,
    SellingPaused,
    SoldOut,
    ValueOutOfRange,
    required,
)
from bot.services.catalogue.browse import Place, place_of, view_quantities
from bot.services.catalogue.refresh import is_stale, refresh_product
from bot.services.catalogue.values import choose_value
from bot.services.orders.quote import QuoteView, make_quote
from bot.services.shop import Shop

T = TypeVar("T")

# Home is shown without what was bought last where the storage takes longer than this.
_LAST_SECONDS: Final = 0.3
_PRICES_SECONDS: Final = 3.0  # then the prices that are known have to do: they are compared again


@dataclass(frozen=True, slots=True)
class Again:
    """A fresh quote of what `order` bought; money in minor units."""

    order: Order
    view: QuoteView

    @property
    def other_price_minor(self) -> int | None:
        """What one code cost last time, where it costs something else now."""
        before = self.order.unit_price_minor
        return before if before != self.view.quote.unit_price_minor else None

    @property
    def is_fewer(self) -> bool:
        return self.view.quote.quantity < self.order.quantity


class Hindrance(StrEnum):
    """Why what was bought cannot be bought again now."""

    GONE = "gone"  # hidden, not listed any more, or something else by the same name
    PAUSED = "paused"
    SOLD_OUT = "sold_out"


@dataclass(frozen=True, slots=True)
class NotAgain:
    """`place`: where the product stands, if it is on the shelf still.
    `denomination_id`: the value as customers see it, where it is sold out.
    `paused`: what customers read of the pause."""

    order: Order
    why: Hindrance
    place: Place | None
    denomination_id: int | None = None
    paused: SellingPaused = field(default_factory=SellingPaused)


async def quote_again(shop: Shop, user_id: int, order_id: int) -> Again | NotAgain:
    """Quote the value and the quantity of an order anew; fewer where fewer can be bought.

    Each call makes a quote of its own. Raises NotFound for an order that is not this customer's,
    and NoPrice where the supplier names none for a value that was typed.
    """
    async with shop.store.reading() as tx:
        order = required(await tx.orders.for_owner(order_id, user_id))
        quote = required(await tx.quotes.for_owner(order.quote_id, user_id))
    try:
        denomination_id = await _find(shop, order, quote)
        return Again(order, await _quote(shop, user_id, denomination_id, order.quantity))
    except (NotFound, ValueOutOfRange):
        return NotAgain(order, Hindrance.GONE, _place(shop, order))
    except SellingPaused as paused:
        return NotAgain(order, Hindrance.PAUSED, _place(shop, order), paused=paused)
    except SoldOut:
        shown = shop.shelf.shown(order.denomination_id)
        return NotAgain(order, Hindrance.SOLD_OUT, _place(shop, order), shown.id)


async def _find(shop: Shop, order: Order, quote: Quote) -> int:
    """The id of the order's value, with prices that are not old if the supplier answers in time.

    Raises NotFound, also where the value means something else by now.
    """
    value = shop.shelf.shown(order.denomination_id)
    if not _is_same(value, quote):
        raise NotFound
    if value.typed:
        within = [d for d in shop.shelf.of_product(value.product_id) if d.is_range]
        if not within or value.lowest_minor is None:
            raise NotFound
        return await choose_value(shop, within[0].id, value.lowest_minor)
    product = shop.shelf.product(value.product_id)
    if is_stale(shop, product):
        await _within(shop, _PRICES_SECONDS, _ask(shop, product.id))
    if not _is_same(shop.shelf.shown(value.id), quote):
        raise NotFound
    return value.id


def _is_same(value: Denomination, quote: Quote) -> bool:
    """Whether a value is what was promised, as far as both tell."""
    face = face_of(value)
    if face is None or quote.face_minor is None:
        return value.label == quote.label or not quote.label
    return face == (quote.face_minor, quote.currency)


async def _quote(shop: Shop, user_id: int, denomination_id: int, quantity: int) -> QuoteView:
    most = view_quantities(shop, denomination_id).maximum
    try:
        return await make_quote(shop, user_id, denomination_id, min(quantity, most))
    except QuantityOutOfRange as beyond:  # what our balance at the supplier pays for
        return await make_quote(shop, user_id, denomination_id, beyond.maximum)


def _place(shop: Shop, order: Order) -> Place | None:
    product = shop.shelf.products.get(order.product_id)
    return place_of(shop, product) if product else None


async def _ask(shop: Shop, product_id: int) -> None:
    try:
        await refresh_product(shop, product_id)
    except (SupplierFailure, StorageFailure, NotFound) as failure:
        shop.items.report(f"prices of product {product_id}: {type(failure).__name__}")


async def _within(shop: Shop, seconds: float, work: Awaitable[T]) -> T | None:
    """What `work` gives within this time; None where it takes longer. It goes on then."""
    task = asyncio.ensure_future(work)
    shop.items.keep(task)
    done, _ = await asyncio.wait([task], timeout=seconds)
    return task.result() if done else None


async def find_last_bought(shop: Shop, user_id: int) -> Order | None:
    """The last order that brought a customer codes, while its value is on the shelf.

    One reading by an index. None also where the storage fails, or does not answer at once: Home is
    shown without it.
    """
    order = await _within(shop, _LAST_SECONDS, _read_last(shop, user_id))
    if order is None:
        return None
    try:
        shop.shelf.shown(order.denomination_id)
    except NotFound:
        return None
    return order


async def _read_last(shop: Shop, user_id: int) -> Order | None:
    try:
        async with shop.store.reading() as tx:
            return await tx.orders.last_delivered(user_id)
    except StorageFailure:
        return None
