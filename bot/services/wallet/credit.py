"""Credits by operators; a negative amount corrects a mistake.

Large amounts are confirmed first, and so is what the note makes compensation.
"""

import re
from dataclasses import dataclass
from typing import Final

from bot.domain import ledger
from bot.domain.actions import ActionKind
from bot.domain.orders import Order
from bot.domain.outbox import OutboxKind
from bot.refusals import (
    AlreadyDecided,
    CompensationChanged,
    CompensationTooLarge,
    DebitTooLarge,
    NotFound,
    required,
)
from bot.services.messaging.customers import find_customer
from bot.services.messaging.notifications import order_numbers
from bot.services.shop import Shop
from bot.services.wallet.limits import check_cap, check_fresh, needs_confirmation
from bot.services.wallet.unpaid_orders import pay_waiting_orders
from storage.transaction import Transaction

_ORDER_IN_NOTE: Final = re.compile(r"#(\d{1,15})\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Credit:
    """`key` names the operator's message: the same message twice credits once."""

    key: str
    operator_id: int
    user_id: int
    amount_minor: int
    note: str


@dataclass(frozen=True, slots=True)
class Credited:
    """`action_id` set: no money moved yet, the action has to be confirmed.

    `balance_minor` is the balance of the wallet after the call. `compensates`: the order that the
    note names, where the question is whether its codes are made good, as the shop's loss;
    `compensated_minor`: what was made good of it before.
    """

    user_id: int
    amount_minor: int
    balance_minor: int
    action_id: int | None = None
    compensates: int | None = None
    compensated_minor: int = 0


async def credit_wallet(shop: Shop, credit: Credit) -> Credited:
    """Credit a wallet and tell the customer, or ask for a confirmation.

    It is asked for where the amount is large, and where the note names a delivered order of the
    customer: that is compensation. A second call with the same key raises AlreadyDecided. Raises
    UnknownCustomer, CapReached, CompensationTooLarge, and DebitTooLarge where the balance would
    become negative.
    """
    return await shop.store.write(_ask, shop, credit)


async def _ask(tx: Transaction, shop: Shop, credit: Credit) -> Credited:
    await find_customer(shop, tx, credit.user_id)
    balance = await _check_debit(tx, credit.user_id, credit.amount_minor)
    await check_cap(tx, shop, credit.operator_id, ActionKind.CREDIT, credit.amount_minor)
    order = await _compensated_order(tx, credit)
    compensated = await tx.ledger.compensated(order.id) if order else 0
    must_confirm = order is not None or needs_confirmation(shop, credit.amount_minor)
    action_id = await tx.operators.add_action(
        key=credit.key,
        operator_id=credit.operator_id,
        kind=ActionKind.CREDIT,
        target=str(credit.user_id),
        amount_minor=credit.amount_minor,
        note=credit.note,
        done=not must_confirm,
        now=shop.clock.now(),
        before=_asked_of(order, compensated) or str(balance),
        after=str(balance + credit.amount_minor),
    )
    if action_id is None:
        raise AlreadyDecided
    if must_confirm:
        compensates = order.id if order else None
        return Credited(
            credit.user_id, credit.amount_minor, balance, action_id, compensates, compensated
        )
    return await _credit(tx, shop, credit)


def _asked_of(order: Order | None, compensated_minor: int) -> str:
    """What a question about compensation stands for, as its action keeps it until the answer."""
    return f"#{order.id} {compensated_minor}" if order is not None else ""


async def _check_debit(tx: Transaction, user_id: int, amount_minor: int) -> int:
    """The balance of the wallet. Raises DebitTooLarge."""
    await tx.ledger.lock_wallet(user_id)
    balance = await tx.ledger.balance(ledger.wallet(user_id))
    if amount_minor < 0 and balance + amount_minor < 0:
        raise DebitTooLarge(user_id, balance)
    return balance


async def confirm_credit(shop: Shop, operator_id: int, action_id: int) -> Credited:
    """Carry out a credit that was asked for; a second call raises AlreadyDecided.

    Raises NotFound, AskedTooLongAgo, CapReached, CompensationTooLarge, CompensationChanged,
    DebitTooLarge.
    """
    return await shop.store.write(_confirm, shop, operator_id, action_id)


async def _confirm(tx: Transaction, shop: Shop, operator_id: int, action_id: int) -> Credited:
    action = required(await tx.operators.action(action_id, operator_id))
    if action.kind is not ActionKind.CREDIT:
        raise NotFound
    check_fresh(shop, action)
    balance = await _check_debit(tx, int(action.target), action.amount_minor)
    await check_cap(tx, shop, operator_id, ActionKind.CREDIT, action.amount_minor)
    after = balance + action.amount_minor
    credit = Credit(
        f"action:{action_id}", operator_id, int(action.target), action.amount_minor, action.note
    )
    await _check_unchanged(tx, credit, action.before)
    await tx.operators.decide(
        action_id, shop.clock.now(), str(balance), str(after), amount_minor=action.amount_minor
    )
    return await _credit(tx, shop, credit)


async def _check_unchanged(tx: Transaction, credit: Credit, before: str) -> None:
    """Whether it still is what was asked about: two may have asked about one bad code, and money
    that came in may have become compensation. Raises CompensationChanged, CompensationTooLarge.
    """
    order = await _compensated_order(tx, credit)
    if order is None:
        return
    compensated = await tx.ledger.compensated(order.id)
    if _asked_of(order, compensated) != before:
        raise CompensationChanged(order.id, compensated)


async def _credit(tx: Transaction, shop: Shop, credit: Credit) -> Credited:
    now = shop.clock.now()
    key, order = f"credit:{credit.key}", await _compensated_order(tx, credit)
    if order is None:
        posting = ledger.credit(key, credit.user_id, credit.amount_minor, credit.note)
    else:
        posting = ledger.compensate(key, order.id, credit.user_id, credit.amount_minor, credit.note)
    await tx.ledger.post(posting, now, f"operator:{credit.operator_id}")
    told_as = f"credited:{credit.key}"
    balance = await tell_credited(
        tx, shop, told_as, credit.user_id, credit.amount_minor, credit.note
    )
    return Credited(credit.user_id, credit.amount_minor, balance)


async def tell_credited(
    tx: Transaction, shop: Shop, key: str, user_id: int, amount_minor: int, note: str
) -> int:
    """Pay the orders that waited for this money, and tell all of it in one message.

    Returns the balance after that, in minor units. A second message with this key is not added.
    """
    paid = await pay_waiting_orders(tx, shop, user_id)
    balance = await tx.ledger.balance(ledger.wallet(user_id))
    told = {"amount": str(amount_minor), "balance": str(balance), "note": note}
    if paid:
        told["orders"] = order_numbers(paid)
    await tx.outbox.add(key, user_id, OutboxKind.CREDITED, shop.clock.now(), data=told)
    return balance


async def _compensated_order(tx: Transaction, credit: Credit) -> Order | None:
    """The customer's delivered order that the note names (#1042): the credit makes its codes good.

    None for every other credit, which is money that came in. Raises CompensationTooLarge. To be
    called with the wallet locked.
    """
    named = _ORDER_IN_NOTE.search(credit.note)
    if named is None or credit.amount_minor <= 0:
        return None
    order = await tx.orders.for_owner(int(named[1]), credit.user_id)
    if order is None or not order.delivered_quantity:
        return None
    left = await left_to_compensate(tx, order)
    if credit.amount_minor > left:
        raise CompensationTooLarge(order.id, left)
    return order


async def left_to_compensate(tx: Transaction, order: Order) -> int:
    """The price of what was delivered of an order, less what was made good of it, in minor units."""
    sold = order.delivered_quantity * order.unit_price_minor
    return sold - await tx.ledger.compensated(order.id)
