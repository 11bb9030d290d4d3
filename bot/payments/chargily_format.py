"""How Chargily writes checkouts: amounts, flags, metadata and lists, each in all of its spellings."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from bot.domain.money import MINOR_PER_UNIT, to_minor
from bot.domain.payments import ListedPayment, PaymentReport, ReportStatus
from bot.errors import PaymentFailure

CURRENCY: Final = "dzd"
REFERENCE: Final = "payment"  # the field of the metadata that names our payment
_MAX_ID_LENGTH: Final = 100
_MAX_DINARS: Final = 10**9
UNKNOWN_LAST: Final = 10**9  # the number of the last page, where a list does not say it
_LAST_SECOND: Final = 32_503_680_000  # of the year 2999
_STATUSES: Final = {
    "pending": ReportStatus.PENDING,
    "processing": ReportStatus.PENDING,
    "paid": ReportStatus.CONFIRMED,
    "failed": ReportStatus.FAILED,
    "canceled": ReportStatus.FAILED,
    "cancelled": ReportStatus.FAILED,
    "expired": ReportStatus.FAILED,
}

_log = logging.getLogger(__name__)


def dinars(amount_minor: int) -> int:
    """Whole dinars, in which Chargily counts; the Go client's comments, which say cents, are wrong."""
    return amount_minor // MINOR_PER_UNIT


def text(raw: object) -> str:
    """A text without blanks around it; empty for anything else."""
    return raw.strip() if isinstance(raw, str) else ""


def read_checkout(found: Mapping[str, object], reference: str = "") -> PaymentReport:
    """What a checkout says; without an id where its metadata names another payment.

    A status that is not known counts as pending. Raises PaymentFailure where there is none.
    """
    word = text(found.get("status")).lower()
    if not word:
        raise PaymentFailure("UNREADABLE")
    if word not in _STATUSES:
        _log.warning("Chargily reports a status that is not known: %s", word[:20])
    named = _named(found.get("metadata"))
    is_other = bool(reference and named and named != reference)
    is_live = flag(found.get("livemode"))
    return PaymentReport(
        _STATUSES.get(word, ReportStatus.PENDING),
        None if is_other else _id(found.get("id")),
        _amount(found.get("amount"), found.get("currency")),
        None if is_live is None else not is_live,
        _fee(found),
    )


def read_page(page: Mapping[str, object]) -> tuple[list[tuple[ListedPayment, bool]], int]:
    """The rows of a page of checkouts, each with whether it is paid, and the number of the last page.

    That is UNKNOWN_LAST where there are more pages and it is not told, and 0 where there is none.
    A row that cannot be read is left out. Raises PaymentFailure where there is no list.
    """
    rows = page.get("data")
    if not isinstance(rows, list):
        raise PaymentFailure("UNREADABLE")
    readable = [row for row in (_row(each) for each in rows) if row is not None]
    if len(readable) < len(rows):
        _log.warning("%d checkouts cannot be read", len(rows) - len(readable))
    last = _number(page.get("last_page"))
    more = bool(page.get("next_page_url"))
    return readable, int(last) if last is not None else (UNKNOWN_LAST if more else 0)


def _row(raw: object) -> tuple[ListedPayment, bool] | None:
    if not isinstance(raw, Mapping):
        return None
    begun, external_id = instant(raw.get("created_at")), _id(raw.get("id"))
    if begun is None or external_id is None:
        return None
    is_live = flag(raw.get("livemode"))
    row = ListedPayment(
        external_id,
        _amount(raw.get("amount"), raw.get("currency")),
        _named(raw.get("metadata")),
        begun,
        None if is_live is None else not is_live,
    )
    return row, _STATUSES.get(text(raw.get("status")).lower()) is ReportStatus.CONFIRMED


def flag(raw: object) -> bool | None:
    """A flag, which the examples write as a boolean and as a text."""
    if isinstance(raw, bool):
        return raw
    return {"true": True, "false": False}.get(text(raw).lower())


def instant(raw: object) -> datetime | None:
    """A time, in seconds since 1970 or in ISO 8601."""
    seconds = _number(raw)
    if seconds is not None:
        return datetime.fromtimestamp(int(seconds), UTC) if 0 <= seconds < _LAST_SECOND else None
    try:
        moment = datetime.fromisoformat(text(raw))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def refused_fields(data: object) -> str:
    """The names of the fields that a reply of 422 complains about."""
    errors = data.get("errors") if isinstance(data, Mapping) else None
    return ", ".join(sorted(map(str, errors)))[:100] if isinstance(errors, Mapping) else ""


def identifier(raw: object) -> str:
    """A provider's id; empty for what is none.

    Ids are plain letters and digits: what no database stores, such as half of a surrogate pair or
    a NUL, is not handed on to one.
    """
    found = text(raw)
    is_plain = found.isascii() and found.isprintable()
    return found if is_plain and len(found) <= _MAX_ID_LENGTH else ""


def _id(raw: object) -> str | None:
    return identifier(raw) or None


def _named(metadata: object) -> str:
    """The payment that the metadata names; empty where none is: it comes as an object or a list."""
    for part in metadata if isinstance(metadata, list) else [metadata]:
        if isinstance(part, Mapping) and (found := text(part.get(REFERENCE))):
            return found
    return ""


def _number(raw: object) -> Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal | str):
        return None
    try:
        number = Decimal(str(raw).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _minor(raw: object) -> int | None:
    number = _number(raw)
    return to_minor(number) if number is not None and 0 < number <= _MAX_DINARS else None


def _amount(raw: object, currency: object) -> int | None:
    """In minor units; None where it is missing, senseless, or in another currency."""
    return _minor(raw) if text(currency).lower() == CURRENCY else None


def _fee(found: Mapping[str, object]) -> int:
    """What Chargily keeps of what the payer paid, in minor units: the merchant bears all of it."""
    return _minor(found.get("fees_on_merchant")) or _minor(found.get("fees")) or 0
