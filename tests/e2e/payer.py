"""Somebody who pays, and what a test reads of a payment."""

import re

from bot.sandbox.telegram.world import labels, text_of
from tests.e2e.shop import Shopper


class Payer(Shopper):
    """Somebody who tops up a wallet; `say` is the shop's word for a key, in their language."""

    def say(self, key: str, **values: str | int) -> str:
        return self.words.plain(key, **values).splitlines()[0]

    async def to_ways(self) -> dict:
        wallet = await self.me.ask_and_read("/wallet", self.line("wallet", balance=""))
        question = self.words.plain("topup").splitlines()[1]
        return await self.me.press_and_read(self.say("button-topup"), question, wallet)

    async def to_amounts(self, method: str, dinars: int) -> dict:
        """To the screen that offers this amount."""
        label, amount = self.say(f"button-pay-{method}"), self.amount(dinars)
        return await self.me.press_and_read(label, "", await self.to_ways(), then=amount)

    async def choose(self, method: str, dinars: int) -> dict:
        """To the screen on which this amount is paid."""
        amounts = await self.to_amounts(method, dinars)
        mark = {"transfer": "🏦", "stars": "⭐"}.get(method, "💳")
        return await self.me.press_and_read(self.amount(dinars), mark, amounts)

    async def order_and_pay(self, quantity: int = 1) -> dict:
        """To the screen of an order that waits for its money."""
        await self.to_confirm(quantity)
        walk = self.me.chat.messages[self.walk]
        waiting = self.line("status-awaiting_payment")
        return await self.me.press_and_read(self.say("button-buy-pay"), waiting, walk)

    async def to_order(self, number: int, words: str, label: str = "") -> dict:
        """To the page of an order, from the list; `label`: a button of it."""
        orders = await self.me.ask_and_read("/orders", self.line("orders"))
        return await self.me.press_and_read(f"#{number}", words, orders, then=label)

    def amount(self, dinars: int) -> str:
        return self.words.money(dinars * 100)

    async def come(self, dinars: int) -> dict:
        """Wait for the word that this much has come."""
        return await self.me.reads(
            self.line("paid-credited", amount=self.amount(dinars), wallet="").split(".")[0][:8]
        )

    async def wallet(self) -> str:
        """The balance on a wallet that is asked for now; what else carries its sign is passed over."""
        sign = self.line("wallet", balance="")
        newest = max(self.me.chat.messages, default=0)

        def balances() -> list[str]:
            lines = [text_of(m).splitlines()[0] for m in self.me.inbox if m["message_id"] > newest]
            return [line.removeprefix(sign) for line in lines if line.startswith(sign)]

        await self.me.say("/wallet")
        await self.me.until(lambda _: bool(balances()))
        return balances()[-1]


def has_label(message, words) -> bool:
    return any(words in label for label in labels(message))


def reference_in(message) -> str:
    found = re.search(r"HN\d+", text_of(message))
    assert found is not None
    return found[0]


def ocpay_of(simulation):
    return list(simulation.book.cards.payments.values())[-1]


def checkout_of(simulation):
    return list(simulation.chargily.checkouts.values())[-1]
