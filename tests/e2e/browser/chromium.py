"""The Chromium of this machine, driven by Playwright; nothing is downloaded."""

import os
import shutil
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

HOW = (
    "no Chromium: `apt install chromium fonts-noto-core fonts-noto-color-emoji`, or CHROMIUM=/path"
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_ARGUMENTS = (
    "--no-sandbox",  # the tests may run as root, in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
)


def path_of_chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in _NAMES if (found := shutil.which(name))), None)


@asynccontextmanager
async def chromium():
    """A running browser. Raises LookupError where there is none."""
    path = path_of_chromium()
    if path is None:
        raise LookupError(HOW)
    async with async_playwright() as playwright:
        browser: Browser = await playwright.chromium.launch(
            executable_path=path, args=list(_ARGUMENTS)
        )
        try:
            yield browser
        finally:
            await browser.close()
