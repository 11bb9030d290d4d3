"""Updates whose handler fails are tried five times, then quarantined until an operator releases them."""

from types import SimpleNamespace
from typing import Any

import pytest
from telegram import Update
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.domain.alerts import AlertKind
from bot.domain.records import InboxRow
from bot.errors import StorageFailure
from bot.refusals import required
from bot.services.codes.custody import update_associated_data
from bot.services.messaging.inbox import (
    MOST_ATTEMPTS,
    record_failed_attempt,
    release_updates,
    tell_polling_stopped,
)
from handlers.inbox import Inbox, read_update
from handlers.middleware.errors import _is_final
from handlers.middleware.retries import Retries
from handlers.payment_updates import is_payment
from handlers.request import ForeignPage, ServerTrouble
from storage.tables import alerts, operator_actions
from tests.harness import OPERATOR, ShopHarness
from tests.integration.readings import only_alert, rows
from tests.integration.updates import APPLICATION, inbox_of, queued, raw_text, text_update


@pytest.fixture
def inbox(harness: ShopHarness) -> Inbox:
    return inbox_of(harness.shop)


@pytest.fixture
def at_once(monkeypatch) -> list[float]:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("handlers.middleware.retries.asyncio.sleep", sleep)
    return waits


async def is_worked_on(retries: Retries, update: Update) -> bool:
    """Whether an update from before the start comes as far as its handler."""
    worked = []

    async def work(one: Update) -> None:
        worked.append(one)

    await retries.count_replays(update, APPLICATION, work)
    return bool(worked)


async def waiting(inbox: Inbox) -> list[int]:
    async with inbox._store.reading() as tx:
        return [row.update_id for row in await tx.inbox.unhandled()]


async def test_a_handler_that_fails_is_tried_five_times_within_four_seconds(
    harness: ShopHarness, inbox: Inbox, at_once
):
    await inbox.receive([raw_text(1)])
    retries, tries = Retries(harness.shop), []

    async def work(one: Update) -> None:
        tries.append(await retries.note(one, KeyError("x")))

    await retries.retry(text_update(1), APPLICATION, work)

    assert tries == [False] * 4 + [True]
    assert sum(at_once) < 4
    assert retries.not_handled == {1}
    assert await waiting(inbox) == []
    await harness.round()
    (alert,) = harness.sender.alerts("update_quarantined")
    assert (alert["trouble"], alert["count"]) == ("KeyError", "1")


async def test_while_telegram_is_out_of_reach_no_attempt_counts(
    harness: ShopHarness, inbox: Inbox, at_once
):
    now = 0.0
    await inbox.receive([raw_text(1)])
    retries, tries = Retries(harness.shop, lambda: now), []

    async def work(one: Update) -> None:
        nonlocal now
        now += 1
        tries.append(now)
        if len(tries) <= 100:
            assert not await retries.note(one, NetworkError("httpx.ConnectError: x"))

    await retries.retry(text_update(1), APPLICATION, work)

    assert len(tries) == 101
    assert [wait for wait in at_once if wait] == [1.0, 2.0, 3.0] + [5.0] * 97
    assert retries.not_handled == set()
    assert (retries._out_since, retries._outages, retries._failures) == ({}, {}, {})


@pytest.mark.parametrize(
    "error",
    [
        ForeignPage(502, b"<html>"),
        ServerTrouble(500, "restart"),
        TimedOut(),
        NetworkError("httpx.ReadError: cut"),
        BadRequest("Bad Request: Bad Gateway"),
    ],
    ids=repr,
)
async def test_a_call_that_may_have_arrived_is_repeated_seldom(
    harness: ShopHarness, inbox: Inbox, at_once, error
):
    """It was repeated each second for two minutes, and the person got the same each time."""
    await inbox.receive([raw_text(1)])
    retries, tries = Retries(harness.shop), []

    async def work(one: Update) -> None:
        tries.append(await retries.note(one, error))

    await retries.retry(text_update(1), APPLICATION, work)

    assert tries == [False, False, False, True]
    assert [wait for wait in at_once if wait] == [1.0, 8.0, 50.0]
    assert retries.not_handled == {1}
    assert await waiting(inbox) == []


async def test_an_outage_without_end_does_not_hold_its_chat_for_ever(
    harness: ShopHarness, inbox: Inbox, at_once
):
    now = 0.0
    await inbox.receive([raw_text(1)])
    retries = Retries(harness.shop, lambda: now)

    async def work(one: Update) -> None:
        nonlocal now
        now += 10
        await retries.note(one, NetworkError("httpx.ConnectError: x"))

    await retries.retry(text_update(1), APPLICATION, work)

    assert now == 10 * (12 + MOST_ATTEMPTS)
    assert retries.not_handled == {1}


async def test_a_handler_that_fails_twice_is_not_quarantined(
    harness: ShopHarness, inbox: Inbox, at_once
):
    await inbox.receive([raw_text(1)])
    retries, tries = Retries(harness.shop), []

    async def work(one: Update) -> None:
        tries.append(1)
        if len(tries) < 3:
            await retries.note(one, KeyError("x"))

    await retries.retry(text_update(1), APPLICATION, work)

    assert len(tries) == 3
    assert retries.not_handled == set()
    assert retries._failures == {}


async def test_a_shop_that_closes_leaves_failed_updates_to_the_next_start(
    harness: ShopHarness, inbox: Inbox, at_once
):
    await inbox.receive([raw_text(1)])
    retries = Retries(harness.shop)
    retries.close()

    async def work(one: Update) -> None:
        await retries.note(one, KeyError("x"))

    await retries.retry(text_update(1), APPLICATION, work)

    assert retries.not_handled == {1}
    assert await waiting(inbox) == [1]


async def test_attempts_that_cannot_be_counted_still_come_to_an_end(
    harness: ShopHarness, inbox: Inbox, at_once, monkeypatch
):
    await inbox.receive([raw_text(1)])
    retries, tries = Retries(harness.shop), []

    async def full(*_args, **_kwargs):
        raise StorageFailure("disk full")

    async def work(one: Update) -> None:
        tries.append(await retries.note(one, KeyError("x")))

    with monkeypatch.context() as broken:
        broken.setattr(harness.store, "write", full)
        await retries.retry(text_update(1), APPLICATION, work)

    assert len(tries) == MOST_ATTEMPTS
    assert await waiting(inbox) == [1]  # kept for the next start


async def test_an_update_that_ends_the_process_five_times_is_quarantined_and_others_are_not(
    harness: ShopHarness, inbox: Inbox
):
    await inbox.receive([raw_text(1), raw_text(2)])
    began = []
    for _ in range(6):  # each time the process dies while it works on the first
        retries = Retries(harness.shop)
        retries.replayed = {u.update_id for u in await inbox.unhandled()}
        if 1 in retries.replayed:
            began.append(await is_worked_on(retries, text_update(1)))

    assert began == [True] * 4 + [False]
    assert retries.replayed == {2}
    assert await is_worked_on(retries, text_update(2))
    assert await is_worked_on(retries, text_update(3))
    await harness.round()
    assert [a["trouble"] for a in harness.sender.alerts("update_quarantined")] == ["restart"]


async def test_a_replay_that_cannot_be_counted_is_worked_on(
    harness: ShopHarness, inbox: Inbox, monkeypatch
):
    await inbox.receive([raw_text(1)])
    retries = Retries(harness.shop)
    retries.replayed = {1}

    async def full(*_args, **_kwargs):
        raise StorageFailure("disk full")

    monkeypatch.setattr(harness.store, "write", full)

    assert await is_worked_on(retries, text_update(1))


async def test_quarantined_updates_are_released_once_and_in_order(
    harness: ShopHarness, inbox: Inbox
):
    await inbox.receive([raw_text(1), raw_text(2, "second")])
    for number in (2, 1):
        for _ in range(MOST_ATTEMPTS):
            await record_failed_attempt(harness.shop, number, "KeyError")

    rows = await release_updates(harness.shop, key="u1", operator_id=OPERATOR)
    again = await release_updates(harness.shop, key="u1", operator_id=OPERATOR)

    assert [u.update_id for u in await inbox.open(rows)] == [1, 2]
    assert again == []
    assert await waiting(inbox) == [1, 2]
    assert not await record_failed_attempt(harness.shop, 1, "KeyError")  # with all its attempts


async def test_an_update_that_cannot_be_read_is_quarantined_and_the_rest_goes_on(
    harness: ShopHarness, inbox: Inbox
):
    good, bad = raw_text(1), {"update_id": 2, "message": {"text": 5}}

    new = await inbox.receive([good, bad, "nonsense", {"update_id": True}, {}])

    assert new == 2
    assert [u.update_id for u in queued(inbox)] == [1]
    assert await waiting(inbox) == [1]
    await harness.round()
    assert [a["trouble"] for a in harness.sender.alerts("update_quarantined")] == ["unreadable"]
    rows = await release_updates(harness.shop, key="u", operator_id=OPERATOR)
    assert [row.trouble for row in rows] == ["unreadable message"]
    assert await inbox.open(rows) == []  # still unreadable: quarantined again
    assert await waiting(inbox) == [1]


async def test_a_kept_update_that_does_not_open_holds_up_nothing(
    harness: ShopHarness, inbox: Inbox
):
    await inbox.receive([raw_text(1), raw_text(2)])
    async with harness.store.reading() as tx:
        first, second = await tx.inbox.unhandled()
    swapped = InboxRow(0, first.update_id, first.chat_id, second.payload)

    assert [u.update_id for u in await inbox.open([swapped, second])] == [2]
    assert harness.vault.open(second.payload, update_associated_data(2))


def test_payments_are_told_apart_from_all_else():
    paid = {"currency": "XTR", "total_amount": 5, "invoice_payload": "x"}
    paid |= {"telegram_payment_charge_id": "a", "provider_payment_charge_id": "b"}
    body = {**text_update(1).to_dict()["message"], "successful_payment": paid}

    assert not is_payment(text_update(1))
    assert is_payment(Update.de_json({"update_id": 2, "message": body}, None))
    assert read_update(5, None) is None


async def test_each_time_that_polling_stopped_is_told(harness: ShopHarness):
    for _ in range(2):
        await tell_polling_stopped(harness.shop, 61)
        await harness.round()

    assert [a["seconds"] for a in harness.sender.alerts("polling")] == ["61", "61"]


def payment_update(number: int) -> Update:
    paid = {"currency": "XTR", "total_amount": 5, "invoice_payload": "x"}
    paid |= {"telegram_payment_charge_id": "a", "provider_payment_charge_id": "b"}
    body = {**text_update(number).to_dict()["message"], "successful_payment": paid}
    return required(Update.de_json({"update_id": number, "message": body}, None))


async def test_a_full_disk_tries_payments_again_and_answers_anybody_else_at_once(
    harness: ShopHarness,
):
    context: Any = SimpleNamespace(bot_state=SimpleNamespace(retries=Retries(harness.shop)))

    told = [
        await _is_final(one, context, StorageFailure("full"))
        for one in (text_update(1), payment_update(7))
    ]

    assert told == [True, False]


async def test_a_payment_is_tried_until_the_storage_is_back(
    harness: ShopHarness, at_once, monkeypatch
):
    retries = Retries(harness.shop)
    tries: list[int] = []

    async def full(*_args) -> bool:
        raise StorageFailure("full")

    monkeypatch.setattr("handlers.middleware.retries.record_failed_attempt", full)

    async def work(one: Update) -> None:
        tries.append(len(tries))
        if len(tries) < 3 * MOST_ATTEMPTS:
            assert not await retries.note(one, StorageFailure("full"))

    await retries.retry(payment_update(7), APPLICATION, work)

    assert len(tries) == 3 * MOST_ATTEMPTS
    assert retries.not_handled == set()


async def test_a_payment_that_fails_while_the_storage_works_is_quarantined(
    harness: ShopHarness, inbox: Inbox, at_once
):
    payment = payment_update(7)
    await inbox.receive([payment.to_dict()])
    retries = Retries(harness.shop)

    async def work(one: Update) -> None:
        await retries.note(one, StorageFailure("a type that no column takes"))

    await retries.retry(payment, APPLICATION, work)

    assert retries.not_handled == {7}
    assert await waiting(inbox) == []
    await harness.round()
    assert len(harness.sender.alerts("update_quarantined")) == 1


async def test_an_update_that_is_not_in_the_inbox_is_not_quarantined(harness: ShopHarness):
    for _ in range(MOST_ATTEMPTS):
        assert not await record_failed_attempt(harness.shop, 8, "KeyError")


async def test_releasing_updates_is_recorded_and_closes_the_alert(
    harness: ShopHarness, inbox: Inbox
):
    await inbox.receive([raw_text(7)])
    for _ in range(MOST_ATTEMPTS):
        last = await record_failed_attempt(harness.shop, 7, "KeyError")
    assert last
    await harness.round()
    assert only_alert(harness, AlertKind.UPDATE_QUARANTINED)["trouble"] == "KeyError"

    await release_updates(harness.shop, key="b", operator_id=OPERATOR)

    (action,) = await rows(harness, operator_actions)
    assert (action.target, action.amount_minor, action.note, action.done) == ("1", 0, "", True)
    (alert,) = await rows(harness, alerts)
    assert (alert.key, alert.closed_at is None) == ("update_quarantined", False)
