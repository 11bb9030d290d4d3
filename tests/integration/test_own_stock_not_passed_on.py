"""Codes that an operator sends while the chat is about something else reach nobody."""

from sqlalchemy import select

from bot.domain.stock import BatchState
from bot.sandbox.telegram.world import text_of
from storage.tables import outbox
from tests.bot_harness import LINA
from tests.harness import OPERATOR
from tests.integration.readings import rows_of
from tests.integration.test_own_stock_in_chat import (
    CSV,
    ask_for_codes,
    batches,
    boss,
    last,
    say,
    send_file,
    shop,
)
from tests.own_stock import codes_of

__all__ = ["boss", "shop"]  # fixtures


def deleted(shop):
    return [name for _, name, _ in shop.world.calls].count("deleteMessage")


async def case_of_lina(shop, boss):
    """A customer who has written to support; returns what the operator got."""
    lina = shop.person(LINA)
    await shop.customer(LINA)
    await say(shop, lina, "/paysupport where is my code")
    await shop.live(5)
    return lina, boss.inbox[-1]


async def reply(shop, boss, to, **content):
    await boss._send(boss.chat, {"from": boss.user, "reply_to_message": to, **content})
    await shop.pump()


async def test_codes_that_reply_to_a_case_answer_the_question_for_codes(shop, boss):
    lina, case = await case_of_lina(shop, boss)
    await ask_for_codes(shop, boss)
    before = len(lina.inbox)

    await reply(shop, boss, case, text="\n".join(codes_of(3)))

    assert len(lina.inbox) == before
    assert deleted(shop) == 1
    assert await batches(shop) == [(BatchState.DRAFT, 124_000)]


async def test_more_codes_below_a_batch_reply_to_no_customer(shop, boss):
    lina, case = await case_of_lina(shop, boss)
    await ask_for_codes(shop, boss)
    await send_file(shop, boss)
    before = len(lina.inbox)

    await reply(shop, boss, case, text="\n".join(codes_of(3, first=50)))

    assert len(lina.inbox) == before
    assert deleted(shop) == 2
    assert await batches(shop) == [(BatchState.DRAFT, 124_000)]
    await shop.press_newest(boss, "sgo:1:1")
    await reply(shop, boss, case, text="It is on its way")
    assert "on its way" in text_of(lina.inbox[-1])


async def test_a_list_that_replies_to_a_case_is_not_sent_to_its_customer(shop, boss):
    lina, case = await case_of_lina(shop, boss)
    before = len(lina.inbox)

    await reply(shop, boss, case, document=shop.world.files.document(CSV, "codes.csv"))
    assert len(lina.inbox) == before
    assert deleted(shop) == 1
    assert "Open /stock first" in last(boss)

    await reply(shop, boss, case, text="It is on its way")
    assert "on its way" in text_of(lina.inbox[-1])


async def test_a_list_is_no_message_to_a_customer(shop, boss):
    lina = shop.person(LINA)
    await shop.customer(LINA)
    await say(shop, lina, "/start")
    await say(shop, boss, f"/user {LINA}")
    await shop.press_newest(boss, "umsg")
    before = len(lina.inbox)

    await send_file(shop, boss)

    assert len(lina.inbox) == before
    assert deleted(shop) == 1
    assert "Open /stock first" in last(boss)


async def test_a_list_is_no_message_to_support(shop, boss):
    await say(shop, boss, "/paysupport")

    await send_file(shop, boss)

    assert deleted(shop) == 1
    assert not [r for r in await rows_of(shop, select(outbox)) if r.user_id == OPERATOR]
    assert "Open /stock first" in last(boss)
