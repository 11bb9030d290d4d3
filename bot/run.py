"""Running the shop: starts its parts in order, and stops them in order at SIGTERM or SIGINT."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import AsyncIterator
from typing import Final

from telegram.error import InvalidToken, NetworkError, TelegramError

from bot.app import App, assemble
from bot.factories import build_event_readers
from bot.services.catalogue.refresh import load_shelf
from bot.services.codes.custody import check_keys
from bot.services.messaging.inbox import tell_polling_stopped
from bot.services.operations.watch import find_unserved_suppliers
from bot.services.orders.place import recover_interrupted
from bot.services.selling.access import check_access, forget_access
from bot.services.shop import Shop
from bot.settings import Settings
from handlers.menus import set_menus
from handlers.polling import Polling
from storage.migrate import migrate

_log = logging.getLogger("hanout")

_DRAIN_SECONDS: Final = 2.0
_START_PATIENCE_SECONDS: Final = 2.0


class StartFailure(Exception):
    """The shop cannot start, for a reason that its owner can act on."""


async def run(settings: Settings) -> None:
    """Run the shop until SIGTERM or SIGINT. Raises StartFailure, VaultFailure, StorageFailure."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    app = assemble(settings)
    try:
        await migrate(app.store)
        await check_keys(app.store, app.shop.vault)
        async with _open_shop(app), _serve_webhooks(app), _serve_telegram(app, stop):
            _log.info("the shop is open; Ctrl-C closes it")
            await stop.wait()
            _log.info("closing")
    finally:
        for supplier in app.shop.suppliers.values():
            await supplier.close()
        await app.store.close()
    _log.info("closed")


@contextlib.asynccontextmanager
async def _open_shop(app: App) -> AsyncIterator[None]:
    """Recover what was interrupted, ask the suppliers, then run the sweeps."""
    shop = app.shop
    lost = await recover_interrupted(shop)
    if lost:
        _log.warning("%d purchases were interrupted; they are searched for at the supplier", lost)
    for name in await find_unserved_suppliers(shop.store, shop.suppliers):
        _log.warning("orders wait at %s, which SUPPLIERS leaves out: nobody asks for them", name)
    await forget_access(shop)
    await load_shelf(shop)
    asking = asyncio.create_task(_ask_suppliers(app))
    await asyncio.wait([asking], timeout=_START_PATIENCE_SECONDS)
    app.jobs.start()
    finishing = asyncio.create_task(app.telegram.inbox.keep_finishing())
    try:
        yield
    finally:
        asking.cancel()
        finishing.cancel()
        await asyncio.gather(asking, finishing, return_exceptions=True)
        await app.jobs.stop(_DRAIN_SECONDS)
        await app.telegram.inbox.flush()


@contextlib.asynccontextmanager
async def _serve_webhooks(app: App) -> AsyncIterator[None]:
    """Serve the suppliers' webhooks, where PUBLIC_URL is set. Raises StartFailure."""
    settings = app.settings
    if not settings.public_url:
        yield
        return
    from bot.webhooks import Webhooks, serving

    readers = build_event_readers(settings)
    host, _, port = settings.webhook_listen.rpartition(":")
    try:
        listener = socket.create_server((host, int(port)))
    except OSError as error:
        raise StartFailure(f"WEBHOOK_LISTEN: {host}:{port} cannot be bound ({error})") from None
    async with serving(Webhooks(app.shop, readers).app, listener):
        for name in readers:
            _log.info("%s/webhooks/%s is served", settings.public_url.rstrip("/"), name)
        yield


async def _ask_suppliers(app: App) -> None:
    await asyncio.gather(*(_ask_supplier(app.shop, name) for name in app.shop.suppliers))
    await app.jobs.fetch_first_catalogues()


async def _ask_supplier(shop: Shop, supplier: str) -> None:
    account = await check_access(shop, supplier)
    if account.environment is None:
        _log.warning("%s has not confirmed our key; selling waits for its answer", supplier)
    else:
        _log.info("%s: a %s key", supplier, account.environment)


@contextlib.asynccontextmanager
async def _serve_telegram(app: App, stop: asyncio.Event) -> AsyncIterator[None]:
    """Handle updates that an earlier run left, then new ones."""
    application = app.telegram.application
    await app.telegram.persistence.load()
    await _reach_telegram(app, stop)
    if stop.is_set():
        yield
        return
    await application.start()
    for update in await app.telegram.inbox.unhandled(app.telegram.bot):
        app.telegram.retries.replayed.add(update.update_id)
        await application.update_queue.put(update)
    menus = asyncio.create_task(_set_menus(app))
    polling = Polling(
        application,
        app.telegram.bot,
        tell_stopped=lambda seconds: tell_polling_stopped(app.shop, seconds),
        give_up=stop.set,
    )
    try:
        await polling.start()
        yield
    finally:
        menus.cancel()
        await asyncio.gather(menus, return_exceptions=True)
        await _stop_telegram(app, polling)


async def _reach_telegram(app: App, stop: asyncio.Event) -> None:
    """Try until Telegram answers, or the shop is to stop. Raises StartFailure for a wrong token."""
    wait = 1.0
    while not stop.is_set():
        try:
            await app.telegram.application.initialize()
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


async def _set_menus(app: App) -> None:
    """Set the command menus, the operators' in their own languages."""
    locales = {}
    async with app.store.reading() as tx:
        for operator_id in app.settings.admin_ids:
            known = await tx.customers.get(operator_id)
            locales[operator_id] = str(known.locale) if known else "en"
    await set_menus(app.telegram.bot, locales)


async def _stop_telegram(app: App, polling: Polling) -> None:
    """Fetch no new updates; those being handled end, or are handled again by the next start."""
    application = app.telegram.application
    app.telegram.chat_order.close()
    app.telegram.retries.close()
    await polling.stop()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(application.stop(), _DRAIN_SECONDS)
    with contextlib.suppress(TelegramError, RuntimeError):
        await application.shutdown()
