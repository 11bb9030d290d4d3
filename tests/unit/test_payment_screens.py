"""What screens of payments say holds for the method that they are about."""

from dataclasses import replace

import pytest

from bot.domain.payments import Method, Rejection
from bot.ports import PaymentNote
from handlers.screens import operator_payments, payments
from locales import LOCALES, words
from tests.unit.samples import all_payments

PAYMENT = next(all_payments())


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("method", Method)
def test_a_receipt_is_spoken_of_where_receipts_are_taken(locale, method):
    w, payment = words(locale), replace(PAYMENT, method=method)
    note = PaymentNote("rejected", 5, None, 0, rejection=Rejection.NOT_RECEIVED)

    told = payments.outcome(w, payment, note).text
    offered = str(operator_payments.reasons(w, payment).rows)

    takes_receipts = method is Method.TRANSFER
    assert (w.plain("rejected-again") in told) is takes_receipts
    assert (w.plain("rejected-ask") in told) is not takes_receipts
    for reason in Rejection:
        is_of_all = reason in (Rejection.NOT_RECEIVED, Rejection.OTHER)
        assert (w.plain(f"reject-{reason}") in offered) is (is_of_all or takes_receipts)
