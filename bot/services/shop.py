"""What every use case works with: the shop's parts and its owner's choices."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.pricing import PricingPolicy
from bot.domain.records import Customer
from bot.ports import Archive, Clock, Sender, Store, Supplier, Vault
from bot.services.shelf import Shelf


@dataclass(frozen=True)
class Policy:
    """The owner's settings, as the services need them (see .env.example)."""

    admin_ids: frozenset[int]
    pricing: PricingPolicy
    max_quantity: int
    stock_reserve: int
    hidden_categories: frozenset[str]
    quote_lifetime: timedelta
    catalogue_lifetime: timedelta
    price_lifetime: timedelta
    codes_visible_for: timedelta
    shown_again_for: timedelta
    reveals_per_order: int
    reveals_per_hour: int
    balance_alert_minor: int
    balance_floor_minor: int
    return_unbought_after: timedelta
    time_zone: ZoneInfo
    nightly_at: time


def _ignore(_work: str) -> None:
    """Nothing to wake."""


@dataclass
class Shop:
    store: Store
    supplier: Supplier
    sender: Sender
    clock: Clock
    vault: Vault
    policy: Policy
    shelf: Shelf = field(default_factory=Shelf)
    customers: dict[int, Customer] = field(default_factory=dict)
    archive: Archive | None = None
    # Wakes a sweep at once ("place", "poll", "send"); sweeps also run by themselves.
    wake: Callable[[str], None] = _ignore
