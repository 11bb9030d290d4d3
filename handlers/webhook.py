"""Webhook mode: has Telegram send updates to an address of ours, and looks whether that works."""

import asyncio
import contextlib
import hashlib
import json
import logging
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from telegram import WebhookInfo
from telegram.error import BadRequest

from bot.domain.schedule import GrowingWait
from bot.errors import StorageFailure
from bot.ports import Vault
from handlers.bot import ALLOWED_UPDATES, ShopBot
from handlers.edge import Do, explain, read, told_wait
from handlers.inbox import Inbox
from handlers.raw_updates import UPDATE_ID, find_update, is_torn

_log = logging.getLogger("hanout")

# How many updates Telegram delivers at once, those of one chat one after another. The store writes
# one at a time, so more would only wait there.
MAX_CONNECTIONS: Final = 20
WATCH_SECONDS: Final = 300.0
_TORN_TRIES: Final = 10  # of one update; Telegram sends it again each time
_MOST_TORN: Final = 1_000
_WAITS_SECONDS: Final = (0.5, 30.0)
_CHANGED_SECONDS: Final = 10.0  # until it is looked at again after somebody changed it
# So many changes within so many seconds are another program's; one may be somebody's mistake.
_MANY_CHANGES: Final = 2
_CHANGES_PERIOD_SECONDS: Final = 3600.0
_REFUSED: Final = ("bad webhook", "secret token")
_LONGEST_REASON: Final = 200


_Parts = tuple[str, int | None, frozenset[str]]


@dataclass(frozen=True, slots=True)
class WebhookNews:
    """Whom the webhook tells what; each but the last at most once for each episode.

    `failing`: Telegram cannot deliver, for this reason, and so many updates wait. `well`: it can
    again. `other_program`: somebody with the same token keeps changing or removing the webhook,
    `alone`: no longer. `give_up`: the shop has to end, for this reason. `looked`, after each time that
    Telegram told of the webhook, with its monotonic time.
    """

    failing: Callable[[str, int], Awaitable[None]]
    well: Callable[[], Awaitable[None]]
    other_program: Callable[[], Awaitable[None]]
    alone: Callable[[], Awaitable[None]]
    give_up: Callable[[str], None]
    looked: Callable[[float], None] = lambda _at: None


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """Where Telegram delivers, and the secret that it sends with each update."""

    url: str
    path: str
    secret: str


def webhook_address(base_url: str, vault: Vault, token: str) -> WebhookAddress:
    """The address below TELEGRAM_WEBHOOK_URL; the same for the same token and newest key.

    getWebhookInfo does not show the secret. So the path holds a hash of it: another secret is
    another address, and is seen.
    """
    secret = vault.fingerprints(f"telegram webhook|{token}")[0].hex()
    path = f"/telegram/{hashlib.sha256(secret.encode()).hexdigest()[:16]}"
    return WebhookAddress(base_url + path, path, secret)


class Webhook:
    """Sets the webhook and watches it until it is cancelled. The bot must be initialized."""

    def __init__(
        self,
        bot: ShopBot,
        inbox: Inbox,
        address: WebhookAddress,
        news: WebhookNews,
        *,
        watch_seconds: float = WATCH_SECONDS,
    ) -> None:
        self._bot = bot
        self._inbox = inbox
        self._address = address
        self._news = news
        self._watch_seconds = watch_seconds
        self._wait = GrowingWait(*_WAITS_SECONDS)
        self._soon = asyncio.Event()
        self._changes: deque[float] = deque(maxlen=_MANY_CHANGES)
        self._is_shared: bool | None = None  # as below
        self._began_at = time.monotonic()
        self._torn: dict[int, int] = {}  # by update id: how often it came torn
        self._was_set = False
        self._shown: _Parts | None = None
        self._known_error: datetime | None = None
        self._is_failing: bool | None = None  # None: what an earlier process told is not known
        self._ended = False

    async def take(self, body: bytes) -> None:
        """Keep the update that a request brought.

        Raises ValueError where the body is none, or is torn, so that Telegram sends it again; also
        StorageFailure, for the same.
        """
        text = body.decode("utf-8", "replace")  # callback data comes as it was, UTF-8 or not
        try:
            update = json.loads(text)
        except (ValueError, RecursionError):
            await self._take_unreadable(body, text)
        else:
            await self._inbox.receive([update])

    async def _take_unreadable(self, body: bytes, text: str) -> None:
        found = UPDATE_ID.search(body)
        if found is None:
            _log.error("a webhook request holds no update")
            raise ValueError("no update")
        number = int(found.group(1))
        update = find_update(text, number)
        if update is not None:
            await self._inbox.receive([update])
            return
        tries = self._torn.pop(number, 0) + 1
        if is_torn(body) and tries < _TORN_TRIES:
            if len(self._torn) >= _MOST_TORN:
                del self._torn[next(iter(self._torn))]
            self._torn[number] = tries
            raise ValueError("torn")
        _log.error("update %d is no readable JSON; it is quarantined", number)
        await self._inbox.set_aside(number, text)

    async def run(self) -> None:
        """Set the webhook where it differs, and look after it, until Telegram refuses us."""
        while not self._ended:
            try:
                changed = await self._look(await self._bot.get_webhook_info())
                wait = min(self._watch_seconds, _CHANGED_SECONDS if changed else math.inf)
                self._wait.end()
                self._news.looked(time.monotonic())
            except StorageFailure as failure:
                wait = self._wait.longer()
                _log.error("the operators could not be told of the webhook: %s", failure)
            except Exception as error:  # whatever it is, it must be looked after again
                wait = await self._wait_safely(error)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._soon.wait()
            self._soon.clear()

    async def ask_telegram(self) -> None:
        """Have the webhook looked at now: a call has failed, or the token was refused."""
        self._soon.set()

    async def _look(self, info: WebhookInfo) -> bool:
        """Set what differs; else tell the operators when deliveries begin or cease to fail.

        Returns whether somebody had changed what was set.
        """
        is_changed = self._was_set and self._differs(info)
        if self._differs(info):
            if is_changed:
                _log.warning("somebody changed the webhook of this bot; it is set again")
            await self._bot.set_webhook(
                self._address.url,
                max_connections=MAX_CONNECTIONS,
                allowed_updates=ALLOWED_UPDATES,
                secret_token=self._address.secret,
            )
            info = await self._bot.get_webhook_info()
            self._shown, self._known_error = _parts_of(info), info.last_error_date
            _log.info("the webhook is set; Telegram sends updates to %s", self._base)
        elif not self._was_set:
            _log.info("Telegram sends updates to %s", self._base)
            self._known_error = info.last_error_date  # of the time before this start
        elif info.last_error_date != self._known_error and info.pending_update_count:
            await self._note_failing(info)
        else:
            await self._note_well()
        self._was_set = True
        await self._note_changes(is_changed=is_changed)
        return is_changed

    async def _note_changes(self, *, is_changed: bool) -> None:
        """Tell the operators of a second change in an hour, and when an hour has passed without."""
        now = time.monotonic()
        if is_changed:
            self._changes.append(now)
        many = len(self._changes) == _MANY_CHANGES
        if is_changed and many and now - self._changes[0] < _CHANGES_PERIOD_SECONDS:
            if not self._is_shared:
                await self._news.other_program()
            self._is_shared = True
        elif self._is_shared is not False:
            newest = self._changes[-1] if self._changes else self._began_at
            if now - newest > _CHANGES_PERIOD_SECONDS:
                await self._news.alone()
                self._is_shared = False

    async def _note_failing(self, info: WebhookInfo) -> None:
        reason = (info.last_error_message or "")[:_LONGEST_REASON]
        _log.error("Telegram cannot deliver to %s: %s", self._base, reason)
        if self._is_failing is not True:
            await self._news.failing(reason, info.pending_update_count)
        self._is_failing, self._known_error = True, info.last_error_date

    async def _note_well(self) -> None:
        if self._is_failing is not False:
            await self._news.well()
        self._is_failing = False

    @property
    def _base(self) -> str:
        return self._address.url.removesuffix(self._address.path)

    def _differs(self, info: WebhookInfo) -> bool:
        """Whether it is neither what we ask for nor what Telegram showed after we had asked."""
        wanted = (self._address.url, MAX_CONNECTIONS, frozenset(ALLOWED_UPDATES))
        return _parts_of(info) not in (wanted, self._shown)

    async def _wait_safely(self, error: Exception) -> float:
        """`_wait_after`, of which nothing gets out either."""
        try:
            return await self._wait_after(error)
        except Exception as worse:
            _log.error("after a trouble with the webhook: %s", type(worse).__name__)
            return self._wait.longer()

    async def _wait_after(self, error: Exception) -> float:
        """Do what the table says about this error; returns the seconds to wait."""
        row = read(error)
        if row.poll is Do.ASK_GET_ME and await self._bot.is_token_refused():
            self._give_up(
                "Telegram does not accept TELEGRAM_TOKEN any more: it was revoked, or another one "
                "was made; ask BotFather for the present one"
            )
            return 0.0
        said = str(error)[:_LONGEST_REASON]
        is_refused = isinstance(error, BadRequest) and any(it in said.lower() for it in _REFUSED)
        if is_refused and not self._was_set:
            self._give_up(f"Telegram refuses TELEGRAM_WEBHOOK_URL: {said}")
            return 0.0
        wait = told_wait(error) if row.poll is Do.WAIT_AS_TOLD else self._wait.longer()
        words = said if is_refused else explain(error)
        _log.warning("the webhook: %s; trying again in %.1f s", words, wait)
        return wait

    def _give_up(self, reason: str) -> None:
        self._ended = True
        self._news.give_up(reason)


def _parts_of(info: WebhookInfo) -> _Parts:
    return info.url, info.max_connections, frozenset(info.allowed_updates or ())
