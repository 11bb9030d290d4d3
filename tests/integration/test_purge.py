"""Removing what is not needed any more: handled updates after three days, events of suppliers after seven."""

from datetime import timedelta

from bot.services.operations.purge import purge_old
from tests.harness import ShopHarness
from tests.integration.updates import inbox_of, queued, raw_text, text_update

SECOND = timedelta(seconds=1)


async def test_a_handled_update_is_kept_for_three_days_and_an_unhandled_one_for_ever(
    harness: ShopHarness,
):
    inbox = inbox_of(harness.shop)

    async def received() -> list[int]:
        await inbox.receive([raw_text(1), raw_text(2)])
        return [u.update_id for u in queued(inbox)]

    assert await received() == [1, 2]
    inbox.finish(text_update(1))
    await inbox.flush()
    harness.clock.moment += timedelta(days=3)
    await purge_old(harness.shop)
    assert await received() == []

    harness.clock.moment += SECOND
    await purge_old(harness.shop)

    assert await received() == [1]


async def test_an_event_of_a_supplier_is_kept_for_seven_days(harness: ShopHarness):
    async def is_new() -> bool:
        async def add(tx) -> bool:
            return await tx.suppliers.add_event("oneclickdz", "event 1", began)

        return await harness.store.write(add)

    began = harness.clock.now()
    assert await is_new()
    harness.clock.moment += timedelta(days=7)
    await purge_old(harness.shop)
    assert not await is_new()

    harness.clock.moment += SECOND
    await purge_old(harness.shop)

    assert await is_new()
