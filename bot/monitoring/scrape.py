"""What is read anew at each scrape: the storage, the suppliers' circuits, and the state of the process."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.domain.gauges import Gauges
from bot.domain.orders import OPEN_STATES
from bot.errors import HanoutError
from bot.monitoring.metrics import Metrics
from bot.monitoring.single_reading import SingleReading
from bot.status import Phase, Status
from bot.supplier_ports import Supplier
from bot.suppliers.api_client import ApiSupplier
from storage.store import Store

CONTENT_TYPE: Final = (
    "text/plain; version=0.0.4; charset=utf-8"  # every edition of Prometheus reads it
)
STORAGE_SECONDS: Final = 3.0
_log = logging.getLogger(__name__)


class Scrape:
    """Makes the text of `/metrics`. Where the storage fails, its figures are left out."""

    def __init__(
        self,
        metrics: Metrics,
        store: Store,
        suppliers: Mapping[str, Supplier],
        status: Status,
        now: Callable[[], datetime],
        poll_seconds: float,
    ) -> None:
        self._metrics, self._store, self._now = metrics, store, now
        self._reading = SingleReading(self._read, STORAGE_SECONDS)
        self._storage = StorageCollector(suppliers)
        of_status = StatusCollector(status, poll_seconds)
        for collector in (self._storage, SupplierCollector(suppliers), of_status):
            metrics.add(collector)

    async def text(self) -> bytes:
        """Answers within STORAGE_SECONDS, and what the counters take."""
        began = time.perf_counter()
        try:
            gauges = await self._reading.read()
        except (TimeoutError, HanoutError, OSError) as failure:
            _log.warning("metrics without the storage's figures: %s", type(failure).__name__)
            gauges = None
        self._storage.hold(gauges, time.perf_counter() - began)
        return generate_latest(self._metrics)

    async def _read(self) -> Gauges:
        async with self._store.reading() as tx:
            return await tx.gauges.read(self._now())

    async def close(self) -> None:
        await self._reading.close()


class StorageCollector(Collector):
    """Tells the gauges that were read for the present scrape."""

    def __init__(self, suppliers: Iterable[str]) -> None:
        self._suppliers = tuple(suppliers)
        self._gauges: Gauges | None = None
        self._seconds = 0.0

    def hold(self, gauges: Gauges | None, seconds: float) -> None:
        self._gauges, self._seconds = gauges, seconds

    def collect(self) -> Iterator[GaugeMetricFamily]:
        gauges = self._gauges
        readable = "Whether the storage could be read for this scrape."
        yield GaugeMetricFamily("hanout_storage_readable", readable, gauges is not None)
        took = "How long this scrape's reading of the storage took."
        yield GaugeMetricFamily("hanout_storage_reading_seconds", took, self._seconds)
        if gauges is not None:
            yield from _of_orders(gauges, self._suppliers)
            yield from _of_queues(gauges)
            yield from _of_money(gauges)


def _of_orders(gauges: Gauges, suppliers: Iterable[str]) -> Iterator[GaugeMetricFamily]:
    by_state = GaugeMetricFamily("hanout_orders", "Open orders.", labels=("supplier", "state"))
    none = {(supplier, str(state)): 0 for supplier in suppliers for state in OPEN_STATES}
    for labels, count in {**none, **gauges.orders}.items():
        by_state.add_metric(labels, count)
    yield by_state
    yield GaugeMetricFamily(
        "hanout_orders_for_operators",
        "Orders that an operator has to look at.",
        gauges.orders_for_operators,
    )


def _of_queues(gauges: Gauges) -> Iterator[GaugeMetricFamily]:
    rows = GaugeMetricFamily("hanout_queue_rows", "Rows that wait for the shop.", labels=("queue",))
    oldest = GaugeMetricFamily(
        "hanout_queue_oldest_seconds", "Age of the oldest row that waits.", labels=("queue",)
    )
    for queue, waiting in gauges.queues.items():
        rows.add_metric((queue,), waiting.count)
        oldest.add_metric((queue,), waiting.oldest_seconds)
    yield from (rows, oldest)
    yield GaugeMetricFamily(
        "hanout_updates_quarantined",
        "Updates that wait for an operator.",
        gauges.quarantined_updates,
    )
    yield GaugeMetricFamily(
        "hanout_alerts_open", "Alerts to operators that are open.", gauges.open_alerts
    )


def _of_money(gauges: Gauges) -> Iterator[GaugeMetricFamily]:
    """Prometheus has floats: they are exact up to 2⁵³ minor units."""
    yield GaugeMetricFamily(
        "hanout_wallets_minor", "All customers' wallets, in minor units.", gauges.wallets_minor
    )
    yield GaugeMetricFamily(
        "hanout_escrow_minor", "Reserved for open orders, in minor units.", gauges.escrow_minor
    )
    balances = GaugeMetricFamily(
        "hanout_supplier_balance_minor",
        "Our balance at a supplier when it was last asked, in minor units.",
        labels=("supplier",),
    )
    for supplier, balance in gauges.balances_minor.items():
        balances.add_metric((supplier,), balance)
    yield balances


class SupplierCollector(Collector):
    def __init__(self, suppliers: Mapping[str, Supplier]) -> None:
        self._suppliers = suppliers

    def collect(self) -> Iterator[GaugeMetricFamily]:
        circuit = GaugeMetricFamily(
            "hanout_supplier_circuit_open",
            "Whether no calls are made since the supplier refused our key.",
            labels=("supplier",),
        )
        left = GaugeMetricFamily(
            "hanout_supplier_calls_left",
            "How many calls the rate limit lets through at once.",
            labels=("supplier",),
        )
        for name, supplier in self._suppliers.items():
            circuit.add_metric((name,), supplier.refusal is not None)
            if isinstance(supplier, ApiSupplier):
                left.add_metric((name,), supplier.calls_left)
        yield from (circuit, left)


class StatusCollector(Collector):
    def __init__(self, status: Status, poll_seconds: float) -> None:
        self._status, self._poll_seconds = status, poll_seconds

    def collect(self) -> Iterator[GaugeMetricFamily]:
        phases = GaugeMetricFamily(
            "hanout_phase", "1 for the phase that the process is in.", labels=("phase",)
        )
        for phase in Phase:
            phases.add_metric((phase,), phase is self._status.phase)
        yield phases
        yield GaugeMetricFamily(
            "hanout_last_poll_limit_seconds",
            "How old the last poll of a leader that is ready may be.",
            self._poll_seconds,
        )
        if self._status.last_poll is not None:
            yield GaugeMetricFamily(
                "hanout_last_poll_age_seconds",
                "Since Telegram last answered a poll, or told of the webhook.",
                time.monotonic() - self._status.last_poll,
            )
