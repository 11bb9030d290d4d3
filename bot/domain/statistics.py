"""Figures over many orders."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Best:
    """A best-selling value."""

    title: str
    label: str
    codes: int
    sales_minor: int


@dataclass(frozen=True, slots=True)
class Sold:
    """What was sold in a span of time; money in minor units."""

    sales_minor: int = 0
    codes: int = 0
    cost_minor: int = 0
    losses_minor: int = 0

    @property
    def profit_minor(self) -> int:
        return self.sales_minor - self.cost_minor - self.losses_minor


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures of a time span; money in minor units, waiting times in seconds."""

    orders: dict[str, int]  # by state
    sales_minor: int
    cost_minor: int
    codes: int
    median_seconds: float | None
    p95_seconds: float | None
    best: tuple[Best, ...]
    customers: dict[str, int]  # by language
    waiting: int  # orders that wait for the supplier
    suppliers: dict[str, tuple[int, int]] = field(default_factory=dict)  # sales and cost
    returned_minor: int = 0  # of orders, into wallets, compensation included, by when it was booked
    losses_minor: int = 0  # compensation for codes that were bad, by the time it was given
    # What providers kept of payments, by the time of the payment, as far as they tell it. It is no part of the profit:
    # a wallet is filled in one span and spent in another, and some providers tell no fees.
    fees_minor: int = 0

    @property
    def profit_minor(self) -> int:
        return self.sales_minor - self.cost_minor - self.losses_minor
