"""What operators ask: figures of a time span, suppliers' balances, orders, payments and actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.domain.actions import LISTED_ACTIONS, OperatorAction
from bot.domain.catalogue import HeldValue
from bot.domain.ledger import escrow
from bot.domain.orders import Order
from bot.domain.paging import count_pages
from bot.domain.payments import Payment
from bot.domain.periods import Span, midnight, since
from bot.domain.records import PauseReason, SupplierAccount
from bot.domain.statistics import Stats
from bot.domain.supplier import Rate
from bot.services.items import Item, ItemKind
from bot.services.messaging.item_runs import failing_items
from bot.services.operations.failing import failing_sweeps
from bot.services.selling.balance import check_balance
from bot.services.selling.hand_pauses import PauseView, title_of
from bot.services.shop import Shop
from storage.transaction import Transaction

_WEEK = timedelta(days=7)
_SHOWN = 10  # orders or payments in a report
_BANNED = 5  # payments of banned customers that are named
_HELD = 5  # values with a button each
_ACTIONS = 8  # on one page


@dataclass(frozen=True, slots=True)
class BalanceReport:
    account: SupplierAccount
    fresh: bool  # False: the supplier did not answer, the balance is the last one known
    reserved_minor: int  # what paid orders that are not bought yet will cost
    per_day_minor: int  # spent in a day, on average of the last week
    days_left: float | None
    paused: bool  # by the audit
    rate: Rate | None  # where the supplier counts in another currency


@dataclass(frozen=True, slots=True)
class AttentionReport:
    orders: Sequence[Order]  # the oldest of them
    count: int
    quarantine: int
    paused: bool
    payments: int = 0  # payments that wait for a decision
    cases: int = 0  # open support cases
    failing: Sequence[tuple[Item, str]] = ()  # items of sweeps, the oldest first: item, last error
    sweeps: Sequence[str] = ()  # that fail as a whole
    closed: Sequence[SupplierAccount] = ()  # suppliers paused for their balance or our key
    paid_though_banned: Sequence[tuple[int, int]] = ()  # the oldest: payment, customer
    count_banned: int = 0
    pauses: Sequence[PauseView] = ()  # by hand
    orders_of_codes: Mapping[Item, int] = field(default_factory=dict)  # that cannot be hidden
    held: Sequence[HeldValue] = ()  # values that a doubtful cost keeps off the shelf
    count_held: int = 0

    @property
    def is_needed(self) -> bool:
        """Whether anything waits for an operator."""
        waiting = (self.count, self.quarantine, self.paused, self.payments, self.cases)
        return any(
            (
                *(*waiting, self.failing, self.sweeps, self.closed, self.count_banned),
                *(self.pauses, self.count_held),
            )
        )


@dataclass(frozen=True, slots=True)
class OrderReport:
    order: Order
    held_minor: int
    codes: int
    lost: int = 0  # of the codes: their key was given up


async def report_stats(shop: Shop, span: Span) -> Stats:
    """Figures of a time span; suppliers without orders are listed with zeros."""
    return await _report(shop, since(span, shop.clock.now(), shop.policy.time_zone), None)


async def report_day(shop: Shop, day: date) -> Stats:
    """Figures of a day of TIME_ZONE that is over, as `report_stats` has them of today."""
    zone = shop.policy.time_zone
    return await _report(shop, midnight(day, zone), midnight(day + timedelta(days=1), zone))


async def _report(shop: Shop, begun: datetime | None, ended: datetime | None) -> Stats:
    async with shop.store.reading(long=True) as tx:
        stats = await tx.statistics.stats(begun, ended)
    return replace(stats, suppliers={**dict.fromkeys(shop.suppliers, (0, 0)), **stats.suppliers})


async def report_balances(shop: Shop) -> list[BalanceReport]:
    """The balance at each supplier, read now; where it does not answer, the last one known."""
    with_balance = [name for name, one in shop.suppliers.items() if one.policy.has_account]
    return [await _report_balance(shop, name) for name in with_balance]


async def _report_balance(shop: Shop, supplier: str) -> BalanceReport:
    fresh = await check_balance(shop, supplier, force=True) is not None
    async with shop.store.reading() as tx:
        return await last_balance(tx, shop, supplier, fresh=fresh)


async def last_balance(
    tx: Transaction, shop: Shop, supplier: str, *, fresh: bool = False
) -> BalanceReport:
    """The last balance that is known, and for how long it lasts; the supplier is not asked."""
    now = shop.clock.now()
    account = await tx.suppliers.account(supplier)
    reserved = await tx.statistics.reserved_cost_minor(supplier)
    spent = await tx.statistics.spent_minor(supplier, now - _WEEK)
    first = await tx.statistics.first_sale_at(supplier)
    paused = await _is_paused_by_audit(tx)
    days = min(7.0, max(1.0, (now - first).total_seconds() / 86400)) if first else 7.0
    per_day = round(spent / days)
    balance = account.balance_minor
    left = (balance - reserved) / per_day if per_day and balance is not None else None
    days_left = max(0.0, left) if left is not None else None
    rate = shop.suppliers[supplier].rate
    return BalanceReport(account, fresh, reserved, per_day, days_left, paused, rate)


async def _is_paused_by_audit(tx: Transaction) -> bool:
    return any(pause.reason is PauseReason.AUDIT for pause in await tx.pauses.open())


async def report_attention(shop: Shop) -> AttentionReport:
    """Everything that waits for an operator."""
    failing, sweeps = await failing_items(shop), sorted(await failing_sweeps(shop))
    async with shop.store.reading() as tx:
        orders, count = await tx.orders.needing_attention(_SHOWN)
        known = await tx.suppliers.accounts()
        accounts = [known[one] for one in shop.suppliers if one in known]
        held, count_held = await tx.catalogue.held_values(_HELD)
        banned, count_banned = await tx.customer_pages.paid_though_banned(_BANNED)
        return AttentionReport(
            orders,
            count,
            await tx.inbox.count_quarantined(),
            await _is_paused_by_audit(tx),
            (await tx.payments.to_decide(1))[1],
            await tx.cases.count_waiting(),
            failing,
            sweeps,
            [one for one in accounts if one.paused_for_balance or one.paused_for_access],
            banned,
            count_banned,
            [
                PauseView(pause, title_of(shop, pause))
                for pause in await tx.pauses.open()
                if pause.reason is not PauseReason.AUDIT
            ],
            await _orders_of_codes(tx, [item for item, _ in failing[:_SHOWN]]),
            held,
            count_held,
        )


async def _orders_of_codes(tx: Transaction, failing: Sequence[Item]) -> dict[Item, int]:
    """Whose codes can still be read: the order of each message that fails to be hidden."""
    found = [
        (item, await tx.codes.visible_message(int(item.id)))
        for item in failing
        if item.kind is ItemKind.HIDE
    ]
    return {item: message.order_id for item, message in found if message is not None}


async def report_order(shop: Shop, order_id: int) -> OrderReport:
    """For operators: an order without its codes. Raises NotFound."""
    return await shop.store.write(_report_order, order_id)


async def _report_order(tx: Transaction, order_id: int) -> OrderReport:
    order = await tx.orders.locked(order_id)
    codes = await tx.codes.of_order(order_id, order.user_id)
    lost = await tx.keys.lost_codes(order_id)
    return OrderReport(order, await tx.ledger.balance(escrow(order_id)), len(codes), len(lost))


async def report_actions(shop: Shop, page: int) -> tuple[Sequence[OperatorAction], int, int]:
    """What operators did: a page, newest first, its number, and how many pages."""
    async with shop.store.reading() as tx:
        actions, count = await tx.operators.actions(
            LISTED_ACTIONS, max(0, page) * _ACTIONS, _ACTIONS
        )
    return actions, max(0, page), count_pages(count, _ACTIONS)


async def report_payments(shop: Shop) -> tuple[Sequence[Payment], int, Sequence[Payment]]:
    """Payments that an operator has to decide, how many there are, and the newest payments."""
    async with shop.store.reading() as tx:
        waiting, count = await tx.payments.to_decide(_SHOWN)
        return waiting, count, await tx.payments.newest(_SHOWN)


async def report_fee(shop: Shop, payment_id: int) -> int:
    """Minor units that the provider kept of a payment, where it said so; else 0."""
    async with shop.store.reading() as tx:
        return await tx.ledger.fee(payment_id)


async def report_payment(shop: Shop, payment_id: int) -> Payment:
    """For operators. Raises NotFound."""
    async with shop.store.reading() as tx:
        return await tx.payments.locked(payment_id)
