"""An operator who attends `hanout rehearse` in the chat."""

import asyncio

from bot.sandbox.simulation import OPERATOR_ID
from tests.bot_harness import PNG


class Attending:
    """The operator of a test: sees what comes into the chat, and does what the steps ask for."""

    pays_stars = True
    presses = True

    def __init__(self, simulation):
        self.simulation = simulation
        self.me = simulation.world.person(OPERATOR_ID, "Operator", "en")
        simulation.world.chat(OPERATOR_ID)
        self.pays_with = simulation.chargily.pay
        self.done = set()
        self.doing = set()
        self.also = {}  # what happens at a text, besides

    async def __aenter__(self):
        self._task = asyncio.ensure_future(self._attend())
        return self

    async def __aexit__(self, *_):
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _attend(self):
        while True:
            await asyncio.sleep(0.05)
            for message in list(self.me.inbox):
                key = (message["message_id"], str(message.get("text")))
                if key not in self.done:
                    self.done.add(key)
                    await self._react(message)

    async def _react(self, message):
        text = str(message.get("text"))
        if self.presses and "press this button once" in text:
            await self.me.press("Press", message)
        elif self.pays_stars and message.get("invoice", {}).get("total_amount") == 1:
            await self.me.pay(message)
        elif "on this page with a test card" in text:
            self._pay_card()

    def _pay_card(self):
        open_ones = [
            c for c in self.simulation.chargily.checkouts.values() if c.status == "pending"
        ]
        if open_ones:
            self.pays_with(open_ones[-1].id)
        for payment in self.simulation.book.cards.payments.values():
            payment.status = "CONFIRMED"

    def hear(self, text):
        """Do in the chat what the terminal asks for."""
        if "Pin any message" in text:
            self._do(self.me.pin(self.me.inbox[0]))
        if "as one album" in text:
            self._do(self.me.album([PNG + b"1", PNG + b"2", PNG + b"3"]))

    def _do(self, deed):
        self.doing.add(asyncio.ensure_future(deed))
