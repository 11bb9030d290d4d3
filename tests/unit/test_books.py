"""What the lines of a month add up to, and that whatever does not tie is named."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import ledger
from bot.domain.books import (
    Known,
    LedgerLine,
    Month,
    OrderLine,
    PaymentLine,
    Sums,
    differences,
    group_of,
    summarize,
)

AT = datetime(2026, 10, 5, tzinfo=UTC)
POSTINGS = (
    ledger.payment(1, "ocpay", 5, 900),
    ledger.fee(1, "ocpay", 9),
    ledger.payment(2, "stars", 6, 500),
    ledger.credit("c", 5, 100, "secret words"),
    ledger.reserve(7, 5, 600),
    ledger.sale(7, 400),
    ledger.release_escrow(7, 5, 200),
    ledger.compensate("k", 7, 5, 50, "secret words"),
    ledger.start_refund(2, 6, 500, 1, None),
    ledger.complete_refund(2, "stars", 500),
    ledger.chargeback(1, "ocpay", 5, 900, 650),
)
ORDER = OrderLine(7, 5, "P", "v", "own", 3, 200, "partial", AT, AT, 400, 350, 250)
PAID = [
    PaymentLine(1, AT, "payment", 1, 5, "ocpay", 900, 0, "x"),
    PaymentLine(2, AT, "fee", 1, 5, "ocpay", -9, 0, "x"),
    PaymentLine(3, AT, "payment", 2, 6, "stars", 500, 33, "y"),
    PaymentLine(10, AT, "payback", 2, 6, "stars", -500, 33, "y"),
    PaymentLine(11, AT, "payback", 1, 5, "ocpay", -900, 0, "x"),
]


def lines():
    for number, posting in enumerate(POSTINGS, 1):
        for entry in posting.entries:
            yield LedgerLine(
                number, AT, posting.kind, entry.account, entry.amount_minor, posting.order_id
            )


def added(ledger_lines=None, orders=(ORDER,), paid=PAID):
    sums = Sums()
    for line in lines() if ledger_lines is None else ledger_lines:
        sums.add_entry(line)
    sums.end_posting()
    for order in orders:
        sums.add_order(order, ended=True)
    for line in paid:
        sums.add_payment(line)
    return sums


def known(**changes):
    closing = dict(added().moved)
    closing["wallet"] += 70
    closing["funding"] -= 70
    opening = {"wallet": 70, "funding": -70}
    return replace(Known(opening, closing, 400, 350, 50, 250), **changes)


def test_a_month_that_ties_has_no_differences():
    summary = summarize(added(), known())

    assert list(differences(added(), known())) == []
    assert (summary.orders, summary.sales_minor, summary.cost_minor) == (1, 400, 350)
    assert (summary.losses_minor, summary.profit_minor) == (50, 0)
    assert (summary.refunded_minor, summary.fees_minor) == (250, 9)
    assert summary.paid_in_minor == {"ocpay": 900, "stars": 500}
    assert summary.paid_back_minor == {"ocpay": 900, "stars": 500}
    assert (summary.stars_in, summary.stars_back) == (33, 33)
    assert "returning" in summary.balances  # it had nothing and has nothing, but was used
    idle = summarize(added(), known(opening={**known().opening, "escrow": 0, "paid:old": 0}))
    assert "paid:old" not in idle.balances
    wallet = summary.balances["wallet"]
    assert wallet.opening_minor + wallet.moved_minor == wallet.closing_minor


@given(st.integers(0, len(list(lines())) - 1), st.integers(1, 10**9))
def test_whatever_entry_is_altered_is_noticed(place, by):
    altered = list(lines())
    altered[place] = replace(altered[place], amount_minor=altered[place].amount_minor + by)

    assert any("posting" in it for it in differences(added(altered), known()))


@given(st.integers(0, len(POSTINGS) - 1))
def test_whatever_posting_is_missing_is_noticed(missing):
    left = [line for line in lines() if line.posting_id != missing + 1]

    assert list(differences(added(left), known())) != []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sold_minor": 401}, "sales of orders and the account sales: 401 and 400"),
        ({"sold_minor": 401}, "sales of orders and of /stats: 401 and 400"),
        ({"cost_minor": 1}, "cost of orders and of /stats: 1 and 350"),
        ({"refunded_minor": 0}, "refunds of orders and of the ledger: 0 and 250"),
    ],
)
def test_orders_that_do_not_fit_the_ledger_are_noticed(changed, said):
    found = list(differences(added(orders=[replace(ORDER, **changed)]), known()))

    assert said in found


def test_payments_that_do_not_fit_the_ledger_are_noticed():
    found = list(differences(added(paid=PAID[1:]), known()))

    assert found == ["payments by ocpay and the account paid:ocpay: -909 and -9"]
    assert "fees of payments and of the ledger: 0 and 9" in differences(
        added(paid=[PAID[0], *PAID[2:]]), known()
    )


def test_accounts_and_compensation_that_differ_are_noticed():
    found = list(
        differences(added(), known(accounts=("wallet:5",), losses_minor=0, refunded_minor=240))
    )

    assert found == [
        "wallet:5: its balance is not the sum of its entries",
        "compensation and that of /stats: 50 and 0",
        "refunds and those of /stats: 250 and 240",
    ]
    closing = {**known().closing, "wallet": 0}
    assert any(it.startswith("wallet: 70") for it in differences(added(), known(closing=closing)))


@pytest.mark.parametrize("typed", ["2026-10", "202610", " ٢٠٢٦-١٠ ", "2026-10\u200f", "۲۰۲۶۱۰"])
def test_a_month_is_read_as_it_is_typed(typed):
    assert Month.parse(typed) == Month(2026, 10)


@pytest.mark.parametrize(
    "typed", ["0001-01", "0000-12", "1999-12", "2026-13", "26-10", "2026-1", ""]
)
def test_what_names_no_month_of_a_shop_is_none(typed):
    assert Month.parse(typed) is None


def test_accounts_of_which_there_are_many_are_one_line():
    assert [group_of(it) for it in ("wallet:5", "escrow:7", "returning:2")] == [
        "wallet",
        "escrow",
        "returning",
    ]
    assert [group_of(it) for it in ("paid:ocpay", "sales")] == ["paid:ocpay", "sales"]
