"""Each item of a sweep by itself: one that fails or hangs holds up no other, and stands before an operator once."""

import asyncio

import pytest

from bot.domain.alerts import AlertKind
from bot.errors import (
    CommitUnknown,
    NotLeading,
    StorageConflict,
    StorageFailure,
    StorageOutage,
    VaultFailure,
)
from bot.services.items import TRIES_BEFORE_ALERT, Item, ItemKind, Items
from bot.services.messaging.item_runs import failing_items, place_of, run_items
from bot.services.operations.failing import retry_failing
from storage.store import Store
from tests.harness import ShopHarness

pytestmark = pytest.mark.virtual_time
KIND = ItemKind.HIDE
ODD = (
    VaultFailure("cannot decrypt"),
    UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "surrogates not allowed"),
    OverflowError("date value out of range"),
    RecursionError("deep"),
    KeyError("column"),
)


class Work:
    """Does its item, except those that are broken: they raise."""

    def __init__(self, **broken: Exception) -> None:
        self.broken = {int(name.lstrip("_")): error for name, error in broken.items()}
        self.tried: list[int] = []
        self.done: list[int] = []

    async def __call__(self, one: int) -> int:
        self.tried.append(one)
        if one in self.broken:
            raise self.broken[one]
        self.done.append(one)
        return one


async def open_alerts(harness: ShopHarness) -> list[str]:
    async with harness.store.reading() as tx:
        return [alert.key for alert in await tx.alerts.open_of(AlertKind.ITEM_FAILING)]


@pytest.mark.parametrize("error", ODD, ids=lambda error: type(error).__name__)
async def test_whatever_one_item_raises_the_others_are_done(harness: ShopHarness, error):
    work = Work(_2=error)

    assert await run_items(harness.shop, KIND, [1, 2, 3], work) == [1, 3]

    assert work.done == [1, 3]


@pytest.mark.parametrize(
    "away", [StorageOutage("away"), StorageConflict("deadlock"), CommitUnknown(), NotLeading()]
)
async def test_while_the_database_is_away_no_item_waits_longer_nor_is_told(harness, away):
    work, postponed = Work(_1=away), []

    async def postpone(_tx, _shop, one: int, _seconds: float) -> None:
        postponed.append(one)

    for _ in range(3 * TRIES_BEFORE_ALERT):
        await run_items(harness.shop, KIND, [1], work, postpone=postpone)
        harness.clock.pass_time(1)
    assert len(work.tried) == 3 * TRIES_BEFORE_ALERT
    assert (postponed, await open_alerts(harness)) == ([], [])

    work.broken = {}
    assert await run_items(harness.shop, KIND, [1], work) == [1]


async def test_a_failing_item_rests_longer_each_time(harness: ShopHarness):
    work, at = Work(_1=KeyError()), list[int]()
    for second in range(400):
        await run_items(harness.shop, KIND, [1], work)
        if len(work.tried) > len(at):
            at.append(second)
        harness.clock.pass_time(1)

    assert at == [0, 2, 7, 22, 82, 382]


async def test_an_item_that_fails_often_stands_before_an_operator_once(harness: ShopHarness):
    work = Work(_1=VaultFailure("x"))
    seen = []
    for _ in range(9):
        await run_items(harness.shop, KIND, [1, 2], work)
        seen.append(await open_alerts(harness))
        await harness.round()
        harness.clock.pass_time(3601)

    assert seen == [[]] * (TRIES_BEFORE_ALERT - 1) + [["item:hide:1"]] * (10 - TRIES_BEFORE_ALERT)
    assert len(work.tried) == 18  # still tried
    (told,) = harness.sender.alerts("item_failing")
    assert (told["item"], told["id"], told["trouble"]) == ("hide", "1", "VaultFailure")
    assert await failing_items(harness.shop) == [(Item(KIND, 1), "VaultFailure")]

    work.broken.clear()
    await run_items(harness.shop, KIND, [1, 2], work)
    assert await open_alerts(harness) == []
    assert harness.shop.items.troubles == {}


async def test_after_a_restart_an_item_that_works_closes_its_alert(harness: ShopHarness):
    work = Work(_1=VaultFailure("x"))
    for _ in range(TRIES_BEFORE_ALERT):
        await run_items(harness.shop, KIND, [1], work)
        harness.clock.pass_time(3601)
    assert await open_alerts(harness) == ["item:hide:1"]

    harness.restart()
    await run_items(harness.shop, KIND, [1], Work())

    assert await open_alerts(harness) == []


async def test_an_alert_that_cannot_be_closed_is_closed_with_the_next_success(
    harness: ShopHarness, monkeypatch
):
    for _ in range(TRIES_BEFORE_ALERT):
        await run_items(harness.shop, KIND, [1], Work(_1=VaultFailure("x")))
        harness.clock.pass_time(3601)

    async def full(self, *_args, **_kwargs):
        raise StorageFailure("The disk is full")

    with monkeypatch.context() as away:
        away.setattr(Store, "write", full)
        assert await run_items(harness.shop, KIND, [1], Work()) == [1]
    assert await open_alerts(harness) == ["item:hide:1"]

    assert await run_items(harness.shop, KIND, [1], Work()) == [1]
    assert await open_alerts(harness) == []


async def test_a_hanging_item_holds_up_no_other_and_is_not_begun_twice(harness: ShopHarness):
    harness.shop.items = Items(patience_seconds=0.05)
    gate, begun = asyncio.Event(), []

    async def work(one: int) -> int:
        begun.append(one)
        if one == 1:
            await gate.wait()
        return one

    assert await run_items(harness.shop, KIND, [1, 2, 3], work) == [2, 3]
    assert await run_items(harness.shop, KIND, [1, 4], work) == [4]
    assert begun == [1, 2, 3, 4]

    gate.set()
    await harness.shop.items.stop(1)
    assert await run_items(harness.shop, KIND, [1], work) == [1]


async def test_what_takes_longer_than_a_stop_waits_is_cancelled(harness: ShopHarness):
    harness.shop.items = Items(patience_seconds=0.05)
    begun, cancelled = [], []

    async def hang(one: int) -> None:
        begun.append(one)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(one)
            raise

    await run_items(harness.shop, KIND, [1, 2], hang)
    await harness.shop.items.stop(0.01)

    assert begun == sorted(cancelled) == [1, 2]


async def test_places_are_bounded_and_one_lane_takes_none_of_another(harness: ShopHarness):
    harness.shop.items = Items(patience_seconds=0.05)
    gate, at_work = asyncio.Event(), []

    async def hang(one: int) -> None:
        at_work.append(one)
        await gate.wait()

    await run_items(harness.shop, KIND, range(9), hang, lane=lambda _: "slow", at_once=3)
    assert at_work == [0, 1, 2]
    work = Work()
    assert await run_items(harness.shop, KIND, [20, 21], work, lane=lambda _: "other") == [20, 21]

    gate.set()
    await harness.shop.items.stop(1)
    assert at_work == list(range(9))


async def test_a_place_is_taken_as_soon_as_one_is_free(harness: ShopHarness):
    """No rounds: while one item hangs, the others go through the places that are left."""
    harness.shop.items = Items(patience_seconds=0.2)
    gate, done = asyncio.Event(), []

    async def work(one: int) -> None:
        if one == 0:
            await gate.wait()
        done.append(one)

    await run_items(harness.shop, KIND, range(50), work, at_once=2)

    assert done == list(range(1, 50))
    gate.set()
    await harness.shop.items.stop(1)


async def test_the_wait_is_stored_where_the_row_has_a_due_time(harness: ShopHarness):
    stored = []

    async def postpone(_tx, _shop, one, seconds):
        stored.append((one, seconds))

    work = Work(_1=KeyError())
    await run_items(harness.shop, KIND, [1, 2], work, postpone=postpone)
    harness.clock.pass_time(2)
    await run_items(harness.shop, KIND, [1, 2], work, postpone=postpone)

    assert stored == [(1, 2.0), (1, 5.0)]


async def test_while_the_storage_fails_no_item_is_to_blame(harness: ShopHarness, monkeypatch):
    work = Work(_1=StorageFailure("The disk is full"), _2=StorageFailure("The disk is full"))

    async def full(self, *_args, **_kwargs):
        raise StorageFailure("The disk is full")

    await run_items(harness.shop, KIND, [], work)
    with monkeypatch.context() as away:
        away.setattr(Store, "write", full)
        for _ in range(600):
            await run_items(harness.shop, KIND, [1, 2], work)
            harness.clock.pass_time(1)
    assert await open_alerts(harness) == []

    work.broken.clear()
    harness.clock.pass_time(5)  # within seconds of its end
    assert await run_items(harness.shop, KIND, [1, 2], work) == [1, 2]


async def test_a_row_that_the_storage_alone_refuses_is_told(harness: ShopHarness):
    work = Work(_1=StorageFailure("CHECK constraint failed"))
    for _ in range(TRIES_BEFORE_ALERT):
        await run_items(harness.shop, KIND, [1, 2], work)
        harness.clock.pass_time(61)

    assert await open_alerts(harness) == ["item:hide:1"]


async def test_the_log_names_the_item_and_the_kind_of_error_and_nothing_else(harness: ShopHarness):
    lines: list[str] = []
    harness.shop.items.report = lines.append
    await run_items(harness.shop, KIND, [7], Work(_7=ValueError("XXXX-SECRET-CODE")))

    (line,) = lines
    assert line.startswith("hide 7 failed 1 times: ValueError at tests.integration.test_items:")
    assert "SECRET" not in line


def test_an_error_that_was_never_raised_has_no_place():
    assert place_of(ValueError("x")) == "?"


async def test_an_alert_that_fails_raises_no_alert(harness: ShopHarness):
    async def fails(_key: str) -> None:
        raise KeyError("supplier")

    for _ in range(9):
        await run_items(harness.shop, ItemKind.ALERT, ["balance_low:x"], fails)
        harness.clock.pass_time(3601)

    assert await open_alerts(harness) == []


@pytest.mark.parametrize("kind", ItemKind)
async def test_every_kind_of_item_can_be_tried_again(harness: ShopHarness, kind: ItemKind):
    """Also one whose row is gone or has no work any more: it must not stand there for ever."""

    async def fails(_one: int) -> None:
        raise KeyError

    for _ in range(TRIES_BEFORE_ALERT):
        await run_items(harness.shop, kind, [10**6], fails)
        harness.clock.pass_time(3601)
    known = await failing_items(harness.shop)
    assert len(known) == (kind is not ItemKind.ALERT)

    tried, failed = await retry_failing(harness.shop)

    assert tried == len(known)
    assert await failing_items(harness.shop) == []
    assert failed == 0


async def test_an_item_that_its_sweep_is_trying_is_not_tried_beside_it(harness: ShopHarness):
    for _ in range(TRIES_BEFORE_ALERT):
        await run_items(harness.shop, KIND, [1], Work(_1=VaultFailure("x")))
        harness.clock.pass_time(3601)
    harness.shop.items.begin(Item(KIND, 1))

    assert await retry_failing(harness.shop) == (1, 1)
    assert await open_alerts(harness) == ["item:hide:1"]

    harness.shop.items.end(Item(KIND, 1))
    assert await retry_failing(harness.shop) == (1, 0)
