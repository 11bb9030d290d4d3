"""The campaigns play without waits between attempts; other tests of the same process find them as they were."""

import pytest

from handlers.middleware import retries


@pytest.fixture(autouse=True)
def waits_between_attempts_are_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WAITS_SECONDS", "UNSURE_WAITS_SECONDS"):
        monkeypatch.setattr(retries, name, getattr(retries, name))
