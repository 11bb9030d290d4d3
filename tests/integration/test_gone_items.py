"""What failed again and again is forgotten when it has no work any more, and not before."""

from datetime import timedelta

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.jobs import Job
from bot.domain.orders import OrderState
from bot.services.items import TRIES_BEFORE_ALERT, Item, ItemKind
from bot.services.messaging.alerts import raise_alert
from bot.services.messaging.item_runs import failing_items, run_items
from bot.services.operations import gone_items
from bot.services.operations.gone_items import forget_gone_items
from bot.services.orders.refund import confirm_refund
from bot.sweeps import Sweep, build_sweeps
from tests.fakes import START
from tests.harness import OPERATOR, ShopHarness
from tests.integration.order_steps import accepted_order, ask_order_refund, change_order

S = OrderState
NOBODY = 987_654


async def fail(harness: ShopHarness, kind: ItemKind, number: int) -> None:
    """Let an item fail until it stands before the operators."""

    async def work(_one: int) -> None:
        raise UnicodeError

    for _ in range(TRIES_BEFORE_ALERT):
        await run_items(harness.shop, kind, [number], work)
        harness.clock.pass_time(3601)


def purge_sweep(harness: ShopHarness) -> Sweep:
    built = build_sweeps(harness.shop, harness.place, harness.send, timedelta(seconds=30))
    return next(sweep for sweep in built if sweep.job is Job.PURGE)


async def known(harness: ShopHarness) -> tuple[list[Item], list[Item]]:
    told = [item for item, _ in await failing_items(harness.shop)]
    return told, list(harness.shop.items.troubles)


async def test_an_order_that_was_refunded_meanwhile_is_no_trouble_any_more(
    harness: ShopHarness, monkeypatch
):
    order = await accepted_order(harness, 1)

    async def odd(*_args):
        raise UnicodeError

    with monkeypatch.context() as broken:
        broken.setattr(harness.supplier, "order", odd)
        broken.setattr(harness.supplier, "orders", odd)
        await harness.run(400)
        assert await known(harness) == ([Item(ItemKind.POLL, order.id)],) * 2
        action_id = await ask_order_refund(harness, await harness.order(order.id))
        await confirm_refund(harness.shop, OPERATOR, action_id)

    await purge_sweep(harness).work()

    assert all(Item(ItemKind.POLL, order.id) not in items for items in await known(harness))


def test_every_kind_of_item_but_an_alert_says_when_it_has_work():
    assert set(gone_items.HAVE_WORK) == set(ItemKind) - {ItemKind.ALERT}


@pytest.mark.parametrize("kind", list(gone_items.HAVE_WORK))
async def test_an_item_whose_row_is_gone_is_forgotten(harness: ShopHarness, kind: ItemKind):
    await fail(harness, kind, NOBODY)

    assert await forget_gone_items(harness.shop) == 1

    assert await known(harness) == ([], [])
    assert await forget_gone_items(harness.shop) == 0


@pytest.mark.parametrize(
    ("kind", "state", "changes"),
    [
        (ItemKind.PLACE, S.PAID, {}),
        (ItemKind.OVERDUE, S.PAID, {}),
        (ItemKind.INTERRUPTED, S.PLACING, {}),
        (ItemKind.RECONCILE, S.UNCONFIRMED, {}),
        (ItemKind.POLL, S.HANDLING, {}),
        (ItemKind.EXPIRE, S.AWAITING_PAYMENT, {}),
        (ItemKind.SLOW, S.HANDLING, {"tell_at": START}),
    ],
)
async def test_an_order_that_has_work_keeps_its_alert_until_it_has_none(
    harness: ShopHarness, kind: ItemKind, state: OrderState, changes
):
    order = await accepted_order(harness, 1)
    await change_order(harness, order.id, state=state, **changes)
    await fail(harness, kind, order.id)

    assert await forget_gone_items(harness.shop) == 0

    assert await known(harness) == ([Item(kind, order.id)],) * 2
    await change_order(harness, order.id, state="fulfilled")
    assert await forget_gone_items(harness.shop) == 1


async def test_a_refunded_order_that_its_supplier_is_asked_about_keeps_its_alert(
    harness: ShopHarness,
):
    order = await accepted_order(harness, 1)
    now = harness.clock.now()
    await change_order(harness, order.id, state="refunded", due_at=now)
    await fail(harness, ItemKind.RECONCILE, order.id)

    assert await forget_gone_items(harness.shop) == 0

    await change_order(harness, order.id, due_at=None)
    assert await forget_gone_items(harness.shop) == 1


async def test_a_row_that_cannot_be_read_and_what_is_at_work_keep_their_alerts_alone(
    harness: ShopHarness, monkeypatch
):
    for kind in (ItemKind.POLL, ItemKind.PLACE, ItemKind.HIDE):
        await fail(harness, kind, NOBODY)
    harness.shop.items.begin(Item(ItemKind.PLACE, NOBODY))
    reported: list[str] = []
    harness.shop.items.report = reported.append

    async def odd(*_args):
        raise KeyError("state")

    monkeypatch.setitem(gone_items.HAVE_WORK, ItemKind.POLL, odd)

    assert await forget_gone_items(harness.shop) == 1

    left = [Item(ItemKind.POLL, NOBODY), Item(ItemKind.PLACE, NOBODY)]
    assert await known(harness) == (left, left)
    assert reported == [f"poll {NOBODY} is not looked at: KeyError"]


async def test_an_alert_of_an_item_that_this_edition_does_not_know_stops_no_sweep(
    harness: ShopHarness,
):
    async def odd_alerts(tx):
        for item, number in (("of_tomorrow", "1"), ("poll", "²"), ("hide", "7")):
            key = f"item:{item}:{number}"
            kind = AlertKind.ITEM_FAILING
            await raise_alert(
                tx, harness.shop, key, kind, item=item, id=number, trouble="x", count=5, order=0
            )

    await harness.store.write(odd_alerts)

    assert await failing_items(harness.shop) == [(Item(ItemKind.HIDE, 7), "x")]
