"""Messages that a supplier signs: a reason to ask for an order at once, and nothing else."""

import hmac
import json
from hashlib import sha256

import httpx
import pytest

from bot import errors, webhooks
from bot.domain.orders import OrderState
from bot.sandbox.supplier.vouchers import Outcome
from bot.services.orders.supplier_events import take_event
from bot.suppliers.starship_signature import StarshipEvents
from bot.webhooks import Webhooks
from tests.vouchers import VoucherHarness


@pytest.fixture
async def webhook_client(voucher_harness: VoucherHarness):
    voucher_harness.vouchers.webhook_secret = "whsec"
    app = Webhooks(
        voucher_harness.shop, {"starship": StarshipEvents("whsec", voucher_harness.clock)}
    ).app
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        yield client


async def pending(voucher_harness: VoucherHarness):
    await voucher_harness.customer(1)
    voucher_harness.next(Outcome.PENDING)
    order = await voucher_harness.buy(1)
    await voucher_harness.run(3 * 3600)
    voucher_harness.vouchers.release(voucher_harness.there.id)
    return await voucher_harness.order(order.id)


async def post_event(webhook_client, headers, body, supplier="starship"):
    return (
        await webhook_client.post(f"/webhooks/{supplier}", headers=headers, content=body)
    ).status_code


def lowered(headers):
    return {name.lower(): value for name, value in headers.items()}


async def test_a_message_has_its_order_asked_for_at_once_and_counts_once(
    voucher_harness, webhook_client
):
    order = await pending(voucher_harness)
    headers, body = voucher_harness.vouchers.event(voucher_harness.there, "evt_1")
    assert await post_event(webhook_client, headers, body) == 204
    assert (await voucher_harness.order(order.id)).due_at == voucher_harness.clock.now()
    await voucher_harness.round()
    assert (await voucher_harness.order(order.id)).state is OrderState.FULFILLED
    assert await post_event(webhook_client, headers, body) == 204
    assert len(voucher_harness.sender.codes_of(1)) == 1
    reader = StarshipEvents("whsec", voucher_harness.clock)
    assert not await take_event(voucher_harness.shop, "starship", reader(lowered(headers), body))


async def test_a_forged_old_or_broken_message_does_nothing(voucher_harness, webhook_client):
    order = await pending(voucher_harness)
    due = (await voucher_harness.order(order.id)).due_at
    headers, body = voucher_harness.vouchers.event(voucher_harness.there)
    forged = {**headers, "X-Signature": "0" * 64}
    other = json.dumps({**json.loads(body), "data": {"id": 1}}).encode()
    for sent, content in ((forged, body), ({}, body), (headers, other), (headers, b"x" * 70_000)):
        assert await post_event(webhook_client, sent, content) == 401
    assert await post_event(webhook_client, {**headers, "X-Timestamp": "1"}, body) == 401
    voucher_harness.clock.pass_time(301)
    assert await post_event(webhook_client, headers, body) == 401, "too old"
    assert await post_event(webhook_client, headers, body, "nobody") == 404
    assert (await voucher_harness.order(order.id)).due_at == due
    assert (await webhook_client.get("/health")).text == "ok"


@pytest.mark.parametrize(
    "content", [b"{}", b"[]", b"no", b'{"event_id": ""}', b'{"event_id": "' + b"x" * 200 + b'"}']
)
async def test_a_signed_message_without_an_event_id_is_refused(voucher_harness, content):
    voucher_harness.vouchers.webhook_secret = "whsec"
    reader = StarshipEvents("whsec", voucher_harness.clock)
    stamp = str(int(voucher_harness.clock.now().timestamp()))

    mac = hmac.new(b"whsec", stamp.encode() + b"." + content, sha256).hexdigest()
    with pytest.raises(errors.NotGenuine):
        reader({"x-signature": mac, "x-timestamp": stamp}, content)


async def test_a_message_is_taken_again_where_the_database_could_not(
    voucher_harness, webhook_client, monkeypatch
):
    async def full(*args):
        raise errors.StorageFailure("disk full")

    monkeypatch.setattr(webhooks, "take_event", full)
    await pending(voucher_harness)
    assert (
        await post_event(webhook_client, *voucher_harness.vouchers.event(voucher_harness.there))
        == 503
    )
