"""A key that is lost can be given up: the shop opens again, and everybody reads what is lost."""

import pytest
from sqlalchemy import select

from bot.domain.audit import Check
from bot.domain.jobs import Job
from bot.domain.records import Customer, InboxRow, Locale
from bot.errors import VaultFailure
from bot.refusals import CodesLost, required
from bot.services.codes.abandon import SealedByKey, abandon_key, find_sealed
from bot.services.codes.custody import (
    check_keys,
    open_stored,
    sealed_again,
    update_associated_data,
)
from bot.services.codes.reveal import hide_codes, open_code_messages, show_again
from bot.services.codes.rotate import rotate_keys
from bot.services.operations.audit import audit_books
from bot.services.operations.reports import report_order
from bot.vault import AesVault, new_key, parse_keys
from storage.tables import inbox, operator_actions
from tests.harness import ShopHarness

LINA = Customer(1, Locale.EN)
LOST, NEW = new_key("k1"), new_key("k2")


def ring(*keys: str) -> AesVault:
    return AesVault(parse_keys(",".join(keys)))


def use(harness: ShopHarness, *keys: str) -> None:
    harness.vault = harness.shop.vault = ring(*keys)


async def buy(harness: ShopHarness, quantity: int = 2) -> int:
    order = await harness.buy(1, quantity)
    await harness.run(20)
    return order.id


async def lose(harness: ShopHarness) -> SealedByKey:
    return await abandon_key(harness.store, harness.vault, harness.clock, "k1")


@pytest.fixture
async def sold(harness: ShopHarness) -> int:
    """The number of an order whose codes were sealed with k1; the shop has k2 alone now."""
    use(harness, LOST)
    await check_keys(harness.store, harness.vault)
    await harness.customer(1)
    order_id = await buy(harness)
    payload = harness.vault.seal("{}", update_associated_data(7))
    await harness.store.write(_receive, harness, InboxRow(0, 7, 1, payload))
    use(harness, NEW)
    return order_id


async def _receive(tx, harness: ShopHarness, row: InboxRow) -> None:
    await tx.inbox.add([row], harness.clock.now())


async def test_the_shop_opens_and_sells_with_the_other_key(harness: ShopHarness, sold: int):
    with pytest.raises(VaultFailure, match="k1"):
        await check_keys(harness.store, harness.vault)

    found = await lose(harness)

    assert found == SealedByKey(codes=2, orders=1, unsent=0, updates=1)
    await check_keys(harness.store, harness.vault)
    assert len(await open_code_messages(harness.shop, await harness.order(await buy(harness)))) == 1
    done = await rotate_keys(harness.store, harness.vault, lambda _: None)
    assert (done.sealed, done.failed, done.still_used) == (0, [], set())


async def test_who_asks_for_lost_codes_reads_that_they_are_lost(harness: ShopHarness, sold: int):
    await lose(harness)

    with pytest.raises(CodesLost):
        await show_again(harness.shop, LINA, sold)

    assert await hide_codes(harness.shop, LINA, sold, None) == 1
    assert harness.sender.masked
    report = await report_order(harness.shop, sold)
    assert (report.codes, report.lost) == (2, 2)


async def test_codes_that_were_never_sent_are_told_as_lost_once(harness: ShopHarness):
    use(harness, LOST)
    await check_keys(harness.store, harness.vault)
    await harness.customer(1)
    harness.leave_out(Job.OUTBOX)
    order_id = await buy(harness)
    use(harness, NEW)
    assert (await find_sealed(harness.store, harness.vault, "k1")).unsent == 1
    await lose(harness)

    for _ in range(2):
        await harness.send()

    told = [sent for sent in harness.sender.sent if sent.kind == "lost"]
    assert [(sent.user_id, sent.order and sent.order.id) for sent in told] == [(1, order_id)]
    assert harness.sender.codes_of(1) == []


async def test_the_audit_says_what_is_lost_and_calls_it_no_difference(
    harness: ShopHarness, sold: int
):
    await lose(harness)

    found = {audited.check: audited for audited in await audit_books(harness.store, harness.clock)}

    assert (found[Check.CODES].is_well, found[Check.CODES].lost) == (True, 2)
    assert all(audited.is_well for audited in found.values())


async def test_operators_are_told_and_the_act_is_kept(harness: ShopHarness, sold: int):
    await lose(harness)
    again = await lose(harness)
    await harness.run(5)

    assert again.abandoned_at is not None
    (told,) = harness.sender.alerts("key_abandoned")
    assert (told["name"], told["sealed"], told["orders"]) == ("k1", "2", "1")
    async with harness.store._reader.connect() as db:
        actions = (
            await db.execute(select(operator_actions).where(operator_actions.c.kind == "abandon"))
        ).all()
        update = (await db.execute(select(inbox))).one()
    assert [(a.target, a.note) for a in actions] == [("k1", "2 codes, 1 orders, 1 updates")]
    assert (update.payload, update.trouble) == (None, "KeyAbandoned")


async def test_a_key_that_is_found_again_opens_its_codes(harness: ShopHarness, sold: int):
    await lose(harness)
    use(harness, NEW, LOST)

    await check_keys(harness.store, harness.vault)

    await show_again(harness.shop, LINA, sold)
    assert len(harness.sender.codes_of(1)) == 4
    use(harness, NEW)
    with pytest.raises(VaultFailure, match="k1"):
        await check_keys(harness.store, harness.vault)


async def test_of_an_order_with_two_keys_the_other_codes_are_shown(harness: ShopHarness):
    """A delivery in two parts, and the key changed in between."""
    use(harness, LOST)
    await check_keys(harness.store, harness.vault)
    await harness.customer(1)
    order_id = await buy(harness)
    use(harness, NEW, LOST)
    async with harness.store.reading() as tx:
        first, second = await tx.codes.of_order(order_id, 1)
    await harness.store.write(_reseal, harness, second)
    use(harness, NEW)
    await lose(harness)

    (message,) = await open_code_messages(harness.shop, await harness.order(order_id))

    assert [card.value for card in message.cards] == ["••••", harness.sender.codes_of(1)[1]]
    assert first.position == 0


async def _reseal(tx, harness: ShopHarness, code) -> None:
    rows = await tx.codes.sealed_with_other_keys(["k2"], (0, -1), 10)
    row = next(r for r in rows if r.position == code.position)
    card = required(open_stored(harness.vault, code))
    await tx.codes.reseal([sealed_again(harness.vault, row, card)])


@pytest.mark.parametrize(
    ("key_id", "keys", "said"),
    [
        ("k1", (LOST,), "k1 is in HANOUT_KEYS; only a key that is lost"),
        ("k1", (new_key("k1"),), "another key by the name of k1; give that one a new name"),
        ("k9", (NEW,), "has never used a key k9"),
    ],
)
async def test_keys_that_are_there_or_unknown_are_not_given_up(
    harness: ShopHarness, sold: int, key_id: str, keys: tuple[str, ...], said: str
):
    with pytest.raises(VaultFailure, match=said):
        await abandon_key(harness.store, ring(*keys), harness.clock, key_id)

    with pytest.raises(VaultFailure):
        await check_keys(harness.store, ring(NEW))


async def test_a_key_that_left_no_check_can_be_given_up(harness: ShopHarness):
    use(harness, LOST)
    await harness.customer(1)
    await buy(harness)
    use(harness, NEW)

    await lose(harness)

    await check_keys(harness.store, harness.vault)
