"""The day's closing: once each evening, with the figures of /stats, to whoever may see them."""

import json
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.outbox import OutboxKind
from bot.domain.periods import Span
from bot.domain.roles import RIGHTS, Right, Role
from bot.services.operations.closing import closing_due, tell_closing
from bot.services.operations.reports import report_attention, report_stats
from handlers.screens.closing import closing
from locales import words
from storage.tables import outbox
from tests.harness import OPERATOR, ShopHarness
from tests.integration.readings import rows

MANAGER, SUPPORT = 901, 902
EVENING = datetime.fromisoformat("2026-11-26T21:00:00Z")  # 22:00 in Algiers


@pytest.fixture
async def shop(harness: ShopHarness) -> ShopHarness:
    """Before noon, with a sale, a refund, and an order that waits for an operator."""
    harness.set_policy(time_zone=ZoneInfo("Africa/Algiers"), closing_at=time(22))
    harness.clock.moment = datetime.fromisoformat("2026-11-26T09:00:00Z")
    await harness.customer(1)
    harness.kind().quantity = 50
    await harness.buy(1, 2)
    await harness.run(30)
    harness.book.next_outcomes.append(0)
    await harness.buy(1)
    await harness.run(30)
    return harness


async def told(shop: ShopHarness) -> dict[int, list[dict[str, str]]]:
    found: dict[int, list[dict[str, str]]] = {}
    for row in await rows(shop, outbox):
        if row.kind == OutboxKind.CLOSING:
            found.setdefault(row.user_id, []).append(json.loads(row.data))
    return found


async def test_each_evening_it_is_told_once(shop: ShopHarness):
    assert await tell_closing(shop.shop) == 0
    shop.clock.moment = EVENING

    counts = [await tell_closing(shop.shop) for _ in range(3)]
    shop.clock.pass_time(3600)
    counts.append(await tell_closing(shop.shop))
    shop.clock.pass_time(23 * 3600)
    counts.append(await tell_closing(shop.shop))

    assert counts == [1, 0, 0, 0, 1]
    assert [one["date"] for one in (await told(shop))[OPERATOR]] == ["2026-11-26", "2026-11-27"]


async def test_the_shop_tells_it_by_itself_at_the_hour(shop: ShopHarness):
    shop.clock.moment = datetime.fromisoformat("2026-11-26T20:59:00Z")
    await shop.round()
    assert await told(shop) == {}

    await shop.run(120)
    await shop.send()

    assert [one.kind for one in shop.sender.sent if one.kind == "closing"] == ["closing"]


async def test_a_shop_that_was_down_tells_it_later_on_the_same_day_and_on_no_other(
    shop: ShopHarness,
):
    shop.clock.moment = datetime.fromisoformat("2026-11-26T22:59:00Z")  # 23:59
    assert await tell_closing(shop.shop) == 1

    shop.clock.moment = datetime.fromisoformat("2026-11-28T00:30:00Z")  # the 27th is over
    assert await tell_closing(shop.shop) == 0
    assert list(await told(shop)) == [OPERATOR]


async def test_two_processes_tell_it_once(shop: ShopHarness, before_next_write):
    shop.clock.moment = EVENING
    before_next_write(lambda: tell_closing(shop.shop))

    await tell_closing(shop.shop)

    assert len((await told(shop))[OPERATOR]) == 1


async def test_a_clock_that_was_ahead_leaves_no_day_out_and_none_twice(shop: ShopHarness):
    shop.clock.moment = datetime.fromisoformat("2026-12-03T21:00:00Z")
    await tell_closing(shop.shop)
    shop.clock.moment = EVENING
    assert await tell_closing(shop.shop) == 1
    shop.clock.pass_time(-3 * 3600)
    shop.clock.pass_time(3 * 3600 + 60)
    assert await tell_closing(shop.shop) == 0


async def test_its_figures_are_those_of_stats_and_of_attention(shop: ShopHarness):
    shop.clock.moment = EVENING
    await tell_closing(shop.shop)

    (data,) = (await told(shop))[OPERATOR]

    stats, attention = await report_stats(shop.shop, Span.TODAY), await report_attention(shop.shop)
    assert (int(data["sales"]), int(data["cost"])) == (stats.sales_minor, stats.cost_minor)
    assert int(data["profit"]) == stats.profit_minor > 0
    assert int(data["orders"]) == sum(stats.orders.values()) == 2
    assert int(data["codes"]) == stats.codes == 2
    assert int(data["returned"]) > 0
    assert int(data["attention"]) == attention.count
    assert data["held"] == "0"
    assert data["days"].startswith("oneclickdz:")


@pytest.mark.parametrize("at", [time(0), time(0, 5), time(11, 59)])
async def test_before_noon_the_day_before_is_told_whole_and_without_what_came_since(
    shop: ShopHarness, at: time
):
    shop.clock.moment = datetime.fromisoformat("2026-11-26T22:59:00Z")  # 23:59 in Algiers
    await shop.buy(1)
    stats = await report_stats(shop.shop, Span.TODAY)
    shop.clock.moment = datetime.fromisoformat("2026-11-27T11:00:00Z")
    await shop.run(30)
    await shop.buy(1, 2)
    await shop.run(30)
    shop.set_policy(closing_at=at)

    assert await tell_closing(shop.shop) == 1

    (data,) = (await told(shop))[OPERATOR]
    assert (data["date"], int(data["orders"])) == ("2026-11-26", sum(stats.orders.values()))
    assert (data["orders"], data["codes"]) == ("3", "2")
    assert (int(data["sales"]), int(data["profit"])) == (stats.sales_minor, stats.profit_minor)
    assert int(data["returned"]) == stats.returned_minor > 0


async def test_from_noon_on_today_is_told(shop: ShopHarness):
    shop.set_policy(closing_at=time(12))
    shop.clock.moment = EVENING
    await tell_closing(shop.shop)

    assert [one["date"] for one in (await told(shop))[OPERATOR]] == ["2026-11-26"]


async def test_what_is_held_and_waits_is_told(shop: ShopHarness):
    order = await shop.buy(1)
    shop.clock.moment = EVENING
    await tell_closing(shop.shop)

    (data,) = (await told(shop))[OPERATOR]

    assert (int(data["held"]), data["waiting"]) == (order.total_minor, "1")


async def test_a_supplier_that_nothing_was_bought_from_has_no_days(harness: ShopHarness):
    harness.set_policy(closing_at=time(0))
    await tell_closing(harness.shop)

    (data,) = (await told(harness))[OPERATOR]

    assert data["days"] == ""


async def test_it_goes_to_who_may_see_figures_and_profit_to_who_may_see_that(
    shop: ShopHarness, monkeypatch
):
    monkeypatch.setitem(RIGHTS, Role.MANAGER, RIGHTS[Role.MANAGER] - {Right.PROFIT})
    await shop.hire(MANAGER, Role.MANAGER)
    await shop.hire(SUPPORT, Role.SUPPORT, 500_000)
    shop.clock.moment = EVENING

    assert await tell_closing(shop.shop) == 2

    found = await told(shop)
    assert set(found) == {OPERATOR, MANAGER}
    (of_owner,), (of_manager,) = found[OPERATOR], found[MANAGER]
    hidden = {"cost", "profit", "losses", "days"}
    assert of_owner.keys() - of_manager.keys() == hidden
    assert {name: of_owner[name] for name in of_manager} == of_manager


async def test_it_is_off_unless_an_hour_is_set(shop: ShopHarness):
    shop.set_policy(closing_at=None)
    shop.clock.moment = EVENING

    assert await tell_closing(shop.shop) == 0
    async with shop.store.reading() as tx:
        assert await closing_due(tx, shop.shop) is None


async def test_what_was_nothing_on_a_day_has_no_line(shop: ShopHarness):
    shop.clock.moment = EVENING
    await tell_closing(shop.shop)
    shop.clock.pass_time(24 * 3600)
    await tell_closing(shop.shop)
    busy, quiet = (await told(shop))[OPERATOR]

    lines = [len(closing(words("en"), data).text.splitlines()) for data in (busy, quiet)]

    assert "Refunded" in closing(words("en"), busy).text
    assert " 0\xa0DA" not in closing(words("en"), busy).text
    assert " 0\xa0DA" not in closing(words("en"), quiet).text
    assert lines[0] - lines[1] == len(("sales", "earned", "returned"))
