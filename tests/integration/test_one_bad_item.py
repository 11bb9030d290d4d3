"""One bad row, code, answer or message harms only itself: at the level at which each did more."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import update

from bot import errors
from bot.domain.alerts import AlertKind
from bot.domain.jobs import Job
from bot.domain.outbox import OutboxKind
from bot.domain.supplier import Card, SupplierStatus
from bot.errors import StorageFailure, VaultFailure
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.sandbox.telegram.world import text_of
from bot.services.codes.reveal import hide_codes, hide_due_messages, show_again
from bot.services.codes.sent import hide_when_recorded, record_message, unrecorded_messages
from bot.services.items import TRIES_BEFORE_ALERT, ItemKind, Items
from bot.services.messaging.alert_messages import tell_alerts
from bot.services.messaging.alerts import raise_alert
from bot.services.messaging.item_runs import run_items
from bot.services.operations.failing import retry_failing
from bot.services.operations.reports import report_attention
from bot.services.orders.poll import poll_due_orders
from bot.services.orders.settle import settle_order
from locales import words
from storage.store import Store
from storage.tables import codes
from tests.bot_harness import BotHarness
from tests.harness import OPERATOR, ShopHarness, send_due_messages
from tests.integration.order_steps import report
from tests.sweeps import AT_INTERVALS

S = SupplierStatus
HOUR, DAY = 3600, 86_400


def bare(text: str) -> str:
    """Without marks of direction and of bold text."""
    return "".join(c for c in text if c not in "\u2068\u2069\u200e\u200f\ue000\ue001")


async def handled(harness: ShopHarness, count: int) -> list[Any]:
    """Orders of as many customers that the supplier handles, due to be polled."""
    orders = []
    for user_id in range(1, count + 1):
        await harness.customer(user_id)
        orders.append(await harness.buy(user_id))
    await harness.place()
    harness.clock.pass_time(5)
    return [await harness.order(order.id) for order in orders]


async def delivered(harness: ShopHarness, count: int) -> list[Any]:
    orders = await handled(harness, count)
    await harness.run(20)
    assert all(harness.sender.codes_of(order.user_id) for order in orders)
    return orders


async def damage(harness: ShopHarness, order_id: int, blob: bytes) -> bytes:
    """Replace the ciphertext of an order's codes; returns what it was."""

    async def change(tx):
        (row,) = await tx.codes.of_order(order_id, 1)
        await tx.codes._db.execute(
            update(codes).where(codes.c.order_id == order_id).values(value=blob)
        )
        return row.secrets["value"].blob

    return await harness.store.write(change)


async def alerts_of(harness: ShopHarness, kind: AlertKind) -> list[str]:
    async with harness.store.reading() as tx:
        return [alert.key for alert in await tx.alerts.open_of(kind)]


async def test_a_code_that_does_not_open_stops_no_other_from_being_hidden(harness: ShopHarness):
    harness.leave_out(*AT_INTERVALS)
    orders = await delivered(harness, 3)
    good = await damage(harness, orders[0].id, b"\x01 no ciphertext of ours")
    harness.clock.pass_time(DAY)

    await hide_due_messages(harness.shop)

    assert sorted(harness.sender.masked) == [1001, 1002, 1003]  # the damaged one without its masks
    async with harness.store.reading() as tx:
        assert [len(await tx.codes.visible_messages(o.id, o.user_id)) for o in orders] == [1, 0, 0]
    await harness.run(6 * HOUR)
    (told,) = harness.sender.alerts("item_failing")
    assert (told["item"], told["trouble"]) == ("hide", "VaultFailure")

    await damage(harness, orders[0].id, good)
    assert await retry_failing(harness.shop) == (1, 0)
    assert not (await report_attention(harness.shop)).is_needed


async def test_a_press_hides_every_message_of_codes_that_do_not_open(harness: ShopHarness):
    (order,) = await delivered(harness, 1)
    lina = await harness.customer(1, dinars=0)
    await show_again(harness.shop, lina, order.id)
    await damage(harness, order.id, b"\x01 no ciphertext of ours")

    with pytest.raises(VaultFailure):
        await hide_codes(harness.shop, lina, order.id, None)

    assert harness.sender.masked == [1001, 1002]


async def test_an_order_whose_answer_breaks_is_polled_ever_more_rarely_and_alone(
    harness: ShopHarness, monkeypatch
):
    harness.leave_out(*AT_INTERVALS)
    orders = await handled(harness, 3)
    broken, ask, asked = orders[0].supplier_order_id, harness.supplier.order, []

    async def answer(supplier_order_id, purchase):
        if supplier_order_id == broken:
            asked.append(harness.clock.now())
            raise UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "surrogates not allowed")
        return await ask(supplier_order_id, purchase)

    async def no_list(_since, _until):
        raise OverflowError("date value out of range")

    monkeypatch.setattr(harness.supplier, "order", answer)
    monkeypatch.setattr(harness.supplier, "orders", no_list)
    await harness.run(60)
    assert [len(harness.sender.codes_of(user_id)) for user_id in (1, 2, 3)] == [0, 1, 1]
    await harness.run(6 * HOUR)

    waits = [later - earlier for earlier, later in pairwise(asked)]
    assert waits == sorted(waits)
    assert waits[-1] >= timedelta(minutes=15)
    (told,) = harness.sender.alerts("item_failing")
    assert (told["order"], told["trouble"]) == (str(orders[0].id), "UnicodeEncodeError")

    monkeypatch.undo()
    assert await retry_failing(harness.shop) == (1, 0)
    await harness.run(1)
    assert len(harness.sender.codes_of(1)) == 1


async def test_a_call_that_hangs_holds_up_no_other_order(harness: ShopHarness, monkeypatch):
    orders = await handled(harness, 4)
    harness.shop.items = Items(patience_seconds=0.05)
    gate, ask = asyncio.Event(), harness.supplier.order

    async def answer(supplier_order_id, purchase):
        if supplier_order_id == orders[0].supplier_order_id:
            await gate.wait()
        return await ask(supplier_order_id, purchase)

    async def no_list(_since, _until):
        raise errors.SupplierUnavailable("list", "")

    monkeypatch.setattr(harness.supplier, "order", answer)
    monkeypatch.setattr(harness.supplier, "orders", no_list)

    async with asyncio.timeout(PATIENCE_SECONDS):
        while not all(harness.sender.codes_of(user_id) for user_id in (2, 3, 4)):
            await poll_due_orders(harness.shop, "oneclickdz")
            await send_due_messages(harness.shop)
            await asyncio.sleep(0.01)
    assert harness.sender.codes_of(1) == []

    gate.set()
    await harness.shop.items.stop(PATIENCE_SECONDS)
    await send_due_messages(harness.shop)
    assert len(harness.sender.codes_of(1)) == 1


@pytest.fixture
def full_disk(monkeypatch):
    """Every write fails while it is switched on; reading goes on."""
    state, write = {"full": False}, Store.write

    async def failing(self, work, *args, **kwargs):
        if state["full"]:
            raise StorageFailure("The disk is full")
        return await write(self, work, *args, **kwargs)

    monkeypatch.setattr(Store, "write", failing)
    return state


async def _settled(harness: ShopHarness, texts: list[str]) -> Any:
    """An order whose codes wait in the outbox."""
    harness.set_policy(max_quantity=40)
    await harness.customer(1, dinars=900_000)
    order = await harness.buy(1, quantity=len(texts))
    await harness.place()
    await harness.round()
    order = await harness.order(order.id)
    await settle_order(harness.shop, order, report(order, S.FULFILLED, texts, final=True))
    return order


async def _send_with_full_disk(harness: ShopHarness, full_disk: dict[str, bool]) -> None:
    send = harness.sender.send_codes

    async def disk_fills_up(*args, **kwargs):
        full_disk["full"] = True
        return await send(*args, **kwargs)

    harness.sender.send_codes = disk_fills_up
    for _ in range(5):
        with pytest.raises(StorageFailure):
            await send_due_messages(harness.shop)
    harness.sender.send_codes = send


async def test_codes_that_were_sent_and_not_recorded_are_sent_once_and_hidden(
    harness: ShopHarness, full_disk
):
    texts = [f"{n:04}-ABCD-EFGH" for n in range(25)]  # two messages
    order = await _settled(harness, texts)

    await _send_with_full_disk(harness, full_disk)
    assert harness.sender.codes_of(1) == texts

    full_disk["full"] = False
    await harness.run(10)
    assert harness.sender.codes_of(1) == texts
    async with harness.store.reading() as tx:
        assert len(await tx.codes.visible_messages(order.id, 1)) == 2
    harness.clock.pass_time(DAY)
    await harness.run(60)
    assert len(harness.sender.masked) == 2


async def test_a_delivery_ends_only_together_with_the_records_of_its_messages(
    harness: ShopHarness, monkeypatch
):
    """A process that died between them would forget a message that nobody hides."""
    order = await _settled(harness, ["0001-ABCD-EFGH"])
    write = harness.store.write

    async def no_record(work, *args, **kwargs):
        if work is record_message:
            raise StorageFailure("once more")
        return await write(work, *args, **kwargs)

    monkeypatch.setattr(harness.store, "write", no_record)

    assert await send_due_messages(harness.shop)

    assert harness.sender.codes_of(1) == ["0001-ABCD-EFGH"]
    async with harness.store.reading() as tx:
        assert await tx.outbox.earliest_due(harness.clock.now()) is None
        assert len(await tx.codes.visible_messages(order.id, 1)) == 1
    assert harness.shop.unrecorded.of_order(order.id) == []


@pytest.mark.parametrize(("count", "ids"), [(1, [1001]), (25, [1001, 1002])])
async def test_what_was_sent_and_not_recorded_is_hidden_at_a_press(
    harness: ShopHarness, full_disk, count: int, ids: list[int]
):
    order = await _settled(harness, [f"{n:04}-ABCD-EFGH" for n in range(count)])
    await _send_with_full_disk(harness, full_disk)
    lina = await harness.customer(1, dinars=0)

    assert await hide_codes(harness.shop, lina, order.id, ids[-1]) == len(ids)

    assert harness.sender.masked == ids
    full_disk["full"] = False
    await harness.run(10)
    assert len(harness.sender.codes_of(1)) == count
    async with harness.store.reading() as tx:
        assert await tx.codes.visible_messages(order.id, 1) == []


async def test_only_the_message_that_was_hidden_is_due_as_soon_as_it_is_recorded(
    harness: ShopHarness, full_disk
):
    order = await _settled(harness, [f"{n:04}-ABCD-EFGH" for n in range(25)])
    await _send_with_full_disk(harness, full_disk)
    _, second = unrecorded_messages(harness.shop, order.id)

    hide_when_recorded(harness.shop, second)

    sent = harness.shop.unrecorded.of_order(order.id)
    assert [one.hide_at <= harness.clock.now() for one in sent] == [False, True]


async def test_codes_shown_again_are_recorded_when_the_storage_works(
    harness: ShopHarness, full_disk
):
    (order,) = await delivered(harness, 1)
    lina = await harness.customer(1, dinars=0)
    send = harness.sender.send_codes

    async def disk_fills_up(*args, **kwargs):
        full_disk["full"] = True
        return await send(*args, **kwargs)

    harness.sender.send_codes = disk_fills_up
    assert await show_again(harness.shop, lina, order.id) == 2
    assert Job.RECORD in harness.woken
    full_disk["full"] = False

    await harness.run(5)
    async with harness.store.reading() as tx:
        assert len(await tx.codes.visible_messages(order.id, 1)) == 2
    await harness.run(11 * 60)
    assert len(harness.sender.masked) == 1


async def test_news_that_was_sent_and_not_closed_is_sent_once(harness: ShopHarness, full_disk):
    await harness.customer(1, dinars=0)

    async def add(tx):
        await tx.outbox.add("n", 1, OutboxKind.CREDITED, harness.clock.now(), data={})

    await harness.store.write(add)
    full_disk["full"] = True
    for _ in range(3):
        with pytest.raises(StorageFailure):
            await send_due_messages(harness.shop)
    full_disk["full"] = False
    await harness.run(10)

    assert [s.kind for s in harness.sender.sent] == ["credited"]
    assert harness.shop.unrecorded.rows == {}


async def test_an_alert_that_cannot_be_told_holds_up_no_other(harness: ShopHarness):
    async def open_alerts(tx):
        await raise_alert(tx, harness.shop, "a", AlertKind.ORDERS_STUCK)  # without its supplier
        await raise_alert(tx, harness.shop, "b", AlertKind.BACKUP_FAILED, why="x")

    await harness.store.write(open_alerts)

    assert await tell_alerts(harness.shop) == 1
    await send_due_messages(harness.shop)
    assert [a["alert"] for a in harness.sender.alerts()] == ["backup_failed"]


async def test_the_last_day_of_the_calendar_keeps_no_code_from_its_owner(harness: ShopHarness):
    harness.leave_out(*AT_INTERVALS)
    (order,) = await handled(harness, 1)
    never = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    sent = replace(
        report(order, S.FULFILLED, final=True), cards=(Card("ABCD-EFGH", expires_at=never),)
    )
    await settle_order(harness.shop, order, sent)
    await harness.run(10)

    assert harness.sender.codes_of(1) == ["ABCD-EFGH"]
    await harness.run(HOUR)
    assert await alerts_of(harness, AlertKind.ITEM_FAILING) == []


@pytest.mark.parametrize("locale", ["en", "fr", "ar"])
async def test_an_operator_sees_what_fails_and_tries_it_again(sqlite_store: Store, locale: str):
    shop = await BotHarness(sqlite_store).open()
    operator = shop.person(OPERATOR)
    await operator.say("/start")
    await shop.pump()
    await shop.press(operator, f"lang:{locale}", operator.inbox[-1])

    async def fails(_one: int) -> None:
        raise VaultFailure("x")

    for _ in range(TRIES_BEFORE_ALERT):
        await run_items(shop.shop, ItemKind.HIDE, [4711], fails)
        shop.clock.pass_time(HOUR)
    await operator.say("/attention")
    await shop.pump()
    assert bare(words(locale).text("item-hide", id="4711")) in bare(text_of(operator.inbox[-1]))

    await shop.press(operator, "again", operator.inbox[-1])

    told = bare(text_of(operator.inbox[-1]))
    assert bare(words(locale).text("tried-again", count=1)) in told
    assert bare(words(locale).text("attention-none")) in told
    await shop.close()


async def test_a_customer_cannot_try_again(sqlite_store: Store):
    shop = await BotHarness(sqlite_store).open()
    lina = shop.person(5)
    await lina.say("/start")
    await shop.pump()
    before = shop.shop.items

    await shop.press(lina, "again", lina.inbox[-1])

    assert not before.loaded
    await shop.close()
