"""Every error code of the fact sheet, and what it means for a reading call and for a purchase."""

import pytest

from bot import errors
from bot.suppliers.oneclickdz_errors import CODES, Purpose, classify

OF_THE_KEY = (
    "INSUFFICIENT_PERMISSIONS",
    "NO_PERMISSION",
    "INSUFFICIENT_SCOPE",
    "MISSING_SCOPES",
    "DENIED",
    "READ_ONLY",
    "READONLY",
)
TABLE = [
    # code, status, reading, buying
    ("MISSING_ACCESS_TOKEN", 401, errors.AccessRefused, errors.AccessRefused),
    ("MISSING_ACCESS_TOKEN", 400, errors.AccessRefused, errors.AccessRefused),
    ("INVALID_ACCESS_TOKEN", 401, errors.AccessRefused, errors.AccessRefused),
    ("ERR_AUTH", 401, errors.AccessRefused, errors.AccessRefused),
    ("IP_BLOCKED", 403, errors.AccessRefused, errors.AccessRefused),
    ("IP_NOT_ALLOWED", 403, errors.AccessRefused, errors.AccessRefused),
    ("API_DISABLED", 403, errors.AccessRefused, errors.AccessRefused),
    ("INSUFFICIENT_BALANCE", 403, errors.InsufficientBalance, errors.InsufficientBalance),
    ("NO_BALANCE", 403, errors.InsufficientBalance, errors.InsufficientBalance),
    ("ERR_VALIDATION", 400, errors.RequestRefused, errors.RequestRefused),
    ("ERR_STOCK", 400, errors.OutOfStock, errors.OutOfStock),
    ("ERR_STOCK", 409, errors.OutOfStock, errors.OutOfStock),
    ("ERR_STOCK", 200, errors.OutOfStock, errors.OutOfStock),
    ("DUPLICATED_REF", 403, errors.SupplierUnavailable, errors.OutcomeUnknown),
    ("NOT_FOUND", 404, errors.UnknownAtSupplier, errors.RequestRefused),
    ("PAYLOAD_TOO_LARGE", 413, errors.RequestRefused, errors.RequestRefused),
    ("RATE_LIMIT_EXCEEDED", 429, errors.TryLater, errors.TryLater),
    ("INTERNAL_ERROR", 500, errors.SupplierUnavailable, errors.OutcomeUnknown),
    ("SERVICE_UNAVAILABLE", 503, errors.SupplierUnavailable, errors.OutcomeUnknown),
    ("AUTH_UNAVAILABLE", 503, errors.TryLater, errors.TryLater),
    ("SOMETHING_NEW", 400, errors.RequestRefused, errors.RequestRefused),
    ("SOMETHING_NEW", 401, errors.AccessRefused, errors.AccessRefused),
    ("SOMETHING_NEW", 403, errors.AccessRefused, errors.RequestRefused),
    ("PRODUCT_DISABLED", 403, errors.AccessRefused, errors.RequestRefused),
    ("ERR_BALANCE", 403, errors.AccessRefused, errors.RequestRefused),
    ("E_BALANCE_FROZEN", 403, errors.AccessRefused, errors.RequestRefused),
    ("REFUNDS_NOT_ALLOWED", 403, errors.AccessRefused, errors.RequestRefused),
    ("NO_REFUNDS", 400, errors.RequestRefused, errors.RequestRefused),
    ("NO_WALLET", 400, errors.RequestRefused, errors.RequestRefused),
    ("LOW_FUNDS", 400, errors.RequestRefused, errors.InsufficientBalance),
    ("NO_FUNDS", 403, errors.AccessRefused, errors.InsufficientBalance),
    ("E_BALANCE_TOO_LOW", 403, errors.AccessRefused, errors.InsufficientBalance),
    ("NOT_ENOUGH_BALANCE", 403, errors.AccessRefused, errors.InsufficientBalance),
    ("NOT_ENOUGH_STOCK", 403, errors.AccessRefused, errors.OutOfStock),
    ("INSUFFICIENTFUNDS", 400, errors.RequestRefused, errors.InsufficientBalance),
    ("OUT_OF_STOCK", 409, errors.RequestRefused, errors.OutOfStock),
    ("FORBIDDEN", 403, errors.AccessRefused, errors.AccessRefused),
    ("API_KEY_REVOKED", 403, errors.AccessRefused, errors.AccessRefused),
    *((f"E_{code}", 403, errors.AccessRefused, errors.AccessRefused) for code in OF_THE_KEY),
    ("PERMISSION_DENIED", 400, errors.RequestRefused, errors.RequestRefused),
    ("SOMETHING_NEW", 404, errors.UnknownAtSupplier, errors.RequestRefused),
    ("SOMETHING_NEW", 422, errors.RequestRefused, errors.RequestRefused),
    ("SOMETHING_NEW", 429, errors.TryLater, errors.TryLater),
    ("SOMETHING_NEW", 408, errors.SupplierUnavailable, errors.OutcomeUnknown),
    ("SOMETHING_NEW", 500, errors.SupplierUnavailable, errors.OutcomeUnknown),
    ("SOMETHING_NEW", 200, errors.SupplierUnavailable, errors.OutcomeUnknown),
    ("ERR_STOCK", 500, errors.OutOfStock, errors.OutcomeUnknown),
    ("SOMETHING_NEW", 409, errors.RequestRefused, errors.RequestRefused),
    ("CONFLICT", 409, errors.RequestRefused, errors.OutcomeUnknown),
    ("PARTNER_TIMEOUT", 400, errors.RequestRefused, errors.OutcomeUnknown),
    ("ORDER_PENDING", 400, errors.RequestRefused, errors.OutcomeUnknown),
    ("PAYMENT_IN_PROGRESS", 422, errors.RequestRefused, errors.OutcomeUnknown),
    ("DUPLICATE_REQUEST", 400, errors.RequestRefused, errors.OutcomeUnknown),
    ("ALREADY_ORDERED", 403, errors.AccessRefused, errors.OutcomeUnknown),
    ("ACCOUNT_PENDING", 403, errors.AccessRefused, errors.AccessRefused),
]


@pytest.mark.parametrize(("code", "status", "reading", "buying"), TABLE)
def test_a_code_means(code, status, reading, buying):
    for expected, purpose in ((reading, Purpose.READ), (buying, Purpose.BUY)):
        failure = classify("x", status=status, code=code, enveloped=True, purpose=purpose)
        assert type(failure) is expected
        assert (failure.code, failure.status) == (code, status)


def test_every_known_code_stands_in_the_table():
    assert {row[0] for row in TABLE} >= set(CODES)


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 500, 502, 504, 520])
def test_a_purchase_answered_by_anybody_else_has_an_unknown_outcome(status):
    assert (
        type(classify("x", status=status, code="", enveloped=False, purpose=Purpose.BUY))
        is errors.OutcomeUnknown
    )


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 410, 422, 500, 502, 504, 520])
@pytest.mark.parametrize(("code", "enveloped"), [("", False), ("", True), ("NOT_FOUND", False)])
def test_a_reading_call_answered_by_anybody_else_is_an_outage(status, code, enveloped):
    found = classify("x", status=status, code=code, enveloped=enveloped, purpose=Purpose.READ)

    assert type(found) is errors.SupplierUnavailable


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_payment_call_answered_by_a_proxy_is_an_outage(status):
    found = classify("x", status=status, code="", enveloped=False, purpose=Purpose.PAY)

    assert type(found) is errors.SupplierUnavailable


@pytest.mark.parametrize(("asked", "waits"), [(None, 5), (7, 7), (99_999, 120)])
def test_the_time_to_wait_is_obeyed_within_reason(asked, waits):
    failure = classify(
        "x", status=429, code="", enveloped=False, purpose=Purpose.BUY, retry_after=asked
    )
    assert isinstance(failure, errors.TryLater)
    assert failure.retry_after_seconds == waits


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("", 403, errors.RequestRefused),  # the merchant is not validated: no matter of the key
        ("SOMETHING_NEW", 403, errors.RequestRefused),
        ("ERR_VALIDATION", 400, errors.RequestRefused),
        ("NOT_FOUND", 404, errors.UnknownAtSupplier),
        ("", 410, errors.RequestRefused),
        ("", 404, errors.UnknownAtSupplier),
        ("", 401, errors.SupplierUnavailable),  # a refused key has a code
        ("SOMETHING_NEW", 401, errors.SupplierUnavailable),
        ("IP_BLOCKED", 403, errors.AccessRefused),
        ("INVALID_ACCESS_TOKEN", 401, errors.AccessRefused),
        ("", 500, errors.SupplierUnavailable),
        ("", 429, errors.TryLater),
    ],
)
def test_a_call_about_a_payment_never_has_an_unknown_outcome(code, status, kind):
    found = classify("x", status=status, code=code, enveloped=True, purpose=Purpose.PAY)

    assert type(found) is kind
