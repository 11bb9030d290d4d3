"""Figures of the whole shop at one moment, for those who watch it: counts, ages and sums, nobody's id."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Queue(StrEnum):
    """Rows that wait for the shop."""

    INBOX = "inbox"  # updates that came and are not handled
    OUTBOX = "outbox"  # messages that are due, or failed
    ORDERS = "orders"  # paid orders whose next step is due


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many rows wait, and for how many seconds the oldest one has; 0 where none does."""

    count: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Gauges:
    """`orders` counts open ones by supplier and state. Amounts are minor units."""

    orders: Mapping[tuple[str, str], int]
    orders_for_operators: int
    queues: Mapping[Queue, Waiting]
    quarantined_updates: int
    open_alerts: int
    wallets_minor: int
    escrow_minor: int
    balances_minor: Mapping[str, int]  # of our accounts, by supplier
