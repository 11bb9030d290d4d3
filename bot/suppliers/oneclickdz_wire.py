"""What travels: how ids and instants are written, and what a reply of the supplier says."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import quote

import httpx

from bot.errors import SupplierFailure
from bot.suppliers.oneclickdz_errors import Purpose, classify

_LARGEST_BODY: Final = 8 * 1024 * 1024


def segment(text: str) -> str:
    return quote(text, safe="")


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def stamp(text: object) -> datetime | None:
    """An ISO 8601 or HTTP date; None for anything else."""
    if not isinstance(text, str):
        return None
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
        except ValueError:
            continue
        return moment if moment.tzinfo else None
    return None


def parse(response: httpx.Response) -> dict[str, Any]:
    """The reply's JSON object; empty where it is none (HTML of a proxy, a torn or giant body)."""
    if len(response.content) > _LARGEST_BODY:
        return {}
    try:
        parsed = json.loads(response.content, parse_float=Decimal)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def failure(
    path: str, response: httpx.Response, envelope: dict[str, Any], purpose: Purpose
) -> SupplierFailure:
    error = envelope.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    code = code.strip().upper().replace("-", "_") if isinstance(code, str) else ""
    return classify(
        path.partition("?")[0],
        status=response.status_code,
        code=code[:64],
        enveloped=envelope.get("success") is False and bool(code),
        purpose=purpose,
        retry_after=_retry_after(response),
        request_id=_request_id(response, envelope),
    )


def _retry_after(response: httpx.Response) -> float | None:
    header = response.headers.get("Retry-After", "").strip()
    return float(header) if header.isdigit() else None


def _request_id(response: httpx.Response, envelope: Mapping[str, Any]) -> str:
    meta = envelope.get("meta")
    for found in (
        envelope.get("requestId"),
        meta.get("requestId") if isinstance(meta, dict) else None,
        response.headers.get("X-Request-Id"),
    ):
        if isinstance(found, str):
            return found[:64]
    return ""
