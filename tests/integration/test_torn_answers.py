"""Answers to getUpdates that are torn on their way: nothing of them is lost, or set aside in a hurry."""

import json

import pytest

from bot.domain.ledger import wallet
from bot.domain.payments import Method
from bot.sandbox.supplier.faults import Fault, FaultKind
from handlers.raw_updates import find_update, is_torn, whole_updates
from handlers.request import ForeignPage
from tests.bot_harness import LINA, BotHarness
from tests.harness import books_agree
from tests.integration.test_polling import TOKEN, ScriptedBot, run
from tests.integration.updates import queued, raw_text


@pytest.fixture
def waits(polling_waits: list[float]) -> list[float]:
    return polling_waits


def answer(*updates: object) -> bytes:
    return json.dumps({"ok": True, "result": updates}).encode()


def torn(body: bytes, left: int | None = None) -> ForeignPage:
    return ForeignPage(200, body[: len(body) // 2 if left is None else left])


@pytest.mark.parametrize("times", [1, 2, 5, 9])
async def test_a_good_update_that_comes_torn_several_times_is_handled_when_it_comes_whole(
    harness, waits, times
):
    body = answer(raw_text(10, "x" * 200))
    bot = ScriptedBot(TOKEN).say(*[torn(body)] * times, [raw_text(10)], [raw_text(11)])

    inbox, _ = await run(harness, bot)

    assert [u.update_id for u in queued(inbox)] == [10, 11]
    assert {offset for offset, _ in bot.asked[: times + 1]} == {None}, "not confirmed before"
    assert waits[:times] == sorted(waits[:times])
    assert waits[0] > 0


async def test_what_stays_torn_is_passed_after_half_a_minute(harness, waits):
    body = answer(raw_text(10, "x" * 200))
    bot = ScriptedBot(TOKEN).say(*[torn(body)] * 10, [raw_text(11)])

    inbox, _ = await run(harness, bot)

    assert [u.update_id for u in queued(inbox)] == [11]
    assert 25 < sum(waits[:9]) < 60
    async with harness.store.reading() as tx:
        assert await tx.inbox.count_quarantined() == 1


async def test_what_is_whole_in_a_torn_answer_is_taken_at_once(harness, waits):
    body = answer(raw_text(10), raw_text(11), raw_text(12, "x" * 500))
    bot = ScriptedBot(TOKEN).say(torn(body, len(body) - 100), [raw_text(12)])

    inbox, _ = await run(harness, bot)

    assert [u.update_id for u in queued(inbox)] == [10, 11, 12]
    assert [offset for offset, _ in bot.asked] == [None, 12, 13]


async def test_tries_begin_anew_after_a_whole_answer(harness, waits):
    bodies = [torn(answer(raw_text(number, "x" * 200))) for number in (10, 11)]
    bot = ScriptedBot(TOKEN).say(*[bodies[0]] * 9, [raw_text(10)], *[bodies[1]] * 9, [raw_text(11)])

    inbox, _ = await run(harness, bot)

    assert [u.update_id for u in queued(inbox)] == [10, 11]


async def test_an_answer_that_is_torn_within_the_id_sets_no_other_update_aside(harness, waits):
    body = b'{"ok":true,"result":[{"update_id":1234'
    bot = ScriptedBot(TOKEN).say(*[ForeignPage(200, body)] * 15, [raw_text(123456)])

    inbox, _ = await run(harness, bot)

    assert [u.update_id for u in queued(inbox)] == [123456]
    async with harness.store.reading() as tx:
        assert await tx.inbox.count_quarantined() == 0


async def test_stars_that_are_told_in_torn_answers_reach_the_wallet(sqlite_store, waits):
    """The whole way: the real request, the simulator of Telegram, and bodies of half their size."""
    shop = await BotHarness(sqlite_store).open()
    shop.offer(Method.STARS)
    lina = shop.person(LINA)
    await lina.say("/start")
    await shop.pump()
    await shop.press(lina, "top:stars:1500")
    bill = next(m for m in reversed(lina.inbox) if "invoice" in m)
    await shop.world.stars.send_pre_checkout_query(lina, bill)
    await shop.pump()
    await shop.world.stars.charge_for(lina, bill)
    shop.telegram.faults.append(Fault(FaultKind.TORN, "getUpdates", times=5))
    for _ in range(6):
        await shop.pump_through()

    async with shop.store.reading() as tx:
        assert await tx.ledger.balance(wallet(LINA)) == 1_500_00
        assert await tx.inbox.count_quarantined() == 0
    await books_agree(shop)
    await shop.close()


async def test_try_again_reads_what_was_set_aside_as_text(harness):
    """An earlier version set whole updates aside with the torn answer that they came in."""
    shop_inbox, _ = await run(harness, ScriptedBot(TOKEN).say())
    whole = answer(raw_text(10)).decode()[:-2]
    half = answer(raw_text(11, "x" * 200)).decode()[:-100]
    await shop_inbox.set_aside(10, whole)
    await shop_inbox.set_aside(11, half)
    rows = await harness.store.write(_release)

    (update,) = await shop_inbox.open(rows)

    assert update.update_id == 10
    async with harness.store.reading() as tx:
        assert await tx.inbox.count_quarantined() == 1


async def _release(tx):
    return await tx.inbox.release_quarantined()


@pytest.mark.parametrize("cut", range(1, 60))
def test_every_torn_text_is_known_to_be_torn(cut):
    update = raw_text(10, 'a "quoted" \\ text with } and ]')
    body = answer(update)

    assert is_torn(body[:-cut])
    assert not is_torn(body)
    assert whole_updates(body[:-cut].decode()) == ([update] if cut <= len("]}") else [])


@pytest.mark.parametrize("text", ["", "null", "[]", "{", '{"update_id": 5}x', "x" * 50])
def test_what_holds_no_update_is_found_to_hold_none(text):
    assert whole_updates(text) == []
    assert find_update(text, 5) is None
