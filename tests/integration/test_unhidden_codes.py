"""Codes that Telegram does not let the shop hide are tried again, and told to the operators once."""

from datetime import timedelta

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.schedule import SENDS_BEFORE_ALERT
from bot.errors import SendFailure, Undeliverable
from bot.services.codes.reveal import hide_codes, hide_due_messages
from bot.services.items import ItemKind
from bot.services.messaging.item_runs import failing_items
from bot.services.operations.failing import retry_failing
from bot.services.operations.reports import report_attention
from handlers.screens import alerts as alert_screens
from handlers.screens import attention as screens
from locales import words
from tests.bot_harness import bare
from tests.harness import ShopHarness

HOUR = 3600.0


async def delivered(harness: ShopHarness) -> int:
    """The number of an order whose codes are due to be hidden now."""
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(20)
    harness.clock.pass_time(harness.shop.policy.codes_visible_for.total_seconds())
    return order.id


def refuse(harness: ShopHarness, monkeypatch, failure: type[SendFailure]) -> list[float]:
    """Let every attempt to hide fail; returns the list of when they were made."""
    tried: list[float] = []

    async def mask_codes(*_args, **_options):
        tried.append(harness.clock.monotonic())
        raise failure

    monkeypatch.setattr(harness.sender, "mask_codes", mask_codes)
    return tried


async def hide_for(harness: ShopHarness, seconds: float) -> None:
    """Run the sweep each time when something is due."""
    end = harness.clock.now() + timedelta(seconds=seconds)
    while harness.clock.now() < end:
        await hide_due_messages(harness.shop)
        harness.clock.pass_time(1)


async def told(harness: ShopHarness) -> list[dict[str, str]]:
    await harness.run(60)
    return [dict(data) for data in harness.sender.alerts(AlertKind.ITEM_FAILING)]


async def test_a_refusal_for_good_is_told_at_once_with_the_order_and_stays_in_attention(
    harness: ShopHarness, monkeypatch
):
    order_id = await delivered(harness)
    with monkeypatch.context() as refused:
        tried = refuse(harness, refused, Undeliverable)
        await hide_due_messages(harness.shop)
        (alert,) = await told(harness)
        await harness.run(10 * HOUR)

        assert (alert["item"], alert["order"]) == ("hide", str(order_id))
        assert 5 < len(tried) < 30  # ever more rarely
        assert len(harness.sender.alerts(AlertKind.ITEM_FAILING)) == 1
        report = await report_attention(harness.shop)
        assert list(report.orders_of_codes.values()) == [order_id]
        for locale in ("en", "fr", "ar"):
            what = words(locale).text("item-hide-order", id=f"#{order_id}")
            assert bare(what) in bare(screens.attention(words(locale), report).text)
            said = alert_screens.alert(words(locale), alert)
            assert bare(what) in bare(said.text)

    assert await retry_failing(harness.shop) == (1, 0)
    assert len(harness.sender.masked) == 1
    assert not (await report_attention(harness.shop)).is_needed


async def test_hiding_that_fails_for_long_is_told_once_and_hidden_when_telegram_is_back(
    harness: ShopHarness, monkeypatch
):
    await delivered(harness)
    with monkeypatch.context() as failing:
        tried = refuse(harness, failing, SendFailure)
        while len(tried) < SENDS_BEFORE_ALERT - 1:
            await hide_due_messages(harness.shop)
            harness.clock.pass_time(1)
        assert await failing_items(harness.shop) == []  # Telegram may be away for a while
        await hide_for(harness, 2 * HOUR)
        assert len(await told(harness)) == 1

    await hide_for(harness, HOUR)

    assert len(harness.sender.masked) == 1
    assert await failing_items(harness.shop) == []


async def test_the_next_process_tells_it_no_second_time(harness: ShopHarness, monkeypatch):
    await delivered(harness)
    with monkeypatch.context() as refused:
        refuse(harness, refused, Undeliverable)
        await hide_due_messages(harness.shop)
        assert len(await told(harness)) == 1
        harness.shop.items.troubles.clear()
        harness.shop.items.loaded = False

        await hide_for(harness, HOUR)

        assert len(await told(harness)) == 1
    await hide_for(harness, HOUR)
    assert await failing_items(harness.shop) == []


async def test_a_press_to_hide_that_telegram_refuses_is_told_too(harness: ShopHarness, monkeypatch):
    order_id = await delivered(harness)
    customer = await harness.customer(1, dinars=0)
    refuse(harness, monkeypatch, Undeliverable)

    with pytest.raises(Undeliverable):
        await hide_codes(harness.shop, customer, order_id, None)

    assert [item.kind for item, _ in await failing_items(harness.shop)] == [ItemKind.HIDE]
    assert len(await told(harness)) == 1
