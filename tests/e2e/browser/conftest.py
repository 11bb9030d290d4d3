"""A browser on the demo's page, the real bot behind it."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from bot.sandbox.demo import PAYMENT_SETTINGS, page_of, prepare_chats
from bot.sandbox.serve import serving
from tests.bot_harness import VoucherBotHarness
from tests.database import store_at
from tests.e2e.browser.chromium import HOW, chromium, path_of_chromium
from tests.e2e.browser.messenger import Messenger

# Animations are drawn by the processor here, for as long as they are in sight.
STILL = {"reduced_motion": "reduce"}

OpenPage = Callable[..., Awaitable[Messenger]]


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser():
    if path_of_chromium() is None:
        if os.environ.get("NEED_BROWSER"):
            pytest.fail(HOW)
        pytest.skip(HOW)
    async with chromium() as running:
        yield running


@pytest.fixture
def page_settings() -> dict[str, str]:
    """The settings of the shop behind the page; a module whose shop needs others has its own."""
    return PAYMENT_SETTINGS


@pytest_asyncio.fixture(loop_scope="session")
async def page_url(simulation, browser, open_shop, page_settings) -> AsyncIterator[str]:
    """The shop is open, everybody has met it, and the page is served."""
    await open_shop(**page_settings)
    await prepare_chats(simulation)
    async with serving(page_of(simulation), websockets=True) as url:
        yield url


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser, page_url) -> AsyncIterator[OpenPage]:
    """Opens the page; at the end of the test nothing may have gone wrong in any of them."""
    opened: list[Messenger] = []

    async def open_one(person: int | None = None, **context) -> Messenger:
        context = {
            "viewport": {"width": 1280, "height": 800},
            "locale": "en-GB",
            **STILL,
            **context,
        }
        made = await browser.new_context(**context)
        await made.grant_permissions(["clipboard-read", "clipboard-write"])
        messenger = Messenger(await made.new_page(), page_url)
        opened.append(messenger)
        await messenger.open(person)
        return messenger

    yield open_one
    for messenger in opened:
        await messenger.page.context.close()
    assert [trouble for messenger in opened for trouble in messenger.troubles] == []


@pytest_asyncio.fixture(loop_scope="session")
async def messenger(open_page) -> Messenger:
    return await open_page(2001)


@pytest_asyncio.fixture(loop_scope="session")
async def shop_of(migrated, tmp_path):
    """Opens a shop in a language, in the test's process and time; what people do is handled until the test ends."""
    opened: list[VoucherBotHarness] = []
    async with contextlib.AsyncExitStack() as stack:

        async def open_shop(language: str) -> VoucherBotHarness:
            path = tmp_path / "hanout.db"
            path.write_bytes(migrated.read_bytes())
            made = await VoucherBotHarness(store_at(path), language).open()
            opened.append(made)
            await stack.enter_async_context(_pumping(made))
            return made

        yield open_shop
    for made in opened:
        await made.close()
        await made.store.close()


@contextlib.asynccontextmanager
async def _pumping(shop: VoucherBotHarness) -> AsyncIterator[None]:
    async def pump() -> None:
        while True:
            await shop.pump()
            await asyncio.sleep(0.05)

    task = asyncio.create_task(pump())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
