"""Codes do not stay in the chat where loading them fails, or where they answer another question."""

import pytest

from bot.errors import StorageFailure
from bot.sandbox.telegram.rules import bad
from bot.services.stock import load
from tests.harness import OPERATOR
from tests.integration.test_own_stock_in_chat import (
    ask_for_codes,
    batches,
    boss,
    last,
    say,
    send_file,
    shop,
)
from tests.integration.test_own_stock_in_parts import DRAFT
from tests.integration.test_own_stock_not_passed_on import deleted
from tests.own_stock import codes_of, failing_on_codes

__all__ = ["boss", "shop"]  # fixtures


async def no_storage(*_):
    raise StorageFailure("disk full")


async def test_codes_that_cannot_be_stored_are_deleted(shop, boss, monkeypatch):
    await ask_for_codes(shop, boss)
    with monkeypatch.context() as broken:
        broken.setattr(load, "_add", no_storage)
        await say(shop, boss, "\n".join(codes_of(3)))
    assert deleted(shop) == 1

    await say(shop, boss, "\n".join(codes_of(3)))
    assert deleted(shop) == 2
    assert DRAFT in await batches(shop)


async def test_what_cannot_be_deleted_after_a_failure_is_said_so(shop, boss, monkeypatch):
    await ask_for_codes(shop, boss)
    monkeypatch.setattr(load, "_add", no_storage)
    shop.world.refusals.append(("deleteMessage", bad("message can't be deleted")))
    before = len(boss.inbox)

    await say(shop, boss, "\n".join(codes_of(3)))

    said = [m["text"] for m in boss.inbox[before:]]
    assert len(said) == 2
    assert "delete your message yourself" in said[0]


async def test_a_process_that_leads_no_more_leaves_the_message_to_the_next(shop, boss, monkeypatch):
    await ask_for_codes(shop, boss)
    monkeypatch.setattr(load, "_add", no_storage)
    monkeypatch.setattr(type(shop.shop.lease), "holds", property(lambda _: False))

    await send_file(shop, boss)

    assert deleted(shop) == 0


@pytest.mark.virtual_time
async def test_a_file_is_deleted_when_it_is_tried_no_more_and_not_before(shop, boss, monkeypatch):
    await ask_for_codes(shop, boss)
    with monkeypatch.context() as broken:
        broken.setattr(shop.vault, "fingerprints", failing_on_codes(shop.vault))
        await send_file(shop, boss)
        for _ in range(8):
            await shop.wait_for_postponed(0.6)
    names = [name for _, name, _ in shop.world.calls]
    assert names.count("getFile") == 5
    assert "getFile" not in names[names.index("deleteMessage") :]
    assert shop.bot_state.on_giving_up == {}


async def test_a_question_that_outlived_its_value_keeps_no_codes_in_the_chat(shop, boss):
    await ask_for_codes(shop, boss)
    shop.application.user_data[OPERATOR].clear()

    await send_file(shop, boss)

    assert deleted(shop) == 1


async def test_lines_in_the_place_of_the_cost_are_deleted_and_not_searched_for(shop, boss):
    await ask_for_codes(shop, boss, cost="\n".join(codes_of(3)))
    assert deleted(shop) == 1
    assert "an amount in dinars" in last(boss)
    assert "CANARY" not in last(boss)

    await say(shop, boss, "1240")
    await send_file(shop, boss)
    assert await batches(shop) == [DRAFT]


@pytest.mark.parametrize("count", [2, 4])
async def test_lines_that_name_no_product_are_deleted(shop, boss, count):
    await say(shop, boss, "/stock")
    await shop.press_newest(boss, "sadd")

    await say(shop, boss, "\n".join(codes_of(count)))

    assert deleted(shop) == 1
    assert "put spaces in place of the dashes" in last(boss)
    assert "Send three lines" in last(boss)
