"""The day's closing: at CLOSING_AT, once a day, the figures of the day to whoever may see them.

In the afternoon or the evening that day is today, and before noon it is the one before.

That a day was told is stored in the transaction that queues its messages: a restart or another leader
never tells it twice. A shop that was down then tells it later on the same day, and no day after it.
"""

from datetime import date, datetime, time, timedelta
from typing import Final

from bot.domain.nights import night_begins
from bot.domain.outbox import OutboxKind
from bot.domain.periods import Span
from bot.domain.roles import Right
from bot.domain.statistics import Stats
from bot.services.operations.reports import (
    AttentionReport,
    BalanceReport,
    last_balance,
    report_attention,
    report_day,
    report_stats,
)
from bot.services.shop import Shop
from bot.services.standing import standing_of, who_may
from storage.transaction import Transaction

_NOON: Final = time(12)
_TOLD: Final = "closing"  # the name of its stamp
_EARNED: Final = frozenset({"cost", "profit", "losses", "days"})  # what PROFIT is needed for


def _today(shop: Shop) -> date:
    return shop.clock.now().astimezone(shop.policy.time_zone).date()


async def closing_due(tx: Transaction, shop: Shop) -> datetime | None:
    """When the next day is told: in the past where today's was missed; None where none is wanted."""
    at, zone, today = shop.policy.closing_at, shop.policy.time_zone, _today(shop)
    if at is None:
        return None
    told = await tx.runs.last(_TOLD)
    # Another day's stamp says nothing of today, also one from the future: the clock was set back.
    is_told = told is not None and told.astimezone(zone).date() == today
    return night_begins(today + timedelta(days=1) if is_told else today, at, zone)


async def tell_closing(shop: Shop) -> int:
    """Queue the day's figures where they are due; returns to how many people.

    A second call on the same day finds nothing due.
    """
    async with shop.store.reading() as tx:
        if not await _is_due(tx, shop):
            return 0
        balances = [
            await last_balance(tx, shop, name)
            for name, one in shop.suppliers.items()
            if one.policy.has_account
        ]
        held_minor = await tx.gauges.escrow_minor()
    day, stats = await _figures(shop)
    figures = {"date": day.isoformat(), "held": str(held_minor)} | _sold(stats)
    figures |= _waiting(await report_attention(shop)) | _left(balances)
    return await shop.store.write(_tell, shop, figures)


async def _figures(shop: Shop) -> tuple[date, Stats]:
    """The day that is told of, with its figures."""
    today, at = _today(shop), shop.policy.closing_at
    if at is not None and at < _NOON:
        day = today - timedelta(days=1)
        return day, await report_day(shop, day)
    return today, await report_stats(shop, Span.TODAY)


async def _is_due(tx: Transaction, shop: Shop) -> bool:
    due = await closing_due(tx, shop)
    return due is not None and due <= shop.clock.now()


async def _tell(tx: Transaction, shop: Shop, figures: dict[str, str]) -> int:
    if not await _is_due(tx, shop):
        return 0
    now, told = shop.clock.now(), await who_may(tx, shop, Right.STATS)
    for user_id in told:
        standing = await standing_of(tx, shop, user_id)
        sees_profit = standing is not None and Right.PROFIT in standing.rights
        data = figures if sees_profit else _without_profit(figures)
        key = f"closing:{figures['date']}:{user_id}"
        await tx.outbox.add(key, user_id, OutboxKind.CLOSING, now, data=data)
    await tx.runs.set_last(_TOLD, now)
    return len(told)


def _without_profit(figures: dict[str, str]) -> dict[str, str]:
    return {name: figure for name, figure in figures.items() if name not in _EARNED}


def _sold(stats: Stats) -> dict[str, str]:
    """The same figures as `/stats` has; amounts in minor units."""
    return {
        "orders": str(sum(stats.orders.values())),
        "codes": str(stats.codes),
        "waiting": str(stats.waiting),
        "sales": str(stats.sales_minor),
        "cost": str(stats.cost_minor),
        "profit": str(stats.profit_minor),
        "losses": str(stats.losses_minor),
        "returned": str(stats.returned_minor),
    }


def _waiting(report: AttentionReport) -> dict[str, str]:
    """What `/attention` lists, counted."""
    others = (
        report.quarantine,
        len(report.failing),
        len(report.sweeps),
        len(report.closed),
        len(report.pauses),
        report.count_banned,
        report.paused,
    )
    return {
        "attention": str(report.count),
        "payments": str(report.payments),
        "cases": str(report.cases),
        "others": str(sum(others)),
    }


def _left(balances: list[BalanceReport]) -> dict[str, str]:
    """For how many days the balance lasts at each supplier that is bought from."""
    return {
        "days": " ".join(
            f"{one.account.supplier}:{int(one.days_left)}"
            for one in balances
            if one.days_left is not None
        )
    }
