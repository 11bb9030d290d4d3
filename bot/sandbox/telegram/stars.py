"""Telegram Stars in the simulator: invoices, pre-checkout queries, charges and refunds."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.telegram.contract import Payer, Telegram
from bot.sandbox.telegram.queries import TOO_OLD, as_text
from bot.sandbox.telegram.rules import ApiError, bad
from bot.sandbox.telegram.textclean import clean
from bot.sandbox.telegram.values import Values, boolean, integer, required

ANSWER_WITHIN_SECONDS = 10.0
_MAX_PAYLOAD_BYTES = 128
_MAX_TITLE_LENGTH = 32
_MAX_DESCRIPTION_LENGTH = 255
_MAX_STARS = 10_000


@dataclass
class CheckoutQuery:
    id: str
    asked_at: float
    ok: bool | None = None
    error: str = ""


@dataclass
class StarPayments:
    """The payments in Stars; `transactions` as getStarTransactions lists them, oldest first."""

    world: Telegram
    queries: dict[str, CheckoutQuery] = field(default_factory=dict)
    payloads: dict[tuple[int, int], str] = field(default_factory=dict)  # by chat and message
    transactions: list[dict[str, Any]] = field(default_factory=list)
    refunded: set[str] = field(default_factory=set)
    _count: int = 0

    def read_invoice(self, values: Values) -> tuple[dict[str, Any], str]:
        """The content of an invoice's message, and its payload. Raises ApiError.

        Source: server sheet 13.1; the names in capitals come from the core, as others saw them.
        """
        title, description, payload, currency = (
            required(values, name) for name in ("title", "description", "payload", "currency")
        )
        required(values, "prices")
        stars = _total(values["prices"])
        if currency != "XTR" or values.get("provider_token"):
            raise bad("STARS_INVOICE_INVALID")
        if len(values["prices"]) != 1:
            raise bad("STARS_INVOICE_INVALID")
        if stars > _MAX_STARS:
            raise bad("CURRENCY_TOTAL_AMOUNT_INVALID")
        if len(payload.encode()) > _MAX_PAYLOAD_BYTES:
            raise bad("INVOICE_PAYLOAD_INVALID")
        if len(title) > _MAX_TITLE_LENGTH or len(description) > _MAX_DESCRIPTION_LENGTH:
            raise bad("STARS_INVOICE_INVALID")  # unproven: the core's name is not known
        invoice = {
            "title": clean(title),
            "description": clean(description),
            "start_parameter": str(values.get("start_parameter", "")),
            "currency": "XTR",
            "total_amount": stars,
        }
        buttons = {"inline_keyboard": [[{"text": f"⭐ {stars}", "pay": True}]]}
        return {"invoice": invoice, "reply_markup": buttons}, payload

    def answer(self, values: Values) -> bool:
        ok = boolean(values.get("ok"))
        error = "" if ok else required(values, "error_message")
        query = self.queries.get(str(values.get("pre_checkout_query_id")))
        late = query is None or self.world.now() - query.asked_at > ANSWER_WITHIN_SECONDS
        if query is None or late or query.ok is not None:
            raise bad(TOO_OLD)
        query.ok, query.error = ok, error
        return True

    def refund(self, user_id: int, charge_id: str) -> bool:
        found = next((t for t in self.transactions if t["id"] == charge_id), None)
        if found is None or found.get("source", {}).get("user", {}).get("id") != user_id:
            # Unproven: the core's name for this error is not known; nothing may depend on it.
            raise bad("CHARGE_NOT_FOUND")
        if charge_id in self.refunded:
            raise bad("CHARGE_ALREADY_REFUNDED")
        self.refund_to_payer(charge_id)
        return True

    def list_transactions(self, offset: int, limit: int) -> dict[str, Any]:
        """Unproven: whether the real list begins with the oldest; nothing may depend on it."""
        return {"transactions": self.transactions[offset : offset + limit]}

    async def send_pre_checkout_query(
        self, person: Payer, message: dict[str, Any]
    ) -> CheckoutQuery:
        """A person presses Pay under an invoice: send the pre-checkout query to the bot."""
        invoice = message["invoice"]
        payload = self.payloads[message["chat"]["id"], message["message_id"]]
        query = CheckoutQuery(self.world.new_id(), self.world.now())
        self.queries[query.id] = query
        self.world.push(
            "pre_checkout_query",
            {
                "id": query.id,
                "from": person.user,
                "currency": "XTR",
                "total_amount": invoice["total_amount"],
                "invoice_payload": payload,
            },
        )
        await self.world.notify()
        return query

    async def pay(self, person: Payer, message: dict[str, Any]) -> str:
        """Pay an invoice and return the charge id. Raises ApiError with the bot's refusal."""
        query = await self.send_pre_checkout_query(person, message)
        deadline = time.monotonic() + ANSWER_WITHIN_SECONDS
        while query.ok is None and (left := deadline - time.monotonic()) > 0:
            async with self.world.changed:
                try:
                    await asyncio.wait_for(self.world.changed.wait(), min(left, 0.25))
                except TimeoutError:
                    continue
        if not query.ok:
            raise ApiError(400, query.error or "BOT_PRECHECKOUT_TIMEOUT")
        return await self.charge_for(person, message)

    async def charge_for(self, person: Payer, message: dict[str, Any]) -> str:
        """Charge the amount of an invoice, without a pre-checkout query."""
        payload = self.payloads[message["chat"]["id"], message["message_id"]]
        return await self.charge(person, message["invoice"]["total_amount"], payload)

    async def charge(
        self, person: Payer, stars: int, payload: str | bytes, *, notify: bool = True
    ) -> str:
        """Charge Stars and return the charge id; `notify` False: without a message to the bot.

        A payload in bytes may be no UTF-8.
        """
        payload = as_text(payload)
        self._count += 1
        charge_id = f"stxCharge{self._count:08d}"
        partner = {
            "type": "user",
            "transaction_type": "invoice_payment",
            "user": person.user,
            "invoice_payload": payload,
        }
        date = int(self.world.now())
        self.transactions.append(
            {"id": charge_id, "amount": stars, "date": date, "source": partner}
        )
        if notify:
            await self.send_payment_message(person, stars, payload, charge_id)
        return charge_id

    async def send_payment_message(
        self, person: Payer, stars: int, payload: str, charge_id: str
    ) -> None:
        """Send the service message about a payment; a test may send the message twice."""
        paid = {
            "currency": "XTR",
            "total_amount": stars,
            "invoice_payload": payload,
            "telegram_payment_charge_id": charge_id,
            "provider_payment_charge_id": "",
        }
        body = {"from": person.user, "successful_payment": paid}
        self.world.push("message", self.world.add_message(person.chat, body, service=True))
        await self.world.notify()

    def refund_to_payer(self, charge_id: str) -> None:
        """Refund a charge, for the bot or by Telegram itself, and send the service message."""
        self.refunded.add(charge_id)
        charged = next(t for t in self.transactions if t["id"] == charge_id)
        partner = charged["source"]
        date = int(self.world.now())
        self.transactions.append(
            {"id": charge_id, "amount": charged["amount"], "date": date, "receiver": partner}
        )
        person = self.world.people[partner["user"]["id"]]
        refunded = {
            "currency": "XTR",
            "total_amount": charged["amount"],
            "invoice_payload": partner["invoice_payload"],
            "telegram_payment_charge_id": charge_id,
        }
        # The bot is the sender, in the payer's chat (server sheet 6).
        body = {"from": self.world.me, "refunded_payment": refunded}
        self.world.push("message", self.world.add_message(person.chat, body, service=True))


def _total(prices: Any) -> int:
    """The sum of the price lines. Raises ApiError (server sheet 13.1)."""
    if not isinstance(prices, list):
        raise bad("can't parse prices JSON object")
    if not prices:
        raise bad("there must be at least one price")
    for price in prices:
        if not isinstance(price, dict) or not price.get("label"):
            raise bad("can't parse labeled price: LabeledPrice label must be non-empty")
    total = sum(integer(price.get("amount")) for price in prices)
    if total <= 0:
        raise bad("total price must be positive")
    return total
