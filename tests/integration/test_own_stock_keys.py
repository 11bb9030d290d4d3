"""The own stock of a process that lacks a key: nothing is sold, set aside or loaded until it has it."""

import pytest
from sqlalchemy import func, select, update

from bot.domain.orders import OrderState
from bot.refusals import BadCodes
from bot.services.codes.custody import check_keys
from bot.services.codes.rotate import rotate_keys
from bot.services.stock.batches import view_batch
from bot.services.stock.load import KEY_MISSING
from storage.tables import alerts, own_codes
from tests.harness import OPERATOR
from tests.integration.readings import rows_of
from tests.integration.test_own_stock_custody import NEW, OLD, opened_with, ring, use
from tests.integration.test_own_stock_in_chat import ask_for_codes, last, say
from tests.own_stock import OwnBotHarness, codes_of


async def rotate_beside(harness):
    """As `hanout keys rotate` does with a new key, while the shop runs on with the old one."""
    both = ring(NEW, OLD)
    await check_keys(harness.store, both)
    assert (await rotate_keys(harness.store, both, lambda _: None)).failed == []


@pytest.fixture
async def rotated(sqlite_store):
    """Forty codes on sale, sealed anew with a key that the shop does not have."""
    harness = await opened_with(sqlite_store, OLD)
    await check_keys(harness.store, harness.vault)
    await harness.load(codes_of(40))
    await rotate_beside(harness)
    await harness.customer()
    yield harness
    await harness.close()


async def test_an_order_waits_for_the_key_and_no_code_is_set_aside(rotated):
    order = await rotated.buy(quantity=2)
    await rotated.run(100)
    assert (await rotated.order(order.id)).state is OrderState.PAID
    fates = select(own_codes.c.set_aside, func.count()).group_by(own_codes.c.set_aside)
    assert [tuple(row) for row in await rows_of(rotated, fates)] == [(None, 40)]
    assert "stock_set_aside" not in [
        row.kind for row in await rows_of(rotated, select(alerts.c.kind))
    ]

    await use(rotated, NEW, OLD)
    await rotated.run(100)
    assert (await rotated.order(order.id)).state is OrderState.FULFILLED
    taken = select(func.count()).where(own_codes.c.reservation.is_not(None))
    assert (await rows_of(rotated, taken))[0][0] == 2


async def test_a_damaged_code_is_set_aside_only_with_the_key(rotated):
    damaged = update(own_codes).where(own_codes.c.position == 0).values(value=b"\x01damaged" * 4)

    async def damage(tx):
        await tx.own_codes._db.execute(damaged)

    await rotated.store.write(damage)
    order = await rotated.buy(quantity=2)
    await rotated.run(100)
    aside = select(own_codes.c.position).where(own_codes.c.set_aside.is_not(None))
    assert await rows_of(rotated, aside) == []

    await use(rotated, NEW, OLD)
    await rotated.run(100)
    assert (await rotated.order(order.id)).state is OrderState.FULFILLED
    assert [row.position for row in await rows_of(rotated, aside)] == [0]


async def test_nothing_is_loaded_where_nobody_can_tell_what_is_here_already(rotated):
    with pytest.raises(BadCodes) as refused:
        await rotated.load(codes_of(40), sell=False)
    assert refused.value.fault == KEY_MISSING

    await use(rotated, NEW, OLD)
    again = await rotated.load(codes_of(41), sell=False)
    view = await view_batch(rotated.store, rotated.vault, again)
    assert (view.counts.left, view.batch.refusals.known) == (1, 40)


async def test_the_chat_says_that_the_key_is_missing(sqlite_store):
    shop = await OwnBotHarness(sqlite_store).open()
    boss = shop.person(OPERATOR)
    await ask_for_codes(shop, boss)
    await say(shop, boss, "\n".join(codes_of(3)))
    held, shop.vault.holds = shop.vault.holds, lambda key_id: key_id != shop.vault.newest
    await ask_for_codes(shop, boss)

    await say(shop, boss, "\n".join(codes_of(3, first=10)))

    assert "runs without the key" in last(boss)
    assert "Nothing was stored" in last(boss)
    shop.vault.holds = held
    await shop.close()
