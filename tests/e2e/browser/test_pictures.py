"""Every screen as a picture, in three languages, light and dark, on a small phone.

`make screenshots` keeps them all under `screenshots/`; the ordinary run takes each language in one
light. What a person would see at a glance is asserted: nothing cut, nothing wider than the screen.
"""

import os
from base64 import b64decode
from pathlib import Path

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator, expect

from bot.sandbox.street import OPERATOR_ID
from locales import words
from tests.e2e.browser.messenger import Messenger

BUYERS = {"en": 2001, "fr": 2002, "ar": 2003}
KEPT = os.environ.get("SCREENSHOTS")
LIGHTS = [("en", "light"), ("fr", "dark"), ("ar", "light")]
OTHER_LIGHTS = [("en", "dark"), ("fr", "light"), ("ar", "dark")]
PHONE = {"width": 360, "height": 740}

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
    const isRight = /[\u0600-\u06ff]/.test(text.innerText);
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
      const gaps = [left - edge.left, edge.right - Math.min(right, edge.right)]; // spaces hang over
      const [near, far] = isRight ? gaps.reverse() : gaps;
      if (near > far + 1) flaws.push(`a line on the wrong side: ${text.innerText.slice(0, 60)}`);
    }
  }
  return [...new Set(flaws)];
}"""


# A picture of one colour, small enough to stand here.
PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAHgAAAA8CAIAAAAiz+n/AAAAaklEQVR42u3QQQ0AAAgEoMtpEkMY2hbOBxsJSE1zIA"
    "pEi0a0aNEWRItGtGjRFkSLRrRo0YgWjWjRohEtGtGiRSNaNKJFi0a0aESLFo1o0YgWLRrRohEtWjSiRSNatGhEi0a0"
    "aNGIFo3oXxYjW3X7kWL28QAAAABJRU5ErkJggg=="
)


class Album:
    """Takes pictures and notes what is wrong with them."""

    def __init__(self, messenger: Messenger, folder: Path, name: str) -> None:
        self.messenger = messenger
        self.folder = folder
        self.name = name
        self.flaws: list[str] = []
        folder.mkdir(exist_ok=True)

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


@pytest.mark.parametrize(("language", "theme"), list(lights()))
async def test_every_screen_is_whole(street, open_page, tmp_path, language, theme):
    folder = Path(KEPT) if KEPT else tmp_path
    messenger = await open_page(
        BUYERS[language],
        viewport=PHONE,
        locale={"en": "en-GB", "fr": "fr-FR", "ar": "ar-DZ"}[language],
        color_scheme=theme,
        device_scale_factor=2 if KEPT else 1,
        has_touch=True,
    )
    album = Album(messenger, folder, f"{language}-{theme}")
    await album.take("hint")
    await messenger.page.locator("#hint button").click()
    await _customer(street, messenger, album, language)
    await _operator(street, messenger, album, language)
    await messenger.page.locator("#to-people").click()
    await album.take("people")
    await messenger.hold(OPERATOR_ID)
    await messenger.page.locator("#to-supplier").click()
    await album.take("supplier")

    assert album.flaws == []


async def test_the_whole_page_is_whole(open_page, tmp_path):
    scale = 2 if KEPT else 1
    messenger = await open_page(
        2001, viewport={"width": 1280, "height": 800}, device_scale_factor=scale
    )
    album = Album(messenger, Path(KEPT) if KEPT else tmp_path, "page")
    await messenger.page.locator("#hint button").click()
    await messenger.buy("en", 2)
    delivery = await messenger.reads("✅")
    await messenger.next_order("partial")

    await album.take("wide", delivery)
    await messenger.page.set_viewport_size({"width": 820, "height": 700})
    await album.take("narrow")
    await messenger.page.select_option("#language", "fr")
    await messenger.page.locator("#to-supplier").click()
    await album.take("narrow-supplier")

    assert album.flaws == []


async def _customer(street, messenger: Messenger, album: Album, language: str) -> None:
    w = words(language)
    walk = await messenger.ask("/shop", w.plain("home").splitlines()[1])
    await album.take("home")
    await messenger.press("Xbox", walk)
    await expect(walk.locator(".key", has_text="Xbox Game Pass Ultimate")).to_be_visible()
    await album.take("products")
    await messenger.press("Xbox Game Pass Ultimate", walk, exact=False)
    await expect(walk.locator(".key", has_text="15 $")).to_be_visible()
    await album.take("values")
    await messenger.press("15 $", walk, exact=False)
    await expect(walk.locator(".key", has_text="10")).to_be_visible()
    await album.take("quantity")
    await messenger.press("2", walk)
    buy = walk.get_by_role("button", name=w.plain("button-buy"), exact=True)
    await expect(buy).to_be_visible()
    await album.take("confirm")
    street.book.handling_seconds = 2.0
    await buy.click()
    await expect(walk).to_contain_text("⏳")
    await album.take("waiting")
    delivery = await messenger.reads("✅")
    await album.take("delivery", delivery)
    await messenger.uncover(delivery)
    await album.take("revealed", delivery)
    await messenger.press(w.plain("button-hide"), delivery)
    await album.take("receipt", await messenger.reads("🔒"))
    street.book.next_outcomes.append(1)
    await messenger.buy(language, 2)
    partial = messenger.page.locator(".message", has=messenger.page.locator(".spoiler")).last
    await expect(partial).to_contain_text("⚠️", timeout=20_000)
    await album.take("partial", partial)
    street.book.next_outcomes.append(0)
    await messenger.buy(language, 1)
    await album.take("returned", await messenger.reads("↩️"))
    await messenger.ask("/orders", w.plain("orders"))
    await album.take("orders")
    await messenger.press("#1", exact=False)
    await expect(messenger.messages(w.plain("button-show")).last).to_be_visible()
    await album.take("order")
    for command, key in [
        ("wallet", "👛"),
        ("help", "1."),
        ("privacy", "2003"),
        ("terms", "."),
        ("paysupport", "/orders"),
    ]:
        await messenger.ask(f"/{command}", key.replace("2003", str(BUYERS[language])))
        await album.take(command)
    await _paying(messenger, album, language)


async def _paying(messenger: Messenger, album: Album, language: str) -> None:
    w = words(language)
    await messenger.say("PlayStation")  # what is written now goes to support
    await album.take("case", await messenger.reads(w.plain("case-passed", number="#1")[:6]))
    for method, dinars, mark in (
        ("ocpay", 1000, "💳"),
        ("stars", 1000, "⭐"),
        ("transfer", 5000, "🏦"),
    ):
        ways = await messenger.ask("/wallet", "➕")
        await messenger.press(w.plain("button-topup"), ways)
        way = ways.get_by_role("button", name=w.plain(f"button-pay-{method}"))
        await expect(way).to_be_visible()
        if method == "ocpay":
            await album.take("ways")
        await way.click()
        amount = ways.locator(".key", has_text=w.money(dinars * 100)).first
        await expect(amount).to_be_visible()
        if method == "stars":
            await album.take("amounts")
        await amount.click()
        await expect(ways).to_contain_text(mark)
        await album.take(method, ways)
        if method == "stars":
            bill = messenger.page.locator(".message", has=messenger.page.locator(".bill")).last
            await album.take("bill", bill)
            await bill.locator(".key.pay").click()
            await album.take("paid", await messenger.reads("✅"))
    await messenger.page.set_input_files(
        "#file", {"name": "receipt.png", "mimeType": "image/png", "buffer": PNG}
    )
    await messenger.page.locator("#alert .choices button").first.click()
    await album.take("receipt-sent", await messenger.reads("🧾"))
    walk = await messenger.to_confirm(language, 10, "PlayStation USA", "100 $", category="PSN")
    await album.take("confirm-short", walk)
    await messenger.press(w.plain("button-buy-pay"), walk)
    await expect(walk).to_contain_text("💳")
    await album.take("awaiting", walk)


async def _operator(street, messenger: Messenger, album: Album, language: str) -> None:
    w = words(language)
    await messenger.page.locator("#to-people").click()
    await messenger.hold(OPERATOR_ID)
    await messenger.page.locator("#hint button").click()
    languages = await messenger.ask("/language", "🌐")
    await messenger.press(w.plain(f"button-language-{language}"), languages)
    await expect(languages).to_contain_text(w.plain("home").splitlines()[1])
    for command, key in [
        ("stats", "📊"),
        ("balance", w.money(100)[-2:]),
        ("order 2", "⚠️"),
        ("markup", "PSN"),
        ("audit", "🧾"),
        ("attention", "🛠"),
        ("payments", "🧾"),
    ]:
        await messenger.ask(f"/{command}", key)
        await album.take(command.split(maxsplit=1)[0])
    receipt = messenger.page.locator(".message", has=messenger.page.locator("img.photo")).last
    await receipt.locator(".key").last.scroll_into_view_if_needed()
    await album.take("receipt")
    await receipt.locator(".key").first.click()
    await expect(receipt.locator(".key")).to_have_count(0)
    await album.take("decided")
    await messenger.ask("/actions", "📒")
    await album.take("actions")
    await messenger.ask(f"/credit {BUYERS[language]} 5000000 CCP", w.money(500_000_000))
    await album.take("credit-ask")
    street.world.push("message", {"message_id": "unreadable"})
    await street.world.tell()
    await album.take("set-aside", await messenger.reads("🧯"))
