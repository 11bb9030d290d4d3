"""Updates are kept as they came before they are handled, once each; what is odd harms only itself."""

import asyncio
import contextlib
import json

import pytest
from telegram import Update
from telegram.ext import BasePersistence

from bot.errors import StorageFailure
from bot.refusals import required
from bot.services.codes.custody import update_associated_data
from handlers.conversations import NAME, ConversationPersistence
from handlers.inbox import Inbox
from handlers.middleware.chat_order import ChatOrder
from tests.harness import ShopHarness
from tests.integration.updates import APPLICATION, inbox_of, queued, raw_text, text_update
from tests.patience import until

GONE = {"message_id": 3, "chat": {"id": 5, "type": "private"}, "date": 0}


@pytest.fixture
async def inbox(harness: ShopHarness):
    return inbox_of(harness.shop)


def ids(updates) -> list[int]:
    return [update.update_id for update in updates]


async def kept(harness: ShopHarness) -> list[object]:
    """What the inbox keeps, opened: the JSON of each update."""
    async with harness.store.reading() as tx:
        rows = await tx.inbox.with_payload()
    opened = [harness.vault.open(r.payload, update_associated_data(r.update_id)) for r in rows]
    return [json.loads(text) for text in opened]


async def test_an_update_is_stored_once_and_replayed_until_it_is_handled(
    harness: ShopHarness, inbox: Inbox
):
    assert await inbox.receive([raw_text(1), raw_text(2)]) == 2
    assert await inbox.receive([raw_text(2), raw_text(3)]) == 1
    assert ids(queued(inbox)) == [1, 2, 3]

    inbox.finish(text_update(1))
    await inbox.flush()
    await inbox.flush()

    assert ids(await inbox.unhandled()) == [2, 3]
    assert required((await inbox.unhandled())[0].message).text == "hello"


async def test_what_waits_in_the_inbox_cannot_be_read_there(
    harness: ShopHarness, inbox: Inbox, tmp_path
):
    await inbox.receive([raw_text(1, "ABCD-EFGH-SECRET")])

    for path in tmp_path.rglob("hanout.db*"):
        assert b"SECRET" not in path.read_bytes()


@pytest.mark.parametrize(
    "odd",
    [
        {"pinned_message": GONE},
        {"reply_to_message": GONE, "text": "hello"},
        {"text": "half a pair: \ud83d"},
        {"text": "hello", "a_field_of_next_year": {"x": [1, None]}},
        {"poll_option_added": {"poll_message": GONE, "option_persistent_id": "1"}},
    ],
    ids=["pinned", "reply", "surrogate", "new field", "poll option"],
)
async def test_an_update_is_kept_as_it_came_whatever_the_library_thinks_of_it(
    harness: ShopHarness, inbox: Inbox, odd
):
    odd_update = {"update_id": 1, "message": {**raw_text(1)["message"], **odd}}

    assert await inbox.receive([odd_update, raw_text(2)]) == 2

    assert await kept(harness) == [odd_update, raw_text(2)]
    assert 2 in ids(queued(inbox))


async def test_an_update_that_cannot_be_kept_is_set_aside_alone(
    harness: ShopHarness, inbox: Inbox, monkeypatch
):
    right = harness.store.write

    async def fails_on_two(work, rows=(), *rest):
        if any(row.update_id == 2 and row.trouble is None for row in rows):
            raise OverflowError
        return await right(work, *([rows] if rows else []), *rest)

    monkeypatch.setattr(harness.store, "write", fails_on_two)
    assert await inbox.receive([raw_text(1), raw_text(2), raw_text(3)]) == 2
    monkeypatch.undo()

    assert ids(queued(inbox)) == [1, 3]
    async with harness.store.reading() as tx:
        assert await tx.inbox.count_quarantined() == 1
    await harness.round()
    assert [a["count"] for a in harness.sender.alerts("update_quarantined")] == ["1"]


async def test_while_the_storage_fails_nothing_is_queued_that_is_not_kept(
    harness: ShopHarness, inbox: Inbox, monkeypatch
):
    async def full(*_args, **_kwargs):
        raise StorageFailure("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(harness.store, "write", full)
        with pytest.raises(StorageFailure):
            await inbox.receive([raw_text(1), raw_text(2)])
    assert queued(inbox) == []
    assert await inbox.receive([raw_text(1), raw_text(2)]) == 2


async def test_an_update_whose_commit_was_not_heard_of_is_handled_when_it_comes_again(
    harness: ShopHarness, inbox: Inbox, monkeypatch
):
    right, lost = harness.store.write, [1]

    async def commits_and_fails(work, *args):
        result = await right(work, *args)
        if lost:
            lost.pop()
            raise StorageFailure("connection lost at COMMIT")
        return result

    monkeypatch.setattr(harness.store, "write", commits_and_fails)
    with pytest.raises(StorageFailure):
        await inbox.receive([raw_text(1)])

    for _ in range(2):  # once only, however often it comes
        await inbox.receive([raw_text(1)])

    assert ids(queued(inbox)) == [1]


async def test_what_is_handled_or_set_aside_is_not_handled_again(
    harness: ShopHarness, inbox: Inbox
):
    await inbox.receive([raw_text(1), {"update_id": 2, "message": 5}])
    inbox.finish(text_update(1))
    await inbox.flush()
    queued(inbox)

    await inbox_of(harness.shop).receive([raw_text(1), {"update_id": 2, "message": 5}])
    await inbox.receive([raw_text(1), {"update_id": 2, "message": 5}])

    assert queued(inbox) == []


@pytest.mark.parametrize("error", [StorageFailure("locked"), ConnectionRefusedError(111)])
@pytest.mark.parametrize("count", [1, 2])
async def test_a_storage_that_fails_for_a_moment_costs_no_update_its_content(
    harness: ShopHarness, inbox: Inbox, monkeypatch, error: Exception, count: int
):
    right, failures = harness.store.write, [1, 2]
    updates = [raw_text(number) for number in range(count)]

    async def fails_twice(*args):
        if failures:
            failures.pop()
            raise error
        return await right(*args)

    monkeypatch.setattr(harness.store, "write", fails_twice)
    for _ in range(3):
        with contextlib.suppress(StorageFailure, OSError):
            await inbox.receive(updates)

    assert await kept(harness) == updates
    assert ids(queued(inbox)) == list(range(count))


async def test_only_ones_own_updates_are_replayed(harness: ShopHarness, inbox: Inbox):
    harness.shop.bot_id = 11
    await inbox.receive([raw_text(1)])
    harness.shop.bot_id = 12

    assert await inbox_of(harness.shop).unhandled() == []
    harness.shop.bot_id = 11
    assert ids(await inbox_of(harness.shop).unhandled()) == [1]


async def test_an_unreadable_update_is_quarantined_even_if_that_fails_at_first(
    harness: ShopHarness, inbox: Inbox, monkeypatch
):
    right = harness.store.write
    failed: list[int] = []

    async def fails_once(work, *args):
        if work.__name__ == "_quarantine" and not failed:
            failed.append(1)
            raise StorageFailure("disk full")
        return await right(work, *args)

    monkeypatch.setattr(harness.store, "write", fails_once)
    await inbox.receive([{"update_id": 1, "message": 5}])
    assert ids_of_unhandled(await rows_of(harness)) == [1]

    await inbox.flush()

    assert failed == [1]
    assert ids_of_unhandled(await rows_of(harness)) == []


async def rows_of(harness: ShopHarness):
    async with harness.store.reading() as tx:
        return await tx.inbox.unhandled()


def ids_of_unhandled(rows) -> list[int]:
    return [row.update_id for row in rows]


async def test_two_bots_may_have_updates_with_the_same_ids(harness: ShopHarness, inbox: Inbox):
    await inbox.receive([raw_text(1)])
    harness.shop.bot_id = 77

    assert await inbox.receive([raw_text(1)]) == 1
    assert await inbox.receive([raw_text(1)]) == 0


async def test_updates_of_an_earlier_version_get_the_bot_at_the_start(
    harness: ShopHarness, inbox: Inbox
):
    await inbox.receive([raw_text(1)])
    harness.shop.bot_id = 77

    await inbox.unhandled()

    assert [row.key for row in await rows_of(harness)] == [(77, 1)]
    assert await inbox.receive([raw_text(1)]) == 0


@pytest.mark.parametrize("error", [StorageFailure("disk full"), OSError("refused"), KeyError("x")])
async def test_marks_that_could_not_be_written_are_written_later(
    harness: ShopHarness, inbox: Inbox, monkeypatch, error: Exception
):
    monkeypatch.setattr("handlers.inbox._FIRST_WAIT_SECONDS", 0.01)
    await inbox.receive([raw_text(1)])
    inbox.finish(text_update(1))
    right = harness.store.write
    failed: list[int] = []

    async def once_broken(*args, **kwargs):
        if not failed:
            failed.append(1)
            raise error
        return await right(*args, **kwargs)

    monkeypatch.setattr(harness.store, "write", once_broken)
    task = asyncio.create_task(inbox.keep_finishing())

    async def is_finished() -> bool:
        return bool(failed) and not await rows_of(harness)

    await until(is_finished)
    task.cancel()

    assert failed == [1]
    assert await rows_of(harness) == []


async def test_a_question_survives_the_process(harness: ShopHarness):
    memory = ConversationPersistence(harness.store)
    await memory.update_conversation(NAME, (5, 5), "quantity")
    await memory.update_user_data(5, {"denomination": 3})
    inbox = inbox_of(harness.shop, memory)
    await inbox.flush()
    reborn = ConversationPersistence(harness.store)
    await reborn.load()

    assert await reborn.get_conversations(NAME) == {(5, 5): "quantity"}
    assert await reborn.get_user_data() == {5: {"denomination": 3}}
    await reborn.update_conversation(NAME, (5, 5), None)
    await reborn.update_conversation(NAME, (6, 6), None)
    await reborn.drop_user_data(5)
    await inbox_of(harness.shop, reborn).flush()
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
    assert chat_order._turns._locks == {}


async def test_a_press_under_a_message_that_is_gone_is_replayed(harness: ShopHarness, inbox: Inbox):
    user = {"id": 5, "is_bot": False, "first_name": "L"}
    press = {"id": "1", "from": user, "chat_instance": "1", "data": "hide:1", "message": GONE}
    await inbox.receive([{"update_id": 1, "callback_query": press}])

    (replayed,) = await inbox.unhandled()

    pressed = required(replayed.callback_query)
    assert pressed.data == "hide:1"
    assert required(pressed.message).message_id == 3
