"""Codes that come in more messages than one: all are deleted, and none is repeated or searched for."""

from bot.domain.stock import BatchState
from tests.integration.test_own_stock_in_chat import (
    ask_for_codes,
    batches,
    boss,
    last,
    say,
    send_file,
    shop,
)
from tests.integration.test_own_stock_not_passed_on import deleted
from tests.own_stock import codes_of

__all__ = ["boss", "shop"]  # fixtures

DRAFT = (BatchState.DRAFT, 124_000)


async def test_a_paste_that_telegram_splits_is_deleted_whole_and_refused(shop, boss):
    await ask_for_codes(shop, boss)
    await boss.say("\n".join(codes_of(210)))
    await boss.say("\n".join(codes_of(10, first=210)))
    await shop.pump()

    assert deleted(shop) == 2
    assert "into several messages" in last(boss)
    assert await batches(shop) == []

    await send_file(shop, boss)
    assert await batches(shop) == [DRAFT]


async def test_a_short_paste_some_time_after_a_long_one_is_read(shop, boss, monkeypatch):
    monkeypatch.setattr("handlers.stock._REST_COMES_WITHIN_SECONDS", -1)
    await ask_for_codes(shop, boss)
    await say(shop, boss, "\n".join(codes_of(210)))

    await say(shop, boss, "\n".join(codes_of(3)))

    assert await batches(shop) == [DRAFT]


async def test_what_follows_a_batch_is_deleted_unread_until_it_is_decided(shop, boss):
    await ask_for_codes(shop, boss)
    await boss.say("\n".join(codes_of(5)))
    await boss.say("\n".join(codes_of(2, first=5)))
    await boss.say(codes_of(1, first=7)[0])
    await shop.pump()
    await send_file(shop, boss)

    assert deleted(shop) == 4
    assert "CANARY" not in last(boss)
    assert "Open /stock first" in last(boss)
    assert await batches(shop) == [DRAFT]

    await shop.press_newest(boss, "sgo:1:1")
    await say(shop, boss, "netflix")
    assert deleted(shop) == 4
    assert "/stock" not in last(boss)


async def test_a_command_leads_away_from_a_batch(shop, boss):
    await ask_for_codes(shop, boss)
    await send_file(shop, boss)

    await say(shop, boss, "/stock")
    await say(shop, boss, "netflix")

    assert deleted(shop) == 1
