"""What the plays of all steps share: the test shop, its operator, buying, and waiting."""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Final, TypeVar

from bot.domain.catalogue import Denomination
from bot.domain.orders import Order, OrderState
from bot.domain.records import Customer
from bot.domain.supplier import TEST_TYPES
from bot.errors import SupplierFailure
from bot.factories import build_sender
from bot.refusals import NothingToShow
from bot.rehearsal.asking import Asker
from bot.rehearsal.updates import SortedUpdates
from bot.rehearsal.witness import Witness
from bot.services.catalogue.browse import list_categories
from bot.services.catalogue.refresh import is_stale, refresh_product
from bot.services.codes.reveal import open_code_messages
from bot.services.orders.checkout import buy
from bot.services.orders.quote import make_quote
from bot.services.shop import Shop
from bot.settings import Settings
from handlers.application import BotParts
from handlers.middleware.threads import Threads
from locales import Words

T = TypeVar("T")

ENDED: Final = (OrderState.FULFILLED, OrderState.PARTIAL, OrderState.REFUNDED)
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z_-]{0,47}")
_LOOK_SECONDS: Final = 0.2
_PRODUCTS_ASKED: Final = 8  # for one that can be bought


class NotPossible(Exception):
    """A step cannot be played now; the text, in English, is for the report."""


class Skipped(Exception):
    """The operator does not want to wait for it any longer."""


@dataclass
class Rehearsal:
    """The shop of a rehearsal, which has a database of its own, and the operator who attends."""

    settings: Settings
    shop: Shop
    telegram: BotParts
    updates: SortedUpdates
    witness: Witness
    asker: Asker
    words: Words
    operator: Customer
    codes: set[str] = field(default_factory=set)  # what no report may hold
    kept: dict[str, dict[str, str | int]] = field(default_factory=dict)  # of earlier rehearsals

    @property
    def test_supplier(self) -> str:
        """A supplier that sells test codes, the one with immediate deliveries first. Raises NotPossible."""
        for name in self.shop.suppliers:
            return name
        raise NotPossible("no supplier with a test key answered")

    def tell(self, key: str, **values: str | int) -> None:
        self.asker.say(self.words.plain(key, **values))

    @contextlib.contextmanager
    def set_otherwise(self, **changes: object) -> Iterator[None]:
        """The shop with other settings, within the block."""
        changed = self.settings.model_copy(update=changes)
        before = self.shop.policy, self.shop.sender
        sender = build_sender(self.telegram.bot, Threads(), changed)
        self.shop.policy, self.shop.sender = changed.policy(), sender
        try:
            yield
        finally:
            self.shop.policy, self.shop.sender = before

    async def until(self, look: Callable[[], Awaitable[T | None]], seconds: float) -> T | None:
        """What `look` finds, or None after so many seconds. Raises Skipped."""
        skipping = asyncio.ensure_future(self.asker.until_skipped())
        end = monotonic() + seconds
        try:
            while (found := await look()) is None:
                if skipping.done():
                    raise Skipped
                if monotonic() >= end:
                    return None
                await asyncio.wait([skipping], timeout=_LOOK_SECONDS)
            return found
        finally:
            skipping.cancel()
            await asyncio.gather(skipping, return_exceptions=True)

    async def value_of(self, supplier: str, quantity: int, type_id: str = "") -> Denomination:
        """The cheapest value of one product that can be bought; `type_id`: the one of this type.

        Raises NotPossible.
        """
        asked = 0
        for product_id in self._products_of(supplier):
            if asked >= _PRODUCTS_ASKED:
                break
            if is_stale(self.shop, self.shop.shelf.product(product_id)):
                asked += 1
                try:
                    await refresh_product(self.shop, product_id)
                except SupplierFailure as failure:
                    raise NotPossible(f"{supplier}: {describe(failure)}") from None
            found = [
                each
                for each in self.shop.shelf.all_of(product_id)
                if _fits(each, quantity, type_id)
            ]
            if found:
                return min(found, key=lambda each: each.cost_minor)
        raise NotPossible(f"{supplier} has nothing in stock that could be bought for a test")

    def _products_of(self, supplier: str) -> Iterator[int]:
        for category in list_categories(self.shop):
            for product in self.shop.shelf.of_category(category.id):
                if product.supplier == supplier and product.enabled:
                    yield product.id

    async def buy(self, supplier: str, quantity: int = 1, type_id: str = "") -> Order:
        """Buy for the operator as a customer does: a quote, then the order. Raises NotPossible, Refused."""
        value = await self.value_of(supplier, quantity, type_id)
        view = await make_quote(self.shop, self.operator.id, value.id, quantity)
        if not view.sandbox:  # a key that was exchanged meanwhile: nothing real is bought here
            raise NotPossible("the supplier has not confirmed that its key is for tests")
        order, _ = await buy(self.shop, self.operator.id, view.quote.id, None)
        return order

    async def end_of(self, order: Order, seconds: float) -> Order | None:
        """The order once it has ended and its codes are in the chat; None if that takes longer."""

        async def look() -> Order | None:
            async with self.shop.store.reading() as tx:
                now = await tx.orders.for_owner(order.id, order.user_id)
                parts = await tx.codes.delivered_parts(order.id)
            is_told = now is not None and (parts or not now.delivered_quantity)
            return now if now is not None and now.state in ENDED and is_told else None

        ended = await self.until(look, seconds)
        await self._remember_codes(order)
        return ended

    async def _remember_codes(self, order: Order) -> None:
        with contextlib.suppress(NothingToShow):
            for message in await open_code_messages(self.shop, order):
                for card in message.cards:
                    self.codes |= set(card.texts)

    async def bought(self, quantity: int = 1, seconds: float = 120.0) -> Order:
        """Test codes in the chat, from whichever supplier. Raises NotPossible."""
        order = await self.buy(self.test_supplier, quantity)
        ended = await self.end_of(order, seconds)
        if ended is None:
            raise NotPossible(f"the test codes did not come within {seconds:.0f} s")
        if not ended.delivered_quantity:
            raise NotPossible("the supplier delivered no test codes")
        return ended


def _fits(value: Denomination, quantity: int, type_id: str) -> bool:
    if not value.sellable or value.is_range or value.stock < quantity:
        return False
    return (
        value.supplier_type_id == type_id if type_id else value.supplier_type_id not in TEST_TYPES
    )


def describe(failure: SupplierFailure) -> str:
    """A failure for the report; a code that is no name may be anything, and is left out."""
    code = failure.code if _NAME.fullmatch(failure.code) else ""
    parts = (type(failure).__name__, code, failure.status)
    return " ".join(str(part) for part in parts if part)


def in_seconds(time: float | timedelta) -> str:
    seconds = time.total_seconds() if isinstance(time, timedelta) else time
    return f"{seconds:.1f} s"
