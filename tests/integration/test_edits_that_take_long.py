"""A press and the outbox edit one message, and one of them takes long: the other is not held up."""

import asyncio
from collections.abc import Callable

import pytest

from bot.domain.orders import OrderState
from bot.domain.records import Locale
from bot.errors import StorageOutage
from bot.refusals import required
from bot.sandbox.telegram.rules import too_many
from bot.sandbox.telegram.world import text_of
from bot.services.messaging.notifications import notify_paid
from bot.services.wallet.unpaid_orders import cancel_order
from handlers import payments
from locales import words
from storage.tables import outbox
from tests.bot_harness import LINA, BotHarness, bare
from tests.harness import send_due_messages
from tests.integration.readings import rows

pytestmark = pytest.mark.virtual_time
EN = words(Locale.EN)
LONG_SECONDS = 50


@pytest.fixture
async def shop(chat_shop: BotHarness) -> BotHarness:
    """The supplier takes long, so that an order stays open."""
    chat_shop.book.handling_seconds = 6000
    await chat_shop.refresh()
    await chat_shop.person(LINA).say("/start")
    await chat_shop.pump()
    return chat_shop


async def until(seen: Callable[[], object]) -> None:
    async with asyncio.timeout(LONG_SECONDS / 5):
        while not seen():
            await asyncio.sleep(0.1)


async def status(shop: BotHarness) -> dict:
    """The status message of the order, as it stands in the chat."""
    order = await shop.order(1)
    return shop.person(LINA).chat.messages[required(order.status_message_id)]


@pytest.mark.parametrize("pressed", ["order:1", "home"])
async def test_a_press_in_a_closed_chat_keeps_no_place_of_the_outbox(
    shop: BotHarness, pressed: str
):
    """Telegram takes none of its edits for a while (429); the outbox comes back to it later."""
    await shop.credit(LINA, 100_000)
    await shop.press_to_buy(shop.person(LINA), 1)
    await shop.live(5)
    message_id = (await status(shop))["message_id"]
    shop.world.close_chat(LINA, too_many(LONG_SECONDS))
    await shop.person(LINA).forge(pressed, await status(shop))
    pressing = asyncio.create_task(shop.pump())
    await until(lambda: shop.bot.edits.users((LINA, message_id)))

    await shop.store.write(notify_paid, shop.shop, await shop.order(1))
    async with asyncio.timeout(LONG_SECONDS / 5):
        assert await send_due_messages(shop.shop) == 1

    (waiting,) = [row for row in await rows(shop, outbox) if row.key == "progress:1:"]
    assert (waiting.state, waiting.attempts) == ("pending", 0)
    del shop.world.closed[LINA]
    await pressing
    await shop.live(10)
    (sent,) = [row for row in await rows(shop, outbox) if row.key == "progress:1:"]
    assert sent.state == "sent"


@pytest.mark.parametrize(
    ("data", "toast"),
    [("order:1", ""), ("buy:1", "toast-awaiting"), ("cancel:1", "")],
)
async def test_a_press_on_an_order_is_answered_while_its_message_is_edited(
    shop: BotHarness, data: str, toast: str
):
    lina = shop.person(LINA)
    await shop.press_to_buy(lina, 1)
    async with shop.shop.order_screens.of(1):
        query = await lina.forge(data, await status(shop))
        pressing = asyncio.create_task(shop.pump())
        await until(lambda: query.answer is not None)
        assert not pressing.done()
        is_cancelled = (await shop.order(1)).state is OrderState.CANCELLED
    await pressing

    said = bare(EN.plain(toast, number="#1")) if toast else ""
    assert bare(required(query.answer).get("text", "")) == said
    assert is_cancelled == data.startswith("cancel")
    shown = "status-cancelled" if is_cancelled else "status-awaiting_payment"
    assert EN.plain(shown) in bare(text_of(await status(shop)))


async def test_a_press_shows_what_became_of_the_order_before_its_turn_came(shop: BotHarness):
    lina = shop.person(LINA)
    await shop.press_to_buy(lina, 1)
    async with shop.shop.order_screens.of(1):
        query = await lina.forge("order:1", await status(shop))
        pressing = asyncio.create_task(shop.pump())
        await until(lambda: query.answer is not None)
        await cancel_order(shop.shop, LINA, 1)
    await pressing

    assert EN.plain("status-cancelled") in bare(text_of(await status(shop)))


async def test_nobody_is_told_that_nothing_was_changed_after_an_order_was_cancelled(
    shop: BotHarness, monkeypatch
):
    lina = shop.person(LINA)
    await shop.press_to_buy(lina, 1)

    async def fail(*args):
        raise StorageOutage

    monkeypatch.setattr(payments, "view_unpaid_order", fail)
    await shop.press(lina, "cancel:1", await status(shop))

    assert (await shop.order(1)).state is OrderState.CANCELLED
    assert text_of(lina.inbox[-1]) == EN.plain("refused-unsure")
