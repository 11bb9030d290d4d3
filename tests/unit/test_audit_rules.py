"""What the audit calls a difference, and what it does not, one row at a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from bot.domain.audit import AuditCounts, AuditedBalance, AuditedOrder, Check
from bot.domain.orders import OrderState
from bot.domain.supplier import Card, Movement, SupplierOrder, SupplierStatus
from bot.services.operations import audit

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
OLD = NOW - timedelta(minutes=20)  # the youngest that is old enough is a moment older than this
MOMENT = timedelta(microseconds=1)
COUNTS = AuditCounts(5, 4, 3, 2)

ORDER = AuditedOrder(
    id=7,
    state=OrderState.FULFILLED,
    attention=False,
    quantity=2,
    unit_price_minor=100,
    delivered_quantity=2,
    returned_minor=0,
    held_minor=0,
    cost_minor=150,
    codes=2,
    delivered_codes=2,
    messages=1,
    message_waits=False,
    sandbox=False,
    supplier="oneclickdz",
    supplier_order_id="there",
    accepted_at=OLD - timedelta(hours=1),
    settled_at=OLD - timedelta(hours=1),
)


def texts(audited) -> list[str]:
    return [str(difference) for difference in audited.differences]


def orders(**changes) -> list[str]:
    return texts(audit._orders([replace(ORDER, **changes)], COUNTS))


def test_what_a_customer_paid_is_delivered_returned_or_held():
    part = {"delivered_quantity": 1, "returned_minor": 60, "held_minor": 40}

    assert orders() == orders(**part) == []
    assert orders(**part | {"held_minor": 41}) == [
        "order 7 (fulfilled): paid 200, accounted for 201"
    ]


def test_what_was_never_paid_accounts_for_nothing():
    nothing = {"delivered_quantity": 0, "returned_minor": 0, "held_minor": 0}
    for state in (OrderState.AWAITING_PAYMENT, OrderState.CANCELLED, OrderState.EXPIRED):
        assert orders(state=state, **nothing) == []
        assert orders(state=state, **nothing | {"held_minor": 1}) == [
            f"order 7 ({state}): paid 0, accounted for 1"
        ]


def test_a_hold_of_what_ended_needs_a_reason():
    held = replace(ORDER, held_minor=5)
    kept = [held, replace(held, attention=True), replace(held, state=OrderState.HANDLING), ORDER]

    found = audit._holds(kept, COUNTS)

    assert (found.check, found.looked_at) == (Check.HOLDS, 4)
    assert texts(found) == ["order 7 (fulfilled) still holds 5"]
    assert found.differences[0].subject == "#7"


def test_as_many_codes_as_were_delivered():
    found = audit._codes([ORDER, replace(ORDER, delivered_codes=1)], COUNTS, 2)

    assert (found.check, found.looked_at, found.lost) == (Check.CODES, 3, 2)
    assert texts(found) == ["order 7 (fulfilled): 2 delivered, 1 codes"]


def test_codes_are_sent_within_twenty_minutes():
    silent = replace(ORDER, messages=0)
    rows = [
        replace(silent, id=1, settled_at=OLD - MOMENT),
        replace(silent, id=2, settled_at=OLD),
        replace(silent, id=3, settled_at=NOW),
        replace(silent, id=4, settled_at=None),
        replace(silent, id=5, message_waits=True),
        replace(silent, id=6, delivered_quantity=0),
        ORDER,
    ]

    found = audit._deliveries(rows, COUNTS, NOW)

    assert (found.check, found.looked_at) == (Check.DELIVERIES, 2)
    assert texts(found) == ["order 1: its codes were never sent"]


async def test_an_account_differs_from_its_entries_or_is_below_nothing():
    class Books:
        async def wrong_balances(self):
            return 9, [
                AuditedBalance("wallet:1", 0, 5, may_be_negative=False),
                AuditedBalance("wallet:2", -1, -1, may_be_negative=False),
                AuditedBalance("funding", -3, -2, may_be_negative=True),
                AuditedBalance("wallet:3", 1, 2, may_be_negative=False),
            ]

    tx: Any = SimpleNamespace(audit=Books())
    found = await audit._balances(tx)

    assert (found.check, found.looked_at) == (Check.BALANCES, 9)
    assert texts(found) == [
        "wallet:1 says 0, its entries 5",
        "funding says -3, its entries -2",
        "wallet:3 says 1, its entries 2",
        "wallet:2 is negative: -1",
    ]


def movements(*booked: Movement, **changes) -> list[str]:
    ours = {"there": replace(ORDER, **changes), "paid": replace(ORDER, id=8, supplier_order_id="p")}
    rows = [Movement("paid", -150), Movement("unknown", -7), *booked]
    return texts(audit._movements(rows, ours, OLD, "oneclickdz"))


def test_what_the_supplier_took_and_kept_is_what_an_order_cost():
    assert movements(Movement("there", -200), Movement("there", 50)) == []
    assert movements(Movement("there", -151)) == [
        "order 7: the supplier took 151, its books here say 150"
    ]
    assert movements() == ["order 7: the supplier took 0, its books here say 150"]
    assert movements(cost_minor=0) == []
    assert movements(cost_minor=1) == ["order 7: the supplier took 0, its books here say 1"]


def test_costs_are_compared_of_what_ended_for_good_a_while_ago():
    assert movements(settled_at=OLD - MOMENT) != []
    assert movements(settled_at=OLD) == movements(settled_at=None) == []
    assert movements(attention=True) == movements(sandbox=True) == []
    assert movements(state=OrderState.HANDLING) == []
    assert texts(audit._movements([Movement("elsewhere", -1)], {"there": ORDER}, OLD, "x")) == []


def listed(key: str, ordered_at: datetime | None) -> SupplierOrder:
    return SupplierOrder(key, SupplierStatus.FULFILLED, True, quantity=1, ordered_at=ordered_at)


def test_what_only_the_supplier_knows_is_named_once_it_is_old():
    rows = [listed("old", OLD - MOMENT), listed("young", OLD), listed("undated", None)]

    found = audit._unknown_here([*rows, listed("ours", None)], {"ours"}, OLD)

    assert [d.subject for d in found] == ["old", "undated"]
    assert str(found[0]) == "the supplier has old, of which no order here knows"


def test_what_the_supplier_does_not_list_is_named_between_the_edges_of_the_span():
    since = OLD - timedelta(days=1)
    rows = [
        replace(ORDER, id=1, accepted_at=since + MOMENT),
        replace(ORDER, id=2, accepted_at=since),
        replace(ORDER, id=3, accepted_at=OLD),
        replace(ORDER, id=4, accepted_at=OLD - MOMENT),
        replace(ORDER, id=5, accepted_at=None),
    ]

    named = audit._missing_there(rows, ["elsewhere"], since, OLD)

    assert [d.subject for d in named] == ["#1", "#4"]
    assert str(named[0]) == "order 1: there is not in the supplier's list"
    assert audit._missing_there(rows, ["there"], since, OLD) == []


def test_codes_are_counted_of_what_ended_where_the_list_shows_them():
    def counted(**changes) -> list[str]:
        said = SupplierOrder("there", SupplierStatus.FULFILLED, True, 2, (Card("A"),))
        found = audit._other_counts({"there": replace(said, **changes)}, {"there": ORDER})
        return [str(difference) for difference in found]

    assert counted() == ["order 7: the supplier handed out 1 codes, 2 lie here"]
    assert counted(cards=(Card("A"), Card("B"))) == []
    assert counted(final=False) == counted(shows_codes=False) == []


def test_what_the_supplier_refunded_after_its_delivery_is_named():
    def named(row=None, **changes) -> list[str]:
        said = SupplierOrder("there", SupplierStatus.REFUNDED, True, 2, shows_codes=False)
        ours = {"there": row or ORDER, "other": ORDER}
        found = audit._taken_back({"there": replace(said, **changes), "new": said}, ours)
        return [str(difference) for difference in found]

    assert named() == ["order 7: the supplier refunded there, whose codes were delivered"]
    assert named(status=SupplierStatus.FULFILLED) == named(shows_codes=True) == []
    for state in (OrderState.PARTIAL, OrderState.REFUNDED):
        assert named(replace(ORDER, state=state)) == []


async def test_what_waits_longer_than_twenty_minutes_is_named():
    class Waiting:
        def __init__(self, oldest: datetime | None) -> None:
            self.oldest = oldest

        async def backlog(self):
            return [("inbox", 3, self.oldest)]

    for oldest, named in ((None, []), (OLD, []), (OLD - MOMENT, ["inbox: 3"])):
        tx: Any = SimpleNamespace(audit=Waiting(oldest))
        audited = await audit._waiting(tx, NOW)
        assert [difference.subject for difference in audited.differences] == named
