"""Building parts from the settings: suppliers, the bot, the sender, payment methods, backups."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from bot.aiohttp_transport import AiohttpTransport
from bot.backups import BackupFolder
from bot.clock import SystemClock
from bot.connections import (
    SOCKET_OPTIONS,
    ProxyTransport,
    client_options,
    seen_by_witness,
    tls_context,
)
from bot.domain.money import to_minor
from bot.domain.nights import night_of
from bot.domain.payments import Limits, Method
from bot.domain.supplier import Rate
from bot.meter import NO_METER, Meter
from bot.payment_ports import PaymentMethod, StarsGateway
from bot.payments.chargily import Chargily
from bot.payments.ocpay import OcPay
from bot.payments.stars import Stars
from bot.payments.transfer import Transfer
from bot.services.stock.book import StockBook
from bot.settings import Settings
from bot.supplier_ports import EventReader, Supplier
from bot.suppliers.oneclickdz import OneClickDz
from bot.suppliers.own import OwnStock
from bot.suppliers.starship import Starship
from bot.suppliers.starship_signature import Signer, StarshipEvents
from bot.vault import AesVault
from handlers.bot import ShopBot
from handlers.middleware.threads import Threads
from handlers.rate_limiter import OutgoingRateLimiter
from handlers.request import MayAct, TelegramRequest, at_once
from handlers.screen import MESSAGE_DEFAULTS
from handlers.sender import TelegramSender
from storage.store import Store

if TYPE_CHECKING:
    from bot.monitoring.metrics import Metrics


def build_bot(settings: Settings, meter: Meter = NO_METER, may_act: MayAct = at_once) -> ShopBot:
    """The bot, which reaches Telegram through TELEGRAM_PROXY where one is set.

    What has an effect waits for `may_act` until the moment at which it is sent.
    """
    proxy = settings.proxy()

    def options(connections: int) -> dict[str, Any]:
        transport = (
            ProxyTransport(proxy, connections)
            if proxy
            else AiohttpTransport(connections, tls_context(), SOCKET_OPTIONS)
        )
        return {**client_options(), "transport": seen_by_witness(transport)}

    return ShopBot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        rate_limiter=OutgoingRateLimiter(),
        defaults=MESSAGE_DEFAULTS,
        request=TelegramRequest(
            connection_pool_size=10,
            pool_timeout=20.0,
            read_timeout=15.0,
            httpx_kwargs=options(10),
            meter=meter,
            may_act=may_act,
        ),
        get_updates_request=TelegramRequest(
            connection_pool_size=2, httpx_kwargs=options(2), meter=meter
        ),
    )


@dataclass(frozen=True, slots=True)
class SupplierParts:
    """What a supplier may be built with, besides the settings."""

    store: Store | None = None  # None: the own stock, which is in it, is left out
    meter: Meter = NO_METER


def build_suppliers(
    settings: Settings, parts: SupplierParts = SupplierParts()
) -> dict[str, Supplier]:
    """The suppliers that are switched on, by name, in the owner's order."""
    built = {name: SUPPLIERS[name](settings, parts) for name in settings.suppliers}
    return {name: supplier for name, supplier in built.items() if supplier is not None}


def build_metrics(settings: Settings) -> "Metrics | None":
    """What counts for `/metrics`; None where nobody can ask for it."""
    if not settings.watch_listen:
        return None
    from bot.monitoring.metrics import Metrics

    return Metrics(settings.suppliers)


def _oneclickdz(settings: Settings, parts: SupplierParts) -> OneClickDz:
    return OneClickDz(
        base_url=settings.oneclickdz_base_url,
        api_key=settings.oneclickdz_api_key.get_secret_value(),
        clock=SystemClock(),
        calls_per_minute=settings.oneclickdz_calls_per_minute,
        timeout_seconds=settings.oneclickdz_timeout.total_seconds(),
        meter=parts.meter,
    )


def _starship(settings: Settings, parts: SupplierParts) -> Starship:
    secret = settings.starship_signing_secret.get_secret_value()
    availability = settings.starship_availability
    return Starship(
        base_url=settings.starship_base_url,
        api_key=settings.starship_api_key.get_secret_value(),
        api_secret=settings.starship_api_secret.get_secret_value(),
        clock=SystemClock(),
        rate=Rate(
            settings.starship_currency.upper(),
            settings.starship_dinars,
            settings.starship_dinars_since or date.min,
        ),
        wallet=settings.starship_wallet,
        step=settings.starship_step,
        extra_types=settings.starship_delivery_types,
        availability="" if availability == "off" else availability,
        text_values=settings.starship_denomination == "text",
        calls_per_ten_seconds=settings.starship_calls_per_ten_seconds,
        timeout_seconds=settings.starship_timeout.total_seconds(),
        sign=Signer(secret) if secret else None,
        meter=parts.meter,
    )


def _own(settings: Settings, parts: SupplierParts) -> OwnStock | None:
    if parts.store is None:
        return None
    clock, vault = SystemClock(), AesVault(settings.keys())
    return OwnStock(StockBook(parts.store, vault, clock, settings.own_least_life), clock)


# How each supplier is built, by its name in the setting SUPPLIERS.
SUPPLIERS: Final[dict[str, Callable[[Settings, SupplierParts], Supplier | None]]] = {
    OneClickDz.name: _oneclickdz,
    Starship.name: _starship,
    OwnStock.name: _own,
}


def build_archive(settings: Settings) -> BackupFolder:
    policy = settings.policy()
    return BackupFolder(
        settings.backup_folder,
        settings.database_url,
        settings.keys(),
        SystemClock(),
        settings.backups_kept,
        lambda moment: night_of(moment, policy.nightly_at, policy.time_zone),
    )


def build_sender(bot: ShopBot, threads: Threads, settings: Settings) -> TelegramSender:
    policy = settings.policy()
    return TelegramSender(
        bot,
        zone=policy.time_zone,
        visible_for=policy.codes_visible_for,
        shown_again_for=policy.shown_again_for,
        shown_once=policy.reveals_per_order == 0,
        protect_content=settings.protect_content,
        threads=threads,
    )


@dataclass(frozen=True, slots=True)
class PaymentParts:
    """What a payment method may be built with, besides the settings."""

    suppliers: Mapping[str, Supplier]
    stars_gateway: StarsGateway
    bot_address: Callable[[], str]  # known once Telegram was reached
    meter: Meter = NO_METER


def _transfer(settings: Settings, _parts: PaymentParts) -> PaymentMethod:
    return Transfer(
        Limits(to_minor(settings.transfer_minimum), to_minor(settings.transfer_maximum))
    )


def _ocpay(_settings: Settings, parts: PaymentParts) -> PaymentMethod | None:
    oneclickdz = parts.suppliers.get(OneClickDz.name)
    return OcPay(oneclickdz) if isinstance(oneclickdz, OneClickDz) else None


def _stars(settings: Settings, parts: PaymentParts) -> PaymentMethod | None:
    rate = settings.policy().star_rate
    return Stars(parts.stars_gateway, rate, settings.stars_maximum) if rate else None


def _chargily(settings: Settings, parts: PaymentParts) -> PaymentMethod:
    return Chargily(
        base_url=settings.chargily_base_url,
        secret_key=settings.chargily_secret_key.get_secret_value(),
        limits=settings.chargily_limits(),
        clock=SystemClock(),
        return_to=parts.bot_address,
        ring_at=settings.ring_address(Method.CHARGILY),
        meter=parts.meter,
    )


# How each payment method is built; None where what it needs is missing.
PAYMENT_METHODS: Final[dict[Method, Callable[[Settings, PaymentParts], PaymentMethod | None]]] = {
    Method.TRANSFER: _transfer,
    Method.OCPAY: _ocpay,
    Method.STARS: _stars,
    Method.CHARGILY: _chargily,
}


def build_payment_methods(settings: Settings, parts: PaymentParts) -> dict[Method, PaymentMethod]:
    """The payment methods that are switched on, in the owner's order."""
    built = {
        method: PAYMENT_METHODS[method](settings, parts) for method in settings.payment_methods
    }
    return {method: provider for method, provider in built.items() if provider is not None}


def build_event_readers(settings: Settings) -> dict[str, EventReader]:
    """Readers of webhook messages, by supplier, for the suppliers that send any."""
    if Starship.name not in settings.suppliers:
        return {}
    secret = settings.starship_webhook_secret.get_secret_value()
    return {Starship.name: StarshipEvents(secret, SystemClock())}
