"""Stars move as the server tells it (server sheet 13)."""

import asyncio

import pytest

from bot.sandbox.telegram.person import PATIENCE_SECONDS

INVOICE = {
    "chat_id": 5,
    "title": "Top-up",
    "description": "Stars",
    "payload": "payment:1",
    "currency": "XTR",
    "prices": [{"label": "Top-up", "amount": 50}],
}

REFUSED = [
    *(
        ({name: ""}, f'parameter "{name}" is required')
        for name in ("title", "description", "payload", "currency", "prices")
    ),
    ({"prices": []}, "there must be at least one price"),
    (
        {"prices": [{"label": "", "amount": 5}]},
        "can't parse labeled price: LabeledPrice label must be non-empty",
    ),
    ({"prices": [{"label": "x", "amount": 0}]}, "total price must be positive"),
    ({"prices": [{"label": "x", "amount": 1}] * 2}, "STARS_INVOICE_INVALID"),
    ({"prices": [{"label": "x", "amount": 10**6}]}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
    ({"payload": "é" * 65}, "INVOICE_PAYLOAD_INVALID"),
]


@pytest.mark.parametrize(("changed", "words"), REFUSED)
async def test_an_invoice_is_refused(call, changed, words):
    """Server sheet 13.1."""
    assert await call.says("sendInvoice", **{**INVOICE, **changed}) == words


async def asked(call, lina, world):
    await call("sendInvoice", **INVOICE)
    return await world.stars.send_pre_checkout_query(lina, lina.invoice)


async def test_a_refusal_before_paying_needs_its_words(call, lina, world):
    """Server sheet 13.2: this is seen before the age of the query."""
    query = await asked(call, lina, world)
    words = 'parameter "error_message" is required'
    for number in (query.id, "9"):
        values = {"pre_checkout_query_id": number, "ok": False}
        assert await call.says("answerPreCheckoutQuery", **values) == words

    assert (await call("answerPreCheckoutQuery", pre_checkout_query_id=query.id, ok="True"))["ok"]
    assert query.ok
    assert query.id.isdigit()


async def test_the_core_waits_ten_seconds(call, lina, world):
    """Server sheet 13.2."""
    query = await asked(call, lina, world)
    world.now = lambda: query.asked_at + 10.5

    values = {"pre_checkout_query_id": query.id, "ok": True}
    assert "query is too old" in await call.says("answerPreCheckoutQuery", **values)


@pytest.mark.virtual_time
async def test_a_payment_comes_from_the_payer_and_a_refund_from_the_bot(call, lina, world):
    """Server sheet 6, 7.1, 13.3, 13.4."""
    await call("sendInvoice", **INVOICE)
    paying = asyncio.create_task(lina.pay())
    await asyncio.sleep(0.05)
    question = (await call.updates())[-1]["pre_checkout_query"]
    await call("answerPreCheckoutQuery", pre_checkout_query_id=question["id"], ok=True)
    charge = await asyncio.wait_for(paying, PATIENCE_SECONDS)
    refund = {"user_id": 5, "telegram_payment_charge_id": charge}
    assert (await call("refundStarPayment", **refund))["ok"]

    paid, back = [u["message"] for u in (await call.updates())[-2:]]
    assert paid["from"] == lina.user
    assert paid["successful_payment"]["provider_payment_charge_id"] == ""
    assert back["from"] == world.me
    assert back["chat"]["id"] == 5
    assert back["refunded_payment"] == {
        "currency": "XTR",
        "total_amount": 50,
        "invoice_payload": "payment:1",
        "telegram_payment_charge_id": charge,
    }
    assert await call.says("refundStarPayment", **refund) == "CHARGE_ALREADY_REFUNDED"
    assert "refunded_payment" not in lina.screen


@pytest.mark.parametrize("user_id", [0, -5, "x"])
async def test_a_refund_of_nobody(call, user_id):
    """Server sheet 13.5."""
    values = {"user_id": user_id, "telegram_payment_charge_id": "c"}
    assert await call.says("refundStarPayment", **values) == "invalid user_id specified"


async def test_a_refund_of_nothing(call):
    """Server sheet 13.5; the name of the error for an unknown charge is unproven."""
    words = 'parameter "telegram_payment_charge_id" is required'
    assert await call.says("refundStarPayment", user_id=5) == words
    values = {"user_id": 5, "telegram_payment_charge_id": "unknown"}
    assert (await call("refundStarPayment", **values))["error_code"] == 400


async def test_the_list_of_transactions_has_no_errors(call, lina, world):
    """Server sheet 13.6."""
    for number in range(3):
        await world.stars.charge(lina, number + 1, "p", notify=False)

    async def listed(**values):
        answer = await call("getStarTransactions", **values)
        return [t["amount"] for t in answer["result"]["transactions"]]

    assert await listed(offset=-4, limit=1000) == [1, 2, 3]
    assert await listed(offset=1, limit=0) == [2]


async def test_a_payload_may_hold_any_bytes(call, lina, world):
    """Server sheet 1.7."""
    await world.stars.charge(lina, 5, b"p\xff")

    body = (await call.raw("getUpdates")).content
    assert b'"invoice_payload": "p\xff"' in body
