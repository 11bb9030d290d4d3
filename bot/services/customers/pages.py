"""What operators read of one customer: their page, orders, the statement of the wallet, payments."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.ledger import wallet
from bot.domain.orders import Order
from bot.domain.paging import count_pages
from bot.domain.payments import Payment
from bot.domain.people import Ban, CustomerFigures, CustomerProfile, Note, is_pseudonym
from bot.domain.records import HistoryLine
from bot.refusals import UnknownCustomer
from bot.services.customers.notes import notes_of
from bot.services.shop import Shop
from bot.services.standing import standing_of

ROWS: Final = 7  # of one page


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """Money in minor units. `latest`: the newest note."""

    profile: CustomerProfile
    ban: Ban | None
    balance_minor: int
    held_minor: int
    figures: CustomerFigures
    notes: int
    latest: Note | None
    is_operator: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a customer's orders, movements or payments."""

    user_id: int
    number: int  # from 0
    pages: int


@dataclass(frozen=True, slots=True)
class OrdersPart(Part):
    orders: Sequence[Order]


@dataclass(frozen=True, slots=True)
class MoneyPart(Part):
    lines: Sequence[HistoryLine]
    balance_minor: int
    held_minor: int


@dataclass(frozen=True, slots=True)
class PaymentsPart(Part):
    payments: Sequence[Payment]


async def view_customer(shop: Shop, user_id: int) -> CustomerPage:
    """All at once, in one reading. Raises UnknownCustomer for somebody who never wrote to the bot."""
    async with shop.store.reading() as tx:
        profile = await tx.personal_data.profile(user_id)
        if profile is None or is_pseudonym(user_id):
            raise UnknownCustomer(user_id)
        newest = await notes_of(tx, shop, user_id, 1)
        return CustomerPage(
            profile,
            await tx.customers.ban_of(user_id),
            await tx.ledger.balance(wallet(user_id)),
            await tx.ledger.reserved(user_id),
            await tx.customer_pages.figures(user_id),
            await tx.notes.count(user_id),
            newest[0] if newest else None,
            await standing_of(tx, shop, user_id) is not None,
        )


async def list_orders(shop: Shop, user_id: int, page: int) -> OrdersPart:
    async with shop.store.reading() as tx:
        orders, count = await tx.orders.page(user_id, page * ROWS, ROWS)
    return OrdersPart(user_id, page, count_pages(count, ROWS), orders)


async def list_movements(shop: Shop, user_id: int, page: int) -> MoneyPart:
    async with shop.store.reading() as tx:
        lines, count = await tx.ledger.history(user_id, page * ROWS, ROWS)
        balance = await tx.ledger.balance(wallet(user_id))
        held = await tx.ledger.reserved(user_id)
    return MoneyPart(user_id, page, count_pages(count, ROWS), lines, balance, held)


async def list_payments(shop: Shop, user_id: int, page: int) -> PaymentsPart:
    async with shop.store.reading() as tx:
        payments, count = await tx.personal_data.payments(user_id, page * ROWS, ROWS)
    return PaymentsPart(user_id, page, count_pages(count, ROWS), payments)
