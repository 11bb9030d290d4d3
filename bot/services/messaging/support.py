"""Support cases: a customer's messages are copied to everybody who answers cases, who answers by replying.

The texts are not stored: only the ids of the messages are. What operators get goes through the
outbox, for each operator by itself, so that neither the customer nor another operator waits.
"""

from collections.abc import Sequence
from typing import Final

from bot.domain.actions import ActionKind
from bot.domain.cases import SupportCase, case_name
from bot.domain.outbox import OutboxKind, OutboxRow
from bot.domain.records import Customer
from bot.domain.roles import Right
from bot.refusals import NotFound, UnknownCustomer, required
from bot.services.messaging.customers import find_customer
from bot.services.shop import Shop
from bot.services.standing import who_may
from storage.transaction import Transaction

_LAST_ORDERS: Final = 1


async def open_case(shop: Shop, user_id: int, order_id: int | None = None) -> SupportCase:
    """Let a customer's open case, or a new one, take what they write next; about an order, if given.

    No operator is told before the customer has written. A second call changes nothing. Raises
    NotFound for an order of anybody else.
    """
    return await shop.store.write(_open_case, shop, user_id, order_id)


async def _open_case(
    tx: Transaction, shop: Shop, user_id: int, order_id: int | None
) -> SupportCase:
    if order_id is not None:
        required(await tx.orders.for_owner(order_id, user_id))
    now = shop.clock.now()
    case, _ = await tx.cases.open_case(user_id, now)
    return await tx.cases.ask_for_words(case, order_id, now)


async def begin_case(shop: Shop, user_id: int, *, key: str, operator_id: int) -> SupportCase:
    """The case in which an operator writes to a customer first: their open one, or a new one.

    A second call with this key records nothing more. Raises UnknownCustomer.
    """
    return await shop.store.write(_begin_case, shop, user_id, key, operator_id)


async def _begin_case(
    tx: Transaction, shop: Shop, user_id: int, key: str, operator_id: int
) -> SupportCase:
    await find_customer(shop, tx, user_id)
    case = await _open_case(tx, shop, user_id, None)
    await tx.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.WRITE,
        target=str(user_id),
        now=shop.clock.now(),
        after=case_name(case.id),
    )
    return case


async def reopen_case(shop: Shop, user_id: int, case_id: int) -> SupportCase:
    """Let a closed case of this customer take what they write next, or the one that is open.

    Raises NotFound for a case of anybody else.
    """
    return await shop.store.write(_reopen_case, shop, user_id, case_id)


async def _reopen_case(tx: Transaction, shop: Shop, user_id: int, case_id: int) -> SupportCase:
    case = await _case_of_customer(tx, user_id, case_id)
    return await tx.cases.ask_for_words(case, None, shop.clock.now())


async def _case_of_customer(tx: Transaction, user_id: int, case_id: int) -> SupportCase:
    case = required(await tx.cases.get(case_id))
    if case.user_id != user_id:
        raise NotFound
    return case


async def talking_case(shop: Shop, user_id: int) -> SupportCase | None:
    """The case that takes what this customer writes now, without a button or a reply."""
    async with shop.store.reading() as tx:
        return await tx.cases.talking(user_id, shop.clock.now())


async def stop_talking(shop: Shop, user_id: int) -> None:
    """Note that the customer went back to the shop: what they write is searched for again.

    The case stays open, except one in which nothing was written: that was opened by mistake.
    """
    if await talking_case(shop, user_id) is not None:
        await shop.store.write(_stop_talking, shop, user_id)


async def _stop_talking(tx: Transaction, shop: Shop, user_id: int) -> None:
    now = shop.clock.now()
    case = await tx.cases.talking(user_id, now)
    if case is not None and case.waits_since is None and not await tx.cases.has_messages(case.id):
        await tx.cases.close(case.id, now, by_customer=True)
    await tx.cases.stop_talking(user_id)


async def take_question(
    shop: Shop, user_id: int, message_ids: Sequence[int], case: SupportCase | None = None
) -> tuple[SupportCase, bool]:
    """Take a customer's message, or album, for their open case, or for a new one.

    `case`: the one that the message replies to, or that takes what is written; it is opened again
    if it was closed. Returns the case, and whether an operator can be reached. Every operator gets
    the message; one who cannot be reached, when they write to the bot. A second call with the same
    message sends nothing again.
    """
    return await shop.store.write(_take_question, shop, user_id, message_ids, case)


async def _take_question(
    tx: Transaction,
    shop: Shop,
    user_id: int,
    message_ids: Sequence[int],
    case: SupportCase | None,
) -> tuple[SupportCase, bool]:
    now = shop.clock.now()
    known = await tx.cases.get(case.id) if case else None
    if known is None:
        known, _ = await tx.cases.open_case(user_id, now)
    case = await tx.cases.note_question(known, now)
    order_id = case.order_id or await _newest_order(tx, user_id)
    heading = {"order": str(order_id)} if order_id else {}
    reachable = False
    for operator_id in await who_may(tx, shop, Right.CASES):
        await _send_copies(tx, shop, case, operator_id, user_id, message_ids, heading)
        reachable = reachable or await _is_reachable(tx, shop, operator_id)
    return case, reachable


async def _newest_order(tx: Transaction, user_id: int) -> int | None:
    orders, _ = await tx.orders.page(user_id, 0, _LAST_ORDERS)
    return orders[0].id if orders else None


async def tell_answered(
    shop: Shop, case: SupportCase, operator_id: int, message_ids: Sequence[int]
) -> None:
    """Show an operator's answer to the others; what the customer writes goes to the case again.

    A second call with the same message shows nothing again.
    """
    await shop.store.write(_tell_answered, shop, case, operator_id, message_ids)


async def _tell_answered(
    tx: Transaction, shop: Shop, case: SupportCase, operator_id: int, message_ids: Sequence[int]
) -> None:
    await tx.cases.note_answer(case, shop.clock.now())
    heading = {"answered_by": str(operator_id)}
    for other_id in await who_may(tx, shop, Right.CASES):
        if other_id != operator_id:
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


async def send_case_message(shop: Shop, receiver: Customer, row: OutboxRow) -> Sequence[int]:
    """Send a row of CASE_KINDS or CASE_CLOSED; returns the ids of the messages it made.

    Raises the errors of the Sender.
    """
    if row.kind is OutboxKind.CASE_WORDS:
        message_ids = [int(one) for one in row.data["messages"].split()]
        return await shop.sender.copy_messages(receiver, int(row.data["chat"]), message_ids)
    async with shop.store.reading() as tx:
        case = required(await tx.cases.get(int(row.data["case"])))
        number = int(row.data.get("order", 0))
        order = await tx.orders.for_owner(number, case.user_id) if number else None
    if row.kind is OutboxKind.CASE_CLOSED or "solved" in row.data:
        return [await shop.sender.send_case_closed(receiver, case)]
    answered_by = int(row.data.get("answered_by", 0)) or None
    return [await shop.sender.send_case(receiver, case, order, answered_by)]


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
    """Close a case and tell its customer; False where it was closed already."""
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
        before="open",
        after="closed",
    )
    case = required(await tx.cases.get(case_id))
    told, data = f"case_closed:{key}", {"case": str(case_id)}
    await tx.outbox.add(told, case.user_id, OutboxKind.CASE_CLOSED, now, data=data)
    return True


async def end_case(shop: Shop, *, key: str, user_id: int, case_id: int) -> bool:
    """Close a case for its customer and tell the operators; False where it was closed already.

    Raises NotFound for a case of anybody else.
    """
    return await shop.store.write(_end_case, shop, key, user_id, case_id)


async def _end_case(tx: Transaction, shop: Shop, key: str, user_id: int, case_id: int) -> bool:
    now, case = shop.clock.now(), await _case_of_customer(tx, user_id, case_id)
    if not await tx.cases.close(case.id, now, by_customer=True):
        return False
    if await tx.cases.has_messages(case.id):
        data = {"case": str(case_id), "solved": "yes"}
        for operator_id in await who_may(tx, shop, Right.CASES):
            told = f"case_solved:{key}:{operator_id}"
            await tx.outbox.add(told, operator_id, OutboxKind.CASE, now, data=data)
    return True
