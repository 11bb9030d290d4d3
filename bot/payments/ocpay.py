"""OCPay: payments by Algerian bank card on a page of OneClickDz, credited to our balance there.

Source: OneClickDz v3 "OCPay": createLink, checkPayment, best practices. A link has no field for our
reference: only our database relates links to payments. When the response to createLink is lost, an
unpaid link remains that the shop does not know; it expires by itself.
"""

import contextlib
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import quote

from bot.domain.money import MINOR_PER_UNIT, to_minor
from bot.domain.payments import (
    Charge,
    Limits,
    Method,
    Payment,
    PaymentReport,
    ReportStatus,
    Shown,
    StartedPayment,
)
from bot.domain.records import Customer
from bot.errors import (
    MerchantRefused,
    PaymentFailure,
    PaymentGone,
    RequestRefused,
    SupplierFailure,
    UnknownAtSupplier,
)
from bot.payment_ports import Examined, PaymentCalls
from bot.payments.base import WithoutProvider

LIMITS: Final = Limits(500 * MINOR_PER_UNIT, 500_000 * MINOR_PER_UNIT)
_FORBIDDEN: Final = 403
_DINARS: Final = ("DZD", "DA", "012")  # its code, its sign, and its number in ISO 4217
_MAX_REFERENCE_LENGTH: Final = 100


class OcPay(WithoutProvider):
    """Implements the PaymentMethod port."""

    method: Final = Method.OCPAY
    limits: Final = LIMITS
    lifetime: Final = timedelta(minutes=20)
    reusable_for: Final = timedelta(minutes=12)  # leaves enough time to type the card number
    shown: Final = Shown.LINK
    terms: Final = (
        "a provider outside Telegram: inside the terms for physical goods only; for digital goods "
        "it is your decision and your risk (docs/payments.md, Telegram's rules)"
    )
    when_refused = "validate the merchant profile, or take it out"
    can_ask = True

    def __init__(self, calls: PaymentCalls) -> None:
        self._calls = calls

    def charge_for(self, amount_minor: int) -> Charge:
        return self.limits.whole_dinars(amount_minor)

    async def start(self, payment: Payment, _customer: Customer) -> StartedPayment:
        body = {
            "productInfo": {
                "title": f"Hanout {payment.reference}",
                "amount": payment.asked_minor // MINOR_PER_UNIT,
            },
            "feeMode": "NO_FEE",  # the only mode in which the payer surely pays this amount
        }
        data = await self._call("ocpay/createLink", body)
        link = data.get("paymentLink")
        inner: Mapping[str, Any] = link if isinstance(link, Mapping) else {}
        reference = _first_text(data.get("paymentRef"), inner.get("ref"), inner.get("paymentRef"))
        url = _first_text(data.get("paymentUrl"), inner.get("paymentUrl"))
        if not _is_reference(reference) or not _is_link(url):
            raise PaymentFailure("UNREADABLE")
        return StartedPayment(reference, url)

    async def check(self, payment: Payment) -> PaymentReport:
        reference = payment.external_id or ""
        try:
            data = await self._call(f"ocpay/checkPayment/{quote(reference, safe='')}")
        except PaymentGone:
            return PaymentReport(ReportStatus.FAILED, reference)
        return _read_report(data)

    async def examine(self) -> Examined:
        """Ask for a link that does not exist: the answer tells whether the profile is validated."""
        with contextlib.suppress(PaymentGone):
            await self._call("ocpay/checkPayment/OCPL-AAAAAA-AAAA")
        return Examined("the supplier takes cards for this shop")

    async def _call(
        self, path: str, body: Mapping[str, object] | None = None
    ) -> Mapping[str, object]:
        try:
            return await self._calls.payment_call(path, body)
        except (RequestRefused, UnknownAtSupplier) as failure:
            if failure.status == _FORBIDDEN:
                raise MerchantRefused(failure.code or str(failure.status)) from None
            # For an expired link the API answers FAILED or 410, for an unknown one 400 or 404.
            raise (PaymentGone if body is None else PaymentFailure)(
                failure.code or str(failure.status)
            ) from None
        except SupplierFailure as failure:
            raise PaymentFailure(
                failure.code or str(failure.status or type(failure).__name__)
            ) from None


def _first_text(*candidates: object) -> str:
    """The first candidate that is a text and not blank; else an empty text."""
    return next((c.strip() for c in candidates if isinstance(c, str) and c.strip()), "")


def _is_reference(text: str) -> bool:
    """Whether it can be stored and asked for: no half of a surrogate pair and no NUL."""
    return 0 < len(text) <= _MAX_REFERENCE_LENGTH and text.isascii() and text.isprintable()


def _is_link(url: str) -> bool:
    return url.startswith(("https://", "http://")) and not any(c.isspace() for c in url)


def _read_report(data: Mapping[str, object]) -> PaymentReport:
    status = str(data.get("status") or "").strip().upper()
    statuses = {"CONFIRMED": ReportStatus.CONFIRMED, "FAILED": ReportStatus.FAILED}
    statuses["PENDING"] = ReportStatus.PENDING
    if status not in statuses:
        raise PaymentFailure("UNREADABLE")
    found = data.get("transactionDetails")
    details: Mapping[str, object] = found if isinstance(found, Mapping) else {}
    return PaymentReport(
        statuses[status],
        _first_text(data.get("paymentRef")) or None,
        _amount(details),
        _flag(details.get("isSandbox")),
    )


def _amount(details: Mapping[str, object]) -> int | None:
    """The amount in minor units; None where it is missing, invalid, or in another currency.

    All amounts of OneClickDz are dinars (authentication page), so that an empty currency says no more
    than a missing one.
    """
    raw = details.get("amount")
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal | str):
        return None
    currency = details.get("currency")
    if currency not in (None, "") and str(currency).strip().upper() not in _DINARS:
        return None
    try:
        amount = Decimal(str(raw))
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 < amount <= LIMITS.most_minor:
        return None
    return to_minor(amount)


def _flag(raw: object) -> bool | None:
    return (
        {True: True, False: False, "true": True, "false": False}.get(raw)
        if isinstance(raw, bool | str)
        else None
    )
