"""Support between a customer and operators: who reads what, an answer, and the row of a case."""

import pytest

from bot.sandbox.telegram.world import Person, buttons, text_of
from locales import LOCALES
from storage.tables import cases
from tests.bot_harness import SupportHarness, bare
from tests.harness import OPERATOR, books_agree
from tests.integration.readings import rows


def operator(harness: SupportHarness, who: int = OPERATOR) -> Person:
    return harness.person(who)


def read_by(person: Person, since: int = 0) -> list[str]:
    return [bare(text_of(message)) for message in person.inbox[since:]]


def button_of(message, verb: str) -> str:
    return next(b["callback_data"] for b in buttons(message) if b["callback_data"].startswith(verb))


async def answer(harness: SupportHarness, text: str, who: int = OPERATOR) -> None:
    await operator(harness, who).say(text, reply_to=operator(harness, who).inbox[-1])
    await harness.pump()


async def case_row(harness: SupportHarness):
    return (await rows(harness, cases))[-1]


@pytest.fixture
async def bot_harness(sqlite_store, request):
    made = await SupportHarness(sqlite_store, getattr(request, "param", "en")).open()
    made.offer()
    made.set_policy(transfer_instructions=dict.fromkeys(LOCALES, "CCP 00 1234567890"))
    await made.say("/start")
    yield made
    await books_agree(made)
    await made.close()
