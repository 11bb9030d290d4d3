"""Old keys can be put away: everything is sealed anew, while orders go on, and after an interruption."""

import pytest
from sqlalchemy import select, update

from bot.domain.orders import Attention, OrderState
from bot.domain.records import Customer, InboxRow, Locale
from bot.errors import StorageFailure, VaultFailure
from bot.services.codes import rotate
from bot.services.codes.custody import check_keys, update_associated_data
from bot.services.codes.reveal import open_code_messages, show_again
from bot.services.codes.rotate import rotate_keys
from bot.vault import AesVault, new_key, parse_keys
from storage.tables import codes
from tests.harness import ShopHarness, books_agree

LINA = Customer(1, Locale.EN)
OLD, NEW = new_key("k1"), new_key("k2")


def ring(*keys: str) -> AesVault:
    return AesVault(parse_keys(",".join(keys)))


def use(harness: ShopHarness, vault: AesVault) -> None:
    harness.vault = harness.shop.vault = vault


async def open_with_old(harness: ShopHarness, orders: int = 2):
    use(harness, ring(OLD))
    await check_keys(harness.store, harness.vault)
    await harness.customer(1)
    for _ in range(orders):
        await harness.buy(1, 2)
    await harness.run(20)


async def keys_of_codes(harness: ShopHarness) -> list[str]:
    async with harness.store._writer.begin() as db:
        return list((await db.execute(select(codes.c.key_id))).scalars())


async def test_after_a_rotation_the_new_key_alone_opens_everything(harness: ShopHarness):
    await open_with_old(harness)
    use(harness, ring(NEW, OLD))
    await check_keys(harness.store, harness.vault)
    payload = ring(OLD).seal("{}", update_associated_data(7))
    await harness.store.write(_receive, harness, InboxRow(0, 7, 1, payload))
    told: list[int] = []

    done = await rotate_keys(harness.store, harness.vault, told.append)

    assert (done.sealed, done.failed, done.still_used) == (5, [], set())
    assert told == [4]
    use(harness, ring(NEW))
    await check_keys(harness.store, harness.vault)
    await show_again(harness.shop, LINA, 1)
    await harness.run(2)
    assert set(harness.sender.codes_of(1)) == {
        card["value"] for order in harness.book.orders.values() for card in order.cards
    }
    async with harness.store.reading() as tx:
        (row,) = await tx.inbox.unhandled()
    assert harness.vault.open(row.payload, update_associated_data(7)) == "{}"
    assert (await rotate_keys(harness.store, harness.vault, told.append)).sealed == 0


async def _receive(tx, harness, row):
    await tx.inbox.add([row], harness.clock.now())


async def test_a_code_that_comes_twice_is_noticed_across_a_rotation(harness: ShopHarness):
    await open_with_old(harness, orders=1)
    use(harness, ring(NEW, OLD))
    await check_keys(harness.store, harness.vault)
    await rotate_keys(harness.store, harness.vault, lambda _: None)
    use(harness, ring(NEW))
    again = await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(5)
    harness.book.finish_due()
    first, second = harness.book.orders.values()
    second.cards[0] = dict(first.cards[0])

    await harness.run(20)

    assert (await harness.order(again.id)).attention is Attention.DUPLICATE_CODE


async def test_orders_go_on_while_keys_are_rotated_and_an_interrupted_rotation_is_continued(
    harness: ShopHarness, monkeypatch
):
    monkeypatch.setattr(rotate, "_BATCH", 1)
    await open_with_old(harness, orders=2)
    use(harness, ring(NEW, OLD))
    await check_keys(harness.store, harness.vault)
    right, batches = harness.store.write, []

    async def cut_at_the_third(work, *args, **kwargs):
        if work is rotate._seal_codes:
            batches.append(work)
            if len(batches) == 3:
                raise StorageFailure("killed")
        return await right(work, *args, **kwargs)

    monkeypatch.setattr(harness.store, "write", cut_at_the_third)
    with pytest.raises(StorageFailure):
        await rotate_keys(harness.store, harness.vault, lambda _: None)
    assert sorted(await keys_of_codes(harness)) == ["k1", "k1", "k2", "k2"]
    order = await harness.buy(1)
    await harness.run(20)
    done = await rotate_keys(harness.store, harness.vault, lambda _: None)

    assert (done.sealed, done.still_used) == (2, set())
    assert set(await keys_of_codes(harness)) == {"k2"}
    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    use(harness, ring(NEW))
    for number in (1, 2, 3):
        await show_again(harness.shop, LINA, number)
    await books_agree(harness)


async def test_secrets_that_do_not_open_are_named_and_the_rest_is_sealed_anew(harness: ShopHarness):
    await open_with_old(harness, orders=1)
    use(harness, ring(NEW, OLD))
    await check_keys(harness.store, harness.vault)
    async with harness.store._writer.begin() as db:
        await db.execute(
            update(codes).where(codes.c.position == 0).values(value=b"\x01" + bytes(40))
        )
    broken = InboxRow(0, 9, 1, ring(new_key("k1")).seal("{}", update_associated_data(9)))
    fresh = InboxRow(0, 10, 1, ring(NEW).seal("{}", update_associated_data(10)))
    for row in (broken, fresh):
        await harness.store.write(_receive, harness, row)

    done = await rotate_keys(harness.store, harness.vault, lambda _: None)

    assert done.sealed == 1
    assert len(done.failed) == 2
    for name, failure in zip(("codes|1|0|value", "inbox|9|payload"), done.failed, strict=True):
        assert f" {name}:" in failure
    assert done.still_used == {"k1"}
    with pytest.raises(VaultFailure, match="k1"):
        await check_keys(harness.store, ring(NEW))


async def test_sandbox_codes_keep_their_own_fingerprints(sandbox_harness: ShopHarness):
    harness = sandbox_harness
    await open_with_old(harness, orders=2)
    use(harness, ring(NEW, OLD))
    await check_keys(harness.store, harness.vault)

    done = await rotate_keys(harness.store, harness.vault, lambda _: None)

    assert (done.sealed, done.failed) == (4, [])


async def opened(shop, order):
    return [
        card
        for code_message in await open_code_messages(shop, order)
        for card in code_message.cards
    ]


async def _keep_update(tx, shop, number):
    sealed = shop.vault.seal("{}", update_associated_data(number))
    await tx.inbox.add([InboxRow(0, number, 1, sealed)], shop.clock.now())


async def test_rotation_keeps_serials_and_counts_what_it_sealed(harness: ShopHarness):
    keys = {**parse_keys(new_key("k2")), **parse_keys(new_key("k1"))}
    harness.shop.vault = AesVault({"k1": keys["k1"]})
    await check_keys(harness.store, harness.shop.vault)
    await harness.customer(1)
    order = await harness.buy(1, quantity=2)
    await harness.run(12)
    before = await opened(harness.shop, await harness.order(order.id))
    for number in (1, 2):
        await harness.store.write(_keep_update, harness.shop, number)
    done = await rotate_keys(harness.store, AesVault(keys), lambda _count: None)

    assert (done.sealed, done.failed, done.still_used) == (4, [], set())
    harness.shop.vault = AesVault({"k2": keys["k2"]})
    after = await opened(harness.shop, await harness.order(order.id))
    assert [(c.value, c.serial) for c in after] == [(c.value, c.serial) for c in before]
    assert all(c.serial for c in after)
    assert after[0] == before[0]


async def test_an_update_under_the_newest_key_holds_up_no_other(harness: ShopHarness):
    old, new = new_key("k1"), new_key("k2")
    both = AesVault(parse_keys(f"{new},{old}"))
    for number, key in ((1, new), (2, old)):
        payload = AesVault(parse_keys(key)).seal("{}", update_associated_data(number))
        row = InboxRow(0, number, 1, payload)

        async def receive(tx, row=row):
            await tx.inbox.add([row], harness.clock.now())

        await harness.store.write(receive)

    done = await rotate_keys(harness.store, both, lambda _: None)

    assert (done.sealed, done.still_used) == (1, set())
