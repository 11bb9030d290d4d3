"""Formats of OneClickDz requests and responses: path segments, timestamps, envelopes and errors."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx

from bot.errors import SupplierFailure
from bot.suppliers.api_client import read_json, retry_after
from bot.suppliers.oneclickdz_errors import Purpose, classify
from bot.suppliers.reading import is_id
from bot.suppliers.values import as_flag


def segment(text: str) -> str:
    """An id as one percent-encoded path segment."""
    return quote(text, safe="", errors="surrogatepass")


def format_instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def parse_timestamp(text: object) -> datetime | None:
    """An ISO 8601 or HTTP date with a time zone; None for anything else."""
    if not isinstance(text, str):
        return None
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
        except ValueError:
            continue
        return moment if moment.tzinfo else None
    return None


def parse_envelope(response: httpx.Response) -> dict[str, Any]:
    """The body's JSON object; empty where there is none (see `read_json`)."""
    parsed = read_json(response)
    return parsed if isinstance(parsed, dict) else {}


def failure(
    path: str, response: httpx.Response, envelope: dict[str, Any], purpose: Purpose
) -> SupplierFailure:
    """The failure for an unsuccessful response."""
    error = envelope.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    code = code.strip().upper().replace("-", "_") if isinstance(code, str) else ""
    return classify(
        path.partition("?")[0],
        status=response.status_code,
        code=code[:64],
        enveloped=as_flag(envelope.get("success")) is False,
        purpose=purpose,
        retry_after=retry_after(response),
        request_id=_request_id(response, envelope),
        names_an_order=_names_an_order(envelope),
    )


def _names_an_order(envelope: Mapping[str, Any]) -> bool:
    """Whether the body of an error has the id of an order, as an answer has it that came too early."""
    error = envelope.get("error")
    details = error.get("details") if isinstance(error, dict) else None
    holders = [each for each in (envelope.get("data"), details) if isinstance(each, dict)]
    return any(is_id(each.get(name)) for each in holders for name in ("orderId", "orderRef"))


def _request_id(response: httpx.Response, envelope: Mapping[str, Any]) -> str:
    """The supplier's id of the request; its pages show three different places for it."""
    meta = envelope.get("meta")
    for found in (
        envelope.get("requestId"),
        meta.get("requestId") if isinstance(meta, dict) else None,
        response.headers.get("X-Request-Id"),
    ):
        if isinstance(found, str):
            return found[:64]
    return ""
