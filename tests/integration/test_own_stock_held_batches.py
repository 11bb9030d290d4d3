"""Batches of a restored backup: held, drafts too, until an operator has decided about them on purpose."""

import json

import pytest
from sqlalchemy import func, select

from bot.domain.roles import Role
from bot.domain.stock import BatchState
from bot.refusals import AlreadyDecided
from bot.sandbox.telegram.world import text_of
from bot.services.operations.restored import quarantine_restored
from bot.services.stock.batches import Decision, discard, put_on_sale, view_batch, withdraw
from storage.tables import alerts, own_codes
from tests.harness import OPERATOR
from tests.integration.readings import rows_of
from tests.own_stock import OwnBotHarness, codes_of


@pytest.fixture
async def shop(sqlite_store):
    harness = OwnBotHarness(sqlite_store)
    yield await harness.open()
    await harness.close()


async def batch_of(shop, batch_id):
    return (await view_batch(shop.store, shop.vault, batch_id)).batch


async def known_of(shop, batch_id):
    return (await batch_of(shop, batch_id)).refusals.known


async def throw_away(shop, batch_id):
    return await discard(shop.store, shop.clock, Decision(f"d{batch_id}", OPERATOR, batch_id))


def last(who):
    return text_of(who.inbox[-1]).replace("\u2068", "").replace("\u2069", "")


async def test_a_draft_of_a_backup_is_held_and_told_of_like_a_batch_on_sale(shop):
    draft = await shop.load(codes_of(3), sell=False)

    restored = await quarantine_restored(shop.store, shop.clock)

    assert restored.batches == 1
    assert (await batch_of(shop, draft)).is_held
    (alert,) = await rows_of(shop, select(alerts.c.kind, alerts.c.data))
    assert (alert.kind, json.loads(alert.data)["count"]) == ("stock_held", "1")


async def test_what_is_told_of_the_batches_says_how_many_people_have_to_be_appointed_anew(shop):
    await shop.load(codes_of(3))
    await shop.hire(901, Role.MANAGER)
    await quarantine_restored(shop.store, shop.clock)
    await shop.live(60)

    assert "One person of the team has no rights now" in last(shop.person(OPERATOR))
    assert shop.person(901).inbox == []


async def test_a_second_restore_tells_of_what_nobody_has_decided_about(shop):
    await shop.load(codes_of(3))
    await quarantine_restored(shop.store, shop.clock)

    assert (await quarantine_restored(shop.store, shop.clock)).batches == 1


async def test_a_draft_that_is_loaded_after_the_restore_is_as_ever(shop):
    await quarantine_restored(shop.store, shop.clock)
    draft = await shop.load(codes_of(3), sell=False)

    await throw_away(shop, draft)

    assert not (await batch_of(shop, draft)).is_held
    assert await known_of(shop, await shop.load(codes_of(3), sell=False)) == 0


async def test_codes_of_a_held_batch_that_was_thrown_away_are_not_good_again(shop):
    for batch in (await shop.load(codes_of(3)), await shop.load(codes_of(2, 10), sell=False)):
        await quarantine_restored(shop.store, shop.clock)
        assert (await throw_away(shop, batch)).batch.state is BatchState.DISCARDED

    again = await shop.load([*codes_of(3), *codes_of(2, 10), *codes_of(1, 50)], sell=False)

    view = await view_batch(shop.store, shop.vault, again)
    assert (view.batch.refusals.known, view.counts.left) == (5, 1)
    erased = select(func.count()).where(own_codes.c.batch_id != again, own_codes.c.key_id != "")
    assert await rows_of(shop, erased) == [(0,)]
    with pytest.raises(AlreadyDecided):
        await put_on_sale(shop.store, shop.clock, Decision("late", OPERATOR, 1))


async def test_a_held_batch_that_was_put_on_sale_is_held_no_longer(shop):
    batch = await shop.load(codes_of(3), sell=False)
    await quarantine_restored(shop.store, shop.clock)

    await shop.sell(batch)

    assert (await batch_of(shop, batch)).held_at is None
    await withdraw(shop.store, shop.clock, Decision("w", OPERATOR, batch))
    assert await known_of(shop, await shop.load(codes_of(3), sell=False)) == 0


async def test_a_button_from_before_the_restore_shows_where_the_batch_comes_from(shop):
    boss = shop.person(OPERATOR)
    batch = await shop.load(codes_of(3), sell=False)
    await boss.say("/stock")
    await shop.pump()
    await shop.press_newest(boss, "sval:1")
    await quarantine_restored(shop.store, shop.clock)

    await shop.press(boss, f"sgo:{batch}:1")

    assert "comes from a backup" in last(boss)
    assert (await batch_of(shop, batch)).is_held
    assert await shop.press_newest(boss, f"sgo:{batch}:2")
    assert f"Batch {batch} is on sale" in last(boss)
    assert (await batch_of(shop, batch)).state is BatchState.ON_SALE


async def test_the_screens_of_a_held_batch_say_so_until_it_is_thrown_away(shop):
    boss = shop.person(OPERATOR)
    batch = await shop.load(codes_of(3))
    await quarantine_restored(shop.store, shop.clock)
    await boss.say("/stock")
    await shop.pump()
    await shop.press_newest(boss, "sval:1")
    assert f"Batch {batch} · from a backup, not on sale" in last(boss)

    await shop.press_newest(boss, f"sgo:{batch}:0")

    assert "can’t be loaded again" in last(boss)
    assert (await batch_of(shop, batch)).state is BatchState.DISCARDED
