"""Assembles the bot: its handlers, and the one ordered list of middleware for all updates."""

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from telegram import Update
from telegram.ext import Application, BaseUpdateProcessor, ContextTypes

from bot.errors import StorageFailure
from bot.meter import NO_METER, Meter
from bot.services.messaging.inbox import quarantine_album
from bot.services.shop import Shop
from handlers.bot import ShopBot
from handlers.context import BotState, ShopContext
from handlers.conversations import ConversationPersistence
from handlers.inbox import Inbox
from handlers.middleware import CallNext, Middleware, ShopApplication
from handlers.middleware.access import check_access
from handlers.middleware.albums import Albums, album_of
from handlers.middleware.chat_order import ChatOrder
from handlers.middleware.errors import answer_errors
from handlers.middleware.limits import Limits, set_cause
from handlers.middleware.measure import Measure
from handlers.middleware.payments import take_payments
from handlers.middleware.retries import Retries
from handlers.middleware.threads import Threads
from handlers.registration import register

_log = logging.getLogger(__name__)

_MAX_UPDATES: Final = 1_000_000  # effectively unlimited: ChatOrder runs one update for each chat


@dataclass(frozen=True, slots=True)
class BotParts:
    """The parts of the bot that the caller starts and stops."""

    bot: ShopBot
    application: ShopApplication
    inbox: Inbox
    persistence: ConversationPersistence
    chat_order: ChatOrder
    retries: Retries
    albums: Albums


def assemble_bot(
    shop: Shop,
    bot: ShopBot,
    support_contact: str,
    threads: Threads | None = None,
    meter: Meter = NO_METER,
) -> BotParts:
    """Build everything between Telegram and the services, for the shop and for the tests.

    Nothing is opened or sent yet. `threads` is shared with whatever sends without an update; `meter`
    is told of each update.
    """
    persistence = ConversationPersistence(shop.store)
    queue: asyncio.Queue[object] = asyncio.Queue()
    inbox = Inbox(shop, persistence, bot, queue)
    chat_order, retries = ChatOrder(), Retries(shop)
    albums, threads = Albums(retries.replayed), threads or Threads()
    middleware: tuple[Middleware, ...] = (
        Measure(meter),
        inbox.guard,
        albums.join,
        chat_order,
        albums.gather,
        threads.remember,
        set_cause,
        partial(_finish_in_inbox, inbox, retries, shop),
        retries.count_replays,
        retries.retry,
        answer_errors,
        take_payments,
        check_access,
        Limits(chat_order),
    )
    application = (
        Application.builder()
        .application_class(MiddlewareApplication, {"middleware": middleware})
        .bot(bot)
        .updater(None)  # handlers.polling fetches the updates
        .update_queue(queue)
        .persistence(persistence)
        .concurrent_updates(_Unordered(_MAX_UPDATES))
        .context_types(ContextTypes(context=ShopContext))
        .job_queue(None)
        .build()
    )
    register(
        application,
        BotState(
            shop, chat_order, retries, inbox, support_contact, threads, bot.shown, edits=bot.edits
        ),
    )
    return BotParts(bot, application, inbox, persistence, chat_order, retries, albums)


class MiddlewareApplication(ShopApplication):
    """PTB's application, whose updates pass the middleware before they are routed to a handler."""

    def __init__(self, *, middleware: Sequence[Middleware], **ptb: Any) -> None:
        super().__init__(**ptb)
        chain: CallNext = super().process_update
        for layer in reversed(middleware):
            chain = partial(self._pass_through, layer, chain)
        self._chain = chain

    async def _pass_through(self, layer: Middleware, call_next: CallNext, update: Update) -> None:
        await layer(update, self, call_next)

    async def process_update(self, update: object) -> None:
        if isinstance(update, Update):
            await self._chain(update)
        else:
            await super().process_update(update)


class _Unordered(BaseUpdateProcessor):
    """Starts every update at once: the middleware ChatOrder keeps those of one chat in order."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        await coroutine

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""


async def _finish_in_inbox(
    inbox: Inbox,
    retries: Retries,
    shop: Shop,
    update: Update,
    application: ShopApplication,
    call_next: CallNext,
) -> None:
    """Middleware: mark an update as handled in the inbox, unless it is to be tried again later.

    The other items of its album share its fate.
    """
    await call_next(update)
    await application.update_persistence()
    album = album_of(update).updates
    if update.update_id not in retries.not_handled:
        for item in album:
            inbox.finish(item)
        return
    retries.not_handled.discard(update.update_id)
    if len(album) > 1:
        try:
            await quarantine_album(shop, update.update_id, [item.update_id for item in album])
        except StorageFailure as failure:  # the items are handled after a restart, without it
            _log.error("the items of an album could not be quarantined: %s", failure)
