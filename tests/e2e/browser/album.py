"""Pictures of screens, and what a person would see at a glance: nothing cut, nothing wider than the screen.

`make screenshots` keeps them all under `screenshots/`; the ordinary run takes each language in one light. Other phones:
`make screenshots WIDTH=320`.
"""

import os
from pathlib import Path

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator

from tests.e2e.browser.messenger import Messenger

KEPT = os.environ.get("SCREENSHOTS")
LIGHTS = [("en", "light"), ("fr", "dark"), ("ar", "light")]
OTHER_LIGHTS = [("en", "dark"), ("fr", "light"), ("ar", "dark")]
PHONE = {"width": int(os.environ.get("SCREENSHOTS_WIDTH", "360")), "height": 740}

PHONE_OF = {"en": "en-GB", "fr": "fr-FR", "ar": "ar-DZ"}

# What is cut, or reaches over an edge; and lines whose direction is not their language's.
FLAWS = r"""() => {
  const flaws = [];
  const cut = (element) => element.scrollWidth > element.clientWidth + 1;
  for (const label of document.querySelectorAll('.key > span, #menu, #chat-title, .choices button'))
    if (label.offsetParent && cut(label)) flaws.push(`cut: ${label.innerText}`);
  for (const bubble of document.querySelectorAll('.bubble, #log, #panels, #people, header'))
    if (bubble.offsetParent && cut(bubble)) flaws.push(`too wide: ${bubble.innerText.slice(0, 60)}`);
  if (document.documentElement.scrollWidth > innerWidth) flaws.push('the page is wider than the screen');
  for (const text of document.querySelectorAll('.theirs .text')) {
    const edge = text.getBoundingClientRect();
    const isRight = /[\u0600-\u06ff\u200f]/.test(text.innerText);
    const range = document.createRange();
    range.selectNodeContents(text);
    const lines = new Map();
    for (const box of range.getClientRects()) {
      if (!box.width) continue;
      const middle = Math.round((box.top + box.bottom) / 2 / 12);
      const line = lines.get(middle) ?? lines.get(middle - 1) ?? lines.get(middle + 1) ?? { left: 1e9, right: 0, top: box.top };
      line.left = Math.min(line.left, box.left);
      line.right = Math.max(line.right, box.right);
      lines.set(middle, line);
    }
    const covered = [...text.querySelectorAll('.spoiler')].map((code) => code.getBoundingClientRect());
    for (const { left, right, top } of lines.values()) {
      if (covered.some((code) => Math.abs(code.top - top) < 12)) continue; // a code runs its own way
      const gaps = [Math.max(left - edge.left, 0), Math.max(edge.right - right, 0)]; // spaces hang over
      const [near, far] = isRight ? gaps.reverse() : gaps;
      if (near > far + 1) flaws.push(`a line on the wrong side, ${Math.round(near)} px from its own and ${Math.round(far)} from the other, ${Math.round(top - edge.top)} px down: ${text.innerText.slice(0, 200)}`);
    }
  }
  return [...new Set(flaws)];
}"""


class Album:
    """Takes pictures and notes what is wrong with them."""

    def __init__(self, messenger: Messenger, folder: Path, name: str) -> None:
        self.messenger = messenger
        self.folder = Path(KEPT) if KEPT else folder
        self.name = name
        self.flaws: list[str] = []
        self.folder.mkdir(exist_ok=True)

    async def _to(self, shown: Locator) -> None:
        """A message that is edited just now is another element a moment later."""
        for _ in range(4):
            try:
                await shown.scroll_into_view_if_needed(timeout=3000)
            except PlaywrightError:
                await self.messenger.page.wait_for_timeout(200)
            else:
                return

    async def take(self, scene: str, shown: Locator | None = None) -> None:
        page = self.messenger.page
        if shown is not None:
            await self._to(shown)
            await page.evaluate(
                "document.querySelector('#log').scrollBy(0, 400)"
            )  # with its keyboard
        await page.mouse.move(0, 0)
        await page.evaluate("document.querySelector('#toast').classList.remove('shown')")
        self.flaws += [f"{scene}: {flaw}" for flaw in await page.evaluate(FLAWS)]
        await page.screenshot(
            path=self.folder / f"{self.name}-{scene}.png", animations="disabled", scale="device"
        )


def lights():
    yield from LIGHTS
    for language, theme in OTHER_LIGHTS:
        yield pytest.param(
            language,
            theme,
            marks=pytest.mark.skipif(not KEPT, reason="make screenshots takes this one too"),
        )


def phone(language: str, theme: str) -> dict:
    """A browser's context: a small phone in this language and light."""
    return {
        "viewport": PHONE,
        "locale": PHONE_OF[language],
        "color_scheme": theme,
        "device_scale_factor": 2 if KEPT else 1,
        "has_touch": True,
        "reduced_motion": "reduce",
    }
