"""What Prometheus is told: counters that the shop's parts report to, in a registry of their own."""

import platform
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from typing import Final, Generic, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.domain.jobs import Wakes
from bot.domain.orders import FINAL_STATES

# Seconds, as Telegram's and a customer's patience divide them.
_HANDLING_BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)
_CALL_BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 90.0)
_LAG_BUCKETS: Final = (0.01, 0.05, 0.25, 1.0, 5.0, 15.0, 60.0, 300.0)
M = TypeVar("M", Counter, Histogram)
_UNTIMED: Final = "poll"  # a long poll takes as long as it is allowed to


class _Children(Generic[M]):
    """The parts of a metric by their labels: the library takes longer to find one than to count."""

    def __init__(self, metric: M) -> None:
        self._metric: M = metric
        self._found: dict[tuple[str, ...], M] = {}

    def __call__(self, *labels: str) -> M:
        found = self._found.get(labels)
        if found is None:
            found = self._found[labels] = self._metric.labels(*labels)
        return found


class _Registry(CollectorRegistry):
    """Makes the metrics that it holds."""

    def counted(self, name: str, meaning: str, *labels: str) -> _Children[Counter]:
        return _Children(Counter(name, meaning, labels, registry=self))

    def timed(
        self, name: str, meaning: str, label: str, buckets: Sequence[float]
    ) -> _Children[Histogram]:
        """A histogram of seconds."""
        return _Children(Histogram(name, meaning, (label,), buckets=buckets, registry=self))


class Metrics:
    """Implements the port Meter. Everything it counts is of this process, from its start."""

    def __init__(self, suppliers: Iterable[str]) -> None:
        registry = self.registry = _Registry(auto_describe=False)
        ProcessCollector(registry=registry)
        build = Gauge(
            "hanout_build_info", "The running version.", ("version", "python"), registry=registry
        )
        build.labels(version("hanout"), platform.python_version()).set(1)
        self._of_updates(registry)
        self._of_calls(registry)
        self._of_work(registry)
        # A counter that appears with its first event has no increase to show for it.
        for supplier in suppliers:
            for state in FINAL_STATES:
                self._ended(supplier, str(state))

    def _of_updates(self, registry: _Registry) -> None:
        self._updates = registry.counted(
            "hanout_updates",
            "Updates of Telegram that were handled, by kind and by what became of them.",
            "kind",
            "outcome",
        )
        self._handling = registry.timed(
            "hanout_update_handling_seconds",
            "From an update's coming out of the queue to its end, with all that it waited for.",
            "kind",
            _HANDLING_BUCKETS,
        )

    def _of_calls(self, registry: _Registry) -> None:
        self._supplier_calls = registry.counted(
            "hanout_supplier_calls", "Requests to suppliers.", "supplier", "operation", "outcome"
        )
        self._supplier_seconds = registry.timed(
            "hanout_supplier_call_seconds",
            "How long requests to suppliers took, answered or not.",
            "supplier",
            _CALL_BUCKETS,
        )
        self._telegram_calls = registry.counted(
            "hanout_telegram_answers",
            "Answers of Telegram by group of methods and HTTP status; none: no answer came, "
            "foreign: somebody else's page.",
            "group",
            "code",
        )
        self._telegram_seconds = registry.timed(
            "hanout_telegram_call_seconds",
            "How long requests to Telegram took, polls left out.",
            "group",
            _CALL_BUCKETS,
        )

    def _of_work(self, registry: _Registry) -> None:
        self._sweep_lag = registry.timed(
            "hanout_sweep_lag_seconds",
            "From when a run of a background job was due to its beginning.",
            "sweep",
            _LAG_BUCKETS,
        )
        self._sweep_runs = registry.counted(
            "hanout_sweep_runs", "Runs of background jobs that have ended.", "sweep", "outcome"
        )
        self._ended = registry.counted(
            "hanout_orders_ended",
            "Orders that have reached their final state.",
            "supplier",
            "outcome",
        )

    def add(self, collector: Collector) -> None:
        """Have this collector asked at each scrape too."""
        self.registry.register(collector)

    def collect(self) -> Iterator[Metric]:
        """All metrics, without the times at which counters were made: nobody asks for those."""
        for metric in self.registry.collect():
            metric.samples = [s for s in metric.samples if not s.name.endswith("_created")]
            yield metric

    def update_handled(self, kind: str, outcome: str, seconds: float) -> None:
        self._updates(kind, outcome).inc()
        self._handling(kind).observe(seconds)

    def supplier_called(self, supplier: str, operation: str, outcome: str, seconds: float) -> None:
        self._supplier_calls(supplier, operation, outcome).inc()
        self._supplier_seconds(supplier).observe(seconds)

    def telegram_called(self, group: str, code: str, seconds: float) -> None:
        self._telegram_calls(group, code).inc()
        if group != _UNTIMED:
            self._telegram_seconds(group).observe(seconds)

    def sweep_begun(self, sweep: str, lag_seconds: float) -> None:
        self._sweep_lag(sweep).observe(lag_seconds)

    def sweep_ended(self, sweep: str, *, failed: bool) -> None:
        self._sweep_runs(sweep, "failed" if failed else "ok").inc()

    def order_ended(self, supplier: str, outcome: str) -> None:
        self._ended(supplier, outcome).inc()

    def count_ended(self, wakes: Wakes) -> None:
        """A listener of the store: count the orders that a committed transaction ended."""
        for supplier, state in wakes.ended:
            self.order_ended(supplier, str(state))
