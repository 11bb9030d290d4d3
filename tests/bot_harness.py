"""A whole shop in one process: handlers, services, store and adapter between both simulators, by the harness's clock.

A transport lies between the shop and each simulator; what goes wrong goes wrong on it, before or after the effect.
"""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Self
from zoneinfo import ZoneInfo

import httpx
from telegram.error import TelegramError

from bot.errors import StorageFailure
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.api import TelegramApi
from bot.sandbox.telegram.world import Person, World, buttons, spoilers, text_of
from bot.services.catalogue.refresh import fetch_catalogue
from handlers.application import assemble_bot
from handlers.bot import ShopBot
from handlers.middleware.threads import Threads
from handlers.polling import Polling, PollingNews
from handlers.rate_limiter import OutgoingRateLimiter
from handlers.request import TelegramRequest
from handlers.screen import MESSAGE_DEFAULTS
from handlers.sender import TelegramSender
from handlers.stars_gateway import TelegramStarsGateway
from locales import words
from storage.store import Store
from tests.e2e.shop import Shopper
from tests.fakes import CountingMeter
from tests.harness import OPERATOR, ShopHarness, send_due_messages
from tests.vouchers import VoucherHarness

LINA = 5
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
TOKEN = "7000000001:demo-token-of-the-simulator-only-000"
BEFORE = (FaultKind.SILENCE_BEFORE, FaultKind.RESET_BEFORE, FaultKind.STATUS, FaultKind.HTML)


async def unheard(*_args) -> None:
    """What polling or a webhook tells, to nobody."""


def unasked(*_args: object) -> None:
    pass


UNHEARD = PollingNews(unheard, unheard, unheard, unasked, unheard, unasked)


class FaultyTransport(httpx.AsyncBaseTransport):
    """Carries requests to a simulator; `faults` strike the calls whose path holds theirs."""

    def __init__(self, app) -> None:
        self._inner: httpx.AsyncBaseTransport = httpx.ASGITransport(
            app=app, raise_app_exceptions=False
        )
        self.faults: list[Fault] = []
        # From the path and the body of an answer to what arrives: for nonsense.
        self.rewrite: Callable[[str, bytes], bytes] | None = None
        self.struck = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        fault = self._strike(request.url.path)
        if fault is not None and fault.kind in BEFORE:
            return self._fail(request, fault, None)
        response = await self._inner.handle_async_request(request)
        if self.rewrite is not None or fault is not None:
            body = await response.aread()
            if fault is not None and fault.kind is not FaultKind.LATENCY:
                return self._fail(request, fault, body)
            body = self.rewrite(request.url.path, body) if self.rewrite else body
            return httpx.Response(response.status_code, content=body, request=request)
        return response

    def _strike(self, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and fault.path in path:
                fault.times -= 1
                self.struck += 1
                return fault
        return None

    def _fail(self, request: httpx.Request, fault: Fault, body: bytes | None) -> httpx.Response:
        kind = fault.kind
        if kind in (FaultKind.SILENCE_BEFORE, FaultKind.SILENCE_AFTER):
            raise httpx.ReadTimeout("silence", request=request)
        if kind in (FaultKind.RESET_BEFORE, FaultKind.RESET_AFTER):
            raise httpx.ReadError("cut off", request=request)
        if kind is FaultKind.TORN:
            return httpx.Response(200, content=(body or b"")[: len(body or b"") // 2])
        if kind in (FaultKind.HTML, FaultKind.GARBAGE):
            status = 200 if kind is FaultKind.GARBAGE else fault.status
            return httpx.Response(status, content=b"<html>Bad gateway</html>", request=request)
        told = self._error(request, fault)
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        return httpx.Response(fault.status, headers=headers, content=told, request=request)

    @staticmethod
    def _error(request: httpx.Request, fault: Fault) -> bytes:
        if "/bot" in request.url.path:
            told = {"ok": False, "error_code": fault.status, "description": fault.code}
            if fault.retry_after is not None:
                told["parameters"] = {"retry_after": fault.retry_after}
            return json.dumps(told).encode()
        told = {"success": False, "error": {"code": fault.code, "message": "x"}, "requestId": "r"}
        return json.dumps(told).encode()


class BotHarness(ShopHarness):
    """A harness whose people are in the Telegram simulator. `pump` carries what they did to the shop."""

    def __init__(self, store: Store, **harness) -> None:
        self.meter = CountingMeter()
        super().__init__(store, **harness)
        self._assemble()

    def _transport(self):
        self.supply = FaultyTransport(self.api.app)
        return self.supply

    def _card_transport(self):
        if not hasattr(self, "cards"):
            self.cards = FaultyTransport(self.chargily_api.app)
        return self.cards

    def _telegram(self, policy):
        self.world = World(TOKEN)
        self.world.now = lambda: self.clock.now().timestamp()
        self.telegram = FaultyTransport(TelegramApi(self.world).app)
        return self._connect(policy)

    def _connect(self, policy):
        """A bot of a new process, its sender and its gateway for Stars."""
        faulty = {"transport": self.telegram}
        self.threads = Threads()
        self.bot = ShopBot(
            TOKEN,
            base_url="http://telegram/bot",
            base_file_url="http://telegram/file/bot",
            request=TelegramRequest(httpx_kwargs=faulty, meter=self.meter),
            get_updates_request=TelegramRequest(httpx_kwargs=faulty, meter=self.meter),
            # The harness's time passes by itself.
            rate_limiter=OutgoingRateLimiter(10**6, 10**6, 10**6, 10**6),
            defaults=MESSAGE_DEFAULTS,
        )
        sender = TelegramSender(
            self.bot,
            zone=ZoneInfo("Africa/Algiers"),
            visible_for=policy.codes_visible_for,
            shown_again_for=policy.shown_again_for,
            shown_once=False,
            protect_content=False,
            threads=self.threads,
        )
        return sender, TelegramStarsGateway(self.bot, self.threads)

    def _assemble(self) -> None:
        parts = assemble_bot(self.shop, self.bot, "@support", self.threads, self.meter)
        self.application, self.inbox, self.retries = (
            parts.application,
            parts.inbox,
            parts.retries,
        )
        self.albums = parts.albums
        self.albums.quiet_seconds = 0.05  # a batch is at once here
        self.bot_state = self.application.bot_data["bot_state"]
        self.polling = Polling(self.bot, self.inbox, UNHEARD)

    async def _work(self) -> None:
        """Handle what is queued, also what an operator brings back meanwhile."""
        queue = self.application.update_queue
        while not queue.empty():
            updates = [queue.get_nowait() for _ in range(queue.qsize())]
            await asyncio.gather(*(self.application.process_update(u) for u in updates))

    async def open(self) -> Self:
        await super().open()
        await self.application.initialize()
        await self.person(OPERATOR, "en").say("/start")
        await self.pump()
        return self

    async def close(self) -> None:
        await self.application.shutdown()
        await super().close()

    def person(self, user_id: int, locale: str = "en") -> Person:
        return self.world.person(user_id, f"P{user_id}", locale)

    def shopper(self, user_id: int, locale: str = "en") -> Shopper:
        return Shopper(self.person(user_id, locale))

    async def pump(self) -> None:
        """Fetch and work on all that people did, as the running shop would."""
        while self.world.updates:
            await self.polling.poll()
            await self._work()
            await self.inbox.flush()
            await self._answers()
            offset = self.polling._offset or 0
            self.world.updates = [u for u in self.world.updates if u["update_id"] >= offset]

    def open_all_chats(self) -> None:
        """As if every time that Telegram told to wait (429) were over."""
        limiter = self.bot.rate_limiter
        assert isinstance(limiter, OutgoingRateLimiter)
        closures = limiter._closures
        closures._chats.clear()
        closures._guess = None

    async def wait_for_postponed(self, seconds: float) -> None:
        """Handle what `Retries.postpone` brings back within this time."""
        await asyncio.sleep(seconds)
        await self._work()
        await self.inbox.flush()

    async def _answers(self) -> None:
        """Prices that are asked while a screen waits for them."""
        while self.bot_state.asking:
            await asyncio.gather(*self.bot_state.asking.values(), return_exceptions=True)
            await asyncio.sleep(0)

    async def live(self, seconds: float, step: float = 1.0) -> None:
        """`run`, with the people's part pumped; a failing sweep does not end the shop."""
        from datetime import timedelta

        until = self.clock.now() + timedelta(seconds=seconds)
        while self.clock.now() < until:
            await self.pump()
            await self.run_due()
            self.clock.pass_time(step)

    async def pump_through(self) -> None:
        """`pump`, where a poll that fails is a poll that is made again later."""
        try:
            await self.pump()
        except (TelegramError, StorageFailure):
            return

    async def refresh(self) -> None:
        await fetch_catalogue(self.shop, "oneclickdz")

    async def press(self, who: Person, data: str, message=None) -> None:
        if message is not None or who.inbox:
            await who.forge(data, message)
        await self.pump_through()

    async def press_to_buy(self, who: Person, quantity: int = 2) -> None:
        """The walk by buttons, as far as it goes: a fault in between ends it as it would for a person."""
        await self._walk(who, "brand:", "prod:", "den:", f"qty:.*:{quantity}$", "buy:")

    async def type_to_buy(self, who: Person, quantity: int) -> None:
        """The same, with the quantity typed."""
        await self._walk(who, "brand:", "prod:", "den:")
        await who.say(str(quantity))
        await self.pump_through()
        await self.press_newest(who, "buy:")

    async def _walk(self, who: Person, *steps: str) -> None:
        await who.say("/start")
        await self.pump_through()
        for step in steps:
            if not await self.press_newest(who, step):
                return

    async def pay_by_card(self, who: Person) -> None:
        """Top up by card, as far as it goes; the page is paid where one was seen."""
        await self.press(who, "top:ocpay:2000")
        links = [b["url"] for m in who.inbox for b in buttons(m) if "url" in b]
        for link in [link for link in links if "/checkouts/" not in link][-1:]:
            self.book.cards.pay(link.rpartition("/")[2])

    async def pay_at_chargily(self, who: Person) -> None:
        """The same on Chargily's page."""
        await self.press(who, "top:chargily:3000")
        links = [b["url"] for m in who.inbox for b in buttons(m) if "url" in b]
        for link in [link for link in links if "/checkouts/" in link][-1:]:
            self.chargily.pay(link.split("/")[-2])

    async def pay_in_stars(self, who: Person) -> None:
        """Top up in Stars: a bill, the question before it is paid, and the Stars move."""
        await self.press(who, "top:stars:1500")
        bills = [m for m in who.inbox if "invoice" in m]
        if bills:
            query = await self.world.stars.send_pre_checkout_query(who, bills[-1])
            await self.pump_through()
            if query.ok:
                await self.world.stars.charge_for(who, bills[-1])
                await self.pump_through()

    async def pay_by_transfer(self, who: Person, operator: Person) -> None:
        await self.press(who, "top:transfer:1000")
        await who.attach(PNG, "receipt.png", photo=True)
        await self.pump_through()
        await self.round()
        await self.press_newest(operator, "accept:")

    async def press_newest(self, who: Person, pattern: str) -> bool:
        data = _button(who, pattern)
        if data is not None:
            await self.press(who, data)
        return data is not None


def _button(who: Person, pattern: str) -> str | None:
    for message in reversed(who.inbox):
        for button in buttons(message):
            data = button.get("callback_data", "")
            if re.match(pattern, data):
                return str(data)
    return None


class VoucherBotHarness(BotHarness, VoucherHarness):
    """Both suppliers, and a Telegram with people in it."""

    def __init__(self, store, locale: str) -> None:
        super().__init__(store, both=True)
        self.words = words(locale)
        self.lina = self.person(LINA, locale)

    async def say(self, text: str, who: Person | None = None) -> None:
        await (who or self.lina).say(text)
        await self.pump()

    async def press_label(self, label: str, who: Person | None = None) -> None:
        """The newest button that says this, or at least this."""
        who = who or self.lina
        for message in reversed(who.inbox):
            named = [
                b
                for b in buttons(message)
                if label.replace("\u00a0", " ") in b["text"].replace("\u00a0", " ")
                and "callback_data" in b
            ]
            if named:
                button = min(named, key=lambda b: len(b["text"]))
                await self.press(who, button["callback_data"], message)
                return
        raise AssertionError(f"no button says {label}")

    async def order_voucher(
        self, count: int, product: str = "Amazon.com", value: str = "25 $"
    ) -> None:
        await self.open_product(product)
        for label in (value, str(count), self.words.plain("button-buy")):
            await self.press_label(label)

    async def open_product(self, title: str) -> None:
        """Found by its title, it comes first; where it is all that is found, it opens at once."""
        await self.say("/start")
        await self.say(title)
        first = buttons(self.lina.inbox[-1])[0]["callback_data"]
        if first.startswith("prod:"):
            await self.press(self.lina, first)

    def delivered(self) -> list:
        return [m for m in self.lina.inbox if spoilers(m)]

    def told(self) -> str:
        """All that she can read now, with no marks of direction."""
        return bare("\n".join(text_of(m) for m in self.lina.inbox))

    async def worth(self, count: int) -> str:
        """The price of so many of the first order's codes, in words."""
        return self.words.money(count * (await self.order(1)).unit_price_minor)

    def line(self, key: str, line: int = 0, **values) -> str:
        return bare(self.words.plain(key, **values).splitlines()[line])

    @property
    def expiry(self) -> str:
        return self.line("delivery-expires", date="").strip()


class SupportHarness(VoucherBotHarness):
    """Its outbox is sent with each pump: operators read at once what is asked of support."""

    async def pump(self) -> None:
        await super().pump()
        while await send_due_messages(self.shop):
            pass


def bare(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")
