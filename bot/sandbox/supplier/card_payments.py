"""Card payments (OCPay) of the OneClickDz simulator: links, checks, and the payer's page."""

import html
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LINK_LIFETIME = timedelta(minutes=20)
_MIN_DINARS, _MAX_DINARS = 500, 500_000
_MODES = ("NO_FEE", "SPLIT_FEE", "CUSTOMER_FEE")


@dataclass
class CardPayment:
    ref: str
    title: str
    amount: int  # whole dinars
    environment: str
    created_at: datetime
    status: str = "PENDING"
    started: bool = False
    # Fields that a check adds or replaces in its response; None leaves a field out.
    reported: dict[str, object] = field(default_factory=dict)

    def is_open(self, now: datetime) -> bool:
        in_time = self.started or now < self.created_at + _LINK_LIFETIME
        return self.status == "PENDING" and in_time


class LinkRefused(Exception):
    """An error response to a call about a payment link."""

    def __init__(self, status: int, code: str = "") -> None:
        super().__init__(code)
        self.status, self.code = status, code


class CardPayments:
    """The simulated card payments."""

    def __init__(self, now: Callable[[], datetime], seed: int = 1) -> None:
        self.now = now
        self.payments: dict[str, CardPayment] = {}
        self.merchant_validated = True
        # Of the check of an expired link: 200 with FAILED in the body, or 410, which the SDKs
        # expect.
        self.gone_status = 200
        self._random = random.Random(seed)

    def _letters(self, count: int) -> str:
        return "".join(self._random.choices(_LETTERS, k=count))

    def create(self, asked: object, environment: str) -> CardPayment:
        """Raises LinkRefused."""
        if not self.merchant_validated:
            raise LinkRefused(403)
        info = asked.get("productInfo") if isinstance(asked, Mapping) else None
        if not isinstance(asked, Mapping) or not isinstance(info, Mapping):
            raise LinkRefused(400, "ERR_VALIDATION")
        if set(asked) - {"productInfo", "feeMode", "successMessage", "redirectUrl"}:
            raise LinkRefused(400, "ERR_VALIDATION")
        title, amount = info.get("title"), info.get("amount")
        whole = isinstance(amount, int) and not isinstance(amount, bool)
        if not isinstance(title, str) or not 1 <= len(title) <= 200 or not whole:  # noqa: PLR2004
            raise LinkRefused(400, "ERR_VALIDATION")
        if (
            not _MIN_DINARS <= int(str(amount)) <= _MAX_DINARS
            or asked.get("feeMode", "NO_FEE") not in _MODES
        ):
            raise LinkRefused(400, "ERR_VALIDATION")
        ref = f"OCPL-{self._letters(6)}-{self._letters(4)}"
        made = CardPayment(ref, title, int(str(amount)), environment, self.now())
        self.payments[ref] = made
        return made

    def check(self, ref: str) -> dict[str, Any]:
        """The response to a check of a link, the same for every key. Raises LinkRefused."""
        if not self.merchant_validated:
            raise LinkRefused(403)
        payment = self.payments.get(ref)
        if payment is None:
            raise LinkRefused(404, "NOT_FOUND")
        if payment.status == "PENDING" and not payment.is_open(self.now()):
            if self.gone_status != 200:  # noqa: PLR2004
                raise LinkRefused(self.gone_status)
            return {"status": "FAILED", "message": "Payment link expired", "paymentRef": ref}
        body: dict[str, Any] = {"status": payment.status, "message": "", "paymentRef": ref}
        if payment.status == "CONFIRMED":
            details = {
                "amount": payment.amount,
                "currency": "DZD",
                "isSandbox": payment.environment == "SANDBOX",
                "createdDate": payment.created_at.astimezone(UTC).isoformat(),
            }
            body["transactionDetails"] = details
            for name, value in payment.reported.items():
                holder = body if name in body else details
                if value is None:
                    holder.pop(name)
                else:
                    holder[name] = value
        return body

    def start(self, ref: str) -> None:
        """The payer has started to type the card number: the link does not expire any more."""
        self.payments[ref].started = True

    def pay(self, ref: str, **reported: object) -> None:
        """The payer pays. `reported`: see CardPayment."""
        self.payments[ref].status = "CONFIRMED"
        self.payments[ref].reported.update(reported)

    def decline(self, ref: str) -> None:
        self.payments[ref].status = "FAILED"


_WORDS = {
    "en": (
        "Pay by card",
        "Pay",
        "Cancel",
        "Paid. You can go back to the shop.",
        "This payment is closed.",
        "A simulated page: no card, no money.",
    ),
    "fr": (
        "Payer par carte",
        "Payer",
        "Annuler",
        "Payé. Vous pouvez revenir à la boutique.",
        "Ce paiement est clos.",
        "Page simulée\u00a0: ni carte, ni argent.",
    ),
    "ar": (
        "الدفع بالبطاقة",
        "ادفع",
        "إلغاء",
        "تم الدفع. يمكنك العودة إلى المتجر.",
        "أُغلقت هذه الدفعة.",
        "صفحة محاكاة: لا بطاقة ولا مال.",
    ),
}
PAGE_STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:24rem;margin:15vh auto;padding:0 1rem;"
    "text-align:center;color:#1b1b1f;background:#f6f6f9}"
    "button{font:inherit;padding:.7rem 1.4rem;margin:.3rem;border:1px solid #1a5fb4;border-radius:.6rem;"
    "background:#1a5fb4;color:#fff}button.plain{background:none;color:#1a5fb4}"
    "strong{font-size:1.8rem;display:block}small{color:#55555f}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#17171b}small{color:#aaa}"
    "button.plain{color:#8ab4f8;border-color:#8ab4f8}}"
)


async def show_page(payments: CardPayments, request: Request) -> Response:
    """The hosted page of a link: the amount and two buttons."""
    payment = payments.payments.get(request.path_params["ref"])
    wanted = request.headers.get("accept-language", "en")[:2]
    language = wanted if wanted in _WORDS else "en"
    title, pay, cancel, paid, closed, note = _WORDS[language]
    if payment is not None and request.method == "POST" and payment.is_open(payments.now()):
        async with request.form() as form:
            if form.get("do") == "pay":
                payments.pay(payment.ref)
            else:
                payments.decline(payment.ref)
    if payment is not None and payment.is_open(payments.now()):
        body = (
            f"<strong>{payment.amount:,} DA</strong><p><bdi>{html.escape(payment.title)}</bdi></p>"
            f'<form method="post"><button name="do" value="pay">{pay}</button>'
            f'<button class="plain" name="do" value="cancel">{cancel}</button></form>'
        )
    else:
        done = payment is not None and payment.status == "CONFIRMED"
        body = f'<p role="status">{"✅ " + paid if done else closed}</p>'
    direction = "rtl" if language == "ar" else "ltr"
    return HTMLResponse(
        f'<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<style>{PAGE_STYLE}</style><h1>💳 {title}</h1>{body}<p><small>{note}</small></p></html>",
        200 if payment is not None else 404,
    )
