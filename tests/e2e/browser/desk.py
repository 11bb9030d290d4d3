"""Somebody at work behind the counter, on the page: what they read there, press and type, in their language.

Texts are compared without their marks of direction, and with plain spaces.
"""

import re

from playwright.async_api import FilePayload, Locator, expect

from bot.sandbox.simulation import Simulation
from bot.sandbox.telegram.world import Person
from locales import words
from tests.e2e.browser.messenger import Messenger

ANY = "§"  # in place of a value that is not known, or does not matter
_MARKS = re.compile("[\u2066-\u2069\u200e\u200f\u061c]")
_BARE = r"""(text) => text.replace(/[\u2066-\u2069\u200e\u200f\u061c]/g, "").replace(/\s+/g, " ")"""
# The id of the newest of the bot's messages after another one that says this; 0: there is none.
_NEWEST = f"""([text, after]) => [...document.querySelectorAll("#log .theirs")].filter((m) =>
    +m.dataset.id > after && ({_BARE})(m.querySelector(".bubble").innerText).includes(text)).at(-1)?.dataset.id ?? 0"""
# The place of a button below a message, from 1 on.
_PLACE = f"""([id, label]) => [...document.querySelectorAll(`.message[data-id='${{id}}'] .key`)].findIndex((key) =>
    ({_BARE})(key.innerText).trim() === label) + 1"""
_LABELS = f"""(keys) => keys.map((key) => ({_BARE})(key.innerText).trim())"""
_LAST = "Math.max(0, ...[...document.querySelectorAll('.message')].map((m) => +m.dataset.id))"


def bare(text: str) -> str:
    return re.sub(r"\s+", " ", _MARKS.sub("", text))


class Desk:
    def __init__(
        self, simulation: Simulation, messenger: Messenger, user_id: int, language: str
    ) -> None:
        self.simulation = simulation
        self.messenger, self.page = messenger, messenger.page
        self.id, self.language = user_id, language
        self.words = words(language)

    @property
    def person(self) -> Person:
        return self.simulation.world.people[self.id]

    async def sit_down(self) -> None:
        await self.messenger.hold(self.id)

    def text(self, key: str, line: int = 0, /, **values: str | int) -> str:
        """A line of a text, up to the first value that is ANY."""
        said = self.words.plain(key, **values).splitlines()[line]
        return bare(said).partition(ANY)[0].strip()

    def money(self, dinars: int) -> str:
        return bare(self.words.money(dinars * 100))

    async def see(self, text: str, after: int = 0) -> int:
        """Wait for a message that says this; returns the id of the newest."""
        found = await self.page.wait_for_function(_NEWEST, arg=[bare(text), after])
        return int(await found.json_value())

    async def ask(self, typed: str, answer: str) -> int:
        """Type something, and wait for a newer message that says this."""
        newest = await self.page.evaluate(_LAST)
        await self.messenger.say(typed)
        return await self.see(answer, newest)

    async def press(self, on: int, label: str, then: str) -> int:
        """Press a button below a message, and wait until that or a newer one says this."""
        place = await self.page.wait_for_function(_PLACE, arg=[on, bare(label)])
        await self.keys(on).nth(int(await place.json_value()) - 1).click()
        return await self.see(then, on - 1)

    async def send_file(self, name: str, content: str, answer: str) -> int:
        """Choose a file, send it as a document, and wait for what is said to that."""
        newest = await self.page.evaluate(_LAST)
        file: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
        await self.page.set_input_files("#file", file)
        await self.page.locator("#alert .choices button").first.click()
        return await self.see(answer, newest)

    def message(self, number: int) -> Locator:
        return self.page.locator(f".message[data-id='{number}']")

    def keys(self, number: int) -> Locator:
        return self.message(number).locator(".key")

    async def read(self, number: int) -> str:
        """What a message says."""
        return bare(await self.message(number).locator(".bubble").inner_text())

    async def labels(self, number: int) -> set[str]:
        """The buttons below a message."""
        return set(await self.keys(number).evaluate_all(_LABELS))

    async def commands(self) -> set[str]:
        """What the menu of the chat lists."""
        await self.page.click("#menu")
        names = self.page.locator("#commands [role=menuitem] bdi")
        await expect(names.first).to_be_visible()
        found = {name.removeprefix("/") for name in await names.all_inner_texts()}
        await self.page.click("#menu")
        return found

    async def must_not(self, *datas: str) -> None:
        """Each of these presses, forged below the newest message, is refused like any unknown button."""
        refused = self.text("refused-not-found")
        for data in datas:
            assert await self._answer(data) == refused, data

    async def _answer(self, data: str) -> str:
        query = await self.person.forge(data)
        await self.person.until(lambda _: query.answer is not None)
        return bare((query.answer or {}).get("text", "")).strip()

    async def must_not_type(self, *commands: str) -> None:
        """These commands do not exist for whoever sits here."""
        for command in commands:
            await self.ask(f"/{command}", self.text("unknown-command"))
