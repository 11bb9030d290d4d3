"""Support cases: a customer's messages are copied to every operator, who answers by replying.

The texts are not stored: only the ids of the messages are.
"""

from collections.abc import Sequence
from typing import Final

from bot.domain.orders import Order
from bot.domain.records import ActionKind, SupportCase
from bot.services.shop import Shop
from storage.transaction import Transaction

_LAST_ORDERS: Final = 1


async def open_case(shop: Shop, user_id: int) -> tuple[SupportCase, Order | None]:
    """The customer's open case, or a new one, and their newest order.

    A second call opens no second case.
    """
    return await shop.store.write(_open, shop, user_id)


async def _open(tx: Transaction, shop: Shop, user_id: int) -> tuple[SupportCase, Order | None]:
    case, _ = await tx.cases.open_case(user_id, shop.clock.now())
    orders, _ = await tx.orders.page(user_id, 0, _LAST_ORDERS)
    return case, next(iter(orders), None)


async def has_message(shop: Shop, chat_id: int, update_id: int) -> bool:
    """Whether the message of an update was copied to this person.

    So an update that is handled again copies it once.
    """
    async with shop.store.reading() as tx:
        return await tx.cases.has_message(chat_id, update_id)


async def note_message(
    shop: Shop, case: SupportCase, chat_id: int, update_id: int, message_ids: Sequence[int]
) -> None:
    """Record messages in an operator's or the customer's chat as those that carry an update.

    A reply to any of them then belongs to the case. A second call changes nothing.
    """
    await shop.store.write(_note, case.id, chat_id, update_id, message_ids)


async def _note(
    tx: Transaction, case_id: int, chat_id: int, update_id: int, message_ids: Sequence[int]
) -> None:
    first, *more = message_ids
    await tx.cases.add_message(case_id, chat_id, first, update_id)
    for message_id in more:
        await tx.cases.add_further_message(case_id, chat_id, message_id)


async def note_further_message(
    shop: Shop, case: SupportCase, chat_id: int, message_id: int
) -> None:
    """Record a message about a case that carries no update, such as a confirmation."""
    await shop.store.write(_note_further, case.id, chat_id, message_id)


async def _note_further(tx: Transaction, case_id: int, chat_id: int, message_id: int) -> None:
    await tx.cases.add_further_message(case_id, chat_id, message_id)


async def case_of(shop: Shop, chat_id: int, message_id: int) -> SupportCase | None:
    """The case that a message in a person's chat belongs to; None where it belongs to none."""
    async with shop.store.reading() as tx:
        return await tx.cases.by_message(chat_id, message_id)


async def close_case(shop: Shop, *, key: str, operator_id: int, case_id: int) -> bool:
    """Close a case; False where it was closed already."""
    return await shop.store.write(_close, shop, key, operator_id, case_id)


async def _close(tx: Transaction, shop: Shop, key: str, operator_id: int, case_id: int) -> bool:
    now = shop.clock.now()
    if not await tx.cases.close(case_id, now):
        return False
    await tx.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.CASE,
        target=str(case_id),
        now=now,
    )
    return True
