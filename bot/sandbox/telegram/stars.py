"""Telegram Stars in the simulator: bills, the ten seconds before they are paid, charges and refunds."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.sandbox.telegram.rules import ApiError, bad

ANSWER_WITHIN_SECONDS = 10.0
_LONGEST_PAYLOAD = 128
_LONGEST_TITLE = 32
_LONGEST_DESCRIPTION = 255
_MOST_STARS = 10_000


@dataclass
class CheckoutQuery:
    id: str
    asked_at: float
    ok: bool | None = None
    error: str = ""


class Place(Protocol):
    """A chat."""

    id: int


class Payer(Protocol):
    """A person with a private chat."""

    @property
    def user(self) -> dict[str, Any]: ...
    @property
    def chat(self) -> Any: ...


class Chats(Protocol):
    """What payments need of the simulated Telegram: its clock, its people, and what it sends the bot."""

    me: dict[str, Any]
    changed: asyncio.Condition
    people: Any

    @property
    def now(self) -> Callable[[], float]: ...
    def add_message(self, chat: Any, body: dict[str, Any]) -> dict[str, Any]: ...
    def push(self, kind: str, body: dict[str, Any]) -> int: ...
    async def tell(self) -> None: ...


@dataclass
class StarDesk:
    """Who paid what. `transactions` are as getStarTransactions lists them, the oldest first."""

    world: Chats
    queries: dict[str, CheckoutQuery] = field(default_factory=dict)
    payloads: dict[tuple[int, int], str] = field(default_factory=dict)  # by chat and message
    transactions: list[dict[str, Any]] = field(default_factory=list)
    refunded: set[str] = field(default_factory=set)
    _count: int = 0

    # --- what the bot does ------------------------------------------------------------------------

    def send_invoice(self, chat: Place, values: dict[str, Any]) -> dict[str, Any]:
        prices = values.get("prices")
        if values.get("currency") != "XTR":
            raise bad("CURRENCY_INVALID")
        if values.get("provider_token"):
            raise bad("PAYMENT_PROVIDER_INVALID")
        if not isinstance(prices, list) or len(prices) != 1:
            raise bad("STARS_INVOICE_INVALID")
        if not 1 <= int(prices[0].get("amount", 0)) <= _MOST_STARS:
            raise bad("CURRENCY_TOTAL_AMOUNT_INVALID")
        payload = str(values.get("payload", ""))
        if not 1 <= len(payload.encode()) <= _LONGEST_PAYLOAD:
            raise bad("INVOICE_PAYLOAD_INVALID")
        for name, longest in (("title", _LONGEST_TITLE), ("description", _LONGEST_DESCRIPTION)):
            if not 1 <= len(str(values.get(name, ""))) <= longest:
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
        self.give_back(charge_id)
        return True

    def list_transactions(self, offset: int, limit: int) -> dict[str, Any]:
        if not 1 <= limit <= 100 or offset < 0:  # noqa: PLR2004
            raise bad("limit or offset is out of range")
        return {"transactions": self.transactions[offset : offset + limit]}

    # --- what people and Telegram do --------------------------------------------------------------

    async def ask(self, person: Payer, message: dict[str, Any]) -> CheckoutQuery:
        """Somebody has pressed Pay under a bill: the bot is asked whether it may be paid."""
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
        await self.world.tell()
        return query

    async def pay(self, person: Payer, message: dict[str, Any]) -> str:
        """Pay a bill that this person sees; the charge's id. Raises ApiError in the bot's own words."""
        query = await self.ask(person, message)
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
        """The Stars of a bill move."""
        payload = self.payloads[message["chat"]["id"], message["message_id"]]
        return await self.charge(person, message["invoice"]["total_amount"], payload)

    async def charge(self, person: Payer, stars: int, payload: str, *, tell: bool = True) -> str:
        """Stars move; `tell` False: the word of it never reaches the bot."""
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
        if tell:
            await self.tell_of(person, stars, payload, charge_id)
        return charge_id

    async def tell_of(self, person: Payer, stars: int, payload: str, charge_id: str) -> None:
        """The service message of a payment; a second time where the first one seemed lost."""
        paid = {
            "currency": "XTR",
            "total_amount": stars,
            "invoice_payload": payload,
            "telegram_payment_charge_id": charge_id,
            "provider_payment_charge_id": "",
        }
        body = {"from": person.user, "successful_payment": paid}
        self.world.push("message", self.world.add_message(person.chat, body))
        await self.world.tell()

    def give_back(self, charge_id: str) -> None:
        """Stars go back to their payer, by the bot's word or by Telegram's own; a message tells of it."""
        self.refunded.add(charge_id)
        came = next(t for t in self.transactions if t["id"] == charge_id)
        partner = came["source"]
        date = int(self.world.now())
        self.transactions.append(
            {"id": charge_id, "amount": came["amount"], "date": date, "receiver": partner}
        )
        person = self.world.people[partner["user"]["id"]]
        back = {
            "currency": "XTR",
            "total_amount": came["amount"],
            "invoice_payload": partner["invoice_payload"],
            "telegram_payment_charge_id": charge_id,
        }
        body = {"from": person.user, "refunded_payment": back}
        self.world.push("message", self.world.add_message(person.chat, body))
