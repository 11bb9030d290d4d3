"""What screens of payments say holds for the method that they are about."""

from dataclasses import replace

import pytest

from bot.domain.payments import Method, Rejection
from bot.ports import PaymentNote
from handlers.screens import alerts, operator_payments, payments
from locales import LOCALES, words
from tests.unit.alert_samples import DATA
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


@pytest.mark.parametrize("locale", LOCALES)
def test_the_alert_of_a_held_payment_names_an_amount_only_where_one_was_reported(locale):
    w, held = words(locale), {**DATA, "alert": "payment_held", "asked": "200000"}

    told = alerts.alert(w, {**held, "doubt": "amount", "paid": "150000"}).text
    untold = alerts.alert(w, {**held, "doubt": "details", "paid": "0"}).text

    assert w.money(150_000) in told
    assert w.money(200_000) in untold
    assert w.money(0) not in untold.replace(w.money(200_000), "")


def test_the_alert_of_a_method_that_is_off_says_what_to_look_at():
    def told(method: Method) -> str:
        return alerts.alert(
            words("en"), {**DATA, "alert": "method_off", "method": str(method)}
        ).text

    assert "CHARGILY_SECRET_KEY" in told(Method.CHARGILY)
    assert "merchant profile" not in told(Method.CHARGILY)
    assert "merchant profile" in told(Method.OCPAY)
