"""The composition root: builds every part, starts them in order, and lets them end in order."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from telegram import Update
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import Application, ContextTypes, ExtBot
from telegram.request import HTTPXRequest

from bot.backups import BackupFolder
from bot.clock import SystemClock
from bot.domain.money import to_minor
from bot.domain.payments import Limits, Method
from bot.domain.records import InboxRow
from bot.domain.supplier import Rate
from bot.jobs import Jobs
from bot.payments.ocpay import OcPay
from bot.payments.stars import Stars
from bot.payments.transfer import Transfer
from bot.ports import EventReader, PaymentMethod, StarsGateway, Supplier
from bot.services.catalogue.refresh import load_shelf
from bot.services.codes.custody import check_keys
from bot.services.messaging.inbox import tell_polling_stopped
from bot.services.operations.watch import find_left_out
from bot.services.orders.place import recover_interrupted
from bot.services.selling.access import check_access, forget_access
from bot.services.shop import Shop
from bot.settings import Settings
from bot.suppliers.oneclickdz import OneClickDz
from bot.suppliers.starship import Starship
from bot.suppliers.starship_signature import Signer, StarshipEvents
from bot.vault import AesVault
from handlers.context import BotState, ShopContext
from handlers.conversations import ConversationPersistence
from handlers.inbox import Inbox, InboxBot, UpdatesRequest
from handlers.menus import set_menus
from handlers.middleware.chat_processor import ChatProcessor
from handlers.middleware.retries import Retries
from handlers.polling import LONG_POLL_SECONDS, Polling
from handlers.rate_limiter import OutgoingRateLimiter
from handlers.registration import register
from handlers.sender import TelegramSender
from handlers.stars_gateway import TelegramStarsGateway
from storage.migrate import migrate
from storage.store import Store

_log = logging.getLogger("hanout")

_DRAIN_SECONDS = 2.0
_START_PATIENCE_SECONDS = 2.0


class StartFailure(Exception):
    """The shop cannot start, for a reason that its owner can act on."""


@dataclass
class Parts:
    settings: Settings
    store: Store
    shop: Shop
    bot: InboxBot
    inbox: Inbox
    jobs: Jobs
    chat_processor: ChatProcessor
    retries: Retries
    memory: ConversationPersistence
    application: "Application[Any, ShopContext, Any, Any, Any, Any]"


def build_bot(settings: Settings) -> InboxBot:
    return InboxBot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        rate_limiter=OutgoingRateLimiter(),
        request=HTTPXRequest(connection_pool_size=10, pool_timeout=20.0, read_timeout=15.0),
        get_updates_request=UpdatesRequest(
            connection_pool_size=2, read_timeout=LONG_POLL_SECONDS + 10.0
        ),
    )


def build_suppliers(settings: Settings) -> dict[str, Supplier]:
    """Those that are switched on, in the owner's order."""
    return {name: SUPPLIERS[name](settings) for name in settings.suppliers}


def _oneclickdz(settings: Settings) -> OneClickDz:
    return OneClickDz(
        base_url=settings.oneclickdz_base_url,
        api_key=settings.oneclickdz_api_key.get_secret_value(),
        clock=SystemClock(),
        calls_per_minute=settings.oneclickdz_calls_per_minute,
        timeout_seconds=settings.oneclickdz_timeout.total_seconds(),
    )


def _starship(settings: Settings) -> Starship:
    secret = settings.starship_signing_secret.get_secret_value()
    verb = settings.starship_availability
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
        availability="" if verb == "off" else verb,
        text_values=settings.starship_denomination == "text",
        calls_per_ten_seconds=settings.starship_calls_per_ten_seconds,
        timeout_seconds=settings.starship_timeout.total_seconds(),
        sign=Signer(secret, SystemClock()) if secret else None,
    )


# How each supplier is made of the settings, by its name in SUPPLIERS.
SUPPLIERS: Final[dict[str, Callable[[Settings], Supplier]]] = {
    OneClickDz.name: _oneclickdz,
    Starship.name: _starship,
}


def build_archive(settings: Settings) -> BackupFolder:
    return BackupFolder(
        settings.backup_folder,
        settings.database_url,
        settings.keys(),
        SystemClock(),
        settings.backups_kept,
    )


def build_sender(bot: ExtBot[bool], settings: Settings) -> TelegramSender:
    policy = settings.policy()
    return TelegramSender(
        bot,
        zone=policy.time_zone,
        visible_for=policy.codes_visible_for,
        shown_again_for=policy.shown_again_for,
        shown_once=policy.reveals_per_order == 0,
        protect_content=settings.protect_content,
    )


def build_payment_methods(
    settings: Settings, suppliers: Mapping[str, Supplier], stars_gateway: StarsGateway
) -> dict[Method, PaymentMethod]:
    """The payment_methods to pay that are switched on, in the owner's order."""
    cards = suppliers.get(OneClickDz.name)
    limits = Limits(to_minor(settings.transfer_minimum), to_minor(settings.transfer_maximum))
    rate = settings.policy().star_rate
    payment_methods: dict[Method, PaymentMethod] = {}
    for method in settings.payment_methods:
        if method is Method.TRANSFER:
            payment_methods[method] = Transfer(limits)
        elif method is Method.OCPAY and isinstance(cards, OneClickDz):
            payment_methods[method] = OcPay(cards)
        elif method is Method.STARS and rate is not None:
            payment_methods[method] = Stars(stars_gateway, rate, settings.stars_maximum)
    return payment_methods


def build(settings: Settings) -> Parts:
    """BotHarness every part by hand; nothing is opened or sent yet."""
    store, suppliers = Store(settings.database_url), build_suppliers(settings)
    bot = build_bot(settings)
    stars_gateway = TelegramStarsGateway(bot)
    payment_methods = build_payment_methods(settings, suppliers, stars_gateway)
    shop = Shop(
        store,
        suppliers,
        build_sender(bot, settings),
        SystemClock(),
        AesVault(settings.keys()),
        settings.policy(),
        archive=build_archive(settings) if settings.backups_kept else None,
        payment_methods=payment_methods,
        stars_gateway=stars_gateway if Method.STARS in payment_methods else None,
    )
    jobs = Jobs(shop, settings.longest_answer())
    memory, retries = ConversationPersistence(store), Retries(shop)
    inbox = Inbox(shop, memory)
    chat_processor = ChatProcessor(
        before=retries.may_begin,
        again=retries.until_done,
        after=lambda update: _after(application, inbox, retries, update),
    )
    application = build_application(bot, memory, chat_processor)
    retries.work = application.process_update

    async def replay(rows: Sequence[InboxRow]) -> None:
        for update in await inbox.open(rows, bot):
            await application.update_queue.put(update)

    register(application, BotState(shop, chat_processor, retries, replay, settings.support_contact))
    return Parts(
        settings, store, shop, bot, inbox, jobs, chat_processor, retries, memory, application
    )


def build_application(
    bot: ExtBot[bool], memory: ConversationPersistence, chat_processor: ChatProcessor
) -> "Application[Any, ShopContext, Any, Any, Any, Any]":
    return (
        Application.builder()
        .bot(bot)
        .persistence(memory)
        .concurrent_updates(chat_processor)
        .context_types(ContextTypes(context=ShopContext))
        .job_queue(None)
        .build()
    )


async def _after(
    application: "Application[Any, Any, Any, Any, Any, Any]",
    inbox: Inbox,
    retries: Retries,
    update: Update,
) -> None:
    await application.update_persistence()
    if update.update_id in retries.kept:
        retries.kept.discard(update.update_id)
    else:
        inbox.finish(update)


async def run(settings: Settings) -> None:
    """The shop until SIGTERM or SIGINT. Raises StartFailure, VaultFailure, StorageFailure."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    parts = build(settings)
    try:
        await migrate(parts.store)
        await check_keys(parts.store, parts.shop.vault)
        async with _open_shop(parts), _serve_webhooks(parts), _serve_telegram(parts, stop):
            _log.info("the shop is open; Ctrl-C closes it")
            await stop.wait()
            _log.info("closing")
    finally:
        for supplier in parts.shop.suppliers.values():
            await supplier.close()
        await parts.store.close()
    _log.info("closed")


@contextlib.asynccontextmanager
async def _open_shop(parts: Parts) -> AsyncIterator[None]:
    """What was interrupted is recovered, then sweeps run."""
    shop = parts.shop
    lost = await recover_interrupted(shop)
    if lost:
        _log.warning("%d purchases were interrupted; they are searched for at the supplier", lost)
    for name in await find_left_out(shop.store, shop.suppliers):
        _log.warning("orders wait at %s, which SUPPLIERS leaves out: nobody asks for them", name)
    await forget_access(shop)
    await load_shelf(shop)
    asking = asyncio.create_task(_first_questions(parts))
    await asyncio.wait([asking], timeout=_START_PATIENCE_SECONDS)
    parts.jobs.start()
    finishing = asyncio.create_task(parts.inbox.keep_finishing())
    try:
        yield
    finally:
        asking.cancel()
        finishing.cancel()
        await asyncio.gather(asking, finishing, return_exceptions=True)
        await parts.jobs.stop(_DRAIN_SECONDS)
        await parts.inbox.flush()


@contextlib.asynccontextmanager
async def _serve_webhooks(parts: Parts) -> AsyncIterator[None]:
    """Where suppliers can ring, if this shop can be reached from outside."""
    settings = parts.settings
    if not settings.public_url:
        yield
        return
    from bot.webhooks import Webhooks, serving

    readers: dict[str, EventReader] = {}
    if Starship.name in settings.suppliers:
        secret = settings.starship_webhook_secret.get_secret_value()
        readers[Starship.name] = StarshipEvents(secret, SystemClock())
    host, _, port = settings.webhook_listen.rpartition(":")
    try:
        listener = socket.create_server((host, int(port)))
    except OSError as error:
        raise StartFailure(f"WEBHOOK_LISTEN: {host}:{port} cannot be had ({error})") from None
    async with serving(Webhooks(parts.shop, readers).app, listener):
        for name in readers:
            _log.info("%s/webhooks/%s is served", settings.public_url.rstrip("/"), name)
        yield


async def _first_questions(parts: Parts) -> None:
    await asyncio.gather(*(_first_question(parts.shop, name) for name in parts.shop.suppliers))
    await parts.jobs.first_catalogue()


async def _first_question(shop: Shop, supplier: str) -> None:
    account = await check_access(shop, supplier)
    if account.environment is None:
        _log.warning("%s has not said what our key is; selling waits for its answer", supplier)
    else:
        _log.info("%s: a %s key", supplier, account.environment)


@contextlib.asynccontextmanager
async def _serve_telegram(parts: Parts, stop: asyncio.Event) -> AsyncIterator[None]:
    application = parts.application
    await parts.memory.load()
    await _reach_telegram(parts, stop)
    if stop.is_set():
        yield
        return
    await application.start()
    for update in await parts.inbox.unhandled(parts.bot):
        parts.retries.replayed.add(update.update_id)
        await application.update_queue.put(update)
    parts.bot.keep_in(parts.inbox)
    menus = asyncio.create_task(_set_menus(parts))
    polling = Polling(
        application,
        parts.bot,
        tell_stopped=lambda seconds: tell_polling_stopped(parts.shop, seconds),
        give_up=stop.set,
    )
    try:
        await polling.start()
        yield
    finally:
        menus.cancel()
        await asyncio.gather(menus, return_exceptions=True)
        await _stop_telegram(parts, polling)


async def _reach_telegram(parts: Parts, stop: asyncio.Event) -> None:
    wait = 1.0
    while not stop.is_set():
        try:
            await parts.application.initialize()
        except InvalidToken:
            raise StartFailure(
                "Telegram does not accept TELEGRAM_TOKEN; ask BotFather for the right one"
            ) from None
        except NetworkError as error:
            _log.warning(
                "Telegram does not answer (%s); trying again in %.0f s", type(error).__name__, wait
            )
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)
            wait = min(wait * 2, 30.0)
        else:
            return


async def _set_menus(parts: Parts) -> None:
    locales = {}
    async with parts.store.reading() as tx:
        for operator_id in parts.settings.admin_ids:
            known = await tx.customers.get(operator_id)
            locales[operator_id] = str(known.locale) if known else "en"
    await set_menus(parts.bot, locales)


async def _stop_telegram(parts: Parts, polling: Polling) -> None:
    """No new updates; those at work end, or are replayed by the next start."""
    application = parts.application
    parts.chat_processor.close()
    parts.retries.close()
    await polling.stop()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(application.stop(), _DRAIN_SECONDS)
    with contextlib.suppress(TelegramError, RuntimeError):
        await application.shutdown()
