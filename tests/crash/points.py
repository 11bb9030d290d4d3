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


class WithFailpoints:
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
    "send_team",
    "send_closing",
    "send_payment",
    "send_receipt",
    "send_ended",
    "send_reminder",
    "send_case",
    "send_case_closed",
    "copy_messages",
    "send_missed",
    "send_back_in_stock",
    "send_news",
    "update_news",
)
PAYMENT_METHOD_CALLS = ("start", "check", "refund", "withdraw", "listed")

# Every write of an order's life, from the price to the hidden message, and of what goes with it.
STEPS = (
    "quote._freeze",
    "checkout._buy",
    "refresh._set_offer",
    "place._commit_intent",
    "place.accept_answer",
    "place._mark_unconfirmed_if_placing",
    "place._handle_not_bought",
    "place._let_wait_for_balance",
    "place._postpone",
    "place._refund_unbought",
    "reconcile._adopt",
    "reconcile._commit_repetition",
    "values._save_value",
    "links._link",
    "supplier_events._take",
    "reminders._remind",
    "reminders._set_last",
    "reminders._set",
    "reconcile._schedule_next_search",
    "poll._postpone",
    "poll._note_unknown",
    "settle._settle",
    "staffing._appoint",
    "staffing._accept",
    "closing._tell",
    "outbox._close",
    "outbox._postpone",
    "outbox._retry_later",
    "outbox._set_unreachable",
    "sent.record_message",
    "showing._claim_delivery",
    "showing._end",
    "reveal._claim",
    "reveal._record_hidden",
    "reveal._postpone",
    "refund._ask",
    "refund._confirm",
    "credit._ask",
    "credit._confirm",
    "top_up._begin",
    "top_up._save_started",
    "top_up._expire",
    "methods._switch_off",
    "methods._switch_on",
    "provider_checks._may_check",
    "provider_checks._note_silence",
    "provider_checks.take_report",
    "rings._take",
    "provider_reconciliation._settle",
    "stars._take_stars",
    "receipts._send",
    "decisions._accept",
    "decisions._reject",
    "refunds._ask",
    "refunds._confirm",
    "refunds._complete_refund",
    "refunds._cancel_refund",
    "refunds._retry_later",
    "refunds.apply_chargeback",
    "unpaid_orders.pay_waiting_orders",
    "unpaid_orders._cancel",
    "unpaid_orders._expire",
    "stars_reconciliation._compare",
    "nightly.act_on_audit",
    "pauses._resume",
    "customers._register",
    "customers._set_locale",
    "balance._apply_balance",
    "watch._tell",
    "watch._alert_stuck",
    "alert_messages._tell",
    "support._take_question",
    "support._tell_answered",
    "support._open_case",
    "support._reopen_case",
    "support._stop_talking",
    "support._close",
    "support._end_case",
    "missed_answers._note",
    "watches._watch",
    "watches._tell_next",
    "watches._close",
    "watches._open_again",
    "watches._wait_on",
    "forgetting._forget",
    "drafts._draft",
    "drafts._change",
    "drafts._skip_letter",
    "drafts._show_card",
    "drafts._start",
    "drafts._stop",
    "sending._take",
    "sending._record",
    "wishes._set",
    *(f"supplier.{call}" for call in SUPPLIER_CALLS),
    *(f"sender.{call}" for call in SENDER_CALLS),
    *(f"payment_method.{call}" for call in PAYMENT_METHOD_CALLS),
)
POINTS = tuple(f"{when} {step}" for step in STEPS for when in ("before", "after"))
