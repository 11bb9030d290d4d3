"""What a customer asks about their own orders and wallet. Somebody else's order is NotFound."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.ledger import wallet
from bot.domain.orders import Order
from bot.domain.paging import count_pages
from bot.domain.payments import DECIDABLE_STATES, Method, Payment
from bot.domain.records import HistoryLine
from bot.domain.waiting import Waiting
from bot.refusals import required
from bot.services.orders.waiting import waiting_of, waiting_of_many
from bot.services.shop import Shop
from bot.services.wallet.methods import list_methods

ORDERS_PAGE = 6  # orders on one page
_HISTORY = 6  # movements on one page
_CHECKED = 3  # payments under review above them
_CHECKED_WITHIN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class WalletReport:
    balance_minor: int
    held_minor: int
    lines: Sequence[HistoryLine]
    page: int
    pages: int
    methods: tuple[Method, ...]
    checked: Sequence[Payment] = ()  # those that support looks at, newest first


@dataclass(frozen=True, slots=True)
class MyOrder:
    """An order as its customer sees it, without its codes."""

    order: Order
    shows_left: int  # how often its codes can be shown again
    expires_at: datetime | None  # of the code that expires first
    reminders: bool  # whether the customer wants reminders
    waiting: Waiting | None = None  # what it waits for; None: it does not wait for its supplier


@dataclass(frozen=True, slots=True)
class MyOrders:
    """A page of a customer's orders, newest first, and by their ids what some of them wait for."""

    orders: Sequence[Order]
    page: int
    pages: int
    waiting: Mapping[int, Waiting] = field(default_factory=dict)


async def check_owner(shop: Shop, user_id: int, order_id: int) -> None:
    """Raises NotFound for an order that is not this customer's."""
    async with shop.store.reading() as tx:
        required(await tx.orders.for_owner(order_id, user_id))


async def my_order(shop: Shop, user_id: int, order_id: int) -> MyOrder:
    """Raises NotFound, also for somebody else's order."""
    async with shop.store.reading() as tx:
        order = required(await tx.orders.for_owner(order_id, user_id))
        codes = await tx.codes.of_order(order_id, user_id)
        used = await tx.codes.count_reveals(order_id)
        dates = [code.expires_at for code in codes if code.deliver and code.expires_at]
        wanted = await tx.customers.wants_reminders(user_id)
    left = max(0, shop.policy.reveals_per_order - used)
    waiting = await waiting_of(shop, order)
    return MyOrder(order, left, min(dates, default=None), wanted, waiting)


async def my_orders(shop: Shop, user_id: int, page: int) -> MyOrders:
    """A page of the customer's orders; one that does not exist is empty."""
    async with shop.store.reading() as tx:
        orders, count = await tx.orders.page(user_id, max(0, page) * ORDERS_PAGE, ORDERS_PAGE)
    waiting = await waiting_of_many(shop, orders)
    return MyOrders(orders, max(0, page), count_pages(count, ORDERS_PAGE), waiting)


async def my_wallet(shop: Shop, user_id: int, page: int) -> WalletReport:
    """Balance, escrow, payments under review, and a page of the movements, newest first."""
    async with shop.store.reading() as tx:
        lines, count = await tx.ledger.history(user_id, max(0, page) * _HISTORY, _HISTORY)
        return WalletReport(
            await tx.ledger.balance(wallet(user_id)),
            await tx.ledger.reserved(user_id),
            lines,
            max(0, page),
            count_pages(count, _HISTORY),
            await list_methods(tx, shop),
            await tx.payments.of_user(
                user_id, list(DECIDABLE_STATES), shop.clock.now() - _CHECKED_WITHIN, _CHECKED
            ),
        )
