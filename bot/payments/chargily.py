"""Chargily Pay: payments by EDAHABIA and CIB cards on a hosted page.

Source: Chargily Pay v2, dev.chargily.com/pay-v2 ("checkouts", "webhooks"). A checkout has no
reference of ours that is unique: when the response to its creation is lost, an unpaid checkout
remains that the shop does not know, and expires by itself. There is no refund call. The path of the
address decides between test and live money; the text of a key does not.
"""

import asyncio
import itertools
import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx

from bot.domain.payments import (
    Charge,
    Limits,
    ListedPayment,
    Method,
    Payment,
    PaymentReport,
    ReportStatus,
    Shown,
    StartedPayment,
)
from bot.domain.records import Customer
from bot.domain.supplier import Environment
from bot.errors import MerchantRefused, PaymentFailure, SupplierFailure
from bot.meter import NO_METER, Meter
from bot.payment_ports import Examined
from bot.payments import chargily_format as form
from bot.payments.base import WithoutProvider
from bot.payments.chargily_rings import ChargilyRings
from bot.ports import Clock
from bot.suppliers.api_client import ApiClient, read_json, retry_after
from bot.suppliers.throttle import Throttle, Urgency

OFFICIAL_HOST: Final = "pay.chargily.net"
_PAGE_HOSTS: Final = ("chargily.dz", "chargily.net")
_CALLS_PER_MINUTE: Final = 60  # no limit is published
_PATIENCE_SECONDS: Final = 20.0  # for our own rate limit: a customer waits for the link
_LIMITED_SECONDS: Final = (15.0, 300.0)  # of a 429: without a Retry-After, and at most
_PAGE_SIZE: Final = 50
_MAX_PAGES: Final = 200
_EARLIER: Final = timedelta(days=1)  # how far a page may be out of order
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _LIMITED = 401, 403, 404, 429
_REFUSES_CHECKOUTS: Final = (_UNAUTHORIZED, _FORBIDDEN)

_log = logging.getLogger(__name__)


def _is_over(rows: Sequence[tuple[ListedPayment, bool]], since: datetime) -> bool:
    """Whether all of a page was begun too early."""
    return bool(rows) and max(row.at for row, _ in rows) < since - _EARLIER


class Chargily(WithoutProvider):
    """Implements the PaymentMethod port.

    `return_to` gives the address of the bot, to which the page leads back; `ring_at` is the address
    of the shop's webhook, or empty.
    """

    method: Final = Method.CHARGILY
    shown: Final = Shown.LINK
    lifetime: Final = timedelta(minutes=30)
    reusable_for: Final = timedelta(minutes=20)  # leaves enough time to type the card number
    can_ask = True
    terms: Final = (
        "a provider outside Telegram: inside the terms for physical goods only; for digital goods "
        "it is your decision and your risk (docs/payments.md, Telegram's rules)"
    )
    when_refused = (
        "check CHARGILY_SECRET_KEY, and that Chargily has approved the account and the application"
    )

    def __init__(
        self,
        *,
        base_url: str,
        secret_key: str,
        limits: Limits,
        clock: Clock,
        return_to: Callable[[], str],
        ring_at: str = "",
        timeout_seconds: float = 20.0,
        transport: httpx.AsyncBaseTransport | None = None,
        meter: Meter = NO_METER,
    ) -> None:
        self.limits = limits
        self.rings = ChargilyRings(secret_key)
        self._is_official = urlsplit(base_url).hostname == OFFICIAL_HOST
        self._return_to, self._ring_at = return_to, ring_at
        self._client = ApiClient(
            name=self.method,
            base_url=base_url,
            headers={"Authorization": f"Bearer {secret_key}"},
            clock=clock,
            throttle=Throttle.per_minute(clock, _CALLS_PER_MINUTE),
            timeout_seconds=timeout_seconds,
            transport=transport,
            meter=meter,
        )

    def charge_for(self, amount_minor: int) -> Charge:
        return self.limits.whole_dinars(amount_minor)

    async def start(self, payment: Payment, customer: Customer) -> StartedPayment:
        back = f"{self._return_to()}?start=pay_{payment.id}"
        body = {
            "amount": form.dinars(payment.asked_minor),
            "currency": form.CURRENCY,
            "locale": str(customer.locale),
            "description": f"Hanout {payment.reference}",
            "success_url": back,
            "failure_url": back,
            "metadata": {form.REFERENCE: payment.reference},
            "chargily_pay_fees_allocation": "merchant",  # the payer surely pays this amount
        }
        if self._ring_at:
            body["webhook_endpoint"] = self._ring_at
        made = await self._call("POST", "checkouts", body, refused=_REFUSES_CHECKOUTS)
        report = form.read_checkout(made)
        url = form.text(made.get("checkout_url") or made.get("url"))
        is_ours = report.external_id and report.amount_minor == payment.asked_minor
        if not is_ours or not self._is_page(url):
            raise PaymentFailure("UNREADABLE")
        return StartedPayment(report.external_id, url, report.sandbox)

    def _is_page(self, url: str) -> bool:
        """Whether a customer can be sent there: Chargily's own page, where Chargily was asked."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        if not parts.hostname or any(c.isspace() for c in url):
            return False
        if not self._is_official:
            return parts.scheme in ("https", "http")
        host = f".{parts.hostname}"
        return parts.scheme == "https" and host.endswith(tuple(f".{h}" for h in _PAGE_HOSTS))

    async def check(self, payment: Payment) -> PaymentReport:
        path = f"checkouts/{quote(payment.external_id or '', safe='')}"
        found = await self._call("GET", path, unknown=True)
        if found is None:  # or of the other mode: that says nothing about the money
            return PaymentReport(ReportStatus.PENDING, payment.external_id)
        return form.read_checkout(found, payment.reference)

    async def withdraw(self, payment: Payment) -> None:
        """End a checkout. One that has ended, or is being paid, is refused: then nothing changes."""
        path = f"checkouts/{quote(payment.external_id or '', safe='')}/expire"
        await self._call("POST", path)

    async def examine(self) -> Examined:
        balance = await self._call("GET", "balance", refused=_REFUSES_CHECKOUTS)
        sandbox = form.flag(balance.get("livemode"))
        if sandbox is None:
            return Examined("Chargily does not say whether the key is for tests")
        if sandbox is False:
            return Examined("a test key of Chargily: no real money", Environment.SANDBOX)
        return Examined("a live key of Chargily", Environment.PRODUCTION)

    async def listed(self, since: datetime) -> Sequence[ListedPayment]:
        """All that was begun since then, whichever end of the list comes first.

        A row that moves to the next page meanwhile counts once.
        """
        rows, last = await self._page(1)
        found = list(rows)
        numbers: Iterable[int] = itertools.count(2) if rows and last > 1 else ()
        newer_follow = False
        if _is_over(rows, since) and last == form.UNKNOWN_LAST:
            newer_follow = rows[0][0].at < rows[-1][0].at
            numbers = numbers if newer_follow else ()
        elif _is_over(rows, since):
            # With the oldest first, the last page is the newest; with the newest first it is over too.
            numbers = range(last, 1, -1)
        for count, number in enumerate(numbers, start=2):
            if count > _MAX_PAGES:
                raise PaymentFailure("TOO_MANY")
            rows, now_last = await self._page(number)
            found += rows
            is_end = not rows or (number >= now_last and not isinstance(numbers, range))
            if is_end or (not newer_follow and _is_over(rows, since)):
                break
        return list(
            {row.external_id: row for row, paid in found if paid and row.at >= since}.values()
        )

    async def _page(self, number: int) -> tuple[list[tuple[ListedPayment, bool]], int]:
        params = {"per_page": _PAGE_SIZE, "page": number}
        return form.read_page(await self._call("GET", "checkouts", params=params))

    async def close(self) -> None:
        await self._client.close()

    async def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        params: Mapping[str, Any] | None = None,
        refused: tuple[int, ...] = (_UNAUTHORIZED,),
        unknown: bool = False,
    ) -> Any:
        """The JSON object of the reply; None for 404 where it may be `unknown`.

        Raises MerchantRefused for a status in `refused`, PaymentFailure for all else.
        """
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                urgency = Urgency.PAYMENT if method == "GET" else Urgency.START
                await self._client.throttle.acquire(urgency)
            sent = None if body is None else json.dumps(body)
            response = await self._client.send(method, path, params=params, body=sent)
        except TimeoutError:
            raise PaymentFailure("BUSY") from None
        except SupplierFailure as failure:
            raise PaymentFailure(failure.code or type(failure).__name__) from None
        data = read_json(response)
        self._client.record_response(response, readable=isinstance(data, Mapping))
        status = response.status_code
        if response.is_success and isinstance(data, Mapping):
            return data
        if status == _LIMITED:
            usual, longest = _LIMITED_SECONDS
            self._client.throttle.block(min(retry_after(response) or usual, longest))
        if status == _NOT_FOUND and unknown and isinstance(data, Mapping):
            return None
        # A firewall refuses with a page of its own: that says nothing about the account.
        if status in refused and (status == _UNAUTHORIZED or isinstance(data, Mapping)):
            raise MerchantRefused(str(status))
        fields = form.refused_fields(data)
        if fields:
            _log.warning("Chargily refuses %s of a checkout (%d)", fields, status)
        raise PaymentFailure("UNREADABLE" if response.is_success else str(status))
