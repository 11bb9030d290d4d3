"""Opening the shop of a rehearsal: with test keys alone, a database of its own, and nobody else's updates."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from telegram.error import TelegramError

from bot.app import App, assemble
from bot.connections import witnessed
from bot.domain.payments import Method
from bot.domain.supplier import Environment
from bot.errors import PaymentFailure, StorageFailure, SupplierFailure
from bot.factories import PaymentParts, build_bot, build_payment_methods, build_suppliers
from bot.payment_ports import PaymentMethod
from bot.rehearsal.playing import describe
from bot.rehearsal.updates import SortedUpdates
from bot.rehearsal.witness import Witness
from bot.services.codes.custody import check_keys
from bot.services.operations.outbox import retry_messages
from bot.services.selling.access import check_access
from bot.settings import Settings
from bot.start import prepare
from bot.stopping import DRAIN_SECONDS, Stopping
from bot.supplier_ports import Supplier
from bot.suppliers.oneclickdz import OneClickDz
from bot.vault import new_key
from handlers.bot import ShopBot, bot_id_of
from handlers.edge import Do, explain, read
from handlers.inbox import Inbox
from handlers.middleware.threads import Threads
from handlers.polling import Polling, PollingNews
from handlers.reach import reach
from handlers.stars_gateway import TelegramStarsGateway
from storage.looking import NoDatabase, looking, read_of
from storage.migrate import migrate

_REACH_SECONDS: Final = 45.0
_LEAST_QUANTITY: Final = 10  # in one order of a rehearsal
_NO_LIMIT: Final = Decimal(10**9)
_NOT_SOON: Final = timedelta(hours=12)


class RehearsalRefused(Exception):
    """It cannot begin, or go on; the sentence is for the operator."""


@dataclass(frozen=True, slots=True)
class Usable:
    """What may be played with: whatever surely moves no real money, and Stars."""

    suppliers: tuple[str, ...]
    methods: tuple[Method, ...]
    left_out: dict[str, str] = field(default_factory=dict)


async def find_usable(settings: Settings) -> Usable:
    """Ask suppliers and payment methods of which kind the keys are. Raises RehearsalRefused for a live one."""
    suppliers, bot = build_suppliers(settings), build_bot(settings)
    gateway = TelegramStarsGateway(bot, Threads())
    parts = PaymentParts(suppliers, gateway, lambda: "https://t.me/")
    methods = build_payment_methods(settings, parts)
    left_out: dict[str, str] = {}
    try:
        tested = [s for s in suppliers if await _is_test_key(s, suppliers[s], left_out)]
        paying = [m for m in methods if await _is_playable(methods[m], tested, left_out)]
    finally:
        await _close_all(suppliers.values(), methods.values())
    return Usable(tuple(tested), tuple(paying), left_out)


async def _is_test_key(name: str, supplier: Supplier, left_out: dict[str, str]) -> bool:
    try:
        key = await supplier.validate()
    except SupplierFailure as failure:
        left_out[name] = f"does not confirm that its key is for tests ({describe(failure)})"
        return False
    if key.environment is not Environment.SANDBOX:
        raise RehearsalRefused(
            f"{name}: this key buys for real, and a rehearsal buys; put a test key into .env, or take {name} out of "
            "SUPPLIERS meanwhile"
        )
    if not (key.enabled and key.may_buy):
        left_out[name] = "its key may not buy"
        return False
    return True


async def _is_playable(method: PaymentMethod, tested: list[str], left_out: dict[str, str]) -> bool:
    name = method.method
    if name is Method.STARS:
        return True
    if name is Method.TRANSFER:  # nothing of it is unknown
        return False
    try:
        found = await method.examine()
    except PaymentFailure as failure:
        left_out[name] = f"does not confirm that its key is for tests ({type(failure).__name__})"
        return False
    if found.environment is Environment.PRODUCTION:
        raise RehearsalRefused(
            f"PAYMENT_METHODS: {name} has a live key, and a rehearsal pays; use its test key, or take {name} out of "
            "PAYMENT_METHODS meanwhile"
        )
    is_test = found.environment is Environment.SANDBOX
    if name is Method.OCPAY:  # paid with the supplier's key
        is_test = OneClickDz.name in tested
    if not is_test:
        left_out[name] = "does not confirm that its key is for tests"
    return is_test


def settings_of_rehearsal(
    settings: Settings, usable: Usable, operator_id: int, folder: Path
) -> Settings:
    """The shop's settings with a database of its own, the test keys alone, and no port opened."""
    calm = datetime.now(UTC) + _NOT_SOON
    return settings.model_copy(
        update={
            "admin_ids": frozenset({operator_id}),
            "database_url": f"sqlite:///{folder / 'rehearsal.db'}",
            "hanout_keys": SecretStr(new_key("rehearsal")),
            "hanout_keys_file": None,
            "suppliers": usable.suppliers,
            "payment_methods": usable.methods,
            "backups_kept": 0,
            "nightly_at": calm.astimezone(ZoneInfo(settings.time_zone)).time(),
            "public_url": "",
            "telegram_webhook_url": "",
            "watch_listen": "",
            "max_quantity": max(settings.max_quantity, _LEAST_QUANTITY),
            "balance_alert": Decimal(0),
            "balance_floor": Decimal(0),
            "confirm_above": _NO_LIMIT,
            "operator_daily_cap": Decimal(0),
        }
    )


@contextlib.asynccontextmanager
async def inbox_of_shop(settings: Settings) -> AsyncIterator[Inbox | None]:
    """The inbox of the real shop, for what is not the operator's; None where the bot has no shop here.

    Raises StorageFailure, VaultFailure.
    """
    if not await _has_shop(settings):
        yield None
        return
    app = assemble(settings)
    try:
        await check_keys(app.store, app.shop.vault)
        yield app.telegram.inbox
        await app.telegram.inbox.leave()
    finally:
        await _close(app)


async def _has_shop(settings: Settings) -> bool:
    bot_id = bot_id_of(settings.telegram_token.get_secret_value())
    try:
        async with looking(settings.database_url) as connection:
            tx = await read_of(connection)
            leader = await tx.leader.get() if tx is not None else None
    except NoDatabase:
        return False
    return tx is not None and (leader is None or leader.bot_id in (0, bot_id))


class _Patience:
    """Waits for Telegram for some time, as `reach` wants it."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def is_set(self) -> bool:
        return monotonic() >= self._end

    async def wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@contextlib.asynccontextmanager
async def opened(
    settings: Settings, real: Inbox | None, operator_id: int, witness: Witness, stopping: Stopping
) -> AsyncIterator[tuple[App, SortedUpdates]]:
    """The shop of the rehearsal, open. `stopping` gives up where it cannot go on. Raises RehearsalRefused."""
    with witnessed(witness):
        app = assemble(settings)
    updates = SortedUpdates(app.telegram.inbox, real, operator_id)
    async with contextlib.AsyncExitStack() as ending:
        ending.push_async_callback(_close, app)
        await migrate(app.store)
        await check_keys(app.store, app.shop.vault)
        await prepare(app.shop)
        await _reach(app)
        await _drain(app.telegram.bot, updates)
        for supplier in app.shop.suppliers:
            await check_access(app.shop, supplier)
        await app.jobs.fetch_first_catalogues()
        await app.telegram.persistence.load()
        app.jobs.start()
        ending.push_async_callback(app.jobs.stop, DRAIN_SECONDS)
        await app.telegram.application.start()
        ending.push_async_callback(_stop, app)
        await ending.enter_async_context(_receiving(app, updates, stopping))
        yield app, updates


@contextlib.asynccontextmanager
async def _receiving(app: App, updates: SortedUpdates, stopping: Stopping) -> AsyncIterator[None]:
    polling = Polling(app.telegram.bot, updates, _news(stopping))
    watching = app.telegram.bot.reachability.watch(
        polling.ask_telegram, partial(retry_messages, app.shop)
    )
    works = (polling.run(), app.telegram.inbox.keep_finishing(), watching)
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        yield
    finally:
        app.telegram.chat_order.close()
        app.telegram.retries.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _reach(app: App) -> None:
    reached = False

    async def connect() -> None:
        nonlocal reached
        await app.telegram.application.initialize()
        reached = True

    refusal = await reach(connect, _Patience(_REACH_SECONDS))
    if refusal is not None:
        raise RehearsalRefused(f"Telegram: {refusal.words}")
    if not reached:
        raise RehearsalRefused(
            "Telegram does not answer; `hanout doctor` says what is wrong with the way there"
        )


async def _drain(bot: ShopBot, updates: SortedUpdates) -> None:
    """Take what waits at Telegram out of the way. Raises RehearsalRefused."""
    try:
        try:
            await updates.drain(bot)
        except TelegramError as error:
            if read(error).poll is not Do.REMOVE_WEBHOOK:
                raise
            await bot.delete_webhook(drop_pending_updates=False)  # `hanout run` sets it again
            await updates.drain(bot)
    except TelegramError as error:
        raise RehearsalRefused(f"Telegram gives no updates: {explain(error)}") from None


def _news(stopping: Stopping) -> PollingNews:
    async def nothing(*_: object) -> None:
        pass

    async def other_poller() -> None:
        stopping.give_up("another program polls with TELEGRAM_TOKEN: close it, then rehearse again")

    return PollingNews(
        silent=nothing,
        other_poller=other_poller,
        alone=nothing,
        token_refused=lambda: stopping.give_up("Telegram does not accept TELEGRAM_TOKEN any more"),
        may_poll=nothing,
        polled=lambda _at: None,
    )


async def _stop(app: App) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(app.telegram.application.stop(), DRAIN_SECONDS)
    with contextlib.suppress(StorageFailure):
        await app.telegram.inbox.flush()


async def _close(app: App) -> None:
    with contextlib.suppress(TelegramError, RuntimeError):
        await app.telegram.application.shutdown()
    await _close_all(app.shop.suppliers.values(), app.shop.payment_methods.values())
    await app.store.close()


async def _close_all(suppliers: Iterable[Supplier], methods: Iterable[PaymentMethod]) -> None:
    for supplier in suppliers:
        await supplier.close()
    for method in methods:
        await method.close()
