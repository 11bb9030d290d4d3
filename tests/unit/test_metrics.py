"""What the shop's parts report is counted by names from short lists, whatever comes from outside."""

import httpx
import pytest

from bot.domain.jobs import Wakes
from bot.meter import NO_METER, Meter
from bot.monitoring.metrics import Metrics
from bot.suppliers.call_names import operation_of, outcome_of


def total(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_each_report_is_counted():
    metrics = Metrics(["starship"])
    meter: Meter = metrics

    meter.update_handled("press", "handled", 0.02)
    meter.supplier_called("starship", "buy", "ok", 0.3)
    meter.telegram_called("send", "429", 0.1)
    meter.telegram_called("poll", "200", 25.0)
    meter.sweep_begun("place", 0.004)
    meter.sweep_ended("place", failed=False)
    meter.sweep_ended("place", failed=True)

    assert total(metrics, "hanout_updates_total", kind="press", outcome="handled") == 1
    assert total(metrics, "hanout_update_handling_seconds_sum", kind="press") == 0.02
    buying = {"supplier": "starship", "operation": "buy", "outcome": "ok"}
    assert total(metrics, "hanout_supplier_calls_total", **buying) == 1
    assert total(metrics, "hanout_telegram_answers_total", group="send", code="429") == 1
    assert total(metrics, "hanout_telegram_answers_total", group="poll", code="200") == 1
    assert total(metrics, "hanout_telegram_call_seconds_count", group="poll") is None
    assert total(metrics, "hanout_sweep_lag_seconds_count", sweep="place") == 1
    assert total(metrics, "hanout_sweep_runs_total", sweep="place", outcome="failed") == 1


def test_ended_orders_are_counted_after_their_commit():
    metrics, wakes = Metrics(["starship"]), Wakes()
    assert not wakes
    wakes.ended.append(("starship", "refunded"))

    assert wakes  # a transaction that only ended an order is told too
    metrics.count_ended(wakes)

    assert total(metrics, "hanout_orders_ended_total", supplier="starship", outcome="refunded") == 1


def test_two_shops_in_one_process_count_apart():
    first, second = Metrics(["starship"]), Metrics(["starship"])
    first.order_ended("starship", "fulfilled")

    ended = {"supplier": "starship", "outcome": "fulfilled"}
    assert total(first, "hanout_orders_ended_total", **ended) == 1
    assert total(second, "hanout_orders_ended_total", **ended) == 0


def test_where_nobody_watches_reports_go_nowhere():
    NO_METER.update_handled("press", "handled", 0.1)
    NO_METER.supplier_called("starship", "buy", "ok", 0.1)
    NO_METER.telegram_called("send", "200", 0.1)
    NO_METER.sweep_begun("place", 0.1)
    NO_METER.sweep_ended("place", failed=True)
    NO_METER.order_ended("starship", "fulfilled")


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/v3/gift-cards/checkProduct/6901616f", "product"),
        ("GET", "/v3/gift-cards/checkOrder/list-of-mine", "order"),
        ("POST", "/v3/gift-cards/placeOrder", "buy"),
        ("POST", "/api/v1/orders", "buy"),
        ("GET", "/api/v1/orders/123", "orders"),
        ("POST", "/api/v1/products/9/charges", "price"),
        ("GET", "/api/v1/wallets?page=2", "balance"),
        ("GET", "/v9/whatever/new", "other"),
    ],
)
def test_an_operation_has_one_of_a_few_names(method, path, name):
    assert operation_of(method, path) == name


@pytest.mark.parametrize(
    ("status", "readable", "name"),
    [
        (200, True, "ok"),
        (200, False, "unreadable"),
        (404, True, "refused"),
        (404, False, "unreadable"),
        (401, True, "denied"),
        (403, False, "denied"),
        (429, True, "limited"),
        (502, False, "failed"),
    ],
)
def test_an_answer_has_one_of_a_few_outcomes(status, readable, name):
    assert outcome_of(httpx.Response(status), readable=readable) == name
