"""Support cases: a customer's messages are copied to every operator, who answers by replying.

The texts are not stored: only the ids of the messages are. What operators get goes through the
outbox, for each operator by itself, so that neither the customer nor another operator waits.
"""

from collections.abc import Sequence
from typing import Final

from bot.domain.records import ActionKind, Customer, OutboxKind, OutboxRow, SupportCase
from bot.errors import UnknownCustomer, required
from bot.services.messaging.customers import find_customer
from bot.services.shop import Shop
from storage.transaction import Transaction

_LAST_ORDERS: Final = 1


async def take_question(
    shop: Shop, user_id: int, message_ids: Sequence[int]
) -> tuple[SupportCase, bool]:
    """Take a customer's message, or album, for their open case, or for a new one.

    Returns the case, and whether an operator can be reached. Every operator gets the message; one
    who cannot be reached, when they write to the bot. A second call with the same message sends
    nothing again.
    """
    return await shop.store.write(_take_question, shop, user_id, message_ids)


async def _take_question(
    tx: Transaction, shop: Shop, user_id: int, message_ids: Sequence[int]
) -> tuple[SupportCase, bool]:
    case, _ = await tx.cases.open_case(user_id, shop.clock.now())
    orders, _ = await tx.orders.page(user_id, 0, _LAST_ORDERS)
    heading = {"order": str(orders[0].id)} if orders else {}
    reachable = False
    for operator_id in sorted(shop.policy.admin_ids):
        await _send_copies(tx, shop, case, operator_id, user_id, message_ids, heading)
        reachable = reachable or await _is_reachable(tx, shop, operator_id)
    return case, reachable


async def tell_answered(
    shop: Shop, case: SupportCase, operator_id: int, message_ids: Sequence[int]
) -> None:
    """Show an operator's answer to the others. A second call with the same message does nothing."""
    await shop.store.write(_tell_answered, shop, case, operator_id, message_ids)


async def _tell_answered(
    tx: Transaction, shop: Shop, case: SupportCase, operator_id: int, message_ids: Sequence[int]
) -> None:
    heading = {"answered_by": str(operator_id)}
    for other_id in sorted(shop.policy.admin_ids - {operator_id}):
        await _send_copies(tx, shop, case, other_id, operator_id, message_ids, heading)


async def _send_copies(
    tx: Transaction,
    shop: Shop,
    case: SupportCase,
    operator_id: int,
    from_chat: int,
    message_ids: Sequence[int],
    heading: dict[str, str],
) -> None:
    """Add the heading and the copies to the outbox: a row for each call, so none is made twice.

    The ids of the messages name the rows: those of updates come again after a quiet week.
    """
    now, told = shop.clock.now(), {"case": str(case.id)}
    key = f"{from_chat}:{min(message_ids)}:{operator_id}"
    await tx.outbox.add(f"case:{key}", operator_id, OutboxKind.CASE, now, data=told | heading)
    copied = {"chat": str(from_chat), "messages": " ".join(map(str, sorted(set(message_ids))))}
    await tx.outbox.add(
        f"case_words:{key}", operator_id, OutboxKind.CASE_WORDS, now, data=told | copied
    )


async def _is_reachable(tx: Transaction, shop: Shop, user_id: int) -> bool:
    try:
        return (await find_customer(shop, tx, user_id)).reachable
    except UnknownCustomer:
        return False


async def send_case_message(shop: Shop, operator: Customer, row: OutboxRow) -> Sequence[int]:
    """Send a row of the kinds CASE and CASE_WORDS; returns the ids of the messages it made.

    Who is no operator any more gets nothing. Raises the errors of the Sender.
    """
    if operator.id not in shop.policy.admin_ids:
        return ()
    if row.kind is OutboxKind.CASE_WORDS:
        message_ids = [int(one) for one in row.data["messages"].split()]
        return await shop.sender.copy_messages(operator, int(row.data["chat"]), message_ids)
    async with shop.store.reading() as tx:
        case = required(await tx.cases.get(int(row.data["case"])))
        number = int(row.data.get("order", 0))
        order = await tx.orders.for_owner(number, case.user_id) if number else None
    answered_by = int(row.data.get("answered_by", 0)) or None
    return [await shop.sender.send_case(operator, case, order, answered_by)]


async def note_case_messages(tx: Transaction, row: OutboxRow, message_ids: Sequence[int]) -> None:
    """Record what `send_case_message` made, so that a reply to any of it belongs to the case."""
    for message_id in message_ids:
        await tx.cases.add_further_message(int(row.data["case"]), row.user_id, message_id)


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
