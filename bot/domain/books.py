"""A month of the books: its lines, what they add up to, and whether that ties with the ledger.

The books are closed by when money moved and when orders ended, so a month that is over changes no more.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.amounts import plain_of
from bot.domain.ledger import LOSSES, SALES, PostingKind, fees, paid_in
from bot.domain.periods import month_bounds

_WRITTEN: Final = re.compile(r"([2-9]\d{3})-?(0[1-9]|1[0-2])", re.ASCII)
_CLOSED_AFTER: Final = timedelta(hours=1)  # no transaction lasts as long
OF_MANY: Final = ("wallet", "escrow", "returning")  # accounts of which there is one for each id


@dataclass(frozen=True, slots=True, order=True)
class Month:
    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "Month | None":
        """Of "2026-10" or "202610", also as it is typed in Arabic; None for anything else."""
        found = _WRITTEN.fullmatch(plain_of(text))
        if found is None:
            return None
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def last_ended(cls, now: datetime, zone: ZoneInfo) -> "Month":
        """The last one that is closed: the month before this one, but in this one's first hour.

        A transaction that took the time before the end may be committed after it.
        """
        local = (now - _CLOSED_AFTER).astimezone(zone)
        return cls(local.year, local.month - 1) if local.month > 1 else cls(local.year - 1, 12)

    @property
    def number(self) -> int:
        """202610 for October 2026."""
        return self.year * 100 + self.month

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """When it begins and ends in the shop's time zone, in UTC."""
        return month_bounds(self.first_day, zone)

    def has_ended(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether it has been over for an hour: only then is it closed."""
        return self <= self.last_ended(now, zone)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One entry of a posting; the amounts of a posting's entries sum to zero."""

    posting_id: int
    at: datetime
    kind: str
    account: str
    amount_minor: int
    order_id: int | None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order that ended in the month, or of which something was booked in it."""

    id: int
    user_id: int
    product: str
    value: str
    supplier: str
    quantity: int
    unit_price_minor: int
    state: str  # empty where it had not ended by the end of the month
    ordered_at: datetime
    ended_at: datetime | None  # within the month, or before it; else None
    sold_minor: int  # booked as sold in the month
    cost_minor: int  # where it ended in the month
    refunded_minor: int  # booked as refunded in the month


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """Money of a payment that came in, went back, or was kept by its provider as a fee."""

    posting_id: int
    at: datetime
    kind: str  # a PostingKind: payment, payback or fee
    payment_id: int
    user_id: int
    method: str
    amount_minor: int  # above zero: it came in
    stars: int
    external_id: str


@dataclass(frozen=True, slots=True)
class Balance:
    """One account, or all wallets, all orders' held money, all refunds in progress together."""

    opening_minor: int
    moved_minor: int
    closing_minor: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the database says by itself, for comparison with what the lines add up to."""

    opening: Mapping[str, int]  # by group: entries before the month
    closing: Mapping[str, int]  # by group: balances of now without the entries since
    sales_minor: int  # of /stats
    cost_minor: int
    losses_minor: int
    refunded_minor: int
    accounts: tuple[str, ...] = ()  # whose balance is not the sum of their entries


@dataclass(frozen=True, slots=True)
class Summary:
    balances: Mapping[str, Balance]  # by group, in order of their names
    orders: int  # that ended in the month
    sales_minor: int
    cost_minor: int
    losses_minor: int  # compensation for codes that were bad
    refunded_minor: int  # to wallets, compensation included
    fees_minor: int
    paid_in_minor: Mapping[str, int]  # by method
    paid_back_minor: Mapping[str, int]
    stars_in: int
    stars_back: int

    @property
    def profit_minor(self) -> int:
        return self.sales_minor - self.cost_minor - self.losses_minor


def group_of(account: str) -> str:
    """Which line of the summary an account is on: "wallet" for `wallet:5`, "paid:ocpay" for itself."""
    name = account.partition(":")[0]
    return name if name in OF_MANY else account


@dataclass(slots=True)
class Sums:
    """Adds up the lines as they are written; what the summary says comes from nowhere else."""

    moved: Counter[str] = field(default_factory=Counter)  # by group
    orders: Counter[str] = field(default_factory=Counter)
    paid_in: Counter[str] = field(default_factory=Counter)
    paid_back: Counter[str] = field(default_factory=Counter)
    of_method: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    _posting: int = 0
    _left_minor: int = 0
    unbalanced: list[int] = field(default_factory=list)

    def add_entry(self, line: LedgerLine) -> None:
        """The entries of a posting come one after the other."""
        if line.posting_id != self._posting:
            self.end_posting()
            self._posting = line.posting_id
        self._left_minor += line.amount_minor
        self.moved[group_of(line.account)] += line.amount_minor
        if line.account == LOSSES and line.order_id is not None:
            self.others["losses"] -= line.amount_minor
        if line.kind == PostingKind.RETURN and line.amount_minor > 0:
            self.others["refunded"] += line.amount_minor

    def end_posting(self) -> None:
        if self._left_minor:
            self.unbalanced.append(self._posting)
        self._left_minor = 0

    def add_order(self, line: OrderLine, *, ended: bool) -> None:
        """`ended`: in the month."""
        self.orders["ended"] += ended
        self.orders["sold"] += line.sold_minor
        self.orders["cost"] += line.cost_minor
        self.orders["refunded"] += line.refunded_minor

    def add_payment(self, line: PaymentLine) -> None:
        self.of_method[line.method] += line.amount_minor
        if line.kind == PostingKind.FEE:
            self.others["fees"] -= line.amount_minor
        elif line.amount_minor > 0:
            self.paid_in[line.method] += line.amount_minor
            self.others["stars_in"] += line.stars
        else:
            self.paid_back[line.method] -= line.amount_minor
            self.others["stars_back"] += line.stars


def summarize(sums: Sums, known: Known) -> Summary:
    """The summary of all lines."""
    groups = sorted({*sums.moved, *known.opening, *known.closing})
    balances = {
        group: Balance(known.opening.get(group, 0), sums.moved[group], known.closing.get(group, 0))
        for group in groups
    }
    return Summary(
        {it: of for it, of in balances.items() if it in sums.moved or of != Balance(0, 0, 0)},
        sums.orders["ended"],
        sums.orders["sold"],
        sums.orders["cost"],
        sums.others["losses"],
        sums.others["refunded"],
        sums.others["fees"],
        dict(sorted(sums.paid_in.items())),
        dict(sorted(sums.paid_back.items())),
        sums.others["stars_in"],
        sums.others["stars_back"],
    )


def differences(sums: Sums, known: Known) -> Iterator[str]:
    """What does not tie, a sentence each; where there is one, no file is written."""
    summary = summarize(sums, known)
    for group, it in summary.balances.items():
        if it.opening_minor + it.moved_minor != it.closing_minor:
            yield (
                f"{group}: {it.opening_minor} at the beginning and {it.moved_minor} moved are not "
                f"{it.closing_minor} at the end"
            )
    for account in known.accounts:
        yield f"{account}: its balance is not the sum of its entries"
    for posting in sums.unbalanced:
        yield f"posting {posting} does not sum to zero"
    methods = {
        *sums.of_method,
        *(it.partition(":")[2] for it in sums.moved if it.startswith("paid:")),
    }
    compared = [
        ("sales of orders and the account sales", summary.sales_minor, sums.moved[SALES]),
        ("sales of orders and of /stats", summary.sales_minor, known.sales_minor),
        ("cost of orders and of /stats", summary.cost_minor, known.cost_minor),
        ("compensation and that of /stats", summary.losses_minor, known.losses_minor),
        ("refunds and those of /stats", summary.refunded_minor, known.refunded_minor),
        ("refunds of orders and of the ledger", sums.orders["refunded"], summary.refunded_minor),
        *(
            (
                f"payments by {it} and the account {paid_in(it)}",
                sums.of_method[it],
                -sums.moved[paid_in(it)],
            )
            for it in sorted(methods)
        ),
        (
            "fees of payments and of the ledger",
            summary.fees_minor,
            -sum(moved for it, moved in sums.moved.items() if it.startswith(fees(""))),
        ),
    ]
    for what, one, other in compared:
        if one != other:
            yield f"{what}: {one} and {other}"
