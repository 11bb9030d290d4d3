"""The status message of an order in its chat: what it shows, and what it leaves alone."""

import pytest

from bot.sandbox.telegram.world import buttons, text_of
from locales import words
from storage.tables import outbox
from tests.bot_harness import LINA, BotHarness, bare
from tests.integration.readings import rows


@pytest.fixture
async def shop(chat_shop: BotHarness) -> BotHarness:
    await chat_shop.person(LINA).say("/start")
    await chat_shop.pump()
    await chat_shop.credit(LINA, 10_000)
    return chat_shop


def status(shop: BotHarness) -> dict:
    """The message on which Buy was pressed."""
    lina = shop.person(LINA)
    (found,) = [m for m in lina.inbox if "#1" in text_of(m) and "spoiler" not in str(m)]
    return found


async def test_the_status_message_goes_from_waiting_to_one_line_about_the_end(shop: BotHarness):
    await shop.press_to_buy(shop.person(LINA), 2)
    waiting = bare(text_of(status(shop)))
    assert "⏳" in waiting
    assert "Waiting for the supplier." in waiting

    await shop.live(20)

    said = bare(text_of(status(shop)))
    assert "✅" in said
    assert "Waiting" not in said
    delivered = [m for m in shop.person(LINA).inbox if "spoiler" in str(m)]
    assert len(delivered) == 1


async def test_a_refund_is_told_once_and_the_status_message_points_at_it(shop: BotHarness):
    shop.book.next_outcomes.append(0)
    await shop.press_to_buy(shop.person(LINA), 2)

    await shop.live(20)

    texts = [bare(text_of(m)) for m in shop.person(LINA).inbox]
    (result,) = [t for t in texts if "Your balance is now" in t]
    assert "10,000" in result
    assert "the message below" in next(t for t in texts if t != result and "#1" in t)


async def test_who_goes_on_in_the_same_message_is_not_thrown_back(shop: BotHarness):
    lina = shop.person(LINA)
    await shop.press_to_buy(lina, 2)
    bought = status(shop)
    await shop.press(lina, "home", bought)
    home = text_of(next(m for m in lina.inbox if m["message_id"] == bought["message_id"]))

    await shop.live(20)

    now = next(m for m in lina.inbox if m["message_id"] == bought["message_id"])
    assert text_of(now) == home
    assert [m for m in lina.inbox if "spoiler" in str(m)]


async def test_who_comes_back_to_the_order_sees_it_go_on(shop: BotHarness):
    lina = shop.person(LINA)
    await shop.press_to_buy(lina, 2)
    bought = status(shop)
    await shop.press(lina, "home", bought)
    await shop.press(lina, "order:1", bought)

    await shop.live(20)

    now = next(m for m in lina.inbox if m["message_id"] == bought["message_id"])
    assert "✅" in text_of(now)


async def test_a_status_message_that_was_deleted_holds_nothing_up(shop: BotHarness):
    lina = shop.person(LINA)
    shop.book.handling_seconds = 400.0
    await shop.press_to_buy(lina, 2)
    gone = status(shop)["message_id"]
    del shop.world.chats[LINA].messages[gone]

    await shop.live(450, step=10.0)

    assert [m for m in lina.inbox if "spoiler" in str(m)]
    assert {row.state for row in await rows(shop, outbox)} == {"sent"}


async def test_the_list_of_orders_says_what_a_waiting_one_waits_for(shop: BotHarness):
    lina = shop.person(LINA)
    shop.book.handling_seconds = 10**6
    await shop.press_to_buy(lina, 2)
    await shop.live(320, step=5.0)

    await lina.say("/orders")
    await shop.pump()

    said = bare(text_of(lina.inbox[-1]))
    assert "#1" in said
    assert words("en").plain("status-slow") in said
    assert any("#1" in button["text"] for button in buttons(lina.inbox[-1]))
