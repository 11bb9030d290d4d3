"""Start, polling and sending do what their column of the table says: another cell, another deed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.domain.records import CodeMessageKind, Customer, Locale, SentCodeMessage
from bot.errors import SendFailure
from handlers import edge, polling
from handlers.edge import Do
from handlers.edge_rows import TABLE, Kind
from handlers.polling import Polling, PollingNews
from handlers.reach import reach
from handlers.sender import TelegramSender
from tests.bot_harness import unasked, unheard
from tests.unit.samples import ORDER
from tests.unit.test_edge import ANSWERS

# An error of each row, and what else a cell of each column can say.
ERRORS = {kind: error for error, kind in reversed(ANSWERS)}
START = (Do.WAIT, Do.WAIT_AS_TOLD, Do.GIVE_UP)
POLL = (Do.WAIT, Do.WAIT_AS_TOLD, Do.ASK_GET_ME, Do.REMOVE_WEBHOOK, Do.TELL)
SEND = (Do.SEND_LATER, Do.WAIT_AS_TOLD, Do.KEEP, Do.SET_ASIDE, Do.DONE, Do.OTHERWISE)
KINDS = pytest.mark.parametrize("kind", list(Kind))


def let_the_table_say(monkeypatch, kind: Kind, **cells: Do) -> None:
    changes: dict[str, Any] = dict(cells)
    table = tuple(replace(row, **changes) if row.kind is kind else row for row in TABLE)
    monkeypatch.setattr(edge, "TABLE", table)


class Stopping:
    """Stops after the first wait, and remembers it."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def is_set(self) -> bool:
        return bool(self.waits)

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)


async def deed_at_start(error: BaseException) -> tuple[Any, ...]:
    async def connect() -> None:
        raise error

    stopping = Stopping()
    row = await reach(connect, stopping)
    return row is not None, *stopping.waits


class Enough(BaseException):
    """Ends a poll's loop."""


class DeafBot:
    """Its poll fails once, and the token is refused whenever `getMe` is asked."""

    def __init__(self, error: BaseException) -> None:
        self.errors, self.calls = [error] * 3, list[str]()

    async def fetch_updates(self, *_, **__):
        raise self.errors.pop() if self.errors else Enough

    async def is_token_refused(self) -> bool:
        self.calls.append("getMe")
        return False

    async def delete_webhook(self, **_) -> bool:
        self.calls.append("deleteWebhook")
        return True


async def deed_of_polling(error: BaseException, monkeypatch) -> tuple[Any, ...]:
    waits: list[float] = []
    told: list[str] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def tell(*_) -> None:
        told.append("told")

    monkeypatch.setattr(polling, "_sleep", sleep)
    bot = DeafBot(error)
    news = PollingNews(tell, tell, tell, lambda: told.append("ended"), unheard, unasked)
    with pytest.raises(Enough):
        await Polling(cast(Any, bot), cast(Any, None), news).run()
    return tuple(waits), tuple(bot.calls), tuple(told)


class RefusingBot:
    """Telegram answers an edit of a text with an error; an edit of a file works."""

    def __init__(self, error: BaseException) -> None:
        self.error, self.calls = error, list[str]()

    async def edit_message_text(self, *_, **__):
        self.calls.append("text")
        raise self.error

    async def edit_message_media(self, *_, **__):
        self.calls.append("media")


async def deed_of_sending(error: BaseException) -> tuple[Any, ...]:
    bot, hour = RefusingBot(error), timedelta(hours=1)
    sender = TelegramSender(
        cast(Any, bot),
        zone=ZoneInfo("UTC"),
        visible_for=hour,
        shown_again_for=hour,
        shown_once=False,
        protect_content=False,
    )
    message = SentCodeMessage(1, ORDER.id, 5, 7, 0, 1, CodeMessageKind.TEXT, 0)
    outcome = "done"
    try:
        await sender.mask_codes(Customer(5, Locale.EN), ORDER, message, ["••••"], 0)
    except SendFailure as failure:
        outcome = type(failure).__name__
    return outcome, *bot.calls


@KINDS
async def test_the_start_does_what_its_column_says(kind, monkeypatch):
    deeds = {}
    for action in START:
        let_the_table_say(monkeypatch, kind, start=action)
        deeds[action] = await deed_at_start(ERRORS[kind])

    assert len(set(deeds.values())) == len(START), deeds


@KINDS
async def test_polling_does_what_its_column_says(kind, monkeypatch):
    deeds = {}
    for action in POLL:
        let_the_table_say(monkeypatch, kind, poll=action)
        deeds[action] = await deed_of_polling(ERRORS[kind], monkeypatch)

    assert len(set(deeds.values())) == len(POLL), deeds


@pytest.mark.parametrize(
    "error",
    [RetryAfter(9), *(e for e in ERRORS.values() if isinstance(e, BadRequest))],
    ids=lambda error: str(error)[:40],
)
async def test_sending_does_what_its_column_says(error, monkeypatch):
    """An edit, since only that can be done otherwise; what is no refusal cannot be done, either."""
    kind, deeds = edge.read(error).kind, {}
    for action in SEND:
        let_the_table_say(monkeypatch, kind, send=action)
        deeds[action] = await deed_of_sending(error)

    can_be_done = isinstance(error, BadRequest)
    assert len(set(deeds.values())) == len(SEND) - 2 * (not can_be_done), deeds


@KINDS
async def test_what_is_no_edit_keeps_to_its_column_too(kind, monkeypatch):
    """Every error that a call to send can raise, by the four words that a send can obey."""
    error = ERRORS[kind]
    assert isinstance(error, TelegramError)
    deeds = {}
    for action in SEND[:4]:
        let_the_table_say(monkeypatch, kind, send=action)
        deeds[action] = await deed_of_sending(error)

    assert len(set(deeds.values())) == 4, deeds


def test_no_cell_says_what_its_column_cannot_do():
    for row in TABLE:
        assert row.start in START
        assert row.poll in POLL
        assert row.send in SEND
