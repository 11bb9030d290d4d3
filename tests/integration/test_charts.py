"""Pictures of figures: what they show adds up to /stats, and who may see them gets them as a picture or as text."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.charts.draughtsman import ShortDraughtsman
from bot.domain.charts import Chart, ChartKind
from bot.domain.periods import Span, month_bounds
from bot.domain.roles import RIGHTS, Right, Role
from bot.errors import NoPicture
from bot.sandbox.telegram.world import text_of
from bot.services.operations.charts import report_chart
from bot.services.operations.reports import report_stats
from bot.short_processes import ShortProcesses
from handlers.charts import KEPT_SECONDS
from locales import words
from storage.tables import orders
from tests.bot_harness import PNG, BotHarness
from tests.harness import OPERATOR, ShopHarness

MANAGER, SUPPORT, LINA = 901, 902, 5


class Draughtsman:
    """Draws the same dot for everything, or fails."""

    def __init__(self) -> None:
        self.charts: list[Chart] = []
        self.is_there = True
        self.fails = False

    async def draw(self, chart: Chart) -> bytes:
        if self.fails:
            raise NoPicture("hung")
        self.charts.append(chart)
        return PNG


def tools(shop: BotHarness) -> Any:
    """The draughtsman of the fixture."""
    return shop.shop.draughtsman


async def sell(harness: ShopHarness, *quantities: int) -> None:
    for quantity in quantities:
        await harness.buy(1, quantity)
    await harness.run(15)


async def test_bars_values_and_hours_add_up_to_the_figures(harness: ShopHarness):
    await harness.customer(1, dinars=900_000)
    harness.book.next_outcomes = [1]  # one order is delivered in part
    await sell(harness, 2, 1)
    harness.clock.moment += timedelta(days=3, hours=14)
    await sell(harness, 3)
    await harness.buy(1, 1)  # and one is still open

    for span in Span:
        stats = await report_stats(harness.shop, span)
        found = {kind: await report_chart(harness.shop, kind, span) for kind in ChartKind}
        assert all(
            replace(it.stats, suppliers={}) == replace(stats, suppliers={}) for it in found.values()
        )
        sold = [it for _, it in found[ChartKind.SALES].bars]
        assert sum(it.sales_minor for it in sold) == stats.sales_minor > 0
        assert sum(it.profit_minor for it in sold) == stats.profit_minor
        assert sum(it.codes for it in sold) == stats.codes
        best = found[ChartKind.BEST].best
        assert sum(it.codes for it in best) == stats.codes
        assert sum(it.sales_minor for it in best) == stats.sales_minor
        hours = found[ChartKind.HOURS].hours
        assert sum(map(sum, hours)) == sum(stats.orders.values())
        assert not any(it.is_empty for it in found.values())


async def test_hours_are_those_of_the_shop_before_and_after_clocks_are_changed(harness):
    harness.set_policy(time_zone=ZoneInfo("Europe/Paris"))
    await harness.customer(1, dinars=900_000)
    order = await harness.buy(1)
    other = await harness.buy(1)
    moments = datetime(2026, 10, 24, 12, 30, tzinfo=UTC), datetime(2026, 10, 26, 12, 30, tzinfo=UTC)
    async with harness.store._writer.begin() as db:
        for it, at in zip((order, other), moments, strict=True):
            await db.execute(orders.update().where(orders.c.id == it.id).values(created_at=at))

    for span in (Span.ALL, Span.MONTH):
        found = await report_chart(harness.shop, ChartKind.HOURS, span)
        assert (
            found.hours[5][14] == found.hours[0][13] == 1
        )  # a Saturday in summer, a Monday in winter


async def test_the_span_before_is_compared(harness: ShopHarness):
    await harness.customer(1, dinars=900_000)
    await sell(harness, 2)
    harness.clock.moment += timedelta(days=1)
    await sell(harness, 1)

    today = await report_chart(harness.shop, ChartKind.SALES, Span.TODAY)
    ever = await report_chart(harness.shop, ChartKind.SALES, Span.ALL)

    assert today.previous is not None
    assert today.previous.sales_minor == 2 * today.stats.sales_minor
    assert today.previous.profit_minor == 2 * today.stats.profit_minor
    assert ever.previous is None


async def test_a_shop_without_sales_has_nothing_to_draw(harness: ShopHarness):
    for kind in ChartKind:
        for span in Span:
            assert (await report_chart(harness.shop, kind, span)).is_empty


@pytest.fixture
async def shop(chat_shop: BotHarness) -> BotHarness:
    await chat_shop.hire(MANAGER, Role.MANAGER)
    await chat_shop.hire(SUPPORT, Role.SUPPORT)
    chat_shop.shop.draughtsman = Draughtsman()
    for user_id in (MANAGER, SUPPORT, LINA, 1):
        await chat_shop.person(user_id).say("/start")
    await chat_shop.pump()
    await chat_shop.customer(1, dinars=90_000)
    await sell(chat_shop, 2)
    return chat_shop


async def press(shop: BotHarness, user_id: int, data: str):
    who = shop.person(user_id)
    query = await who.forge(data, who.inbox[-1])
    await shop.pump()
    return query, who.inbox[-1]


async def test_the_button_under_stats_sends_the_picture_with_its_figures(shop: BotHarness):
    boss = shop.person(OPERATOR)
    await boss.say("/stats")
    await shop.pump()

    await shop.press_newest(boss, "chart:sales:today")

    sent = boss.inbox[-1]
    assert sent["photo"]
    assert "profit" in sent["caption"]
    assert tools(shop).charts[0].title == "Sales and profit · Today"


async def test_a_picture_is_drawn_once_in_five_minutes_for_each_kind_span_and_language(shop):
    for data in ("chart:sales:today", "chart:sales:today", "chart:sales:7d", "chart:hours:7d"):
        _, sent = await press(shop, OPERATOR, data)
        assert sent["photo"]
    assert len(tools(shop).charts) == 3

    shop.clock.pass_time(KEPT_SECONDS + 1)
    await press(shop, OPERATOR, "chart:sales:today")
    assert len(tools(shop).charts) == 4


async def test_a_picture_of_today_is_drawn_again_after_midnight(shop: BotHarness):
    _, end = month_bounds(shop.clock.now().date(), shop.shop.policy.time_zone)
    shop.clock.moment = end - timedelta(minutes=1)
    await shop.buy(1)
    await shop.run(15)
    await press(shop, OPERATOR, "chart:hours:today")
    shop.clock.pass_time(100)
    _, sent = await press(shop, OPERATOR, "chart:hours:today")

    assert "Nothing to draw" in text_of(sent)


async def test_without_the_right_to_profit_there_is_none_in_picture_or_text(shop, monkeypatch):
    monkeypatch.setitem(RIGHTS, Role.MANAGER, RIGHTS[Role.MANAGER] - {Right.PROFIT})
    await press(shop, OPERATOR, "chart:sales:today")
    _, sent = await press(shop, MANAGER, "chart:sales:today")

    drawn = tools(shop).charts[-1]
    await shop.person(MANAGER).say("/stats")
    await shop.pump()
    figures = text_of(shop.person(MANAGER).inbox[-1])

    assert "Sales" in figures
    assert not any(it in figures for it in ("rofit", "ost"))
    assert "rofit" not in sent["caption"] + drawn.title + drawn.total + "".join(drawn.legend)
    assert {column.line for column in drawn.columns} == {None}


@pytest.mark.parametrize("user_id", [SUPPORT, LINA])
async def test_a_forged_press_for_a_picture_is_refused(shop: BotHarness, user_id):
    for data in ("chart:sales:today", "chart:best:all"):
        query, _ = await press(shop, user_id, data)
        assert query.answer["text"] == words("en").plain("refused-not-found")
    assert tools(shop).charts == []


@pytest.mark.parametrize("data", ["chart:pie:today", "chart:sales:year"])
async def test_a_picture_that_there_is_not_is_refused(shop: BotHarness, data):
    query, _ = await press(shop, OPERATOR, data)
    assert query.answer is not None
    assert tools(shop).charts == []


async def test_what_cannot_be_drawn_is_told_as_text(shop: BotHarness):
    draughtsman = tools(shop)
    draughtsman.fails = True
    _, failed = await press(shop, OPERATOR, "chart:sales:today")
    draughtsman.is_there = False
    _, missing = await press(shop, OPERATOR, "chart:best:today")
    shop.shop.draughtsman = None
    _, none = await press(shop, OPERATOR, "chart:hours:today")

    assert "couldn’t be drawn" in text_of(failed)
    assert "Sales 3,540\xa0DA" in text_of(failed)
    assert "hanout[charts]" in text_of(missing)
    assert "2 · 3,540\xa0DA" in text_of(missing)
    assert "hanout[charts]" in text_of(none)


async def test_nothing_is_drawn_of_nothing(chat_shop: BotHarness):
    chat_shop.shop.draughtsman = Draughtsman()

    _, sent = await press(chat_shop, OPERATOR, "chart:sales:today")

    assert "Nothing to draw" in text_of(sent)
    assert tools(chat_shop).charts == []


async def test_orders_of_which_nothing_is_sold_yet_are_not_denied(chat_shop: BotHarness):
    chat_shop.shop.draughtsman = Draughtsman()
    await chat_shop.customer(1, dinars=90_000)
    await chat_shop.buy(1)

    for kind in (ChartKind.SALES, ChartKind.BEST):
        _, sent = await press(chat_shop, OPERATOR, f"chart:{kind}:today")
        assert "nothing was sold" in text_of(sent)
    _, sent = await press(chat_shop, OPERATOR, "chart:outcomes:today")
    assert "Nothing to draw" not in text_of(sent)


async def test_every_kind_is_drawn_by_the_renderer_itself(shop: BotHarness):
    """The real renderer, for what the shop itself asks it to draw."""
    real = ShortDraughtsman(ShortProcesses())
    await press(shop, OPERATOR, "chart:sales:today")
    for kind in ChartKind:
        await press(shop, OPERATOR, f"chart:{kind}:7d")

    for chart in tools(shop).charts:
        png = await real.draw(chart)
        assert png.startswith(b"\x89PNG")
        assert (png[16:20], png[20:24]) == ((1080).to_bytes(4), (1350).to_bytes(4))
