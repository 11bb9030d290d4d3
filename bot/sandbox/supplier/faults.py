"""Scripted faults of the supplier simulators."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FaultKind(StrEnum):
    LATENCY = "latency"  # the usual response, `seconds` later
    SILENCE_BEFORE = "silence_before"  # no response; the call had no effect
    SILENCE_AFTER = "silence_after"  # no response; the call had its effect
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    STATUS = "status"  # `status` and `code` in the API's error format; no effect
    STATUS_AFTER = "status_after"  # the same, but the call had its effect
    HTML = "html"  # a proxy's HTML page with `status`; no effect
    BODY = "body"  # `body` with `status`, as a proxy or another program answers; no effect
    EDITED = "edited"  # the usual response, its JSON changed by `edit`
    GARBAGE = "garbage"  # status 200, not JSON; the call had its effect
    TORN = "torn"  # status 200, half of the body; the call had its effect


@dataclass
class Fault:
    """Applies to the next `times` calls whose path contains `path`."""

    kind: FaultKind
    path: str = ""
    times: int = 1
    seconds: float = 3600.0
    status: int = 500
    code: str = "INTERNAL_ERROR"
    retry_after: int | None = None
    body: str = ""
    edit: Callable[[Any], Any] | None = None  # the JSON that came, to the JSON that is sent
