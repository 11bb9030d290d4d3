"""In which order the shop opens, and what is left when that fails."""

import asyncio
import contextlib
from types import SimpleNamespace
from typing import Any

import pytest

from bot import run
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.status import Status
from bot.stopping import Stopping


@pytest.fixture
def steps(monkeypatch) -> list[str]:
    """What happened, in order; suppliers never answer, and the shop stops as soon as it serves Telegram."""
    done: list[str] = []

    async def prepare(_shop: Any) -> None:
        done.append("prepare")

    async def ask(_app: Any, _stopping: Stopping) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            done.append("asking ended")

    @contextlib.asynccontextmanager
    async def serve_webhooks(_app: Any):
        yield None

    @contextlib.asynccontextmanager
    async def serve_telegram(_app: Any, stopping: Stopping, *_others: Any):
        done.append("telegram")
        stopping.set()
        yield

    monkeypatch.setattr(run, "prepare", prepare)
    monkeypatch.setattr(run, "_ask_outside", ask)
    monkeypatch.setattr(run, "_serve_webhooks", serve_webhooks)
    monkeypatch.setattr(run, "_serve_telegram", serve_telegram)
    monkeypatch.setattr(run, "_START_PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(run, "load_texts", lambda: done.append("texts"))
    return done


def app(steps: list[str]) -> Any:
    async def nothing(*_args: Any) -> None:
        pass

    async def stop(_seconds: float) -> None:
        steps.append("jobs stopped")

    inbox = SimpleNamespace(keep_finishing=nothing, flush=nothing, leave=nothing)
    jobs = SimpleNamespace(start=lambda: steps.append("jobs"), stop=stop)
    return SimpleNamespace(shop=None, jobs=jobs, telegram=SimpleNamespace(inbox=inbox))


async def test_texts_are_read_before_telegram_is_asked_for_updates(steps: list[str]):
    await run._keep_open(app(steps), Stopping(), Status())

    assert steps == ["prepare", "texts", "telegram", "asking ended", "jobs stopped"]


@pytest.mark.parametrize("telegram_is_away", [False, True])
async def test_sweeps_begin_after_the_first_poll_or_after_a_while_without_it(
    steps: list[str], monkeypatch, telegram_is_away: bool
):
    """First the answers to whoever waits; but orders go on where Telegram cannot be reached."""
    stopping, begun = Stopping(), asyncio.Event()

    @contextlib.asynccontextmanager
    async def serve_telegram(*_given: Any):
        if telegram_is_away:
            await begun.wait()
        steps.append("telegram")
        yield
        steps.append("closed")

    def start() -> None:
        steps.append("jobs")
        begun.set()
        stopping.set()

    monkeypatch.setattr(run, "_serve_telegram", serve_telegram)
    opened = app(steps)
    opened.jobs.start = start

    await asyncio.wait_for(run._keep_open(opened, stopping, Status()), PATIENCE_SECONDS)

    first = ["jobs", "telegram"] if telegram_is_away else ["telegram", "jobs"]
    assert steps[2:4] == first


async def test_texts_that_cannot_be_read_leave_no_task_behind(steps: list[str], monkeypatch):
    def fail() -> None:
        raise OSError("no file")

    monkeypatch.setattr(run, "load_texts", fail)
    loose = asyncio.all_tasks()

    with pytest.raises(OSError, match="no file"):
        await run._keep_open(app(steps), Stopping(), Status())

    assert asyncio.all_tasks() == loose
    assert steps == ["prepare", "asking ended", "jobs stopped"]
