"""Messages about an order, put into the outbox.

Each function adds one message for each event: its key is unique, so a second call adds nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypedDict

from bot.domain.orders import Order, Stage
from bot.domain.outbox import OutboxKind
from bot.domain.schedule import STAGE_LASTS_SECONDS
from bot.services.shop import Shop
from storage.transaction import Transaction


class Look(TypedDict, total=False):
    """The change of an order by which its customer is told, later, what it waits for."""

    tell_at: datetime | None


async def _tell(
    tx: Transaction,
    shop: Shop,
    order: Order,
    key: str,
    kind: OutboxKind,
    data: Mapping[str, str] | None = None,
) -> bool:
    now = shop.clock.now()
    return await tx.outbox.add(key, order.user_id, kind, now, order_id=order.id, data=data)


async def notify_result(
    tx: Transaction,
    shop: Shop,
    order: Order,
    *,
    again: str = "",
    brings_codes: bool = False,
    paid: Sequence[Order] = (),
) -> None:
    """Tell the customer how an order ended, in one message.

    `again` distinguishes a second result of one order. `brings_codes`: some came with this result,
    so that their message tells the rest. `paid` are other orders that the refund has paid.
    """
    data = {"codes": "yes"} if brings_codes else {}
    if paid:
        data["orders"] = order_numbers(paid)
    await _tell(tx, shop, order, result_key(order.id) + again, OutboxKind.ORDER_RESULT, data)


def result_key(order_id: int) -> str:
    """The outbox key of the message that tells how an order ended."""
    return f"result:{order_id}"


def credited_key(payment_id: int) -> str:
    """The outbox key of the message that tells that a payment is in the wallet."""
    return f"payment:{payment_id}:credited"


def order_numbers(orders: Sequence[Order]) -> str:
    """The ids of orders, as rows of the outbox hold them."""
    return " ".join(str(order.id) for order in orders)


async def notify_end(tx: Transaction, shop: Shop, order: Order) -> None:
    """Edit the status message once more: the message about the end was sent, the edit failed."""
    key = f"progress:{order.id}:end:{order.delivered_quantity}"
    await _tell(tx, shop, order, key, OutboxKind.ORDER_PROGRESS, {"end": "yes"})


async def notify_part(tx: Transaction, shop: Shop, order: Order, delivered: int) -> None:
    """Queue the codes that came of an order that stays open; `delivered`, the codes so far, is in the key."""
    await _tell(tx, shop, order, f"part:{order.id}:{delivered}", OutboxKind.ORDER_PART)


async def notify_paid(tx: Transaction, shop: Shop, order: Order) -> None:
    """Turn the screen on which an order waited for its money into its status message, once."""
    await _tell(tx, shop, order, f"progress:{order.id}:", OutboxKind.ORDER_PROGRESS)


def look_soon(shop: Shop, *, unless: bool = False) -> Look:
    """The change of an order that waits for something else now: it is told if that lasts.

    `unless`: the order waits for what it waited for.
    """
    if unless:
        return {}
    return {"tell_at": shop.clock.now() + timedelta(seconds=STAGE_LASTS_SECONDS)}


async def notify_stage(tx: Transaction, shop: Shop, order: Order, stage: Stage) -> None:
    """Say in the status message what a locked order waits for, once while that lasts."""
    if order.stage is stage:
        return
    await tx.orders.update(order, stage=stage)
    key = f"progress:{order.id}:{stage}:{shop.clock.now().timestamp():.0f}"
    await _tell(tx, shop, order, key, OutboxKind.ORDER_PROGRESS)


async def notify_expiry(
    tx: Transaction, shop: Shop, order: Order, expires_at: datetime, days: int
) -> bool:
    """Remind the customer that codes expire; `days` before the expiry is part of the key."""
    key, data = f"expires:{order.id}:{days}", {"expires_at": expires_at.isoformat()}
    return await _tell(tx, shop, order, key, OutboxKind.EXPIRY, data)
