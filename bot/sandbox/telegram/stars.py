"""Telegram Stars in the simulator: invoices, pre-checkout queries, charges and refunds."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.sandbox.telegram.rules import ApiError, bad

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


class ChatId(Protocol):
    """A chat."""

    id: int


class Payer(Protocol):
    """A person with a private chat."""

    @property
    def user(self) -> dict[str, Any]: ...
    @property
    def chat(self) -> Any: ...


class Telegram(Protocol):
    """The part of World that payments use. A Protocol, since World imports this module."""

    me: dict[str, Any]
    changed: asyncio.Condition
    people: Any

    @property
    def now(self) -> Callable[[], float]: ...
    def add_message(self, chat: Any, body: dict[str, Any]) -> dict[str, Any]: ...
    def push(self, kind: str, body: dict[str, Any]) -> int: ...
    async def notify(self) -> None: ...


@dataclass
class StarPayments:
    """The payments in Stars; `transactions` as getStarTransactions lists them, oldest first."""

    world: Telegram
    queries: dict[str, CheckoutQuery] = field(default_factory=dict)
    payloads: dict[tuple[int, int], str] = field(default_factory=dict)  # by chat and message
    transactions: list[dict[str, Any]] = field(default_factory=list)
    refunded: set[str] = field(default_factory=set)
    _count: int = 0

    def send_invoice(self, chat: ChatId, values: dict[str, Any]) -> dict[str, Any]:
        prices = values.get("prices")
        if values.get("currency") != "XTR":
            raise bad("CURRENCY_INVALID")
        if values.get("provider_token"):
            raise bad("PAYMENT_PROVIDER_INVALID")
        if not isinstance(prices, list) or len(prices) != 1:
            raise bad("STARS_INVOICE_INVALID")
        if not 1 <= int(prices[0].get("amount", 0)) <= _MAX_STARS:
            raise bad("CURRENCY_TOTAL_AMOUNT_INVALID")
        payload = str(values.get("payload", ""))
        if not 1 <= len(payload.encode()) <= _MAX_PAYLOAD_BYTES:
            raise bad("INVOICE_PAYLOAD_INVALID")
        for name, max_length in (
            ("title", _MAX_TITLE_LENGTH),
            ("description", _MAX_DESCRIPTION_LENGTH),
        ):
            if not 1 <= len(str(values.get(name, ""))) <= max_length:
                raise bad(f"INVOICE_{name.upper()}_INVALID")
        stars = int(prices[0]["amount"])
        invoice = {
            "title": values["title"],
            "description": values["description"],
            "start_parameter": str(values.get("start_parameter", "")),
            "currency": "XTR",
            "total_amount": stars,
        }
        buttons = {"inline_keyboard": [[{"text": f"⭐ {stars}", "pay": True}]]}
        body = {"from": self.world.me, "invoice": invoice, "reply_markup": buttons}
        message = self.world.add_message(chat, body)
        self.payloads[chat.id, message["message_id"]] = payload
        return message

    def answer(self, values: dict[str, Any]) -> bool:
        query = self.queries.get(str(values.get("pre_checkout_query_id")))
        late = query is None or self.world.now() - query.asked_at > ANSWER_WITHIN_SECONDS
        if query is None or late or query.ok is not None:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        query.ok = values.get("ok") in (True, "true", "True")
        query.error = str(values.get("error_message", ""))
        if not query.ok and not query.error:
            raise bad("error_message must be specified")
        return True

    def refund(self, user_id: Any, charge_id: str) -> bool:
        found = next((t for t in self.transactions if t["id"] == charge_id), None)
        if found is None or found.get("source", {}).get("user", {}).get("id") != user_id:
            raise bad("CHARGE_NOT_FOUND")
        if charge_id in self.refunded:
            raise bad("CHARGE_ALREADY_REFUNDED")
        self.refund_to_payer(charge_id)
        return True

    def list_transactions(self, offset: int, limit: int) -> dict[str, Any]:
        if not 1 <= limit <= 100 or offset < 0:  # noqa: PLR2004
            raise bad("limit or offset is out of range")
        return {"transactions": self.transactions[offset : offset + limit]}

    async def send_pre_checkout_query(
        self, person: Payer, message: dict[str, Any]
    ) -> CheckoutQuery:
        """A person presses Pay under an invoice: send the pre-checkout query to the bot."""
        invoice = message["invoice"]
        payload = self.payloads[message["chat"]["id"], message["message_id"]]
        query = CheckoutQuery(f"checkout-{len(self.queries) + 1}", self.world.now())
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

    async def charge(self, person: Payer, stars: int, payload: str, *, notify: bool = True) -> str:
        """Charge Stars and return the charge id; `notify` False: without a message to the bot."""
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
        self.world.push("message", self.world.add_message(person.chat, body))
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
        body = {"from": person.user, "refunded_payment": refunded}
        self.world.push("message", self.world.add_message(person.chat, body))
