"""The sheets of a month as rows of typed cells, the same for every kind of file.

Everything is in English, like the file of a person's data: programs read it. Times are the shop's,
amounts are dinars. No code, note, receipt or word of a case is in any of them.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.books import LedgerLine, Month, OrderLine, PaymentLine, Summary
from bot.domain.payments import reference_of
from bot.services.bookkeeping.month import MonthReader


@dataclass(frozen=True, slots=True)
class Money:
    """Minor units; a file has them in dinars."""

    minor: int


Cell = str | int | Money | datetime | None  # a time is one of the shop's clock on the wall
Row = Sequence[Cell]

ORDERS: Final = (
    "Order",
    "Ended",
    "State",
    "Customer",
    "Product",
    "Value",
    "Supplier",
    "Quantity",
    "Price of one",
    "Sold",
    "Cost",
    "Refunded",
    "Ordered",
)
LEDGER: Final = ("Posting", "Time", "Kind", "Account", "Amount", "Order")
PAYMENTS: Final = (
    "Reference",
    "Time",
    "Movement",
    "Method",
    "Customer",
    "Amount",
    "Stars",
    "Id at the provider",
)
SUMMARY: Final = ("", "At the beginning", "Moved", "At the end")
_GROUPS: Final = {
    "wallet": "Wallets of customers",
    "escrow": "Held by orders",
    "returning": "Refunds in progress",
    "sales": "Sales",
    "funding": "Credits by hand",
    "losses": "Losses",
}
_MOVEMENTS: Final = {"payment": "received", "payback": "refunded", "fee": "fee of the provider"}


class Sheets:
    """The sheets of one month. The summary comes last: it is made of what the others were read from."""

    def __init__(self, reader: MonthReader, month: Month, zone: ZoneInfo) -> None:
        self._reader = reader
        self._month = month
        self._zone = zone

    async def orders(self) -> AsyncIterator[Row]:
        async for line in self._reader.orders():
            yield self._order(line)

    async def ledger(self) -> AsyncIterator[Row]:
        async for line in self._reader.ledger():
            yield self._entry(line)

    async def payments(self) -> AsyncIterator[Row]:
        async for line in self._reader.payments():
            yield self._payment(line)

    async def summary(self) -> tuple[Summary, list[Row]]:
        """Raises NotTied."""
        summary = await self._reader.finish()
        return summary, list(summary_rows(summary, self._month, str(self._zone)))

    def _order(self, it: OrderLine) -> Row:
        return (
            it.id,
            self._time(it.ended_at),
            it.state or "open",
            it.user_id,
            it.product,
            it.value,
            it.supplier,
            it.quantity,
            Money(it.unit_price_minor),
            Money(it.sold_minor),
            Money(it.cost_minor),
            Money(it.refunded_minor),
            self._time(it.ordered_at),
        )

    def _entry(self, it: LedgerLine) -> Row:
        amount = Money(it.amount_minor)
        return it.posting_id, self._time(it.at), it.kind, it.account, amount, it.order_id

    def _payment(self, it: PaymentLine) -> Row:
        return (
            reference_of(it.payment_id),
            self._time(it.at),
            _MOVEMENTS.get(it.kind, it.kind) if it.amount_minor < 0 else "received",
            it.method,
            it.user_id,
            Money(it.amount_minor),
            it.stars or None,
            it.external_id,
        )

    def _time(self, moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        return moment.astimezone(self._zone).replace(tzinfo=None, microsecond=0)


def summary_rows(summary: Summary, month: Month, zone: str) -> Iterator[Row]:
    """What stands on the first sheet, under SUMMARY."""
    for group, it in summary.balances.items():
        name = _GROUPS.get(group) or group.replace("paid:", "Paid in by ").replace(
            "fees:", "Fees of "
        )
        yield name, Money(it.opening_minor), Money(it.moved_minor), Money(it.closing_minor)
    yield "", None, None, None
    figures: list[tuple[str, Cell]] = [
        ("Orders that ended", summary.orders),
        ("Sales", Money(summary.sales_minor)),
        ("Cost of what was sold", Money(summary.cost_minor)),
        ("Compensation for bad codes", Money(summary.losses_minor)),
        ("Profit", Money(summary.profit_minor)),
        ("Refunded into wallets", Money(summary.refunded_minor)),
        ("Fees of providers", Money(summary.fees_minor)),
    ]
    figures += [(f"Received by {it}", Money(sum_)) for it, sum_ in summary.paid_in_minor.items()]
    figures += [(f"Refunded by {it}", Money(sum_)) for it, sum_ in summary.paid_back_minor.items()]
    figures += [("Stars received", summary.stars_in), ("Stars refunded", summary.stars_back)]
    for name, figure in figures:
        yield name, None, figure, None
    yield "", None, None, None
    yield f"Month {month}, times of {zone}, amounts in dinars (DZD)", None, None, None
    yield (
        "Money that the shop has, or is owed, is below zero in the ledger: every posting sums to zero",
        None,
        None,
        None,
    )
