"""Telegram's update ids repeat: a later update, or another bot's, is never taken for an earlier one."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update as change

from bot.domain.ledger import wallet
from bot.domain.records import identity_of_message, identity_of_update
from bot.sandbox.telegram.world import Person, text_of
from bot.services.operations.purge import purge_old
from handlers.update_keys import key_of, number_of
from storage.tables import inbox
from tests.bot_harness import LINA, BotHarness
from tests.harness import OPERATOR, books_agree
from tests.integration.readings import rows
from tests.integration.updates import text_update

ROOT = Path(__file__).parents[2]
KARIM = 6


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    made.offer()
    for who in (LINA, KARIM):
        await made.person(who).say("/start")
    await made.pump()
    yield made
    await books_agree(made)
    await made.close()


def operator(shop: BotHarness) -> Person:
    return shop.person(OPERATOR)


async def go_back_to(shop: BotHarness, update_id: int) -> None:
    """Eight quiet days pass, then Telegram gives this id once more."""
    shop.clock.pass_time(8 * 86_400)
    await purge_old(shop.shop)
    shop.world.jump(update_id)
    shop.polling._offset = None


async def balance(shop: BotHarness, who: int) -> int:
    async with shop.store.reading() as tx:
        return await tx.ledger.balance(wallet(who))


def newest_id(shop: BotHarness) -> int:
    return shop.world.updates[-1]["update_id"]


async def test_a_credit_with_a_used_id_is_given(shop):
    first = await operator(shop).say(f"/credit {LINA} 100 first")
    await shop.pump()
    await go_back_to(shop, first)

    second = await operator(shop).say(f"/credit {LINA} 100 second")
    await shop.pump()

    assert second == first
    assert await balance(shop, LINA) == 200_00


async def test_a_message_that_telegram_tells_of_twice_with_two_ids_credits_once(shop):
    """Seen in public: two updates, one after the other, with the same message in each."""
    first = await operator(shop).say(f"/credit {LINA} 100 once")
    message = shop.world.updates[-1]["message"]
    await shop.pump()
    second = shop.world.push("message", message)
    await shop.pump()

    assert second != first
    assert await balance(shop, LINA) == 100_00


async def test_a_message_with_the_number_of_another_one_is_another_message(shop):
    """The numbers of a chat may begin again, for another bot or another server of the Bot API."""
    await operator(shop).say(f"/credit {LINA} 100 once")
    message = shop.world.updates[-1]["message"]
    await shop.pump()
    shop.world.push("message", message | {"date": message["date"] + 1})
    await shop.pump()

    assert await balance(shop, LINA) == 200_00


def test_an_identity_has_63_bits():
    for fingerprint in (b"\0" * 32, b"\xff" * 32):
        assert 2**62 <= identity_of_message(fingerprint) < 2**63


async def test_a_top_up_with_a_used_id_is_another_customers_own(shop):
    lina, karim = shop.person(LINA), shop.person(KARIM)
    await lina.forge("top:stars:1500", lina.inbox[-1])
    used = newest_id(shop)
    await shop.pump()
    await go_back_to(shop, used)

    await karim.forge("top:stars:1500", karim.inbox[-1])
    assert newest_id(shop) == used
    await shop.pump()

    assert sum("invoice" in message for message in karim.inbox) == 1


async def test_a_question_to_support_with_a_used_id_reaches_the_operator(shop):
    first = await shop.person(LINA).say("/paysupport Where is it?")
    await shop.pump()
    await go_back_to(shop, first)

    await shop.person(LINA).say("/paysupport And now?")
    await shop.live(2)

    assert any("And now?" in text_of(message) for message in operator(shop).inbox)


async def test_another_bot_on_the_same_database_has_keys_of_its_own(shop):
    one = text_update(7)

    assert key_of(one, 1) == key_of(one, 2) == "update:7", "of an earlier version"
    assert number_of(one) == 7
    update = await received(shop, 7)
    assert key_of(update, 1) != key_of(update, 2)


async def received(shop: BotHarness, number: int):
    """The same update as it comes out of the inbox."""
    assert await shop.inbox.receive([{"update_id": number}]) == 1
    return shop.application.update_queue.get_nowait()


async def test_one_received_update_has_one_key_however_often_it_is_handled(shop):
    """Offered again by Telegram, replayed after a restart, brought back by an operator."""
    update = await received(shop, 7)
    keys = {key_of(update, 5)}
    assert shop.inbox._in_hand
    shop.clock.pass_time(3_600)
    assert await shop.inbox.receive([{"update_id": 7}]) == 0
    (again,) = await shop.inbox.unhandled()
    keys.add(key_of(again, 5))
    shop.inbox._in_hand.clear()  # a process whose transaction was committed without an answer
    assert await shop.inbox.receive([{"update_id": 7}]) == 1
    keys.add(key_of(shop.application.update_queue.get_nowait(), 5))

    assert len(keys) == 1
    assert number_of(again) == identity_of_update(7, shop.clock.now() - timedelta(hours=1))


async def test_a_command_is_done_once_over_all_replays(shop):
    await operator(shop).say(f"/credit {LINA} 100 once")
    await shop.polling.poll()
    credited = shop.application.update_queue.get_nowait()
    for _ in range(3):
        await shop.application.process_update(credited)
        await shop.application.update_queue.put(credited)
        await shop._work()

    assert await balance(shop, LINA) == 100_00


async def test_what_an_earlier_version_did_is_not_done_again_after_an_upgrade(shop):
    """It is in flight: received and done by that version, and handled again by this one."""
    number = await operator(shop).say(f"/credit {LINA} 100 once")
    await shop.polling.poll()
    shop.application.update_queue.get_nowait()
    await shop.store.write(_forget_identities)
    for _ in range(2):
        (update,) = await shop.inbox.unhandled()
        assert key_of(update, shop.shop.bot_id) == f"update:{number}"
        await shop.application.process_update(update)

    assert await balance(shop, LINA) == 100_00


async def _forget_identities(tx) -> None:
    await tx.inbox._db.execute(change(inbox).values(identity=None))


async def test_identities_are_larger_than_ids_and_fit_the_database(shop):
    found = [row.identity for row in await rows(shop, inbox)]

    assert found
    assert min(found) > 2**32
    last = datetime(2087, 12, 31, tzinfo=UTC)
    assert identity_of_update(2**31 - 1, last) < 2**63
    assert identity_of_update(5, datetime(1970, 1, 1, tzinfo=UTC)) > 2**32
    ids = {identity_of_update(number, last) for number in (1, 2, 2_000_000_000)}
    assert len(ids) == 3


def test_the_keys_of_updates_are_made_in_one_place():
    making = [
        path.name
        for folder in ("bot", "handlers")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r'f"update:|"update:"', path.read_text())
    ]

    assert making == ["update_keys.py"]
