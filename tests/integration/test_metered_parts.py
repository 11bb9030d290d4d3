"""The shop's parts report what happens: presses, calls of suppliers and of Telegram, runs of sweeps."""

import asyncio
import logging
from datetime import timedelta

import httpx
import pytest

from bot.agenda import Agenda
from bot.domain.jobs import Job, Wakes
from bot.domain.orders import OrderState
from bot.errors import OutcomeUnknown, RequestRefused, SupplierUnavailable, TryLater
from bot.jobs import Jobs
from bot.log import RedactedFormatter, Redactor
from bot.services.items import Item, ItemKind
from bot.services.messaging.item_runs import attempt_item, run_items
from bot.suppliers.api_client import ApiClient
from bot.suppliers.throttle import Throttle
from bot.sweeps import Sweep, build_sweeps
from handlers.bot import ShopBot
from handlers.request import TelegramRequest
from tests.bot_harness import LINA, BotHarness
from tests.fakes import CountingMeter, HarnessClock
from tests.harness import ShopHarness


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    yield made
    await made.close()


async def test_a_purchase_is_reported_press_by_press(shop: BotHarness):
    lina = shop.person(LINA)
    await lina.say("/start")
    await shop.pump()
    await shop.credit(LINA, 50_000)
    shop.meter.updates.clear()
    shop.meter.telegram_calls.clear()

    await shop.press_to_buy(lina)

    assert shop.meter.updates == [("command", "handled")] + [("press", "handled")] * 5
    assert {("answer", "200"), ("edit", "200"), ("poll", "200")} <= set(shop.meter.telegram_calls)


async def test_a_press_that_is_refused_is_reported_so(shop: BotHarness):
    lina = shop.person(LINA)
    await lina.say("/start")
    await shop.pump()
    shop.meter.updates.clear()

    await shop.press(lina, "buy:999999")

    assert shop.meter.updates[-1] == ("press", "refused")


@pytest.mark.parametrize(
    ("method", "status", "body", "reported"),
    [
        ("sendMessage", 200, b'{"ok": true, "result": 1}', ("send", "200")),
        ("copyMessage", 403, b'{"ok": false, "description": "Forbidden"}', ("send", "403")),
        ("editMessageText", 429, b'{"ok": false, "description": "slow"}', ("edit", "429")),
        ("answerCallbackQuery", 502, b"<html>", ("answer", "foreign")),
        ("deleteMessages", 299, b'{"ok": true, "result": 1}', ("delete", "other")),
        ("getMe", 500, b'{"ok": false, "description": "x"}', ("other", "500")),
    ],
)
async def test_an_answer_of_telegram_is_reported_by_group_and_status(
    method, status, body, reported
):
    meter = CountingMeter()
    transport = httpx.MockTransport(lambda _request: httpx.Response(status, content=body))
    async with TelegramRequest(httpx_kwargs={"transport": transport}, meter=meter) as request:
        await asyncio.gather(
            request.post(f"http://telegram/bot1:canary/{method}"), return_exceptions=True
        )

    assert meter.telegram_calls == [reported]


async def test_a_call_that_telegram_does_not_answer_is_reported():
    def fail(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("x")

    meter, kwargs = CountingMeter(), {"transport": httpx.MockTransport(fail)}
    async with TelegramRequest(httpx_kwargs=kwargs, meter=meter) as request:
        bot = ShopBot("1:t", request=request, get_updates_request=request)
        with pytest.raises(Exception, match="ConnectError"):
            await bot.fetch_updates(None, limit=1, seconds=0)

    assert meter.telegram_calls == [("poll", "none")]


def client_of(answer, meter: CountingMeter) -> ApiClient:
    clock = HarnessClock()
    return ApiClient(
        name="starship",
        base_url="http://s",
        headers={},
        clock=clock,
        throttle=Throttle.per_minute(clock, 100),
        timeout_seconds=1,
        transport=httpx.MockTransport(answer),
        meter=meter,
    )


@pytest.mark.parametrize(
    ("error", "buying", "raised", "outcome"),
    [
        (httpx.ConnectError("x"), True, TryLater, "unsent"),
        (httpx.ReadTimeout("x"), True, OutcomeUnknown, "no_answer"),
        (httpx.ReadTimeout("x"), False, SupplierUnavailable, "no_answer"),
        (httpx.InvalidURL("x"), False, RequestRefused, "unsent"),
    ],
)
async def test_a_call_without_an_answer_of_a_supplier_is_reported(error, buying, raised, outcome):
    def fail(_request: httpx.Request) -> httpx.Response:
        raise error

    meter = CountingMeter()
    client = client_of(fail, meter)

    with pytest.raises(raised):
        await client.send("POST" if buying else "GET", "orders", buying=buying)

    assert meter.supplier_calls == [("starship", "buy" if buying else "orders", outcome)]


async def test_an_answer_of_a_supplier_is_reported_when_it_was_read():
    meter = CountingMeter()
    client = client_of(lambda _request: httpx.Response(200, json={}), meter)

    response = await client.send("GET", "wallets")
    client.record_response(response, readable=False)

    assert meter.supplier_calls == [("starship", "balance", "unreadable")]


async def test_what_a_throttle_has_left_shrinks_with_each_call_and_takes_none():
    clock = HarnessClock()
    throttle = Throttle.per_minute(clock, 100)

    assert throttle.left() == throttle.left() == 10
    await throttle.acquire(0)  # type: ignore[arg-type]
    assert throttle.left() == 9
    throttle.block(5)
    assert throttle.left() == 0


async def nothing() -> None: ...


def agenda_of(harness: ShopHarness) -> tuple[Agenda, Sweep]:
    sweep = Sweep("outbox", Job.OUTBOX, nothing)
    return Agenda(harness.shop, [sweep]), sweep


def wakes_at(due_at=None) -> Wakes:
    wakes = Wakes()
    wakes.add(Job.OUTBOX, *([due_at] if due_at else []))
    return wakes


async def test_the_lag_of_a_sweep_counts_from_when_it_was_woken(harness: ShopHarness):
    agenda, sweep = agenda_of(harness)
    assert agenda.lag_seconds(sweep) == 0  # the run at the start waits for nothing
    agenda.begin(sweep)
    assert agenda.lag_seconds(sweep) == 0
    agenda.wake(wakes_at())
    harness.clock.pass_time(3)
    agenda.wake(wakes_at())

    assert agenda.lag_seconds(sweep) == 3
    agenda.begin(sweep)
    assert agenda.lag_seconds(sweep) == 0


async def test_the_lag_of_a_sweep_counts_from_when_its_row_was_due(harness: ShopHarness):
    agenda, sweep = agenda_of(harness)
    agenda.begin(sweep)
    agenda.wake(wakes_at(harness.clock.now() + timedelta(seconds=10)))
    assert agenda.lag_seconds(sweep) == 0  # it is not due yet
    harness.clock.pass_time(12)

    assert agenda.lag_seconds(sweep) == 2


async def test_runs_of_sweeps_are_reported_with_their_lag(harness: ShopHarness, monkeypatch):
    async def fail() -> None:
        raise ValueError("x")

    sweeps = (
        Sweep("good", Job.HIDE, nothing, pause_seconds=60),
        Sweep("bad", Job.PURGE, fail, pause_seconds=60),
    )
    monkeypatch.setattr("bot.jobs.build_sweeps", lambda *_args: sweeps)
    meter = CountingMeter()
    jobs = Jobs(harness.shop, timedelta(seconds=1), meter)

    for sweep in sweeps:
        await jobs._run(sweep)

    assert meter.runs == [("good", False), ("bad", True)]
    assert meter.lags == [("good", 0.0), ("bad", 0.0)]


async def test_an_order_that_ends_is_told_to_listeners_with_its_supplier(harness: ShopHarness):
    ended: list[tuple[str, str]] = []
    harness.store.subscribe(lambda wakes: ended.extend(wakes.ended))
    await harness.customer(1)
    await harness.buy(1)

    await harness.run(30)

    assert ended == [("oneclickdz", OrderState.FULFILLED)]


@pytest.fixture
def shown(monkeypatch):
    """Lines as the shop's log shows them, written where they are logged."""
    lines: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(RedactedFormatter(Redactor(), as_json=False).format(record))

    handler = Handler()
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


async def test_a_failing_item_names_its_order_and_its_supplier(harness: ShopHarness, shown):
    async def fail(_order: int) -> None:
        raise ValueError("x")

    async def work() -> None:
        await run_items(harness.shop, ItemKind.POLL, [12], fail)

    sweeps = build_sweeps(harness.shop, nothing, nothing, timedelta(seconds=1))
    poll = next(sweep for sweep in sweeps if sweep.job is Job.POLL)
    jobs = Jobs(harness.shop, timedelta(seconds=1))
    harness.shop.items.report = logging.getLogger("x").error
    await jobs._run(Sweep("poll", Job.POLL, work, pause_seconds=60, supplier=poll.supplier))

    assert shown[0].endswith("[supplier=oneclickdz order=12]")


async def test_an_item_that_is_no_order_names_none(harness: ShopHarness, shown):
    async def fail() -> None:
        raise ValueError("x")

    harness.shop.items.report = logging.getLogger("x").error
    await attempt_item(harness.shop, Item(ItemKind.PAYMENT, 3), fail)

    assert "payment 3 failed" in shown[0]
    assert "[" not in shown[0]


async def test_an_update_that_breaks_the_middleware_names_its_number(
    shop: BotHarness, shown, monkeypatch
):
    def fail(_update) -> None:
        raise ValueError("x")

    monkeypatch.setattr("handlers.middleware.chat_order.chat_key", fail)
    await shop.person(LINA).say("/start")
    number = shop.world.updates[-1]["update_id"]

    await shop.pump()

    assert f"breaks the middleware [update={number}]" in shown[0]
    assert shop.meter.updates[-1] == ("command", "quarantined")
