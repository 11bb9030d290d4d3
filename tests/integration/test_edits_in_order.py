"""The edits of one message reach Telegram in order: no older state of an order comes over a newer one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable

import pytest

from bot.domain.payments import Method
from bot.errors import SendFailure
from bot.refusals import required
from bot.sandbox.telegram.world import spoilers, text_of
from bot.services.operations import customer_reports
from handlers import my_orders
from handlers.bot import ShopBot
from tests.bot_harness import LINA, BotHarness
from tests.harness import ShopHarness, books_agree

pytestmark = pytest.mark.virtual_time
WAITING, DELIVERED = "⏳", "✅"


@pytest.fixture
async def shop(chat_shop: BotHarness) -> AsyncIterator[BotHarness]:
    await chat_shop.refresh()
    await chat_shop.person(LINA).say("/start")
    await chat_shop.pump()
    await chat_shop.credit(LINA, 100_000)
    yield chat_shop
    await books_agree(chat_shop)


class Gate:
    """Holds back whoever comes first, until it is opened."""

    def __init__(self) -> None:
        self.reached, self._opened = asyncio.Event(), asyncio.Event()

    async def hold(self) -> None:
        if not self.reached.is_set():
            self.reached.set()
            await self._opened.wait()

    async def open_after(self, *others: Awaitable[object]) -> None:
        """Open once the others have ended, or wait for what is held back here; then all end."""
        tasks = [asyncio.ensure_future(other) for other in others]
        await asyncio.wait(tasks, timeout=1)
        self._opened.set()
        await asyncio.gather(*tasks)


def hold_edit(monkeypatch, icon: str) -> Gate:
    """Hold back the first edit to a text with this icon, as a slow connection would."""
    gate, edit = Gate(), ShopBot.edit_message_text

    async def slow(bot, text, **options):
        if icon in text:
            await gate.hold()
        return await edit(bot, text, **options)

    monkeypatch.setattr(ShopBot, "edit_message_text", slow)
    return gate


async def deliver(shop: BotHarness) -> None:
    await shop.run(60)
    assert any(spoilers(message) for message in shop.person(LINA).inbox)


async def status(shop: BotHarness) -> dict:
    """The status message of the order, as it stands in the chat."""
    order = await shop.order(1)
    return shop.person(LINA).chat.messages[required(order.status_message_id)]


async def test_a_slow_edit_of_the_press_to_buy_does_not_come_over_the_delivery(
    shop: BotHarness, monkeypatch
):
    gate = hold_edit(monkeypatch, WAITING)
    buying = asyncio.create_task(shop.press_to_buy(shop.person(LINA), 1))
    await gate.reached.wait()

    await gate.open_after(buying, deliver(shop))

    assert DELIVERED in text_of(await status(shop))


async def test_what_a_press_has_read_of_an_order_does_not_come_over_what_is_newer(
    shop: BotHarness, monkeypatch
):
    await shop.press_to_buy(shop.person(LINA), 1)
    gate, read = Gate(), customer_reports.my_order

    async def slow(*args):
        view = await read(*args)
        await gate.hold()
        return view

    monkeypatch.setattr(my_orders, "my_order", slow)
    pressing = asyncio.create_task(shop.press(shop.person(LINA), "order:1", await status(shop)))
    await gate.reached.wait()

    await gate.open_after(pressing, deliver(shop))

    assert DELIVERED in text_of(await status(shop))


async def test_a_slow_edit_of_the_order_does_not_come_over_the_screen_that_was_pressed_next(
    shop: BotHarness, monkeypatch
):
    lina = shop.person(LINA)
    await shop.press_to_buy(lina, 1)
    gate = hold_edit(monkeypatch, DELIVERED)
    delivering = asyncio.create_task(deliver(shop))
    await gate.reached.wait()

    await gate.open_after(delivering, shop.press(lina, "home", await status(shop)))

    assert DELIVERED not in text_of(await status(shop))


async def test_the_page_to_pay_does_not_come_over_an_order_that_was_paid_while_its_provider_was_asked(
    shop: BotHarness, monkeypatch
):
    lina = shop.person(LINA)
    await shop.credit(LINA, -99_999)
    await shop.press_to_buy(lina, 1)
    cards = shop.shop.payment_methods[Method.OCPAY]
    gate, start = Gate(), cards.start

    async def slow(*args):
        started = await start(*args)
        await gate.hold()
        return started

    monkeypatch.setattr(cards, "start", slow)
    paying = asyncio.create_task(shop.press(lina, "pay:1:ocpay", await status(shop)))
    await gate.reached.wait()
    await shop.credit(LINA, 100_000)

    await gate.open_after(paying, deliver(shop))

    assert DELIVERED in text_of(await status(shop))


async def test_an_edit_that_failed_for_long_is_made_good_after_the_codes(
    harness: ShopHarness, monkeypatch
):
    """It may have been on its way all the time, and come over the edit that told the delivery."""
    harness.book.handling_seconds = 600
    await harness.customer(1)
    order = await harness.buy(1)
    show, shown = harness.sender.update_status, []

    async def fails_while_it_waits(customer, now, waiting, *, alone=False):
        shown.append(now.is_open)
        if now.is_open:
            raise SendFailure
        await show(customer, now, waiting, alone=alone)

    monkeypatch.setattr(harness.sender, "update_status", fails_while_it_waits)
    await harness.run(2 * 3600)

    assert harness.sender.codes_of(1)
    assert shown.count(True) > 5
    assert [now.id for now, _ in harness.sender.statuses] == [order.id] * 2
