"""The sweeps, the shop's background work: what each one does, and when it has work.

A sweep sleeps until its earliest row is due, or until a transaction wakes its job. Sweeps are
idempotent: after a run that was missed, repeated or interrupted, the next finds the same rows.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.jobs import Job
from bot.domain.orders import OrderState
from bot.domain.payments import UNPAID_STATES, PaymentState
from bot.services.catalogue.price_watch import PriceWatch
from bot.services.catalogue.refresh import catalogue_due, refresh_catalogue
from bot.services.codes.reminders import send_expiry_reminders
from bot.services.codes.reveal import hide_due_messages
from bot.services.codes.sent import record_due, record_sent_codes
from bot.services.messaging.alert_messages import alerts_due, tell_alerts
from bot.services.news.sending import news_due, send_news
from bot.services.operations.clock import ClockWatch
from bot.services.operations.closing import closing_due, tell_closing
from bot.services.operations.gone_items import forget_gone_items
from bot.services.operations.nightly import nightly_due, run_nightly
from bot.services.operations.purge import purge_old
from bot.services.operations.watch import SilenceWatch, watch_due, watch_waiting_orders
from bot.services.operations.watches import tell_what_is_back, watches_due
from bot.services.orders.place import placing_due, recover_interrupted
from bot.services.orders.poll import poll_due_orders
from bot.services.orders.reconcile import reconcile_due, reconcile_lost_orders
from bot.services.payments.provider_checks import check_due_payments
from bot.services.payments.refunds import refund_due_payments
from bot.services.selling.access import access_due, renew_access
from bot.services.selling.balance import balance_due, check_balance
from bot.services.selling.pauses import end_due_pauses
from bot.services.shop import Shop
from bot.services.stock.watch import StockWatch
from bot.services.wallet.unpaid_orders import end_unpaid_orders, pay_affordable_orders
from storage.transaction import Transaction

NextDue = Callable[[Transaction], Awaitable[datetime | None]]

_ANSWER_MARGIN: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Sweep:
    """One kind of background work.

    `next_due` reads when its earliest row is due; None: it runs at its interval only.
    `pause_seconds` is the least time between two runs without a wake-up, so that rows which stay
    due cost little.
    """

    name: str
    job: Job
    work: Callable[[], Awaitable[object]]
    next_due: NextDue | None = None
    pause_seconds: float = 1.0
    interval_seconds: float | None = None
    supplier: str | None = None  # that it is about; None: it is about none alone


def build_sweeps(
    shop: Shop,
    place: Callable[[], Awaitable[object]],
    send: Callable[[], Awaitable[object]],
    answer_within: timedelta,
) -> tuple[Sweep, ...]:
    """All sweeps of a shop.

    `place` starts purchases and `send` messages; every call of a supplier ends within `answer_within`.
    """
    interrupted_after = 2 * answer_within + _ANSWER_MARGIN
    return (
        *_order_sweeps(shop, place, interrupted_after),
        *_payment_sweeps(shop),
        *_message_sweeps(shop, send),
        *_periodic_sweeps(shop),
        *(sweep for name in shop.suppliers for sweep in _supplier_sweeps(shop, name)),
    )


def _order_sweeps(
    shop: Shop, place: Callable[[], Awaitable[object]], interrupted_after: timedelta
) -> tuple[Sweep, ...]:
    async def unpaid() -> None:
        await pay_affordable_orders(shop)
        await end_unpaid_orders(shop)

    async def interrupted_due(tx: Transaction) -> datetime | None:
        sent_at = await tx.orders.earliest_sent(OrderState.PLACING)
        return sent_at and sent_at + interrupted_after

    return (
        Sweep("place", Job.PLACE, place, lambda tx: placing_due(tx, shop)),
        Sweep(
            "interrupted",
            Job.INTERRUPTED,
            lambda: recover_interrupted(shop, older_than=interrupted_after),
            interrupted_due,
            pause_seconds=30,
        ),
        Sweep(
            "unpaid",
            Job.UNPAID,
            unpaid,
            lambda tx: tx.orders.earliest_unpaid(),
            pause_seconds=10,
        ),
    )


def _payment_sweeps(shop: Shop) -> tuple[Sweep, ...]:
    return (
        Sweep(
            "payments",
            Job.PAYMENTS,
            lambda: check_due_payments(shop),
            lambda tx: tx.payments.earliest_due(UNPAID_STATES, shop.clock.now()),
            pause_seconds=3,
        ),
        Sweep(
            "payment refunds",
            Job.PAYMENT_REFUNDS,
            lambda: refund_due_payments(shop),
            lambda tx: tx.payments.earliest_due({PaymentState.RETURNING}, shop.clock.now()),
            pause_seconds=5,
        ),
    )


def _message_sweeps(shop: Shop, send: Callable[[], Awaitable[object]]) -> tuple[Sweep, ...]:
    return (
        Sweep("alerts", Job.ALERTS, lambda: tell_alerts(shop), lambda tx: alerts_due(tx, shop)),
        Sweep("outbox", Job.OUTBOX, send, lambda tx: tx.outbox.earliest_due(shop.clock.now())),
        Sweep(
            "record",
            Job.RECORD,
            lambda: record_sent_codes(shop),
            lambda tx: record_due(tx, shop),
        ),
        Sweep(
            "hide",
            Job.HIDE,
            lambda: hide_due_messages(shop),
            lambda tx: tx.codes.earliest_to_hide(),
            pause_seconds=10,
        ),
    )


def _periodic_sweeps(shop: Shop) -> tuple[Sweep, ...]:
    async def purge() -> None:
        await forget_gone_items(shop)
        await purge_old(shop)

    return (
        Sweep(
            "nightly",
            Job.NIGHTLY,
            lambda: run_nightly(shop),
            lambda tx: nightly_due(tx, shop),
            pause_seconds=30,
        ),
        Sweep(
            "closing",
            Job.CLOSING,
            lambda: tell_closing(shop),
            lambda tx: closing_due(tx, shop),
            pause_seconds=30,
        ),
        Sweep(
            "reminders", Job.REMINDERS, lambda: send_expiry_reminders(shop), interval_seconds=600
        ),
        Sweep(
            "watches",
            Job.WATCHES,
            lambda: tell_what_is_back(shop),
            lambda _tx: watches_due(shop),
            pause_seconds=60,
        ),
        Sweep(
            "pauses", Job.PAUSES, lambda: end_due_pauses(shop), lambda tx: tx.pauses.earliest_end()
        ),
        Sweep("prices", Job.PRICES, PriceWatch(shop).check, interval_seconds=30),
        Sweep(
            "news", Job.NEWS, lambda: send_news(shop), lambda _tx: news_due(shop), pause_seconds=0
        ),
        Sweep("clock", Job.CLOCK, ClockWatch(shop).check, interval_seconds=5),
        Sweep("purge", Job.PURGE, purge, interval_seconds=3600),
    )


def _supplier_sweeps(shop: Shop, name: str) -> tuple[Sweep, ...]:
    """Each supplier has sweeps of its own: one that hangs holds up no other."""
    silence = SilenceWatch(shop, name)
    sweeps = (
        Sweep(
            f"poll {name}",
            Job.POLL,
            lambda: poll_due_orders(shop, name),
            lambda tx: tx.orders.earliest_due(OrderState.HANDLING, shop.clock.now(), name),
        ),
        Sweep(
            f"reconcile {name}",
            Job.RECONCILE,
            lambda: reconcile_lost_orders(shop, name),
            lambda tx: reconcile_due(tx, shop, name),
        ),
        Sweep(f"silence {name}", Job.SILENCE, silence.check, interval_seconds=10),
        Sweep(
            f"watch {name}",
            Job.WATCH,
            lambda: watch_waiting_orders(shop, name),
            lambda tx: watch_due(tx, shop, name),
            pause_seconds=10,
        ),
        Sweep(
            f"access {name}",
            Job.ACCESS,
            lambda: renew_access(shop, name),
            lambda tx: access_due(tx, shop, name),
            pause_seconds=30,
        ),
        Sweep(
            f"catalogue {name}",
            Job.CATALOGUE,
            lambda: refresh_catalogue(shop, name),
            lambda tx: catalogue_due(tx, shop, name),
            pause_seconds=300,
        ),
    )
    more = (
        _balance_sweep(shop, name)
        if shop.suppliers[name].policy.has_account
        else _stock_sweep(shop)
    )
    return tuple(replace(sweep, supplier=name) for sweep in (*sweeps, more))


def _balance_sweep(shop: Shop, name: str) -> Sweep:
    return Sweep(
        f"balance {name}",
        Job.BALANCE,
        lambda: check_balance(shop, name),
        lambda tx: balance_due(tx, shop, name),
        pause_seconds=5,
    )


def _stock_sweep(shop: Shop) -> Sweep:
    """The own stock has no balance; what a command has loaded, or what ended, is seen by this."""
    return Sweep("stock", Job.STOCK, StockWatch(shop).check, interval_seconds=30)
