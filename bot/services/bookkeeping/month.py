"""Reads a month of the books line by line, in one snapshot, and says whether it ties."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final, TypeVar

from bot.domain.actions import ActionKind
from bot.domain.books import (
    Known,
    LedgerLine,
    Month,
    OrderLine,
    PaymentLine,
    Summary,
    Sums,
    differences,
    summarize,
)
from bot.errors import NotTied
from bot.refusals import NotEnded
from bot.services.shop import Shop
from storage.transaction import Transaction

PAGE: Final = 2_000
T = TypeVar("T")


class MonthReader:
    """The lines of one month. What was read is added up; `finish` compares it with the ledger.

    All lines have to be read before, each kind once.
    """

    def __init__(self, tx: Transaction, since: datetime, until: datetime) -> None:
        self._tx = tx
        self._span = since, until
        self._sums = Sums()

    async def orders(self) -> AsyncIterator[OrderLine]:
        """Those that ended in the month, by when they did; then others with money booked in it."""
        books = self._tx.bookkeeping
        async for line in self._pages(books.ended_orders):
            self._sums.add_order(line, ended=True)
            yield line
        async for line in self._pages(books.other_orders):
            self._sums.add_order(line, ended=False)
            yield line

    async def ledger(self) -> AsyncIterator[LedgerLine]:
        """Every entry, the entries of a posting together."""
        async for line in self._pages(self._tx.bookkeeping.entries):
            self._sums.add_entry(line)
            yield line
        self._sums.end_posting()

    async def payments(self) -> AsyncIterator[PaymentLine]:
        async for line in self._pages(self._tx.bookkeeping.payments):
            self._sums.add_payment(line)
            yield line

    async def finish(self) -> Summary:
        """The summary of what was read. Raises NotTied where it differs from the ledger."""
        books, figures = self._tx.bookkeeping, self._tx.figures
        since, until = self._span
        sold = (await figures.sold(since, until)).values()
        known = Known(
            await books.sums_before(since),
            await books.balances_at(until),
            sum(sales for sales, _, _ in sold),
            sum(cost for _, cost, _ in sold),
            await figures.losses(since, until),
            await figures.refunded(since, until),
            await books.differing_accounts(),
        )
        if found := tuple(differences(self._sums, known)):
            raise NotTied(found)
        return summarize(self._sums, known)

    async def _pages(
        self,
        read: Callable[[datetime, datetime, T | None, int], Awaitable[Sequence[T]]],
    ) -> AsyncIterator[T]:
        last: T | None = None
        while True:
            page = await read(*self._span, last, PAGE)
            for line in page:
                yield line
            if len(page) < PAGE:
                return
            last = page[-1]


async def count_orders(shop: Shop, month: Month) -> int:
    """How many orders ended in a month. Raises NotEnded while it lasts."""
    zone = shop.policy.time_zone
    if not month.has_ended(shop.clock.now(), zone):
        raise NotEnded(str(month))
    async with shop.store.reading(long=True) as tx:
        return await tx.bookkeeping.count_ended(*month.bounds(zone))


async def note_export(shop: Shop, month: Month, *, key: str, operator_id: int) -> None:
    """Record who takes the file of a month, before it is made. A second call records nothing more."""
    await shop.store.write(_note, month, key, operator_id, shop.clock.now())


async def _note(tx: Transaction, month: Month, key: str, operator_id: int, now: datetime) -> None:
    await tx.operators.add_action(
        key=key, operator_id=operator_id, kind=ActionKind.EXPORT, target=str(month), now=now
    )
