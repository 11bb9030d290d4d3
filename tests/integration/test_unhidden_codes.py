"""Codes that Telegram does not let the shop hide are tried again, and told to the operators once."""

import itertools
from datetime import timedelta

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.people import pseudonym
from bot.domain.records import SentCodeMessage
from bot.domain.schedule import SENDS_BEFORE_ALERT, until_next_send
from bot.errors import SendFailure, Undeliverable, Unreachable
from bot.sandbox.telegram.world import spoilers
from bot.services.codes.reveal import hide_codes, hide_due_messages
from bot.services.items import ItemKind
from bot.services.messaging.item_runs import failing_items
from bot.services.operations.failing import retry_failing
from bot.services.operations.forgetting import forget_customer
from bot.services.operations.reports import report_attention
from handlers.screens import alerts as alert_screens
from handlers.screens import attention as screens
from locales import LOCALES, words
from tests.bot_harness import LINA, BotHarness, bare
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


def begin_next_process(harness: ShopHarness) -> None:
    """What one process knew of failing items, the next reads from the open alerts."""
    harness.shop.items.troubles.clear()
    harness.shop.items.loaded = False


async def visible(harness: ShopHarness, order_id: int) -> list[SentCodeMessage]:
    async with harness.store.reading() as tx:
        return list(await tx.codes.visible_messages(order_id, 1))


async def hide_beside(harness: ShopHarness, order_id: int) -> None:
    """Note that the message of an order is hidden, as another attempt at this moment does."""
    (message,) = await visible(harness, order_id)

    async def note(tx):
        await tx.codes.set_hidden(message, harness.clock.now())

    await harness.store.write(note)


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
        begin_next_process(harness)

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


PASSING = pytest.mark.parametrize("then", [SendFailure, Unreachable])


async def told_then_next_process(harness: ShopHarness, monkeypatch) -> int:
    """The number of an order whose alert is open; the next process has no more tried to hide its codes."""
    order_id = await delivered(harness)
    with monkeypatch.context() as refused:
        refuse(harness, refused, Undeliverable)
        await hide_due_messages(harness.shop)
    assert len(await failing_items(harness.shop)) == 1
    begin_next_process(harness)
    return order_id


@PASSING
async def test_the_alert_stays_open_while_the_codes_can_be_read(
    harness: ShopHarness, monkeypatch, then
):
    order_id = await told_then_next_process(harness, monkeypatch)
    with monkeypatch.context() as failing:
        tried = refuse(harness, failing, then)
        while not tried:
            await hide_due_messages(harness.shop)
            harness.clock.pass_time(1)

        assert await visible(harness, order_id)
        assert len(await failing_items(harness.shop)) == 1

    await hide_for(harness, HOUR / 2 if then is SendFailure else 1)
    if then is Unreachable:
        harness.clock.pass_time(24 * HOUR)
        await hide_due_messages(harness.shop)
    assert not await visible(harness, order_id)
    assert await failing_items(harness.shop) == []


@PASSING
async def test_trying_again_does_not_count_as_success_while_the_codes_can_be_read(
    harness: ShopHarness, monkeypatch, then
):
    await told_then_next_process(harness, monkeypatch)
    refuse(harness, monkeypatch, then)

    assert await retry_failing(harness.shop) == (1, 1)

    assert len(await failing_items(harness.shop)) == 1


async def test_a_refusal_counts_as_one_attempt_and_waits_as_long_as_the_others(
    harness: ShopHarness, monkeypatch
):
    order_id = await delivered(harness)
    tried = refuse(harness, monkeypatch, Undeliverable)

    await hide_for(harness, 2 * HOUR)

    (message,) = await visible(harness, order_id)
    assert message.attempts == len(tried)
    waits = [round(after - before) for before, after in itertools.pairwise(tried)]
    assert waits == [until_next_send(attempts) for attempts in range(len(waits))]


async def test_trying_again_closes_the_alert_about_what_is_hidden_already(
    harness: ShopHarness, monkeypatch
):
    order_id = await delivered(harness)
    refuse(harness, monkeypatch, Undeliverable)
    await hide_due_messages(harness.shop)
    assert len(await failing_items(harness.shop)) == 1
    await hide_beside(harness, order_id)

    assert await retry_failing(harness.shop) == (1, 0)

    assert await failing_items(harness.shop) == []


async def test_an_attempt_that_fails_beside_one_that_hides_opens_no_alert(
    harness: ShopHarness, monkeypatch
):
    order_id = await delivered(harness)

    async def hidden_meanwhile(*_args, **_options):
        await hide_beside(harness, order_id)
        raise Undeliverable

    monkeypatch.setattr(harness.sender, "mask_codes", hidden_meanwhile)
    await hide_due_messages(harness.shop)

    assert await failing_items(harness.shop) == []


async def test_the_alert_closes_where_the_customer_is_forgotten(harness: ShopHarness, monkeypatch):
    await delivered(harness)
    await harness.credit(1, -await harness.balance(1) // 100)
    refuse(harness, monkeypatch, Undeliverable)
    await hide_due_messages(harness.shop)
    assert len(await failing_items(harness.shop)) == 1
    await harness.run(5)

    left = await forget_customer(harness.shop, 1, pseudonym(77), harness.clock.now())

    assert not left.any
    assert await failing_items(harness.shop) == []


async def buy(shop: BotHarness, locale: str = "en") -> None:
    """Until the codes are in her chat."""
    lina = shop.person(LINA, locale)
    await shop.refresh()
    await lina.say("/start")
    await shop.pump()
    await shop.credit(LINA, 100_000)
    await shop.press_to_buy(lina, 1)
    await shop.live(20)


@pytest.mark.parametrize("locale", LOCALES)
async def test_who_presses_hide_reads_whether_the_codes_are_hidden(
    chat_shop: BotHarness, monkeypatch, locale: str
):
    shop, lina = chat_shop, chat_shop.person(LINA, locale)
    await buy(shop, locale)
    (codes,) = [m for m in lina.inbox if spoilers(m)]
    with monkeypatch.context() as failing:
        refuse(shop, failing, SendFailure)
        query = await lina.forge("hide:1", codes)
        await shop.pump()
    assert query.answer is not None
    assert bare(query.answer["text"]) == bare(words(locale).plain("toast-not-hidden"))
    assert query.answer["alert"]

    await shop.live(20)
    assert not any(spoilers(m) for m in lina.inbox)

    await shop.press(lina, "show:1", lina.inbox[0])
    query = await lina.forge("hide:1", lina.inbox[-1])
    await shop.pump()
    assert query.answer is not None
    assert bare(query.answer["text"]) == bare(words(locale).plain("toast-hidden"))
    assert not any(spoilers(m) for m in lina.inbox)
