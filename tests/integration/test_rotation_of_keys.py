"""Old keys can be put away: everything is sealed anew, while orders flow, and after being cut short."""

import pytest
from sqlalchemy import select, update

from bot.domain.orders import Attention, OrderState
from bot.domain.records import Customer, InboxRow, Locale
from bot.errors import StorageFailure, VaultFailure
from bot.services import rotate
from bot.services.custody import check_keys, place_of_update
from bot.services.reveal import show_again
from bot.services.rotate import rotate_keys
from bot.vault import AesVault, new_key, parse_keys
from storage.tables import codes
from tests.stage import Stage, books_agree

LINA = Customer(1, Locale.EN)
OLD, NEW = new_key("k1"), new_key("k2")


def ring(*keys: str) -> AesVault:
    return AesVault(parse_keys(",".join(keys)))


def use(stage: Stage, vault: AesVault) -> None:
    stage.vault = stage.shop.vault = vault


async def open_with_old(stage: Stage, orders: int = 2):
    use(stage, ring(OLD))
    await check_keys(stage.store, stage.vault)
    await stage.customer(1)
    for _ in range(orders):
        await stage.buy(1, 2)
    await stage.run(20)


async def keys_of_codes(stage: Stage) -> list[str]:
    async with stage.store._writer.begin() as db:
        return list((await db.execute(select(codes.c.key_id))).scalars())


async def test_after_a_rotation_the_new_key_alone_opens_everything(stage: Stage):
    await open_with_old(stage)
    use(stage, ring(NEW, OLD))
    await check_keys(stage.store, stage.vault)
    payload = ring(OLD).seal("{}", place_of_update(7))
    await stage.store.write(_receive, stage, InboxRow(7, 1, payload))
    told: list[int] = []

    done = await rotate_keys(stage.store, stage.vault, told.append)

    assert (done.sealed, done.failed, done.still_used) == (5, [], set())
    assert told == [4]
    use(stage, ring(NEW))
    await check_keys(stage.store, stage.vault)
    await show_again(stage.shop, LINA, 1)
    await stage.run(2)
    assert set(stage.sender.codes_of(1)) == {
        card["value"] for order in stage.book.orders.values() for card in order.cards
    }
    async with stage.store.reading() as tables:
        (row,) = await tables.inbox.unhandled()
    assert stage.vault.open(row.payload, place_of_update(7)) == "{}"
    assert (await rotate_keys(stage.store, stage.vault, told.append)).sealed == 0


async def _receive(tables, stage, row):
    await tables.inbox.add([row], stage.clock.now())


async def test_a_code_that_comes_twice_is_noticed_across_a_rotation(stage: Stage):
    await open_with_old(stage, orders=1)
    use(stage, ring(NEW, OLD))
    await check_keys(stage.store, stage.vault)
    await rotate_keys(stage.store, stage.vault, lambda _: None)
    use(stage, ring(NEW))
    again = await stage.buy(1)
    await stage.place()
    stage.clock.pass_time(5)
    stage.book.finish_due()
    first, second = stage.book.orders.values()
    second.cards[0] = dict(first.cards[0])

    await stage.run(20)

    assert (await stage.order(again.id)).attention is Attention.DUPLICATE_CODE


async def test_orders_flow_while_keys_are_rotated_and_a_cut_rotation_goes_on(
    stage: Stage, monkeypatch
):
    monkeypatch.setattr(rotate, "_BATCH", 1)
    await open_with_old(stage, orders=2)
    use(stage, ring(NEW, OLD))
    await check_keys(stage.store, stage.vault)
    right, batches = stage.store.write, []

    async def cut_at_the_third(work, *args, **kwargs):
        if work is rotate._seal_codes:
            batches.append(work)
            if len(batches) == 3:
                raise StorageFailure("killed")
        return await right(work, *args, **kwargs)

    monkeypatch.setattr(stage.store, "write", cut_at_the_third)
    with pytest.raises(StorageFailure):
        await rotate_keys(stage.store, stage.vault, lambda _: None)
    assert sorted(await keys_of_codes(stage)) == ["k1", "k1", "k2", "k2"]
    order = await stage.buy(1)
    await stage.run(20)
    done = await rotate_keys(stage.store, stage.vault, lambda _: None)

    assert (done.sealed, done.still_used) == (2, set())
    assert set(await keys_of_codes(stage)) == {"k2"}
    assert (await stage.order(order.id)).state is OrderState.FULFILLED
    use(stage, ring(NEW))
    for number in (1, 2, 3):
        await show_again(stage.shop, LINA, number)
    await books_agree(stage)


async def test_what_does_not_open_is_left_and_named_and_the_rest_is_done(stage: Stage):
    await open_with_old(stage, orders=1)
    use(stage, ring(NEW, OLD))
    await check_keys(stage.store, stage.vault)
    async with stage.store._writer.begin() as db:
        await db.execute(
            update(codes).where(codes.c.position == 0).values(value=b"\x01" + bytes(40))
        )
    broken = InboxRow(9, 1, ring(new_key("k1")).seal("{}", place_of_update(9)))
    fresh = InboxRow(10, 1, ring(NEW).seal("{}", place_of_update(10)))
    for row in (broken, fresh):
        await stage.store.write(_receive, stage, row)

    done = await rotate_keys(stage.store, stage.vault, lambda _: None)

    assert done.sealed == 1
    assert [name.split()[3] for name in done.failed] == ["codes|1|0|value", "inbox|9|payload"]
    assert done.still_used == {"k1"}
    with pytest.raises(VaultFailure, match="k1"):
        await check_keys(stage.store, ring(NEW))


async def test_sandbox_codes_keep_their_own_fingerprints(sandbox_stage: Stage):
    stage = sandbox_stage
    await open_with_old(stage, orders=2)
    use(stage, ring(NEW, OLD))
    await check_keys(stage.store, stage.vault)

    done = await rotate_keys(stage.store, stage.vault, lambda _: None)

    assert (done.sealed, done.failed) == (4, [])
