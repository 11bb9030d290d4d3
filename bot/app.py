"""The composition root: the only module that builds every part and connects them."""

import secrets
from dataclasses import dataclass

from bot.clock import SystemClock
from bot.domain.payments import Method
from bot.factories import (
    build_archive,
    build_bot,
    build_payment_methods,
    build_sender,
    build_suppliers,
)
from bot.jobs import Jobs
from bot.services.shop import Shop
from bot.settings import Settings
from bot.vault import AesVault
from handlers.application import BotParts, assemble_bot
from handlers.bot import bot_id_of
from handlers.middleware.threads import Threads
from handlers.stars_gateway import TelegramStarsGateway
from storage.store import Store


@dataclass(frozen=True, slots=True)
class App:
    """The parts of a shop that are started and stopped."""

    settings: Settings
    store: Store
    shop: Shop
    telegram: BotParts
    jobs: Jobs


def assemble(settings: Settings) -> App:
    """Build every part. No connection is opened and nothing is sent yet."""
    store, suppliers = Store(settings.database_url), build_suppliers(settings)
    bot = build_bot(settings)
    threads = Threads()
    stars_gateway = TelegramStarsGateway(bot, threads)
    payment_methods = build_payment_methods(settings, suppliers, stars_gateway)
    shop = Shop(
        store,
        suppliers,
        build_sender(bot, threads, settings),
        SystemClock(),
        AesVault(settings.keys()),
        settings.policy(),
        secrets.token_hex(8),
        archive=build_archive(settings) if settings.backups_kept else None,
        payment_methods=payment_methods,
        stars_gateway=stars_gateway if Method.STARS in payment_methods else None,
        bot_id=bot_id_of(settings.telegram_token.get_secret_value()),
    )
    telegram = assemble_bot(shop, bot, settings.support_contact, threads)
    return App(settings, store, shop, telegram, Jobs(shop, settings.longest_answer()))
