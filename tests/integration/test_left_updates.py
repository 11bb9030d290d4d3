"""Updates that a process leaves when it ends in order are not suspected of ending it."""

import pytest

from bot.services.messaging.inbox import MOST_ATTEMPTS, leave_updates, record_replay
from handlers.inbox import Inbox
from tests.harness import ShopHarness
from tests.integration.updates import inbox_of, raw_text


@pytest.fixture
def inbox(harness: ShopHarness) -> Inbox:
    return inbox_of(harness.shop)


async def waiting(inbox: Inbox) -> list[int]:
    return [update.update_id for update in await inbox.unhandled()]


async def test_an_update_that_many_processes_leave_in_order_is_handled_by_the_next(
    harness: ShopHarness, inbox: Inbox
):
    await inbox.receive([raw_text(1)])
    for _ in range(2 * MOST_ATTEMPTS):
        await inbox.leave()
        assert not await record_replay(harness.shop, 1)

    assert await waiting(inbox) == [1]


async def test_the_next_process_may_have_counted_it_already(harness: ShopHarness, inbox: Inbox):
    await inbox.receive([raw_text(1)])
    for _ in range(2 * MOST_ATTEMPTS):
        assert not await record_replay(harness.shop, 1)
        await inbox.leave()

    assert await waiting(inbox) == [1]


async def test_what_was_left_in_order_still_counts_where_a_process_dies_of_it(
    harness: ShopHarness, inbox: Inbox
):
    await inbox.receive([raw_text(1), raw_text(2)])
    await inbox.leave()
    await record_replay(harness.shop, 1)
    for _ in range(MOST_ATTEMPTS - 1):
        assert not await record_replay(harness.shop, 1)

    assert await record_replay(harness.shop, 1)
    await leave_updates(harness.shop, [1])
    assert await waiting(inbox) == [2]


async def test_a_process_that_leads_no_more_says_what_it_leaves(harness: ShopHarness, inbox: Inbox):
    await inbox.receive([raw_text(1)])
    await harness.store.write(lambda tx: tx.leader.take("next", "there:2", 7, harness.clock.now()))
    harness.store.lead("former")

    await inbox.leave()

    harness.store.lead("next")
    for _ in range(MOST_ATTEMPTS):
        assert not await record_replay(harness.shop, 1)
    assert await record_replay(harness.shop, 1)


async def test_a_process_that_leaves_nothing_writes_nothing(
    harness: ShopHarness, inbox: Inbox, monkeypatch
):
    monkeypatch.delattr(harness.store, "_writer")

    await inbox.leave()
