"""The parts and the settings of a shop that every use case receives."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.guides import Guides
from bot.domain.payments import Method, StarRate
from bot.domain.pricing import PricingPolicy
from bot.domain.records import Customer, Locale
from bot.domain.shelf import Shelf
from bot.payment_ports import PaymentMethod, StarsGateway
from bot.ports import Archive, Clock, Draughtsman, Exporter, Sender, Vault
from bot.services.items import Items
from bot.services.lease import Lease
from bot.services.news_memory import NewsMemory
from bot.services.night_memory import NightMemory
from bot.services.shared_prices import SharedPrices
from bot.services.timeline import Timeline
from bot.services.turns import Turns
from bot.services.unrecorded import Unrecorded
from bot.services.usual_times import UsualTimes
from bot.services.watch_memory import WatchMemory
from bot.supplier_ports import Supplier
from storage.store import Store


@dataclass(frozen=True)
class Policy:
    """The owner's settings, as the services need them (see .env.example)."""

    admin_ids: frozenset[int]  # the owners; nothing in a chat changes who they are
    pricing: PricingPolicy
    max_quantity: int
    stock_reserve: int
    hidden_categories: frozenset[str]
    quote_lifetime: timedelta
    catalogue_lifetime: timedelta
    price_lifetime: timedelta
    price_shared_for: timedelta  # how old an answer may be that an order is bought with
    codes_visible_for: timedelta
    shown_again_for: timedelta
    reveals_per_order: int
    reveals_per_hour: int
    balance_alert_minor: int
    balance_floor_minor: int
    return_unbought_after: timedelta
    time_zone: ZoneInfo
    default_locale: Locale  # of people whose Telegram is in a language without texts
    nightly_at: time
    payment_window: timedelta  # how long an unpaid order waits for its money
    confirm_above_minor: int  # an operator confirms larger amounts
    daily_cap_minor: int  # most that one operator moves in a day; 0: no limit
    expiry_reminders: frozenset[int]  # days before a code expires
    star_rate: StarRate | None
    transfer_instructions: Mapping[str, str]  # by locale
    backups_kept: int = 0  # for how many nights a backup is kept
    own_least_life: timedelta = timedelta(days=7)  # own codes that end sooner are not sold
    manager_price_step: int = 20  # percent that managers may move a value's price in a day
    news_per_week: int = 2  # that one person gets at most
    closing_at: time | None = None  # when the day's figures are told; None: never
    hides_new_products: bool = False  # of suppliers, until an operator has looked at them


@dataclass
class Shop:
    """Passed to every use case; holds no global state."""

    store: Store
    suppliers: Mapping[str, Supplier]  # by name, in the owner's order
    sender: Sender
    clock: Clock
    vault: Vault
    policy: Policy
    process: str  # the name of this process in rows: another one at each start
    shelf: Shelf
    lease: Lease
    # Held from reading the catalogue until the shelf has it: an older reading never takes the place of a newer one.
    shelf_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    guides: Guides = field(default_factory=Guides)  # how the codes of each brand are redeemed
    customers: dict[int, Customer] = field(default_factory=dict)  # a cache, by Telegram id
    items: Items = field(default_factory=Items)  # of sweeps: which are at work, which rest
    prices: SharedPrices = field(default_factory=SharedPrices)  # what was asked lately
    unrecorded: Unrecorded = field(default_factory=Unrecorded)  # sent, and not stored as sent
    archive: Archive | None = None  # None: no backups are made
    draughtsman: Draughtsman | None = None  # None: figures are told as text alone
    exporter: Exporter | None = None  # None: no files of the books are made
    # The payment methods that the owner has switched on, in the owner's order.
    payment_methods: dict[Method, PaymentMethod] = field(default_factory=dict)
    stars_gateway: StarsGateway | None = None  # None: the shop takes no Stars
    bot_id: int = 0  # Telegram's id of the shop's bot
    night: NightMemory = field(default_factory=NightMemory)
    news: NewsMemory = field(default_factory=NewsMemory)
    watched: WatchMemory = field(default_factory=WatchMemory)
    # Payments whose provider did not answer when it was asked last: they are asked about after the others.
    unanswered_payments: set[int] = field(default_factory=set)
    # Payments that a provider's message told of since the last run: they are asked about first.
    rung_payments: set[int] = field(default_factory=set)
    timeline: Timeline = field(init=False)
    usual_times: UsualTimes = field(default_factory=UsualTimes)
    # The showings of codes that this process has claimed and not ended: until when they last at most, monotonic.
    own_showings: dict[int, float] = field(default_factory=dict)
    # By order: held from reading it until the screen shows it, so that no older state comes over a newer one.
    order_screens: Turns = field(default_factory=Turns)

    def __post_init__(self) -> None:
        self.timeline = Timeline(self.clock.now, self.clock.monotonic)
