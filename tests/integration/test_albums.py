"""An album comes as one update for each item, and is handled as one message."""

import asyncio
import re
from collections.abc import Awaitable
from typing import Any

import pytest

from bot.domain.payments import PaymentState
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.sandbox.telegram.world import Person, labels, text_of
from bot.services.messaging.inbox import quarantine_album, release_updates
from bot.services.operations.reports import report_payment
from handlers import support
from handlers.middleware import albums as albums_module
from locales import LOCALES
from storage.tables import inbox
from tests.bot_harness import VoucherBotHarness, bare
from tests.harness import OPERATOR, books_agree
from tests.integration.albums import album_item, groups_of, send_album
from tests.integration.readings import rows

HOURS = 3600.0


@pytest.fixture
async def bot_harness(sqlite_store, request):
    made = await VoucherBotHarness(sqlite_store, getattr(request, "param", "en")).open()
    made.offer()
    await made.say("/start")
    yield made
    await books_agree(made)
    await made.close()


@pytest.fixture
def patient(bot_harness: VoucherBotHarness, monkeypatch) -> VoucherBotHarness:
    """Albums are waited for without end, so only what a test means ends them."""
    monkeypatch.setattr(albums_module, "_MAX_SECONDS", HOURS)
    bot_harness.albums.quiet_seconds = HOURS
    return bot_harness


in_every_language = pytest.mark.parametrize("bot_harness", LOCALES, indirect=True)


async def begin_transfer(harness: VoucherBotHarness, dinars: int = 1000) -> int:
    """A transfer of so many dinars; returns the payment's id."""
    await harness.press(harness.lina, f"top:transfer:{dinars}")
    found = re.search(r"HN(\d+)", text_of(harness.lina.inbox[-1]))
    assert found is not None
    return int(found[1])


async def read_after(harness: VoucherBotHarness, act: Awaitable[Any]) -> list[str]:
    """What Lina reads because of this."""
    before = len(harness.lina.inbox)
    await act
    await harness.pump()
    return [bare(text_of(message)) for message in harness.lina.inbox[before:]]


async def start_handling(harness: VoucherBotHarness) -> list[asyncio.Task[None]]:
    """Fetch what waits and begin to handle it, as the running shop does, without waiting for it."""
    await harness.polling.poll()
    return await handle_queued(harness)


async def handle_queued(harness: VoucherBotHarness) -> list[asyncio.Task[None]]:
    queue = harness.application.update_queue
    updates = [queue.get_nowait() for _ in range(queue.qsize())]
    tasks = [asyncio.create_task(harness.application.process_update(one)) for one in updates]
    await asyncio.sleep(0.01)
    return tasks


async def states_of(harness: VoucherBotHarness, *payments: int) -> list[PaymentState]:
    return [(await report_payment(harness.shop, one)).state for one in payments]


async def unhandled(harness: VoucherBotHarness) -> int:
    await harness.inbox.flush()
    return sum(row.handled_at is None for row in await rows(harness, inbox))


def operator(harness: VoucherBotHarness) -> Person:
    return harness.person(OPERATOR)


@in_every_language
async def test_all_pictures_go_to_the_payment_that_the_caption_names(
    bot_harness: VoucherBotHarness,
):
    named, other = await begin_transfer(bot_harness), await begin_transfer(bot_harness, 2000)

    album = send_album(bot_harness.lina, "photo", "photo", "photo", caption=f"HN{named}")
    read = await read_after(bot_harness, album)
    await bot_harness.live(2)

    assert read == [bot_harness.line("receipt-came", reference=f"HN{named}")]
    assert await states_of(bot_harness, named, other) == [PaymentState.REVIEW, PaymentState.OPEN]
    (group,) = groups_of(operator(bot_harness))
    screen = operator(bot_harness).inbox[-1]
    assert len(group) == 3
    assert (f"HN{named}" in text_of(screen), len(labels(screen)) > 1) == (True, True)
    assert screen["reply_to_message"]["message_id"] == group[0]["message_id"]


async def test_items_of_later_polls_belong_to_the_album(bot_harness: VoucherBotHarness):
    named = await begin_transfer(bot_harness)
    await begin_transfer(bot_harness, 2000)
    bot_harness.albums.quiet_seconds = 0.3
    items = [album_item(bot_harness.lina, "photo", "a", number) for number in range(3)]
    items[0]["caption"] = f"HN{named}"
    before = len(bot_harness.lina.inbox)

    tasks = []
    for item in items:
        bot_harness.world.push("message", item)
        tasks += await start_handling(bot_harness)
    assert len(bot_harness.lina.inbox) == before
    await asyncio.gather(*tasks)
    await bot_harness.live(2)

    assert len(bot_harness.lina.inbox) == before + 1
    assert [len(group) for group in groups_of(operator(bot_harness))] == [3]


async def test_no_item_counts_as_handled_before_its_album(patient: VoucherBotHarness):
    await begin_transfer(patient)
    await send_album(patient.lina, "photo", "photo")

    tasks = await start_handling(patient)
    assert await unhandled(patient) == 2
    await patient.lina.say("/wallet")  # what follows in the chat ends an album
    tasks += await start_handling(patient)
    await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE_SECONDS)

    assert await unhandled(patient) == 0


async def test_what_follows_an_album_in_the_chat_is_answered_after_it(
    patient: VoucherBotHarness,
):
    named = await begin_transfer(patient)
    await send_album(patient.lina, "photo", "photo")

    read = await asyncio.wait_for(
        read_after(patient, patient.lina.say("/language")), PATIENCE_SECONDS
    )

    assert read[0] == patient.line("receipt-came", reference=f"HN{named}")
    assert len(read) == 2


async def test_two_albums_in_a_row_are_two_messages(bot_harness: VoucherBotHarness):
    one, two = await begin_transfer(bot_harness), await begin_transfer(bot_harness, 2000)
    await send_album(bot_harness.lina, "photo", "photo", caption=f"HN{one}", group="a")
    await send_album(bot_harness.lina, "photo", "photo", caption=f"HN{two}", group="b")

    await bot_harness.pump()
    await bot_harness.live(3)

    assert await states_of(bot_harness, one, two) == [PaymentState.REVIEW] * 2
    assert [len(group) for group in groups_of(operator(bot_harness))] == [2, 2]


async def test_no_other_chat_waits_for_an_album(patient: VoucherBotHarness):
    await send_album(patient.lina, "photo", "photo")
    waiting = await start_handling(patient)
    amir = patient.person(6)

    await amir.say("/start")
    await asyncio.wait_for(asyncio.gather(*await start_handling(patient)), PATIENCE_SECONDS)

    assert amir.inbox
    done, _ = await asyncio.wait(waiting[:1], timeout=0.3)
    assert not done  # nor does another chat end it
    await patient.lina.say("/start")
    await asyncio.wait_for(
        asyncio.gather(*waiting, *await start_handling(patient)), PATIENCE_SECONDS
    )


async def test_ten_items_end_an_album(patient: VoucherBotHarness):
    await begin_transfer(patient)

    read = await asyncio.wait_for(
        read_after(patient, send_album(patient.lina, *["photo"] * 10)), PATIENCE_SECONDS
    )

    assert len(read) == 1


async def test_an_album_that_goes_on_and_on_ends(bot_harness: VoucherBotHarness, monkeypatch):
    monkeypatch.setattr(albums_module, "_MAX_SECONDS", 0.1)
    bot_harness.albums.quiet_seconds = HOURS
    await begin_transfer(bot_harness)

    read = await asyncio.wait_for(
        read_after(bot_harness, send_album(bot_harness.lina, "photo", "photo")), PATIENCE_SECONDS
    )

    assert len(read) == 1


async def test_after_a_restart_the_stored_items_and_the_rest_are_one_album(
    bot_harness: VoucherBotHarness,
):
    named = await begin_transfer(bot_harness)
    await begin_transfer(bot_harness, 2000)
    items = [album_item(bot_harness.lina, "photo", "a", number) for number in range(3)]
    items[0]["caption"] = f"HN{named}"
    for item in items[:2]:
        bot_harness.world.push("message", item)
    await bot_harness.polling.poll()
    before = len(bot_harness.lina.inbox)

    bot_harness._assemble()  # the process ended before it handled them
    await bot_harness.application.initialize()
    replayed = await bot_harness.inbox.unhandled()
    bot_harness.retries.replayed.update(update.update_id for update in replayed)
    for update in replayed:
        bot_harness.application.update_queue.put_nowait(update)
    tasks = await handle_queued(bot_harness)
    await asyncio.sleep(0.2)  # longer than an album is waited for, outside a replay
    bot_harness.world.push("message", items[2])
    tasks += await start_handling(bot_harness)
    await bot_harness.lina.say("/wallet")
    await asyncio.gather(*tasks, *await start_handling(bot_harness))
    await bot_harness.live(2)

    assert len(bot_harness.lina.inbox) == before + 2
    assert [len(group) for group in groups_of(operator(bot_harness))] == [3]


async def test_an_item_that_comes_too_late_keeps_the_caption_of_its_album(
    bot_harness: VoucherBotHarness,
):
    named, other = await begin_transfer(bot_harness), await begin_transfer(bot_harness, 2000)
    await send_album(bot_harness.lina, "photo", "photo", caption=f"HN{named}", group="a")
    await bot_harness.pump()

    bot_harness.world.push("message", album_item(bot_harness.lina, "photo", "a", 2))
    await bot_harness.pump()

    assert await states_of(bot_harness, named, other) == [PaymentState.REVIEW, PaymentState.OPEN]
    assert (await report_payment(bot_harness.shop, named)).attempts == 2


@in_every_language
async def test_a_mixed_album_gets_one_answer_that_says_what_was_left_out(
    bot_harness: VoucherBotHarness,
):
    named = await begin_transfer(bot_harness)

    album = send_album(bot_harness.lina, "video", "photo", "document", caption=f"HN{named}")
    read = await read_after(bot_harness, album)
    await bot_harness.live(2)

    came = bot_harness.line("receipt-came", reference=f"HN{named}")
    assert read == [f"{came}\n{bot_harness.line('album-part')}"]
    sent = operator(bot_harness).inbox[-3:]
    assert ["photo" in sent[0], "document" in sent[1], "text" in sent[2]] == [True] * 3


@in_every_language
async def test_an_album_of_other_kinds_gets_one_answer(bot_harness: VoucherBotHarness):
    read = await read_after(bot_harness, send_album(bot_harness.lina, "video", "video"))

    assert read == [bot_harness.line("unknown-message")]


@in_every_language
async def test_an_album_is_one_message_to_support(bot_harness: VoucherBotHarness):
    await bot_harness.say("/paysupport")

    album = send_album(bot_harness.lina, "photo", "photo", caption="Look at both")
    read = await read_after(bot_harness, album)

    await bot_harness.live(2)

    assert [text.splitlines()[0] for text in read] == [bot_harness.line("case-passed", number="K1")]
    (group,) = groups_of(operator(bot_harness))
    assert len(group) == 2
    assert text_of(group[0]) == "Look at both"
    assert "K1" in text_of(operator(bot_harness).inbox[-3])


async def test_an_album_counts_once_for_the_limit_of_messages(
    bot_harness: VoucherBotHarness, monkeypatch
):
    monkeypatch.setattr(support, "_MAX_MESSAGES", 3)
    passed = bot_harness.line("case-passed", number="K1")
    for number in range(3):
        await bot_harness.say("/paysupport")
        album = send_album(bot_harness.lina, *["photo"] * 4, group=f"album-{number}")
        (read,) = await read_after(bot_harness, album)
        assert read.startswith(passed)

    await bot_harness.say("/paysupport")
    album = send_album(bot_harness.lina, "photo", "photo", group="one-more")
    refused = await read_after(bot_harness, album)
    assert refused == [bot_harness.line("support-too-many")]


@in_every_language
async def test_an_operators_album_reaches_the_customer_as_one(bot_harness: VoucherBotHarness):
    await bot_harness.say("/paysupport Where is it?")
    await bot_harness.live(2)
    asked = operator(bot_harness).inbox[-1]

    album = send_album(
        operator(bot_harness), "photo", "photo", caption="Here it is", reply_to_message=asked
    )
    (answer,) = [text for text in await read_after(bot_harness, album) if text]

    assert answer.splitlines() == [bot_harness.line("case-answer", number="K1"), "", "Here it is"]
    assert [len(group) for group in groups_of(bot_harness.lina)] == [2]
    sent = bare(text_of(operator(bot_harness).inbox[-1]))
    assert sent == "✓ Sent to 5 (case K1)."


async def test_an_album_whose_handler_fails_is_quarantined_and_released_as_one(
    bot_harness: VoucherBotHarness, monkeypatch
):
    named = await begin_transfer(bot_harness)
    monkeypatch.setattr("handlers.middleware.retries.WAITS_SECONDS", (0.0,))

    async def fail(*_):
        raise KeyError("x")

    with monkeypatch.context() as failing:
        failing.setattr("handlers.payments.send_receipt", fail)
        await send_album(bot_harness.lina, "photo", "photo", caption=f"HN{named}")
        await bot_harness.pump()
    waiting = [row for row in await rows(bot_harness, inbox) if row.handled_at is None]
    assert [row.quarantined_at is not None for row in waiting] == [True, True]

    released = await release_updates(bot_harness.shop, key="k", operator_id=OPERATOR)
    for update in await bot_harness.inbox.open(released):
        bot_harness.application.update_queue.put_nowait(update)
    await asyncio.gather(*await handle_queued(bot_harness))
    await bot_harness.live(2)

    assert await states_of(bot_harness, named) == [PaymentState.REVIEW]
    assert [len(group) for group in groups_of(operator(bot_harness))] == [2]
    assert await unhandled(bot_harness) == 0


async def test_an_album_that_only_waits_is_not_quarantined(bot_harness: VoucherBotHarness):
    await send_album(bot_harness.lina, "photo", "photo")
    await bot_harness.polling.poll()
    ids = [update.update_id for update in await bot_harness.inbox.unhandled()]
    assert len(ids) == 2

    assert not await quarantine_album(bot_harness.shop, ids[0], ids)

    assert [update.update_id for update in await bot_harness.inbox.unhandled()] == ids


async def test_an_album_that_a_closing_shop_did_not_handle_waits_for_the_next_start(
    bot_harness: VoucherBotHarness,
):
    await begin_transfer(bot_harness)
    bot_harness.bot_state.chat_order.close()
    before = len(bot_harness.lina.inbox)

    await send_album(bot_harness.lina, "photo", "photo")
    await bot_harness.pump()

    assert await unhandled(bot_harness) == 2
    assert len(bot_harness.lina.inbox) == before


async def test_an_album_in_a_group_is_not_answered(patient: VoucherBotHarness):
    group = patient.world.chat(-77)
    group.type = "group"
    items = [album_item(patient.lina, "photo", "a", number) for number in range(2)]
    for item in items:
        patient.world.push("message", item | {"chat": patient.world.chat_json(group)})

    await asyncio.wait_for(patient.pump(), PATIENCE_SECONDS)

    assert not [m for m in group.messages.values() if m["from"]["id"] == patient.bot.id]
    assert await unhandled(patient) == 0


async def test_remembered_captions_are_bounded(bot_harness: VoucherBotHarness, monkeypatch):
    monkeypatch.setattr(albums_module, "_MAX_REMEMBERED", 2)
    for number in range(4):
        await send_album(bot_harness.lina, "photo", "photo", group=f"album-{number}")
        await bot_harness.pump()

    kept = [group for _, group in bot_harness.albums._captions]
    assert kept == ["album-2", "album-3"]
