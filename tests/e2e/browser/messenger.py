"""The page in a browser, and what a person does there: reads, presses, writes, chooses at the supplier."""

from playwright.async_api import ConsoleMessage, Locator, Page, expect

from locales import words

PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


class Messenger:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.troubles: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", self._note)

    def _note(self, line: ConsoleMessage) -> None:
        if line.type in ("error", "warning"):
            self.troubles.append(line.text)

    async def open(self, person: int | None = None) -> None:
        await self.page.goto(self.url + (f"/#{person}" if person else ""))
        await self.page.wait_for_selector("#person-list .person", state="attached")

    async def hold(self, person: int) -> None:
        """Take this person's phone; the list is drawn anew with each message, so a press may miss."""
        chosen = self.page.locator(f"[data-person='{person}'][aria-current]")
        for _ in range(5):
            await self.page.click(f"[data-person='{person}']")
            try:
                await expect(chosen).to_have_count(1, timeout=3000)
            except AssertionError:
                continue
            return
        await expect(chosen).to_have_count(1)

    def messages(self, text: str) -> Locator:
        return self.page.locator("#log .message", has_text=text)

    async def reads(self, text: str) -> Locator:
        """Wait for a message with these words; returns the newest of them."""
        found = self.messages(text).last
        await expect(found).to_be_visible(timeout=PATIENCE_MS)
        return found

    async def press(self, label: str, within: Locator | None = None, *, exact: bool = True) -> None:
        place = within or self.page.locator("#log")
        await place.get_by_role("button", name=label, exact=exact).last.click()

    async def say(self, text: str) -> None:
        await self.page.fill("#write", text)
        await self.page.press("#write", "Enter")

    async def ask(self, text: str, expected: str) -> Locator:
        """Say something and wait for the answer; returns its message, also after edits."""
        newest = (
            "Math.max(0, ...[...document.querySelectorAll('.message')].map((m) => +m.dataset.id))"
        )
        before = await self.page.evaluate(newest)
        await self.say(text)
        answer = await self.page.wait_for_function(
            """([before, expected]) => [...document.querySelectorAll(".theirs")].find(
                (m) => +m.dataset.id > before && m.innerText.includes(expected))?.dataset.id""",
            arg=[before, expected],
        )
        return self.page.locator(f".message[data-id='{await answer.json_value()}']")

    def codes(self, message: Locator) -> Locator:
        return message.locator(".spoiler")

    async def uncover(self, message: Locator) -> list[str]:
        await self.codes(message).first.click()
        await expect(message.locator(".spoiler:not(.open)")).to_have_count(0)
        return await self.codes(message).all_inner_texts()

    async def clipboard_holds(self, text: str) -> None:
        await self.page.wait_for_function(
            "async (text) => await navigator.clipboard.readText() === text", arg=text
        )

    async def toast(self, text: str) -> None:
        await expect(self.page.locator("#toast.shown")).to_contain_text(text)

    async def to_confirm(
        self,
        language: str,
        quantity: int = 2,
        product: str = "Steam Europe",
        value: str = "10 €",
        category: str = "",
    ) -> Locator:
        w = words(language)
        walk = await self.ask("/shop", w.plain("home").splitlines()[1])
        await self.press(category or product.split(maxsplit=1)[0], walk)
        # The button that buys the last value again, on the page before, names a product and a value too.
        await expect(walk.get_by_role("button", name="↻")).to_have_count(0)
        await self.press(product, walk, exact=False)
        await self.press(value, walk, exact=False)
        await self.press(str(quantity), walk)
        await expect(walk).to_contain_text(
            w.plain("confirm", product="", value="", count="", price="", total="").splitlines()[0]
        )
        return walk

    async def buy(self, language: str = "en", quantity: int = 2, **what: str) -> None:
        walk = await self.to_confirm(language, quantity, **what)
        await self.press(words(language).plain("button-buy"), walk)

    @property
    def panel(self):
        """OneClickDz's; Starship's stands below it."""
        return self.page.locator("#panels .panel").first

    async def next_order(self, what: str) -> None:
        await self.panel.locator(f"[data-next='{what}']").click()
        await expect(self.panel.locator(f"[data-next='{what}'][aria-checked=true]")).to_be_visible()

    async def lever(self, label: str) -> None:
        await self.panel.get_by_role("switch", name=label).click()

    async def at_supplier(self, label: str) -> None:
        await self.panel.get_by_role("button", name=label).first.click()
