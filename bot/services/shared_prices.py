"""Questions for prices: one at a time about the same thing, whose answer is shared for some seconds.

Nothing is sent or stored here; whoever asks brings the question. Times are those of Clock.monotonic.
Why so: docs/decisions/0062.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from bot.domain.supplier import ProductOffer, Purchase
from bot.errors import SupplierFailure, SupplierUnavailable, TryLater, UnknownAtSupplier

LONGEST_SHARED_SECONDS: Final = 300.0  # whatever the setting says
_FAILURE_SHARED_SECONDS: Final = 1.5  # less than any order waits before it asks again


class PriceKey(NamedTuple):
    """What a question is about. `purchase`: set where its answer holds for that purchase alone."""

    supplier: str
    supplier_product_id: str
    purchase: Purchase | None = None


class _Question(NamedTuple):
    """`began`: before it was sent. None as a result: whoever asked was cancelled, or met something that
    is no supplier's."""

    began: float
    answered: asyncio.Future[ProductOffer | SupplierFailure | None]


class SharedPrices:
    """What this process was told of prices lately, and what it is asking."""

    def __init__(self) -> None:
        self._answers: dict[PriceKey, ProductOffer] = {}
        self._failures: dict[PriceKey, tuple[float, SupplierFailure]] = {}
        self._refused: dict[tuple[str, str], float] = {}
        self._under_way: dict[PriceKey, _Question] = {}

    def recent(self, key: PriceKey, now: float, lifetime_seconds: float) -> ProductOffer | None:
        """The last answer, if its question was sent less than `lifetime_seconds` ago."""
        offer = self._answers.get(key)
        is_recent = offer is not None and now - offer.asked_monotonic < lifetime_seconds
        return offer if is_recent else None

    def recent_failure(self, key: PriceKey, now: float) -> SupplierFailure | None:
        """The failure of a question that failed a moment ago: orders that wait share it."""
        failed, failure = self._failures.get(key, (None, None))
        is_recent = failed is not None and now - failed < _FAILURE_SHARED_SECONDS
        return failure if is_recent else None

    def forget(self, supplier: str, supplier_product_id: str, now: float) -> None:
        """The supplier refused what it had offered: no answer to an earlier question is shared."""
        self._refused[supplier, supplier_product_id] = now
        for key in [key for key in self._answers if key[:2] == (supplier, supplier_product_id)]:
            del self._answers[key]

    def distrust(self, supplier: str, now: float) -> None:
        """A purchase there has no answer: whoever buys next asks first, and waits where nothing answers.

        Else each purchase of a supplier that is gone would be one whose outcome is unknown.
        """
        self._refused[supplier, ""] = now
        for key in [key for key in self._answers if key.supplier == supplier]:
            del self._answers[key]

    async def ask(
        self,
        key: PriceKey,
        question: Callable[[], Awaitable[ProductOffer]],
        monotonic: Callable[[], float],
        lifetime_seconds: float,
    ) -> ProductOffer:
        """Ask; where the same is being asked already, take that answer or its SupplierFailure.

        That answer is taken if it was asked for after this call, or less than `lifetime_seconds`
        ago; else this call asks too. UnknownAtSupplier refuses an order, so it is taken only if it
        was asked for after this call. What is no SupplierFailure belongs to the asker alone.
        """
        since = monotonic()
        while (under_way := self._under_way.get(key)) is not None:
            result = await asyncio.shield(under_way.answered)
            if isinstance(result, SupplierFailure):
                if isinstance(result, UnknownAtSupplier) and under_way.began < since:
                    continue
                raise result
            if result is not None and not self._is_refused(key, result):
                asked = result.asked_monotonic
                if asked >= since or monotonic() - asked < lifetime_seconds:
                    return result
        return await self._ask_first(key, question, monotonic)

    async def _ask_first(
        self,
        key: PriceKey,
        question: Callable[[], Awaitable[ProductOffer]],
        monotonic: Callable[[], float],
    ) -> ProductOffer:
        result: ProductOffer | SupplierFailure | None = None
        answered = asyncio.get_running_loop().create_future()
        self._under_way[key] = _Question(monotonic(), answered)
        try:
            result = offer = await question()
        except SupplierFailure as failure:
            if isinstance(failure, SupplierUnavailable | TryLater):
                self._keep_failure(key, failure, monotonic())
            result = failure
            raise
        else:
            if offer.complete and not self._is_refused(key, offer):
                self._keep(key, offer, monotonic() - LONGEST_SHARED_SECONDS)
            return offer
        finally:
            del self._under_way[key]
            answered.set_result(result)

    def _keep(self, key: PriceKey, offer: ProductOffer, oldest: float) -> None:
        answers = {k: o for k, o in self._answers.items() if o.asked_monotonic > oldest}
        self._answers = {**answers, key: offer}

    def _keep_failure(self, key: PriceKey, failure: SupplierFailure, now: float) -> None:
        oldest = now - _FAILURE_SHARED_SECONDS
        failures = {k: f for k, f in self._failures.items() if f[0] > oldest}
        self._failures = {**failures, key: (now, failure)}

    def _is_refused(self, key: PriceKey, offer: ProductOffer) -> bool:
        """Whether the supplier has refused a purchase since this was asked."""
        refused = (self._refused.get(about, -math.inf) for about in (key[:2], (key.supplier, "")))
        return offer.asked_monotonic <= max(refused)
