"""What can go wrong at the supplier, on purpose."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    LATENCY = "latency"  # `seconds` more, then the usual answer
    SILENCE_BEFORE = "silence_before"  # no answer, nothing happened
    SILENCE_AFTER = "silence_after"  # it happened, but no answer
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    STATUS = "status"  # `status` in the API's own form, with `code`; nothing happened
    STATUS_AFTER = "status_after"  # the same, but it happened
    HTML = "html"  # a proxy's page with `status`
    GARBAGE = "garbage"  # 200, not JSON; it happened
    TORN = "torn"  # 200, half of the answer; it happened


@dataclass
class Fault:
    """Strikes the next `times` calls whose path holds `path`."""

    kind: FaultKind
    path: str = ""
    times: int = 1
    seconds: float = 3600.0
    status: int = 500
    code: str = "INTERNAL_ERROR"
    retry_after: int | None = None
