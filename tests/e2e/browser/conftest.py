"""A browser on the demo's page, the real bot behind it."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from bot.sandbox.demo import PAYMENT_SETTINGS, page_of, prepare_chats
from bot.sandbox.serve import serving
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


@pytest_asyncio.fixture(loop_scope="session")
async def page_url(simulation, browser, open_shop) -> AsyncIterator[str]:
    """The shop is open, everybody has met it, and the page is served."""
    await open_shop(**PAYMENT_SETTINGS)
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
