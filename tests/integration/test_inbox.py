"""Updates are stored before they are handled, once each; a database that fails loses none."""

import asyncio

import pytest
from telegram import Update
from telegram.error import NetworkError
from telegram.ext import BasePersistence, ExtBot

from bot.errors import StorageFailure, required
from handlers.conversations import NAME, ConversationPersistence
from handlers.inbox import Inbox, InboxBot, KnownUpdate
from handlers.middleware.chat_order import ChatOrder
from tests.harness import ShopHarness
from tests.integration.updates import APPLICATION, text_update


@pytest.fixture
async def inbox(harness: ShopHarness):
    return Inbox(harness.shop, ConversationPersistence(harness.store))


async def test_an_update_is_stored_once_and_replayed_until_it_is_handled(
    harness: ShopHarness, inbox: Inbox
):
    bot = ExtBot("1:x")
    assert [u.update_id for u in await inbox.receive([text_update(1), text_update(2)])] == [1, 2]
    assert [u.update_id for u in await inbox.receive([text_update(2), text_update(3)])] == [3]

    inbox.finish(text_update(1))
    inbox.finish(KnownUpdate(2))
    await inbox.flush()
    await inbox.flush()

    assert [u.update_id for u in await inbox.unhandled(bot)] == [2, 3]
    assert required((await inbox.unhandled(bot))[0].message).text == "hello"


async def test_what_waits_in_the_inbox_cannot_be_read_there(
    harness: ShopHarness, inbox: Inbox, tmp_path
):
    await inbox.receive([text_update(1, "ABCD-EFGH-SECRET")])

    for path in tmp_path.rglob("hanout.db*"):
        assert b"SECRET" not in path.read_bytes()


async def test_a_database_that_fails_makes_telegram_keep_the_updates(
    harness: ShopHarness, inbox: Inbox, monkeypatch
):
    bot = InboxBot("1:x")

    async def from_telegram(self, *args, **kwargs):
        return (text_update(1), text_update(2))

    monkeypatch.setattr(ExtBot, "get_updates", from_telegram)
    assert len(await bot.get_updates()) == 2
    bot.store_in(inbox)

    async def full(*_args, **_kwargs):
        raise StorageFailure("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(harness.store, "write", full)
        with pytest.raises(NetworkError, match="disk full"):
            await bot.get_updates()
    assert [u.update_id for u in await bot.get_updates()] == [1, 2]
    again = await bot.get_updates()
    assert [type(u) for u in again] == [KnownUpdate]
    assert again[-1].update_id == 2


async def test_marks_that_could_not_be_written_are_written_later(
    harness: ShopHarness, inbox: Inbox, monkeypatch
):
    monkeypatch.setattr("handlers.inbox._RETRY_SECONDS", 0.01)
    await inbox.receive([text_update(1)])
    inbox.finish(text_update(1))
    right = harness.store.write
    failed: list[int] = []

    async def once_full(*args, **kwargs):
        if not failed:
            failed.append(1)
            raise StorageFailure("disk full")
        return await right(*args, **kwargs)

    monkeypatch.setattr(harness.store, "write", once_full)
    task = asyncio.create_task(inbox.keep_finishing())
    for _ in range(100):
        await asyncio.sleep(0.02)
        if not await inbox.unhandled(ExtBot("1:x")):
            break
    task.cancel()

    assert failed == [1]
    assert await inbox.unhandled(ExtBot("1:x")) == []


async def test_a_question_survives_the_process(harness: ShopHarness):
    memory = ConversationPersistence(harness.store)
    await memory.update_conversation(NAME, (5, 5), "quantity")
    await memory.update_user_data(5, {"denomination": 3})
    inbox = Inbox(harness.shop, memory)
    await inbox.flush()
    reborn = ConversationPersistence(harness.store)
    await reborn.load()

    assert await reborn.get_conversations(NAME) == {(5, 5): "quantity"}
    assert await reborn.get_user_data() == {5: {"denomination": 3}}
    await reborn.update_conversation(NAME, (5, 5), None)
    await reborn.update_conversation(NAME, (6, 6), None)
    await reborn.drop_user_data(5)
    await Inbox(harness.shop, reborn).flush()
    again = ConversationPersistence(harness.store)
    await again.load()
    assert await again.get_conversations(NAME) == {}
    as_ptb_knows_it: BasePersistence = again
    assert (
        await as_ptb_knows_it.get_bot_data(),
        await as_ptb_knows_it.get_chat_data(),
        await as_ptb_knows_it.get_callback_data(),
    ) == ({}, {}, None)


async def test_one_chat_keeps_its_order_and_never_waits_for_another():
    done = []
    gate = asyncio.Event()

    async def slow(one: Update) -> None:
        await gate.wait()
        done.append(one.update_id)

    async def quick(one: Update) -> None:
        done.append(one.update_id)

    chat_order = ChatOrder()
    chat = {**required(text_update(9).message).to_dict(), "chat": {"id": 6, "type": "private"}}
    other = Update.de_json({"update_id": 9, "message": chat}, None)
    first = asyncio.create_task(chat_order(text_update(1), APPLICATION, slow))
    second = asyncio.create_task(chat_order(text_update(2), APPLICATION, quick))
    await asyncio.sleep(0.01)
    await chat_order(other, APPLICATION, quick)
    assert done == [9]
    waiting = asyncio.create_task(chat_order(text_update(3), APPLICATION, quick))
    await asyncio.sleep(0.01)
    gate.set()
    await asyncio.gather(first, second, waiting)
    assert done == [9, 1, 2, 3]
    chat_order.close()
    await chat_order(text_update(4), APPLICATION, quick)
    assert done == [9, 1, 2, 3]
    assert chat_order._locks == {}


@pytest.mark.parametrize("date", [0, 1_700_000_000])
async def test_a_press_is_kept_without_the_message_it_stands_under(inbox: Inbox, date: int):
    user = {"id": 5, "is_bot": False, "first_name": "L"}
    message = {
        "message_id": 3,
        "date": date,
        "chat": {"id": 5, "type": "private"},
        "text": "ABCD-SECRET",
    }
    press = {"id": "1", "from": user, "chat_instance": "1", "data": "hide:1", "message": message}
    await inbox.receive([Update.de_json({"update_id": 1, "callback_query": press}, None)])

    (replayed,) = await inbox.unhandled(ExtBot("1:x"))

    pressed = required(replayed.callback_query)
    assert pressed.data == "hide:1"
    assert required(pressed.message).message_id == 3
    assert "SECRET" not in replayed.to_json()
