"""Each update is reported once: what kind it was, what became of it, and its number in the log."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from telegram import Update

from bot.errors import PaymentFailure
from bot.log_fields import present_fields
from bot.refusals import SoldOut
from handlers.middleware.measure import (
    Measure,
    Outcome,
    kind_of,
    note_answered_error,
    note_outcome,
)
from handlers.middleware.retries import Retries
from tests.fakes import CountingMeter
from tests.integration.updates import raw_text, text_update

APPLICATION: Any = None


async def handled(work, update: Update | None = None) -> list[tuple[str, str]]:
    """What is reported of an update that is handled by `work`."""
    meter = CountingMeter()
    await Measure(meter)(update or text_update(7), APPLICATION, work)
    return meter.updates


def noting(*outcomes: Outcome):
    async def work(_update: Update) -> None:
        for outcome in outcomes:
            note_outcome(outcome)

    return work


async def test_an_update_of_which_nothing_is_noted_was_handled():
    assert await handled(noting()) == [("message", "handled")]
    assert await handled(noting(), text_update(7, "/start")) == [("command", "handled")]


async def test_the_last_word_counts():
    noted = await handled(noting(Outcome.POSTPONED, Outcome.QUARANTINED))

    assert noted == [("message", "quarantined")]


@pytest.mark.parametrize(
    ("error", "outcome"), [(SoldOut(), "refused"), (PaymentFailure("x"), "failed")]
)
async def test_an_error_that_the_person_was_told_of_is_reported(error, outcome):
    async def work(_update: Update) -> None:
        note_answered_error(error)

    assert await handled(work) == [("message", outcome)]


async def test_an_update_in_quarantine_stays_there_though_the_person_is_told():
    async def work(_update: Update) -> None:
        note_outcome(Outcome.QUARANTINED)
        note_answered_error(SoldOut())

    assert await handled(work) == [("message", "quarantined")]


async def test_what_a_task_of_the_update_notes_belongs_to_it_and_to_no_other():
    async def slowly(update: Update) -> None:
        await asyncio.sleep(0)
        assert present_fields()["update"] == update.update_id
        await asyncio.create_task(noting(Outcome.REFUSED)(update))

    first, second = await asyncio.gather(handled(slowly), handled(noting(), text_update(8)))

    assert (first, second) == ([("message", "refused")], [("message", "handled")])
    assert present_fields() == {}


async def test_outside_of_an_update_nothing_is_noted():
    note_outcome(Outcome.FAILED)
    note_answered_error(SoldOut())

    assert await handled(noting()) == [("message", "handled")]


async def test_an_update_that_is_postponed_or_left_is_no_handled_one():
    retries = Retries(Any)  # type: ignore[arg-type]
    queue: asyncio.Queue[object] = asyncio.Queue()

    async def postpone(update: Update) -> None:
        retries.postpone(update, 60, queue)

    async def fail(update: Update) -> None:
        retries._due[update.update_id] = 0.0

    async def leave(update: Update) -> None:
        await retries.retry(update, APPLICATION, fail)

    assert await handled(postpone) == [("message", "postponed")]
    retries.close()
    assert await handled(leave) == [("message", "left")]


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ({"callback_query": 1}, "press"),
        ({"message": SimpleNamespace(successful_payment=1, text=None)}, "payment"),
        ({"pre_checkout_query": 1}, "checkout"),
        ({"my_chat_member": 1}, "member"),
        ({}, "other"),
    ],
)
def test_an_update_has_one_of_a_few_kinds(part, kind):
    empty = dict.fromkeys(("callback_query", "message", "pre_checkout_query", "my_chat_member"))
    update: Any = SimpleNamespace(**{**empty, **part})

    assert kind_of(update) == kind


def test_a_picture_is_a_message():
    raw = raw_text(1)
    del raw["message"]["text"]
    update = Update.de_json(raw, None)
    assert update is not None
    assert kind_of(update) == "message"


def test_a_text_that_is_no_text_is_a_message():
    raw = raw_text(1)
    raw["message"]["text"] = 7.5
    update = Update.de_json(raw, None)
    assert update is not None
    assert kind_of(update) == "message"
