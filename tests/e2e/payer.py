"""Somebody who pays, and what a test reads of a payment."""

import re

from bot.sandbox.telegram.world import labels, text_of
from tests.e2e.shop import Shopper


class Payer(Shopper):
    """Somebody who tops up a wallet; `say` is the shop's word for a key, in their language."""

    def say(self, key: str, **values: str | int) -> str:
        return self.words.plain(key, **values).splitlines()[0]

    async def to_ways(self) -> None:
        await self.me.ask_and_read("/wallet", "👛")
        await self.me.press(self.say("button-topup"))
        await self.me.reads(self.words.plain("topup").splitlines()[1])

    async def choose(self, method: str, dinars: int) -> dict:
        """To the screen on which this amount is paid."""
        await self.to_ways()
        await self.me.until(lambda me: has_label(me.screen, self.say(f"button-pay-{method}")))
        await self.me.press(self.say(f"button-pay-{method}"))
        await self.me.until(lambda me: has_label(me.screen, self.amount(dinars)))
        await self.me.press(self.amount(dinars))
        mark = {"transfer": "🏦", "stars": "⭐"}.get(method, "💳")
        return await self.me.reads(mark)

    async def order_and_pay(self, quantity: int = 1) -> dict:
        """To the screen of an order that waits for its money."""
        await self.to_confirm(quantity)
        await self.me.press(self.say("button-buy-pay"), self.me.chat.messages[self.walk])
        return await self.me.reads(self.line("status-awaiting_payment"))

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
