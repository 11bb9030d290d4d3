"""Failpoints: every step that leaves a trace goes through a port, so the ports are where the process dies.

A point stands before and after each write, each call of the supplier and each message to a person. A step that is
added to the shop adds its points by itself; `test_failpoints.py` fails until they are listed here and crashed at.
"""

from collections import Counter
from typing import Any


class Killed(BaseException):
    """The process is gone: nothing may catch it, nothing may be written after it."""


class Points:
    """Counts the points that are passed, and dies at one of them."""

    def __init__(self) -> None:
        self.passed: Counter[str] = Counter()
        self.armed: str | None = None
        self.at_pass = 1
        self.dead = False

    def arm(self, point: str, at_pass: int = 1) -> None:
        self.armed, self.at_pass, self.passed = point, at_pass, Counter()

    def reached(self, point: str) -> None:
        if self.dead:
            raise Killed(point)
        self.passed[point] += 1
        if point == self.armed and self.passed[point] == self.at_pass:
            self.dead = True
            raise Killed(point)


class Mined:
    """Any port, with a point before and after each of its calls."""

    def __init__(self, port: Any, points: Points, name: str, calls: tuple[str, ...]) -> None:
        self._port = port
        self._points = points
        self._name = name
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return self._mined(name, found) if name in self._calls else found

    def _mined(self, name: str, call: Any) -> Any:
        async def through(*args: Any, **kwargs: Any) -> Any:
            step = f"{self._name}.{name}"
            if name == "write":
                step = f"{args[0].__module__.rpartition('.')[2]}.{args[0].__name__}"
            self._points.reached(f"before {step}")
            result = await call(*args, **kwargs)
            self._points.reached(f"after {step}")
            return result

        return through


SUPPLIER_CALLS = ("buy", "repeat", "order", "orders", "product", "price_value", "balance")
SENDER_CALLS = (
    "send_codes",
    "mask_codes",
    "send_returned",
    "update_status",
    "send_credited",
    "send_alert",
    "send_payment",
    "send_receipt",
    "send_ended",
    "send_reminder",
)
WAY_CALLS = ("begin", "check", "give_back")

# Every write of an order's life, from the price to the hidden message, and of what goes with it.
STEPS = (
    "quote._freeze",
    "checkout._buy",
    "catalogue._set_offer",
    "place._commit_intent",
    "place._accept",
    "place._lose",
    "place._not_bought",
    "place._postpone",
    "place._end",
    "search._adopt",
    "search._adopt_one",
    "values._keep",
    "links._link",
    "events._take",
    "remind._remind",
    "remind._set",
    "search._look_again",
    "poll._postpone",
    "poll._note_unknown",
    "settle._settle",
    "deliver._close",
    "deliver._postpone",
    "deliver._give_up",
    "reveal.record_message",
    "reveal._count_reveal",
    "reveal._hidden",
    "reveal._postpone",
    "refund._ask",
    "refund._confirm",
    "credit._ask",
    "credit._confirm",
    "topup._begin",
    "topup._announced",
    "topup._give_up",
    "topup._switch_off",
    "topup._switch_on",
    "incoming._may_check",
    "incoming._ask_again",
    "incoming.take_report",
    "incoming._take_stars",
    "receipts._send",
    "receipts._accept",
    "receipts._reject",
    "payback._ask",
    "payback._confirm",
    "payback._given_back",
    "payback._keep",
    "payback._try_later",
    "payback.take_back_in",
    "awaiting.go_on",
    "awaiting._cancel",
    "awaiting._expire",
    "star_book._compare",
    "nightly.judge_audit",
    "pauses._resume",
    "customers._enter",
    "customers._set_locale",
    "balance._judge",
    "watch._tell_slow",
    "watch._alert_stuck",
    "alerts._tell",
    *(f"supplier.{call}" for call in SUPPLIER_CALLS),
    *(f"sender.{call}" for call in SENDER_CALLS),
    *(f"way.{call}" for call in WAY_CALLS),
)
POINTS = tuple(f"{when} {step}" for step in STEPS for when in ("before", "after"))
