"""What the shop keeps of a customer, as a file for them: plain names, and no codes."""

import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from bot.domain.actions import OperatorAction
from bot.domain.cases import SupportCase
from bot.domain.ledger import wallet
from bot.domain.money import MINOR_PER_UNIT
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.records import HistoryLine
from bot.domain.roles import Member
from bot.refusals import required
from bot.services.customers.notes import notes_of
from bot.services.shop import Shop
from storage.transaction import Transaction

MOST_ROWS: Final = 2_000  # of each kind; the newest
_PAGE: Final = 200
_CURRENCY: Final = "DZD"
_ABOUT: Final = (
    "What this shop keeps of you. Times are in UTC, amounts in dinars. Codes are not in this file: "
    "/orders shows them. Words to support are not kept."
)

T = TypeVar("T")
Read = Callable[[int, int], Awaitable[tuple[Sequence[T], int]]]


async def collect_personal_data(shop: Shop, user_id: int) -> bytes:
    """All that the shop keeps of a customer, as JSON in UTF-8.

    At most MOST_ROWS of each kind, with the number of those that were left out. Raises NotFound for
    somebody who is no customer.
    """
    async with shop.store.reading(long=True) as tx:
        data = await _collect(tx, shop, user_id)
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "backslashreplace")


async def _collect(tx: Transaction, shop: Shop, user_id: int) -> dict[str, Any]:
    profile = required(await tx.personal_data.profile(user_id))
    receipts = await tx.personal_data.receipts(user_id)
    mine, ban = tx.personal_data, await tx.customers.ban_of(user_id)

    async def orders(offset: int, limit: int) -> tuple[Sequence[Order], int]:
        return await tx.orders.page(user_id, offset, limit)

    async def movements(offset: int, limit: int) -> tuple[Sequence[HistoryLine], int]:
        return await tx.ledger.history(user_id, offset, limit)

    async def payments(offset: int, limit: int) -> tuple[Sequence[Payment], int]:
        return await mine.payments(user_id, offset, limit)

    async def cases(offset: int, limit: int) -> tuple[Sequence[SupportCase], int]:
        return await mine.cases(user_id, offset, limit)

    async def corrections(offset: int, limit: int) -> tuple[Sequence[OperatorAction], int]:
        return await mine.credits(user_id, offset, limit)

    return {
        "about": _ABOUT,
        "made at": _time(shop.clock.now()),
        "profile": {
            "Telegram id": profile.id,
            "language": profile.locale,
            "customer since": _time(profile.created_at),
            "messages reach you": profile.reachable,
            "reminders before codes expire": profile.reminders,
            "news of the shop": profile.news,
            "the shop serves you no more since": _time(ban.at) if ban else None,
        },
        "your work in the shop": _work(await tx.team.member(user_id)),
        "wallet": {
            "balance": _money(await tx.ledger.balance(wallet(user_id))),
            "held by orders": _money(await tx.ledger.reserved(user_id)),
            "currency": _CURRENCY,
            "movements": await _all(movements, _movement),
        },
        "orders": await _all(orders, _order),
        "payments": await _all(payments, lambda p: _payment(p, receipts.get(p.id, 0))),
        "conversations with support": await _all(cases, _case),
        "credits by support": await _all(corrections, _credit),
        "waiting to be back in stock": [
            {"product": w.product_title, "value": w.label, "since": _time(w.since)}
            for w in await tx.watches.of_user(user_id)
        ],
        "notes of operators about you": [
            {"at": _time(note.at), "text": note.text} for note in await notes_of(tx, shop, user_id)
        ],
        "also kept, how many": dict(await mine.counts(user_id)),
    }


async def _all(read: "Read[T]", plain: Callable[[T], dict[str, Any]]) -> dict[str, Any]:
    """Read page by page, the newest first, up to MOST_ROWS."""
    found: list[dict[str, Any]] = []
    count = 0
    while len(found) < MOST_ROWS:
        rows, count = await read(len(found), min(_PAGE, MOST_ROWS - len(found)))
        found += [plain(row) for row in rows]
        if not rows or len(found) >= count:
            break
    return {"count": count, "left out": count - len(found), "rows": found}


def _work(member: Member | None) -> dict[str, Any] | None:
    if member is None:
        return None
    return {
        "role": member.role,
        "limit a day": _money(member.cap_minor),
        "state": member.state,
        "since": _time(member.at),
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")


def _money(minor: int) -> str:
    sign, (whole, rest) = "-" if minor < 0 else "", divmod(abs(minor), MINOR_PER_UNIT)
    return f"{sign}{whole}.{rest:02d}"


def _movement(line: HistoryLine) -> dict[str, Any]:
    return {
        "at": _time(line.at),
        "kind": line.kind,
        "amount": _money(line.amount_minor),
        "order": line.order_id,
        "note": line.note,
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "number": order.id,
        "product": order.product_title,
        "value": order.denomination_label,
        "quantity": order.quantity,
        "price of one": _money(order.unit_price_minor),
        "state": order.state,
        "ordered at": _time(order.created_at),
        "paid at": _time(order.paid_at),
        "ended at": _time(order.settled_at),
        "codes delivered": order.delivered_quantity,
        "refunded": _money(order.returned_minor),
        "reason of the refund": order.return_reason,
        "support looks at it": order.attention is not None,
    }


def _payment(payment: Payment, receipts: int) -> dict[str, Any]:
    return {
        "reference": payment.reference,
        "method": payment.method,
        "state": payment.state,
        "order": payment.order_id,
        "asked": _money(payment.asked_minor),
        "received": _money(payment.paid_minor),
        "Telegram Stars": payment.stars,
        "begun at": _time(payment.created_at),
        "ended at": _time(payment.settled_at),
        "id at the provider": payment.external_id,
        "page at the provider": payment.url,
        "receipts": receipts,
        "note": payment.reason,
    }


def _case(case: SupportCase) -> dict[str, Any]:
    return {"number": case.id, "opened": _time(case.opened_at), "closed": _time(case.closed_at)}


def _credit(action: OperatorAction) -> dict[str, Any]:
    return {"at": _time(action.at), "amount": _money(action.amount_minor), "note": action.note}
