"""Polling goes on after whatever Telegram's edge says, and only a refused token ends it."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from telegram.error import BadRequest, Conflict, NetworkError, RetryAfter, TimedOut

from bot.errors import StorageFailure
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from handlers import polling
from handlers.bot import ShopBot, bot_id_of
from handlers.polling import Polling, PollingNews
from handlers.request import (
    ForeignPage,
    NoSuchMethod,
    ServerTrouble,
    TokenRefused,
)
from tests.bot_harness import UNHEARD, unasked, unheard
from tests.harness import ShopHarness
from tests.integration.updates import inbox_of, queued, raw_text

TOKEN = "1:token"


class Enough(BaseException):
    """Ends a test: nothing but a cancellation, which this stands for, ends polling."""


class ScriptedBot(ShopBot):
    """Its polls bring what the script says, in turn: updates, or an error; then the test ends."""

    script: list[Any]
    asked: list[tuple[int | None, int]]
    removed: int
    getme: Exception | None

    def say(self, *script) -> "ScriptedBot":
        self._unfreeze()
        self.script, self.asked, self.removed, self.getme = list(script), [], 0, None
        return self

    async def fetch_updates(self, offset, *, limit, seconds):
        self.asked.append((offset, limit))
        if not self.script:
            raise Enough
        answer = self.script.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def delete_webhook(self, *args, **kwargs):
        self.removed += 1
        return True

    async def get_me(self, *args, **kwargs):
        if self.getme is not None:
            raise self.getme


@pytest.fixture
def waits(polling_waits: list[float]) -> list[float]:
    return polling_waits


class Heard:
    """What polling told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def news(self) -> PollingNews:
        async def silent(seconds: int) -> None:
            self.told.append(f"silent {seconds}")

        async def other_poller() -> None:
            self.told.append("other poller")

        async def alone() -> None:
            self.told.append("alone")

        refused = partial(self.told.append, "token refused")
        return PollingNews(silent, other_poller, alone, refused, unheard, unasked)


async def run(harness: ShopHarness, bot: ScriptedBot):
    """Poll through the script; returns the inbox and what was told."""
    inbox, heard = inbox_of(harness.shop), Heard()
    polled = Polling(bot, inbox, heard.news())
    try:
        await polled.run()
    except Enough:
        pass
    return inbox, heard.told


TROUBLES = [
    NetworkError("x"),
    TimedOut(),
    ForeignPage(200, b"<html>"),
    ForeignPage(403, b"<html>"),
    ForeignPage(200, b"[]"),
    ServerTrouble(500, "Internal Server Error: restart"),
    ServerTrouble(421, "Misdirected Request"),
    BadRequest("Bad Gateway"),
    RetryAfter(3),
    Conflict("terminated by other getUpdates request"),
    Conflict("can't use getUpdates method while webhook is active"),
    KeyError("whatever"),
    RecursionError(),
    StorageFailure("disk full"),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda error: f"{type(error).__name__} {error}")
async def test_whatever_a_poll_ends_with_the_next_one_is_made(harness, waits, trouble):
    bot = ScriptedBot(TOKEN).say(trouble, trouble, [raw_text(1)])

    inbox, _ = await run(harness, bot)

    assert [u.update_id for u in queued(inbox)] == [1]
    assert waits[0] > 0
    assert waits[1] >= waits[0]


async def test_a_failing_loop_waits_longer_each_time_and_never_long(harness, waits):
    await run(harness, ScriptedBot(TOKEN).say(*[NetworkError("x")] * 8))

    assert waits == sorted(waits)
    assert waits[0] == 0.5
    assert waits[-1] == 5.0


async def test_a_429_is_waited_for_as_long_as_it_says(harness, waits):
    await run(harness, ScriptedBot(TOKEN).say(RetryAfter(17)))

    assert waits == [17.0]


async def test_what_cannot_be_kept_is_not_confirmed(harness, waits, monkeypatch):
    bot = ScriptedBot(TOKEN).say([raw_text(7)], [raw_text(7)])
    right = harness.store.write
    failed: list[int] = []

    async def full_once(*args, **kwargs):
        if not failed:
            failed.append(1)
            raise StorageFailure("disk full")
        return await right(*args, **kwargs)

    monkeypatch.setattr(harness.store, "write", full_once)
    inbox, _ = await run(harness, bot)

    assert [offset for offset, _ in bot.asked] == [None, None, 8]
    assert [u.update_id for u in queued(inbox)] == [7]


async def test_ids_that_jump_down_lose_nothing(harness, waits):
    bot = ScriptedBot(TOKEN).say([raw_text(900)], [raw_text(4), raw_text(5)])

    inbox, _ = await run(harness, bot)

    assert [u.update_id for u in queued(inbox)] == [900, 4, 5]
    assert [offset for offset, _ in bot.asked] == [None, 901, 6]


async def test_the_same_updates_over_and_over_are_not_asked_for_without_pause(
    harness, waits, monkeypatch
):
    assert polling._SHORTEST_POLL_SECONDS > 0.9
    monkeypatch.setattr(polling, "_SHORTEST_POLL_SECONDS", 3600.0)  # less what a poll took
    await run(harness, ScriptedBot(TOKEN).say([raw_text(1)], [raw_text(1)], [], []))

    assert waits[0] == 0
    assert all(wait > 3000 for wait in waits[1:])


async def test_updates_without_an_id_are_no_answer_of_telegram(harness, waits):
    await run(harness, ScriptedBot(TOKEN).say(*[[{"message": {}}]] * 3))

    assert waits == [0.5, 1.0, 2.0]


async def test_a_good_poll_clears_the_conflicts_and_many_are_told_once(harness, waits):
    conflict = Conflict("terminated by other getUpdates request")
    bot = ScriptedBot(TOKEN).say(conflict, conflict, [raw_text(1)], *[conflict] * 9)

    _, told = await run(harness, bot)

    assert told == ["other poller"]
    assert waits[:4] == [3.0, 6.0, 0.0, 3.0]
    assert waits[-1] == 30.0


async def test_one_conflict_of_a_process_that_ends_is_told_to_nobody(harness, waits):
    conflict = Conflict("terminated by other getUpdates request")

    _, told = await run(harness, ScriptedBot(TOKEN).say(conflict, [raw_text(1)], conflict))

    assert told == []


async def test_operators_hear_that_the_other_program_has_gone(harness, waits, monkeypatch):
    conflict = Conflict("terminated by other getUpdates request")
    bot = ScriptedBot(TOKEN).say(conflict, conflict, conflict)
    heard = Heard()
    polled = Polling(bot, inbox_of(harness.shop), heard.news())
    with pytest.raises(Enough):
        await polled.run()
    monkeypatch.setattr(polling, "_CONFLICT_PERIOD_SECONDS", 0.05)
    await asyncio.sleep(0.1)
    bot.say([raw_text(1)])
    with pytest.raises(Enough):
        await polled.run()

    assert heard.told == ["other poller", "alone"]


async def test_a_webhook_is_removed_and_its_updates_are_not_dropped(harness, waits):
    bot = ScriptedBot(TOKEN).say(Conflict("can't use getUpdates method while webhook is active"))

    await run(harness, bot)

    assert bot.removed == 1


async def test_only_getme_decides_whether_the_token_is_refused(harness, waits):
    bot = ScriptedBot(TOKEN).say(TokenRefused("Unauthorized"), [raw_text(1)])
    inbox, told = await run(harness, bot)
    assert told == []
    assert [u.update_id for u in queued(inbox)] == [1]

    bot = ScriptedBot(TOKEN).say(TokenRefused("Unauthorized"), [raw_text(2)])
    bot.getme = ForeignPage(401, b"<html>")
    _, told = await run(harness, bot)
    assert told == []

    bot = ScriptedBot(TOKEN).say(TokenRefused("Unauthorized"), [raw_text(3)])
    bot.getme = TokenRefused("Unauthorized")
    _, told = await run(harness, bot)
    assert told == ["token refused"]
    assert len(bot.script) == 1  # nothing is asked for any more


async def test_a_token_that_any_call_finds_refused_ends_polling_while_a_poll_still_waits(harness):
    """The watch of `handlers.reach` asks, after the failure of any other call."""
    bot, heard = ScriptedBot(TOKEN).say(), Heard()
    polled = Polling(bot, inbox_of(harness.shop), heard.news())
    await polled.ask_telegram()
    assert heard.told == []

    bot.getme = TokenRefused("Unauthorized")
    await polled.ask_telegram()
    await polled.ask_telegram()

    assert heard.told == ["token refused"]
    await asyncio.wait_for(polled.run(), PATIENCE_SECONDS)


async def test_nothing_that_goes_wrong_after_a_failed_poll_ends_polling(harness, waits):
    class UnreadableMe(ScriptedBot):
        async def get_me(self, *args, **kwargs):
            raise TypeError("a list")  # what the library says of {"ok": true, "result": []}

    bot = UnreadableMe(TOKEN).say(NoSuchMethod("Not Found"), [raw_text(1)])
    inbox, told = await run(harness, bot)
    assert [u.update_id for u in queued(inbox)] == [1]
    assert told == []

    async def down(*_args) -> None:
        raise ConnectionRefusedError

    conflict = Conflict("terminated by other getUpdates request")
    bot = ScriptedBot(TOKEN).say(*[conflict] * 4, [raw_text(2)])
    inbox = inbox_of(harness.shop)
    with pytest.raises(Enough):
        await Polling(
            bot, inbox, replace(UNHEARD, silent=down, other_poller=down, alone=down)
        ).run()
    assert [u.update_id for u in queued(inbox)] == [2]


async def test_news_that_could_not_be_told_is_told_after_a_later_poll(harness, waits, monkeypatch):
    monkeypatch.setattr(polling, "_CONFLICT_PERIOD_SECONDS", -1.0)
    told = []

    async def alone() -> None:
        told.append("alone")
        if len(told) == 1:
            raise StorageFailure("disk full")

    async def quiet(*_args) -> None:
        raise AssertionError

    bot = ScriptedBot(TOKEN).say([raw_text(1)], [raw_text(2)], [raw_text(3)])
    with pytest.raises(Enough):
        await Polling(
            bot,
            inbox_of(harness.shop),
            replace(UNHEARD, silent=quiet, other_poller=quiet, alone=alone),
        ).run()

    assert told == ["alone", "alone"]


async def test_an_absurd_wait_makes_nobody_deaf(harness, waits):
    await run(harness, ScriptedBot(TOKEN).say(RetryAfter(10**9)))

    assert waits == [60.0]


async def test_an_answer_with_one_unreadable_update_costs_only_that_one(harness, waits):
    """A number of 5,000 digits: the body is Telegram's, and no JSON reader of Python takes it."""
    body = b'{"ok":true,"result":[{"update_id":10,"message":{"date":' + b"9" * 5000 + b"}}]}"
    bot = ScriptedBot(TOKEN).say(
        ForeignPage(200, body), [raw_text(9)], *[ForeignPage(200, body)] * 4, [raw_text(11)]
    )

    inbox, _ = await run(harness, bot)

    assert [u.update_id for u in queued(inbox)] == [9, 11]
    assert bot.asked == [
        (None, 100),
        (None, 1),
        (10, 100),
        (10, 1),
        (10, 1),
        (10, 1),
        (11, 1),
        (12, 100),
    ]
    async with harness.store.reading() as tx:
        assert await tx.inbox.count_quarantined() == 1


async def test_a_poll_that_never_ends_is_given_up(harness, waits, monkeypatch):
    monkeypatch.setattr(polling, "LONG_POLL_SECONDS", 0.01)
    monkeypatch.setattr(polling, "READ_SECONDS", 0.01)
    monkeypatch.setattr(polling, "_SLACK_SECONDS", 0.01)
    bot = ScriptedBot(TOKEN).say([raw_text(1)])
    right = bot.fetch_updates
    silent = [1]

    async def fetch(*args, **kwargs):
        if silent:
            silent.pop()
            monkeypatch.setattr(polling, "_SLACK_SECONDS", PATIENCE_SECONDS)  # for the next one
            await asyncio.get_running_loop().create_future()
        return await right(*args, **kwargs)

    monkeypatch.setattr(ScriptedBot, "fetch_updates", lambda _self, *a, **k: fetch(*a, **k))
    inbox, _ = await run(harness, bot)

    assert [u.update_id for u in queued(inbox)] == [1]


async def test_a_long_silence_is_told_when_it_is_over(harness, waits, monkeypatch):
    monkeypatch.setattr(polling, "LONG_POLL_SECONDS", 0.01)
    monkeypatch.setattr(polling, "_QUIET_SECONDS", -0.02)

    _, told = await run(harness, ScriptedBot(TOKEN).say(TimedOut(), [raw_text(1)]))

    assert told == ["silent 0"]


def test_the_bot_is_named_by_its_token():
    assert bot_id_of("7000000001:secret") == 7000000001
    assert bot_id_of("nonsense") == 0
