"""The composition root: the only module that builds every part and connects them."""

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.bookkeeping.exporter import ShortExporter
from bot.charts.draughtsman import ShortDraughtsman
from bot.clock import SystemClock
from bot.domain.brands import Brands
from bot.domain.guides import Guides
from bot.domain.payments import Method
from bot.domain.shelf import Shelf
from bot.factories import (
    PaymentParts,
    SupplierParts,
    build_archive,
    build_bot,
    build_metrics,
    build_payment_methods,
    build_sender,
    build_suppliers,
)
from bot.jobs import Jobs
from bot.meter import NO_METER
from bot.services.lease import Lease
from bot.services.shop import Shop
from bot.settings import Settings
from bot.short_processes import ShortProcesses
from bot.vault import AesVault
from handlers.application import BotParts, assemble_bot
from handlers.bot import bot_id_of
from handlers.middleware.threads import Threads
from handlers.stars_gateway import TelegramStarsGateway
from locales.tables import aliases, table
from storage.leader_lock import sessions_of
from storage.store import Store

if TYPE_CHECKING:
    from bot.monitoring.metrics import Metrics


@dataclass(frozen=True, slots=True)
class App:
    """The parts of a shop that are started and stopped."""

    settings: Settings
    store: Store
    shop: Shop
    telegram: BotParts
    jobs: Jobs
    processes: ShortProcesses
    metrics: "Metrics | None" = None  # None: nobody can ask for them


def assemble(settings: Settings) -> App:
    """Build every part. No connection is opened and nothing is sent yet."""
    metrics = build_metrics(settings)
    meter = metrics or NO_METER
    process = secrets.token_hex(8)
    store = Store(settings.database_url, name=sessions_of(process))
    suppliers = build_suppliers(settings, SupplierParts(store, meter))
    clock = SystemClock()
    lease = Lease(clock)
    bot = build_bot(settings, meter, lease.wait)
    threads = Threads()
    stars_gateway = TelegramStarsGateway(bot, threads)
    payment_methods = build_payment_methods(
        settings, PaymentParts(suppliers, stars_gateway, lambda: bot.link, meter)
    )
    processes = ShortProcesses()
    shop = Shop(
        store,
        suppliers,
        build_sender(bot, threads, settings),
        clock,
        AesVault(settings.keys()),
        settings.policy(),
        process,
        Shelf(Brands.read(table("names"), aliases())),
        lease,
        guides=Guides.read(table("redeem")),
        draughtsman=ShortDraughtsman(processes),
        exporter=ShortExporter(processes, settings.database_url, settings.policy().time_zone),
        archive=build_archive(settings) if settings.backups_kept else None,
        payment_methods=payment_methods,
        stars_gateway=stars_gateway if Method.STARS in payment_methods else None,
        bot_id=bot_id_of(settings.telegram_token.get_secret_value()),
    )
    if metrics is not None:
        store.subscribe(metrics.count_ended)
    telegram = assemble_bot(shop, bot, settings.support_contact, threads, meter)
    jobs = Jobs(shop, settings.longest_answer(), meter)
    return App(settings, store, shop, telegram, jobs, processes, metrics)
