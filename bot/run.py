"""Running the shop: starts its parts in order, and stops them in order at SIGTERM or SIGINT."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from telegram.error import TelegramError

from bot.app import App, assemble
from bot.errors import StorageFailure
from bot.factories import build_event_readers
from bot.leading import Leadership, note_bot
from bot.services.catalogue.refresh import load_shelf
from bot.services.codes.custody import check_keys
from bot.services.messaging.inbox import (
    end_other_poller,
    tell_other_poller,
    tell_polling_stopped,
)
from bot.services.messaging.webhook import end_webhook_failing, tell_webhook_failing
from bot.services.operations.outbox import retry_messages
from bot.services.operations.staffing import list_menus
from bot.services.payments.environments import find_mixed_method, say_mixed
from bot.services.selling.access import check_access
from bot.services.shop import Shop
from bot.settings import Settings
from bot.start import prepare
from bot.status import Phase, Status
from bot.stopping import StartFailure, Stopping
from bot.watching import serve_watching
from handlers.menus import set_menus
from handlers.polling import Polling, PollingNews
from handlers.reach import reach
from handlers.routes import NEEDED
from handlers.webhook import MAX_CONNECTIONS, Webhook, WebhookNews, webhook_address
from locales import load_texts
from storage.leader_lock import leader_lock
from storage.migrate import migrate
from storage.moved import check_not_moved

if TYPE_CHECKING:
    from bot.webhooks import Webhooks

_log = logging.getLogger("hanout")

_LEAVE_SECONDS: Final = 1.5
_START_PATIENCE_SECONDS: Final = 2.0
# First the answers to whoever waits for the start: all sweeps at once take the loop for a while.
_SWEEPS_AFTER_SECONDS: Final = 0.3
_MENUS_AFTER_SECONDS: Final = 1.0


async def run(settings: Settings) -> None:
    """Run the shop until SIGTERM or SIGINT, as its leader or as one that stands by.

    Raises StartFailure, VaultFailure, StorageFailure.
    """
    stopping, status = Stopping(), Status()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    app = assemble(settings)
    doubt = asyncio.Event()
    lock = leader_lock(settings.database_url, app.shop.process, doubt.set)
    leadership = Leadership(app.shop, lock, doubt, status, stopping)
    try:
        prepare_database = partial(_prepare_database, app, status)
        async with (
            serve_watching(app, status),
            leadership.lead(partial(_warm_up, app), app.telegram.bot.get_me, prepare_database),
        ):
            if not stopping.is_set():
                await _keep_open(app, stopping, status)
    except StorageFailure:
        stopping.check()  # why it gave up says more than what failed then
        raise
    finally:
        status.phase = Phase.STOPPING
        with contextlib.suppress(TelegramError, RuntimeError):  # the next process leads already
            await app.telegram.application.shutdown()
        for supplier in app.shop.suppliers.values():
            await supplier.close()
        for provider in app.shop.payment_methods.values():
            await provider.close()
        await app.store.close()
    stopping.check()
    _log.info("closed")


async def _warm_up(app: App) -> None:
    """As a standby: connect, and run what the start will run, so that it is quick then."""
    load_texts()
    # The whole application would read open questions, which change until this process leads.
    await app.telegram.bot.initialize()
    await load_shelf(app.shop)


async def _prepare_database(app: App, status: Status) -> None:
    """Raises VaultFailure, StorageFailure, DatabaseMoved."""
    await migrate(app.store)
    await check_not_moved(app.store)
    await check_keys(app.store, app.shop.vault)
    status.migrated = True


async def _keep_open(app: App, stopping: Stopping, status: Status) -> None:
    is_open = asyncio.Event()
    async with (
        _open_shop(app, stopping, is_open),
        _serve_webhooks(app) as webhooks,
        _serve_telegram(app, stopping, status, webhooks),
    ):
        _log.info("the shop is open; Ctrl-C closes it")
        is_open.set()
        await stopping.wait()
        status.phase = Phase.STOPPING
        _log.info("closing")


@contextlib.asynccontextmanager
async def _open_shop(app: App, stopping: Stopping, is_open: asyncio.Event) -> AsyncIterator[None]:
    """Recover what was interrupted, and ask the suppliers; the sweeps end with it."""
    await prepare(app.shop)
    tasks = [asyncio.create_task(_ask_outside(app, stopping))]
    try:
        # While the suppliers answer, not while a customer waits.
        await asyncio.to_thread(load_texts)
        await asyncio.wait(tasks, timeout=_START_PATIENCE_SECONDS)
        tasks.append(asyncio.create_task(app.telegram.inbox.keep_finishing()))
        tasks.append(asyncio.create_task(_start_sweeps(app, is_open)))
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await app.jobs.stop(stopping.seconds_left())
        await _flush(app)


async def _start_sweeps(app: App, is_open: asyncio.Event) -> None:
    """After the first answers; where Telegram cannot be reached, without waiting for it."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_START_PATIENCE_SECONDS):
            await is_open.wait()
        await asyncio.sleep(_SWEEPS_AFTER_SECONDS)
    app.jobs.start()


async def _flush(app: App) -> None:
    """What cannot be marked as handled now, the next process handles again."""
    try:
        await app.telegram.inbox.flush()
    except StorageFailure as failure:
        _log.warning("handled updates are not marked: %s", failure)
    try:
        await asyncio.wait_for(app.telegram.inbox.leave(), _LEAVE_SECONDS)
    except (StorageFailure, TimeoutError) as failure:
        _log.warning("it is not noted that updates are left in order (%s)", type(failure).__name__)


@contextlib.asynccontextmanager
async def _serve_webhooks(app: App) -> "AsyncIterator[Webhooks | None]":
    """Serve webhooks, where PUBLIC_URL or TELEGRAM_WEBHOOK_URL is set. Raises StartFailure."""
    settings = app.settings
    if not settings.public_url and not settings.telegram_webhook_url:
        yield None
        return
    from bot.http_server import open_listener
    from bot.webhooks import Webhooks, serving

    readers = build_event_readers(settings) if settings.public_url else {}
    methods = app.shop.payment_methods.items() if settings.public_url else ()
    rings = {method: way.rings for method, way in methods if way.rings is not None}
    host, _, port = settings.webhook_listen.rpartition(":")
    try:
        listener = open_listener(host, int(port))
    except OSError as error:
        raise StartFailure(f"WEBHOOK_LISTEN: {host}:{port} cannot be bound ({error})") from None
    webhooks = Webhooks(app.shop, readers, rings)
    async with serving(webhooks.app, listener):
        for name in (*readers, *(f"pay/{method}" for method in rings)):
            _log.info("%s/webhooks/%s is served", settings.public_url.rstrip("/"), name)
        yield webhooks


async def _ask_outside(app: App, stopping: Stopping) -> None:
    await asyncio.gather(*(_ask_supplier(app.shop, name) for name in app.shop.suppliers))
    catalogues = asyncio.create_task(app.jobs.fetch_first_catalogues())
    mixed = await find_mixed_method(app.shop)
    if mixed is not None:
        stopping.give_up(say_mixed(*mixed))
    await catalogues


async def _ask_supplier(shop: Shop, supplier: str) -> None:
    account = await check_access(shop, supplier)
    if account.environment is None:
        _log.warning("%s has not confirmed our key; selling waits for its answer", supplier)
    else:
        _log.info("%s: a %s key", supplier, account.environment)


@contextlib.asynccontextmanager
async def _serve_telegram(
    app: App, stopping: Stopping, status: Status, webhooks: "Webhooks | None"
) -> AsyncIterator[None]:
    """Handle updates that an earlier run left, then new ones. Raises StartFailure."""
    telegram = app.telegram
    await telegram.persistence.load()
    await _reach_telegram(app, stopping)
    if stopping.is_set():
        yield
        return
    await app.store.write(note_bot, app.shop.bot_id)
    await telegram.application.start()
    for update in await telegram.inbox.unhandled():
        telegram.retries.replayed.add(update.update_id)
        await telegram.application.update_queue.put(update)
    with _receive_updates(app, stopping, status, webhooks) as receiving:
        watching = telegram.bot.reachability.watch(
            receiving.ask_telegram, lambda: retry_messages(app.shop)
        )
        works = (_set_menus(app), receiving.run(), watching)
        tasks = [asyncio.create_task(work) for work in works]
        try:
            yield
        finally:
            await _stop_telegram(app, stopping, tasks)


@contextlib.contextmanager
def _receive_updates(
    app: App, stopping: Stopping, status: Status, webhooks: "Webhooks | None"
) -> Iterator[Polling | Webhook]:
    """What receives updates: a webhook where one is wanted, else polling."""
    bot, inbox, url = app.telegram.bot, app.telegram.inbox, app.settings.telegram_webhook_url
    if webhooks is None or not url:
        yield Polling(bot, inbox, _polling_news(app.shop, stopping, status))
        return
    from bot.webhooks import UpdateEndpoint

    address = webhook_address(url, app.shop.vault, bot.token)
    news = WebhookNews(
        failing=lambda reason, count: tell_webhook_failing(app.shop, reason, count),
        well=lambda: end_webhook_failing(app.shop),
        other_program=lambda: tell_other_poller(app.shop),
        alone=lambda: end_other_poller(app.shop),
        give_up=stopping.give_up,
        looked=partial(_note_poll, status),
    )
    webhook = Webhook(bot, inbox, address, news)
    at_once = 2 * MAX_CONNECTIONS  # what Telegram still sends, and what it repeats
    with webhooks.open_to_telegram(
        UpdateEndpoint(address.path, address.secret, webhook.take, at_once)
    ):
        yield webhook


def _note_poll(status: Status, at: float) -> None:
    status.last_poll = at


def _polling_news(shop: Shop, stopping: Stopping, status: Status) -> PollingNews:
    return PollingNews(
        may_poll=shop.lease.wait,  # polls of two processes would end each other
        polled=partial(_note_poll, status),
        silent=lambda seconds: tell_polling_stopped(shop, seconds),
        other_poller=lambda: tell_other_poller(shop),
        alone=lambda: end_other_poller(shop),
        token_refused=lambda: stopping.give_up(
            "Telegram does not accept TELEGRAM_TOKEN any more: it was revoked, or another one was "
            "made; ask BotFather for the present one"
        ),
    )


async def _reach_telegram(app: App, stopping: Stopping) -> None:
    """Try until Telegram answers, or the shop is to stop. Raises StartFailure for a wrong token."""
    refusal = await reach(app.telegram.application.initialize, stopping)
    if refusal is not None:
        raise StartFailure(f"Telegram: {refusal.words}")


async def _set_menus(app: App) -> None:
    """Set the command menus, the operators' in their own languages."""
    await app.shop.clock.sleep(_MENUS_AFTER_SECONDS)
    operators = {
        operator_id: (locale, NEEDED.commands_for(rights))
        for operator_id, (locale, rights) in (await list_menus(app.shop)).items()
    }
    await set_menus(app.telegram.bot, operators)


async def _stop_telegram(app: App, stopping: Stopping, tasks: Sequence[asyncio.Task[None]]) -> None:
    """Fetch no new updates; those being handled end, or are handled again by the next start."""
    application = app.telegram.application
    app.telegram.chat_order.close()
    app.telegram.retries.close()
    app.processes.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(application.stop(), stopping.seconds_left())
