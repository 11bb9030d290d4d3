"""The hosted page of the Chargily Pay simulator: the amount, and what a payer can do."""

import html

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.sandbox.payments.chargily_book import ChargilyBook
from bot.sandbox.supplier.card_payments import PAGE_STYLE

_WORDS = {
    "en": {
        "title": "Pay by card",
        "pay": "Pay",
        "fail": "Refuse the card",
        "leave": "Leave",
        "paid": "Paid. You can go back to the shop.",
        "closed": "This payment is closed.",
        "back": "Back to the shop",
        "note": "A simulated page of Chargily Pay: no card, no money.",
    },
    "fr": {
        "title": "Payer par carte",
        "pay": "Payer",
        "fail": "Refuser la carte",
        "leave": "Quitter",
        "paid": "Payé. Vous pouvez revenir à la boutique.",
        "closed": "Ce paiement est clos.",
        "back": "Revenir à la boutique",
        "note": "Page simulée de Chargily Pay\u00a0: ni carte, ni argent.",
    },
    "ar": {
        "title": "الدفع بالبطاقة",
        "pay": "ادفع",
        "fail": "رفض البطاقة",
        "leave": "مغادرة",
        "paid": "تم الدفع. يمكنك العودة إلى المتجر.",
        "closed": "أُغلقت هذه الدفعة.",
        "back": "العودة إلى المتجر",
        "note": "صفحة محاكاة لشارجيلي باي: لا بطاقة ولا مال.",
    },
}


async def show_page(book: ChargilyBook, request: Request) -> Response:
    """The page in the language of the checkout."""
    checkout = book.checkouts.get(request.path_params["id"])
    words = _WORDS[str(checkout.asked.get("locale", "ar")) if checkout else "en"]
    if checkout is not None and request.method == "POST" and book.is_open(checkout):
        async with request.form() as form:
            deeds = {"pay": book.pay, "fail": book.fail, "leave": book.leave}
            deed = deeds.get(str(form.get("do")))
            if deed is not None:
                deed(checkout.id)
    if checkout is not None and book.is_open(checkout):
        buttons = "".join(
            f'<button {"" if what == "pay" else "class=plain "}name="do" value="{what}">'
            f"{words[what]}</button>"
            for what in ("pay", "fail", "leave")
        )
        title = html.escape(str(checkout.asked.get("description") or ""))
        body = (
            f"<strong>{checkout.amount:,} DA</strong><p><bdi>{title}</bdi></p>"
            f'<form method="post">{buttons}</form>'
        )
    else:
        done = checkout is not None and checkout.status == "paid"
        body = f'<p role="status">{"✅ " + words["paid"] if done else words["closed"]}</p>'
    if checkout is not None:
        address = html.escape(str(checkout.asked.get("success_url")), quote=True)
        body += f'<p><a href="{address}">{words["back"]}</a></p>'
    language = next(name for name, each in _WORDS.items() if each is words)
    direction = "rtl" if language == "ar" else "ltr"
    return HTMLResponse(
        f'<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{words["title"]}</title>'
        f"<style>{PAGE_STYLE}</style><h1>💳 {words['title']}</h1>{body}"
        f"<p><small>{words['note']}</small></p></html>",
        200 if checkout is not None else 404,
    )
